"""Orientations: proposed, sent under an accord, answered by the partner through the door of the database."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import connection

from accompagnements.enums import (
    ORIENTATION,
    ORIENTATIONS_OUVERTES,
    Action,
    Contact,
    EtatOrientation,
    GenreDocument,
    MotifRefus,
    MotifRetrait,
    Portee,
)
from accompagnements.models import Accord, Orientation, parties_de
from accompagnements.parcours.pieces import prevoir_document
from accompagnements.parcours.verrous import (
    SaisieRefusee,
    jour_passe,
    noter,
    orientation_verrouillee,
    ouvert,
    verrouille,
)
from partenaires.enums import GenreOrganisation, Role
from partenaires.models import Compte, DelaisEquipe, Organisation, Residence, Structure
from signalements.models import Locataire
from socle import envois, horloge
from socle.chiffrement import scelle_de
from socle.ecriture import en_phrase
from socle.transitions import TransitionInterdite

ISSUES = {
    "accepter": (EtatOrientation.ACCEPTEE, Action.ORIENTATION_ACCEPTEE),
    "mettre_en_attente": (EtatOrientation.LISTE_ATTENTE, Action.ORIENTATION_EN_ATTENTE),
    "refuser": (EtatOrientation.REFUSEE, Action.ORIENTATION_REFUSEE),
}
_REPONSE = (
    "etat", "repondue_le", "repondue_par", "rendez_vous", "rendez_vous_avec", "revoir_le", "motif_refus", "reponse",
)  # fmt: skip


REPRISE_DES_RETRAITS = timedelta(days=2)  # how far back the sweep looks for what the database withdrew


class SansAccord(SaisieRefusee):
    """The person has not consented (or no longer does) to what this partner would receive."""


class DejaOuverte(SaisieRefusee):
    """The person is already oriented to this partner: `orientation` is the one that is open."""

    def __init__(self, orientation: Orientation) -> None:
        self.orientation = orientation
        super().__init__("Une orientation vers ce partenaire est déjà en cours.", "destinataire")


def proposer_orientation(
    pk: UUID, *, par: Compte, destinataire: Organisation | Structure, demande: str, contacts: Sequence[str]
) -> Orientation:
    """Prepare an orientation to a partner's account, or to an entry of the annuaire; nothing leaves.

    Raises SaisieRefusee, DejaOuverte, TransitionInterdite on a closed accompagnement.
    """
    accompagnement = ouvert(pk, par, "proposer_orientation")
    ORIENTATION.verifier_role("envoyer", roles=par.roles)
    parties = parties_de(verifier_partenaire(destinataire, accompagnement.equipe_id, "destinataire"))
    if not demande.strip():
        raise SaisieRefusee("Écrivez ce qui est demandé au partenaire.", "demande")
    siennes = Orientation.objects.filter(accompagnement=accompagnement, etat__in=ORIENTATIONS_OUVERTES)
    deja = siennes.vers_partenaire(destinataire).first()
    if deja is not None:
        raise DejaOuverte(deja)
    orientation = Orientation(
        accompagnement=accompagnement, equipe_id=accompagnement.equipe_id, destinataire=parties["organisation"],
        structure=parties["structure"],
        reference=accompagnement.fiche.reference, demande=demande.strip(),
        contacts=[c.value for c in Contact if c.value in contacts], proposee_par=par,
        proposee_le=horloge.maintenant(),
    )  # fmt: skip
    orientation.save(force_insert=True)
    _noter(Action.ORIENTATION_PROPOSEE, orientation)
    return orientation


def envoyer_orientation(pk: UUID, *, par: Compte) -> Orientation:
    """Send it: what the partner will read is frozen in its row. Sent twice, it leaves once.

    Raises SansAccord without an accord in force for this partner (or one that does not cover the request),
    TransitionInterdite once it is answered or withdrawn, or on an accompagnement that is over.
    """
    parent = Orientation.objects.visibles_par(par).values_list("accompagnement", flat=True).get(pk=pk)
    accompagnement = verrouille(parent, par)
    orientation = orientation_verrouillee(pk, par)
    ORIENTATION.verifier_role("envoyer", roles=par.roles)
    if orientation.etat == EtatOrientation.ENVOYEE:
        return orientation
    ORIENTATION.verifier_etat("envoyer", etat=orientation.etat)
    if accompagnement.est_clos or accompagnement.retrait_en_attente:
        raise TransitionInterdite("envoyer", accompagnement.etat)
    accord = Accord.objects.filter(accompagnement=accompagnement).pour(orientation.chez).en_vigueur().first()
    if accord is None:
        raise SansAccord("Recueillez d’abord l’accord de la personne pour ce partenaire.")
    if Portee.DEMANDE not in accord.portees:
        raise SansAccord("L’accord ne couvre pas le motif de l’orientation : recueillez-en un autre.")
    _geler(orientation, accord, par)
    orientation.version += 1
    orientation.save()
    _noter(Action.ORIENTATION_ENVOYEE, orientation)
    prevoir_document(
        accompagnement,
        genre=GenreDocument.LETTRE,
        objet_id=orientation.pk,
        titre="Lettre d’orientation",
        precision=orientation.chez.nom,
        donnees=_donnees_de_lettre(orientation, par),
        par=par,
    )
    if orientation.destinataire_id is not None:  # without an account: by letter, and by a link (`liens`)
        _prevenir_partenaire("accompagnements.orientation_recue", orientation, "envoi")
    return orientation


def relancer_orientation(pk: UUID, *, par: Compte) -> Orientation:
    """Remind the partner, once a day at most; without an account, `liens.remettre_lien` gives him another link.

    TransitionInterdite once it is answered.
    """
    orientation = orientation_verrouillee(pk, par)
    ORIENTATION.verifier_role("envoyer", roles=par.roles)
    if orientation.etat != EtatOrientation.ENVOYEE:
        raise TransitionInterdite("relancer", orientation.etat)
    orientation.relancee_le = horloge.maintenant()
    orientation.version += 1
    orientation.save(update_fields=["relancee_le", "version"])
    _noter(Action.ORIENTATION_RELANCEE, orientation)
    if orientation.destinataire_id is not None:
        _prevenir_partenaire("accompagnements.orientation_recue", orientation, horloge.aujourdhui().isoformat())
    return orientation


def repondre(
    pk: UUID,
    *,
    par: Compte,
    issue: str,
    rendez_vous: datetime | None = None,
    avec: str = "",
    revoir_le: date | None = None,
    motif: str = "",
    message: str = "",
) -> Orientation:
    """Answer: `accepter` (with a rendez-vous), `mettre_en_attente` (until a date) or `refuser` (with a motif).

    By the partner, or by the équipe for one who answered by letter or phone. Raises SaisieRefusee,
    TransitionInterdite, PermissionDenied; Orientation.DoesNotExist when it is not (or no longer) this person's.
    """
    if issue not in ISSUES:
        raise SaisieRefusee("Choisissez une réponse.", "issue")
    orientation = _a_suivre(pk, par, issue)
    vers, action = ISSUES[issue]
    verifier_reponse(issue, rendez_vous=rendez_vous, revoir_le=revoir_le, motif=motif)
    orientation.etat = vers
    orientation.repondue_le, orientation.repondue_par = horloge.maintenant(), par
    orientation.rendez_vous = rendez_vous if issue == "accepter" else None
    orientation.rendez_vous_avec = avec.strip() if issue == "accepter" else ""
    orientation.revoir_le = revoir_le if issue == "mettre_en_attente" else None
    orientation.motif_refus = motif if issue == "refuser" else ""
    orientation.reponse = message.strip()
    _passer(orientation, par, _REPONSE)
    _noter(action, orientation, motif=orientation.motif_refus)
    if par.organisation_id != orientation.equipe_id:
        envois.prevoir(
            "accompagnements.orientation_repondue",
            effet=f"orientation_repondue|{orientation.pk}|{vers}",
            organisation_id=orientation.equipe_id,
            objet_id=orientation.pk,
        )
    return orientation


def verifier_reponse(issue: str, *, rendez_vous: datetime | None, revoir_le: date | None, motif: str) -> None:
    """What each answer asks for; SaisieRefusee names the field."""
    if issue not in ISSUES:
        raise SaisieRefusee("Choisissez une réponse.", "issue")
    if issue == "accepter" and rendez_vous is None:
        raise SaisieRefusee("Donnez la date et l’heure du rendez-vous.", "rendez_vous")
    if issue == "mettre_en_attente" and (revoir_le is None or revoir_le < horloge.aujourdhui()):
        raise SaisieRefusee("Donnez la date, à venir, où la demande sera revue.", "revoir_le")
    if issue == "refuser" and motif not in MotifRefus.values:
        raise SaisieRefusee("Choisissez un motif.", "motif")


def traiter_refus(pk: UUID, *, par: Compte) -> Orientation:
    """The équipe has read a refusal and dealt with it otherwise: it is no longer due."""
    orientation = orientation_verrouillee(pk, par)
    ORIENTATION.verifier_role("envoyer", roles=par.roles)
    if orientation.etat != EtatOrientation.REFUSEE or orientation.refus_traite_le is not None:
        raise TransitionInterdite("traiter_refus", orientation.etat)
    orientation.refus_traite_le = horloge.maintenant()
    orientation.version += 1
    orientation.save(update_fields=["refus_traite_le", "version"])
    _noter(Action.REFUS_TRAITE, orientation)
    return orientation


def prendre_en_charge(pk: UUID, *, par: Compte, le: date) -> Orientation:
    """The person came: the effective date. Same errors as `repondre`."""
    orientation = _a_suivre(pk, par, "prendre_en_charge")
    orientation.etat = EtatOrientation.PRISE_EN_CHARGE
    orientation.prise_en_charge_le = jour_passe(le)
    _passer(orientation, par, ("etat", "prise_en_charge_le"))
    _noter(Action.PRISE_EN_CHARGE, orientation)
    return orientation


def terminer_orientation(pk: UUID, *, par: Compte, le: date) -> Orientation:
    """The partner's work is over. Same errors as `repondre`."""
    orientation = _a_suivre(pk, par, "terminer")
    jour_passe(le)
    if orientation.prise_en_charge_le is not None and le < orientation.prise_en_charge_le:
        raise SaisieRefusee("La date doit suivre le début de la prise en charge.", "le")
    orientation.etat = EtatOrientation.TERMINEE
    orientation.terminee_le = le
    _passer(orientation, par, ("etat", "terminee_le"))
    _noter(Action.ORIENTATION_TERMINEE, orientation)
    return orientation


