"""A draft and its steps, as the pages of the form read them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, Self

from django.urls import reverse
from django.utils.datastructures import MultiValueDict

from partenaires.models import Compte, Convention, Residence
from signalements import droits
from signalements.corrections import CHAMPS, champs_ouverts, est_restreint
from signalements.enums import Domaine
from signalements.forms.arrivee import forme_de_la_personne
from signalements.forms.etapes import ContexteForm, DomaineForm, EtapeForm, donnees_de
from signalements.forms.fiche import CONTEXTE, GRILLE, PERSONNE, RELIRE, FicheForm
from signalements.garde import Contexte
from signalements.models import Fiche, Grille
from signalements.residences import ResidencesOffertes
from socle.ecriture import INSECABLE
from socle.presentation import TextesEnConflit

ETAPES: Final = 4


@dataclass(frozen=True, slots=True)
class Progres:
    """Where the person is: "Étape 2 sur 4", "Domaine 3 sur 6"; `avancee` (0 to 100) is inside the step."""

    etape: int
    precision: str = ""
    avancee: int = 50
    total: int = ETAPES


@dataclass(frozen=True, slots=True)
class Saisie:
    """A draft being written by a person: five statements, whatever the step."""

    compte: Compte
    fiche: Fiche
    contenu: Mapping[str, Any]
    commentaires: Mapping[str, str]
    offertes: ResidencesOffertes
    residence: Residence | None
    convention: Convention | None
    grille: Grille
    ouverts: frozenset[str] | None = None  # fields that may change; None for all

    @classmethod
    def ouvrir(cls, compte: Compte, fiche: Fiche, *, envoyee: str = "", cherche: str = "") -> Self:
        """Read what the steps need; the grid is that of the équipe to which the résidence leads.

        `envoyee`: the key of the résidence in the request; `cherche`: what the person looks for among many.
        """
        contenu = fiche.brouillon.contenu
        choisie = str(contenu.get("residence", ""))
        offertes = ResidencesOffertes.pour(compte, fiche, choisies=(choisie, envoyee), cherche=cherche)
        residence = next((r for r in offertes.lignes if str(r.pk) == choisie), None)
        if residence is None and len(offertes.lignes) == 1 and not offertes.cherchables:
            residence = offertes.lignes[0]
        convention = droits.convention_de(fiche, residence) if residence else None
        equipe_id = fiche.equipe_id or (convention.equipe_id if convention else None)
        grille = Grille.objects.en_vigueur(equipe_id)
        commentaires = fiche.brouillon.commentaires
        restreint = est_restreint(fiche, compte, commentaires)
        return cls(
            ouverts=champs_ouverts(commentaires, grille, fiche.brouillon.au_renvoi) if restreint else None,
            compte=compte,
            fiche=fiche,
            contenu=contenu,
            commentaires=commentaires,
            offertes=offertes,
            residence=residence,
            convention=convention,
            grille=grille,
        )

    @property
    def domaines(self) -> list[Domaine]:
        return [domaine for domaine, _ in self.grille.par_domaine()]

    @property
    def etapes(self) -> list[str]:
        """Slugs of the pages, in order."""
        return [PERSONNE, *self.domaines, CONTEXTE, RELIRE]

    def adresse(self, etape: str) -> str:
        return reverse("saisie", args=[self.fiche.pk, etape])

    def suivante(self, etape: str) -> str:
        """The next page of the form."""
        return self.etapes[self.etapes.index(etape) + 1]

    def precedente(self, etape: str) -> str:
        """The page before, "" on the first one."""
        rang = self.etapes.index(etape)
        return self.etapes[rang - 1] if rang else ""

    def vers(self, etape: str) -> str:
        """What the button that leads to a page says."""
        if etape == CONTEXTE:
            return "Continuer vers le contexte"
        if etape == RELIRE:
            return "Relire la fiche"
        return f"Continuer vers {Domaine(etape).label}"

    def progres(self, etape: str) -> Progres:
        """The place of a page among the four steps."""
        if etape == PERSONNE:
            return Progres(1)
        if etape == CONTEXTE:
            return Progres(3)
        if etape == RELIRE:
            return Progres(4, avancee=100)
        rang, total = self.domaines.index(Domaine(etape)) + 1, len(self.domaines)
        return Progres(2, f"Domaine{INSECABLE}{rang} sur{INSECABLE}{total}", 100 * rang // total)

    @property
    def fermes(self) -> list[str]:
        """Named parts of the fiche that this person may not change; none but for an author who corrects."""
        if self.ouverts is None:
            return []
        domaines = {d.value: [s.code for s in signaux] for d, signaux in self.grille.par_domaine()}
        parties = {**CHAMPS, **domaines}
        return [cle for cle, champs in parties.items() if self.ouverts.isdisjoint(champs)]

    def _sans_les_fermes(self, donnees: Any) -> MultiValueDict[str, Any]:
        """What was sent, with the closed fields as the draft holds them: they are checked, never changed."""
        assert self.ouverts is not None
        gardees = donnees_de({nom: v for nom, v in self.contenu.items() if nom not in self.ouverts})
        envoyees = {nom: donnees.getlist(nom) for nom in donnees if nom in self.ouverts}
        gardees.update(MultiValueDict(envoyees))
        return gardees

    def formulaire(self, etape: str, donnees: Any = None, *, corriger: bool = False) -> EtapeForm:
        """The form of a page: on `donnees` when it was sent, otherwise on the draft (its faults shown if asked)."""
        if donnees is not None and self.ouverts is not None:
            donnees = self._sans_les_fermes(donnees)
        options: dict[str, Any] = {"data": donnees, "initial": self.contenu}
        if donnees is None and corriger:
            options["data"] = donnees_de(self.contenu)
        if etape == PERSONNE:
            forme = forme_de_la_personne(recue=self.recue)
            return forme(offertes=self.offertes, contexte=self.garde, **options)
        if etape == CONTEXTE:
            return ContexteForm(contexte=self.garde, **options)
        return DomaineForm(signaux=dict(self.grille.par_domaine())[Domaine(etape)], **options)

    @property
    def recue(self) -> bool:
        """Whether the équipe types it for somebody who called or wrote."""
        return self.fiche.declarant_id != self.fiche.orienteur_id

    @property
    def garde(self) -> Contexte:
        """Names that the sentences of this draft may hold."""
        personne = (str(self.contenu.get("nom", "")), str(self.contenu.get("prenom", "")))
        lieux = (self.residence.nom, self.residence.adresse) if self.residence else ()
        return Contexte(personne, (self.fiche.orienteur.nom, *lieux))

    def fiche_form(self) -> FicheForm:
        """The whole draft, validated; a résidence that no convention covers is refused with whom to call."""
        formulaire = FicheForm(
            self.contenu, offertes=self.offertes, grille=self.grille, garde=self.garde, recue=self.recue
        )
        if self.residence is not None and self.convention is None:
            self.refuser_convention(formulaire, self.residence)
        return formulaire

    def refuser_convention(self, formulaire: FicheForm, residence: Residence) -> None:
        texte = droits.hors_convention(self.compte, self.fiche, residence)
        formulaire.refuser(PERSONNE, "id_residence", texte)

    def a_change_de_grille(self) -> bool:
        return self.contenu.get(GRILLE) not in (None, "", str(self.grille.pk))

    def en_conflit(self, formulaire: EtapeForm) -> list[TextesEnConflit]:
        """What this page says and what somebody else wrote meanwhile, field by field, where they differ."""
        textes = []
        for nom, mien in formulaire.saisie().items():
            if nom not in formulaire.fields:  # a confirmation of the guard
                continue
            autre = self.contenu.get(nom, type(mien)())
            if mien != autre:
                textes.append(TextesEnConflit(str(formulaire[nom].label), _dire(mien), _dire(autre)))
        return textes


def _dire(valeur: Any) -> str:
    return ", ".join(valeur) if isinstance(valeur, list) else str(valeur)
