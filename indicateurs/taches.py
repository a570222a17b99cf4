"""What coordination has to do about bilans, for À faire: one statement."""

from django.urls import reverse

from indicateurs.droits import peut_coordonner
from indicateurs.enums import EtatBilan
from indicateurs.models import Bilan
from partenaires.models import Compte
from socle import horloge
from socle.calendrier import ajouter_mois
from socle.presentation import Delai, Tache

MOIS_POUR_PUBLIER = 1  # after the calculation: later, the figures are old


def taches(compte: Compte) -> list[Tache]:
    """Publish what is calculated, start again what failed; nothing for the others."""
    if not peut_coordonner(compte):
        return []
    return [_tache(bilan) for bilan in Bilan.objects.visibles_par(compte).a_traiter().pour_liste()]


def _tache(bilan: Bilan) -> Tache:
    url = reverse("bilan", args=[bilan.pk])
    if bilan.etat == EtatBilan.ECHEC:
        return Tache(
            titre=f"Relancer le bilan, {bilan.periode.libelle}",
            url=url,
            detail="Le calcul n’a pas abouti",
            action="Relancer",
            delai=Delai.de(horloge.aujourdhui()),
        )
    assert bilan.calcule_le is not None
    return Tache(
        titre=f"Publier le bilan, {bilan.periode.libelle}",
        url=url,
        detail="Le bilan est prêt à relire",
        action="Relire",
        delai=Delai.de(ajouter_mois(horloge.paris(bilan.calcule_le).date(), MOIS_POUR_PUBLIER)),
    )
