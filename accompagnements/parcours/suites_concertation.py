"""What a concertation leaves: minutes, decisions, actions agreed with the bailleur; and the packs of those invited."""

import hashlib
from collections.abc import Collection
from datetime import date
from typing import Any, Final
from uuid import UUID

from accompagnements.enums import Action, EtatDocument, Portee
from accompagnements.enums.concertations import SUITE, EtatConcertation, EtatSuite, QuiFait, ReponseInvitation
from accompagnements.models import (
    Accord,
    ActionConvenue,
    Concertation,
    Decision,
    DossierConcertation,
    InvitationConcertation,
    Orientation,
    PointConcertation,
    SituationEvoquee,
)
from accompagnements.parcours.concertations import OBJET, ordre_du_jour, verrouillee
from accompagnements.parcours.verrous import SaisieRefusee, noter, ouvert
from partenaires.droits import exiger
from partenaires.enums import GenreOrganisation, Permission
from partenaires.models import Compte, Organisation, Rattachement
from signalements.parcours.formulations import contexte_de_la_fiche, garder_les_phrases
from socle import envois, horloge
from socle.chiffrement import mots_de
from socle.ecriture import INSECABLE
from socle.perimetre import deleguer
from socle.transitions import TransitionInterdite

TACHE: Final = "accompagnements.dossier_concertation"
ENVOI: Final = "accompagnements.dossier_a_produire"
HEURES: Final = 7 * 24


def rediger(
    pk: UUID, *, par: Compte, version: int, compte_rendu: str, gardees: Collection[str] = ()
) -> SituationEvoquee:
    """The minutes of a point, read by the équipe alone. ConflitDeVersion, FormulationsARevoir."""
    point = _point_tenu(pk, par, "rediger")
    fiche = point.situation.accompagnement.fiche
    garder_les_phrases(fiche, {"compte_rendu": compte_rendu}, contexte=contexte_de_la_fiche(fiche), gardees=gardees)
    situation: SituationEvoquee = SituationEvoquee.objects.select_for_update().get(pk=point.pk)
    situation.compte_rendu = compte_rendu.strip()
    situation.redige_par, situation.redige_le = par, horloge.maintenant()
    situation.enregistrer_version(version, ["compte_rendu", "redige_par", "redige_le"])
    noter(Action.CONCERTATION_REDIGEE, point.concertation, equipe_id=point.equipe_id, objet_type=OBJET)
    return situation


def decider_en_concertation(
    pk: UUID, *, par: Compte, texte: str, avant_le: date, responsable: int | None = None,
    gardees: Collection[str] = (),
) -> Decision:  # fmt: skip
    """A decision, that becomes a task of somebody of the équipe (or of nobody yet) until it is done or dropped."""
    point = _point_tenu(pk, par, "decider_en_concertation")
    _texte_et_date(texte, avant_le)
    fiche = point.situation.accompagnement.fiche
    garder_les_phrases(fiche, {"texte": texte}, contexte=contexte_de_la_fiche(fiche), gardees=gardees)
    if responsable is not None:
        membres = Rattachement.objects.visibles_par(par).en_vigueur(horloge.aujourdhui())
        if not membres.filter(compte=responsable).exists():
            raise SaisieRefusee("Choisissez quelqu’un de votre équipe.", "responsable")
    decision = Decision(
        concertation=point.concertation, point=point, accompagnement=point.situation.accompagnement,
        equipe_id=point.equipe_id, texte=texte.strip(), avant_le=avant_le, responsable_id=responsable, prise_par=par,
        prise_le=horloge.maintenant(),
    )  # fmt: skip
    decision.save(force_insert=True)
    noter(Action.DECISION_PRISE, decision, equipe_id=decision.equipe_id, objet_type="decision")
    return decision


def clore_decision(pk: UUID, *, par: Compte, faite: bool) -> Decision:
    """Done, or dropped; TransitionInterdite when it is closed already."""
    exiger(par, Permission.SUIVRE)
    decision: Decision = Decision.objects.visibles_par(par).avec_parents().get(pk=pk)
    _clore(decision, Decision, par, faite=faite)
    decision.close_par = par
    decision.save(update_fields=["etat", "close_le", "close_par"])
    noter(Action.DECISION_CLOSE, decision, equipe_id=decision.equipe_id, objet_type="decision", motif=decision.etat)
    return decision


