"""Two versions of a contract side by side: what stayed, what came, what is no longer there. From frozen data alone."""

from dataclasses import dataclass
from datetime import date
from typing import Literal

from accompagnements.enums import IssueContrat, ModeSignature, Signataire
from accompagnements.models import Contrat
from socle.ecriture import date_moyenne


@dataclass(frozen=True, slots=True)
class Ligne:
    """One thing that both versions may hold: its words in each, "" where it does not stand."""

    titre: str
    avant: str
    apres: str
    difference: Literal["", "ajoute", "retire", "change"]


def comparer(avant: Contrat, apres: Contrat) -> list[Ligne]:
    """The terms, then the objectives: those of both, those that came, those that left."""
    anciens, nouveaux = _objectifs(avant), _objectifs(apres)
    communs = [o for o in anciens if o in nouveaux]
    ajoutes, retires = [o for o in nouveaux if o not in anciens], [o for o in anciens if o not in nouveaux]
    termes = zip(_termes(avant), _termes(apres), strict=True)
    return [
        *(Ligne(titre, a, b, "change" if a != b else "") for (titre, a), (_, b) in termes),
        *(Ligne(axe, texte, texte, "") for axe, texte in communs),
        *(Ligne(axe, "", texte, "ajoute") for axe, texte in ajoutes),
        *(Ligne(axe, texte, "", "retire") for axe, texte in retires),
    ]


def _objectifs(contrat: Contrat) -> list[tuple[str, str]]:
    return [(o["axe"], o["texte"]) for o in contrat.donnees["objectifs"]]


def _termes(contrat: Contrat) -> list[tuple[str, str]]:
    d = contrat.donnees
    signe = contrat.issue == IssueContrat.SIGNE
    qui = str(Signataire(d["signataire"]).label) if signe else ""
    return [
        ("Date", date_moyenne(date.fromisoformat(d["date"]))),
        ("Issue", str(IssueContrat(contrat.issue).label)),
        ("Jusqu’au", date_moyenne(date.fromisoformat(d["jusqu_au"])) if signe else ""),
        ("Signé par", f"{qui} ({d['mandataire']})" if signe and d["mandataire"] else qui),
        ("Signature", str(ModeSignature(d["mode"]).label) if signe else ""),
        ("Pour l’équipe", d["membre"]),
    ]