def retirer(pk: UUID, *, par: Compte, motif: str) -> Orientation:
    """Take it back from the partner, who reads nothing of it any more."""
    orientation = orientation_verrouillee(pk, par)
    ORIENTATION.verifier("retirer", etat=orientation.etat, roles=par.roles)
    if motif not in (MotifRetrait.ERREUR, MotifRetrait.SANS_OBJET, MotifRetrait.REFUS_PERSONNE):
        raise SaisieRefusee("Choisissez un motif.", "motif")
    _retirer(orientation, motif)
    return orientation


def retirer_toutes(orientations: Any, *, par: Compte, motif: str) -> None:
    """Close the partner's sight of these orientations, answered or not; the open ones become `retiree`."""
    ORIENTATION.verifier_role("retirer", roles=par.roles)
    for orientation in orientations.select_for_update(of=("self",)).filter(retiree_le=None).order_by("pk"):
        _retirer(orientation, motif)


def prevenir_des_retraits() -> int:
    """Promise the notices of what an opposition or a retrait d'accord took back in the database, once each.

    Run as `palier_systeme`; returns how many orientations it looked at.
    """
    retirees = list(Orientation.objects.all().retirees_depuis(horloge.maintenant() - REPRISE_DES_RETRAITS))
    for orientation in retirees:
        _prevenir_partenaire("accompagnements.orientation_retiree", orientation, "retrait")
    return len(retirees)


