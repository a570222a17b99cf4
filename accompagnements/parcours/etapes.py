"""The next step that somebody writes by hand: one at a time, done or written again."""

from datetime import date
from uuid import UUID

from accompagnements.enums import Action
from accompagnements.models import EtapeChoisie
from accompagnements.parcours.verrous import SaisieRefusee, noter, ouvert
from partenaires.models import Compte
from socle import horloge
from socle.transitions import TransitionInterdite
from socle.versions import ConflitDeVersion


def noter_etape(pk: UUID, *, par: Compte, version: int, texte: str, le: date) -> EtapeChoisie:
    """Write the next step and its day; `version` is 0 when the form was shown without one.

    TransitionInterdite on a closed accompagnement, SaisieRefusee for an empty text or a past day, ConflitDeVersion.
    """
    accompagnement = ouvert(pk, par, "noter_etape")
    if not texte.strip():
        raise SaisieRefusee("Écrivez ce qui est à faire.", "texte")
    if le < horloge.aujourdhui():
        raise SaisieRefusee("La date doit être du jour ou à venir.", "le")
    actuelle = EtapeChoisie.objects.filter(pk=accompagnement.pk).first()
    if actuelle is not None and version == 0:
        raise ConflitDeVersion(actuelle)
    etape = actuelle or EtapeChoisie(accompagnement=accompagnement, equipe_id=accompagnement.equipe_id)
    etape.texte, etape.le, etape.par = texte.strip(), le, par
    etape.notee_le, etape.faite_le = horloge.maintenant(), None
    if actuelle is None:
        etape.save(force_insert=True)
    else:
        etape.enregistrer_version(version, ["texte", "le", "par", "notee_le", "faite_le"])
    noter(Action.ETAPE_NOTEE, accompagnement, equipe_id=accompagnement.equipe_id)
    return etape


def etape_faite(pk: UUID, *, par: Compte) -> EtapeChoisie:
    """It is done. TransitionInterdite when there is none to do."""
    accompagnement = ouvert(pk, par, "etape_faite")
    etape = EtapeChoisie.objects.all().a_faire().filter(pk=accompagnement.pk).first()
    if etape is None:
        raise TransitionInterdite("etape_faite", accompagnement.etat)
    etape.faite_le = horloge.maintenant()
    etape.enregistrer_version(etape.version, ["faite_le"])
    noter(Action.ETAPE_FAITE, accompagnement, equipe_id=accompagnement.equipe_id)
    return etape
