"""The acts of the équipe on a fiche: each on its own page, confirmed, and refused when the fiche has changed."""

from collections.abc import Callable
from datetime import date
from typing import Protocol
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from partenaires.droits import acteur, ouvert_a
from partenaires.enums import Permission
from partenaires.models import Compte
from partenaires.views.creation import creer
from signalements import droits, parcours
from signalements.enums import INSTRUCTION, EtatInstruction
from signalements.forms.decisions import (
    ActeForm,
    AnnulerOppositionForm,
    AttribuerForm,
    ClasserForm,
    DeclarerNonRecevableForm,
    DeclarerRecevableForm,
    DemanderComplementForm,
    EcrireMessageForm,
    EnregistrerInformationForm,
    OpposerForm,
    ReorienterForm,
)
from signalements.forms.tri import membres_de
from signalements.models import Fiche, Information
from signalements.parcours import GRACE, DateRefusee
from signalements.suite import reparable
from socle import horloge
from socle.ecriture import INSECABLE, date_longue, date_moyenne
from socle.formulaires import FormAvecCle
from socle.presentation import TextesEnConflit
from socle.transitions import TransitionInterdite
from socle.versions import ConflitDeVersion
from socle.vues import Maintenant, transition_dite

E = EtatInstruction
INFORMABLES = frozenset(
    {
        EtatInstruction.TRANSMISE,
        EtatInstruction.A_COMPLETER,
        EtatInstruction.RECEVABLE,
        EtatInstruction.DELAI_OPPOSITION,
    }
)


class VueActe(Protocol):
    """The view of an act: a fiche by its key."""

    def __call__(self, request: HttpRequest, /, pk: UUID) -> HttpResponse: ...


def maintenant(request: HttpRequest, /, pk: UUID) -> Maintenant:
    """What the fiche is now, for the page of a form that came too late."""
    f = droits.fiche_de_l_equipe(acteur(request), pk)
    etat = EtatInstruction(f.instruction.etat).label
    return Maintenant(f"La fiche {f.reference}", str(etat), reverse("fiche", args=[pk]))


def acte(vue: VueActe) -> Callable[..., HttpResponse]:
    """What every act shares: GET or POST, the équipe only, and a clear answer when the fiche has changed."""
    return require_http_methods(["GET", "HEAD", "POST"])(ouvert_a(Permission.SUIVRE)(transition_dite(maintenant)(vue)))


@acte
def recevable(request: HttpRequest, pk: UUID) -> HttpResponse:
    compte, f = _ouvrir(request, pk, "declarer_recevable")
    formulaire = DeclarerRecevableForm(_envoi(request), initial=_version(f))
    if request.method == "POST" and formulaire.is_valid():
        parcours.declarer_recevable(pk, par=compte, version=formulaire.cleaned_data["version"])
        return _fait(request, f, "La fiche est recevable.")
    informee = Information.objects.de_la_fiche(f).first()
    return _page(
        request, f, formulaire,
        titre=f"Déclarer recevable la fiche de {f.designation}{INSECABLE}?",
        texte=(
            "La personne est déjà informée. Le délai d’opposition commence aussitôt, sans visite jusqu’à sa fin."
            if informee
            else f"{f.orienteur.nom} est invité à informer la personne. Le délai d’opposition commencera alors, sans "
            "visite jusqu’à sa fin."
        ),
        action="Déclarer recevable",
    )  # fmt: skip


@acte
def non_recevable(request: HttpRequest, pk: UUID) -> HttpResponse:
    compte, f = _ouvrir(request, pk, "declarer_non_recevable")
    formulaire = DeclarerNonRecevableForm(_envoi(request), initial=_version(f))
    if request.method == "POST" and formulaire.is_valid():
        d = formulaire.cleaned_data
        parcours.declarer_non_recevable(pk, par=compte, motif=d["motif"], version=d["version"])
        return _fait(request, f, "La fiche est déclarée non recevable.")
    return _page(
        request, f, formulaire,
        titre=f"Déclarer non recevable la fiche de {f.designation}{INSECABLE}?",
        texte=f"La situation se termine. {_fin_vue(f)} Cette décision ne s’annule pas.",
        action="Déclarer non recevable",
        danger=True,
    )  # fmt: skip


