"""The other fiches of the équipe that may be about the same person: what the fiche shows beside it."""

from dataclasses import dataclass

from django.urls import reverse

from partenaires.models import Compte
from signalements.enums import EtatInstruction, Verdict
from signalements.models import Fiche, Locataire, Rapprochement
from signalements.ressemblances import Identite, Raison, raison_de
from socle.ecriture import date_courte, jour_de
from socle.lots import lire_ensemble

MONTREES = 5  # undecided ones; the others are behind the first decisions
_ORDRE = list(Raison)


@dataclass(frozen=True, slots=True)
class Voisine:
    """A fiche beside another: why it is shown, what was decided of the two."""

    fiche: Fiche
    raison: Raison | None
    decision: Rapprochement | None
    url: str

    @property
    def phrase(self) -> str:
        """« Même nom, même date de naissance »: what was decided, otherwise why they are shown together."""
        if self.decision is not None:
            return str(self.decision.get_motif_display() or self.decision.get_verdict_display())
        return str(self.raison.label) if self.raison else ""

    @property
    def etat(self) -> str:
        """« Accompagnée, reçue le 3 sept. »"""
        i = self.fiche.instruction
        return f"{EtatInstruction(i.etat).label}, reçue le {date_courte(jour_de(i.transmise_le))}"


@dataclass(frozen=True, slots=True)
class Voisinage:
    """Fiches of the same person, fiches to compare, fiches kept apart."""

    ensemble: list[Voisine]
    a_comparer: list[Voisine]
    a_part: list[Voisine]


def voisinage_de(f: Fiche, compte: Compte) -> Voisinage:
    """One statement; nothing beside a fiche whose content is hidden or erased, and nothing hidden beside another."""
    locataire = f.locataire_lisible
    if locataire is None:
        return Voisinage([], [], [])
    lues = lire_ensemble(
        fiches=Fiche.objects.visibles_par(compte).a_comparer(f, locataire),
        decisions=Rapprochement.objects.visibles_par(compte).en_vigueur().de_la_fiche(f.pk),
    )
    decisions = {d.autre_que(f.pk): d for d in lues["decisions"]}
    elle = identite_comparee(f, locataire)
    voisines = [
        Voisine(autre, raison_de(elle, identite_comparee(autre, autre.locataire_lisible)), decisions.get(autre.pk),
                reverse("fiche_comparer", args=[f.pk, autre.pk]))
        for autre in lues["fiches"]
        if autre.locataire_lisible is not None
    ]  # fmt: skip
    a_comparer = [v for v in voisines if v.raison and v.decision is None]
    return Voisinage(
        ensemble=[v for v in voisines if v.decision and v.decision.verdict == Verdict.ENSEMBLE],
        a_comparer=sorted(a_comparer, key=lambda v: _ORDRE.index(v.raison))[:MONTREES],  # type: ignore[arg-type]
        a_part=[v for v in voisines if v.decision and v.decision.verdict == Verdict.A_PART],
    )


def identite_comparee(f: Fiche, locataire: Locataire) -> Identite:
    """What two fiches are compared on."""
    return Identite(
        nom=locataire.nom,
        prenom=locataire.prenom,
        naissance=locataire.date_naissance,
        telephone=locataire.telephone,
        residence=f.residence_id,
        batiment=locataire.batiment,
        porte=locataire.porte,
        recue_le=jour_de(f.transmise_le) if f.transmise_le else None,
    )
