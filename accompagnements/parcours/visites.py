"""Visits: planned, moved, cancelled, told. The first one that meets the person tells the fiche."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied

from accompagnements.enums import VISITE, Action, EtatVisite, Lieu
from accompagnements.models import Visite
from accompagnements.parcours.propositions import remplacer_par_une_visite, suivre_visite
from accompagnements.parcours.verrous import SaisieRefusee, membres, noter, ouvert, verrouille, visite_verrouillee
from partenaires.models import Compte
from signalements import parcours as signalements
from signalements.models import Releve
from signalements.parcours import ConflitDeReprise
from signalements.parcours.releves import Cotations
from socle import horloge
from socle.transitions import TransitionInterdite


def planifier_visite(
    pk: UUID,
    *,
    par: Compte,
    debut: datetime,
    duree: int = 60,
    lieu: str = Lieu.DOMICILE,
    participants: Sequence[Compte] = (),
    conjointe: bool = False,
    ne_pas_y_aller_seul: bool | None = None,
    serie: UUID | None = None,
) -> Visite:
    """Plan a visit of `duree` minutes; the first of an accompagnement is marked `premiere`.

    `ne_pas_y_aller_seul` is the accompagnement's when nothing is said; then two members of the équipe go, or
    the orienteur comes. Raises SaisieRefusee, TransitionInterdite on a closed accompagnement.
    """
    accompagnement = ouvert(pk, par, "planifier_visite")
    seul = accompagnement.ne_pas_y_aller_seul if ne_pas_y_aller_seul is None else ne_pas_y_aller_seul
    comptes = membres(par, [c.pk for c in participants] or [par.pk])
    if seul and lieu == Lieu.DOMICILE and len(comptes) < 2 and not conjointe:
        raise SaisieRefusee("Cette visite ne se fait pas seul : choisissez une seconde personne.", "participants")
    premieres = Visite.objects.filter(
        accompagnement=accompagnement, premiere=True, etat__in=[EtatVisite.PLANIFIEE, EtatVisite.FAITE]
    )
    premiere = not premieres.exists()
    if premiere:
        remplacer_par_une_visite(accompagnement)
    visite = Visite(
        accompagnement=accompagnement, equipe_id=accompagnement.equipe_id, debut=debut, duree=duree, lieu=lieu,
        conjointe=conjointe, premiere=premiere, ne_pas_y_aller_seul=seul, participants=comptes,
        serie=serie, planifiee_par=par, planifiee_le=horloge.maintenant(),
    )  # fmt: skip
    visite.save(force_insert=True)
    noter(Action.VISITE_PLANIFIEE, visite, equipe_id=visite.equipe_id, objet_type="visite")
    return visite


def deplacer_visite(pk: UUID, *, par: Compte, version: int, debut: datetime) -> Visite:
    """Another day or hour, while it is planned. Raises TransitionInterdite, ConflitDeVersion."""
    visite = _visite(pk, par, "deplacer")
    visite.debut = debut
    visite.brouillon_par, visite.sortis = None, []
    visite.enregistrer_version(version, ["debut", "brouillon_par", "sortis"])
    suivre_visite(visite)
    noter(Action.VISITE_DEPLACEE, visite, equipe_id=visite.equipe_id, objet_type="visite")
    return visite


def annuler_visite(pk: UUID, *, par: Compte) -> Visite:
    """It will not take place; TransitionInterdite once it is told."""
    visite = _visite(pk, par, "annuler")
    visite.etat = EtatVisite.ANNULEE
    visite.version += 1
    visite.save(update_fields=["etat", "version"])
    suivre_visite(visite)
    noter(Action.VISITE_ANNULEE, visite, equipe_id=visite.equipe_id, objet_type="visite")
    return visite


def garder_brouillon_visite(
    pk: UUID, *, par: Compte, version: int, compte_rendu: str, autres_presents: str = ""
) -> Visite:
    """Keep the account as typed so far, the visit being still to tell. Same errors as `deplacer_visite`."""
    visite = _visite(pk, par, "rendre_compte")
    attendue = _version_vue(visite, par, version)
    visite.compte_rendu, visite.autres_presents, visite.brouillon_par = compte_rendu, autres_presents, par
    visite.enregistrer_version(attendue, ["compte_rendu", "autres_presents", "brouillon_par"])
    return visite


def reprendre_brouillon_visite(
    pk: UUID, *, par: Compte, champs: Mapping[str, Any], avant: Mapping[str, Sequence[Any]], remplacer: bool = False
) -> Visite:
    """Add to the draft what a tablet kept without network, in one go or not at all.

    `avant` holds the values that the tablet knew, by field. A field that holds something else was written elsewhere:
    ConflitDeReprise, unless the person has seen both and says `remplacer`. Only the two texts come back. Raises
    SaisieRefusee for a text too long, TransitionInterdite once the visit is told.
    """
    visite = _visite(pk, par, "rendre_compte")
    maximum = {"compte_rendu": Visite.COMPTE_RENDU_MAXIMUM, "autres_presents": Visite.PRESENTS_MAXIMUM}
    actuels = {nom: getattr(visite, nom) for nom in maximum}
    lus = {nom: _lu(champs[nom]) for nom in maximum if nom in champs}
    neufs = {nom: texte for nom, texte in lus.items() if texte != _lu(actuels[nom])}
    if any(len(texte) > maximum[nom] for nom, texte in neufs.items()):
        raise SaisieRefusee("Ce texte est trop long.", "compte_rendu")
    ailleurs = {
        nom: (texte, actuels[nom])
        for nom, texte in neufs.items()
        if _lu(actuels[nom]) not in [_lu(connu) for connu in avant.get(nom, [""])]
    }
    if ailleurs and not remplacer:
        raise ConflitDeReprise(ailleurs)
    if neufs:
        for nom, texte in neufs.items():
            setattr(visite, nom, texte)
        visite.brouillon_par = par
        visite.enregistrer_version(visite.version, [*neufs, "brouillon_par"])
    return visite


def _lu(texte: Any) -> str:
    """A text as a page and the server both say it: line ends, and the spaces around, change nothing."""
    return "\n".join(str(texte or "").splitlines()).strip()


def signaler_sortie(pk: UUID, *, par: Compte) -> Visite:
    """« Je suis sorti, tout va bien », before the account: nobody is worried about this person any more.

    Only a participant says it for herself (PermissionDenied); twice changes nothing. Raises SaisieRefusee before the
    hour of the visit, TransitionInterdite once it is told or cancelled.
    """
    visite = _visite(pk, par, "rendre_compte")
    if par.pk not in visite.participants:
        raise PermissionDenied("Chacun signale sa propre sortie.")
    if visite.debut > horloge.maintenant():
        raise SaisieRefusee("Cette visite n’a pas encore commencé.")
    if par.pk not in visite.sortis:
        visite.sortis = [*visite.sortis, par.pk]
        visite.save(update_fields=["sortis"])
        noter(Action.SORTIE_SIGNALEE, visite, equipe_id=visite.equipe_id, objet_type="visite")
    return visite


def _version_vue(visite: Visite, par: Compte, version: int) -> int:
    """A person never conflicts with her own autosaves: the version counts against somebody else's writing only."""
    return visite.version if visite.brouillon_par_id == par.pk else version