def convenir(
    pk: UUID, *, par: Compte, texte: str, qui: str, avant_le: date, gardees: Collection[str] = ()
) -> ActionConvenue:
    """An action agreed together: the bailleur of the fiche reads it, while the person's accord names him.

    SaisieRefusee without that accord (nothing is written that nobody may read), when the fiche is not a bailleur's,
    or when the text names another organisation that came, or to which the person was oriented.
    """
    point = _point_tenu(pk, par, "convenir")
    _texte_et_date(texte, avant_le)
    if qui not in QuiFait.values:
        raise SaisieRefusee("Dites qui le fait.", "qui")
    accompagnement = point.situation.accompagnement
    fiche = accompagnement.fiche
    if fiche.orienteur.genre != GenreOrganisation.BAILLEUR:
        raise SaisieRefusee("Cette situation n’a pas été signalée par un bailleur.")
    accord = Accord.objects.filter(accompagnement=accompagnement, organisation=fiche.orienteur_id).en_vigueur()
    if not accord.filter(portees__contains=[Portee.ACTIONS]).exists():
        raise SaisieRefusee("Recueillez d’abord l’accord de la personne pour son bailleur.")
    _sans_autre_organisation(texte, point)
    garder_les_phrases(fiche, {"texte": texte}, contexte=contexte_de_la_fiche(fiche), gardees=gardees)
    action = ActionConvenue(
        concertation=point.concertation, point=point, accompagnement=accompagnement, equipe_id=point.equipe_id,
        fiche=fiche, bailleur_id=fiche.orienteur_id, texte=texte.strip(), qui=qui, avant_le=avant_le,
        convenue_par=par, convenue_le=horloge.maintenant(),
    )  # fmt: skip
    action.save(force_insert=True)
    noter(Action.ACTION_CONVENUE, action, equipe_id=action.equipe_id, objet_type="actionconvenue")
    return action


def clore_action(pk: UUID, *, par: Compte, faite: bool) -> ActionConvenue:
    """Done, or dropped: the bailleur reads a done one as such, and a dropped one no more."""
    exiger(par, Permission.SUIVRE)
    action: ActionConvenue = ActionConvenue.objects.visibles_par(par).avec_parents().get(pk=pk)
    _clore(action, ActionConvenue, par, faite=faite)
    action.save(update_fields=["etat", "close_le"])
    noter(Action.ACTION_CLOSE, action, equipe_id=action.equipe_id, objet_type="actionconvenue", motif=action.etat)
    return action


def organisations_par_point(concertation: Concertation) -> dict[UUID, dict[int, Accord]]:
    """For each point, the accord that opens it to each organisation, as `droit.points_recus` says it: two statements.

    The accord that names the organisation, otherwise that of the commission, unless the person has said something of
    that organisation by its name since.
    """
    situations = SituationEvoquee.objects.filter(concertation=concertation)
    par_accompagnement = dict(situations.values_list("accompagnement", "point"))
    croises: dict[UUID, dict[int, Accord]] = {pk: {} for pk in par_accompagnement.values()}
    lignes = list(Accord.objects.filter(accompagnement__in=list(par_accompagnement)))
    ouvrent = [k for k in lignes if k.est_en_vigueur and Portee.CONCERTATION in k.portees]
    for k in ouvrent:
        if k.organisation_id is not None:
            croises[par_accompagnement[k.accompagnement_id]][k.organisation_id] = k
    for k in ouvrent:
        if k.commission_id is None or k.commission_id != concertation.commission_id:
            continue
        ecartees = {autre.organisation_id for autre in lignes if autre.prevaut_sur(k)}
        siennes = croises[par_accompagnement[k.accompagnement_id]]
        siennes |= {cle: k for cle in k.siegent if cle not in siennes and cle not in ecartees}
    return croises


def preparer_dossiers(pk: UUID, *, par: Compte) -> list[DossierConcertation]:
    """Freeze the pack of each organisation that an accord opens something to; the former ones are served no more.

    SaisieRefusee for somebody who does not read every situation of the agenda: her packs would lack some.
    """
    concertation = verrouillee(pk, par)
    if concertation.etat != EtatConcertation.CONVOQUEE:
        raise TransitionInterdite("preparer_dossiers", concertation.etat)
    points = list(PointConcertation.objects.visibles_par(par).de_la_concertation(concertation).avec_situation())
    if len(points) < len(ordre_du_jour(concertation)):
        raise SaisieRefusee("Vous ne lisez pas toutes ces situations : la coordination prépare les dossiers.")
    croises = organisations_par_point(concertation)
    invitations = InvitationConcertation.objects.all().de_la_concertation(concertation)
    en_usage = DossierConcertation.objects.filter(concertation=concertation, remplace_le=None)
    en_usage.update(remplace_le=horloge.maintenant())
    dossiers = []
    for invitation in invitations.exclude(reponse=ReponseInvitation.DECLINEE):
        ouverts = [
            p for p in points
            if invitation.organisation_id in croises.get(p.pk, {}) and not p.situation.accompagnement.est_clos
        ]  # fmt: skip
        if ouverts:
            dossiers.append(_geler(concertation, invitation.organisation, ouverts, par))
    return dossiers


