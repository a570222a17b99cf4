"""Sensibilisations: a séance prepared, opened, moved, held, closed or cancelled; who came, and what is printed then."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import connection

from partenaires.droits import exiger
from partenaires.enums import Action, Permission
from partenaires.enums_sensibilisations import (
    SEANCE,
    EtatInscription,
    EtatSeance,
    GenreSeance,
    Presence,
)
from partenaires.models import (
    Compte,
    Convention,
    InscriptionSeance,
    InvitationSeance,
    Organisation,
    Rattachement,
    Seance,
)
from partenaires.parcours.documents_seance import prevoir_attestations
from socle import envois, horloge, journal
from socle.ecriture import INSECABLE, compter
from socle.transitions import TransitionInterdite
from socle.versions import ConflitDeVersion

_CHAMPS: Final = (
    "genre", "titre", "debut", "duree", "lieu", "acces", "formateurs", "formateurs_externes", "capacite", "programme",
    "a_apporter", "inscription_jusqu_au",
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Annonce:
    """What a séance says of itself."""

    genre: str
    titre: str
    debut: datetime
    duree: int
    lieu: str
    capacite: int
    inscription_jusqu_au: date
    acces: str = ""
    formateurs: tuple[int, ...] = ()
    formateurs_externes: str = ""
    programme: str = ""
    a_apporter: str = ""


@dataclass(frozen=True, slots=True)
class Pointage:
    """A line of the sheet: what the page showed, and what the person says now."""

    vue: str
    dite: str


class PointageEnConflit(Exception):
    """Somebody else pointed these people otherwise in between: what stands now, by registration."""

    def __init__(self, actuelles: Mapping[UUID, str]) -> None:
        self.actuelles = dict(actuelles)
        super().__init__(f"{len(self.actuelles)} lines")


def bailleurs_conventionnes(par: Compte) -> list[Organisation]:
    """The bailleurs under a convention in force with the person's équipe, by name: invited unless told otherwise."""
    conventions = Convention.objects.visibles_par(par).en_vigueur(horloge.aujourdhui())
    cles = set(conventions.order_by().values_list("orienteur", flat=True))
    return list(Organisation.objects.visibles_par(par).bailleurs().filter(pk__in=cles, fermee_le=None).par_nom())


def preparer(annonce: Annonce, *, par: Compte, bailleurs: Collection[int]) -> Seance:
    """A séance that nobody outside the équipe sees yet; ValidationError names the field at fault."""
    equipe_id = exiger(par, Permission.SUIVRE)
    _verifier(annonce, par)
    seance = Seance(equipe_id=equipe_id, creee_par=par, creee_le=horloge.maintenant())
    _decrire(seance, annonce)
    seance.save(force_insert=True)
    _inviter(seance, bailleurs, par)
    _noter(Action.SEANCE_PREPAREE, seance)
    return seance


def modifier(pk: UUID, annonce: Annonce, *, par: Compte, version: int, bailleurs: Collection[int]) -> Seance:
    """Correct it, or move it; those registered are told of another day, hour or place, and seats added go to those who
    wait. A bailleur with somebody registered stays invited.

    ConflitDeVersion, ValidationError; TransitionInterdite once held or cancelled.
    """
    seance = verrouillee(pk, par)
    if not seance.est_modifiable:
        raise TransitionInterdite("modifier", seance.etat)
    if seance.version != version:
        raise ConflitDeVersion(seance)
    _verifier(annonce, par, seance)
    deplacee = (annonce.debut, annonce.lieu) != (seance.debut, seance.lieu) or annonce.duree != seance.duree
    _decrire(seance, annonce)
    _avancer(seance, *_CHAMPS)
    nouveaux = _inviter(seance, bailleurs, par)
    _noter(Action.SEANCE_MODIFIEE, seance)
    if seance.est_ouverte:
        for bailleur in nouveaux:
            _annoncer(seance, bailleur)
        if deplacee:
            _promettre("partenaires.seance_modifiee", seance, f"modifiee|{seance.version}")
        _remplir(seance)
    return seance


def ouvrir(pk: UUID, *, par: Compte) -> Seance:
    """Open the registrations and tell the référents of the bailleurs invited; ValidationError without any, or late."""
    seance = verrouillee(pk, par)
    SEANCE.verifier("ouvrir", etat=seance.etat, roles=par.roles)
    if seance.debut <= horloge.maintenant():
        raise ValidationError("Choisissez d’abord une date à venir.")
    if seance.inscription_jusqu_au < horloge.aujourdhui():
        raise ValidationError("La date de fin des inscriptions est passée : changez-la d’abord.")
    invites = list(InvitationSeance.objects.filter(seance=seance).values_list("bailleur", flat=True))
    if not invites:
        raise ValidationError("Invitez au moins un bailleur.")
    seance.etat, seance.ouverte_le = EtatSeance.OUVERTE, horloge.maintenant()
    _avancer(seance, "etat", "ouverte_le")
    _noter(Action.SEANCE_OUVERTE, seance)
    for bailleur in sorted(invites):
        _annoncer(seance, bailleur)
    return seance


