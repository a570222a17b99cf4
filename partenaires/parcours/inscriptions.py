"""Registrations to a séance, by the doors of the database: a seat, the waiting list, a seat given back."""

from typing import Final
from uuid import UUID

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection

from partenaires.droits import permissions_de
from partenaires.enums import Action, Permission
from partenaires.models import Compte, InscriptionSeance, Organisation, Rattachement, Seance
from partenaires.parcours.seances import promettre_promotions
from socle import envois, horloge, journal
from socle.chiffrement import empreinte, mots_de, scelle_de
from socle.ecriture import INSECABLE
from socle.identifiants import uuid7
from socle.transitions import TransitionInterdite

FERMEE, DEJA, EN_ATTENTE = "fermee", "deja", "en_attente"
_PORTES: Final = frozenset({Permission.SUIVRE, Permission.INSCRIRE})


def inscrire_compte(seance_pk: UUID, rattachement: Rattachement, *, par: Compte) -> InscriptionSeance:
    """Register somebody of the référent's own bailleur who has an account, oneself included.

    ValidationError when she is registered already; TransitionInterdite once the séance takes nobody any more.
    """
    seance = _visible(seance_pk, par)
    compte = rattachement.compte
    return _inscrire(
        seance, par, bailleur_id=rattachement.organisation_id, compte=compte, nom=compte.nom_complet,
        fonction=rattachement.fonction or str(rattachement.get_role_display()),
    )  # fmt: skip


def inscrire_nom(
    seance_pk: UUID, *, par: Compte, bailleur: Organisation, nom: str, fonction: str = "", ajoutee: bool = False
) -> InscriptionSeance:
    """Register a named member of a bailleur's staff without an account. `ajoutee`: she came without being registered.

    The same errors; ValidationError too for a name that bears no letter.
    """
    seance = _visible(seance_pk, par)
    if not mots_de(nom):
        raise ValidationError({"nom": "Écrivez le nom et le prénom."})
    siennes = InscriptionSeance.objects.visibles_par(par).de_la_seance(seance).du_bailleur(bailleur.pk)
    if any(mots_de(i.designation) == mots_de(nom) for i in siennes):
        raise _deja(nom)
    return _inscrire(
        seance, par, bailleur_id=bailleur.pk, compte=None, nom=nom.strip(), fonction=fonction.strip(), ajoutee=ajoutee
    )


def annuler_inscription(pk: UUID, *, par: Compte) -> InscriptionSeance:
    """Give a seat back; it goes to whoever waits. InscriptionSeance.DoesNotExist out of scope, PermissionDenied for
    somebody who may only read it, TransitionInterdite once the séance has begun."""
    lignes = InscriptionSeance.objects.visibles_par(par).avec_seance()
    inscription: InscriptionSeance = lignes.get(pk=pk)
    if permissions_de(par.roles).isdisjoint(_PORTES):
        raise PermissionDenied("Demandez à votre référent d’annuler cette inscription.")
    with connection.cursor() as curseur:
        curseur.execute("SELECT droit.annuler_inscription(%s)", [pk])
        (promues,) = curseur.fetchone() or (None,)
    if promues is None:
        raise TransitionInterdite("annuler_inscription", inscription.seance.etat)
    seance = inscription.seance
    _noter(Action.INSCRIPTION_ANNULEE, seance, pk)
    envois.prevoir(
        "partenaires.inscription_annulee", effet=f"inscription|{pk}|annulee", organisation_id=seance.equipe_id,
        objet_id=pk, donnees={"par": par.pk},
    )  # fmt: skip
    promettre_promotions(seance, promues)
    return lignes.get(pk=pk)


def _inscrire(
    seance: Seance,
    par: Compte,
    *,
    bailleur_id: int,
    compte: Compte | None,
    nom: str,
    fonction: str,
    ajoutee: bool = False,
) -> InscriptionSeance:
    siennes = permissions_de(par.roles)
    if siennes.isdisjoint(_PORTES) or (ajoutee and Permission.SUIVRE not in siennes):
        raise PermissionDenied("Les référents inscrivent les personnes de leur organisation.")
    inscription = InscriptionSeance(pk=uuid7(), seance=seance, equipe_id=seance.equipe_id, bailleur_id=bailleur_id)
    marque = None if compte else empreinte(seance.equipe_id, "inscription", str(bailleur_id), *mots_de(nom))
    with connection.cursor() as curseur:
        curseur.execute(
            "SELECT droit.inscrire(%s, %s, %s, %s, %s, %s, %s, %s)",
            [
                inscription.pk, seance.pk, bailleur_id, compte.pk if compte else None,
                scelle_de(inscription, "nom", nom), scelle_de(inscription, "fonction", fonction), marque, ajoutee,
            ],
        )  # fmt: skip
        (issue,) = curseur.fetchone() or (FERMEE,)
    if issue == DEJA:
        raise _deja(nom)
    if issue == FERMEE:
        raise TransitionInterdite("inscrire", seance.etat)
    _noter(Action.INSCRIPTION_FAITE, seance, inscription.pk)
    if not ajoutee:
        envois.prevoir(
            "partenaires.inscription_confirmee", effet=f"inscription|{inscription.pk}|faite",
            organisation_id=seance.equipe_id, objet_id=inscription.pk,
        )  # fmt: skip
    inscription.etat, inscription.compte, inscription.ajoutee = issue, compte, ajoutee
    inscription.nom, inscription.fonction, inscription.inscrite_le = nom, fonction, horloge.maintenant()
    return inscription


def _visible(pk: UUID, par: Compte) -> Seance:
    seance: Seance = Seance.objects.visibles_par(par).get(pk=pk)
    return seance


def _deja(nom: str) -> ValidationError:
    return ValidationError(
        f"{nom} figure déjà parmi les inscrits. Pour une autre personne du même nom, ajoutez de quoi les distinguer"
        f"{INSECABLE}: un service, une résidence."
    )


def _noter(action: Action, seance: Seance, pk: UUID) -> None:
    journal.noter(action, organisation_id=seance.equipe_id, objet_type="inscriptionseance", objets=[pk])
