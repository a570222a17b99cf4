"""What whoever hands a file over reads again first: free texts and files that may speak of somebody else."""

from collections.abc import Iterator

from accompagnements.models import Accompagnement, Document, EntreeClinique, NoteEquipe, PointConcertation, Visite
from partenaires.models import Compte
from signalements.models import Echange, Fiche, Photo
from socle.ecriture import INSECABLE, date_moyenne

DEUX_POINTS = f"{INSECABLE}: "
LONGUEUR = 60  # characters of a text shown to recognise it


def retenables(compte: Compte, a: Accompagnement) -> list[tuple[str, str]]:
    """(key, words) of each, the fiche first; a text that this person does not read is not offered."""
    return list(_retenables(compte, a))


def _retenables(compte: Compte, a: Accompagnement) -> Iterator[tuple[str, str]]:
    fiche = Fiche.objects.visibles_par(compte).avec_contenu().filter(pk=a.fiche_id).first()
    constat = fiche.constat_lisible if fiche else None
    if fiche is not None and constat is not None and (constat.faits or constat.composition or constat.demarches):
        yield (
            f"constat|{fiche.pk}",
            f"Le texte du signalement{DEUX_POINTS}{_debut(constat.faits or constat.demarches)}",
        )
    if fiche is not None:
        for e in Echange.objects.all().de_la_fiche(fiche):
            yield (
                f"echange|{e.pk}",
                f"Message du {date_moyenne(e.le)}, {e.organisation.nom}{DEUX_POINTS}{_debut(e.texte)}",
            )
        for n, p in enumerate(Photo.objects.visibles_par(compte).filter(fiche=fiche).order_by("ajoutee_le", "id"), 1):
            yield f"photo|{p.pk}", f"Photo {n} du signalement"
    for v in Visite.objects.de_l_accompagnement(a):
        if v.compte_rendu and v.rendue_le:
            yield f"visite|{v.pk}", f"Visite du {date_moyenne(v.debut)}{DEUX_POINTS}{_debut(v.compte_rendu)}"
    for note in NoteEquipe.objects.de_l_accompagnement(a):
        yield f"note|{note.pk}", f"Note du {date_moyenne(note.ecrite_le)}{DEUX_POINTS}{_debut(note.texte)}"
    for c in EntreeClinique.objects.visibles_par(compte).de_l_accompagnement(a):
        if c.contenu_lisible is not None:
            yield f"clinique|{c.pk}", f"Note clinique du {date_moyenne(c.ecrite_le)}"
    for point in PointConcertation.objects.de_l_accompagnement(a).avec_situation():
        if point.situation.compte_rendu:
            debut = _debut(point.situation.compte_rendu)
            yield (
                f"point|{point.pk}",
                f"Concertation du {date_moyenne(point.concertation.debut)}{DEUX_POINTS}{debut}",
            )
    for d in Document.objects.de_l_accompagnement(a):
        if d.est_une_piece and d.est_pret:
            yield f"piece|{d.pk}", f"Pièce{DEUX_POINTS}{d.titre}{f', {d.precision}' if d.precision else ''}"


def _debut(texte: str) -> str:
    court = " ".join(texte.split())
    return court if len(court) <= LONGUEUR else f"{court[:LONGUEUR].rsplit(' ', 1)[0]}…"