def annuler_seance(pk: UUID, *, par: Compte, motif: str) -> Seance:
    """It will not take place; everybody registered is told, and reads why. ValidationError without a reason."""
    seance = verrouillee(pk, par)
    SEANCE.verifier("annuler_seance", etat=seance.etat, roles=par.roles)
    if not motif.strip():
        raise ValidationError({"motif": "Dites pourquoi la séance est annulée."})
    seance.etat, seance.motif_annulation = EtatSeance.ANNULEE, motif.strip()
    _avancer(seance, "etat", "motif_annulation")
    _noter(Action.SEANCE_ANNULEE, seance)
    if seance.ouverte_le is not None:
        _promettre("partenaires.seance_annulee", seance, "annulee")
    return seance


def pointer(pk: UUID, *, par: Compte, lignes: Mapping[UUID, Pointage]) -> Seance:
    """Say who came, from the day of the séance until it is closed; the first time, it is held.

    A line that somebody else changed since the page was shown is not overwritten: PointageEnConflit, and nothing is
    written. TransitionInterdite before the day, or once it is closed or cancelled.
    """
    seance = verrouillee(pk, par)
    premiere = seance.etat == EtatSeance.OUVERTE
    if premiere:
        SEANCE.verifier("tenir", etat=seance.etat, roles=par.roles)
    if not seance.se_pointe:
        raise TransitionInterdite("pointer", seance.etat)
    inscriptions = {i.pk: i for i in InscriptionSeance.objects.visibles_par(par).de_la_seance(seance)}
    changees = {cle: p for cle, p in lignes.items() if cle in inscriptions and p.dite != p.vue}
    autres = {cle: inscriptions[cle].presence for cle, p in changees.items()
              if inscriptions[cle].presence not in (p.vue, p.dite)}  # fmt: skip
    if autres:
        raise PointageEnConflit(autres)
    for dite in ("", *Presence.values):
        cles = [cle for cle, p in changees.items() if p.dite == dite]
        _ecrire_presence(cles, dite, par)
    if premiere:
        seance.etat, seance.tenue_le = EtatSeance.TENUE, horloge.maintenant()
        _avancer(seance, "etat", "tenue_le")
    if premiere or changees:
        _noter(Action.SEANCE_TENUE if premiere else Action.SEANCE_POINTEE, seance)
    return seance


def clore(pk: UUID, *, par: Compte) -> Seance:
    """Nobody changes a presence any more; an attestation is promised for each person who came.

    ValidationError while somebody confirmed is neither present, absent nor excused.
    """
    seance = verrouillee(pk, par)
    SEANCE.verifier("clore", etat=seance.etat, roles=par.roles)
    inscriptions = list(InscriptionSeance.objects.visibles_par(par).de_la_seance(seance))
    restent = sum(i.est_confirmee and not i.presence for i in inscriptions)
    if restent:
        combien = compter(restent, "personne", "personnes")
        raise ValidationError(f"Dites d’abord si chacun est venu{INSECABLE}: il reste {combien}.")
    seance.etat, seance.close_le = EtatSeance.CLOSE, horloge.maintenant()
    _avancer(seance, "etat", "close_le")
    _noter(Action.SEANCE_CLOSE, seance)
    prevoir_attestations(seance, [i for i in inscriptions if i.est_presente], par=par)
    return seance


def verrouillee(pk: UUID, par: Compte) -> Seance:
    """The séance of the person's équipe, locked; Seance.DoesNotExist otherwise, PermissionDenied by role."""
    exiger(par, Permission.SUIVRE)
    seance: Seance = Seance.objects.visibles_par(par).select_for_update(of=("self",)).get(pk=pk)
    return seance


def promettre_promotions(seance: Seance, promues: Collection[UUID]) -> None:
    """Tell those whom a freed seat went to, and note it."""
    for cle in promues:
        journal.noter(
            Action.INSCRIPTION_PROMUE, organisation_id=seance.equipe_id, objet_type="inscriptionseance", objets=[cle]
        )
        envois.prevoir(
            "partenaires.inscription_promue", effet=f"inscription|{cle}|promue", organisation_id=seance.equipe_id,
            objet_id=cle,
        )  # fmt: skip


