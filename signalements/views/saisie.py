"""The fiche in four steps, on a phone: what is typed is kept on the server at each step and each change."""

from functools import wraps
from typing import Any, Protocol
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.datastructures import MultiValueDict
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from partenaires.droits import acteur, ouvert_a
from partenaires.enums import ROLES_EQUIPE, Permission
from partenaires.models import Compte
from partenaires.views.publiques import NUMEROS
from signalements import droits, parcours
from signalements.enums import Cotation, Domaine, EtatDepot, Majeur
from signalements.forms.etapes import DomaineForm, EtapeForm, PersonneForm, manques_du_domaine
from signalements.forms.fiche import CONTEXTE, GRILLE, GRILLE_INCONNUE, PERSONNE, RELIRE, Manque
from signalements.garde import FormulationsARevoir
from signalements.models import Fiche
from signalements.recus import lecteurs_de
from signalements.views.brouillon import Saisie
from signalements.views.sections import sections_du_brouillon
from socle.formulaires import entier_lu
from socle.transitions import TransitionInterdite
from socle.versions import ConflitDeVersion

SUITE = "suite"  # the one tap fills the rest of a domain and goes on
CHERCHER = "chercher"  # key of the address and of the form: the search among many résidences
RECHERCHE_MAXIMALE = 80
REMPLIES = "remplies_"  # prefix of the draft's key: lines of a domain that one tap filled, so that it can be undone


class _VueDeSaisie(Protocol):
    def __call__(self, request: HttpRequest, saisie: Saisie, etape: str) -> HttpResponse: ...


def accueil_de(compte: Compte) -> str:
    """Where a person who leaves the form goes."""
    return "saisir_fiche" if compte.a_role(*ROLES_EQUIPE) else "mes_signalements"


def _sur_un_brouillon(vue: _VueDeSaisie) -> Any:
    """Give the view the draft and its step; a fiche that has left goes to its receipt, out of scope is unknown."""

    @wraps(vue)
    def ouverte(request: HttpRequest, pk: UUID, etape: str) -> HttpResponse:
        compte = acteur(request)
        fiche = droits.fiche_en_main(compte, pk)
        if fiche is None:
            return _deja_partie(request, pk)
        envoyee = request.POST.get("residence", "") if etape == PERSONNE else ""
        saisie_ = Saisie.ouvrir(compte, fiche, envoyee=envoyee, cherche=_cherche(request.GET))
        if etape not in saisie_.etapes:
            raise Http404
        try:
            return vue(request, saisie_, etape)
        except (TransitionInterdite, Fiche.DoesNotExist):  # sent meanwhile, by a second click or another tab
            return _deja_partie(request, pk)

    return ouverte


def _deja_partie(request: HttpRequest, pk: UUID) -> HttpResponse:
    if request.headers.get("Accept") == "application/json":
        return JsonResponse({}, status=410)
    return redirect("signalement", pk)


@require_http_methods(["GET", "HEAD", "POST"])
@ouvert_a(Permission.SAISIR)
@_sur_un_brouillon
def saisie(request: HttpRequest, saisie: Saisie, etape: str) -> HttpResponse:
    """A page of the form. POST keeps what is typed first, then goes where the button says."""
    if etape == RELIRE:
        return _relire(request, saisie)
    if request.method != "POST":
        formulaire = saisie.formulaire(etape, corriger="corriger" in request.GET)
        return _montrer(request, saisie, etape, formulaire)
    formulaire = saisie.formulaire(etape, request.POST)
    champs = _champs(request, saisie, etape, formulaire)
    try:
        parcours.enregistrer_brouillon(saisie.fiche.pk, par=saisie.compte, champs=champs, version=_version(request))
    except ConflitDeVersion:
        return _montrer(request, saisie, etape, formulaire, conflit=True, status=409)
    if {"tout_non_observe", "annuler_non_observe"} & set(request.POST):
        if request.POST.get("tout_non_observe") == SUITE and isinstance(formulaire, DomaineForm):
            remplies = {code: [Cotation.NON_OBSERVE.value] for code in formulaire.sans_reponse}
            formulaire = saisie.formulaire(etape, MultiValueDict({**dict(request.POST.lists()), **remplies}))
            return _continuer(request, saisie, etape, formulaire)
        return redirect(f"{_ici(request, saisie, etape)}#reste")
    return _aller(request, saisie, etape) or _continuer(request, saisie, etape, formulaire)


@require_POST
@ouvert_a(Permission.SAISIR)
@_sur_un_brouillon
def saisie_auto(request: HttpRequest, saisie: Saisie, etape: str) -> HttpResponse:
    """Keep one change: 200 with the new version, 409 when somebody else wrote here meanwhile, 410 once it left."""
    if etape == RELIRE:
        raise Http404
    champs = _champs(request, saisie, etape, saisie.formulaire(etape, request.POST))
    try:
        fiche = parcours.enregistrer_brouillon(
            saisie.fiche.pk, par=saisie.compte, champs=champs, version=_version(request)
        )
    except ConflitDeVersion:
        return JsonResponse({}, status=409)
    return JsonResponse({"version": fiche.version})


