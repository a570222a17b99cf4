"""The diagnostic, the équipe's first relevé, the objectives, the contract: written, proposed, signed, refused."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from accompagnements import droits, parcours
from accompagnements.enums import Axe, Etat, EtatObjectif, SortieDetention
from accompagnements.forms.evaluation import (
    DiagnosticForm,
    ObjectifForm,
    RefusContratForm,
    RevoirObjectifForm,
    SignerForm,
)
from accompagnements.forms.suite import ConfirmerForm
from accompagnements.models import Accompagnement, Contrat, Diagnostic, Objectif, RevueObjectif
from accompagnements.views.commun import (
    acte,
    de_la_situation,
    donnees,
    en_main,
    fait,
    fichiers,
    page_acte,
    reprendre_version,
    saisir,
    une_fois,
)
from partenaires.droits import acteur
from signalements.forms.releve import ReleveForm, remplir
from signalements.models import Grille
from socle import horloge
from socle.calendrier import ajouter_mois
from socle.ecriture import INSECABLE, en_phrase
from socle.presentation import TextesEnConflit
from socle.transitions import TransitionInterdite
from socle.versions import ConflitDeVersion
from socle.vues import Maintenant


def objectif_maintenant(request: HttpRequest, /, pk: UUID) -> Maintenant:
    return de_la_situation(droits.objectif_visible(acteur(request), pk).accompagnement)


@acte()
def diagnostic(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Write the diagnostic; the second editor sees what the first one wrote."""
    compte, a = en_main(request, pk, nom="ecrire_diagnostic")
    actuel = Diagnostic.objects.de_l_accompagnement(a).first()
    formulaire = DiagnosticForm(donnees(request), initial=DiagnosticForm.initiales(actuel))
    conflit, auteur = None, ""
    if request.method == "POST" and formulaire.is_valid():
        d = formulaire.cleaned_data
        try:
            if saisir(
                formulaire,
                lambda: parcours.ecrire_diagnostic(
                    pk,
                    par=compte,
                    version=d["version"],
                    textes=formulaire.textes,
                    axes=d["axes"],
                    sortie_detention=d["sortie_detention"] or None,
                ),
            ):
                return fait(request, pk, "Le diagnostic est enregistré.", "situation_contrat")
        except ConflitDeVersion:
            assert actuel is not None
            conflit, auteur = _conflit(formulaire, actuel), actuel.ecrit_par.nom_complet
    return page_acte(
        request, a, formulaire, titre="Diagnostic", action="Enregistrer le diagnostic", conflit=conflit,
        texte="Des faits, par déterminant social. Aucun trouble, aucun traitement.", retour="situation_contrat",
        auteur_conflit=auteur,
    )  # fmt: skip


