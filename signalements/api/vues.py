"""Fiches over the API: drafts, transmission, receipts. Each view is: fetch in scope, validate, one call, answer."""

from collections.abc import Sequence
from typing import Any, ClassVar
from uuid import UUID

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.reverse import reverse

from partenaires.api.authentification import appelant
from partenaires.enums import Portee
from partenaires.models import Compte
from signalements import parcours
from signalements.api.brouillon import Brouillon, champs_de, saisie_de
from signalements.api.commun import fiche_en_main, lu, recu_de, sans_nom_inconnu, transmettre
from signalements.api.entrees import DepotSerializer, JourField, SaisieSerializer
from signalements.api.sorties import (
    BrouillonSerializer,
    RecuDetailleSerializer,
    RecuSerializer,
    SaisieLueSerializer,
    brouillon_bref,
    recu,
    recu_detaille,
)
from signalements.enums import Action, EtatDepot, Statut
from signalements.lues import noter_lues
from signalements.models import Fiche
from socle.api import pagination
from socle.api.problemes import Erreur, Probleme
from socle.api.schema import AUSSI, CLE_IDEMPOTENCE, PAGINATION, VERSION, enveloppe
from socle.api.vues import VueApi, corps_de, etag, une_fois, version_attendue

TRI = (("-envoyee_le", pagination.lire_instant), ("-pk", pagination.lire_uuid))
TRI_BROUILLONS = (("-modifiee_le", pagination.lire_instant), ("-pk", pagination.lire_uuid))
DEPOT, SUIVI = "Dépôt", "Suivi"


class FiltresSerializer(serializers.Serializer[Any]):
    """Filters of the list of receipts."""

    statut = serializers.ChoiceField(choices=Statut.choices, required=False)
    residence = serializers.IntegerField(required=False, min_value=1, max_value=2**53)
    reference = serializers.RegexField(r"^\d{2}-\d{4,}$", required=False, max_length=10)
    envoyee_du = JourField(required=False)
    envoyee_au = JourField(required=False)


FILTRES = [
    OpenApiParameter("statut", OpenApiTypes.STR, enum=Statut.values, description="Un statut neutre."),
    OpenApiParameter("residence", {"type": "integer", "minimum": 1}, description="Une résidence."),
    OpenApiParameter("reference", {"type": "string", "pattern": r"^\d{2}-\d{4,8}$"}, description="Une référence."),
    OpenApiParameter("envoyee_du", OpenApiTypes.DATE, description="Envoyée ce jour-là ou après, à Paris."),
    OpenApiParameter("envoyee_au", OpenApiTypes.DATE, description="Envoyée ce jour-là ou avant, à Paris."),
]


class VueFiches(VueApi):
    """Receipts of the bailleur, and new fiches."""

    portees: ClassVar = {"GET": Portee.FICHES_LIRE, "POST": Portee.FICHES_ECRIRE}

    @extend_schema(
        operation_id="lister_fiches",
        summary="Les reçus des fiches envoyées",
        description="Celles que l’équipe a reçues de votre organisation, et celles que ce logiciel a envoyées à "
        "relire ; la plus récente d’abord. Aucun nom. Une lecture par heure suffit : chaque lecture est au journal.",
        tags=[SUIVI],
        parameters=[*FILTRES, *PAGINATION],
        responses=enveloppe("Fiches", RecuSerializer),
    )
    def get(self, request: Request) -> Response:
        """A page of receipts."""
        compte = appelant(request)
        lignes = _filtrees(Fiche.objects.visibles_par(compte).envoyees().avec_recu().avec_information_dite(), request)

        def dire(lues: Sequence[Fiche]) -> list[Any]:
            return [recu(fiche, compte) for fiche in lues]

        corps, lues = pagination.page(request, lignes, tri=TRI, dire=dire)
        noter_lues(Action.STATUTS_LUS, lues)
        return Response(corps)

    @extend_schema(
        operation_id="deposer_fiche",
        summary="Déposer une fiche",
        description="Un brouillon, à compléter puis à transmettre ; ou, avec « transmettre », une fiche complète qui "
        "part aussitôt. Un brouillon n’est lu par personne d’autre que ce logiciel.",
        tags=[DEPOT],
        parameters=[CLE_IDEMPOTENCE],
        request=DepotSerializer,
        responses={201: OpenApiResponse(RecuDetailleSerializer, "Enregistrée ; « Location » est son adresse.")},
    )
    def post(self, request: Request) -> Response:
        """Begin a fiche, and send it if asked: both or neither."""
        compte = appelant(request)
        saisie = lu(DepotSerializer, corps_de(request))

        def faire() -> tuple[UUID, Response]:
            fiche = parcours.commencer(par=compte)
            champs = champs_de(saisie)
            Brouillon.ouvrir(compte, fiche, champs).verifier_la_saisie(saisie)
            fiche = parcours.enregistrer_brouillon(fiche.pk, par=compte, champs=champs)
            if saisie["transmettre"]:
                transmettre(compte, fiche, champs)
            return fiche.pk, _recu(request, compte, fiche.pk, status=201)

        return une_fois(request, action="api_deposer", corps=corps_de(request), faire=faire)