def _retirer(orientation: Orientation, motif: str) -> None:
    if orientation.etat in ORIENTATION.par_nom["retirer"].depuis:
        orientation.etat = EtatOrientation.RETIREE
    orientation.retiree_le, orientation.motif_retrait = horloge.maintenant(), motif
    orientation.version += 1
    orientation.save(update_fields=["etat", "retiree_le", "motif_retrait", "version"])
    _noter(Action.ORIENTATION_RETIREE, orientation, motif=motif)
    if orientation.envoyee_le is not None:
        _prevenir_partenaire("accompagnements.orientation_retiree", orientation, "retrait")


def _a_suivre(pk: UUID, par: Compte, nom: str) -> Orientation:
    """The orientation that the équipe or its partner carries on: locked by the first, by the door for the other."""
    ORIENTATION.verifier_role(nom, roles=par.roles)
    if par.a_role(Role.CORRESPONDANT):
        orientation: Orientation = Orientation.objects.visibles_par(par).get(pk=pk)
    else:
        orientation = orientation_verrouillee(pk, par)
    ORIENTATION.verifier_etat(nom, etat=orientation.etat)
    if orientation.retiree_le is not None:
        raise TransitionInterdite(nom, EtatOrientation.RETIREE)
    return orientation


def _passer(orientation: Orientation, par: Compte, champs: Sequence[str]) -> None:
    """Third beat: the équipe writes the row; the partner goes through the one function that he may call."""
    orientation.version += 1
    if not par.a_role(Role.CORRESPONDANT):
        orientation.save(update_fields=[*champs, "version"])
        return
    avec, reponse = sceller_reponse(orientation)
    jour = orientation.terminee_le if orientation.etat == EtatOrientation.TERMINEE else orientation.prise_en_charge_le
    with connection.cursor() as curseur:
        curseur.execute(
            "SELECT droit.repondre_orientation(%s, %s, %s, %s, %s, %s, %s, %s, %s)",
            [
                orientation.pk, orientation.etat, orientation.repondue_le, orientation.rendez_vous,
                avec, orientation.revoir_le, orientation.motif_refus, reponse, jour,
            ],
        )  # fmt: skip
        ligne = curseur.fetchone()
    if not ligne or not ligne[0]:
        raise TransitionInterdite("repondre", orientation.etat)


