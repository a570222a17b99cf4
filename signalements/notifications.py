"""What people are told of a fiche: no name, no health word, only a reference and a link.

The functions are effects of the outbox: they run as `palier_systeme`, are safe to run twice, and read who holds
the right, and whether the situation still waits, at the moment of sending.
"""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from partenaires.avis import Courriel, avertir
from partenaires.enums import GenreOrganisation, Role
from partenaires.genres import GenreAvis
from partenaires.models import Compte, Rattachement
from signalements import genres
from signalements.enums import EtatDepot, EtatInstruction, Statut
from signalements.models import Fiche, Information, Instruction
from signalements.recus import CONSERVATION_BROUILLON
from socle import envois, horloge
from socle.ecriture import date_moyenne
from socle.models import Envoi

SUJET = "une situation vous attend"


@envois.traiteur("signalements.transmise")
def prevenir_d_une_fiche(envoi: Envoi) -> None:
    """Coordination: a fiche is to study."""
    instruction = _instruction(envoi)
    if instruction is not None and instruction.etat == EtatInstruction.TRANSMISE:
        avant = date_moyenne(instruction.etudier_avant)
        phrase = f"Une nouvelle fiche est à étudier avant le {avant}."
        a_qui = _membres(instruction.equipe_id, Role.COORDINATION)
        _dire(envoi, genres.TRANSMISE, a_qui, instruction.equipe_id, instruction.fiche, phrase)


@envois.traiteur("signalements.a_relire")
def prevenir_d_une_relecture(envoi: Envoi) -> None:
    """The référents: a fiche is to read before the équipe has it."""
    fiche = _fiche(envoi)
    if fiche is not None and fiche.etat == EtatDepot.A_RELIRE:
        _dire(envoi, genres.A_RELIRE, _referents(fiche), fiche.orienteur_id, fiche)


@envois.traiteur("signalements.rappel_relecture")
def rappeler_une_relecture(envoi: Envoi) -> None:
    """Two working days later the référents, then the responsables, while this very sending still waits."""
    fiche = _fiche(envoi)
    attend = fiche is not None and fiche.etat == EtatDepot.A_RELIRE and fiche.envoyee_le is not None
    if fiche is None or not attend or fiche.envoyee_le != datetime.fromisoformat(envoi.donnees["envoyee_le"]):
        return
    a_qui = _membres(fiche.orienteur_id, envoi.donnees["role"])
    _dire(envoi, genres.RAPPEL_RELECTURE, a_qui, fiche.orienteur_id, fiche)


@envois.traiteur("signalements.renvoyee")
def prevenir_l_auteur(envoi: Envoi) -> None:
    """The author: his fiche came back with a comment."""
    fiche = _fiche(envoi)
    if fiche is not None and fiche.etat == EtatDepot.A_CORRIGER:
        _dire(envoi, genres.RENVOYEE, _auteur(fiche), fiche.declarant_id, fiche)


@envois.traiteur("signalements.complement")
def prevenir_d_une_question(envoi: Envoi) -> None:
    """The référents: the équipe asked something. A partenaire without référent has its author."""
    fiche = _fiche(envoi)
    if fiche is not None and fiche.statut == Statut.A_COMPLETER:
        _dire(envoi, genres.COMPLEMENT, _referents(fiche), fiche.orienteur_id, fiche)


@envois.traiteur("signalements.information_attendue")
def prevenir_de_l_information(envoi: Envoi) -> None:
    """The référents: the household is to be told, before anything else can happen."""
    fiche = _fiche(envoi)
    if fiche is not None and _sans_information(fiche):
        _dire(envoi, genres.INFORMATION_ATTENDUE, _referents(fiche), fiche.orienteur_id, fiche)


@envois.traiteur("signalements.information_tardive")
def prevenir_d_une_information_tardive(envoi: Envoi) -> None:
    """Three weeks after the transmission, both sides: the household was not told (RGPD art. 14 gives a month)."""
    fiche = _fiche(envoi)
    if fiche is None or not _sans_information(fiche):
        return
    _dire(envoi, genres.INFORMATION_TARDIVE, _lecteurs(fiche), fiche.orienteur_id, fiche)
    _prevenir_equipe(envoi, genres.INFORMATION_TARDIVE_EQUIPE)


@envois.traiteur("signalements.rectifiee")
def prevenir_d_une_rectification(envoi: Envoi) -> None:
    """The référents: the équipe corrected a fact that they had written (RGPD art. 19)."""
    fiche = _fiche(envoi)
    if fiche is not None and fiche.terminee_le is None:
        _dire(envoi, genres.RECTIFIEE, _lecteurs(fiche), fiche.orienteur_id, fiche)


@envois.traiteur("signalements.rectifiee_equipe")
def prevenir_l_equipe_d_une_rectification(envoi: Envoi) -> None:
    """The équipe: the orienteur corrected a fact, letters already sent may bear the wrong one."""
    _prevenir_equipe(envoi, genres.RECTIFIEE_EQUIPE)


@envois.traiteur("signalements.message")
def prevenir_d_un_message(envoi: Envoi) -> None:
    """The référents: the équipe wrote in the thread."""
    fiche = _fiche(envoi)
    if fiche is not None and fiche.terminee_le is None:
        _dire(envoi, genres.MESSAGE, _referents(fiche), fiche.orienteur_id, fiche)


@envois.traiteur("signalements.completee")
def prevenir_d_une_reponse(envoi: Envoi) -> None:
    """The équipe: its question has an answer."""
    _prevenir_equipe(envoi, genres.COMPLETEE)