@acte
def complement(request: HttpRequest, pk: UUID) -> HttpResponse:
    compte, f = _ouvrir(request, pk, "demander_complement")
    garde = parcours.contexte_de_la_fiche(f)
    formulaire = DemanderComplementForm(_envoi(request), initial=_version(f), contexte=garde)
    if request.method == "POST" and formulaire.is_valid():
        d, gardees = formulaire.cleaned_data, formulaire.gardees
        parcours.demander_complement(pk, par=compte, question=d["question"], gardees=gardees, version=d["version"])
        return _fait(request, f, f"Votre question est envoyée {f.orienteur.nom_a}.")
    return _page(
        request, f, formulaire,
        titre=f"Demander un complément {f.orienteur.nom_a}",
        texte="La question s’ajoute au fil. La fiche revient à étudier dès la réponse.",
        action="Envoyer la question",
    )  # fmt: skip


@acte
def reorienter(request: HttpRequest, pk: UUID) -> HttpResponse:
    compte, f = _ouvrir(request, pk, "reorienter")
    formulaire = ReorienterForm(_envoi(request), initial=_version(f))
    if request.method == "POST" and formulaire.is_valid():
        parcours.reorienter(pk, par=compte, version=formulaire.cleaned_data["version"])
        return _fait(request, f, "La fiche est réorientée.")
    return _page(
        request, f, formulaire,
        titre=f"Réorienter la fiche de {f.designation}{INSECABLE}?",
        texte=(
            f"{f.orienteur.nom} reçoit un conseil toujours identique, sans motif{INSECABLE}: proposer à la personne de "
            "s’adresser à son médecin, au service social de sa commune ou à son point d’accueil habituel. Rien sur "
            f"elle n’est transmis à un partenaire. {_fin_vue(f)} Cette décision ne s’annule pas."
        ),
        action="Réorienter la fiche",
        danger=True,
    )  # fmt: skip


@acte
def classer(request: HttpRequest, pk: UUID) -> HttpResponse:
    compte, f = _ouvrir(request, pk, "classer")
    formulaire = ClasserForm(_envoi(request), initial=_version(f))
    if request.method == "POST" and formulaire.is_valid():
        d = formulaire.cleaned_data
        parcours.classer(pk, par=compte, motif=d["motif"], version=d["version"])
        return _fait(request, f, "La fiche est classée.")
    return _page(
        request, f, formulaire,
        titre=f"Classer la fiche de {f.designation}{INSECABLE}?",
        texte=f"La situation se termine sans accompagnement. {_fin_vue(f)} Cette décision ne s’annule pas.",
        action="Classer la fiche",
        danger=True,
    )  # fmt: skip


