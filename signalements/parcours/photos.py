"""Photos of a fiche that is being written: examined, drawn again, sealed; removed as easily."""

from uuid import UUID

from partenaires.models import Compte
from signalements.corrections import photos_ouvertes
from signalements.enums import DEPOT, Action
from signalements.models import Brouillon, Fiche, Photo
from signalements.parcours.verrous import fiche_verrouillee, noter
from socle import antivirus, horloge
from socle.ecriture import INSECABLE
from socle.images import ImageRefusee, preparer_photo


class PhotoRefusee(ValueError):
    """The photo is not kept; the message says why and what to do, in French."""


def ajouter_photo(pk: UUID, *, par: Compte, contenu: bytes) -> Photo:
    """Keep a photo with a fiche that this person writes.

    Raises PhotoRefusee (type, size, number, antivirus), TransitionInterdite once the fiche has left, and
    Fiche.DoesNotExist when it is not this person's. The file itself is examined, before anything reads it.
    """
    fiche: Fiche = Fiche.objects.visibles_par(par).get(pk=pk)
    DEPOT.verifier("transmettre", etat=fiche.etat, roles=par.roles)
    try:
        antivirus.examiner(contenu)
        image = preparer_photo(contenu)
    except ImageRefusee as refus:
        raise PhotoRefusee(str(refus)) from None
    except antivirus.FichierInfecte:
        noter(Action.PHOTO_INFECTEE, fiche)
        raise PhotoRefusee("L’antivirus a refusé ce fichier. Choisissez une autre photo.") from None
    except antivirus.AntivirusIndisponible:
        raise PhotoRefusee(
            "L’antivirus ne répond pas : cette photo n’a pas été gardée. Réessayez dans quelques minutes ; la fiche "
            "peut partir sans elle.".replace(" :", f"{INSECABLE}:").replace(" ;", f"{INSECABLE};")
        ) from None
    fiche = fiche_verrouillee(pk, par)
    DEPOT.verifier("transmettre", etat=fiche.etat, roles=par.roles)
    _exiger_ouvertes(fiche, par)
    if Photo.objects.filter(fiche=fiche).count() >= Photo.MAXIMUM:
        raise PhotoRefusee(f"Une fiche porte {Photo.MAXIMUM}{INSECABLE}photos au plus. Retirez-en une d’abord.")
    maintenant = horloge.maintenant()
    photo = Photo(
        fiche=fiche, orienteur_id=fiche.orienteur_id, octets=image.octets, vignette=image.vignette,
        largeur=image.largeur, hauteur=image.hauteur, ajoutee_le=maintenant, ajoutee_par=par,
    )  # fmt: skip
    photo.save(force_insert=True)
    _toucher(fiche)
    noter(Action.PHOTO_AJOUTEE, fiche)
    return photo


def retirer_photo(pk: UUID, *, par: Compte) -> Fiche:
    """Take a photo away from a fiche that this person writes; Photo.DoesNotExist when it is not hers to.

    PhotoRefusee when she corrects something else.
    """
    photo: Photo = Photo.objects.visibles_par(par).en_main().en_vignettes().get(pk=pk)
    fiche = fiche_verrouillee(photo.fiche_id, par)
    DEPOT.verifier("transmettre", etat=fiche.etat, roles=par.roles)
    _exiger_ouvertes(fiche, par)
    Photo.objects.filter(pk=pk)._raw_delete("default")
    _toucher(fiche)
    noter(Action.PHOTO_RETIREE, fiche)
    return fiche


def _exiger_ouvertes(fiche: Fiche, par: Compte) -> None:
    brouillon = Brouillon.objects.get(pk=fiche.pk)
    if not photos_ouvertes(fiche, par, brouillon.commentaires):
        raise PhotoRefusee(
            f"Votre référent n’a rien demandé sur «{INSECABLE}Ce qui a été vu ou entendu{INSECABLE}»{INSECABLE}: les "
            "photos ne changent pas."
        )


def _toucher(fiche: Fiche) -> None:
    """A photo counts as a change: the draft is not one that nobody touches."""
    fiche.modifiee_le = horloge.maintenant()
    fiche.save(update_fields=["modifiee_le"])
