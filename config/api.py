"""The routes of `/api/v1/`, the OpenAPI document, and what every call there is answered when nothing else does."""

from functools import cache
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import URLPattern, include, path, re_path
from django.views.decorators.http import require_safe
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.exceptions import NotFound
from rest_framework.request import Request
from rest_framework.response import Response

from partenaires.api import description as _description  # noqa: F401  registers how the key is named
from partenaires.api.lectures import VueAcces, VueResidences
from signalements.api.suites import VueComplement, VueGrille, VueInformation
from signalements.api.vues import VueBrouillons, VueFiche, VueFiches, VueSaisie, VueTransmission
from socle.api.problemes import GENRES, adresse_de, en_francais
from socle.api.vues import VueApi

DESCRIPTION = """Pour le logiciel d’un bailleur : déposer une fiche de signalement, la compléter, la transmettre à
l’équipe dédiée, lire son statut neutre, enregistrer l’information de la personne.

Palier n’est pas un service d’urgence. En cas de danger, appelez le 15, le 17, le 18 ou le 112 ; en cas d’idées de
suicide, le 3114 ; pour un enfant en danger, le 119.

Chaque requête porte une clé. Les dates s’écrivent AAAA-MM-JJ et sont celles de Paris ; les instants portent leur
décalage. Un refus est un « application/problem+json » en français, et ce qui est refusé n’a rien écrit."""


class GenreSerializer(serializers.Serializer[Any]):
    """A kind of problem."""

    type = serializers.URLField()
    title = serializers.CharField()
    status = serializers.IntegerField()
    que_faire = serializers.CharField()


class VueProbleme(VueApi):
    """What a kind of problem means; open to all, nothing in it is about anybody."""

    authentication_classes = ()
    permission_classes = ()
    throttle_classes = ()

    @extend_schema(
        operation_id="lire_probleme",
        summary="Ce que veut dire un refus",
        description="L’adresse que porte le membre « type » d’un refus.",
        tags=["Description"],
        auth=[],
        responses=GenreSerializer,
    )
    def get(self, request: Request, code: str) -> Response:
        """A kind of problem by its code."""
        genre = GENRES.get(code)
        if genre is None:
            raise NotFound
        dit = {"type": adresse_de(code), "title": genre.titre, "status": genre.statut, "que_faire": genre.que_faire}
        return Response({nom: en_francais(v) if isinstance(v, str) else v for nom, v in dit.items()})


@extend_schema(exclude=True)
class VueInconnue(VueApi):
    """Whatever has no route under `/api/`: a problem, never a page, with a key or without."""

    authentication_classes = ()
    permission_classes = ()
    throttle_classes = ()

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Nothing here, whatever the method."""
        super().initial(request, *args, **kwargs)
        raise NotFound


@require_safe
def schema(request: HttpRequest) -> HttpResponse:
    """The OpenAPI document, in JSON: public, it tells nothing of anybody."""
    return JsonResponse(document(), json_dumps_params={"ensure_ascii": False})


schema.login_required = False  # type: ignore[attr-defined]


@cache
def document() -> dict[str, Any]:
    """The document of this release, made once for each process."""
    generateur: Any = SchemaGenerator
    chemins = [path("api/v1/", include("config.api"))]
    document: dict[str, Any] = generateur(patterns=chemins).get_schema(request=None, public=True)
    document["info"]["description"] = en_francais(
        DESCRIPTION.replace("\n\n", "\0").replace("\n", " ").replace("\0", "\n\n")
    )
    return document


urlpatterns: list[URLPattern] = [
    path("schema/", schema, name="api_schema"),
    path("problemes/<slug:code>/", VueProbleme.as_view(), name="api_probleme"),
    path("acces/", VueAcces.as_view(), name="api_acces"),
    path("residences/", VueResidences.as_view(), name="api_residences"),
    path("residences/<int:pk>/grille/", VueGrille.as_view(), name="api_grille"),
    path("fiches/", VueFiches.as_view(), name="api_fiches"),
    path("fiches/<uuid:pk>/", VueFiche.as_view(), name="api_fiche"),
    path("fiches/<uuid:pk>/saisie/", VueSaisie.as_view(), name="api_saisie"),
    path("fiches/<uuid:pk>/transmission/", VueTransmission.as_view(), name="api_transmission"),
    path("fiches/<uuid:pk>/information/", VueInformation.as_view(), name="api_information"),
    path("fiches/<uuid:pk>/complement/", VueComplement.as_view(), name="api_complement"),
    path("brouillons/", VueBrouillons.as_view(), name="api_brouillons"),
    re_path(r"", VueInconnue.as_view(), name="api_inconnue"),
]
