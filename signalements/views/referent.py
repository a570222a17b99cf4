"""The référent's list and panel: what is due, the thread with the équipe, the household's information."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from partenaires.droits import acteur, ouvert_a
from partenaires.enums import Permission
from partenaires.models import Compte, Residence
from signalements import droits, parcours, prolongements
from signalements.enums import Action, EtatDepot, Statut
from signalements.forms.referent import VUES, FiltresForm, InformationForm, MessageForm, OppositionForm, ReponseForm
from signalements.lues import noter_lues, noter_recherche
from signalements.models import Echange, Fiche, Information, LectureFil, Rectification
from signalements.prolongements import actions_convenues
from signalements.suivi import a_faire_de, ligne_de, messages_lus, nombre_plafonne
from socle import horloge
from socle.ecriture import INSECABLE, date_moyenne
from socle.idempotence import CorpsDifferent, une_fois
from socle.lots import lire_ensemble
from socle.pagination import adresse_avec, paginer
from socle.vues import Maintenant, transition_dite

TRI = ("echeance", "-envoyee_le", "-id")
INFORMABLES = frozenset({Statut.RECUE, Statut.A_COMPLETER, Statut.EN_COURS})


def liste(request: HttpRequest, compte: Compte) -> HttpResponse:
    """The organisation's situations, what is due first; every filter is in the address."""
    visibles = Fiche.objects.visibles_par(compte)
    filtres = FiltresForm(request.GET, residences=Residence.objects.visibles_par(compte).par_nom())
    filtres.is_valid()
    nombres = visibles.compter_par_vue(compte)
    page = paginer(_filtrees(visibles, filtres, compte), request.GET, tri=TRI)
    noter_lues(Action.LISTE_LUE, [f for f in page.lignes if f.terminee_le is None])
    if filtres.valeur("q"):
        noter_recherche(par=compte)
    contexte = {
        "filtres": filtres,
        "page": page,
        "lignes": [ligne_de(fiche) for fiche in page.lignes],
        "vues": [
            (libelle, adresse_avec(request.GET, vue=cle), nombre_plafonne(nombres[cle or "tous"]), cle == _vue(filtres))
            for cle, libelle in VUES
        ],
        "actifs": _actifs(request, filtres),
        "brouillons": nombres["en_main"],
        "vide": not nombres["tous"],
        "sans_filtre": reverse("mes_signalements"),
        "parametres": request.GET.urlencode(),
    }
    return render(request, "signalements/referent/liste.html", contexte)


def panneau(request: HttpRequest, compte: Compte, pk: UUID, **formulaires: Any) -> HttpResponse:
    """A situation: the thread, and what the référent may do. htmx takes the panel and its row alone."""
    fiche = droits.fiche_en_main(compte, pk)
    if fiche is not None and fiche.etat == EtatDepot.BROUILLON:
        return redirect("saisie", pk, "personne")
    suivie = droits.fiche_du_referent(compte, pk)
    if suivie.terminee_le is None:
        noter_lues(Action.FICHE_LUE, [suivie])
    contexte = {**contexte_du_panneau(compte, suivie), **formulaires}
    en_partie = getattr(request, "htmx", False) and not request.headers.get("HX-History-Restore-Request")
    gabarit = "panneau_htmx" if en_partie else "signalement"
    return render(request, f"signalements/referent/{gabarit}.html", contexte)