def relancer_dossier(document: DossierConcertation) -> None:
    """Promise its making."""
    envois.prevoir(
        ENVOI,
        effet=f"dossier|{document.pk}|{document.delegation_id}",
        organisation_id=document.equipe_id,
        objet_id=document.pk,
    )


def enregistrer_dossier(pk: UUID, octets: bytes) -> bool:
    """Write the bytes of a pack, once: returns whether this call did."""
    dossier = DossierConcertation.objects.select_for_update().filter(pk=pk).a_produire().first()
    if dossier is None:
        return False
    dossier.etat = EtatDocument.PRET
    dossier.octets = octets
    dossier.sha256 = hashlib.sha256(octets).hexdigest()
    dossier.taille = len(octets)
    dossier.pret_le = horloge.maintenant()
    dossier.save(update_fields=["etat", "octets", "sha256", "taille", "pret_le"])
    return True


def _geler(
    concertation: Concertation, organisation: Organisation, points: list[PointConcertation], par: Compte
) -> DossierConcertation:
    assert par.organisation_id is not None
    equipe = par.organisation_active
    assert equipe is not None
    donnees: dict[str, Any] = {
        "date": horloge.aujourdhui().isoformat(),
        "debut": concertation.debut.isoformat(),
        "duree": concertation.duree,
        "lieu": concertation.lieu,
        "genre": concertation.get_genre_display(),
        "equipe": equipe.nom,
        "equipe_telephone": equipe.telephone,
        "destinataire": organisation.nom,
        "points": [
            {"nom": p.nom, "age": p.get_tranche_age_display(), "commune": p.commune, "demande": p.demande}
            for p in points
        ],
    }
    dossier = DossierConcertation(
        concertation=concertation, equipe_id=concertation.equipe_id, organisation=organisation,
        points=[p.pk for p in points], donnees=donnees, demande_par=par, demande_le=horloge.maintenant(),
        delegation_id=deleguer(par.pk, par.organisation_id, TACHE, heures=HEURES),
    )  # fmt: skip
    dossier.save(force_insert=True)
    relancer_dossier(dossier)
    noter(Action.DOSSIER_DEMANDE, dossier, equipe_id=dossier.equipe_id, objet_type="dossierconcertation")
    return dossier


def _point_tenu(pk: UUID, par: Compte, nom: str) -> PointConcertation:
    """The point, after its meeting, that must have been held, and its situation, that must be open."""
    exiger(par, Permission.SUIVRE)
    cles = PointConcertation.objects.visibles_par(par).values_list("concertation", "situation__accompagnement")
    parent, accompagnement = cles.get(pk=pk)
    concertation = verrouillee(parent, par)
    if concertation.etat != EtatConcertation.TENUE:
        raise TransitionInterdite(nom, concertation.etat)
    ouvert(accompagnement, par, nom)
    point: PointConcertation = PointConcertation.objects.visibles_par(par).avec_situation().get(pk=pk)
    return point


def _clore(suite: Decision | ActionConvenue, modele: type[Any], par: Compte, *, faite: bool) -> None:
    ligne = modele.objects.select_for_update(of=("self",)).filter(pk=suite.pk, etat=EtatSuite.A_FAIRE).first()
    SUITE.verifier("faire" if faite else "abandonner", etat=ligne.etat if ligne else EtatSuite.FAITE, roles=par.roles)
    suite.etat = EtatSuite.FAITE if faite else EtatSuite.ABANDONNEE
    suite.close_le = horloge.maintenant()


def _texte_et_date(texte: str, avant_le: date) -> None:
    if not texte.strip():
        raise SaisieRefusee("Écrivez ce qui est à faire.", "texte")
    if avant_le < horloge.aujourdhui():
        raise SaisieRefusee("La date est à venir.", "avant_le")


def _sans_autre_organisation(texte: str, point: PointConcertation) -> None:
    """The bailleur never learns who else is concerned: another organisation is named by what is done, not by itself."""
    accompagnement = point.situation.accompagnement
    autres = {
        *InvitationConcertation.objects.filter(concertation=point.concertation_id).values_list(
            "organisation", flat=True
        ),
        *Orientation.objects.filter(accompagnement=accompagnement).values_list("destinataire", flat=True),
        *Accord.objects.filter(accompagnement=accompagnement).values_list("organisation", flat=True),
    } - {accompagnement.fiche.orienteur_id}
    suite = f" {' '.join(mots_de(texte))} "
    for nom in Organisation.objects.filter(pk__in=autres).values_list("nom", flat=True):
        if f" {' '.join(mots_de(nom))} " in suite:
            raise SaisieRefusee(
                f"Retirez «{INSECABLE}{nom}{INSECABLE}»{INSECABLE}: le bailleur ne sait pas qui d’autre intervient.",
                "texte",
            )
