"""Notices of the séances: no name, no place, no title; who is told, and may still be, is read when they leave.

The functions are effects of the outbox: they run as `palier_systeme` and are safe to run twice.
"""

from collections.abc import Iterable
from typing import Any, Final
from uuid import UUID

from partenaires import genres_seances as genres
from partenaires.avis import Courriel, avertir
from partenaires.enums import ROLES_BAILLEUR
from partenaires.enums_sensibilisations import RAPPEL_AVANT, EtatInscription, EtatSeance
from partenaires.genres import GenreAvis
from partenaires.models import Compte, InscriptionSeance, Rattachement, Seance
from socle import envois, horloge
from socle.models import Envoi

# What one has to know before opening the page, and nothing more.
SUJETS: Final = {
    genres.SEANCE_OUVERTE: "une séance est ouverte aux inscriptions",
    genres.INSCRIPTION_CONFIRMEE: "une inscription est confirmée",
    genres.INSCRIPTION_PROMUE: "une place s’est libérée",
    genres.INSCRIPTION_ANNULEE: "une inscription est annulée",
    genres.SEANCE_MODIFIEE: "une séance change de date ou de lieu",
    genres.SEANCE_ANNULEE: "une séance est annulée",
    genres.SEANCE_RAPPEL: "une séance dans deux jours",
    genres.ATTESTATIONS_PRETES: "des attestations sont prêtes",
}


def prevoir_rappels() -> int:
    """Promise the reminder of each séance of the two days to come; once each, however often it runs."""
    jour = horloge.aujourdhui()
    seances = list(Seance.objects.all().a_rappeler(jour, jour + RAPPEL_AVANT))
    for seance in seances:
        envois.prevoir(
            "partenaires.seance_rappel", effet=f"seance|{seance.pk}|rappel|{seance.jour.isoformat()}",
            organisation_id=seance.equipe_id, objet_id=seance.pk,
        )  # fmt: skip
    return len(seances)


@envois.traiteur("partenaires.seance_ouverte")
def annoncer_l_ouverture(envoi: Envoi) -> None:
    """The référents and responsables of a bailleur invited; nothing once it is no longer open."""
    seance = Seance.objects.filter(pk=envoi.objet_id, etat=EtatSeance.OUVERTE).first()
    if seance is not None:
        bailleur = int(envoi.donnees["bailleur"])
        _dire(envoi, genres.SEANCE_OUVERTE, _en_place(bailleur, genres.REFERENTS), bailleur, seance.pk)


@envois.traiteur("partenaires.inscription_confirmee")
def dire_l_inscription(envoi: Envoi) -> None:
    """The person registered, unless she did it herself or waits for a seat."""
    i = _inscription(envoi, EtatInscription.INSCRITE)
    if i is not None and i.compte_id != i.inscrite_par_id:
        _dire_a(envoi, genres.INSCRIPTION_CONFIRMEE, i, {i.compte_id})


@envois.traiteur("partenaires.inscription_promue")
def dire_la_place(envoi: Envoi) -> None:
    """The person who waited, and whoever registered her."""
    i = _inscription(envoi, EtatInscription.INSCRITE)
    if i is not None:
        _dire_a(envoi, genres.INSCRIPTION_PROMUE, i, {i.compte_id, i.inscrite_par_id})


@envois.traiteur("partenaires.inscription_annulee")
def dire_l_annulation(envoi: Envoi) -> None:
    """The person, and whoever registered her: not the one who cancelled."""
    i = _inscription(envoi, EtatInscription.ANNULEE)
    if i is not None:
        _dire_a(envoi, genres.INSCRIPTION_ANNULEE, i, {i.compte_id, i.inscrite_par_id} - {i.annulee_par_id})


@envois.traiteur("partenaires.seance_modifiee")
def dire_le_changement(envoi: Envoi) -> None:
    """Everybody registered or waiting, and whoever registered them."""
    _dire_aux_inscrits(envoi, genres.SEANCE_MODIFIEE, EtatSeance.OUVERTE)