def contexte_du_panneau(compte: Compte, fiche: Any) -> dict[str, Any]:
    """What the panel shows; a finished situation shows nothing but that it is."""
    if fiche.terminee_le is not None:
        return {"fiche": fiche, "ligne": ligne_de(fiche), "terminee": True}
    transmise = fiche.est_transmise
    lues = lire_ensemble(
        informations=Information.objects.de_la_fiche(fiche),
        echanges=Echange.objects.de_la_fiche(fiche) if transmise else Echange.objects.none(),
        lectures=LectureFil.objects.de_la_fiche(fiche, compte),
        rectifications=Rectification.objects.de_la_fiche(fiche),
    )
    informations = lues["informations"]
    messages_du_fil = messages_lus(
        lues["echanges"],
        lecteur_id=compte.pk,
        orienteur_id=fiche.orienteur_id,
        lu_le=lues["lectures"][0].lu_le if lues["lectures"] else None,
    )
    a_completer = fiche.statut == Statut.A_COMPLETER
    return {
        "fiche": fiche,
        "ligne": ligne_de(fiche),
        "terminee": False,
        "transmise": transmise,
        "a_relire": fiche.etat == EtatDepot.A_RELIRE,
        "a_corriger": fiche.etat == EtatDepot.A_CORRIGER,
        "a_completer": a_completer,
        "a_faire": a_faire_de(fiche),
        "rendez_vous": prolongements.rendez_vous(fiche, compte) if transmise else None,
        "information": informations[0] if informations else None,
        "informable": transmise and fiche.statut in INFORMABLES,
        "messages_du_fil": messages_du_fil,
        "nouveaux": sum(m.nouveau for m in messages_du_fil),
        "dernier_message": lues["echanges"][-1].pk if messages_du_fil else "",
        "rectifications": lues["rectifications"],
        "actions": actions_convenues(fiche, compte) if transmise else (),
        "message": (ReponseForm if a_completer else MessageForm)(contexte=parcours.contexte_de_la_fiche(fiche)),
        "saisie_information": InformationForm(),
    }


def _etat_actuel(request: HttpRequest, pk: UUID) -> Maintenant:
    fiche = droits.fiche_visible(acteur(request), pk)
    objet = f"Le signalement {fiche.reference}".strip()
    return Maintenant(objet, Statut(fiche.statut_lu).label, reverse("signalement", args=[pk]), "Revenir au signalement")


