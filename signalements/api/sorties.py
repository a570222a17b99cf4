"""What a software reads: neutral statuses, receipts, its own drafts. No state, no motif, no name but those it wrote."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.conf import settings
from django.urls import reverse
from rest_framework import serializers

from partenaires.models import Compte
from signalements.enums import Cotation, Domaine, EtatDepot, ModeInformation, Source, Statut
from signalements.models import Fiche, Grille
from signalements.recus import etude_avant
from socle.horloge import paris

A_FAIRE = (("corriger", "Corriger puis transmettre"), ("completer", "Répondre à l’équipe"), ("informer", "Informer"))


class ResidenceBreveSerializer(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    nom = serializers.CharField()


class InformationDiteSerializer(serializers.Serializer[Any]):
    le = serializers.DateField()
    mode = serializers.ChoiceField(choices=ModeInformation.choices)


class RecuSerializer(serializers.Serializer[Any]):
    """A receipt."""

    id = serializers.UUIDField()
    reference = serializers.CharField(help_text="AA-NNNN, donnée à la transmission ; vide avant.")
    etat = serializers.ChoiceField(
        choices=EtatDepot.choices, help_text="Où en est le dépôt, chez vous ; « transmise » : l’équipe l’a."
    )
    statut = serializers.ChoiceField(
        choices=Statut.choices,
        allow_null=True,
        help_text="Le statut neutre, le seul que lit un bailleur ; null pour un brouillon.",
    )
    residence = ResidenceBreveSerializer(allow_null=True)
    cree_le = serializers.DateTimeField()
    envoyee_le = serializers.DateTimeField(allow_null=True)
    transmise_le = serializers.DateTimeField(allow_null=True)
    a_faire = serializers.ChoiceField(
        choices=A_FAIRE, allow_null=True, help_text="Ce que le bailleur a à faire maintenant, s’il a quelque chose."
    )
    informer_avant = serializers.DateField(
        allow_null=True, help_text="Avec « informer » : le dernier jour pour le faire."
    )
    information = InformationDiteSerializer(
        allow_null=True, help_text="La dernière information enregistrée, jusqu’à la fin de la situation."
    )
    deposee_par_ce_logiciel = serializers.BooleanField()
    page = serializers.URLField(help_text="La page de Palier où un référent lit et répond.")


class RecuDetailleSerializer(RecuSerializer):
    """A receipt read alone."""

    etudier_avant = serializers.DateField(
        allow_null=True, help_text="Le dernier jour de l’étude par l’équipe, tant qu’il est à venir."
    )


class BrouillonSerializer(serializers.Serializer[Any]):
    """A draft in a list."""

    id = serializers.UUIDField()
    etat = serializers.ChoiceField(choices=[(e.value, e.label) for e in (EtatDepot.BROUILLON, EtatDepot.A_CORRIGER)])
    version = serializers.IntegerField(help_text="À renvoyer dans « If-Match », entre guillemets.")
    cree_le = serializers.DateTimeField()
    modifiee_le = serializers.DateTimeField(help_text="Un brouillon est effacé après 30 jours sans changement.")


class PersonneLueSerializer(serializers.Serializer[Any]):
    residence = serializers.IntegerField(allow_null=True)
    batiment = serializers.CharField(allow_null=True)
    etage = serializers.CharField(allow_null=True)
    porte = serializers.CharField(allow_null=True)
    civilite = serializers.CharField(allow_null=True)
    nom = serializers.CharField(allow_null=True)
    prenom = serializers.CharField(allow_null=True)
    majeur = serializers.CharField(allow_null=True)
    naissance = serializers.CharField(allow_null=True)
    telephone = serializers.CharField(allow_null=True)


class SignalLuSerializer(serializers.Serializer[Any]):
    valeur = serializers.CharField(allow_null=True)
    source = serializers.CharField(allow_null=True)  # type: ignore[assignment]


class ContexteLuSerializer(serializers.Serializer[Any]):
    situation = serializers.ListField(child=serializers.CharField())
    composition = serializers.CharField(allow_null=True)
    faits = serializers.CharField(allow_null=True)
    demarches = serializers.CharField(allow_null=True)
    inquietude = serializers.IntegerField(allow_null=True)
    informee_le = serializers.CharField(allow_null=True)
    mode_information = serializers.CharField(allow_null=True)


class FormulationLueSerializer(serializers.Serializer[Any]):
    mots = serializers.CharField()
    phrase = serializers.CharField()
    raison = serializers.CharField()
    conseil = serializers.CharField()
    empreinte = serializers.CharField(allow_null=True)


class ManqueSerializer(serializers.Serializer[Any]):
    """Something to correct before the fiche may leave."""

    pointeur = serializers.CharField()
    texte = serializers.CharField()
    formulations = FormulationLueSerializer(many=True, required=False)


class SaisieLueSerializer(serializers.Serializer[Any]):
    """What a software wrote so far, and what is missing."""

    id = serializers.UUIDField()
    etat = serializers.ChoiceField(choices=[(e.value, e.label) for e in (EtatDepot.BROUILLON, EtatDepot.A_CORRIGER)])
    version = serializers.IntegerField()
    personne = PersonneLueSerializer()
    grille = serializers.IntegerField(allow_null=True)
    signaux = serializers.DictField(child=SignalLuSerializer())
    contexte = ContexteLuSerializer()
    phrases_gardees = serializers.ListField(child=serializers.CharField())
    commentaires = serializers.DictField(
        child=serializers.CharField(), help_text="Ce que le référent demande de corriger, par partie de la fiche."
    )
    manques = ManqueSerializer(many=True, help_text="Ce qui empêche de transmettre. Vide : la fiche peut partir.")


class SignalDeGrilleSerializer(serializers.Serializer[Any]):
    code = serializers.CharField()
    libelle = serializers.CharField()
    aide = serializers.CharField()


class DomaineSerializer(serializers.Serializer[Any]):
    domaine = serializers.ChoiceField(choices=Domaine.choices)
    libelle = serializers.CharField()
    signaux = SignalDeGrilleSerializer(many=True)


class CodeSerializer(serializers.Serializer[Any]):
    code = serializers.CharField()
    libelle = serializers.CharField()


class GrilleSerializer(serializers.Serializer[Any]):
    """The grid in force for a résidence."""

    id = serializers.IntegerField(help_text="À reprendre dans « grille » d’une fiche.")
    domaines = DomaineSerializer(many=True)
    valeurs = CodeSerializer(many=True)
    sources = CodeSerializer(many=True)


def recu(fiche: Any, compte: Compte) -> dict[str, Any]:
    """The receipt of a fiche read `avec_recu` and `avec_information_dite`."""
    a_faire = _a_faire(fiche, compte)
    return {
        "id": str(fiche.pk),
        "reference": fiche.reference,
        "etat": fiche.etat,
        "statut": fiche.statut_lu or None,
        "residence": {"id": fiche.residence.pk, "nom": fiche.residence.nom} if fiche.residence else None,
        "cree_le": instant(fiche.cree_le),
        "envoyee_le": instant(fiche.envoyee_le),
        "transmise_le": instant(fiche.transmise_le),
        "a_faire": a_faire,
        "informer_avant": fiche.informer_avant.isoformat() if a_faire == "informer" and fiche.informer_avant else None,
        "information": {"le": fiche.information_le.isoformat(), "mode": fiche.information_mode}
        if fiche.information_le
        else None,
        "deposee_par_ce_logiciel": fiche.auteur_id == compte.pk,
        "page": settings.ADRESSE_PUBLIQUE.rstrip("/") + reverse("signalement", args=[fiche.pk]),
    }


def recu_detaille(fiche: Any, compte: Compte) -> dict[str, Any]:
    """A receipt, with the last day of the study."""
    avant = etude_avant(fiche)
    return {**recu(fiche, compte), "etudier_avant": avant.isoformat() if avant else None}


def brouillon_bref(fiche: Fiche) -> dict[str, Any]:
    """A draft in a list: nothing of its content."""
    return {
        "id": str(fiche.pk),
        "etat": fiche.etat,
        "version": fiche.version,
        "cree_le": instant(fiche.cree_le),
        "modifiee_le": instant(fiche.modifiee_le),
    }


def grille_dite(grille: Grille) -> dict[str, Any]:
    """A grid, domain by domain."""
    return {
        "id": grille.pk,
        "domaines": [
            {
                "domaine": domaine.value,
                "libelle": str(domaine.label),
                "signaux": [{"code": s.code, "libelle": s.libelle, "aide": s.aide} for s in signaux],
            }
            for domaine, signaux in grille.par_domaine()
        ],
        "valeurs": _codes(Cotation.choices),
        "sources": _codes(Source.choices),
    }


def instant(valeur: datetime | None) -> str | None:
    """An instant with the offset of Paris."""
    return paris(valeur).isoformat(timespec="seconds") if valeur else None


def _codes(choix: Iterable[tuple[Any, Any]]) -> list[dict[str, str]]:
    return [{"code": str(code), "libelle": str(libelle)} for code, libelle in choix]


def _a_faire(fiche: Any, compte: Compte) -> str | None:
    if fiche.etat == EtatDepot.A_CORRIGER:
        return "corriger" if fiche.auteur_id == compte.pk else None
    if fiche.statut == Statut.A_COMPLETER:
        return "completer"
    if fiche.statut == Statut.EN_COURS and fiche.information_le is None:
        return "informer"
    return None
