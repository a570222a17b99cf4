"""What follows the signature: suspended, taken up again, ended in writing; or closed without a contract."""

from datetime import date
from uuid import UUID

from django.core.exceptions import PermissionDenied

from accompagnements.enums import (
    ACCOMPAGNEMENT,
    Action,
    Etat,
    EtatObjectif,
    EtatVisite,
    GenreDocument,
    MotifArret,
    MotifRetrait,
    MotifSansSuite,
    MotifSuspension,
    SituationDuLogement,
)
from accompagnements.models import (
    Accompagnement,
    Intervenant,
    Objectif,
    Orientation,
    Reouverture,
    SituationLogement,
    Visite,
)
from accompagnements.parcours.contrat import historique
from accompagnements.parcours.orientations import retirer_toutes
from accompagnements.parcours.pieces import prevoir_document
from accompagnements.parcours.verrous import SaisieRefusee, avancer, jour_passe, noter, verrouille
from partenaires.enums import Role
from partenaires.models import Compte
from signalements import parcours as signalements
from signalements.enums import EtatInstruction, MotifClassement
from signalements.models import Locataire
from socle import horloge
from socle.transitions import TransitionInterdite

# What the fiche is told: a direct orientation is `reorientee`, every other end is `classee` with this motif.
CLASSEMENT: dict[str, str] = {
    MotifSansSuite.REFUS: MotifClassement.NON_ADHESION,
    MotifSansSuite.NON_ADHESION: MotifClassement.NON_ADHESION,
    MotifSansSuite.INJOIGNABLE: MotifClassement.INJOIGNABLE,
    MotifSansSuite.DEMENAGEMENT: MotifClassement.DEMENAGEMENT,
    MotifSansSuite.HOSPITALISATION: MotifClassement.HOSPITALISATION,
    MotifSansSuite.ETABLISSEMENT: MotifClassement.ETABLISSEMENT,
    MotifSansSuite.INCARCERATION: MotifClassement.INCARCERATION,
    MotifSansSuite.DECES: MotifClassement.DECES,
    MotifSansSuite.AUTRE: MotifClassement.AUTRE,
}


def suspendre(pk: UUID, *, par: Compte, motif: str) -> Accompagnement:
    """Pause it (hospitalisation, absence)."""
    accompagnement = verrouille(pk, par)
    ACCOMPAGNEMENT.verifier("suspendre", etat=accompagnement.etat, roles=par.roles)
    _parmi(motif, MotifSuspension.values)
    accompagnement.etat = Etat.SUSPENDU
    accompagnement.motif_suspension, accompagnement.suspendu_le = motif, horloge.maintenant()
    avancer(accompagnement, "etat", "motif_suspension", "suspendu_le")
    noter(Action.SUSPENDU, accompagnement, equipe_id=accompagnement.equipe_id, motif=motif)
    return accompagnement


def reprendre(pk: UUID, *, par: Compte) -> Accompagnement:
    """Take it up again."""
    accompagnement = verrouille(pk, par)
    ACCOMPAGNEMENT.verifier("reprendre", etat=accompagnement.etat, roles=par.roles)
    accompagnement.etat = Etat.EN_COURS
    accompagnement.motif_suspension, accompagnement.suspendu_le = "", None
    avancer(accompagnement, "etat", "motif_suspension", "suspendu_le")
    noter(Action.REPRIS, accompagnement, equipe_id=accompagnement.equipe_id)
    return accompagnement