@require_http_methods(["GET", "HEAD", "POST"])
@ouvert_a(Permission.LIRE_FICHES)
@transition_dite(_etat_actuel)
def signalement_repondre(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Write to the équipe; when it asked something, the answer sends the fiche back to its study."""
    compte = acteur(request)
    if request.method != "POST":
        return redirect("signalement", pk)
    fiche = droits.fiche_du_referent(compte, pk)
    complete = request.POST.get("action") == "completer"
    garde = parcours.contexte_de_la_fiche(fiche)
    formulaire = (ReponseForm if complete else MessageForm)(request.POST, contexte=garde)
    if formulaire.is_valid() and _une_fois(formulaire, fiche, compte, "completer" if complete else "message"):
        messages.success(request, "Votre réponse est partie." if complete else "Votre message est parti.")
        return redirect("signalement", pk)
    return panneau(request, compte, pk, message=formulaire, a_completer=complete)


@require_http_methods(["GET", "HEAD", "POST"])
@ouvert_a(Permission.LIRE_FICHES)
def signalement_information(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Record, or correct, when and how the household was told."""
    compte = acteur(request)
    if request.method != "POST":
        return redirect("signalement", pk)
    fiche = droits.fiche_du_referent(compte, pk)
    formulaire = InformationForm(request.POST)
    if fiche.terminee_le is not None or not fiche.est_transmise:
        return redirect("signalement", pk)
    if formulaire.is_valid():
        le, mode = formulaire.cleaned_data["informee_le"], formulaire.cleaned_data["mode_information"]
        parcours.enregistrer_information(pk, par=compte, le=le, mode=mode)
        messages.success(request, f"L’information est enregistrée{INSECABLE}: {date_moyenne(le)}.")
        return redirect("signalement", pk)
    return panneau(request, compte, pk, saisie_information=formulaire, corriger_information=True)


@require_http_methods(["GET", "HEAD", "POST"])
@ouvert_a(Permission.LIRE_FICHES)
@transition_dite(_etat_actuel)
def signalement_opposition(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The person refuses: one confirmation, then everything is hidden."""
    compte = acteur(request)
    fiche = droits.fiche_du_referent(compte, pk)
    if not fiche.est_transmise or fiche.terminee_le is not None:
        return redirect("signalement", pk)
    formulaire = OppositionForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and formulaire.is_valid():
        parcours.opposer(pk, par=compte)
        messages.success(request, f"L’opposition à {fiche.reference} est enregistrée. Vous ne voyez plus son contenu.")
        return redirect("mes_signalements")
    noter_lues(Action.FICHE_LUE, [fiche])
    contexte = {
        "fiche": fiche,
        "formulaire": formulaire,
        "personne": fiche.locataire_lisible,
        "effacee_le": horloge.aujourdhui() + parcours.GRACE,
        "retour": reverse("signalement", args=[pk]),
    }
    return render(request, "signalements/referent/opposition.html", contexte)


def _une_fois(formulaire: MessageForm, fiche: Fiche, compte: Compte, action: str) -> bool:
    donnees = {nom: valeur for nom, valeur in formulaire.cleaned_data.items() if nom != "cle"}
    texte = donnees["texte"]

    def faire() -> object:
        if action == "message":
            return parcours.ecrire_message(fiche.pk, par=compte, texte=texte, gardees=formulaire.gardees).pk
        return parcours.completer(
            fiche.pk,
            par=compte,
            reponse=texte,
            informee_le=donnees["informee_le"],
            mode_information=donnees["mode_information"],
            gardees=formulaire.gardees,
        ).pk

    try:
        une_fois(
            formulaire.cleaned_data["cle"],
            compte_id=compte.pk,
            action=f"signalement_{action}",
            corps={"fiche": str(fiche.pk), **donnees},
            faire=faire,
        )
    except CorpsDifferent:
        formulaire.add_error(None, "Ce message est déjà parti avec un autre texte. Relisez le fil avant de récrire.")
        return False
    except Fiche.DoesNotExist:
        formulaire.add_error(None, "Cette situation est terminée : son fil est fermé.".replace(" :", f"{INSECABLE}:"))
        return False
    return True


def _vue(filtres: FiltresForm) -> str:
    return filtres.valeur("vue") or ""


def _filtrees(visibles: Any, filtres: FiltresForm, compte: Compte) -> Any:
    lignes = visibles.envoyees().avec_echeance(compte).avec_nouveaux(compte).pour_l_orienteur()
    vue = _vue(filtres)
    if vue == "a_faire":
        lignes = lignes.a_faire()
    elif vue == "ouverts":
        lignes = lignes.ouvertes()
    elif vue == "termines":
        lignes = lignes.terminees()
    if filtres.valeur("q"):
        lignes = lignes.cherchees(compte, filtres.valeur("q"))
    if filtres.valeur("statut"):
        lignes = lignes.au_statut_lu(filtres.valeur("statut"))
    if filtres.valeur("secteur"):
        lignes = lignes.d_un_secteur(filtres.valeur("secteur"))
    if filtres.valeur("residence"):
        lignes = lignes.d_une_residence(filtres.valeur("residence"))
    if filtres.valeur("du") or filtres.valeur("au"):
        lignes = lignes.envoyees_entre(filtres.valeur("du"), filtres.valeur("au"))
    return lignes


def _actifs(request: HttpRequest, filtres: FiltresForm) -> list[tuple[str, str]]:
    """The filters in force as removable chips: words, and the address without them."""
    actifs = []
    if filtres.valeur("q"):
        actifs.append((f"«{INSECABLE}{filtres.valeur('q')}{INSECABLE}»", adresse_avec(request.GET, q="")))
    if filtres.valeur("statut"):
        actifs.append((str(Statut(filtres.valeur("statut")).label), adresse_avec(request.GET, statut="")))
    if filtres.valeur("secteur"):
        actifs.append((filtres.valeur("secteur"), adresse_avec(request.GET, secteur="")))
    if filtres.valeur("residence"):
        actifs.append((filtres.residences[filtres.valeur("residence")], adresse_avec(request.GET, residence="")))
    if filtres.valeur("du"):
        actifs.append((f"depuis le {date_moyenne(filtres.valeur('du'))}", adresse_avec(request.GET, du="")))
    if filtres.valeur("au"):
        actifs.append((f"jusqu’au {date_moyenne(filtres.valeur('au'))}", adresse_avec(request.GET, au="")))
    return actifs
