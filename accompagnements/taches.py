"""What the équipe has to do about its accompagnements, for À faire: tasks, visits of the day, load per person."""

from datetime import timedelta
from typing import Final

from django.urls import reverse

from accompagnements.echeances import Echeance, echeances_de
from accompagnements.enums import Lieu
from accompagnements.models import Accompagnement, Intervenant, Visite
from partenaires.enums import ROLES_EQUIPE, Role
from partenaires.models import Compte
from socle import horloge
from socle.ecriture import heure
from socle.presentation import Delai, Tache, VisiteDuJour

MAXIMUM: Final = 300  # a team has some tens of open situations
HORIZON: Final = timedelta(days=7)  # what is due later is on the pages of the situations
_VOYELLES: Final = "aeiouyàâäéèêëîïôöùûü"


def taches(compte: Compte) -> list[Tache]:
    """Late tasks, and those of the seven days to come; the earliest first. None for another role.

    Six statements whatever the number of rows. Coordination alone decides on a retrait d'accord, which
    `signalements.taches_equipe` tells already: it is not told twice.
    """
    if not compte.a_role(*ROLES_EQUIPE):
        return []
    limite = horloge.aujourdhui() + HORIZON
    siennes = Accompagnement.objects.visibles_par(compte).de_l_equipe(compte.organisation_id).en_main()
    lues = siennes.avec_personne().avec_echeances().avec_intervenants()
    lignes = list(lues.order_by("ouvert_le", "pk")[:MAXIMUM])
    toutes = [
        _tache(a, e)
        for a in lignes
        if a.fiche.locataire_lisible is not None
        for e in echeances_de(a)
        if e.le <= limite and not e.decision
    ]
    return sorted(toutes, key=lambda t: (t.delai.iso, t.objet, t.titre))


def visites_du_jour(compte: Compte) -> list[VisiteDuJour]:
    """The visits of the équipe today, in the order of the day. None for another role."""
    if not compte.a_role(*ROLES_EQUIPE):
        return []
    visites = list(Visite.objects.visibles_par(compte).du_jour(horloge.aujourdhui()).avec_personne())
    noms = Compte.objects.in_bulk({cle for v in visites for cle in v.participants})
    return [_visite(v, [noms[cle] for cle in v.participants if cle in noms]) for v in visites]


def charge_par_personne(compte: Compte) -> dict[int, int]:
    """Open situations per account of the équipe. Empty for another role."""
    if not compte.a_role(*ROLES_EQUIPE) or compte.organisation_id is None:
        return {}
    return Intervenant.objects.all().charge(compte.organisation_id)


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
    principal = a.en_charge[0].compte if a.en_charge else None
    residence = a.fiche.residence.nom if a.fiche.residence else ""
    return Tache(
        titre=phrase(e, a.fiche.designation),
        url=e.url,
        detail=" · ".join(filter(None, [a.fiche.reference, residence, e.detail])),
        action=e.bouton,
        delai=Delai.de(e.le, ouvres=e.ouvres),
        initiales=principal.initiales if principal else "",
        personne=principal.nom_complet if principal else "",
        compte_id=principal.pk if principal else None,
        objet=str(a.fiche_id),
    )


def _visite(visite: Visite, participants: list[Compte]) -> VisiteDuJour:
    fiche = visite.accompagnement.fiche
    lieu = str(Lieu(visite.lieu).label)
    residence = fiche.residence.nom if fiche.residence and visite.lieu == Lieu.DOMICILE else ""
    return VisiteDuJour(
        heure=heure(visite.debut),
        titre=fiche.designation,
        url=reverse("visite", args=[visite.pk]),
        detail=" · ".join(filter(None, [lieu, residence, ", ".join(c.nom_complet for c in participants)])),
        initiales=participants[0].initiales if participants else "",
        personne=participants[0].nom_complet if participants else "",
        ne_pas_y_aller_seul=visite.ne_pas_y_aller_seul,
        objet=str(fiche.pk),
    )
