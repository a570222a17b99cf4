"""What the views share: the fiche in scope, what is read of a body, and how the parcours refuse."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any
from uuid import UUID

from django.http import Http404
from rest_framework import serializers
from rest_framework.request import Request

from partenaires.models import Compte
from signalements import droits, parcours
from signalements.api.brouillon import A_CORRIGER, Brouillon, formulations_dites
from signalements.garde import FormulationsARevoir
from signalements.models import Fiche
from socle.api.problemes import Erreur, Probleme
from socle.ecriture import INSECABLE

PARTIE = "Cette fiche n’est plus entre vos mains : elle est partie, ou abandonnée."


def lu(serializer: type[serializers.Serializer[Any]], donnees: Mapping[str, Any]) -> dict[str, Any]:
    """What a body says, once its shape is right."""
    entree = serializer(data=donnees)
    entree.is_valid(raise_exception=True)
    valeurs: dict[str, Any] = entree.validated_data
    return valeurs


def fiche_en_main(compte: Compte, pk: UUID) -> Fiche:
    """A fiche that the software still writes; 404 out of scope, 409 once it has left."""
    fiche = droits.fiche_en_main(compte, pk)
    if fiche is None:
        raise Probleme("etat", PARTIE)
    return fiche


def fiche_transmise(compte: Compte, pk: UUID) -> Fiche:
    """A fiche that the équipe has and that is not over; 404 out of scope, 409 otherwise."""
    fiche = droits.fiche_visible(compte, pk)
    if not fiche.est_transmise:
        raise Probleme("etat", "L’équipe n’a pas encore cette fiche.")
    if fiche.terminee_le is not None:
        raise Probleme("etat", "Cette situation est terminée : plus rien ne s’y ajoute.")
    return fiche


def recu_de(compte: Compte, pk: UUID) -> Any:
    """The fiche as its receipt shows it; Http404 out of scope."""
    fiche = Fiche.objects.visibles_par(compte).avec_recu().avec_information_dite().a_la_cle(pk)
    if fiche is None:
        raise Http404
    return fiche


def transmettre(compte: Compte, fiche: Fiche, contenu: Mapping[str, Any]) -> None:
    """Send a draft by the parcours of the pages; every reason that keeps it is told at once."""
    brouillon = Brouillon.ouvrir(compte, fiche, contenu)
    formulaire = brouillon.formulaire()
    manques = brouillon.manques(formulaire)
    if manques:
        raise Probleme("validation", A_CORRIGER, manques)
    with refus_du_parcours("#/contexte"):
        try:
            parcours.transmettre(fiche.pk, par=compte, contenu=formulaire.contenu_fiche())
        except parcours.SansConvention as refus:
            raise Probleme("validation", A_CORRIGER, [brouillon.sans_convention(refus.residence)]) from None


@contextmanager
def refus_du_parcours(racine: str) -> Iterator[None]:
    """What only the parcours knows: a date to come, a sentence to rephrase that the form did not read."""
    try:
        yield
    except parcours.DateRefusee as refus:
        raise Probleme("validation", A_CORRIGER, [Erreur(str(refus), pointeur=racine)]) from None
    except FormulationsARevoir as refus:
        erreurs = [
            Erreur("Relisez cette phrase.", pointeur=f"{racine}/{champ}", formulations=formulations_dites(reste))
            for champ, reste in refus.par_champ.items()
        ]
        raise Probleme("validation", A_CORRIGER, erreurs) from None


def sans_nom_inconnu(request: Request, connus: frozenset[str]) -> None:
    """A parameter of the address that does not exist is refused: a filter misspelt would filter nothing."""
    inconnus = sorted(set(request.query_params) - connus)
    if inconnus:
        texte = f"Paramètre inconnu. Paramètres attendus{INSECABLE}: {', '.join(sorted(connus))}."
        raise Probleme(
            "requete-illisible",
            "Un paramètre de l’adresse n’existe pas.",
            [Erreur(texte, parametre=nom) for nom in inconnus],
        )
