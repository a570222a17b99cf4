"""Which fiche a person may open: list and check come from one source, and out of scope is unknown."""

from uuid import UUID

from django.http import Http404

from partenaires.enums import GenreOrganisation, Role
from partenaires.models import Compte, Convention, Organisation, Residence
from partenaires.models.patrimoine import ResidenceQuerySet
from signalements.models import Brouillon, Fiche, Photo, PointReunion, Releve, Reunion
from socle import horloge
from socle.ecriture import INSECABLE


def fiche_visible(compte: Compte, pk: UUID) -> Fiche:
    """A fiche that this person sees, with what a receipt shows; Http404 otherwise."""
    return _une(Fiche.objects.visibles_par(compte).avec_recu().filter(pk=pk).first())


def fiche_en_main(compte: Compte, pk: UUID) -> Fiche | None:
    """A fiche that this person still writes, with its draft; None when it has left her; Http404 out of scope.

    Hers, or one that was sent back and that a référent takes over.
    """
    fiche: Fiche | None = Fiche.objects.visibles_par(compte).en_main().avec_brouillon().filter(pk=pk).first()
    if fiche is not None and isinstance(getattr(fiche, "brouillon", None), Brouillon):
        return fiche
    fiche_visible(compte, pk)
    return None


def fiche_de_l_equipe(compte: Compte, pk: UUID) -> Fiche:
    """A fiche transmitted to the person's équipe, with its content, instruction and last information; or Http404."""
    lignes = Fiche.objects.visibles_par(compte).de_l_equipe(compte.organisation_id).avec_contenu()
    return _une(lignes.avec_derniere_information().filter(pk=pk).first())


def fiche_du_referent(compte: Compte, pk: UUID) -> Fiche:
    """A sent fiche of the référent's organisation, with its content and what is due; Http404 otherwise."""
    lignes = Fiche.objects.visibles_par(compte).envoyees().avec_echeance(compte).avec_nouveaux(compte)
    return _une(lignes.pour_l_orienteur().filter(pk=pk).first())


def photo_visible(compte: Compte, pk: UUID) -> Photo:
    """A photo of a fiche whose content this person reads; Http404 otherwise."""
    photo: Photo | None = Photo.objects.visibles_par(compte).select_related("fiche").filter(pk=pk).first()
    if photo is None:
        raise Http404
    return photo


def photo_en_main(compte: Compte, pk: UUID) -> Photo:
    """A photo of a fiche that this person still writes; Http404 otherwise."""
    photo: Photo | None = Photo.objects.visibles_par(compte).en_main().en_vignettes().filter(pk=pk).first()
    if photo is None:
        raise Http404
    return photo


def releve_a_rendre(compte: Compte, pk: UUID) -> Releve:
    """An expected six-month relevé that this person may rate; Http404 otherwise."""
    releve: Releve | None = Releve.objects.a_rendre_par(compte).avec_fiche().filter(pk=pk).first()
    if releve is None:
        raise Http404
    return releve


def reunion_de_l_equipe(compte: Compte, pk: UUID) -> Reunion:
    """A meeting of the person's équipe; Http404 otherwise."""
    reunion: Reunion | None = Reunion.objects.visibles_par(compte).select_related("ouverte_par").filter(pk=pk).first()
    if reunion is None:
        raise Http404
    return reunion


def point_de_l_equipe(compte: Compte, pk: UUID) -> PointReunion:
    """A point of a meeting of the person's équipe, with its meeting; Http404 otherwise."""
    points = PointReunion.objects.visibles_par(compte).select_related("reunion")
    point: PointReunion | None = points.filter(pk=pk).first()
    if point is None:
        raise Http404
    return point


def est_lecteur(compte: Compte) -> bool:
    """Whether the person reads her organisation's fiches (référent, responsable), or only receipts."""
    return compte.a_role(Role.REFERENT, Role.RESPONSABLE)


def residences_ouvertes(compte: Compte, fiche: Fiche) -> ResidenceQuerySet:
    """Résidences that the person may name in this fiche: those of the bailleur for whom it is written."""
    residences = Residence.objects.visibles_par(compte).ouvertes().avec_parties()
    return residences.du_bailleur(fiche.orienteur_id) if fiche.orienteur.est_bailleur else residences


def residence_ouverte(compte: Compte, fiche: Fiche, cle: str) -> Residence | None:
    """One of `residences_ouvertes` by its key, without reading the others; None when it is not among them."""
    if not (cle.isascii() and cle.isdigit() and len(cle) < 19):
        return None
    return residences_ouvertes(compte, fiche).parmi([int(cle)]).first()


def convention_de(fiche: Fiche, residence: Residence) -> Convention | None:
    """The convention under which a fiche on this résidence would leave.

    In force today over the commune, on its own dates; or, for a fiche that was sent back, the one under which it was
    sent, as long as it stays in the same commune: the end of a convention stops new fiches only.
    """
    deja = _envoyee_sous(fiche, residence)
    if deja is not None:
        return deja
    couvrantes = Convention.objects.filter(orienteur=fiche.orienteur_id)
    convention: Convention | None = (
        couvrantes.couvrant(residence.territoire_id, horloge.aujourdhui()).avec_parties().first()
    )
    return convention


def _envoyee_sous(fiche: Fiche, residence: Residence) -> Convention | None:
    if fiche.convention_id is None or fiche.residence is None:
        return None
    return fiche.convention if fiche.residence.territoire_id == residence.territoire_id else None


def equipe_du_brouillon(fiche: Fiche, residence: Residence | None) -> int | None:
    """The équipe that a draft would go to, as far as it is known: its grid is the one to show."""
    if fiche.equipe_id is not None or residence is None:
        return fiche.equipe_id
    convention = convention_de(fiche, residence)
    return convention.equipe_id if convention else None


def hors_convention(compte: Compte, fiche: Fiche, residence: Residence) -> str:
    """Why a fiche on this résidence cannot leave, and whom to call."""
    return (
        f"Aucune convention ne couvre «{INSECABLE}{residence.nom}{INSECABLE}» aujourd’hui. {_a_appeler(compte, fiche)}"
    )


def _a_appeler(compte: Compte, fiche: Fiche) -> str:
    """Whom a convention names on the person's side, an équipe that the orienteur works with, the platform; otherwise
    somebody in the organisation.
    """
    conventions = Convention.objects.visibles_par(compte).en_vigueur(horloge.aujourdhui()).avec_parties()
    liees = list(conventions.filter(orienteur=fiche.orienteur_id).recentes())
    nommes = [c.interlocuteur_orienteur if compte.a_role(Role.GARDIEN) else c.interlocuteur_equipe for c in liees]
    for nomme in filter(None, nommes):
        return f"Appelez {nomme}."
    plateformes = Organisation.objects.visibles_par(compte).filter(genre=GenreOrganisation.PLATEFORME)
    for organisation in (*(c.equipe for c in liees), *plateformes):
        contact = organisation.telephone or organisation.courriel
        if contact:
            return f"Appelez {organisation.nom}{INSECABLE}: {contact}."
    if compte.a_role(Role.GARDIEN):
        return "Parlez-en à votre référent."
    return "Parlez-en à l’équipe dédiée de votre territoire."


def _une(fiche: Fiche | None) -> Fiche:
    if fiche is None:
        raise Http404
    return fiche
