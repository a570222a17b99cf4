"""The story of an accompagnement in the demonstration: visits, contract, orientations, end."""

import random
from datetime import date, datetime, timedelta
from functools import partial
from uuid import UUID

from accompagnements import parcours
from accompagnements.enums import (
    Axe,
    Contact,
    EtatObjectif,
    EtatVisite,
    Lieu,
    MotifArret,
    MotifRefus,
    MotifRetrait,
    MotifSansSuite,
    MotifSuspension,
    Portee,
    SituationDuLogement,
)
from accompagnements.models import Accompagnement, Orientation, Visite
from demonstration import noms
from demonstration.fiches import Signalement
from demonstration.scene import Scene
from partenaires.enums import Role
from partenaires.models import Compte, Organisation
from partenaires.perimetre import agir_comme
from signalements.models import Fiche
from socle import horloge

TRACE = (
    "M70 160L90 96L104 70L116 74L112 120L108 162L126 118L142 92L152 96L150 136L158 150L176 112L188 92L196 98L192 138"
    "L202 148L222 108L234 96L240 104L236 140L248 146L272 104L290 84L298 92L292 132L302 142L330 128L372 108L420 96"
)
SIGNATURE = parcours.Signature(lu=True, trace_personne=TRACE, trace_equipe=TRACE)
MANQUEES = (EtatVisite.ABSENT, EtatVisite.ABSENT, EtatVisite.REFUSEE)
LOGEMENT = {SituationDuLogement.MAINTENU: 17, SituationDuLogement.MUTE: 1, SituationDuLogement.PARTI: 2}  # of twenty
# To which partners of the équipe (their ranks) a person is oriented; of twenty.
ORIENTATIONS: dict[tuple[int, ...], int] = {(0, 2): 5, (2,): 6, (0,): 2, (2, 1): 3, (0, 2, 1): 1, (1,): 1, (): 2}
REPONSES = {"accepter": 15, "mettre_en_attente": 2, "refuser": 3}  # of twenty
AXES = (Axe.LOGEMENT, Axe.ENVIRONNEMENT, Axe.RESSOURCES, Axe.SOMATIQUE)


