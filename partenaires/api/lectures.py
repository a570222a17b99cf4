"""What a key opens, and the résidences on which it may file."""

from collections.abc import Sequence
from typing import Any, ClassVar

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from partenaires.acces_api import Acces
from partenaires.api.authentification import appelant
from partenaires.enums import Portee
from partenaires.models import Convention, Residence
from socle import horloge
from socle.api import pagination
from socle.api.schema import PAGINATION, enveloppe
from socle.api.vues import VueApi

TRI = (("pk", pagination.lire_entier),)


class AccesSerializer(serializers.Serializer[Any]):
    """What the key may do."""

    organisation = serializers.CharField(help_text="Le bailleur au nom duquel la clé agit.")
    logiciel = serializers.CharField(help_text="Le nom que le responsable a donné au logiciel.")
    portees = serializers.ListField(
        child=serializers.ChoiceField(choices=Portee.choices), help_text="Ce que la clé permet."
    )
    aujourdhui = serializers.DateField(help_text="Le jour de l’instance, à Paris : celui des dates refusées.")


class CommuneSerializer(serializers.Serializer[Any]):
    """A commune, by its INSEE code."""

    code_insee = serializers.CharField()
    nom = serializers.CharField()


class ResidenceSerializer(serializers.Serializer[Any]):
    """A résidence of the bailleur."""

    id = serializers.IntegerField(help_text="À reprendre dans « personne.residence » d’une fiche.")
    nom = serializers.CharField()
    adresse = serializers.CharField()
    code_postal = serializers.CharField()
    commune = CommuneSerializer()
    secteur = serializers.CharField(help_text="Votre agence ou votre secteur ; vide si vous ne l’avez pas écrit.")
    ouverte = serializers.BooleanField(help_text="Fermée, elle ne peut plus servir à une fiche nouvelle.")
    conventionnee = serializers.BooleanField(
        help_text="Une convention en vigueur couvre sa commune aujourd’hui : une fiche peut partir."
    )


class VueAcces(VueApi):
    """Whether a key works, and what it opens."""

    portees: ClassVar = {"GET": ""}

    @extend_schema(
        operation_id="lire_acces",
        summary="Ce que la clé permet",
        description="Sert à vérifier une clé : l’organisation, le nom du logiciel, les permissions.",
        tags=["Accès"],
        responses=AccesSerializer,
    )
    def get(self, request: Request) -> Response:
        """The organisation, the software and the scopes."""
        compte, acces = appelant(request), request.auth
        assert isinstance(acces, Acces)
        organisation = compte.organisation_active
        dit = {
            "organisation": organisation.nom if organisation else "",
            "logiciel": compte.nom,
            "portees": [p.value for p in Portee if p in acces.portees],
            "aujourdhui": horloge.aujourdhui().isoformat(),
        }
        return Response(dit)


class VueResidences(VueApi):
    """The résidences of the bailleur."""

    portees: ClassVar = {"GET": Portee.RESIDENCES_LIRE}

    @extend_schema(
        operation_id="lister_residences",
        summary="Les résidences du bailleur",
        description="Toutes, ouvertes ou fermées, par identifiant croissant. Aucun nom d’habitant.",
        tags=["Résidences"],
        parameters=PAGINATION,
        responses=enveloppe("Residences", ResidenceSerializer),
    )
    def get(self, request: Request) -> Response:
        """A page of résidences: one statement, and one for the conventions in force."""
        compte = appelant(request)
        residences = Residence.objects.visibles_par(compte).avec_commune()

        def dire(lues: Sequence[Residence]) -> list[Any]:
            couverts = Convention.objects.visibles_par(compte).communes_couvertes(horloge.aujourdhui())
            return [residence_dite(r, couverts) for r in lues]

        corps, _ = pagination.page(request, residences, tri=TRI, dire=dire)
        return Response(corps)


def residence_dite(residence: Residence, couverts: frozenset[int]) -> dict[str, Any]:
    """A résidence as it is answered."""
    return {
        "id": residence.pk,
        "nom": residence.nom,
        "adresse": residence.adresse,
        "code_postal": residence.code_postal,
        "commune": {"code_insee": residence.territoire.code_insee, "nom": residence.territoire.nom},
        "secteur": residence.secteur,
        "ouverte": residence.fermee_le is None,
        "conventionnee": residence.fermee_le is None and residence.territoire_id in couverts,
    }
