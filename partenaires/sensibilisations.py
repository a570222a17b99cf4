"""What the pages of a séance show: its state in words, its tabs, its lines, its one next step."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from django.db.models import QuerySet
from django.http import QueryDict
from django.urls import reverse

from partenaires.enums_sensibilisations import EtatSeance
from partenaires.models import DocumentSeance, InscriptionSeance, Seance
from socle.comptages import compter_ensemble
from socle.ecriture import INSECABLE, compter, date_moyenne
from socle.pagination import adresse_avec
from socle.presentation import Onglet

TONS: Final[dict[str, str]] = {
    EtatSeance.BROUILLON: "attention",
    EtatSeance.OUVERTE: "cours",
    EtatSeance.TENUE: "info",
    EtatSeance.CLOSE: "succes",
    EtatSeance.ANNULEE: "discret",
}
PASSEES: Final = "passees"


@dataclass(frozen=True, slots=True)
class Suite:
    """The one next step of a séance."""

    titre: str
    texte: str
    url: str
    action: str


@dataclass(frozen=True, slots=True)
class LigneInscrite:
    """A person of the list, and her attestation once it is made."""

    inscription: InscriptionSeance
    attestation: DocumentSeance | None

    @property
    def se_prepare(self) -> bool:
        return self.attestation is not None and not self.attestation.est_pret


def etat_de(seance: Seance) -> tuple[str, str]:
    """The state in words, and its tone: an open séance without a seat left is « Complète »."""
    if seance.est_ouverte and seance.est_complete:
        return "Complète", "attention"
    return str(EtatSeance(seance.etat).label), TONS[seance.etat]


def etat_pour_le_bailleur(seance: Seance) -> tuple[str, str]:
    """The same for somebody of a bailleur: the closing of the sheet is the équipe's own affair."""
    if seance.est_tenue:
        return "Tenue", "succes"
    if seance.est_ouverte and not seance.accepte_inscriptions:
        return "Inscriptions fermées", "discret"
    return etat_de(seance)


def onglets_de(
    a_venir: "QuerySet[Seance]", passees: "QuerySet[Seance]", parametres: QueryDict, *, sur: str
) -> list[Onglet]:
    """To come and past, with their counts: one statement."""
    nombres = compter_ensemble({"a_venir": a_venir, PASSEES: passees})
    return [
        Onglet("À venir", adresse_avec(parametres, vue=""), nombres["a_venir"] or None, sur != PASSEES),
        Onglet("Passées", adresse_avec(parametres, vue=PASSEES), nombres[PASSEES] or None, sur == PASSEES),
    ]


def lignes_de(
    inscriptions: Iterable[InscriptionSeance], attestations: Mapping[Any, DocumentSeance]
) -> list[LigneInscrite]:
    return [LigneInscrite(i, attestations.get(i.pk)) for i in inscriptions]


def suite_de(seance: Seance, inscriptions: list[InscriptionSeance]) -> Suite | None:
    """What the équipe has to do now; None when nothing is due."""
    if seance.etat == EtatSeance.BROUILLON:
        return Suite(
            "Les bailleurs invités ne voient pas encore cette séance.",
            "À l’ouverture, leurs référents sont prévenus et peuvent inscrire leurs équipes.",
            reverse("seance_ouvrir", args=[seance.pk]), "Ouvrir les inscriptions",
        )  # fmt: skip
    a_pointer = sum(i.est_confirmee and not i.presence for i in inscriptions)
    if seance.se_pointe and (a_pointer or seance.est_ouverte):
        reste = compter(a_pointer, "personne", "personnes")
        return Suite(
            f"Dites qui est venu{INSECABLE}: {reste} à pointer.", "",
            reverse("seance_presences", args=[seance.pk]), "Noter les présences",
        )  # fmt: skip
    if seance.etat == EtatSeance.TENUE:
        return Suite(
            "Chacun est pointé.", "À la clôture, chaque personne présente reçoit son attestation.",
            reverse("seance_clore", args=[seance.pk]), "Clore la séance",
        )  # fmt: skip
    if seance.est_ouverte:
        if seance.est_complete:
            attente = sum(not i.est_confirmee for i in inscriptions)
            titre = f"Complète, {compter(attente, 'personne attend', 'personnes attendent')} une place."
            texte = "Ajouter des places, ou en rendre une, les donne dans l’ordre de la liste d’attente."
            return Suite(titre, texte, reverse("seance_modifier", args=[seance.pk]), "Ajouter des places")
        return Suite(
            f"{compter(seance.places, 'place', 'places')} sur {seance.capacite}. "
            f"Inscriptions jusqu’au {date_moyenne(seance.inscription_jusqu_au)}.",
            "Un rappel part deux jours avant à chaque personne inscrite.",
            reverse("seance_inscrire", args=[seance.pk]), "Inscrire une personne",
        )  # fmt: skip
    return None
