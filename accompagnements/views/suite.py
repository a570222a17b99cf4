"""Pauses, ends, the decision on a retrait d'accord, the home at six months; accords and orientations prepared."""

from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse

from accompagnements import droits, parcours
from accompagnements.enums import AVANT_CONTRAT, SOUS_CONTRAT, Etat, MotifSansSuite
from accompagnements.forms.suite import (
    AccordForm,
    ConfirmerForm,
    LogementForm,
    OrientationForm,
    RetraitForm,
    SansSuiteForm,
    SuspendreForm,
    TerminerForm,
)
from accompagnements.models import Accompagnement, Accord, Orientation
from accompagnements.parcours import DejaOuverte
from accompagnements.taches import peut_decider
from accompagnements.views.commun import acte, de_la_situation, donnees, en_main, fait, page_acte, saisir, une_fois
from partenaires.droits import acteur
from partenaires.parcours import annuaire
from socle import horloge
from socle.ecriture import INSECABLE, date_moyenne
from socle.transitions import TransitionInterdite
from socle.vues import Maintenant

DEFINITIF = "Cette décision ne s’annule pas."


def accord_maintenant(request: HttpRequest, /, pk: UUID) -> Maintenant:
    return de_la_situation(droits.accord_visible(acteur(request), pk).accompagnement)


@acte()
def suspendre(request: HttpRequest, pk: UUID) -> HttpResponse:
    compte, a = en_main(request, pk, Etat.EN_COURS, nom="suspendre")
    formulaire = SuspendreForm(donnees(request))
    if request.method == "POST" and formulaire.is_valid():
        motif = formulaire.cleaned_data["motif"]
        if saisir(formulaire, lambda: parcours.suspendre(pk, par=compte, motif=motif)):
            return fait(request, pk, "L’accompagnement est suspendu.")
    return page_acte(
        request, a, formulaire, titre=f"Suspendre l’accompagnement de {a.fiche.designation}",
        texte="Le contrat reste valable. Un rappel vient au bout de 30 jours.", action="Suspendre l’accompagnement",
    )  # fmt: skip


@acte()
def reprendre(request: HttpRequest, pk: UUID) -> HttpResponse:
    compte, a = en_main(request, pk, Etat.SUSPENDU, nom="reprendre")
    if request.method == "POST":
        parcours.reprendre(pk, par=compte)
        return fait(request, pk, "L’accompagnement reprend.")
    depuis = f"Il est suspendu depuis le {date_moyenne(a.suspendu_le)}." if a.suspendu_le else ""
    return page_acte(
        request, a, ConfirmerForm(), titre=f"Reprendre l’accompagnement de {a.fiche.designation}{INSECABLE}?",
        texte=depuis, action="Reprendre l’accompagnement",
    )  # fmt: skip


@acte()
def terminer(request: HttpRequest, pk: UUID) -> HttpResponse:
    compte, a = en_main(request, pk, *SOUS_CONTRAT, nom="terminer")
    formulaire = TerminerForm(donnees(request))
    if request.method == "POST" and formulaire.is_valid():
        d = formulaire.cleaned_data
        if saisir(
            formulaire,
            lambda: parcours.terminer(
                pk, par=compte, motif=d["motif"], relais=d["relais"], situation_logement=d["situation_logement"]
            ),
        ):
            return fait(request, pk, "L’accompagnement est terminé. Le document de fin se prépare.")
    return page_acte(
        request, a, formulaire, titre=f"Terminer l’accompagnement de {a.fiche.designation}", danger=True,
        texte=f"La fiche est close. {_lira(a)} Les visites prévues sont annulées. {DEFINITIF}",
        action="Terminer l’accompagnement",
    )  # fmt: skip


@acte()
def sans_suite(request: HttpRequest, pk: UUID) -> HttpResponse:
    compte, a = en_main(request, pk, *AVANT_CONTRAT, nom="cloturer_sans_suite")
    propose = request.GET.get("motif", "")
    formulaire = SansSuiteForm(donnees(request), initial={"motif": propose if propose in MotifSansSuite.values else ""})
    if request.method == "POST" and formulaire.is_valid():
        motif = formulaire.cleaned_data["motif"]
        if saisir(formulaire, lambda: parcours.cloturer_sans_suite(pk, par=compte, motif=motif)):
            return fait(request, pk, "La situation est close sans suite.")
    return page_acte(
        request, a, formulaire, titre=f"Clore sans suite la situation de {a.fiche.designation}", danger=True,
        texte=f"Aucun contrat n’est signé. {_lira(a)} Les visites prévues sont annulées. {DEFINITIF}",
        action="Clore sans suite",
    )  # fmt: skip