class VueFiche(VueApi):
    """One receipt."""

    portees: ClassVar = {"GET": Portee.FICHES_LIRE}

    @extend_schema(
        operation_id="lire_fiche",
        summary="Le reçu d’une fiche",
        description="Référence, statut neutre, dates, et ce que le bailleur a à faire.",
        tags=[SUIVI],
        responses=RecuDetailleSerializer,
    )
    def get(self, request: Request, pk: UUID) -> Response:
        """The receipt, journalled."""
        compte = appelant(request)
        fiche = recu_de(compte, pk)
        noter_lues(Action.STATUTS_LUS, [fiche])
        return Response(recu_detaille(fiche, compte))


class VueBrouillons(VueApi):
    """What the software still has to finish."""

    portees: ClassVar = {"GET": Portee.FICHES_ECRIRE}

    @extend_schema(
        operation_id="lister_brouillons",
        summary="Les fiches à finir",
        description="Les brouillons de ce logiciel, et celles qu’un référent lui a renvoyées ; rien de leur contenu.",
        tags=[DEPOT],
        parameters=PAGINATION,
        responses=enveloppe("Brouillons", BrouillonSerializer),
    )
    def get(self, request: Request) -> Response:
        """A page of drafts, the last changed first."""
        compte = appelant(request)
        sans_nom_inconnu(request, frozenset({"curseur", "taille"}))
        lignes = Fiche.objects.visibles_par(compte).de_l_auteur(compte).en_main()

        def dire(lues: Sequence[Fiche]) -> list[Any]:
            return [brouillon_bref(fiche) for fiche in lues]

        corps, _ = pagination.page(request, lignes, tri=TRI_BROUILLONS, dire=dire)
        return Response(corps)


class VueSaisie(VueApi):
    """What the software wrote so far."""

    portees: ClassVar = dict.fromkeys(("GET", "PATCH", "DELETE"), Portee.FICHES_ECRIRE)

    @extend_schema(
        operation_id="lire_saisie",
        summary="Relire un brouillon",
        description="Ce que ce logiciel a écrit, ce qui manque pour transmettre, et sa version dans « ETag ».",
        tags=[DEPOT],
        responses=SaisieLueSerializer,
        extensions={AUSSI: [409]},
    )
    def get(self, request: Request, pk: UUID) -> Response:
        """The draft, journalled."""
        compte = appelant(request)
        fiche = fiche_en_main(compte, pk)
        noter_lues(Action.FICHE_LUE, [fiche])
        return _saisie(compte, fiche, fiche.brouillon.contenu, fiche.brouillon.commentaires)

    @extend_schema(
        operation_id="completer_saisie",
        summary="Compléter un brouillon",
        description="Change ce qui est envoyé, garde le reste ; null efface une réponse. « manques » dit ce qui "
        "empêche encore de transmettre.",
        tags=[DEPOT],
        parameters=[VERSION],
        request=SaisieSerializer,
        responses=SaisieLueSerializer,
    )
    def patch(self, request: Request, pk: UUID) -> Response:
        """Write over what changed, from the version that was read."""
        compte = appelant(request)
        version, saisie = version_attendue(request), lu(SaisieSerializer, corps_de(request))
        avant = fiche_en_main(compte, pk)
        parcours.fiche_a_la_version(pk, par=compte, version=version)
        champs = champs_de(saisie)
        contenu = {**avant.brouillon.contenu, **champs}
        ouvert = Brouillon.ouvrir(compte, avant, contenu)
        ouvert.verifier_les_fermes(champs)
        ouvert.verifier_la_saisie(saisie)
        fiche = parcours.enregistrer_brouillon(pk, par=compte, champs=champs)
        return _saisie(compte, fiche, contenu, avant.brouillon.commentaires)

    @extend_schema(
        operation_id="supprimer_brouillon",
        summary="Effacer un brouillon",
        description="Seulement un brouillon jamais envoyé : son contenu est effacé aussitôt.",
        tags=[DEPOT],
        parameters=[VERSION],
        responses={204: OpenApiResponse(description="Le brouillon est effacé.")},
    )
    def delete(self, request: Request, pk: UUID) -> Response:
        """Throw a draft away."""
        compte = appelant(request)
        version = version_attendue(request)
        if fiche_en_main(compte, pk).etat != EtatDepot.BROUILLON:
            raise Probleme("etat", "Une fiche déjà envoyée ne s’efface pas ainsi : un référent peut l’abandonner.")
        parcours.fiche_a_la_version(pk, par=compte, version=version)
        parcours.supprimer_brouillon(pk, par=compte)
        return Response(status=204)


