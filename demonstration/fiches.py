"""The story of a fiche in the demonstration, from the hall to the end of the week."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

from demonstration import noms
from demonstration.monde import Monde
from demonstration.roles import en_tant_que_systeme
from demonstration.scene import Scene
from demonstration.tirages import Tirages
from partenaires.enums import Role
from partenaires.models import Compte, Organisation, Residence
from partenaires.perimetre import agir_comme
from signalements import parcours
from signalements.enums import Arrivee, ModeInformation, MotifClassement, MotifNonRecevable
from signalements.models import Fiche, Grille, Instruction, Releve
from socle import horloge

Suite = Callable[[Fiche, "Signalement"], None]

DECISIONS = {"recevable": 29, "complement": 6, "non_recevable": 4, "reorientee": 1}  # of forty fiches studied
SUITES = {"rien": 36, "opposition": 3, "classee": 1}  # of forty fiches found recevable


class Signalement:
    """Who reports whom, drawn once; and the acts that follow, each planned by the one before."""

    def __init__(self, scene: Scene, monde: Monde, tirages: Tirages, equipe: str, suite: Suite, rang: int) -> None:
        self.scene, self.monde, self.tirages, self.suite, self.rang = scene, monde, tirages, suite, rang
        self.alea = tirages.alea
        self.nom_equipe = equipe
        self.equipe: Organisation = monde.equipes[equipe]
        bailleurs = [b for (b, e) in monde.residences if e == equipe]
        self.bailleur: Organisation = monde.bailleurs[self.alea.choice(bailleurs)]
        self.residence: Residence = self.alea.choice(monde.residences[(self.bailleur.nom, equipe)])
        self.auteur = self._tirer_auteur()
        self.presents = tirages.signaux(_grille(self.equipe))
        self.fiche: Fiche | None = None
        self.suivie_par: Compte | None = None  # the principal intervenant, once there is an accompagnement

    # Draws -------------------------------------------------------------------------------------------------

    def _tirer_auteur(self) -> Compte:
        sort = self.alea.random()
        if sort < 0.70:
            return self.alea.choice(self.monde.gardiens_de[self.residence.pk])
        if sort < 0.94:
            return self.alea.choice(self.monde.de(self.bailleur, Role.REFERENT, Role.RESPONSABLE))
        return self.alea.choice(self.monde.de(self.equipe, Role.SOCIAL))

    def cotations(self) -> dict[str, dict[str, str]]:
        """Answers to the whole grid at the start."""
        return self.tirages.cotations(_grille(self.equipe), self.presents)

    def cotations_a_six_mois(self) -> dict[str, dict[str, str]]:
        """Answers to the whole grid six months later."""
        grille = _grille(self.equipe)
        return self.tirages.cotations(grille, self.tirages.six_mois_apres(grille, self.presents))

    def _contenu(self) -> parcours.ContenuFiche:
        a = self.alea
        femme = a.random() < 0.49
        contexte = self.tirages.contexte()
        naissance = self.tirages.naissance(horloge.aujourdhui())
        return parcours.ContenuFiche(
            residence=self.residence,
            grille=_grille(self.equipe),
            civilite="mme" if femme else "m",
            prenom=a.choice(noms.PRENOMS_F if femme else noms.PRENOMS_M),
            nom=a.choice(noms.NOMS),
            majeur="oui" if naissance or a.random() < 0.8 else "nsp",
            naissance=naissance,
            telephone="06 00 00 00 00" if a.random() < 0.4 else "",
            batiment=a.choice(("A", "B", "C", "")),
            etage=a.choice(("rez-de-chaussée", "1er étage", "2e étage", "3e étage", "4e étage")),
            porte=str(a.randint(1, 48)),
            contexte=contexte,
            inquietude=a.choice((None, 3, 4, 5, 6, 7, 8)),
            composition=a.choice(noms.compositions(contexte)),
            faits=a.choice(noms.FAITS),
            demarches=a.choice(noms.DEMARCHES),
            cotations=self.cotations(),
            **self._arrivee(),
        )

    def _arrivee(self) -> dict[str, Any]:
        """From whom it came, when the équipe types it."""
        if self.auteur.organisation_id != self.equipe.pk:
            return {}
        return {
            "arrivee": Arrivee.values[self.rang % len(Arrivee.values)],
            "arrivee_le": horloge.aujourdhui(),
            "signale_par": noms.APPELANTS[self.rang % len(noms.APPELANTS)],
        }

    # Acts --------------------------------------------------------------------------------------------------

    def signaler(self, *, laisser_en_brouillon: bool = False) -> None:
        """The author files; a draft may stay one."""
        contenu = self._contenu()
        with agir_comme(self.auteur):
            orienteur = self.bailleur.pk if self.auteur.organisation_id == self.equipe.pk else None
            fiche = parcours.commencer(par=self.auteur, orienteur_id=orienteur)
            self.fiche = fiche
            if laisser_en_brouillon:
                parcours.enregistrer_brouillon(
                    fiche.pk,
                    par=self.auteur,
                    champs={"residence": str(self.residence.pk), "nom": contenu.nom, "batiment": contenu.batiment},
                )
                return
            fiche = parcours.transmettre(fiche.pk, par=self.auteur, contenu=contenu)
        if fiche.etat == "a_relire":
            self.scene.dans((0, 3), lambda: self.relire(contenu))
        else:
            self._transmise()

    def relire(self, contenu: parcours.ContenuFiche) -> None:
        referent = self._referent()
        with agir_comme(referent):
            if self.alea.random() < 0.12:
                parcours.renvoyer(self.cle, par=referent, commentaires={"faits": "Depuis quand ? Une date aiderait."})
                self.scene.dans((1, 3), lambda: self.corriger(contenu))
                return
            if self.alea.random() < 0.04:
                parcours.abandonner(self.cle, par=referent)
                return
            parcours.valider(self.cle, par=referent)
        self._transmise()

    def corriger(self, contenu: parcours.ContenuFiche) -> None:
        with agir_comme(self.auteur):
            parcours.transmettre(self.cle, par=self.auteur, contenu=contenu)
        self.scene.dans((0, 2), lambda: self.relire(contenu))

    def _transmise(self) -> None:
        if self.alea.random() < 0.15:
            self.scene.dans((0, 2), self.informer)
        if self.alea.random() < 0.75:
            self.scene.dans((0, 2), self.attribuer)
        self.scene.dans((1, 6), self.etudier)

    def attribuer(self) -> None:
        coordination = self._coordination()
        suiveur = self.alea.choice(self.monde.de(self.equipe, Role.SOIGNANT, Role.SOCIAL))
        if self.etat() in ("transmise", "a_completer", "recevable"):
            with agir_comme(coordination):
                parcours.attribuer(self.cle, par=coordination, a=suiveur)

    def etudier(self) -> None:
        if self.etat() != "transmise":
            return
        membre = self.alea.choice(self.monde.de(self.equipe, Role.COORDINATION, Role.SOCIAL))
        decision = self.tirages.tirer("décision", DECISIONS)
        with agir_comme(membre):
            if decision == "complement":
                parcours.demander_complement(self.cle, par=membre, question=self.alea.choice(noms.QUESTIONS))
                self.scene.dans((2, 6), self.completer)
            elif decision == "non_recevable":
                motif = self.alea.choice(MotifNonRecevable.values)
                parcours.declarer_non_recevable(self.cle, par=membre, motif=motif)
            elif decision == "reorientee":
                parcours.reorienter(self.cle, par=membre)
            else:
                recevable = parcours.declarer_recevable(self.cle, par=membre)
                if recevable.etat == "recevable":
                    self.scene.dans((1, 10), self.informer)
                self.scene.dans((1, 6), self.peut_etre_refuser)
        if decision == "recevable" and self.alea.random() < 0.2:
            self.scene.dans((1, 4), self.ecrire)

    def completer(self) -> None:
        if self.etat() != "a_completer":
            return
        referent = self._referent()
        with agir_comme(referent):
            parcours.completer(self.cle, par=referent, reponse=self.alea.choice(noms.REPONSES))
        self.scene.dans((1, 4), self.etudier)

    def informer(self) -> None:
        if self.etat() not in ("transmise", "a_completer", "recevable"):
            return
        referent = self._referent()
        jour = horloge.aujourdhui() - timedelta(days=self.alea.choice((0, 0, 0, 1, 2)))
        with agir_comme(referent):
            parcours.enregistrer_information(
                self.cle, par=referent, le=jour, mode=self.alea.choice(ModeInformation.values)
            )

    def ecrire(self) -> None:
        """The équipe tells the référent something practical; he answers."""
        membre, (message, reponse) = self._coordination(), self.alea.choice(noms.MESSAGES)
        if self.etat() not in ("recevable", "delai_opposition", "a_visiter"):
            return
        with agir_comme(membre):
            parcours.ecrire_message(self.cle, par=membre, texte=message)
        if self.alea.random() < 0.8:
            self.scene.dans((0, 3), lambda: self.repondre_au_message(reponse))

    def repondre_au_message(self, texte: str) -> None:
        if self.etat() in ("recevable", "delai_opposition", "a_visiter", "accompagnee"):
            referent = self._referent()
            with agir_comme(referent):
                parcours.ecrire_message(self.cle, par=referent, texte=texte)

    def peut_etre_refuser(self) -> None:
        """Some households oppose; some fiches are filed away before any visit."""
        if self.etat() not in ("recevable", "delai_opposition"):
            return
        sort = self.tirages.tirer("suite", SUITES)
        if sort == "opposition":
            referent = self._referent()
            with agir_comme(referent):
                parcours.opposer(self.cle, par=referent)
        elif sort == "classee":
            membre = self._coordination()
            with agir_comme(membre):
                parcours.classer(self.cle, par=membre, motif=self.alea.choice(MotifClassement.values))

    def classer_injoignable(self) -> None:
        if self.etat() == "a_visiter":
            membre = self._coordination()
            with agir_comme(membre):
                parcours.classer(self.cle, par=membre, motif=MotifClassement.INJOIGNABLE)

    def delai_leve(self) -> None:
        """Called the morning after the week: the story of the accompagnement takes over."""
        assert self.fiche is not None
        self.suite(self.fiche, self)

    # Reading -------------------------------------------------------------------------------------------------

    @property
    def cle(self) -> UUID:
        assert self.fiche is not None
        return self.fiche.pk

    def etat(self) -> str:
        with en_tant_que_systeme():
            return Instruction.objects.filter(pk=self.cle).values_list("etat", flat=True).first() or ""

    def evaluateur_de(self, releve: Releve) -> Compte:
        """Who rates again: the rater of the start when he is of the orienteur, otherwise a référent; or the équipe."""
        if releve.type_evaluateur == "equipe":
            membre = self.alea.choice(self.monde.de(self.equipe, Role.SOIGNANT, Role.SOCIAL))
            return self.suivie_par or membre
        if releve.evaluateur_id == self.auteur.pk and self.auteur.organisation_id == self.bailleur.pk:
            return self.auteur
        return self._referent()

    def _referent(self) -> Compte:
        return self.alea.choice(self.monde.de(self.bailleur, Role.REFERENT))

    def referent(self) -> Compte:
        """The référent of the bailleur who answers the équipe."""
        return self.monde.de(self.bailleur, Role.REFERENT)[0]

    def _coordination(self) -> Compte:
        return self.monde.de(self.equipe, Role.COORDINATION)[0]


_grilles: dict[int, Grille] = {}


def _grille(equipe: Organisation) -> Grille:
    if equipe.pk not in _grilles:
        _grilles[equipe.pk] = Grille.objects.all().en_vigueur(equipe.pk)
    return _grilles[equipe.pk]
