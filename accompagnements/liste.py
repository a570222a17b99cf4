"""The list of situations as it is shown: its tabs, its rows, what is due first. No score, no priority."""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import groupby
from typing import Final
from uuid import UUID

from django.http import QueryDict
from django.urls import reverse

from accompagnements.echeances import prochaine
from accompagnements.enums import OUVERTS, Etat
from accompagnements.models import Accompagnement
from accompagnements.models.dossiers import AccompagnementQuerySet
from accompagnements.situation import TONS
from socle.ecriture import compter, date_moyenne
from socle.pagination import TAILLE, adresse_avec
from socle.presentation import Delai, Onglet

MAXIMUM: Final = 500  # rows ordered by what is due: far more than a team has open
PAR_COLONNE: Final = 25  # cards of a column; the others are in the table of its step
CLE: Final = 60  # characters of a key
_SANS_ECHEANCE: Final = "9999"
SANS_PERSONNE: Final = "Sans personne"


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
    """The tab, the view and the place that an address asks for; an unknown one is the default.

    `apres` and `avant` are keys of rows: a page goes on from the row that was read, whatever was added since.
    """

    onglet: OngletListe
    colonnes: bool = False
    par_personne: bool = False
    apres: str = ""
    avant: str = ""

    @classmethod
    def de(cls, parametres: QueryDict) -> "Liste":
        onglet = next((o for o in ONGLETS if o.cle == parametres.get("etape")), ONGLETS[0])
        colonnes = parametres.get("vue") == "colonnes"
        par_personne = not colonnes and parametres.get("par") == "personne" and onglet.cle != "closes"
        lu = {nom: parametres.get(nom, "")[:CLE] for nom in ("apres", "avant")}
        return cls(onglet, colonnes, par_personne, **({} if colonnes else lu))

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
    cle: str
    principal: str
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
    """The rows of a page, and the keys from which there are others before and after ("" when there are none)."""

    lignes: list[LigneSituation]
    avant: str
    apres: str
    par_personne: bool = False

    @property
    def groupes(self) -> list[tuple[str, list[LigneSituation]]]:
        """The rows under the name of their principal intervenant, in the order in which they come."""
        if not self.par_personne:
            return [("", self.lignes)]
        return [(nom, list(lignes)) for nom, lignes in groupby(self.lignes, key=lambda ligne: ligne.principal)]


@dataclass(frozen=True, slots=True)
class ColonneSituations:
    """A column of the board: a step, its first rows, how many there are, the table of the step."""

    libelle: str
    ton: str
    lignes: list[LigneSituation]
    total: int
    url: str

    @property
    def reste(self) -> int:
        return self.total - len(self.lignes)


def colonnes_de(
    siennes: AccompagnementQuerySet, noms: Mapping[int, str], parametres: QueryDict
) -> list[ColonneSituations]:
    """The board: one column for each step of an open situation, what is due first on top. One statement."""
    lues = siennes.ouverts().avec_personne().avec_echeances()
    toutes: list[Accompagnement] = sorted(lues.order_by("ouvert_le", "pk")[:MAXIMUM], key=_cle)
    colonnes = []
    for o in ONGLETS[1:-1]:
        dedans = [a for a in toutes if a.etat in o.etats]
        url = adresse_avec(parametres, etape=o.cle, vue="", apres="", avant="")
        lignes = [_ligne(a, noms) for a in dedans[:PAR_COLONNE]]
        colonnes.append(ColonneSituations(o.libelle, TONS[o.etats[0]], lignes, len(dedans), url))
    return colonnes


