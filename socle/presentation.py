"""What the components show: small immutable rows made by views, drawn by `templates/composants/`.

Templates decide nothing: a view gives the words, the address, the state. Codes of state are those of the
component's classes in `static/palier/`.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal, Self

from socle import calendrier, ecriture
from socle.horloge import aujourdhui

EtatDelai = Literal["a_venir", "jour", "retard", "fait"]
NiveauLecture = Literal["", "partagee", "equipe", "clinique"]

_JOURS_PROCHES = 7


@dataclass(frozen=True)
class Delai:
    """A due date as it is said: "2 j de retard", "Aujourd’hui", "jeu. 24 sept.", or done on a day."""

    etat: EtatDelai
    libelle: str
    iso: str

    @property
    def en_retard(self) -> bool:
        """Whether it counts among what is late."""
        return self.etat == "retard"

    @classmethod
    def fait_le(cls, jour: date | datetime) -> Self:
        """What is done, with its day."""
        jour = ecriture.jour_de(jour)
        return cls("fait", ecriture.date_courte(jour), jour.isoformat())

    @classmethod
    def de(cls, echeance: date | datetime, *, ouvres: bool = False) -> Self:
        """The delay of `echeance` seen today; lateness is counted in working days when the rule is.

        A date within 7 days bears its weekday; further, the day and the month are enough.
        """
        echeance = ecriture.jour_de(echeance)
        jour = aujourdhui()
        iso = echeance.isoformat()
        if echeance < jour:
            passes = calendrier.jours_ouvres_entre(echeance, jour) if ouvres else (jour - echeance).days
            return cls("retard", f"{max(passes, 1)}{ecriture.INSECABLE}j de retard", iso)
        restants = (echeance - jour).days
        if restants == 0:
            return cls("jour", "Aujourd’hui", iso)
        if restants == 1:
            return cls("a_venir", "Demain", iso)
        if restants <= _JOURS_PROCHES:
            return cls("a_venir", ecriture.date_dense(echeance), iso)
        return cls("a_venir", ecriture.date_moyenne(echeance), iso)


@dataclass(frozen=True)
class EntreeFrise:
    """A line of a timeline. `niveau` draws the mark of confidentiality; `avec_heure` writes the hour."""

    titre: str
    quand: date | datetime
    icone: str
    texte: str = ""
    etat: Literal["fait", "prevu", "neutre"] = "neutre"
    niveau: NiveauLecture = ""
    url: str = ""
    avec_heure: bool = False
    quand_libelle: str = ""


@dataclass(frozen=True)
class Etape:
    """A step of a path."""

    libelle: str
    etat: Literal["faite", "courante", "a_venir"]
    le: date | None = None


@dataclass(frozen=True)
class Tache:
    """A row of À faire: delay, what to do (verb and person), why, and a button with the same verb.

    `compte_id`: whose task it is (nobody's: anybody of the team), named by the page that knows the team; `objet`:
    the identifier that the journal of reads takes when the row names a person.
    """

    titre: str
    url: str
    detail: str
    action: str
    delai: Delai
    initiales: str = ""
    personne: str = ""
    compte_id: int | None = None
    objet: str = ""


@dataclass(frozen=True)
class VisiteDuJour:
    """A visit of `jour` beside À faire. `heure` is a text ("10 h 30"), `objet` what the journal of reads takes.

    `participants` are accounts; the page that knows the team names the first in `initiales` and `personne`.
    """

    heure: str
    titre: str
    url: str
    detail: str = ""
    participants: tuple[int, ...] = ()
    initiales: str = ""
    personne: str = ""
    ne_pas_y_aller_seul: bool = False
    objet: str = ""
    jour: date | None = None


@dataclass(frozen=True)
class Chiffre:
    """A key figure with its base; `secret` hides it ("masqué")."""

    libelle: str
    valeur: str
    precision: str = ""
    secret: bool = False


@dataclass(frozen=True)
class Onglet:
    """A tab: a link to a page."""

    libelle: str
    url: str
    nombre: int | str | None = None
    courant: bool = False


@dataclass(frozen=True)
class TextesEnConflit:
    """A field that two people changed: mine, and what stands now."""

    libelle: str
    mien: str
    autre: str


@dataclass(frozen=True)
class Colonne:
    """A column head; sortable when it has an address. `sens` is that of the current sort, if it is this one."""

    libelle: str
    url: str = ""
    sens: Literal["", "asc", "desc"] = ""
    numerique: bool = False


@dataclass(frozen=True)
class Menu:
    """A `<details>` menu of links ("Autres actions"); `dangereux` is drawn apart."""

    libelle: str
    liens: Sequence[tuple[str, str]] = field(default_factory=tuple)