def rendre_compte(
    pk: UUID,
    *,
    par: Compte,
    version: int,
    issue: str,
    compte_rendu: str,
    duree: int | None = None,
    participants: Sequence[Compte] = (),
    autres_presents: str = "",
) -> Visite:
    """Tell a visit: `faite` (the person was met), `absent` or `refusee`.

    The first visit that meets the person tells the fiche (« Rencontre faite »). Raises SaisieRefusee before the
    hour of the visit or without an account, TransitionInterdite, ConflitDeVersion.
    """
    visite = _visite(pk, par, "rendre_compte")
    maintenant = horloge.maintenant()
    if issue not in VISITE.par_nom["rendre_compte"].vers:
        raise SaisieRefusee("Dites si la visite est faite, si la personne était absente ou l’a refusée.", "issue")
    if visite.debut > maintenant:
        raise SaisieRefusee("Cette visite n’a pas encore commencé : déplacez-la ou attendez son heure.", "issue")
    if issue == EtatVisite.FAITE and not compte_rendu.strip():
        raise SaisieRefusee("Écrivez en une phrase ce qui s’est passé.", "compte_rendu")
    attendue = _version_vue(visite, par, version)
    visite.etat = issue
    visite.compte_rendu, visite.autres_presents = compte_rendu.strip(), autres_presents.strip()
    visite.duree = duree or visite.duree
    if participants:
        visite.participants = membres(par, [c.pk for c in participants])
    visite.rendue_par, visite.rendue_le = par, maintenant
    visite.enregistrer_version(
        attendue, ["etat", "compte_rendu", "autres_presents", "duree", "participants", "rendue_par", "rendue_le"]
    )
    noter(Action.VISITE_RENDUE, visite, equipe_id=visite.equipe_id, objet_type="visite", motif=issue)
    suivre_visite(visite)
    if visite.premiere and issue == EtatVisite.FAITE:
        signalements.noter_rencontre(visite.accompagnement.fiche_id, par=par, le=visite.debut)
    return visite


def coter_depart(pk: UUID, *, par: Compte, cotations: Cotations) -> Releve:
    """The équipe's own T0, once the person was met. Raises CotationsIncompletes, TransitionInterdite."""
    accompagnement = verrouille(pk, par, avec_fiche=True)
    instruction = accompagnement.fiche.instruction
    deja = Releve.objects.visibles_par(par).de_la_fiche(accompagnement.fiche).au_depart()
    if instruction.rencontre_le is None or accompagnement.est_clos or deja.filter(type_evaluateur="equipe").exists():
        raise TransitionInterdite("coter_depart", accompagnement.etat)
    return signalements.coter_depart_equipe(accompagnement.fiche, par=par, cotations=cotations)


def _visite(pk: UUID, par: Compte, nom: str) -> Visite:
    visite = visite_verrouillee(pk, par)
    VISITE.verifier(nom, etat=visite.etat, roles=par.roles)
    if visite.accompagnement.est_clos:
        raise TransitionInterdite(nom, visite.accompagnement.etat)
    return visite
