"""*Ma journée*: the visits of today with their address and their alert, what is to be written, whose answer waits."""

from dataclasses import dataclass, field
from datetime import date
from typing import Final

from django.urls import reverse

from accompagnements.echeances import Echeance, echeances_de
from accompagnements.enums import EtatOrientation, EtatVisite, Lieu
from accompagnements.models import Accompagnement
from accompagnements.models.lectures import VisiteEnVue
from accompagnements.taches import MAXIMUM, a_montrer, phrase
from partenaires.models import Compte
from socle import horloge
from socle.ecriture import heure, jour_de
from socle.presentation import Delai

# What is told once it happened, by the route of its page.
ECRITS: Final = frozenset({"Rendre compte", "Remplir", "Écrire"})


@dataclass(frozen=True, slots=True)
class VisiteDeMaJournee:
    """A visit of today: where exactly, with whom, and whether not to go alone."""

    debut: str
    fin: str
    titre: str
    reference: str
    url: str
    lieu: str
    adresse: str
    logement: str
    participants: tuple[int, ...]
    seul: bool
    etat: str
    a_rendre: bool


@dataclass(frozen=True, slots=True)
class LigneDeMaJournee:
    """Something to write, to wait for or to do: what, its page, its reference, its delay."""

    titre: str
    url: str
    reference: str
    delai: Delai
    bouton: str = "Ouvrir"


@dataclass(slots=True)
class Journee:
    """What a person does today, for herself and for whom she covers."""

    visites: list[VisiteDeMaJournee] = field(default_factory=list)
    a_ecrire: list[LigneDeMaJournee] = field(default_factory=list)
    attendues: list[LigneDeMaJournee] = field(default_factory=list)
    a_faire: list[LigneDeMaJournee] = field(default_factory=list)
    fiches: list[str] = field(default_factory=list)  # what the journal of reads takes


def journee_de(compte: Compte, pour: frozenset[int]) -> Journee:
    """The day of the accounts of `pour` (herself, and whom she covers), in the order of the hours; one statement."""
    jour = horloge.aujourdhui()
    siens = Accompagnement.objects.visibles_par(compte).de_l_equipe(compte.organisation_id).en_main_ou_visites(jour)
    lus = siens.avec_personne().avec_echeances().order_by("ouvert_le", "pk")[:MAXIMUM]
    lignes = [a for a in lus if a.fiche.locataire_lisible is not None]
    journee = Journee()
    visites = [
        (v, a) for a in lignes for v in a.visites_du(jour) if not pour.isdisjoint(v.participants)
    ]  # fmt: skip
    visites.sort(key=lambda va: (va[0].debut, va[0].pk))
    journee.visites = [_visite(v, a) for v, a in visites]
    siennes = [a for a in lignes if not pour.isdisjoint(a.suivie_par_ids)]
    for a in siennes:
        for e in a_montrer(a):
            if e.le > jour or e.decision:
                continue
            if e.bouton in ECRITS:
                journee.a_ecrire.append(_ligne(a, e))
            elif e.bouton != "Ouvrir la visite":
                journee.a_faire.append(_ligne(a, e))
        journee.attendues += _attendues(a)
    for liste in (journee.a_ecrire, journee.attendues, journee.a_faire):
        liste.sort(key=lambda ligne: (ligne.delai.iso, ligne.reference, ligne.titre))
    vues = [a for _, a in visites] + siennes
    journee.fiches = list(dict.fromkeys(str(a.fiche_id) for a in vues))
    return journee


def _ligne(a: Accompagnement, e: Echeance) -> LigneDeMaJournee:
    titre = phrase(e, a.fiche.designation)
    return LigneDeMaJournee(titre, e.url, a.fiche.reference, Delai.de(e.le, ouvres=e.ouvres), e.bouton)


def _attendues(a: Accompagnement) -> list[LigneDeMaJournee]:
    """Answers that others owe on this situation: partners, and the bailleur on dates."""
    lues = [
        _reponse(a, o.destinataire or "Un partenaire", reverse("orientation", args=[o.pk]), o.repondre_avant)
        for o in a.orientations_en_vue
        if o.etat == EtatOrientation.ENVOYEE and o.repondre_avant is not None
    ]
    dates = a.dates_proposees
    if dates is not None and dates[0] == "ouverte":
        lues.append(_reponse(a, a.fiche.orienteur.nom, reverse("situation_visites", args=[a.pk]), dates[1]))
    return lues


def _reponse(a: Accompagnement, qui: str, url: str, avant: date) -> LigneDeMaJournee:
    return LigneDeMaJournee(f"{qui}, pour {a.fiche.designation}", url, a.fiche.reference, Delai.de(avant))


def _visite(v: VisiteEnVue, a: Accompagnement) -> VisiteDeMaJournee:
    residence, locataire = a.fiche.residence, a.fiche.locataire_lisible
    chez = v.lieu == Lieu.DOMICILE and residence is not None
    assert locataire is not None
    return VisiteDeMaJournee(
        debut=heure(v.debut),
        fin=heure(v.fin),
        titre=a.fiche.designation,
        reference=a.fiche.reference,
        url=reverse("visite", args=[v.pk]),
        lieu=str(Lieu(v.lieu).label),
        adresse=f"{residence.nom}, {residence.adresse}, {residence.code_postal}" if chez and residence else "",
        logement=locataire.logement if chez else "",
        participants=tuple(v.participants),
        seul=v.ne_pas_y_aller_seul or a.ne_pas_y_aller_seul,
        etat=str(EtatVisite(v.etat).label),
        a_rendre=v.est_prevue and v.fin <= horloge.maintenant(),
    )


@dataclass(slots=True)
class ChargeDe:
    """What one person carries: open situations by step, visits of the week, what is late."""

    par_etat: dict[str, int] = field(default_factory=dict)
    visites: int = 0
    retards: int = 0

    @property
    def situations(self) -> int:
        return sum(self.par_etat.values())


def charge_de(compte: Compte, lundi: date, dimanche: date) -> dict[int, ChargeDe]:
    """By account of the équipe; what is late is the principal's. One statement, whatever the number."""
    siens = Accompagnement.objects.visibles_par(compte).de_l_equipe(compte.organisation_id).ouverts()
    lus = siens.avec_personne().avec_echeances().order_by("ouvert_le", "pk")[:MAXIMUM]
    jour = horloge.aujourdhui()
    charge: dict[int, ChargeDe] = {}
    for a in lus:
        for cle in a.suivie_par_ids:
            sienne = charge.setdefault(cle, ChargeDe())
            sienne.par_etat[a.etat] = sienne.par_etat.get(a.etat, 0) + 1
        if a.suivie_par_ids:
            charge[a.suivie_par_ids[0]].retards += sum(e.le < jour and not e.decision for e in echeances_de(a))
        for v in a.visites_en_vue:
            if lundi <= jour_de(v.debut) <= dimanche:
                for cle in v.participants:
                    charge.setdefault(cle, ChargeDe()).visites += 1
    return charge