def terminer(pk: UUID, *, par: Compte, motif: str, relais: str, situation_logement: str) -> Accompagnement:
    """Write the end: motif, relay, situation of the home; the fiche is `close`, the PDF follows.

    Raises SaisieRefusee, TransitionInterdite, PermissionDenied.
    """
    accompagnement = verrouille(pk, par, avec_fiche=True)
    ACCOMPAGNEMENT.verifier("terminer", etat=accompagnement.etat, roles=par.roles)
    _parmi(motif, MotifArret.values)
    _parmi(situation_logement, SituationDuLogement.values, "situation_logement")
    if not relais.strip():
        raise SaisieRefusee("Dites qui prend le relais, ou qu’aucun relais n’est nécessaire.", "relais")
    accompagnement.etat = Etat.TERMINE
    accompagnement.motif_fin, accompagnement.relais = motif, relais.strip()
    accompagnement.situation_logement = situation_logement
    _finir(accompagnement, par)
    prevoir_document(
        accompagnement,
        genre=GenreDocument.FIN,
        objet_id=_objet_de_la_fin(accompagnement),
        titre="Fin d’accompagnement",
        donnees=_donnees_de_fin(accompagnement, par),
        par=par,
    )
    if not _fiche_close(accompagnement):
        signalements.clore(accompagnement.fiche_id, par=par, vers=EtatInstruction.CLOSE)
    noter(Action.TERMINE, accompagnement, equipe_id=accompagnement.equipe_id, motif=motif)
    return accompagnement


def cloturer_sans_suite(pk: UUID, *, par: Compte, motif: str) -> Accompagnement:
    """End without a contract: a direct orientation makes the fiche `reorientee`, any other motif `classee`.

    Raises SaisieRefusee for a motif that is not one (an opposition is recorded on the fiche).
    """
    accompagnement = verrouille(pk, par, avec_fiche=True)
    ACCOMPAGNEMENT.verifier("cloturer_sans_suite", etat=accompagnement.etat, roles=par.roles)
    _parmi(motif, [m for m in MotifSansSuite.values if m != MotifSansSuite.OPPOSITION])
    accompagnement.etat = Etat.SANS_SUITE
    accompagnement.motif_fin = motif
    _finir(accompagnement, par)
    if _fiche_close(accompagnement):
        pass  # the bailleur is told nothing
    elif motif == MotifSansSuite.ORIENTATION_DIRECTE:
        signalements.clore(accompagnement.fiche_id, par=par, vers=EtatInstruction.REORIENTEE)
    else:
        signalements.clore(accompagnement.fiche_id, par=par, vers=EtatInstruction.CLASSEE, motif=CLASSEMENT[motif])
    noter(Action.SANS_SUITE, accompagnement, equipe_id=accompagnement.equipe_id, motif=motif)
    return accompagnement


def decider_retrait(
    pk: UUID, *, par: Compte, arreter: bool, relais: str = "", situation_logement: str = ""
) -> Accompagnement:
    """Coordination decides on a retrait d'accord: the accompagnement ends, or goes on without the sharing that
    stopped when the wish was recorded.

    Raises PermissionDenied for another role, TransitionInterdite when nothing waits, SaisieRefusee as `terminer`.
    """
    if not par.a_role(Role.COORDINATION):
        raise PermissionDenied("La coordination décide de la suite d’un retrait d’accord.")
    accompagnement = verrouille(pk, par, avec_fiche=True)
    if not accompagnement.retrait_en_attente or accompagnement.est_clos:
        raise TransitionInterdite("decider_retrait", accompagnement.etat)
    accompagnement.retrait_decide_le, accompagnement.retrait_decide_par = horloge.maintenant(), par
    avancer(accompagnement, "retrait_decide_le", "retrait_decide_par")
    noter(
        Action.RETRAIT_DECIDE,
        accompagnement,
        equipe_id=accompagnement.equipe_id,
        motif="arret" if arreter else "poursuite",
    )
    if not arreter:
        signalements.lever_retrait(accompagnement.fiche_id, par=par)
        accompagnement.fiche.instruction.retrait_demande_le = None
        return accompagnement
    return terminer(pk, par=par, motif=MotifArret.RETRAIT, relais=relais, situation_logement=situation_logement)