def _verifier(annonce: Annonce, par: Compte, actuelle: Seance | None = None) -> None:
    """The rules that a form could not know alone."""
    jour = horloge.paris(annonce.debut).date()
    deplacee = actuelle is None or annonce.debut != actuelle.debut
    if deplacee and annonce.debut <= horloge.maintenant():
        raise ValidationError({"jour": "Choisissez une date à venir."})
    if annonce.inscription_jusqu_au > jour:
        raise ValidationError(
            {"inscription_jusqu_au": "Les inscriptions se ferment au plus tard le jour de la séance."}
        )
    if annonce.genre not in GenreSeance.values or not 1 <= annonce.capacite <= Seance.CAPACITE_MAXIMUM:
        raise ValidationError({"capacite": f"Entre 1 et {Seance.CAPACITE_MAXIMUM} places."})
    if actuelle is not None and annonce.capacite < actuelle.inscrites:
        deja = compter(actuelle.inscrites, "personne est déjà inscrite", "personnes sont déjà inscrites")
        raise ValidationError({"capacite": f"Gardez assez de places{INSECABLE}: {deja}."})
    siens = Rattachement.objects.visibles_par(par).en_vigueur(horloge.aujourdhui())
    connus = {*siens.filter(compte__in=annonce.formateurs).values_list("compte", flat=True)}
    if set(annonce.formateurs) - connus - set(actuelle.formateurs if actuelle else ()):
        raise ValidationError({"formateurs": "Choisissez des membres de votre équipe."})


def _decrire(seance: Seance, annonce: Annonce) -> None:
    for nom in _CHAMPS:
        valeur: Any = getattr(annonce, nom)
        setattr(seance, nom, list(valeur) if nom == "formateurs" else valeur)


def _inviter(seance: Seance, bailleurs: Collection[int], par: Compte) -> list[int]:
    """Make the bailleurs invited equal to these; returns the new ones. ValidationError for one that may not be, or that
    may not be taken away any more."""
    deja = {v.bailleur_id: v for v in InvitationSeance.objects.filter(seance=seance)}
    permis = {o.pk for o in bailleurs_conventionnes(par)} | set(deja)
    if set(bailleurs) - permis:
        raise ValidationError({"bailleurs": "Choisissez des bailleurs qui ont une convention avec l’équipe."})
    retires = [v for cle, v in deja.items() if cle not in set(bailleurs)]
    if InscriptionSeance.objects.filter(seance=seance, bailleur__in=[v.bailleur_id for v in retires]).exists():
        raise ValidationError({"bailleurs": "Un bailleur dont une personne a été inscrite reste invité."})
    InvitationSeance.objects.filter(pk__in=[v.pk for v in retires])._raw_delete("default")
    nouveaux = sorted(set(bailleurs) - set(deja))
    InvitationSeance.objects.bulk_create(
        InvitationSeance(seance=seance, equipe_id=seance.equipe_id, bailleur_id=cle) for cle in nouveaux
    )
    return nouveaux


def _remplir(seance: Seance) -> None:
    with connection.cursor() as curseur:
        curseur.execute("SELECT droit.remplir_seance(%s)", [seance.pk])
        (promues,) = curseur.fetchone() or ([],)
    promettre_promotions(seance, promues)


def _ecrire_presence(cles: list[UUID], dite: str, par: Compte) -> None:
    if cles:
        InscriptionSeance.objects.filter(pk__in=cles).exclude(etat=EtatInscription.ANNULEE).update(
            presence=dite, pointee_par=par if dite else None, pointee_le=horloge.maintenant() if dite else None
        )


def _annoncer(seance: Seance, bailleur_id: int) -> None:
    envois.prevoir(
        "partenaires.seance_ouverte", effet=f"seance|{seance.pk}|ouverte|{bailleur_id}",
        organisation_id=seance.equipe_id, objet_id=seance.pk, donnees={"bailleur": bailleur_id},
    )  # fmt: skip


def _promettre(genre: str, seance: Seance, quoi: str) -> None:
    envois.prevoir(genre, effet=f"seance|{seance.pk}|{quoi}", organisation_id=seance.equipe_id, objet_id=seance.pk)


def _avancer(seance: Seance, *champs: str) -> None:
    seance.version += 1
    seance.save(update_fields=[*champs, "version"])


def _noter(action: Action, seance: Seance) -> None:
    journal.noter(action, organisation_id=seance.equipe_id, objet_type="seance", objets=[seance.pk])