@acte()
def retrait(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Coordination decides; PermissionDenied for the others of the équipe."""
    compte, a = en_main(request, pk, nom="decider_retrait")
    if not peut_decider(compte):
        raise PermissionDenied("La coordination décide de la suite d’un retrait d’accord.")
    if not a.retrait_en_attente:
        raise TransitionInterdite("decider_retrait", a.etat)
    formulaire = RetraitForm(donnees(request))
    if request.method == "POST" and formulaire.is_valid():
        d = formulaire.cleaned_data
        if saisir(
            formulaire,
            lambda: parcours.decider_retrait(
                pk, par=compte, arreter=formulaire.arrete, relais=d["relais"],
                situation_logement=d["situation_logement"],
            ),
        ):  # fmt: skip
            return fait(request, pk, "La suite du retrait d’accord est enregistrée.")
    demande = a.fiche.instruction.retrait_demande_le
    return page_acte(
        request, a, formulaire, titre=f"Décider du retrait d’accord de {a.fiche.designation}",
        texte=f"Demandé le {date_moyenne(demande) if demande else ''}. Tout partage a cessé ce jour-là.",
        action="Enregistrer la décision",
    )  # fmt: skip


@acte()
def logement(request: HttpRequest, pk: UUID) -> HttpResponse:
    compte = acteur(request)
    a = droits.accompagnement_visible(compte, pk)
    if a.logement_note or a.etat == Etat.SANS_SUITE or horloge.aujourdhui() < a.logement_du_le:
        raise TransitionInterdite("noter_logement", a.etat)
    formulaire = LogementForm(donnees(request), initial={"le": horloge.aujourdhui()})
    if request.method == "POST" and formulaire.is_valid():
        d = formulaire.cleaned_data

        def faire() -> UUID:
            return parcours.noter_logement(pk, par=compte, situation=d["situation"], le=d["le"]).pk

        if une_fois(formulaire, compte, f"logement|{pk}", faire):
            return fait(request, pk, "La situation du logement est notée.")
    return page_acte(
        request, a, formulaire, titre=f"Situation du logement de {a.fiche.designation}, à six mois",
        texte=f"L’accompagnement s’est ouvert le {date_moyenne(a.ouvert_le)}. Elle se note une fois.",
        action="Noter la situation",
    )  # fmt: skip


@acte()
def accord_recueillir(request: HttpRequest, pk: UUID) -> HttpResponse:
    compte, a = en_main(request, pk, nom="recueillir_accord")
    if a.retrait_en_attente:
        raise TransitionInterdite("recueillir_accord", a.etat)
    initial = {"le": horloge.aujourdhui(), "organisation": request.GET.get("organisation", "")}
    formulaire = AccordForm(donnees(request), compte=compte, initial=initial)
    if request.method == "POST" and formulaire.is_valid():
        d = formulaire.cleaned_data

        def faire() -> UUID:
            return parcours.recueillir_accord(
                pk, par=compte, organisation=d["organisation"], portees=d["portees"], mode=d["mode"], le=d["le"],
                jusqu_au=d["jusqu_au"],
            ).pk  # fmt: skip

        if une_fois(formulaire, compte, f"accord|{pk}", faire):
            dit = f"L’accord pour {d['organisation'].nom} est enregistré."
            return fait(request, pk, dit, "situation_orientations")
    return page_acte(
        request, a, formulaire, titre=f"Recueillir l’accord de {a.fiche.designation}",
        texte="Un accord par partenaire. Sans lui, rien n’est transmis.", action="Enregistrer l’accord",
        retour="situation_orientations",
    )  # fmt: skip


@acte(accord_maintenant)
def accord_retirer(request: HttpRequest, pk: UUID) -> HttpResponse:
    compte = acteur(request)
    accord = droits.accord_visible(compte, pk)
    if accord.retire_le is not None:
        raise TransitionInterdite("retirer_accord", "retiré")
    formulaire = ConfirmerForm(donnees(request))
    if request.method == "POST":
        parcours.retirer_accord(pk, par=compte)
        dit = f"L’accord pour {accord.qui.nom} est retiré."
        return fait(request, accord.accompagnement_id, dit, "situation_accords")
    return page_acte(
        request, accord.accompagnement, formulaire,
        titre=f"Retirer l’accord pour {accord.qui.nom}{INSECABLE}?",
        texte=_cesse(accord),
        action="Retirer l’accord", danger=True, retour="situation_accords",
    )  # fmt: skip


@acte()
def orientation_proposer(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Prepare an orientation; it leaves from its own page, under an accord."""
    compte, a = en_main(request, pk, nom="proposer_orientation")
    if a.retrait_en_attente:
        raise TransitionInterdite("proposer_orientation", a.etat)
    formulaire = OrientationForm(
        donnees(request), compte=compte, initial={"destinataire": request.GET.get("structure", "")}
    )
    deja: list[Orientation] = []
    if request.method == "POST" and formulaire.is_valid():
        d = formulaire.cleaned_data

        def faire() -> UUID:
            vers = formulaire.vers or annuaire.ajouter(formulaire.nouveau, par=compte)
            try:
                return parcours.proposer_orientation(
                    pk, par=compte, destinataire=vers, demande=d["demande"], contacts=d["contacts"]
                ).pk
            except DejaOuverte as refus:
                deja.append(refus.orientation)
                raise

        if une_fois(formulaire, compte, f"orientation|{pk}", faire):
            dit = "L’orientation est préparée. Rien n’est encore parti."
            return fait(request, pk, dit, "situation_orientations")
    return page_acte(
        request, a, formulaire, titre=f"Préparer une orientation pour {a.fiche.designation}",
        texte="Rien ne part maintenant. L’envoi demande l’accord de la personne pour ce partenaire.",
        action="Préparer l’orientation", retour="situation_orientations", deja=deja,
    )  # fmt: skip


def _cesse(accord: Accord) -> str:
    """What stops with an accord, read before it is withdrawn."""
    if accord.commission_id is not None:
        return (
            "Le partage cesse maintenant : plus aucun partenaire ne lit cette situation dans les séances de cette "
            "commission. Les dossiers qui la portent ne sont plus servis."
        )
    if accord.organisation_id == accord.accompagnement.fiche.orienteur_id:
        return "Le partage cesse maintenant : son bailleur ne lit plus ni action convenue ni ordre du jour."
    return (
        "Le partage cesse maintenant : les orientations vers ce partenaire lui sont retirées, les liens se ferment, il "
        "ne lit plus rien en concertation. Il en est prévenu sans motif."
    )


def _lira(a: Accompagnement) -> str:
    return f"{a.fiche.orienteur.nom} lira «{INSECABLE}Terminée{INSECABLE}», sans motif, et ne verra plus le contenu."
