"""Photos of a fiche: added and removed while it is written, then looked at by those who read its content."""

import hashlib
from base64 import b64encode
from collections.abc import Iterable
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from partenaires.droits import acteur, ouvert_a
from partenaires.enums import ROLES_EQUIPE, Permission
from partenaires.models import Compte
from signalements import droits, parcours
from signalements.enums import Action
from signalements.forms.fiche import CONTEXTE, RELIRE
from signalements.forms.photos import ACCEPTES, CHAMP, PhotosForm
from signalements.models import Fiche, Photo
from socle import journal
from socle.depots import trop_grands
from socle.ecriture import INSECABLE
from socle.idempotence import CorpsDifferent, une_fois
from socle.transitions import TransitionInterdite
from socle.vues import fichier_joint


def vignettes_de(photos_: Iterable[Photo]) -> list[dict[str, object]]:
    """What `signalements/vignettes.html` shows: each thumbnail inside the page, whose reading is noted already."""
    return [
        {
            "pk": photo.pk,
            "url": reverse("photo", args=[photo.pk]),
            "source": f"data:image/jpeg;base64,{b64encode(photo.vignette).decode()}",
            "titre": f"Photo{INSECABLE}{rang}",
            "largeur": photo.largeur,
            "hauteur": photo.hauteur,
        }
        for rang, photo in enumerate(photos_, 1)
    ]


@require_http_methods(["GET", "HEAD", "POST"])
@ouvert_a(Permission.SAISIR)
def photos(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Add photos to one's own draft, see them, take them away."""
    compte = acteur(request)
    fiche = droits.fiche_en_main(compte, pk)
    if fiche is None:
        return redirect("signalement", pk)
    formulaire = PhotosForm()
    ici = reverse("photos", args=[pk]) + (f"?depuis={RELIRE}" if request.GET.get("depuis") == RELIRE else "")
    if request.method == "POST":
        formulaire = PhotosForm(request.POST, request.FILES, trop_grands=trop_grands(request))
        if formulaire.is_valid():
            try:
                ajoutees = _ajouter(formulaire, fiche, compte)
            except (TransitionInterdite, Fiche.DoesNotExist):
                return redirect("signalement", pk)
            if ajoutees and formulaire.is_valid():
                messages.success(request, "La photo est gardée." if ajoutees == 1 else "Les photos sont gardées.")
                return redirect(ici)
    vignettes = vignettes_de(Photo.objects.de_la_fiche(fiche).en_vignettes())
    contexte = {
        "fiche": fiche,
        "formulaire": formulaire,
        "vignettes": vignettes,
        "reste": Photo.MAXIMUM - len(vignettes),
        "maximum": Photo.MAXIMUM,
        "accept": ACCEPTES,
        "champ": CHAMP,
        "retour": reverse("saisie", args=[pk, RELIRE if request.GET.get("depuis") == RELIRE else CONTEXTE]),
    }
    return render(request, "signalements/saisie/photos.html", contexte)


def _ajouter(formulaire: PhotosForm, fiche: Fiche, compte: Compte) -> int:
    """How many photos were kept; what keeps the others out is added to the form. A second sending adds nothing."""
    contenus = [fichier.read() for fichier in formulaire.fichiers]
    gardees = 0

    def faire() -> object:
        nonlocal gardees
        for contenu in contenus:
            try:
                parcours.ajouter_photo(fiche.pk, par=compte, contenu=contenu)
                gardees += 1
            except parcours.PhotoRefusee as refus:
                formulaire.add_error(None, str(refus))
        return fiche.pk

    try:
        _, maintenant = une_fois(
            formulaire.cleaned_data["cle"],
            compte_id=compte.pk,
            action="photos",
            corps={"fiche": str(fiche.pk), "photos": _empreintes(contenus)},
            faire=faire,
        )
    except CorpsDifferent:
        formulaire.add_error(None, "Cette page a déjà servi. Choisissez la photo à nouveau.")
        return 0
    return gardees if maintenant else len(contenus)


def _empreintes(contenus: Iterable[bytes]) -> list[str]:
    return [hashlib.sha256(contenu).hexdigest() for contenu in contenus]


@require_POST
@ouvert_a(Permission.SAISIR)
def photo_retirer(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Take a photo away from one's own draft."""
    compte = acteur(request)
    photo = droits.photo_en_main(compte, pk)
    try:
        parcours.retirer_photo(pk, par=compte)
    except (TransitionInterdite, Photo.DoesNotExist):
        return redirect("signalement", photo.fiche_id)
    except parcours.PhotoRefusee as refus:
        messages.error(request, str(refus))
    else:
        messages.success(request, "La photo est retirée.")
    return redirect("photos", photo.fiche_id)


@require_safe
@ouvert_a(Permission.SAISIR)
def photo(request: HttpRequest, pk: UUID) -> HttpResponse:
    """A photo in full, on a page of its own."""
    compte = acteur(request)
    vue = droits.photo_visible(compte, pk)
    contexte = {
        "photo": vue,
        "fiche": vue.fiche,
        "image": reverse("photo_image", args=[pk]),
        "retour": reverse(_page_de(compte, vue.fiche), args=[vue.fiche_id]),
    }
    return render(request, "signalements/photo.html", contexte)


@require_safe
@ouvert_a(Permission.SAISIR)
def photo_image(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The bytes, as an attachment under a name that says nothing; looking at them is noted."""
    vue = droits.photo_visible(acteur(request), pk)
    fiche = vue.fiche
    organisation_id = fiche.equipe_id or fiche.declarant_id
    journal.noter(Action.PHOTO_LUE, organisation_id=organisation_id, objet_type="fiche", objets=[fiche.pk])
    reponse = fichier_joint(bytes(vue.octets), nom=f"photo-{pk.hex[-8:]}.jpg", genre="image/jpeg")
    reponse["Cross-Origin-Resource-Policy"] = "same-origin"
    return reponse


def _page_de(compte: Compte, fiche: Fiche) -> str:
    """The page that a photo was opened from."""
    if fiche.est_en_main:
        return "photos"
    if compte.a_role(*ROLES_EQUIPE):
        return "fiche"
    return "signalement_relecture" if fiche.etat == "a_relire" else "signalement_fiche"
