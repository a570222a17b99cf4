"""The triage list as it is shown: its tabs, its sorts, its rows. No score, no priority: due dates only."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal

from django.http import QueryDict
from django.urls import reverse

from signalements.echeances import delai_de
from signalements.enums import FINS, Domaine, EtatInstruction
from signalements.models import Fiche
from socle.ecriture import compter, date_courte
from socle.pagination import adresse_avec
from socle.presentation import Delai, Onglet

E = EtatInstruction
Sens = Literal["asc", "desc"]


@dataclass(frozen=True, slots=True)
class OngletTri:
    """A tab: its states, the column that carries the due date there, and the verb of its rows.

    `etapes` of the empty page: what is empty and what would fill it.
    """

    cle: str
    libelle: str
    etats: tuple[str, ...]
    colonne: str
    verbe: str
    vide: str
    vide_texte: str
    sens: Sens = "asc"


ONGLETS: Final[tuple[OngletTri, ...]] = (
    OngletTri(
        "a_etudier", "À étudier", (E.TRANSMISE,), "etudier_avant", "Étudier", "Aucune fiche à étudier",
        "Une fiche transmise par un bailleur ou un partenaire apparaît ici, à étudier sous 5\N{NO-BREAK SPACE}jours "
        "ouvrés.",
    ),
    OngletTri(
        "a_completer", "À compléter", (E.A_COMPLETER,), "etudier_avant", "Ouvrir", "Aucune réponse attendue",
        "Une fiche pour laquelle vous avez demandé un complément attend ici la réponse.",
    ),
    OngletTri(
        "information", "Information à enregistrer", (E.RECEVABLE,), "transmise_le", "Enregistrer",
        "Aucune information à enregistrer",
        "Une fiche recevable attend ici la date à laquelle la personne a été informée.",
    ),
    OngletTri(
        "delai", "Délai d’opposition", (E.DELAI_OPPOSITION,), "delai_jusqua", "Ouvrir", "Aucun délai en cours",
        "Une fiche dont la personne est informée attend ici la fin du délai, sans visite.",
    ),
    OngletTri(
        "a_visiter", "À visiter", (E.A_VISITER,), "delai_jusqua", "Ouvrir", "Aucune première visite à planifier",
        "Une fiche arrive ici à la fin du délai, si la personne ne s’est pas opposée.",
    ),
    OngletTri(
        "terminees", "Terminées", tuple(sorted(FINS)), "fin_le", "Ouvrir", "Aucune fiche terminée",
        "Une fiche non recevable, réorientée, classée ou close reste ici jusqu’à son effacement.", "desc",
    ),
)  # fmt: skip
COURTS: Final[Mapping[str, str]] = {
    Domaine.LOGEMENT: "logement",
    Domaine.SECURITE: "sécurité",
    Domaine.PRESENCE: "présence",
    Domaine.VOISINAGE: "voisinage",
    Domaine.ECHANGES: "échanges",
    Domaine.BAILLEUR: "bailleur",
}
ECHEANCE, RECUE = "echeance", "recue"


@dataclass(frozen=True, slots=True)
class Tri:
    """The tab and the sort that an address asks for; an unknown one is the default."""

    onglet: OngletTri
    critere: str
    sens: Sens

    @classmethod
    def de(cls, parametres: QueryDict) -> "Tri":
        onglet = next((o for o in ONGLETS if o.cle == parametres.get("etat")), ONGLETS[0])
        demande = parametres.get("tri", "")
        critere = demande.lstrip("-")
        if critere not in (ECHEANCE, RECUE):
            return cls(onglet, ECHEANCE, onglet.sens)
        return cls(onglet, critere, "desc" if demande.startswith("-") else "asc")

    @property
    def colonnes(self) -> tuple[str, str]:
        """What `paginer` orders by."""
        colonne = self.onglet.colonne if self.critere == ECHEANCE else "transmise_le"
        moins = "-" if self.sens == "desc" else ""
        return f"{moins}instruction__{colonne}", f"{moins}pk"

    def entetes(self, parametres: QueryDict) -> list[dict[str, Any]]:
        """The two links of the first column head; the current one is turned over by a second click."""
        libelles = {ECHEANCE: "Fin" if self.onglet.cle == "terminees" else "Échéance", RECUE: "Reçue"}
        entetes = []
        for critere, libelle in libelles.items():
            courant = critere == self.critere
            moins = "-" if courant and self.sens == "asc" else ""
            entetes.append(
                {
                    "libelle": libelle,
                    "url": adresse_avec(parametres, tri=f"{moins}{critere}"),
                    "sens": self.sens if courant else "",
                }
            )
        return entetes

    @property
    def phrase(self) -> str:
        """How the list is ordered, said under it."""
        if self.critere == RECUE:
            ordre = "par date de réception, la plus récente d’abord" if self.sens == "desc" else "par date de réception"
        elif self.onglet.cle == "terminees":
            ordre = "par date de fin"
        else:
            ordre = "par échéance" if self.sens == "asc" else "par échéance, la plus lointaine d’abord"
        return f"Classées {ordre}. Palier ne calcule ni score ni priorité à partir des signaux."


@dataclass(frozen=True, slots=True)
class LigneTri:
    """A row: everything is written, the template decides nothing."""

    designation: str
    reference: str
    url: str
    delai: Delai | None
    recue: str
    residence: str
    orienteur: str
    domaines: str
    contexte: tuple[str, ...]
    suivie_par: str
    url_attribuer: str
    verbe: str


def onglets_de(tri: Tri, comptes: Mapping[str, tuple[int, int]], parametres: QueryDict) -> list[Onglet]:
    """The tabs with their counts, whatever the filters; the ended ones are not counted."""
    return [
        Onglet(
            o.libelle,
            adresse_avec(parametres, etat=o.cle, tri=None),
            None if o.cle == "terminees" else total(o, comptes)[0],
            o is tri.onglet,
        )
        for o in ONGLETS
    ]


def total(onglet: OngletTri, comptes: Mapping[str, tuple[int, int]]) -> tuple[int, int]:
    """(all, those that pass the filters) of a tab."""
    par_etat = [comptes.get(etat, (0, 0)) for etat in onglet.etats]
    return sum(t for t, _ in par_etat), sum(f for _, f in par_etat)


def resume(toutes: int, filtrees: int) -> str:
    """« 7 fiches sur 9 », or the count alone when nothing is filtered out."""
    fiches = compter(filtrees, "fiche", "fiches")
    return fiches if toutes == filtrees else f"{fiches} sur {toutes}"


def ligne_de(fiche: Fiche, onglet: OngletTri) -> LigneTri:
    """A row of a fiche read `avec_contenu`, `avec_domaines` and `avec_information`."""
    instruction, residence = fiche.instruction, fiche.residence
    domaines = ", ".join(COURTS[d] for d in _domaines(fiche))
    return LigneTri(
        designation=fiche.designation,
        reference=fiche.reference,
        url=reverse("fiche", args=[fiche.pk]),
        delai=delai_de(instruction),
        recue=f"reçue le {date_courte(instruction.transmise_le)}",
        residence=residence.nom if residence else "",
        orienteur=fiche.orienteur.nom,
        domaines=domaines[:1].upper() + domaines[1:],
        contexte=tuple(_contexte(fiche)),
        suivie_par=instruction.suivie_par.nom_complet if instruction.suivie_par else "",
        url_attribuer="" if instruction.est_finie else reverse("fiche_attribuer", args=[fiche.pk]),
        verbe=onglet.verbe,
    )


def _domaines(fiche: Fiche) -> Sequence[str]:
    return getattr(fiche, "domaines", ())


def _contexte(fiche: Fiche) -> list[str]:
    """Facts, never coloured by gravity; what only triage is shown comes first."""
    faits = []
    if fiche.instruction.opposition_connue_le:
        faits.append("Opposition connue")
    if fiche.instruction.etat in (E.TRANSMISE, E.A_COMPLETER) and getattr(fiche, "informee_le", None):
        faits.append("Personne déjà informée")
    constat = fiche.constat_lisible
    return faits + (constat.contexte_libelles if constat else [])