@envois.traiteur("partenaires.seance_annulee")
def dire_qu_elle_est_annulee(envoi: Envoi) -> None:
    """Everybody registered or waiting, and whoever registered them."""
    _dire_aux_inscrits(envoi, genres.SEANCE_ANNULEE, EtatSeance.ANNULEE)


@envois.traiteur("partenaires.seance_rappel")
def rappeler(envoi: Envoi) -> None:
    """Those who have a seat, two days before; nothing when it was moved meanwhile."""
    seance = Seance.objects.filter(pk=envoi.objet_id, etat=EtatSeance.OUVERTE).first()
    if seance is None or not horloge.aujourdhui() < seance.jour <= horloge.aujourdhui() + RAPPEL_AVANT:
        return
    lignes = InscriptionSeance.objects.filter(seance=seance).confirmees()
    par_bailleur: dict[int, set[int | None]] = {}
    for i in lignes:
        par_bailleur.setdefault(i.bailleur_id, set()).add(i.compte_id)
    for bailleur, comptes in sorted(par_bailleur.items()):
        _dire(envoi, genres.SEANCE_RAPPEL, _en_place(bailleur, parmi=comptes), bailleur, seance.pk)


@envois.traiteur("partenaires.attestations_pretes")
def dire_les_attestations(envoi: Envoi) -> None:
    """Those of a bailleur who came, and whoever registered them."""
    bailleur = int(envoi.donnees["bailleur"])
    lignes = list(InscriptionSeance.objects.filter(seance_id=UUID(envoi.objet_id), bailleur=bailleur).presentes())
    comptes = {i.compte_id for i in lignes} | {i.inscrite_par_id for i in lignes}
    _dire(envoi, genres.ATTESTATIONS_PRETES, _en_place(bailleur, parmi=comptes), bailleur, envoi.objet_id)


def _inscription(envoi: Envoi, etat: str) -> InscriptionSeance | None:
    """The registration, if it still stands so."""
    return InscriptionSeance.objects.filter(pk=envoi.objet_id, etat=etat).first()


def _dire_aux_inscrits(envoi: Envoi, genre: GenreAvis, etat: str) -> None:
    seance = Seance.objects.filter(pk=envoi.objet_id, etat=etat).first()
    if seance is None:
        return
    par_bailleur: dict[int, set[int | None]] = {}
    for i in InscriptionSeance.objects.filter(seance=seance).valables():
        par_bailleur.setdefault(i.bailleur_id, set()).update({i.compte_id, i.inscrite_par_id})
    for bailleur, comptes in sorted(par_bailleur.items()):
        _dire(envoi, genre, _en_place(bailleur, parmi=comptes), bailleur, seance.pk)


def _dire_a(envoi: Envoi, genre: GenreAvis, i: InscriptionSeance, comptes: set[int | None]) -> None:
    _dire(envoi, genre, _en_place(i.bailleur_id, parmi=comptes), i.bailleur_id, i.pk)


def _en_place(
    bailleur_id: int, roles: Iterable[str] = ROLES_BAILLEUR, *, parmi: set[int | None] | None = None
) -> list[Compte]:
    """People of a bailleur today, in these roles, among these accounts; each once."""
    lignes: Any = Rattachement.objects.all().de_l_organisation(bailleur_id).en_vigueur(horloge.aujourdhui())
    lignes = lignes.avec_role(*roles).par_nom()
    if parmi is not None:
        lignes = lignes.filter(compte__in=[c for c in parmi if c is not None])
    return list({r.compte_id: r.compte for r in lignes if r.compte.is_active}.values())


def _dire(envoi: Envoi, genre: GenreAvis, comptes: list[Compte], organisation_id: int, objet_id: object) -> None:
    contexte = {"phrase": genre.phrase, "chemin": genre.chemin(str(objet_id))}
    avertir(
        genre.code, comptes, organisation_id=organisation_id, objet_id=objet_id, effet=envoi.effet,
        courriel=Courriel(gabarit="seance", sujet=SUJETS[genre], contexte=contexte),
    )  # fmt: skip