def noter_logement(pk: UUID, *, par: Compte, situation: str, le: date) -> SituationLogement:
    """What became of the home six months after the opening: once. SaisieRefusee, TransitionInterdite before."""
    accompagnement = verrouille(pk, par)
    _parmi(situation, SituationDuLogement.values, "situation")
    jour_passe(le)
    deja = SituationLogement.objects.filter(accompagnement=accompagnement).exists()
    if deja or accompagnement.etat == Etat.SANS_SUITE or horloge.aujourdhui() < accompagnement.logement_du_le:
        raise TransitionInterdite("noter_logement", accompagnement.etat)
    if le < horloge.paris(accompagnement.ouvert_le).date():
        raise SaisieRefusee("La date doit suivre l’ouverture.", "le")
    constat = SituationLogement(
        accompagnement=accompagnement, equipe_id=accompagnement.equipe_id, situation=situation, le=le, par=par
    )
    constat.save(force_insert=True)
    noter(Action.LOGEMENT, accompagnement, equipe_id=accompagnement.equipe_id, motif=situation)
    return constat


def _finir(accompagnement: Accompagnement, par: Compte) -> None:
    """The common part of both ends: dates, planned visits cancelled, what was never sent withdrawn."""
    maintenant = horloge.maintenant()
    accompagnement.fin_le, accompagnement.fin_par = maintenant, par
    accompagnement.motif_suspension, accompagnement.suspendu_le = "", None
    avancer(
        accompagnement, "etat", "motif_fin", "relais", "situation_logement", "fin_le", "fin_par",
        "motif_suspension", "suspendu_le",
    )  # fmt: skip
    prevues = Visite.objects.filter(accompagnement=accompagnement, etat=EtatVisite.PLANIFIEE)
    prevues.update(etat=EtatVisite.ANNULEE)
    retirer_toutes(
        Orientation.objects.filter(accompagnement=accompagnement, envoyee_le=None), par=par, motif=MotifRetrait.FIN
    )


def _fiche_close(accompagnement: Accompagnement) -> bool:
    """Over since the first end of a situation that was opened again; after a retrait d'accord it is not yet."""
    return accompagnement.fiche.instruction.etat != EtatInstruction.ACCOMPAGNEE


def _objet_de_la_fin(accompagnement: Accompagnement) -> UUID:
    """What the document of this end is about: the accompagnement, or its last reopening: one document for each end."""
    derniere = Reouverture.objects.all().de_l_accompagnement(accompagnement).first()
    return derniere.pk if derniere else accompagnement.pk


def _donnees_de_fin(accompagnement: Accompagnement, par: Compte) -> dict[str, object]:
    locataire = Locataire.objects.get(pk=accompagnement.fiche_id)
    objectifs = Objectif.objects.all().de_l_accompagnement(accompagnement)
    equipe = par.organisation_active
    assert equipe is not None
    assert accompagnement.signe_le is not None
    intervenants = Intervenant.objects.all().de_l_accompagnement(accompagnement)
    return {
        "schema": 1,
        "reference": accompagnement.fiche.reference,
        "personne": locataire.designation,
        "equipe": equipe.nom,
        "membre": par.nom_complet,
        "fonction": par.fonction,
        "ouvert_le": horloge.paris(accompagnement.ouvert_le).date().isoformat(),
        "signe_le": horloge.paris(accompagnement.signe_le).date().isoformat(),
        "date": horloge.aujourdhui().isoformat(),
        "motif": str(MotifArret(accompagnement.motif_fin).label),
        "relais": accompagnement.relais,
        "logement": str(SituationDuLogement(accompagnement.situation_logement).label),
        "objectifs": [{"texte": o.texte, "etat": str(EtatObjectif(o.etat).label)} for o in objectifs],
        "revues": historique(accompagnement),
        "visites": Visite.objects.filter(accompagnement=accompagnement, etat=EtatVisite.FAITE).count(),
        "intervenants": [i.compte.nom_complet for i in intervenants],
    }


def _parmi(valeur: str, permises: list[str], champ: str = "motif") -> None:
    if valeur not in permises:
        raise SaisieRefusee("Choisissez une réponse dans la liste.", champ)