def sceller_reponse(orientation: Orientation) -> tuple[bytes, bytes]:
    """With whom, and the message, sealed to their row: what the doors of the database are given."""
    avec, reponse = (scelle_de(orientation, nom, getattr(orientation, nom)) for nom in ("rendez_vous_avec", "reponse"))
    return avec, reponse


def verifier_partenaire(partenaire: Organisation | Structure, equipe_id: int, champ: str) -> Organisation | Structure:
    """The account of a partner, or an open entry of the équipe's own annuaire; SaisieRefusee otherwise."""
    if isinstance(partenaire, Structure):
        if partenaire.equipe_id != equipe_id or not partenaire.est_ouverte:
            raise SaisieRefusee("Choisissez une structure ouverte de l’annuaire.", champ)
    elif partenaire.genre != GenreOrganisation.PARTENAIRE:
        raise SaisieRefusee("Choisissez un partenaire.", champ)
    return partenaire


def _geler(orientation: Orientation, accord: Accord, par: Compte) -> None:
    """Write in the row what the accord lets the partner read, and nothing more."""
    locataire = Locataire.objects.get(pk=orientation.accompagnement.fiche_id)
    orientation.etat = EtatOrientation.ENVOYEE
    orientation.envoyee_le, orientation.envoyee_par = horloge.maintenant(), par
    jours = DelaisEquipe.de(orientation.equipe_id, horloge.aujourdhui()).reponse_jours
    orientation.repondre_avant = horloge.aujourdhui() + timedelta(days=jours)
    orientation.accord, orientation.accord_le, orientation.accord_portees = accord, accord.le, list(accord.portees)
    orientation.personne = locataire.designation
    equipe = par.organisation_active
    assert equipe is not None
    orientation.orientee_par = ", ".join(filter(None, (par.nom_complet, en_phrase(par.fonction))))
    if Portee.COORDONNEES in accord.portees:
        fiche = orientation.accompagnement.fiche
        assert fiche.residence_id is not None
        residence = Residence.objects.select_related("territoire").get(pk=fiche.residence_id)
        orientation.telephone = locataire.telephone
        orientation.adresse = ", ".join(
            filter(None, (residence.adresse, locataire.logement, f"{residence.code_postal} {residence.territoire.nom}"))
        )


def _donnees_de_lettre(orientation: Orientation, par: Compte) -> dict[str, Any]:
    equipe = par.organisation_active
    assert equipe is not None
    chez = orientation.chez
    assert orientation.accord_le is not None
    assert orientation.repondre_avant is not None
    return {
        "schema": 1,
        "reference": orientation.reference,
        "date": horloge.aujourdhui().isoformat(),
        "equipe": equipe.nom,
        "equipe_telephone": equipe.telephone,
        "equipe_adresse": equipe.adresse,
        "orientee_par": orientation.orientee_par,
        "destinataire": chez.nom,
        "destinataire_adresse": chez.ou if isinstance(chez, Structure) else chez.adresse,
        "personne": orientation.personne,
        "telephone": orientation.telephone,
        "adresse": orientation.adresse,
        "contacts": orientation.contacts_libelles,
        "demande": orientation.demande,
        "accord_le": orientation.accord_le.isoformat(),
        "accord_portees": orientation.accord_portees_libelles,
        "repondre_avant": orientation.repondre_avant.isoformat(),
    }


def _noter(action: Action, orientation: Orientation, *, motif: str = "") -> None:
    noter(action, orientation, equipe_id=orientation.equipe_id, objet_type="orientation", motif=motif)


def _prevenir_partenaire(genre: str, orientation: Orientation, quand: str) -> None:
    envois.prevoir(
        genre,
        effet=f"{genre}|{orientation.pk}|{quand}",
        organisation_id=orientation.destinataire_id or orientation.equipe_id,
        objet_id=orientation.pk,
    )
