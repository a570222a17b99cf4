"""The base of every view of the API: counted, then authorised, then read; versions in ETag and If-Match."""

from collections.abc import Callable, Mapping
from typing import Any, ClassVar, Final
from uuid import UUID

from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from socle.api.problemes import Erreur, Probleme
from socle.idempotence import repondre_une_fois

IDEMPOTENCE: Final = "Idempotency-Key"


class VueApi(APIView):
    """A view says, for each method, the scope that opens it; a method without one is closed."""

    portees: ClassVar[Mapping[str, str]] = {}

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Count before anything is decided: a key that is refused in a loop is slowed down too."""
        self.format_kwarg = None
        neg = self.perform_content_negotiation(request)
        request.accepted_renderer, request.accepted_media_type = neg
        self.perform_authentication(request)
        self.check_throttles(request)
        self.check_permissions(request)


def corps_de(request: Request) -> dict[str, Any]:
    """The JSON object of a call, which `LecteurJSON` has checked to be one."""
    return dict(request.data)


def version_attendue(request: Request) -> int:
    """The version that `If-Match` names; 428 without it, 400 when it is not one of our ETags."""
    entete = request.headers.get("If-Match", "").strip()
    if not entete:
        raise Probleme("version-requise", "Cette requête demande l’en-tête « If-Match ».")
    numero = entete.removeprefix('"').removesuffix('"')
    if entete != etag(numero) or not (numero.isascii() and numero.isdigit() and len(numero) < 10):
        erreur = Erreur("Renvoyez l’ETag tel que vous l’avez reçu, guillemets compris.", parametre="If-Match")
        raise Probleme("requete-illisible", "L’en-tête « If-Match » n’est pas un ETag de Palier.", [erreur])
    return int(numero)


def etag(version: int | str) -> str:
    """The ETag of a version."""
    return f'"{version}"'


def une_fois(
    request: Request,
    *,
    action: str,
    corps: Mapping[str, Any],
    faire: Callable[[], tuple[object, Response]],
) -> Response:
    """Answer a creating call once: the same key and the same body get the very same answer for seven days.

    `faire` gives (identifier of the object, answer). 400 without a key, 409 while the first call is going on,
    422 when the key has served for another body.
    """

    def faire_et_dire() -> tuple[object, dict[str, Any]]:
        objet_id, reponse = faire()
        garde = {nom: reponse.headers[nom] for nom in ("ETag", "Location") if nom in reponse.headers}
        return objet_id, {"statut": reponse.status_code, "corps": reponse.data, "entetes": garde}

    compte_id = request.user.pk
    assert compte_id is not None
    dite = repondre_une_fois(_cle(request), compte_id=compte_id, action=action, corps={**corps}, faire=faire_et_dire)
    return Response(dite["corps"], status=dite["statut"], headers=dite["entetes"])


def _cle(request: Request) -> UUID:
    try:
        return UUID(request.headers.get(IDEMPOTENCE, ""))
    except ValueError:
        erreur = Erreur("Un UUID, nouveau pour chaque requête nouvelle.", parametre=IDEMPOTENCE)
        detail = f"Cette requête demande l’en-tête « {IDEMPOTENCE} », un UUID."
        raise Probleme("requete-illisible", detail, [erreur]) from None
