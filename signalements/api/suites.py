"""After the transmission: the information of the household, the answer to the équipe; and the grid of a résidence."""

from typing import Any, ClassVar
from uuid import UUID

from django.http import Http404
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from partenaires.api.authentification import appelant
from partenaires.enums import Portee
from partenaires.models import Convention, Residence
from signalements import parcours
from signalements.api.brouillon import A_CORRIGER, formulations_dites
from signalements.api.commun import fiche_transmise, lu, recu_de, refus_du_parcours
from signalements.api.entrees import ComplementSerializer, InformationSerializer
from signalements.api.sorties import GrilleSerializer, RecuDetailleSerializer, grille_dite, recu_detaille
from signalements.enums import Statut
from signalements.forms.referent import InformationForm, ReponseForm
from signalements.models import Fiche, Grille
from socle import horloge
from socle.api.problemes import Erreur, Probleme
from socle.api.schema import CLE_IDEMPOTENCE
from socle.api.vues import VueApi, corps_de, une_fois


class VueInformation(VueApi):
    """The household was told."""

    portees: ClassVar = {"POST": Portee.INFORMATION_ECRIRE}

    @extend_schema(
        operation_id="enregistrer_information",
        summary="Enregistrer l’information de la personne",
        description="Quand et comment la personne a su que l’équipe est alertée, et qu’elle peut refuser. La semaine "
        "de réflexion en dépend. Une date corrigée s’ajoute ; elle ne peut que rallonger le délai.",
        tags=["Information"],
        parameters=[CLE_IDEMPOTENCE],
        request=InformationSerializer,
        responses={201: OpenApiResponse(RecuDetailleSerializer, "L’information est enregistrée.")},
    )
    def post(self, request: Request, pk: UUID) -> Response:
        """Record it by the parcours of the pages."""
        compte = appelant(request)
        saisie = lu(InformationSerializer, corps_de(request))

        def faire() -> tuple[UUID, Response]:
            fiche_transmise(compte, pk)
            formulaire = InformationForm({"informee_le": saisie["le"], "mode_information": saisie["mode"]})
            _exiger(formulaire, {"informee_le": "le", "mode_information": "mode"})
            with refus_du_parcours("#"):
                dite = formulaire.cleaned_data
                parcours.enregistrer_information(pk, par=compte, le=dite["informee_le"], mode=dite["mode_information"])
            return pk, Response(recu_detaille(recu_de(compte, pk), compte), status=201)

        corps = {"fiche": pk, **corps_de(request)}
        return une_fois(request, action="api_informer", corps=corps, faire=faire)


class VueComplement(VueApi):
    """The answer to the question of the équipe."""

    portees: ClassVar = {"POST": Portee.FICHES_ECRIRE}

    @extend_schema(
        operation_id="completer_fiche",
        summary="Répondre à la question de l’équipe",
        description="Quand « a_faire » vaut « completer ». La question se lit sur la page de la fiche, pas ici. La "
        "réponse rejoint le fil, et la fiche repart à l’étude.",
        tags=["Suivi"],
        parameters=[CLE_IDEMPOTENCE],
        request=ComplementSerializer,
        responses={201: OpenApiResponse(RecuDetailleSerializer, "La réponse est partie.")},
    )
    def post(self, request: Request, pk: UUID) -> Response:
        """Answer by the parcours of the pages."""
        compte = appelant(request)
        saisie = lu(ComplementSerializer, corps_de(request))

        def faire() -> tuple[UUID, Response]:
            fiche = fiche_transmise(compte, pk)
            if fiche.statut != Statut.A_COMPLETER:
                raise Probleme("etat", "L’équipe n’attend pas de réponse.")
            formulaire = _reponse(fiche, saisie)
            _exiger(formulaire, {})
            dite = formulaire.cleaned_data
            with refus_du_parcours("#"):
                parcours.completer(
                    pk,
                    par=compte,
                    reponse=dite["texte"],
                    informee_le=dite["informee_le"],
                    mode_information=dite["mode_information"],
                    gardees=formulaire.gardees,
                )
            return pk, Response(recu_detaille(recu_de(compte, pk), compte), status=201)

        corps = {"fiche": pk, **corps_de(request)}
        return une_fois(request, action="api_completer", corps=corps, faire=faire)


class VueGrille(VueApi):
    """The grid to answer for a résidence."""

    portees: ClassVar = {"GET": Portee.RESIDENCES_LIRE}

    @extend_schema(
        operation_id="lire_grille",
        summary="La grille d’une résidence",
        description="Les signaux à coter, par domaine. La grille dépend de l’équipe que la résidence a pour "
        "interlocutrice ; son identifiant accompagne les réponses.",
        tags=["Résidences"],
        responses=GrilleSerializer,
    )
    def get(self, request: Request, pk: int) -> Response:
        """The grid of the équipe under convention, otherwise the national one."""
        compte = appelant(request)
        residence = Residence.objects.visibles_par(compte).a_la_cle(pk)
        if residence is None:
            raise Http404
        conventions = Convention.objects.visibles_par(compte)
        equipe_id = conventions.equipe_de(compte.organisation_id, residence.territoire_id, horloge.aujourdhui())
        return Response(grille_dite(Grille.objects.en_vigueur(equipe_id)))


def _reponse(fiche: Fiche, saisie: dict[str, Any]) -> ReponseForm:
    """The form of the page, which the key of the call stands for."""
    gardees = " ".join(saisie.get("phrases_gardees", ()))
    donnees = {
        "cle": "00000000-0000-0000-0000-000000000000",
        "texte": saisie["texte"],
        "garde_texte": gardees,
        "informee_le": saisie.get("informee_le") or "",
        "mode_information": saisie.get("mode_information") or "",
    }
    return ReponseForm(donnees, contexte=parcours.contexte_de_la_fiche(fiche))


def _exiger(formulaire: Any, noms: dict[str, str]) -> None:
    """Refuse what the form refuses, each error where it stands in the body."""
    if formulaire.is_valid():
        return
    erreurs = []
    for nom, dedans in formulaire.errors.as_data().items():
        pointeur = "#" if nom == "__all__" else f"#/{noms.get(nom, nom)}"
        for erreur in dedans:
            dites = formulations_dites(formulaire.formulations(nom)) if erreur.code == "formulation" else ()
            erreurs.append(Erreur(" ".join(erreur.messages), pointeur=pointeur, formulations=dites))
    raise Probleme("validation", A_CORRIGER, erreurs)