@acte()
def releve(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The équipe's own T0, once the person was met: a blank grid."""
    compte, a = en_main(request, pk, nom="coter_depart")
    if a.premiere_faite_le is None or a.depart_cote:
        raise TransitionInterdite("coter_depart", a.etat)
    grille = Grille.objects.en_vigueur(a.equipe_id)
    donnees: Any = request.POST if request.method == "POST" else None
    if donnees is not None and "tout_non_observe" in donnees:
        vu = ReleveForm(grille, donnees)
        formulaire = ReleveForm.montrer(grille, remplir(donnees.dict(), vu.sans_reponse))
    else:
        formulaire = ReleveForm(grille, donnees)
        if (
            donnees is not None
            and formulaire.is_valid()
            and une_fois(
                formulaire.cle,
                compte,
                f"depart|{pk}",
                lambda: parcours.coter_depart(pk, par=compte, cotations=formulaire.cotations).pk,
            )
        ):
            return fait(request, pk, "Le relevé de départ est rendu. Ses réponses ne s’affichent plus.")
    contexte = {"a": a, "fiche": a.fiche, "formulaire": formulaire, "sans_reponse": len(formulaire.sans_reponse)}
    return render(request, "accompagnements/releve.html", contexte)


@acte()
def objectif_ajouter(request: HttpRequest, pk: UUID) -> HttpResponse:
    compte, a = en_main(request, pk, nom="ajouter_objectif")
    formulaire = ObjectifForm(donnees(request))
    if request.method == "POST" and formulaire.is_valid():
        d = formulaire.cleaned_data

        def faire() -> UUID:
            return parcours.ajouter_objectif(pk, par=compte, axe=d["axe"], texte=d["texte"]).pk

        if une_fois(formulaire, compte, f"objectif|{pk}", faire):
            return fait(request, pk, "L’objectif est ajouté.", "situation_contrat")
    texte = "Le contrat en cours ne change pas : l’objectif figurera au prochain." if a.est_sous_contrat else ""
    return page_acte(
        request, a, formulaire, titre="Ajouter un objectif", texte=texte, action="Ajouter l’objectif",
        retour="situation_contrat",
    )  # fmt: skip


@acte(objectif_maintenant)
def objectif_revoir(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Review an objective with the person."""
    compte = acteur(request)
    o = droits.objectif_visible(compte, pk)
    a = o.accompagnement
    if a.est_clos:
        raise TransitionInterdite("revoir_objectif", a.etat)
    initial = {"version": o.version, "etat": o.etat, "texte": o.texte}
    formulaire = RevoirObjectifForm(donnees(request), signe=a.est_sous_contrat, initial=initial)
    conflit = None
    if request.method == "POST" and formulaire.is_valid():
        d = formulaire.cleaned_data
        voulu = {"etat": d["etat"], "texte": d.get("texte"), "commentaire": d["commentaire"]}
        try:
            if saisir(formulaire, lambda: parcours.revoir_objectif(pk, par=compte, version=d["version"], **voulu)):
                return fait(request, a.pk, "L’objectif est revu.", "situation_contrat")
        except ConflitDeVersion:
            conflit = _revue_en_conflit(formulaire, o)
    return page_acte(
        request, a, formulaire, titre="Revoir un objectif",
        texte=f"{Axe(o.axe).label}{INSECABLE}: {o.texte}" if a.est_sous_contrat else "",
        action="Enregistrer la revue", retour="situation_contrat", conflit=conflit,
    )  # fmt: skip


@acte()
def proposer(request: HttpRequest, pk: UUID) -> HttpResponse:
    compte, a = en_main(request, pk, Etat.EVALUATION, nom="proposer")
    formulaire = ConfirmerForm(donnees(request))
    if (
        request.method == "POST"
        and formulaire.is_valid()
        and saisir(formulaire, lambda: parcours.proposer(pk, par=compte))
    ):
        return fait(request, pk, "Le contrat est proposé. Lisez-le avec la personne avant la signature.")
    return page_acte(
        request, a, formulaire, titre=f"Proposer un contrat à {a.fiche.designation}{INSECABLE}?",
        texte="Le contrat reprend les objectifs ouverts. Ils peuvent encore changer jusqu’à la signature.",
        action="Proposer le contrat", objectifs=_ouverts(a), gabarit="accompagnements/acte.html",
        retour="situation_contrat",
    )  # fmt: skip


@acte()
def reprendre_evaluation(request: HttpRequest, pk: UUID) -> HttpResponse:
    compte, a = en_main(request, pk, Etat.PROPOSE, nom="reprendre_evaluation")
    if request.method == "POST":
        parcours.reprendre_evaluation(pk, par=compte)
        return fait(request, pk, "L’évaluation reprend.")
    return page_acte(
        request, a, ConfirmerForm(), titre="Reprendre l’évaluation ?",
        texte="Le contrat proposé est retiré. Rien n’est perdu.", action="Reprendre l’évaluation",
    )  # fmt: skip


@acte()
def signer(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The contract, read then signed on screen or on paper; a renewal while the accompagnement goes on."""
    compte, a = en_main(request, pk, Etat.PROPOSE, Etat.EN_COURS, Etat.SUSPENDU, nom="signer")
    if a.retrait_en_attente:
        raise TransitionInterdite("signer", a.etat)
    renouvellement = a.etat != Etat.PROPOSE
    initial = {"jusqu_au": ajouter_mois(horloge.aujourdhui(), Contrat.DUREE_MOIS)}
    formulaire = SignerForm(donnees(request), fichiers(request), initial=initial)
    if request.method == "POST" and formulaire.is_valid():
        signer_ou_renouveler = parcours.renouveler if renouvellement else parcours.signer
        terme = formulaire.cleaned_data["jusqu_au"]

        def faire() -> UUID:
            return signer_ou_renouveler(pk, par=compte, signature=formulaire.signature, jusqu_au=terme).pk

        if une_fois(formulaire, compte, f"signer|{pk}", faire):
            return fait(request, pk, "Le contrat est signé. Son PDF se prépare.", "situation_contrat")
    contexte = {
        "a": a, "fiche": a.fiche, "formulaire": formulaire, "objectifs": _ouverts(a),
        "renouvellement": renouvellement, "membre": compte.nom_complet,
        "a_revoir": parcours.a_revoir(a) if renouvellement else [],
        "url_situation": reverse("situation", args=[a.pk]),
        "url_papier": reverse("situation_contrat_papier", args=[a.pk]),
    }  # fmt: skip
    return render(request, "accompagnements/signer.html", contexte)


@acte()
def contrat_papier(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The contract to print and to sign on paper."""
    compte, a = en_main(request, pk, Etat.PROPOSE, Etat.EN_COURS, Etat.SUSPENDU, nom="signer")
    contexte = {
        "a": a, "fiche": a.fiche, "objectifs": _ouverts(a), "membre": compte.nom_complet,
        "fonction": en_phrase(compte.fonction),
        "jusqu_au": ajouter_mois(horloge.aujourdhui(), Contrat.DUREE_MOIS),
        "url_signer": reverse("situation_signer", args=[a.pk]),
    }  # fmt: skip
    return render(request, "accompagnements/contrat_papier.html", contexte)


@acte()
def refus_contrat(request: HttpRequest, pk: UUID) -> HttpResponse:
    compte, a = en_main(request, pk, Etat.PROPOSE, Etat.EN_COURS, Etat.SUSPENDU, nom="signer")
    formulaire = RefusContratForm(donnees(request))
    if (
        request.method == "POST"
        and formulaire.is_valid()
        and saisir(formulaire, lambda: parcours.enregistrer_refus_contrat(pk, par=compte))
    ):
        suite = "reprendre l’évaluation ou clore" if a.etat == Etat.PROPOSE else "proposer un autre contrat ou terminer"
        return fait(request, pk, f"Le refus est enregistré. Vous pouvez {suite}.", "situation_contrat")
    return page_acte(
        request, a, formulaire, titre=f"Enregistrer le refus de {a.fiche.designation}{INSECABLE}?",
        texte="Ce contrat n’est pas signé. L’accompagnement reste ouvert : vous pourrez en proposer un autre.",
        retour="situation_contrat",
        action="Enregistrer le refus",
    )  # fmt: skip


def _ouverts(a: Accompagnement) -> list[Objectif]:
    """What the contract takes up."""
    return [o for o in Objectif.objects.de_l_accompagnement(a) if o.etat == EtatObjectif.OUVERT]


def _revue_en_conflit(formulaire: RevoirObjectifForm, o: Objectif) -> list[TextesEnConflit]:
    """Both readings of an objective that somebody reviewed meanwhile; the one that was typed stays in the form."""
    d = formulaire.cleaned_data
    reprendre_version(formulaire, o.version)
    derniere = RevueObjectif.objects.de_l_accompagnement(o.accompagnement).filter(objectif=o).first()
    textes = [TextesEnConflit("État", str(EtatObjectif(d["etat"]).label), str(o.get_etat_display()))]
    if d.get("texte"):
        textes.append(TextesEnConflit("Objectif", d["texte"], o.texte))
    dit = derniere.commentaire if derniere else ""
    return [*textes, TextesEnConflit("Ce que la personne en dit", d["commentaire"], dit)]


def _conflit(formulaire: DiagnosticForm, actuel: Diagnostic) -> list[TextesEnConflit]:
    """What differs, on both sides; the form takes the version that stands."""
    reprendre_version(formulaire, actuel.version)
    miens = formulaire.textes
    textes = [
        TextesEnConflit(str(axe.label), miens[axe.value], getattr(actuel, axe.value))
        for axe in Diagnostic.DETERMINANTS
        if miens[axe.value] != getattr(actuel, axe.value)
    ]
    ma_sortie, la_leur = formulaire.cleaned_data["sortie_detention"], actuel.sortie_detention or ""
    if ma_sortie != la_leur:
        dire = dict([("", "Non renseigné"), *SortieDetention.choices])
        textes.append(TextesEnConflit("Sortie de détention", dire[ma_sortie], dire[la_leur]))
    mes_axes = ", ".join(str(Axe(c).label) for c in formulaire.cleaned_data["axes"])
    if mes_axes != ", ".join(actuel.axes_libelles):
        textes.append(TextesEnConflit("Axes retenus", mes_axes, ", ".join(actuel.axes_libelles)))
    return textes
