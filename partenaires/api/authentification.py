"""Who calls: the access that the middleware recognised, and the scope that the method asks for. Nothing else opens."""

from typing import TYPE_CHECKING

from rest_framework.authentication import BaseAuthentication
from rest_framework.permissions import BasePermission
from rest_framework.request import Request

from partenaires.acces_api import Acces, acces_de
from partenaires.enums import Portee
from partenaires.models import Compte
from socle.api.problemes import Probleme

if TYPE_CHECKING:  # the framework reads this module from its settings, before its own views
    from rest_framework.views import APIView


class ParCle(BaseAuthentication):
    """`Authorization: Bearer palier_…`; a session is never looked at."""

    def authenticate(self, request: Request) -> tuple[Compte, Acces] | None:
        """The technical account and the access; None without a key that opens."""
        acces = acces_de(request._request)
        return (acces.compte, acces) if acces is not None else None

    def authenticate_header(self, request: Request) -> str:
        return 'Bearer realm="Palier"'


class PorteeRequise(BasePermission):
    """The view names the scope of each method: one that it does not name is closed, `""` asks for a key only."""

    def has_permission(self, request: Request, view: "APIView") -> bool:
        acces = request.auth
        if not isinstance(acces, Acces):
            return False
        portees = getattr(view, "portees", {})
        methode = "GET" if request.method == "HEAD" else request.method
        if methode not in portees:
            # A method that the view does not have: the view answers 405.
            return methode not in view.allowed_methods
        portee = portees[methode]
        if portee and portee not in acces.portees:
            raise Probleme("refus", f"Cette clé n’a pas la permission « {Portee(portee).label} » ({portee}).")
        return True


def appelant(request: Request) -> Compte:
    """The technical account that acts in a call."""
    compte = request.user
    if not isinstance(compte, Compte):
        raise TypeError("This view needs a key.")
    return compte
