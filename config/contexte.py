"""What every template knows: the shell, its entries, and the person who looks."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest

from config.comptages import comptes_de
from config.navigation import coquille_de, navigation_de
from partenaires.models import Compte
from partenaires.parcours.hors_ligne import marque_de
from socle import horloge


def palier(request: HttpRequest) -> dict[str, Any]:
    """`coquille, navigation, non_lues, compte, organisation, role_libelle, marque, aujourdhui, demo`.

    The counts of the rail are one statement, which a page of refusal spares (`config.erreurs`).
    """
    compte = getattr(request, "user", None)
    connu = compte if isinstance(compte, Compte) else None
    comptes = comptes_de(connu) if connu and not getattr(request, "sans_comptes", False) else {}
    return {
        "coquille": coquille_de(connu),
        "navigation": navigation_de(connu, request.path, comptes) if connu else [],
        "non_lues": comptes.get("notifications", (0, False))[0],
        "compte": connu,
        "organisation": connu.organisation_active if connu else None,
        "role_libelle": connu.fonction if connu else "",
        "marque": marque_de(connu) if connu else "",
        "aujourdhui": horloge.aujourdhui(),
        "demo": settings.DEMO,
    }
