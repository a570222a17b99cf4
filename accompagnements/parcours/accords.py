"""Accords: the person's consent to a partner or a commission, and its withdrawal, which stops the sharing at once."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from accompagnements.enums import Action, ModeAccord, MotifRetrait
from accompagnements.enums.concertations import PORTEES_BAILLEUR, PORTEES_COMMISSION, PORTEES_PARTENAIRE
from accompagnements.models import Accompagnement, Accord, Commission, Orientation, nomme_par
from accompagnements.parcours.orientations import retirer_toutes, verifier_partenaire
from accompagnements.parcours.verrous import SaisieRefusee, jour_passe, noter, ouvert, verrouille
from partenaires.enums import GenreOrganisation
from partenaires.models import Compte, Organisation, Structure
from socle import horloge
from socle.transitions import TransitionInterdite


def recueillir_accord(
    pk: UUID,
    *,
    par: Compte,
    organisation: Organisation | Structure | Commission,
    portees: Sequence[str],
    mode: str,
    le: date,
    jusqu_au: date | None = None,
) -> Accord:
    """Record the consent to a partner, to the bailleur of the fiche, or to a commission of the équipe: what, when and
    how, until which day. That to a commission covers the partners that sit in it today.

    A new consent replaces the one in force. Raises SaisieRefusee, TransitionInterdite on a closed
    accompagnement or while a retrait d'accord waits for a decision.
    """
    accompagnement = ouvert(pk, par, "recueillir_accord")
    if accompagnement.retrait_en_attente:
        raise TransitionInterdite("recueillir_accord", "retrait d’accord")
    siegent: list[int] = []
    possibles = PORTEES_PARTENAIRE
    if isinstance(organisation, Commission):
        siegent, possibles = _siegent(organisation, par), PORTEES_COMMISSION
    elif _est_son_bailleur(organisation, accompagnement):
        possibles = PORTEES_BAILLEUR
    else:
        organisation = verifier_partenaire(organisation, accompagnement.equipe_id, "organisation")
    parties = nomme_par(organisation)
    voulues = [p.value for p in possibles if p.value in portees]
    if not voulues:
        raise SaisieRefusee("Dites ce que la personne accepte de transmettre.", "portees")
    if mode not in ModeAccord.values:
        raise SaisieRefusee("Dites si l’accord est oral ou écrit.", "mode")
    jour_passe(le)
    if jusqu_au is not None and jusqu_au < horloge.aujourdhui():
        raise SaisieRefusee("Donnez une date à venir, ou aucune.", "jusqu_au")
    maintenant = horloge.maintenant()
    precedents = Accord.objects.filter(accompagnement=accompagnement, retire_le=None, **parties)
    remplaces = list(precedents.values_list("pk", flat=True))
    precedents.update(retire_le=maintenant, retire_par=par)
    accord = Accord(
        accompagnement=accompagnement, equipe_id=accompagnement.equipe_id, **parties,
        siegent=siegent, portees=voulues, le=le, jusqu_au=jusqu_au, mode=mode, recueilli_par=par,
    )  # fmt: skip
    accord.save(force_insert=True)
    # The orientations under way go on under the new consent, with no more than they carried already.
    Orientation.objects.filter(accord__in=remplaces, retiree_le=None).update(accord=accord)
    noter(Action.ACCORD, accord, equipe_id=accord.equipe_id, objet_type="accord")
    return accord


def retirer_accord(pk: UUID, *, par: Compte) -> Accord:
    """The person withdraws it: whoever it named no longer reads anything, from now on.

    Raises TransitionInterdite when it is withdrawn already, Accord.DoesNotExist when it is not this person's.
    """
    parent = Accord.objects.visibles_par(par).values_list("accompagnement", flat=True).get(pk=pk)
    verrouille(parent, par)
    accord: Accord = Accord.objects.visibles_par(par).get(pk=pk)
    if accord.retire_le is not None:
        raise TransitionInterdite("retirer_accord", "retiré")
    accord.retire_le, accord.retire_par = horloge.maintenant(), par
    accord.save(update_fields=["retire_le", "retire_par"])
    if accord.commission_id is None:
        siennes = Orientation.objects.filter(accompagnement=accord.accompagnement_id)
        vers = siennes.filter(destinataire=accord.organisation_id, structure=accord.structure_id)
        retirer_toutes(vers, par=par, motif=MotifRetrait.ACCORD_RETIRE)
    noter(Action.ACCORD_RETIRE, accord, equipe_id=accord.equipe_id, objet_type="accord")
    return accord


def _est_son_bailleur(organisation: Organisation | Structure, accompagnement: Accompagnement) -> bool:
    """Whether this is the bailleur that reported the person: he may be named too, for less."""
    return (
        isinstance(organisation, Organisation)
        and organisation.est_bailleur
        and organisation.pk == accompagnement.fiche.orienteur_id
    )


def _siegent(choisie: Commission, par: Compte) -> list[int]:
    """The partners that sit in it today: a bailleur is named by an accord of his own. SaisieRefusee without any."""
    commission = Commission.objects.visibles_par(par).filter(pk=choisie.pk).first()
    if commission is None:
        raise SaisieRefusee("Choisissez une commission de votre équipe.", "commission")
    partenaires = Organisation.objects.filter(pk__in=commission.habituelles, fermee_le=None)
    cles = sorted(partenaires.filter(genre=GenreOrganisation.PARTENAIRE).values_list("pk", flat=True))
    if not cles:
        raise SaisieRefusee("Dites d’abord quels partenaires siègent à cette commission.", "commission")
    return cles
