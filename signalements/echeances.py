"""What is due on a fiche for the équipe, and when: the same rules order the triage, the fiche and À faire.

In SQL they are `lectures_equipe.echues_au`; a test holds the two together. The working days of these reminders
are those of the whole of France; study, alert and week follow the settings of the équipe (`DelaisEquipe`).
Source: the product specification, "Fiche de signalement".
"""

from datetime import date, datetime, timedelta

from signalements.enums import EtatInstruction
from signalements.models import Instruction
from signalements.models.lectures_equipe import JOURS_RETRAIT
from socle.calendrier import ajouter_jours_ouvres
from socle.ecriture import date_dense, jour_de
from socle.presentation import Delai

E = EtatInstruction
OUVRES = frozenset({E.TRANSMISE, E.A_COMPLETER, E.A_VISITER})  # states whose lateness is in working days


def dernier_jour(fin: datetime) -> date:
    """The last day of a delay that ends at 24:00 (the first instant of the next day)."""
    return jour_de(fin - timedelta(microseconds=1))


def alerte_information(instruction: Instruction) -> date:
    """As the équipe had chosen on the day of the transmission: RGPD article 14 gives a month to inform."""
    jour = instruction.fiche.informer_avant
    assert jour is not None
    return jour


def premiere_visite(fin_du_delai: datetime) -> date:
    """The first working day on which the first visit may be planned."""
    return ajouter_jours_ouvres(jour_de(fin_du_delai) - timedelta(days=1), 1)


def decision_du_retrait(demande_le: datetime) -> date:
    """Coordination decides of a retrait d'accord within two working days."""
    return ajouter_jours_ouvres(jour_de(demande_le), JOURS_RETRAIT)


def echeance_de(instruction: Instruction) -> date | None:
    """The day on which the équipe must have acted, or on which the week ends; None when nothing is due."""
    if instruction.fin_le is not None:
        return None
    if instruction.retrait_demande_le is not None:
        return decision_du_retrait(instruction.retrait_demande_le)
    if instruction.etat in (E.TRANSMISE, E.A_COMPLETER):
        return instruction.etudier_avant
    if instruction.etat == E.RECEVABLE:
        return alerte_information(instruction)
    if instruction.etat == E.DELAI_OPPOSITION and instruction.delai_jusqua is not None:
        return dernier_jour(instruction.delai_jusqua)
    if instruction.etat == E.A_VISITER and instruction.delai_jusqua is not None:
        return premiere_visite(instruction.delai_jusqua)
    return None


def delai_de(instruction: Instruction) -> Delai | None:
    """The due date as it is said. The end of the week waits for the clock: it is never somebody's lateness."""
    if instruction.fin_le is not None:
        return Delai.fait_le(instruction.fin_le)
    echeance = echeance_de(instruction)
    if echeance is None:
        return None
    if instruction.etat == E.DELAI_OPPOSITION:
        return Delai("a_venir", date_dense(echeance), echeance.isoformat())
    ouvres = instruction.etat in OUVRES or instruction.retrait_demande_le is not None
    return Delai.de(echeance, ouvres=ouvres)