@require_safe
@ouvert_a(Permission.SAISIR)
@_sur_un_brouillon
def saisie_alerte(request: HttpRequest, saisie: Saisie, etape: str) -> HttpResponse:
    """Whom to call; that it was shown is journalled. Then the form goes on, with nothing lost."""
    parcours.noter_urgence_montree(par=saisie.compte, fiche=saisie.fiche)
    return render(request, "signalements/saisie/alerte.html", {"numeros": NUMEROS, "retour": saisie.adresse(etape)})


@require_http_methods(["GET", "HEAD", "POST"])
@ouvert_a(Permission.SAISIR)
def brouillon_supprimer(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Throw one's own draft away, after a confirmation."""
    compte = acteur(request)
    fiche = droits.fiche_en_main(compte, pk)
    if fiche is None or fiche.etat != EtatDepot.BROUILLON or fiche.auteur_id != compte.pk:
        return redirect("signalement", pk)
    if request.method == "POST":
        parcours.supprimer_brouillon(pk, par=compte)
        messages.success(request, "Le brouillon est supprimé.")
        return redirect(accueil_de(compte))
    return render(request, "signalements/saisie/supprimer.html", {"retour": reverse(accueil_de(compte))})


def _relire(request: HttpRequest, saisie: Saisie) -> HttpResponse:
    """Step 4: everything on one page; sends when nothing is missing."""
    if request.method == "POST":
        ailleurs = _aller(request, saisie, RELIRE)
        if ailleurs is not None:
            return ailleurs
    formulaire = saisie.fiche_form()
    if request.method == "POST":
        if request.POST.get(GRILLE) != str(saisie.grille.pk):
            formulaire.refuser(saisie.domaines[0], "", GRILLE_INCONNUE)
        if formulaire.is_valid():
            try:
                fiche = parcours.transmettre(saisie.fiche.pk, par=saisie.compte, contenu=formulaire.contenu_fiche())
            except parcours.SansConvention as refus:
                saisie.refuser_convention(formulaire, refus.residence)
            except FormulationsARevoir:
                formulaire.refuser(CONTEXTE, "id_faits", "Relisez vos phrases avant d’envoyer.")
            else:
                return redirect("fiche" if saisie.compte.a_role(*ROLES_EQUIPE) else "signalement", fiche.pk)
    contexte = {
        **_communs(saisie, RELIRE),
        "envoi": _envoi(saisie),
        "manques": [(_vers_correction(saisie, m), m.texte) for m in formulaire.manques],
        "pas_essaye": request.method != "POST",
        "essaye": request.method == "POST",
        "sections": [
            (s, f"{saisie.adresse(s.etape)}?depuis={RELIRE}")
            for s in sections_du_brouillon(formulaire, saisie.commentaires)
        ],
    }
    return render(request, "signalements/saisie/relire.html", contexte)


def _vers_correction(saisie: Saisie, manque: Manque) -> str:
    """The step with its faults shown, on the field."""
    ancre = f"#{manque.ancre}" if manque.ancre else ""
    return f"{saisie.adresse(manque.etape)}?corriger=1&depuis={RELIRE}{ancre}"


def _envoi(saisie: Saisie) -> str:
    """The words of the last button: to whom the fiche goes first."""
    relue = saisie.convention is not None and saisie.convention.relecture
    if relue and not droits.est_lecteur(saisie.compte) and not saisie.compte.a_role(*ROLES_EQUIPE):
        return "Envoyer à mon référent"
    return "Envoyer à l’équipe"


def _montrer(
    request: HttpRequest,
    saisie: Saisie,
    etape: str,
    formulaire: EtapeForm,
    *,
    conflit: bool = False,
    status: int = 200,
) -> HttpResponse:
    contexte = {
        **_communs(saisie, etape),
        "formulaire": formulaire,
        "depuis_relire": request.GET.get("depuis") == RELIRE,
        **_du_domaine(saisie, etape, formulaire),
        "conflits": saisie.en_conflit(formulaire) if conflit else [],
        "mineur": formulaire["majeur"].value() == Majeur.NON if etape == PERSONNE else False,
    }
    gabarit = etape if etape in (PERSONNE, CONTEXTE) else "domaine"
    return render(request, f"signalements/saisie/{gabarit}.html", contexte, status=status)


def _du_domaine(saisie: Saisie, etape: str, formulaire: EtapeForm) -> dict[str, Any]:
    if not isinstance(formulaire, DomaineForm):
        return {}
    return {
        "domaine": Domaine(etape).label,
        "commentaire": saisie.commentaires.get(etape, ""),
        "manques": [
            (f"#{ancre}", texte if texte.startswith("«") else f"{texte}.")
            for ancre, texte in manques_du_domaine(formulaire)
        ],
        "repondues": len(formulaire.codes) - len(formulaire.sans_reponse),
        "remplies": len(_remplies(saisie, etape)),
    }


def _remplies(saisie: Saisie, etape: str) -> list[str]:
    """Lines that one tap filled and that still say so."""
    codes: list[str] = saisie.contenu.get(REMPLIES + etape, [])
    return [code for code in codes if saisie.contenu.get(code) == Cotation.NON_OBSERVE]


def _communs(saisie: Saisie, etape: str) -> dict[str, Any]:
    precedente = saisie.precedente(etape)
    return {
        "saisie": saisie,
        "fiche": saisie.fiche,
        "etape": etape,
        "progres": saisie.progres(etape),
        "precedente": precedente,
        "suite": saisie.vers(saisie.suivante(etape)) if etape != RELIRE else "",
        "grille_changee": saisie.a_change_de_grille(),
        "commentaires": saisie.commentaires,
        "fermes": saisie.fermes,
        "lecteurs": lecteurs_de(saisie.compte, saisie.fiche),
        "numeros": NUMEROS,
        **_avant(saisie, precedente),
        "supprimable": etape in (PERSONNE, RELIRE) and saisie.fiche.etat == EtatDepot.BROUILLON,
    }


def _avant(saisie: Saisie, precedente: str) -> dict[str, Any]:
    """What one tap filled on the page before, said where it led, with the way back."""
    if precedente not in saisie.domaines:
        return {"remplies_avant": 0}
    return {
        "remplies_avant": len(_remplies(saisie, precedente)),
        "domaine_avant": Domaine(precedente).label,
        "saisie_avant": saisie.adresse(precedente),
    }


def _champs(request: HttpRequest, saisie: Saisie, etape: str, formulaire: EtapeForm) -> dict[str, Any]:
    """What goes to the draft: the step as typed, with the lines that one tap fills or empties."""
    champs = formulaire.saisie()
    if not isinstance(formulaire, DomaineForm):
        return champs
    champs |= {GRILLE: str(saisie.grille.pk), REMPLIES + etape: []}
    if "tout_non_observe" in request.POST:
        remplies = formulaire.sans_reponse
        champs |= {**dict.fromkeys(remplies, Cotation.NON_OBSERVE.value), REMPLIES + etape: remplies}
    elif "annuler_non_observe" in request.POST:
        champs |= {code: "" for code in _remplies(saisie, etape) if champs.get(code) == Cotation.NON_OBSERVE}
    return champs


def _version(request: HttpRequest) -> int | None:
    return entier_lu(request.POST.get("version", ""))


def _ici(request: HttpRequest, saisie: Saisie, etape: str) -> str:
    depuis = f"?depuis={RELIRE}" if request.GET.get("depuis") == RELIRE else ""
    return saisie.adresse(etape) + depuis


def _cherche(requete: QueryDict) -> str:
    """What the person looks for among the résidences."""
    return requete.get(CHERCHER, "").replace("\0", "").strip()[:RECHERCHE_MAXIMALE]


def _avec_recherche(request: HttpRequest, saisie: Saisie) -> str:
    """Step 1 with what the search finds, at the place of the résidence."""
    requete = QueryDict(mutable=True)
    requete[CHERCHER] = _cherche(request.POST)
    if request.GET.get("depuis") == RELIRE:
        requete["depuis"] = RELIRE
    return f"{saisie.adresse(PERSONNE)}?{requete.urlencode()}#residences"


def _aller(request: HttpRequest, saisie: Saisie, etape: str) -> HttpResponse | None:
    """The buttons that leave the page without asking whether it is right.

    A search typed while nothing is chosen is answered first: the key Enter presses the button that continues.
    """
    vers = request.POST.get("vers", "")
    if vers == "quitter":
        messages.success(request, "Votre brouillon est gardé 30 jours.")
        return redirect(accueil_de(saisie.compte))
    if etape == PERSONNE and (vers == "residence" or (_cherche(request.POST) and not request.POST.get("residence"))):
        return redirect(_avec_recherche(request, saisie))
    if vers == "alerte":
        parcours.demander_urgence(saisie.fiche.pk, par=saisie.compte)
        return redirect("saisie_alerte", saisie.fiche.pk, etape)
    if vers == "photos" and etape == CONTEXTE:
        return redirect("photos", saisie.fiche.pk)
    if vers == "precedent" and saisie.precedente(etape):
        return redirect(saisie.adresse(saisie.precedente(etape)))
    if vers == "passer" and etape != RELIRE:
        return redirect(saisie.adresse(saisie.suivante(etape)))
    return None


def _continuer(request: HttpRequest, saisie: Saisie, etape: str, formulaire: EtapeForm) -> HttpResponse:
    if isinstance(formulaire, PersonneForm) and formulaire.is_valid():
        residence = formulaire.residence_choisie
        if residence is not None and droits.convention_de(saisie.fiche, residence) is None:
            formulaire.add_error("residence", droits.hors_convention(saisie.compte, saisie.fiche, residence))
    if not formulaire.is_valid():
        return _montrer(request, saisie, etape, formulaire)
    if request.GET.get("depuis") == RELIRE:
        return redirect(saisie.adresse(RELIRE))
    return redirect(saisie.adresse(saisie.suivante(etape)))
