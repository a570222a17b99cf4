"""What the équipe has to do about its accompagnements, for À faire: tasks, visits of the day, load per person."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Final

from django.urls import reverse

from accompagnements import lectures
from accompagnements.echeances import Echeance, echeances_de
from accompagnements.enums import OUVERTS, Lieu
from accompagnements.models import Accompagnement, Decision, InvitationConcertation, PropositionDeVisite
from accompagnements.models.lectures import VisiteEnVue
from partenaires.enums import ROLES_EQUIPE, Role
from partenaires.models import Compte
from socle import horloge
from socle.ecriture import date_heure, date_moyenne, heure, jour_de
from socle.lots import lire_ensemble
from socle.presentation import Delai, Tache, VisiteDuJour

MAXIMUM: Final = 500  # a team has some tens of open situations
HORIZON: Final = timedelta(days=7)  # what is due later is on the pages of the situations
_VOYELLES: Final = "aeiouyàâäéèêëîïôöùûü"


@dataclass(frozen=True, slots=True)
class Alerte:
    """A visit that nobody closed two hours after its end: who has not come out (accounts), and its page."""

    titre: str
    url: str
    quand: str
    comptes: tuple[int, ...]
    objet: str


@dataclass(slots=True)
class Suivi:
    """What À faire shows of the situations: late tasks and those of seven days, the visits of the day in order (of the
    next day that has one within the week, when today has none), and how many open situations each account carries.
    People are accounts: the page names them.
    """

    taches: list[Tache] = field(default_factory=list)
    visites: list[VisiteDuJour] = field(default_factory=list)
    charge: dict[int, int] = field(default_factory=dict)
    alertes: list[Alerte] = field(default_factory=list)


def suivi_de(compte: Compte) -> Suivi:
    """Two statements, whatever the number of rows; nothing for another role.

    Coordination alone decides on a retrait d'accord, which `signalements.taches_equipe` tells already: it is not
    told twice.
    """
    if not compte.a_role(*ROLES_EQUIPE):
        return Suivi()
    jour = horloge.aujourdhui()
    siens = Accompagnement.objects.visibles_par(compte).de_l_equipe(compte.organisation_id).en_main_ou_visites(jour)
    lus = siens.avec_personne().avec_echeances().order_by("ouvert_le", "pk")[:MAXIMUM]
    lignes = [a for a in lus if a.fiche.locataire_lisible is not None]
    dues = [(a, e) for a in lignes for e in a_montrer(a) if e.le <= jour + HORIZON and not e.decision]
    visites = sorted(
        ((v, a) for a in lignes for v in a.visites_en_vue if jour <= jour_de(v.debut) <= jour + HORIZON),
        key=lambda va: (va[0].debut, va[0].pk),
    )
    autour = lire_ensemble(
        decisions=Decision.objects.visibles_par(compte).dues_avant(jour + HORIZON)[:MAXIMUM],
        lectures=lectures.a_revoir(compte),
    )
    decisions = [_decision(d) for d in autour["decisions"] if d.accompagnement.fiche.locataire_lisible is not None]
    revue = lectures.tache(compte, autour["lectures"])
    return Suivi(
        taches=sorted(
            [*(_tache(a, e) for a, e in dues), *decisions, *filter(None, [revue])],
            key=lambda t: (t.delai.iso, t.objet, t.titre),
        ),
        visites=[_visite(v, a) for v, a in visites if jour_de(v.debut) == jour_de(visites[0][0].debut)],
        alertes=_alertes(compte, lignes),
        charge=Counter(c for a in lignes if a.etat in OUVERTS for c in a.suivie_par_ids),
    )


def _alertes(compte: Compte, lignes: list[Accompagnement]) -> list[Alerte]:
    """What coordination is worried about; the others read it on their own day."""
    if not peut_decider(compte):
        return []
    maintenant = horloge.maintenant()
    alertes = [
        Alerte(
            a.fiche.designation, reverse("visite", args=[v.pk]), date_heure(v.fin), tuple(v.a_attendre(maintenant)),
            str(a.fiche_id),
        )
        for a in lignes
        for v in a.visites_en_vue
        if a.etat in OUVERTS and v.a_attendre(maintenant)
    ]  # fmt: skip
    return sorted(alertes, key=lambda alerte: alerte.quand)


def taches_du_referent(compte: Compte) -> list[Tache]:
    """What a référent has to do about a first visit: choose a date, then come; one statement."""
    if not compte.a_role(Role.REFERENT, Role.RESPONSABLE):
        return []
    jour = horloge.aujourdhui()
    siennes = PropositionDeVisite.objects.visibles_par(compte).a_venir(horloge.a_paris(jour, 0)).avec_fiche()
    lues = siennes.order_by("repondre_avant", "pk")[:MAXIMUM]
    taches = [_rendez_vous(p) for p in lues if p.retenu is None or jour_de(p.retenu) <= jour + HORIZON]
    return sorted(taches, key=lambda t: (t.delai.iso, t.titre))


def _rendez_vous(p: PropositionDeVisite) -> Tache:
    locataire, residence = p.fiche.locataire_lisible, p.fiche.residence
    qui = locataire.nom_bref if locataire else p.fiche.reference
    lieu = residence.nom if residence else ""
    url = reverse("rendez_vous", args=[p.pk])
    if p.retenu is None:
        detail = ", ".join(filter(None, [p.fiche.reference, lieu, "des dates vous sont proposées"]))
        delai = Delai.de(p.repondre_avant, ouvres=True)
        return Tache(
            f"Choisir une date pour la première visite de {qui}", url, detail, "Choisir", delai, objet=str(p.fiche_id)
        )
    detail = ", ".join(filter(None, [p.fiche.reference, lieu, date_heure(p.retenu)]))
    return Tache(f"Aller à la première visite de {qui}", url, detail, "Voir", Delai.de(p.retenu), objet=str(p.fiche_id))


def a_montrer(a: Accompagnement) -> list[Echeance]:
    """What is due on a situation that this person reads; the next step alone on a line whose content is kept."""
    return echeances_de(a)[:1] if a.est_reserve else echeances_de(a)


def taches_des_concertations(compte: Compte) -> list[Tache]:
    """Invitations without an answer, for a bailleur. One statement."""
    if not compte.a_role(Role.REFERENT, Role.RESPONSABLE):
        return []
    siennes = InvitationConcertation.objects.visibles_par(compte).avec_concertation().sans_reponse()
    return [_invitation(i) for i in siennes.a_venir(horloge.maintenant())]


def peut_decider(compte: Compte) -> bool:
    """Whether the person decides on a retrait d'accord."""
    return compte.a_role(Role.COORDINATION)


