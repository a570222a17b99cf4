"""The chain of the journal, recomputed in Python: it does not trust the SQL that wrote it.

The canonical text is the one of `socle/sql/droit_apres.sql`. A chain cannot see its own tail cut: its head (table
`Tete`) and its seals (`Sceau`, also kept outside the database) are compared too.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, timedelta

from django.conf import settings

from socle import horloge
from socle.calendrier import ajouter_mois
from socle.models import Evenement, Sceau, Tete

LOT = 2000
DELAI_DE_SCEAU = timedelta(days=2)  # a month's last entry is sealed on the day after


@dataclass(frozen=True, slots=True)
class Rupture:
    """The first broken link of a chain: organisation, sequence, and what is wrong, in French."""

    organisation_id: int
    sequence: int
    raison: str

    def __str__(self) -> str:
        return f"Organisation {self.organisation_id}, maillon {self.sequence} : {self.raison}"


@dataclass(frozen=True, slots=True)
class Bilan:
    """What a verification saw."""

    organisations: int
    evenements: int
    ruptures: tuple[Rupture, ...]


def champ(valeur: object) -> str:
    """One length-prefixed field (length in characters); None is told apart from an empty text."""
    if valeur is None:
        return "-;"
    texte = str(valeur)
    return f"{len(texte)}:{texte};"


def empreinte(precedente: bytes, evenement: Evenement) -> bytes:
    """SHA-256 of the previous link and of the canonical text of this entry."""
    le = evenement.le.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%f")
    texte = "".join(
        champ(valeur)
        for valeur in (
            evenement.organisation_id,
            evenement.sequence,
            evenement.id,
            le,
            evenement.compte_id,
            evenement.session,
            evenement.action,
            evenement.objet_type,
            ",".join(evenement.objets),
            evenement.issue,
            evenement.motif,
        )
    )
    return hashlib.sha256(precedente + texte.encode()).digest()


def verifier() -> Bilan:
    """Every chain: one rupture at most for each, the first. Runs as `palier_systeme`.

    Heads are read first: what is written meanwhile comes after them and is checked as well.
    """
    tetes = {t.organisation_id: t for t in Tete.objects.all()}
    sceaux: dict[int, dict[int, Sceau]] = {}
    for sceau in Sceau.objects.all():
        sceaux.setdefault(sceau.organisation_id, {})[sceau.sequence] = sceau
    chaines = set(tetes) | set(sceaux) | set(Evenement.objects.organisations())
    ruptures, evenements = [], 0
    for organisation_id in sorted(chaines):
        lus, rupture = _verifier_chaine(organisation_id, tetes.get(organisation_id), sceaux.get(organisation_id, {}))
        evenements += lus
        if rupture is not None:
            ruptures.append(rupture)
    return Bilan(len(chaines), evenements, tuple(ruptures))


def ancrer() -> list[Sceau]:
    """Seal the heads that are not sealed yet, and return every seal of the present heads, to be kept elsewhere."""
    faits = []
    for tete in Tete.objects.order_by("organisation_id"):
        if tete.sequence == 0:
            continue
        sceau, _ = Sceau.objects.get_or_create(
            organisation_id=tete.organisation_id,
            sequence=tete.sequence,
            defaults={"empreinte": bytes(tete.empreinte)},
        )
        faits.append(sceau)
    return faits


def _verifier_chaine(
    organisation_id: int, tete: Tete | None, sceaux: Mapping[int, Sceau]
) -> tuple[int, Rupture | None]:
    lus, attendue, precedente = 0, 1, b""

    def rompue(sequence: int, raison: str) -> tuple[int, Rupture]:
        return lus, Rupture(organisation_id, sequence, raison)

    for evenement in Evenement.objects.de_la_chaine(organisation_id).iterator(chunk_size=LOT):
        sequence = evenement.sequence or 0
        if lus == 0 and sequence > 1 and _perime(sceaux.get(sequence - 1)):
            attendue, precedente = sequence, bytes(sceaux[sequence - 1].empreinte)
        if sequence != attendue:
            return rompue(attendue, "il manque, ou sa place est prise")
        calculee = empreinte(precedente, evenement)
        if bytes(evenement.empreinte or b"") != calculee:
            return rompue(sequence, "son contenu ne correspond pas à son empreinte")
        if sequence in sceaux and bytes(sceaux[sequence].empreinte) != calculee:
            return rompue(sequence, "il contredit le sceau gardé pour lui")
        if tete is not None and sequence == tete.sequence and bytes(tete.empreinte) != calculee:
            return rompue(sequence, "la tête de la chaîne porte une autre empreinte")
        lus, attendue, precedente = lus + 1, sequence + 1, calculee
    connue = max([tete.sequence if tete else 0, *sceaux])
    if lus == 0 and tete is not None and _perime(sceaux.get(tete.sequence)):
        return lus, None  # nothing new since the last detached partition
    if connue >= attendue:
        return rompue(attendue, "la fin de la chaîne manque")
    if tete is None and lus:
        return rompue(attendue - 1, "la tête de la chaîne a disparu")
    return lus, None


def _perime(sceau: Sceau | None) -> bool:
    """Whether what a seal closes has reached its retention: only then may it be missing from the table."""
    if sceau is None:
        return False
    limite = ajouter_mois(horloge.aujourdhui(), -settings.JOURNAL_CONSERVATION_MOIS) + DELAI_DE_SCEAU
    return horloge.paris(sceau.le).date() <= limite