def lignes_de(siennes: AccompagnementQuerySet, liste: Liste, noms: Mapping[int, str]) -> PageListe:
    """The rows of a tab: what is due first; closed ones by their end. One statement whatever the number.

    `noms`: of the members of the équipe, by account.
    """
    lues = siennes.filter(etat__in=liste.onglet.etats).avec_personne().avec_echeances()
    ordre = ("-fin_le", "-pk") if liste.est_close else ("ouvert_le", "pk")
    toutes: list[Accompagnement] = list(lues.order_by(*ordre)[:MAXIMUM])
    if not liste.est_close:
        toutes.sort(key=_cle)
    if liste.par_personne:
        toutes.sort(key=lambda a: (_principal(a, noms) == SANS_PERSONNE, _principal(a, noms)))
    cles = [_cle(a) for a in toutes]
    debut = _debut(cles, liste)
    lignes = [_ligne(a, noms) for a in toutes[debut : debut + TAILLE]]
    suite = len(toutes) > debut + TAILLE
    avant = cles[debut] if 0 < debut < len(cles) else ""
    return PageListe(lignes, avant, lignes[-1].cle if suite else "", liste.par_personne)


def _debut(cles: list[str], liste: Liste) -> int:
    """Where the page begins: after a row, or the page that ends before one; a row that is gone is found by its key."""
    if liste.apres:
        return _rang(cles, liste.apres, liste) + 1 if liste.apres in cles else _rang(cles, liste.apres, liste)
    if liste.avant:
        return max(0, _rang(cles, liste.avant, liste) - TAILLE)
    return 0


def _rang(cles: list[str], cle: str, liste: Liste) -> int:
    if cle in cles:
        return cles.index(cle)
    if liste.par_personne:
        return 0
    return next((n for n, autre in enumerate(cles) if (autre < cle if liste.est_close else autre > cle)), len(cles))


def _principal(a: Accompagnement, noms: Mapping[int, str]) -> str:
    """Who carries it first; nobody's come last."""
    return next((noms[c] for c in a.suivie_par_ids[:1] if c in noms), SANS_PERSONNE)


def onglets_de(liste: Liste, comptes: Mapping[str, tuple[int, int]], parametres: QueryDict) -> list[Onglet]:
    """The tabs with their counts, whatever the filters; the closed ones are not counted."""
    return [
        Onglet(
            o.libelle,
            adresse_avec(parametres, etape=o.cle, apres="", avant=""),
            None if o.cle == "closes" else total(o, comptes)[0],
            o is liste.onglet,
        )
        for o in ONGLETS
    ]


def vues_de(liste: Liste, parametres: QueryDict) -> list[tuple[str, str, bool]]:
    """(label, address, current): the table, the table by person, the board."""
    fixes = {"apres": "", "avant": ""}
    vues = [
        ("Tableau", adresse_avec(parametres, vue="", par="", **fixes), not liste.colonnes and not liste.par_personne),
        ("Par personne", adresse_avec(parametres, vue="", par="personne", **fixes), liste.par_personne),
        ("Colonnes", adresse_avec(parametres, vue="colonnes", par="", etape="", **fixes), liste.colonnes),
    ]
    return [v for v in vues if not liste.est_close or v[0] == "Tableau"]


def total(onglet: OngletListe, comptes: Mapping[str, tuple[int, int]]) -> tuple[int, int]:
    """(all, those that pass the filters) of a tab."""
    par_etat = [comptes.get(etat, (0, 0)) for etat in onglet.etats]
    return sum(t for t, _ in par_etat), sum(f for _, f in par_etat)


def resume(liste: Liste, comptes: Mapping[str, tuple[int, int]]) -> str:
    """« 7 situations sur 9 », or the count alone when nothing is filtered out."""
    toutes, filtrees = total(liste.onglet, comptes)
    situations = compter(filtrees, "situation", "situations")
    return situations if toutes == filtrees else f"{situations} sur {toutes}"


def _cle(a: Accompagnement) -> str:
    """The key of a row: its day, then its reference."""
    if a.fin_le is not None:
        return f"{a.fin_le.isoformat()}_{a.fiche.reference}"
    e = prochaine(a)
    return f"{e.le.isoformat() if e else _SANS_ECHEANCE}_{a.fiche.reference}"


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
        cle=_cle(a),
        principal=_principal(a, noms),
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