class VueTransmission(VueApi):
    """The last button."""

    portees: ClassVar = {"POST": Portee.FICHES_ECRIRE}

    @extend_schema(
        operation_id="transmettre_fiche",
        summary="Transmettre un brouillon à l’équipe",
        description="Part, ou dit tout ce qui manque. Si la convention demande une relecture, un référent de votre "
        "organisation la lit d’abord.",
        tags=[DEPOT],
        parameters=[CLE_IDEMPOTENCE, VERSION],
        request=None,
        responses={200: RecuDetailleSerializer},
    )
    def post(self, request: Request, pk: UUID) -> Response:
        """Send the draft that was read."""
        compte = appelant(request)
        version = version_attendue(request)
        if request.data:
            raise Probleme("validation", "Cette requête n’a pas de corps.", [Erreur("Membre inconnu.", pointeur="#")])

        def faire() -> tuple[UUID, Response]:
            fiche = fiche_en_main(compte, pk)
            parcours.fiche_a_la_version(pk, par=compte, version=version)
            transmettre(compte, fiche, fiche.brouillon.contenu)
            return pk, _recu(request, compte, pk)

        return une_fois(request, action="api_transmettre", corps={"fiche": pk, "version": version}, faire=faire)


def _recu(request: Request, compte: Compte, pk: UUID, status: int = 200) -> Response:
    """The receipt of what was just done, where it is, and its version while it can still be written."""
    fiche = recu_de(compte, pk)
    entetes = {"Location": reverse("api_fiche", args=[pk], request=request)}
    if fiche.etat in (EtatDepot.BROUILLON, EtatDepot.A_CORRIGER):
        entetes["ETag"] = etag(fiche.version)
    return Response(recu_detaille(fiche, compte), status=status, headers=entetes)


def _saisie(compte: Compte, fiche: Fiche, contenu: dict[str, Any], commentaires: dict[str, str]) -> Response:
    ici = Brouillon.ouvrir(compte, fiche, contenu)
    corps = {
        "id": str(fiche.pk),
        "etat": fiche.etat,
        "version": fiche.version,
        **saisie_de(contenu, ici.grille),
        "commentaires": commentaires,
        "manques": [erreur.en_json() for erreur in ici.manques(ici.formulaire())],
    }
    return Response(corps, headers={"ETag": etag(fiche.version)})


def _filtrees(lignes: Any, request: Request) -> Any:
    """The receipts that the address asks for."""
    noms = {"statut", "residence", "reference", "envoyee_du", "envoyee_au"}
    sans_nom_inconnu(request, frozenset({*noms, "curseur", "taille"}))
    filtres = FiltresSerializer(data={n: v for n, v in request.query_params.items() if n in noms})
    if not filtres.is_valid():
        erreurs = [Erreur(str(textes[0]), parametre=nom) for nom, textes in filtres.errors.items()]
        raise Probleme("requete-illisible", "Un paramètre de l’adresse ne peut pas être lu.", erreurs)
    dits = filtres.validated_data
    if "statut" in dits:
        lignes = lignes.au_statut_lu(dits["statut"])
    if "residence" in dits:
        lignes = lignes.d_une_residence(dits["residence"])
    if "reference" in dits:
        lignes = lignes.de_la_reference(dits["reference"])
    if "envoyee_du" in dits or "envoyee_au" in dits:
        lignes = lignes.envoyees_entre(dits.get("envoyee_du"), dits.get("envoyee_au"))
    return lignes
