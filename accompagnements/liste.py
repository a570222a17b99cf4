"""The list of situations as it is shown: its tabs, its rows, what is due first. No score, no priority."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from django.db.models import QuerySet
from django.http import QueryDict
from django.urls import reverse

from accompagnements.echeances import prochaine
from accompagnements.enums import OUVERTS, Etat
from accompagnements.models import Accompagnement
from accompagnements.situation import TONS
from socle.ecriture import compter, date_moyenne
from socle.pagination import TAILLE, adresse_avec
from socle.presentation import Delai, Onglet

MAXIMUM: Final = 500  # rows ordered by what is due: far more than a team has open
_SANS_ECHEANCE: Final = "9999"


@dataclass(frozen=True, slots=True)
class OngletListe:
    """A tab: its states, and what its empty page says."""

    cle: str
    libelle: str
    etats: tuple[str, ...]
    vide: str
    vide_texte: str


ONGLETS: Final[tuple[OngletListe, ...]] = (
    OngletListe(
        "ouvertes", "Ouvertes", OUVERTS, "Aucune situation ouverte",
        "Une situation s’ouvre depuis une fiche, à la fin du délai d’opposition.",
    ),
    OngletListe(
        "evaluation", "Évaluation", (Etat.EVALUATION,), "Aucune évaluation en cours",
        "Une situation qui s’ouvre commence ici, avec la première visite.",
    ),
    OngletListe(
        "propose", "Contrat proposé", (Etat.PROPOSE,), "Aucun contrat à signer",
        "Un contrat proposé attend ici la signature de la personne.",
    ),
    OngletListe(
        "en_cours", "En cours", (Etat.EN_COURS,), "Aucun accompagnement en cours",
        "Un accompagnement commence avec la signature du contrat.",
    ),
    OngletListe(
        "suspendu", "Suspendues", (Etat.SUSPENDU,), "Aucun accompagnement suspendu",
        "Un accompagnement suspendu attend ici d’être repris ou terminé.",
    ),
    OngletListe(
        "closes", "Terminées", (Etat.TERMINE, Etat.SANS_SUITE), "Aucune situation terminée",
        "Une situation terminée reste ici jusqu’à son effacement.",
    ),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Liste:
    """The tab and the page that an address asks for; an unknown one is the default."""

    onglet: OngletListe
    page: int = 1

    @classmethod
    def de(cls, parametres: QueryDict) -> "Liste":
        onglet = next((o for o in ONGLETS if o.cle == parametres.get("etape")), ONGLETS[0])
        demandee = parametres.get("page", "1")
        return cls(onglet, max(1, int(demandee)) if demandee.isdecimal() and len(demandee) < 6 else 1)

    @property
    def est_close(self) -> bool:
        return self.onglet.cle == "closes"

    @property
    def phrase(self) -> str:
        """How the list is ordered, said under it."""
        ordre = "par date de fin" if self.est_close else "par échéance"
        return f"Classées {ordre}. Palier ne calcule ni score ni priorité."


@dataclass(frozen=True, slots=True)
class LigneSituation:
    """A row: everything is written, the template decides nothing."""

    pk: UUID
    designation: str
    reference: str
    url: str
    delai: Delai | None
    chose: str
    residence: str
    orienteur: str
    etat: str
    ton: str
    depuis: str
    intervenants: str
    seul: bool
    bouton: str
    url_bouton: str


@dataclass(frozen=True, slots=True)
class PageListe:
    """The rows of a page, and whether there are others before and after."""

    lignes: list[LigneSituation]
    a_avant: bool
    a_apres: bool


def lignes_de(siennes: "QuerySet[Any]", liste: Liste, noms: Mapping[int, str]) -> PageListe:
    """The rows of a tab: what is due first; closed ones by their end. Three statements whatever the number.

    `noms`: of the members of the équipe, by account.
    """
    lues = siennes.filter(etat__in=liste.onglet.etats).avec_personne().avec_echeances()  # type: ignore[attr-defined]
    ordre = ("-fin_le", "-pk") if liste.est_close else ("ouvert_le", "pk")
    toutes: list[Accompagnement] = list(lues.order_by(*ordre)[:MAXIMUM])
    if not liste.est_close:
        toutes.sort(key=lambda a: (_iso(a), a.fiche.reference))
    debut = (liste.page - 1) * TAILLE
    return PageListe(
        [_ligne(a, noms) for a in toutes[debut : debut + TAILLE]], liste.page > 1, len(toutes) > debut + TAILLE
    )


def onglets_de(liste: Liste, comptes: Mapping[str, tuple[int, int]], parametres: QueryDict) -> list[Onglet]:
    """The tabs with their counts, whatever the filters; the closed ones are not counted."""
    return [
        Onglet(
            o.libelle,
            adresse_avec(parametres, etape=o.cle, page=None),
            None if o.cle == "closes" else total(o, comptes)[0],
            o is liste.onglet,
        )
        for o in ONGLETS
    ]


def total(onglet: OngletListe, comptes: Mapping[str, tuple[int, int]]) -> tuple[int, int]:
    """(all, those that pass the filters) of a tab."""
    par_etat = [comptes.get(etat, (0, 0)) for etat in onglet.etats]
    return sum(t for t, _ in par_etat), sum(f for _, f in par_etat)


def resume(liste: Liste, comptes: Mapping[str, tuple[int, int]]) -> str:
    """« 7 situations sur 9 », or the count alone when nothing is filtered out."""
    toutes, filtrees = total(liste.onglet, comptes)
    situations = compter(filtrees, "situation", "situations")
    return situations if toutes == filtrees else f"{situations} sur {toutes}"


def _iso(a: Accompagnement) -> str:
    e = prochaine(a)
    return e.le.isoformat() if e else _SANS_ECHEANCE


def _ligne(a: Accompagnement, noms: Mapping[int, str]) -> LigneSituation:
    e = prochaine(a)
    url = reverse("situation", args=[a.pk])
    delai = Delai.fait_le(a.fin_le) if a.fin_le else Delai.de(e.le, ouvres=e.ouvres) if e else None
    depuis = {
        Etat.EVALUATION: a.evaluation_depuis, Etat.PROPOSE: a.propose_le, Etat.EN_COURS: a.signe_le,
        Etat.SUSPENDU: a.suspendu_le,
    }.get(Etat(a.etat))  # fmt: skip
    return LigneSituation(
        pk=a.pk,
        designation=a.fiche.designation,
        reference=a.fiche.reference,
        url=url,
        delai=delai,
        chose=a.motif_fin_libelle if a.est_clos else e.action if e else "Rien à faire pour l’instant",
        residence=a.fiche.residence.nom if a.fiche.residence else "",
        orienteur=a.fiche.orienteur.nom,
        etat=str(Etat(a.etat).label),
        ton=TONS[a.etat],
        depuis=f"depuis le {date_moyenne(depuis)}" if depuis else "",
        intervenants=", ".join(noms[cle] for cle in a.suivie_par_ids if cle in noms),
        seul=a.ne_pas_y_aller_seul,
        bouton=e.bouton if e and not a.est_clos else "Ouvrir",
        url_bouton=e.url if e and not a.est_clos else url,
    )