@envois.traiteur("signalements.message_equipe")
def prevenir_l_equipe_d_un_message(envoi: Envoi) -> None:
    """The équipe: the orienteur wrote in the thread."""
    _prevenir_equipe(envoi, genres.MESSAGE_EQUIPE)


@envois.traiteur("signalements.delai_leve")
def prevenir_de_la_fin_du_delai(envoi: Envoi) -> None:
    """The équipe: nobody opposed, the first visit may be planned."""
    instruction = _instruction(envoi)
    if instruction is not None and instruction.etat == EtatInstruction.A_VISITER:
        _prevenir_equipe(envoi, genres.DELAI_LEVE)


@envois.traiteur("signalements.opposition")
def prevenir_d_une_opposition(envoi: Envoi) -> None:
    """Who follows the fiche, and coordination: the person refused."""
    instruction = _instruction(envoi)
    if instruction is None:
        return
    suivie_par = [c for c in _membres(instruction.equipe_id) if c.pk == instruction.suivie_par_id]
    interesses = {c.pk: c for c in (*suivie_par, *_membres(instruction.equipe_id, Role.COORDINATION))}
    _dire(envoi, genres.OPPOSITION, interesses.values(), instruction.equipe_id, instruction.fiche)


@envois.traiteur("signalements.rappel_brouillon")
def rappeler_un_brouillon(envoi: Envoi) -> None:
    """The author: his draft will be deleted, unless he touched it since."""
    fiche = _fiche(envoi)
    if fiche is None or fiche.etat != EtatDepot.BROUILLON:
        return
    if fiche.modifiee_le != datetime.fromisoformat(envoi.donnees["modifiee_le"]):
        return
    fin = date_moyenne(fiche.modifiee_le + CONSERVATION_BROUILLON)
    phrase = f"Un brouillon commencé il y a plusieurs semaines sera supprimé le {fin} s’il n’est pas repris."
    _dire(envoi, genres.RAPPEL_BROUILLON, _auteur(fiche), fiche.declarant_id, fiche, phrase)


def _prevenir_equipe(envoi: Envoi, genre: GenreAvis) -> None:
    """Who follows the fiche, otherwise coordination; nobody once it is over."""
    instruction = _instruction(envoi)
    if instruction is not None and not instruction.est_finie:
        _dire(envoi, genre, _suiveurs(instruction), instruction.equipe_id, instruction.fiche)


def _suiveurs(instruction: Instruction) -> list[Compte]:
    suivie_par = [c for c in _membres(instruction.equipe_id) if c.pk == instruction.suivie_par_id]
    return suivie_par or _membres(instruction.equipe_id, Role.COORDINATION)


def _dire(
    envoi: Envoi,
    genre: GenreAvis,
    comptes: Iterable[Compte],
    organisation_id: int,
    fiche: Fiche,
    phrase: str = "",
) -> None:
    """`phrase`: what the e-mail says when it knows a date; otherwise the words of the kind."""
    chemin = genre.chemin(str(fiche.pk))
    contexte = {"phrase": phrase or genre.phrase, "reference": fiche.reference, "chemin": chemin}
    avertir(
        genre.code,
        comptes,
        organisation_id=organisation_id,
        objet_id=fiche.pk,
        effet=envoi.effet,
        reference=fiche.reference,
        courriel=Courriel(gabarit="situation", sujet=SUJET, contexte=contexte),
    )


def _sans_information(fiche: Fiche) -> bool:
    """Open, and the household was not told yet."""
    return fiche.terminee_le is None and not Information.objects.de_la_fiche(fiche).exists()


def _fiche(envoi: Envoi) -> Fiche | None:
    fiche: Fiche | None = Fiche.objects.select_related("orienteur").filter(pk=UUID(envoi.objet_id)).first()
    return fiche


def _instruction(envoi: Envoi) -> Instruction | None:
    instruction: Instruction | None = (
        Instruction.objects.select_related("fiche").filter(pk=UUID(envoi.objet_id)).first()
    )
    return instruction


def _auteur(fiche: Fiche) -> list[Compte]:
    return [c for c in _membres(fiche.declarant_id) if c.pk == fiche.auteur_id]


def _referents(fiche: Fiche) -> list[Compte]:
    """The référents of the bailleur, otherwise its responsables; for a partenaire, the author alone."""
    if fiche.orienteur.genre == GenreOrganisation.PARTENAIRE:
        return [c for c in _membres(fiche.orienteur_id) if c.pk == fiche.auteur_id]
    return _membres(fiche.orienteur_id, Role.REFERENT) or _membres(fiche.orienteur_id, Role.RESPONSABLE)


def _lecteurs(fiche: Fiche) -> list[Compte]:
    """The référents who read the fiche; nobody of a partenaire, which has its receipt only."""
    return [] if fiche.orienteur.genre == GenreOrganisation.PARTENAIRE else _referents(fiche)


def _membres(organisation_id: int, *roles: str) -> list[Compte]:
    """Active accounts with one of these roles in the organisation today (any role when none is given), once each.

    Never that of a software, which has no mailbox.
    """
    rattachements = Rattachement.objects.all().de_l_organisation(organisation_id).en_vigueur(horloge.aujourdhui())
    if roles:
        rattachements = rattachements.avec_role(*roles)
    comptes = {r.compte_id: r.compte for r in rattachements.par_nom()}
    return [c for c in comptes.values() if c.is_active and not c.technique]
