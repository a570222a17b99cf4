"""The triage list as it is shown: its tabs, its sorts, its rows. No score, no priority: due dates only."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal

from django.http import QueryDict
from django.urls import reverse

from signalements.echeances import delai_de
from signalements.enums import EN_TRI, FINS, Domaine, EtatInstruction
from signalements.models import Fiche, Instruction
from signalements.suite import ton_de
from socle.ecriture import INSECABLE, compter, date_courte, date_relative, jour_de
from socle.horloge import aujourdhui
from socle.pagination import adresse_avec
from socle.presentation import Colonne, Delai, Onglet

E = EtatInstruction
Sens = Literal["asc", "desc"]


@dataclass(frozen=True, slots=True)
class OngletTri:
    """A tab: its states, the column that carries the due date there ("" when it is computed), the verb of its rows.

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
        "en_cours", "Toutes", tuple(EN_TRI), "", "Ouvrir", "Aucune fiche en cours",
        "Une fiche transmise apparaît ici, jusqu’à l’ouverture d’un accompagnement ou à sa fin.",
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
ECHEANCE, RECUE, RESIDENCE, ECHANGE = "echeance", "recue", "residence", "echange"
# Criterion → the column that a list is ordered by, where it does not depend on the tab.
_COLONNES: Final[Mapping[str, str]] = {
    RECUE: "instruction__transmise_le",
    RESIDENCE: "residence_tri",
    ECHANGE: "dernier_echange",
}
_PHRASES: Final[Mapping[tuple[str, str], str]] = {
    (ECHEANCE, "asc"): "par échéance",
    (ECHEANCE, "desc"): "par échéance, la plus lointaine d’abord",
    (RECUE, "asc"): "par date de réception",
    (RECUE, "desc"): "par date de réception, la plus récente d’abord",
    (RESIDENCE, "asc"): "par résidence",
    (RESIDENCE, "desc"): "par résidence, de Z à A",
    (ECHANGE, "asc"): "par dernier échange, le plus ancien d’abord",
    (ECHANGE, "desc"): "par dernier échange, le plus récent d’abord",
}


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
        if critere != ECHEANCE and critere not in _COLONNES:
            return cls(onglet, ECHEANCE, onglet.sens)
        return cls(onglet, critere, "desc" if demande.startswith("-") else "asc")

    @property
    def colonne(self) -> str:
        """The column of the criterion: the due date stands in another one in each state."""
        if self.critere != ECHEANCE:
            return _COLONNES[self.critere]
        return f"instruction__{self.onglet.colonne}" if self.onglet.colonne else "echeance"

    @property
    def colonnes(self) -> tuple[str, str]:
        """What `paginer` orders by."""
        moins = "-" if self.sens == "desc" else ""
        return f"{moins}{self.colonne}", f"{moins}pk"

    def entetes(self, parametres: QueryDict) -> dict[str, list[Colonne]]:
        """The sortable column heads by place; the current one is turned over by a second click."""
        fin = "Fin" if self.onglet.cle == "terminees" else "Échéance"
        return {
            "echeance": [self._entete(parametres, ECHEANCE, fin), self._entete(parametres, RECUE, "Reçue")],
            "residence": [self._entete(parametres, RESIDENCE, "Résidence")],
            "suivi": [self._entete(parametres, ECHANGE, "Dernier échange")],
        }

    def _entete(self, parametres: QueryDict, critere: str, libelle: str) -> Colonne:
        courant = critere == self.critere
        moins = "-" if courant and self.sens == "asc" else ""
        return Colonne(libelle, adresse_avec(parametres, tri=f"{moins}{critere}"), self.sens if courant else "")

    @property
    def place(self) -> str:
        """The column head under which the list is sorted."""
        return {RESIDENCE: "residence", ECHANGE: "suivi"}.get(self.critere, "echeance")

    @property
    def phrase(self) -> str:
        """How the list is ordered, said under it."""
        finies = self.onglet.cle == "terminees" and self.critere == ECHEANCE
        ordre = "par date de fin" if finies else _PHRASES[self.critere, self.sens]
        return f"Classées {ordre}. Palier ne calcule ni score ni priorité à partir des signaux."


@dataclass(frozen=True, slots=True)
class LigneTri:
    """A row: everything is written, the template decides nothing."""

    designation: str
    reference: str
    url: str
    delai: Delai | None
    etat: str
    ton: str
    recue: str
    attente: str
    residence: str
    orienteur: str
    domaines: str
    contexte: tuple[str, ...]
    suivie_par: str
    echange: str
    nouveaux: int
    url_attribuer: str
    verbe: str


def onglets_de(
    tri: Tri, comptes: Mapping[str, tuple[int, int]], parametres: QueryDict, *, filtre: bool
) -> list[Onglet]:
    """The tabs, each with what it will show: the filters stay from one to the next. The ended ones are not counted."""
    return [
        Onglet(
            o.libelle,
            adresse_avec(parametres, etat=o.cle, tri=None),
            None if o.cle == "terminees" else total(o, comptes)[filtre],
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
        etat=str(EtatInstruction(instruction.etat).label) if len(onglet.etats) > 1 else "",
        ton=ton_de(instruction.etat),
        recue=f"reçue le {date_courte(instruction.transmise_le)}",
        attente="" if instruction.est_finie else _attente(instruction),
        residence=residence.nom if residence else "",
        orienteur=fiche.orienteur.nom,
        domaines=domaines[:1].upper() + domaines[1:],
        contexte=tuple(_contexte(fiche)),
        suivie_par=instruction.suivie_par.nom_complet if instruction.suivie_par else "",
        echange=_echange(fiche),
        nouveaux=getattr(fiche, "nouveaux", 0),
        url_attribuer="" if instruction.est_finie else reverse("fiche_attribuer", args=[fiche.pk]),
        verbe=onglet.verbe,
    )


def _attente(instruction: Instruction) -> str:
    """How long the household has been waiting since the fiche was received, in days."""
    jours = (aujourdhui() - jour_de(instruction.transmise_le)).days
    return f"{jours}{INSECABLE}j d’attente" if jours else ""


def _echange(fiche: Fiche) -> str:
    """The last message of the thread, from the side of the équipe; "" when nobody wrote."""
    le = getattr(fiche, "echange_le", None)
    if le is None:
        return ""
    recu = getattr(fiche, "echange_de", None) == fiche.orienteur_id
    return f"Message {'reçu' if recu else 'envoyé'} {date_relative(le)}"


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