@acte
def information(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Record the information of the household, or correct its date: the delay only becomes longer."""
    compte, f = acteur(request), droits.fiche_de_l_equipe(acteur(request), pk)
    if f.terminee_le is not None or f.instruction.etat not in INFORMABLES:
        raise TransitionInterdite("enregistrer_information", f.instruction.etat)
    connue = Information.objects.de_la_fiche(f).first()
    initial = {"le": connue.le, "mode": connue.mode} if connue else {}
    formulaire = EnregistrerInformationForm(_envoi(request), initial=initial)
    if request.method == "POST" and formulaire.is_valid():
        d = formulaire.cleaned_data
        if _une_fois(formulaire, compte, f, lambda: _informer(f, compte, d["le"], d["mode"], corrige=bool(connue))):
            return _fait(request, f, _delai_dit(droits.fiche_de_l_equipe(compte, pk)))
    return _page(
        request, f, formulaire,
        titre="Corriger l’information de la personne" if connue else "Enregistrer l’information de la personne",
        texte=(
            "La personne sait qu’une fiche existe, ce qu’elle contient et qu’elle peut refuser. Une date corrigée ne "
            "peut qu’allonger le délai."
            if connue
            else "La personne sait qu’une fiche existe, ce qu’elle contient et qu’elle peut refuser."
        ),
        action="Corriger l’information" if connue else "Enregistrer l’information",
    )  # fmt: skip


@acte
def opposer(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The person refuses: everything is hidden at once. After a contract, the wish goes to coordination."""
    compte, f = _ouvrir(request, pk, "opposer")
    if f.terminee_le is not None:
        raise TransitionInterdite("opposer", f.instruction.etat)
    retrait = f.instruction.contrat_signe_le is not None
    formulaire = OpposerForm(_envoi(request))
    if request.method == "POST" and formulaire.is_valid():
        parcours.opposer(pk, par=compte)
        dit = "Son retrait d’accord est enregistré." if retrait else "Son opposition est enregistrée."
        return _fait(request, f, dit)
    effacement = date_moyenne(horloge.maintenant() + GRACE)
    return _page(
        request, f, formulaire,
        titre=f"Enregistrer {'le retrait d’accord' if retrait else 'l’opposition'} de {f.designation}{INSECABLE}?",
        texte=(
            "Un contrat est signé. Le partage avec le bailleur cesse maintenant. La coordination décide de la suite "
            "sous 2 jours ouvrés."
            if retrait
            else f"Le contenu de la fiche {f.reference} est masqué à tout le monde maintenant, puis effacé le "
            f"{effacement}. La coordination peut réparer une erreur jusque-là, pendant 7 jours."
        ),
        action="Enregistrer son retrait d’accord" if retrait else "Enregistrer son opposition",
        danger=True,
    )  # fmt: skip


@acte
def annuler_opposition(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Coordination repairs a mistaken click while the content still exists."""
    compte, f = _ouvrir(request, pk, "annuler_opposition")
    if not reparable(f.instruction):
        raise TransitionInterdite("annuler_opposition", f.instruction.etat)
    formulaire = AnnulerOppositionForm(_envoi(request), initial=_version(f))
    if request.method == "POST" and formulaire.is_valid():
        parcours.annuler_opposition(pk, par=compte, version=formulaire.cleaned_data["version"])
        return _fait(request, f, "L’opposition est retirée. Le contenu est de nouveau lisible.")
    assert f.instruction.fin_le is not None
    return _page(
        request, f, formulaire,
        titre=f"Réparer l’opposition de la fiche {f.reference}{INSECABLE}?",
        texte=(
            f"Le contenu redevient lisible par l’équipe et par {f.orienteur.nom_complement}, dans l’état où il était. "
            f"Possible jusqu’au {date_longue(f.instruction.fin_le + GRACE)}. Cet acte est inscrit au journal."
        ),
        action="Retirer l’opposition",
    )  # fmt: skip


@acte
def attribuer(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Say who follows the fiche; a second editor sees what the first one chose."""
    compte, f = acteur(request), droits.fiche_de_l_equipe(acteur(request), pk)
    if f.instruction.est_finie:
        raise TransitionInterdite("attribuer", f.instruction.etat)
    membres = membres_de(compte)
    initial = {**_version(f), "suivie_par": f.instruction.suivie_par_id or ""}
    formulaire = AttribuerForm(_envoi(request), membres=membres, initial=initial)
    conflit = None
    if request.method == "POST" and formulaire.is_valid():
        d = formulaire.cleaned_data
        a = Compte.objects.de_cle(d["suivie_par"]) if d["suivie_par"] else None
        try:
            parcours.attribuer(pk, par=compte, a=a, version=d["version"])
        except ConflitDeVersion:
            autre = f.instruction.suivie_par
            nom_autre = autre.nom_complet if autre else "Sans personne"
            conflit = [TextesEnConflit("Suivie par", formulaire.nom_choisi(), nom_autre)]
            formulaire.data = {**request.POST.dict(), **_version(f)}
        else:
            return _fait(
                request, f, f"Fiche suivie par {a.nom_complet}." if a else "La fiche n’est suivie par personne."
            )
    return _page(
        request, f, formulaire, titre=f"Attribuer la fiche de {f.designation}", texte="", action="Attribuer la fiche",
        conflit=conflit,
    )  # fmt: skip


@acte
def message(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Write in the thread with the orienteur, while the situation is open to both."""
    compte, f = acteur(request), droits.fiche_de_l_equipe(acteur(request), pk)
    if f.terminee_le is not None:
        raise TransitionInterdite("ecrire_message", f.instruction.etat)
    formulaire = EcrireMessageForm(_envoi(request), contexte=parcours.contexte_de_la_fiche(f))
    if request.method == "POST" and formulaire.is_valid():
        texte, gardees = formulaire.cleaned_data["texte"], formulaire.gardees

        def ecrire() -> object:
            return parcours.ecrire_message(pk, par=compte, texte=texte, gardees=gardees).pk

        if _une_fois(formulaire, compte, f, ecrire):
            return _fait(request, f, f"Votre message est envoyé {f.orienteur.nom_a}.", ancre="#fil")
    return _page(
        request,
        f,
        formulaire,
        titre=f"Écrire {f.orienteur.nom_a}",
        texte="",
        action="Envoyer le message",
        retour="#fil",
    )


def _ouvrir(request: HttpRequest, pk: UUID, transition: str) -> tuple[Compte, Fiche]:
    """The fiche in scope, when this person may take this transition from its state."""
    compte = acteur(request)
    f = droits.fiche_de_l_equipe(compte, pk)
    INSTRUCTION.verifier(transition, etat=f.instruction.etat, roles=compte.roles)
    return compte, f


def _envoi(request: HttpRequest) -> QueryDict | None:
    """What was sent, even empty; None on a first display."""
    return request.POST if request.method == "POST" else None


def _version(f: Fiche) -> dict[str, int]:
    return {"version": f.instruction.version}


def _une_fois(formulaire: FormAvecCle, compte: Compte, f: Fiche, faire: Callable[[], object]) -> bool:
    """Do it once, however often the form is sent; False when the form must be shown again."""
    return creer(formulaire, compte=compte, action=f"{type(formulaire).__name__[:20]}|{f.pk}", faire=faire)


def _informer(f: Fiche, compte: Compte, le: date, mode: str, *, corrige: bool) -> UUID:
    """The key of the new row; a refused date becomes an error of the form."""
    enregistrer = parcours.corriger_information if corrige else parcours.enregistrer_information
    try:
        return enregistrer(f.pk, par=compte, le=le, mode=mode).pk
    except DateRefusee as refus:
        raise ValidationError({"le": str(refus)}) from refus


def _delai_dit(f: Fiche) -> str:
    fin = f.instruction.delai_jusqua
    if f.instruction.etat != EtatInstruction.DELAI_OPPOSITION or fin is None:
        return "L’information de la personne est enregistrée."
    return f"Information enregistrée. Aucune visite avant le {date_longue(fin)}."


def _fin_vue(f: Fiche) -> str:
    return f"{f.orienteur.nom} lira «{INSECABLE}Terminée{INSECABLE}», sans motif, et ne verra plus le contenu."


def _fait(request: HttpRequest, f: Fiche, texte: str, ancre: str = "") -> HttpResponse:
    messages.success(request, texte)
    return redirect(reverse("fiche", args=[f.pk]) + ancre)


def _page(
    request: HttpRequest, f: Fiche, formulaire: ActeForm | FormAvecCle | OpposerForm, *, titre: str, texte: str,
    action: str, danger: bool = False, conflit: list[TextesEnConflit] | None = None, retour: str = "",
) -> HttpResponse:  # fmt: skip
    """The page of an act: its fiche, what follows, its form."""
    adresse = reverse("fiche", args=[f.pk])
    contexte = {
        "fiche": f, "formulaire": formulaire, "titre": titre, "texte": texte, "action": action, "danger": danger,
        "conflit": conflit, "adresse": adresse, "retour_url": adresse + retour,
        "fil": [("Fiches", reverse("fiches")), (f.reference, adresse), (action, "")],
    }  # fmt: skip
    return render(request, "signalements/decision.html", contexte, status=409 if conflit else 200)