class Suivi:
    """One accompagnement: each act plans the next, and stops when the situation is over."""

    def __init__(self, scene: Scene, alea: random.Random, fiche: Fiche, signalement: Signalement) -> None:
        self.scene, self.alea, self.fiche, self.s = scene, alea, fiche, signalement
        equipe = signalement.monde.de(signalement.equipe, Role.SOIGNANT, Role.SOCIAL)
        self.principal, self.second = alea.sample(equipe, 2)
        self.pk: UUID | None = None
        self.visites = 0
        self.a_deux = alea.random() < 0.1

    def ouvrir(self) -> None:
        if self.s.etat() != "a_visiter":
            return
        with agir_comme(self.principal):
            accompagnement = parcours.ouvrir(
                self.fiche.pk,
                par=self.principal,
                intervenants=[self.principal, self.second],
                ne_pas_y_aller_seul=self.a_deux,
                raison_pas_seul="Un grand chien, souvent sans laisse, sur le palier." if self.a_deux else "",
            )
            self.pk = accompagnement.pk
            six_mois = accompagnement.logement_du_le
        self.scene.le(
            self.scene.heure_de_bureau(six_mois + timedelta(days=self.alea.randint(0, 3))), self.noter_logement
        )
        self._planifier((2, 9), premiere=True)

    def noter_logement(self) -> None:
        """Six months after the opening: what became of the home, whatever followed."""
        with agir_comme(self.principal):
            vu = Accompagnement.objects.visibles_par(self.principal).filter(pk=self._pk).first()
            if vu is None or vu.etat == "sans_suite" or (self.scene.est_recent(10) and self.alea.random() < 0.15):
                return
            situation = self.s.tirages.tirer("logement", LOGEMENT)
            parcours.noter_logement(self._pk, par=self.principal, situation=situation, le=horloge.aujourdhui())

    # Visits ----------------------------------------------------------------------------------------------------

    def _planifier(self, jours: tuple[int, int], *, premiere: bool = False) -> None:
        """Plan a visit on the agenda now, and tell it on its day."""
        debut = self.scene.heure_de_bureau(horloge.aujourdhui() + timedelta(days=self.alea.randint(*jours) + 1))
        with agir_comme(self.principal):
            if not self._ouvert():
                return
            duree = self.alea.choice((30, 45, 60))
            lieu = Lieu.DOMICILE if premiere or self.alea.random() < 0.7 else Lieu.BUREAU
            if not premiere:
                qui = [self.principal, self.second] if self.a_deux else [self.principal]
                visite = parcours.planifier_visite(
                    self._pk, par=self.principal, debut=debut, duree=duree, lieu=lieu, participants=qui
                )
        if premiere:
            convenue = self._convenir(debut, duree)
            if convenue is None:
                return
            visite = convenue
        if not (self.scene.est_recent(8) and self.alea.random() < 0.3):
            fin = debut + timedelta(hours=2)
            self.scene.le(fin, lambda: self.rendre_compte(visite.pk, premiere=premiere))

    def _convenir(self, debut: datetime, duree: int) -> Visite | None:
        """Two dates for the first visit, of which a référent takes one; None while he has not answered."""
        with agir_comme(self.principal):
            proposition = parcours.proposer_creneaux(
                self._pk, par=self.principal, creneaux=[debut, debut + timedelta(days=1)], duree=duree,
                telephone="01 00 00 00 00",
            )  # fmt: skip
        if self.scene.est_recent(3):
            return None
        referent = self.s.referent()
        with agir_comme(referent):
            parcours.accepter_creneau(proposition.pk, par=referent, creneau=debut)
        with agir_comme(self.principal):
            return Visite.objects.visibles_par(self.principal).planifiees().premieres().get(accompagnement=self._pk)

    def rendre_compte(self, visite_pk: UUID, *, premiere: bool) -> None:
        with agir_comme(self.principal):
            visite = Visite.objects.visibles_par(self.principal).filter(pk=visite_pk).first()
            if visite is None or visite.etat != EtatVisite.PLANIFIEE or not self._ouvert():
                return
            faite = self.s.tirages.oui(("faite", premiere), 17, 19)
            parcours.rendre_compte(
                visite.pk,
                par=self.principal,
                version=visite.version,
                issue=EtatVisite.FAITE if faite else self.alea.choice(MANQUEES),
                compte_rendu=self._ecrit(noms.COMPTES_RENDUS) if faite else "",
            )
            if faite and premiere:
                parcours.coter_depart(self._pk, par=self.principal, cotations=self.s.cotations())
            if self.alea.random() < 0.3:
                self._noter()
        self.visites += 1
        if premiere and not faite:
            if self.visites >= 3:
                self.scene.dans((1, 4), lambda: self.cloturer(MotifSansSuite.NON_ADHESION))
            else:
                self._planifier((4, 10), premiere=True)
        elif premiere:
            self.scene.dans((3, 12), self.evaluer)
        else:
            self._planifier((17, 34))

    def _noter(self) -> None:
        niveau = "clinique" if self.principal.a_role(Role.SOIGNANT) and self.alea.random() < 0.4 else "equipe"
        parcours.ecrire_note(self._pk, par=self.principal, niveau=niveau, texte=self._ecrit(noms.NOTES))

    def _ecrit(self, phrases: tuple[str, ...]) -> str:
        """Each sentence once before any comes back."""
        return self.s.tirages.tirer(phrases, dict.fromkeys(phrases, 1))

    # Contract --------------------------------------------------------------------------------------------------

    def evaluer(self) -> None:
        with agir_comme(self.principal):
            if not self._ouvert():
                return
            axes = self.alea.sample(AXES, 2)
            parcours.ecrire_diagnostic(
                self._pk,
                par=self.principal,
                version=0,
                textes={axe.value: noms.DIAGNOSTICS[axe.value] for axe in axes},
                axes=[axe.value for axe in axes],
            )
            for axe, texte in self.alea.sample(noms.OBJECTIFS, self.alea.choice((1, 2, 3))):
                parcours.ajouter_objectif(self._pk, par=self.principal, axe=axe, texte=texte)
            if self.s.tirages.oui("contrat", 18, 20):
                parcours.proposer(self._pk, par=self.principal)
                self.scene.dans((2, 12), self.signer)
            else:
                self.scene.dans((3, 10), lambda: self.cloturer(MotifSansSuite.ORIENTATION_DIRECTE))
        destinataires: tuple[int, ...] = self.s.tirages.tirer("partenaires", ORIENTATIONS)
        for rang, destinataire in enumerate(destinataires):
            if rang < len(self.s.monde.partenaires[self.s.nom_equipe]):
                self.scene.dans((1 + 8 * rang, 8 + 12 * rang), partial(self.orienter, destinataire))

    def signer(self) -> None:
        with agir_comme(self.principal):
            if not self._ouvert():
                return
            if self.s.tirages.oui("refus du contrat", 1, 20):
                parcours.enregistrer_refus_contrat(self._pk, par=self.principal)
                self.scene.dans((1, 5), lambda: self.cloturer(MotifSansSuite.REFUS))
                return
            contrat = parcours.signer(self._pk, par=self.principal, signature=SIGNATURE)
        self._planifier((7, 20))
        self._noter_une_etape()
        self.scene.dans((40, 58), self.revoir)
        self.scene.dans((75, 190), self.terminer)
        assert contrat.jusqu_au is not None
        self._prevoir_renouvellement(contrat.jusqu_au)
        if self.s.tirages.oui("suspension", 1, 5):
            self.scene.dans((15, 60), self.suspendre)

    def _noter_une_etape(self) -> None:
        """One situation in four has a next step written by hand; drawn from the rank of its fiche."""
        if self.s.rang % 4:
            return
        with agir_comme(self.principal):
            parcours.noter_etape(
                self._pk, par=self.principal, version=0, le=horloge.aujourdhui() + timedelta(days=21),
                texte=noms.ETAPES[self.s.rang // 4 % len(noms.ETAPES)],
            )  # fmt: skip

    def _prevoir_renouvellement(self, terme: date) -> None:
        self.scene.le(self.scene.heure_de_bureau(terme - timedelta(days=self.alea.randint(3, 10))), self.renouveler)

    def renouveler(self) -> None:
        """A new version, with what is still open, or with one more objective."""
        with agir_comme(self.principal):
            a = Accompagnement.objects.visibles_par(self.principal).filter(pk=self._pk, etat="en_cours").first()
            if a is None:
                return
            if not a.objectifs.filter(etat=EtatObjectif.OUVERT).exists():
                axe, texte = self.alea.choice(noms.OBJECTIFS)
                parcours.ajouter_objectif(self._pk, par=self.principal, axe=axe, texte=texte)
            for objectif in a.objectifs.filter(etat=EtatObjectif.OUVERT):
                parcours.revoir_objectif(
                    objectif.pk, par=self.principal, version=objectif.version, etat=EtatObjectif.OUVERT,
                    commentaire=self.alea.choice(noms.REVUES),
                )  # fmt: skip
            contrat = parcours.renouveler(self._pk, par=self.principal, signature=SIGNATURE)
        assert contrat.jusqu_au is not None
        self._prevoir_renouvellement(contrat.jusqu_au)

    def suspendre(self) -> None:
        with agir_comme(self.principal):
            if not Accompagnement.objects.visibles_par(self.principal).filter(pk=self._pk, etat="en_cours").exists():
                return
            parcours.suspendre(self._pk, par=self.principal, motif=self.alea.choice(MotifSuspension.values))
        self.scene.dans((10, 30), self.reprendre)

    def reprendre(self) -> None:
        with agir_comme(self.principal):
            if Accompagnement.objects.visibles_par(self.principal).filter(pk=self._pk, etat="suspendu").exists():
                parcours.reprendre(self._pk, par=self.principal)

    def revoir(self) -> None:
        """Every quarter, what became of the objectives."""
        with agir_comme(self.principal):
            if not self._ouvert():
                return
            accompagnement = Accompagnement.objects.visibles_par(self.principal).get(pk=self._pk)
            for objectif in list(accompagnement.objectifs.all()):
                etat = self.alea.choice((EtatObjectif.ATTEINT, EtatObjectif.ATTEINT, EtatObjectif.OUVERT))
                dit = self.alea.choice(noms.REVUES) if etat == EtatObjectif.OUVERT else ""
                parcours.revoir_objectif(
                    objectif.pk, par=self.principal, version=objectif.version, etat=etat, commentaire=dit
                )
        self.scene.dans((40, 58), self.revoir)

    # Orientations ----------------------------------------------------------------------------------------------

    def orienter(self, rang: int) -> None:
        destinataire = self.s.monde.partenaires[self.s.nom_equipe][rang]
        with agir_comme(self.principal):
            if not self._ouvert():
                return
            deja = Orientation.objects.visibles_par(self.principal).filter(
                accompagnement=self._pk, destinataire=destinataire
            )
            if deja.exists():
                return
            parcours.recueillir_accord(
                self._pk,
                par=self.principal,
                organisation=destinataire,
                portees=[Portee.COORDONNEES, Portee.DEMANDE],
                mode=self.alea.choice(("oral", "ecrit")),
                le=horloge.aujourdhui(),
            )
            orientation = parcours.proposer_orientation(
                self._pk,
                par=self.principal,
                destinataire=destinataire,
                demande=self.alea.choice(noms.DEMANDES),
                contacts=[self.alea.choice(Contact.values)],
            )
            parcours.envoyer_orientation(orientation.pk, par=self.principal)
        if not (self.scene.est_recent(20) and self.alea.random() < 0.3):
            self.scene.dans((1, 9), lambda: self.repondre(destinataire, orientation.pk))

    def repondre(self, destinataire: Organisation, pk: UUID) -> None:
        correspondant = self.s.monde.de(destinataire, Role.CORRESPONDANT)[0]
        sort = self.s.tirages.tirer("réponse", REPONSES)
        with agir_comme(correspondant):
            if not Orientation.objects.visibles_par(correspondant).filter(pk=pk, etat="envoyee").exists():
                return
            jour = horloge.aujourdhui() + timedelta(days=self.alea.randint(5, 25))
            rendez_vous: datetime = self.scene.heure_de_bureau(jour)
            revoir = jour + timedelta(days=20)
            if sort == "accepter":
                parcours.repondre(pk, par=correspondant, issue=sort, rendez_vous=rendez_vous, avec="Secrétariat")
            elif sort == "mettre_en_attente":
                parcours.repondre(pk, par=correspondant, issue=sort, revoir_le=revoir)
            else:
                motif = self.alea.choice((MotifRefus.HORS_SECTEUR, MotifRefus.HORS_MISSIONS, MotifRefus.SANS_PLACE))
                parcours.repondre(pk, par=correspondant, issue=sort, motif=motif)
        if sort == "refuser":
            self.scene.dans((1, 4), partial(self.donner_suite, pk))
        elif sort == "accepter" and self.s.tirages.oui("rendez-vous manqué", 1, 12):
            self.scene.le(rendez_vous + timedelta(days=2), partial(self.retirer, pk))
        else:
            le = rendez_vous + timedelta(hours=3) if sort == "accepter" else self.scene.heure_de_bureau(revoir)
            self.scene.le(le, lambda: self.prendre_en_charge(correspondant, pk))

    def prendre_en_charge(self, correspondant: Compte, pk: UUID) -> None:
        with agir_comme(correspondant):
            suivies = Orientation.objects.visibles_par(correspondant).filter(pk=pk)
            if suivies.filter(etat__in=("acceptee", "liste_attente")).exists():
                parcours.prendre_en_charge(pk, par=correspondant, le=horloge.aujourdhui())

    def donner_suite(self, pk: UUID) -> None:
        with agir_comme(self.principal):
            if Orientation.objects.visibles_par(self.principal).filter(pk=pk, etat="refusee").exists():
                parcours.traiter_refus(pk, par=self.principal)

    def retirer(self, pk: UUID) -> None:
        """The person did not go and does not wish to any more."""
        with agir_comme(self.principal):
            if Orientation.objects.visibles_par(self.principal).filter(pk=pk, etat="acceptee").exists():
                parcours.retirer(pk, par=self.principal, motif=MotifRetrait.REFUS_PERSONNE)

    # Ends ------------------------------------------------------------------------------------------------------

    def terminer(self) -> None:
        with agir_comme(self.principal):
            if not self._ouvert():
                return
            sort = self.alea.random()
            motif = (
                MotifArret.OBJECTIFS if sort < 0.5 else MotifArret.DROIT_COMMUN if sort < 0.75
                else self.alea.choice((MotifArret.SPECIALISE, MotifArret.DEMENAGEMENT, MotifArret.NON_ADHESION))
            )  # fmt: skip
            parti = motif == MotifArret.DEMENAGEMENT
            parcours.terminer(
                self._pk,
                par=self.principal,
                motif=motif,
                relais="Relais avec le service social et le médecin traitant.",
                situation_logement=SituationDuLogement.PARTI if parti else SituationDuLogement.MAINTENU,
            )

    def cloturer(self, motif: str) -> None:
        with agir_comme(self.principal):
            if self._ouvert():
                parcours.cloturer_sans_suite(self._pk, par=self.principal, motif=motif)

    # Reading -----------------------------------------------------------------------------------------------------

    @property
    def _pk(self) -> UUID:
        assert self.pk is not None
        return self.pk

    def _ouvert(self) -> bool:
        """Whether the team still sees it open (an opposition hides it, an end closes it)."""
        accompagnement = Accompagnement.objects.visibles_par(self.principal).filter(pk=self._pk).first()
        return accompagnement is not None and not accompagnement.est_clos
