"""How long what a fiche says is kept, and its erasure; a pseudonymous counting line stays.

Each rule runs as `palier_systeme`, each night, is safe to run twice, and counts only when `a_blanc`.
Source: the security specification, "Data", and the product specification, "The path of a situation".
"""

from datetime import date, datetime, timedelta
from typing import Final

from partenaires.models import Rattachement
from signalements.enums import Action, EtatDepot, EtatInstruction
from signalements.models import (
    Brouillon,
    Constat,
    Echange,
    Export,
    Fiche,
    Imprime,
    Information,
    Jeton,
    LectureFil,
    Locataire,
    OppositionConnue,
    Photo,
    Rapprochement,
    Rectification,
    Releve,
    VueTri,
)
from signalements.models.lectures import FicheQuerySet
from signalements.parcours import GRACE
from signalements.parcours.verrous import noter
from signalements.recus import CONSERVATION_BROUILLON
from socle import envois, horloge, purge
from socle.calendrier import ajouter_mois

RAPPEL_BROUILLON: Final = timedelta(days=25)  # untouched, before the author is reminded
MOIS_NON_RECEVABLE: Final = 1
MOIS_CLOSE: Final = 24
CONSERVATION_IMPRIMES: Final = timedelta(days=90)
FINS_LONGUES: Final = (EtatInstruction.REORIENTEE, EtatInstruction.CLASSEE, EtatInstruction.CLOSE)
CONTENU: Final = (
    Photo, Jeton, LectureFil, Rectification, Echange, Releve, Information, Constat, Locataire, Brouillon,
)  # fmt: skip


def rappeler_brouillons() -> int:
    """Remind, once per last change, the authors of drafts untouched for 25 days; returns how many there are."""
    seuil = horloge.maintenant() - RAPPEL_BROUILLON
    lignes = list(Fiche.objects.delaissees(seuil))
    for fiche in lignes:
        envois.prevoir(
            "signalements.rappel_brouillon",
            effet=f"rappel_brouillon|{fiche.pk}|{fiche.modifiee_le.isoformat()}",
            organisation_id=fiche.declarant_id,
            objet_id=fiche.pk,
            donnees={"modifiee_le": fiche.modifiee_le.isoformat()},
        )
    return len(lignes)


@purge.regle("brouillons délaissés")
def purger_brouillons(*, a_blanc: bool) -> int:
    """Drafts that nobody touched for 30 days, whole; a fiche sent back to its author is never one of them."""
    lignes = Fiche.objects.delaissees(horloge.maintenant() - CONSERVATION_BROUILLON)
    if a_blanc:
        return lignes.count()
    efface = 0
    for fiche in lignes.select_for_update(skip_locked=True):
        noter(Action.BROUILLON_SUPPRIME, fiche)
        efface += Fiche.objects.filter(pk=fiche.pk)._raw_delete("default")  # its children cascade in the database
    return efface


@purge.regle("contenu des oppositions")
def purger_oppositions(*, a_blanc: bool) -> int:
    """The content of a fiche, 7 days after the household's opposition (the time to repair a mistaken click)."""
    return _effacer(_finies((EtatInstruction.OPPOSITION,), horloge.maintenant() - GRACE), a_blanc)


@purge.regle("contenu des fiches non recevables")
def purger_non_recevables(*, a_blanc: bool) -> int:
    """The content of a fiche found non recevable, a month later."""
    return _effacer(_finies((EtatInstruction.NON_RECEVABLE,), _il_y_a(MOIS_NON_RECEVABLE)), a_blanc)


@purge.regle("contenu des fiches abandonnées")
def purger_abandonnees(*, a_blanc: bool) -> int:
    """The content of a fiche given up before the équipe had it, a month later, as if it were non recevable."""
    lignes = Fiche.objects.filter(etat=EtatDepot.ABANDONNEE, terminee_le__lt=_il_y_a(MOIS_NON_RECEVABLE))
    return _effacer(lignes.avec_contenu_restant(), a_blanc)


@purge.regle("contenu des fiches closes")
def purger_closes(*, a_blanc: bool) -> int:
    """The content of a closed fiche, two years after its end (CNIL délib. 2023-095)."""
    return _effacer(_finies(FINS_LONGUES, _il_y_a(MOIS_CLOSE)), a_blanc)


@purge.regle("empreintes d’opposition")
def purger_empreintes(*, a_blanc: bool) -> int:
    """The keyed hash by which an opposition is remembered, after 24 months."""
    lignes = OppositionConnue.objects.filter(expire_le__lte=horloge.aujourdhui())
    return lignes.count() if a_blanc else lignes._raw_delete("default")


@purge.regle("vues de personnes parties")
def purger_vues(*, a_blanc: bool) -> int:
    """Saved views that nobody shared, once their author has left the équipe."""
    en_vigueur = Rattachement.objects.all().en_vigueur(horloge.aujourdhui())
    lignes = VueTri.objects.all().abandonnees(en_vigueur)
    if a_blanc:
        return lignes.count()
    cles = list(lignes.values_list("pk", flat=True))
    return VueTri.objects.filter(pk__in=cles)._raw_delete("default") if cles else 0


@purge.regle("fichiers à télécharger")
def purger_exports(*, a_blanc: bool) -> int:
    """Files made for one person, a day later; the sweep of every minute does it too."""
    lignes = Export.objects.all().expires()
    return lignes.count() if a_blanc else lignes._raw_delete("default")


@purge.regle("notices et fiches à imprimer")
def purger_imprimes(*, a_blanc: bool) -> int:
    """Papers to print, 90 days after they were asked for: they are made again in a moment, as true as that day."""
    lignes = Imprime.objects.anciennes(horloge.maintenant() - CONSERVATION_IMPRIMES)
    return lignes.count() if a_blanc else lignes._raw_delete("default")


def effacement_le(etat: str, fin_le: datetime) -> date:
    """The day on which the content of a fiche that ended so is erased, at the latest."""
    fin = horloge.paris(fin_le).date()
    if etat == EtatInstruction.OPPOSITION:
        return fin + GRACE
    return ajouter_mois(fin, MOIS_NON_RECEVABLE if etat == EtatInstruction.NON_RECEVABLE else MOIS_CLOSE)


def _finies(etats: tuple[str, ...], avant: datetime) -> FicheQuerySet:
    lignes: FicheQuerySet = Fiche.objects.finies_avant(etats, avant).avec_contenu_restant()
    return lignes


def _il_y_a(mois: int) -> datetime:
    """The first instant of the day, that many months ago."""
    return horloge.a_paris(ajouter_mois(horloge.aujourdhui(), -mois), 0)


def _effacer(lignes: FicheQuerySet, a_blanc: bool) -> int:
    """Erase what these fiches say; the fiche and its instruction, without a word, go on being counted."""
    if a_blanc:
        return lignes.count()
    fiches = list(lignes.select_for_update(skip_locked=True, of=("self",)))
    for fiche in fiches:
        for modele in CONTENU:
            modele._default_manager.filter(fiche=fiche.pk)._raw_delete("default")
        Rapprochement.objects.all().de_la_fiche(fiche.pk)._raw_delete("default")
        noter(Action.CONTENU_EFFACE, fiche)
    if fiches:
        Export.objects.all().nommant([fiche.pk for fiche in fiches])._raw_delete("default")
    return len(fiches)