def phrase(echeance: Echeance, qui: str) -> str:
    """« Planifier la première visite de Mme Maquette », with the elision that a vowel asks for."""
    liaison = echeance.liaison
    if liaison == "de" and qui[:1].lower() in _VOYELLES:
        return f"{echeance.action} d’{qui}"
    return f"{echeance.action} {liaison} {qui}"


def _tache(a: Accompagnement, e: Echeance) -> Tache:
    residence = a.fiche.residence.nom if a.fiche.residence else ""
    return Tache(
        titre=phrase(e, a.fiche.designation),
        url=e.url,
        detail=" · ".join(filter(None, [a.fiche.reference, residence, e.detail])),
        action=e.bouton,
        delai=Delai.de(e.le, ouvres=e.ouvres),
        compte_id=next(iter(a.suivie_par_ids), None),
        objet=str(a.fiche_id),
    )


def _decision(d: Decision) -> Tache:
    fiche = d.accompagnement.fiche
    residence = fiche.residence.nom if fiche.residence else ""
    return Tache(
        titre=f"Donner suite à une décision pour {fiche.designation}",
        url=reverse("point_concertation", args=[d.point_id]),
        detail=" · ".join(filter(None, [fiche.reference, residence, "décidé en concertation"])),
        action="Donner suite",
        delai=Delai.de(d.avant_le),
        compte_id=d.responsable_id,
        objet=str(fiche.pk),
    )


def _invitation(i: InvitationConcertation) -> Tache:
    return Tache(
        titre="Répondre à une invitation",
        url=reverse("concertation_recue", args=[i.pk]),
        detail=f"{i.equipe.nom}, {date_moyenne(i.concertation.debut)}",
        action="Répondre",
        delai=Delai.de(jour_de(i.concertation.debut)),
        compte_id=None,
        objet="",
    )


def _visite(visite: VisiteEnVue, a: Accompagnement) -> VisiteDuJour:
    lieu = str(Lieu(visite.lieu).label)
    residence = a.fiche.residence.nom if a.fiche.residence and visite.lieu == Lieu.DOMICILE else ""
    return VisiteDuJour(
        jour=jour_de(visite.debut),
        heure=heure(visite.debut),
        titre=a.fiche.designation,
        url=reverse("visite", args=[visite.pk]),
        detail=" · ".join(filter(None, [lieu, residence])),
        participants=tuple(visite.participants),
        ne_pas_y_aller_seul=visite.ne_pas_y_aller_seul,
        objet=str(a.fiche_id),
    )
