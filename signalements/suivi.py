"""A situation as its référent follows it: neutral status, what he has to do and when. Never a state nor a motif."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.urls import reverse

from signalements.enums import EtatDepot, Statut
from signalements.models import Echange
from signalements.models.lectures_orienteur import JAMAIS, JOURS_RELECTURE, PLAFOND
from socle.calendrier import ajouter_jours_ouvres
from socle.ecriture import INSECABLE, date_courte, date_relative, heure, jour_de
from socle.presentation import Delai

EFFACE = "Contenu effacé"


@dataclass(frozen=True, slots=True)
class AFaire:
    """What the référent has to do: the verb of the button, its reason, and the delay."""

    code: str
    verbe: str
    pourquoi: str
    delai: Delai
    url: str = ""  # another page than that of the signalement

    @property
    def prefixe(self) -> str:
        """Before the delay where there is room: « Réponse : 1 j de retard »."""
        noms = {"relire": "Relecture", "completer": "Réponse", "informer": "Information", "relever": "Relevé"}
        return f"{noms[self.code]}{INSECABLE}:"


@dataclass(frozen=True, slots=True)
class LigneSuivie:
    """A row of the list. A finished one says that its content is gone, and nothing else."""

    pk: UUID
    nom: str
    reference: str
    residence: str
    auteur: str
    statut: str
    a_faire: AFaire | None
    nouveaux: int
    url: str
    terminee: bool


@dataclass(frozen=True, slots=True)
class MessageLu:
    """A message of the thread."""

    auteur: str
    initiales: str
    texte: str
    quand: str
    iso: str
    precision: str
    bailleur: bool
    nouveau: bool = False


def ligne_de(fiche: Any) -> LigneSuivie:
    """A row made of a fiche read `avec_echeance`, `avec_nouveaux` and `pour_l_orienteur`."""
    terminee = fiche.terminee_le is not None
    return LigneSuivie(
        pk=fiche.pk,
        nom=EFFACE if terminee else fiche.designation,
        reference=fiche.reference,
        residence=fiche.residence.nom if fiche.residence else "",
        auteur="" if terminee else fiche.auteur.nom_complet,
        statut=fiche.statut_lu,
        a_faire=None if terminee else a_faire_de(fiche),
        nouveaux=0 if terminee else fiche.nouveaux,
        url=reverse("signalement", args=[fiche.pk]),
        terminee=terminee,
    )


def a_faire_de(fiche: Any) -> AFaire | None:
    """What is due on a fiche read `avec_echeance`; None when the référent has nothing to do."""
    if fiche.echeance == JAMAIS:
        return None
    if fiche.etat == EtatDepot.A_RELIRE:
        le = ajouter_jours_ouvres(jour_de(fiche.envoyee_le), JOURS_RELECTURE)
        return AFaire("relire", "Relire", "Fiche à relire avant envoi", Delai.de(le, ouvres=True))
    if fiche.statut == Statut.A_COMPLETER:
        le = fiche.repondre_avant or jour_de(fiche.transmise_le)
        return AFaire("completer", "Répondre", "L’équipe a posé une question", Delai.de(le, ouvres=True))
    if fiche.statut in (Statut.EN_COURS, Statut.RECUE) and fiche.information_le is None:
        return AFaire("informer", "Enregistrer", "Information à enregistrer", Delai.de(fiche.informer_avant))
    page = reverse("releve", args=[fiche.releve_du])
    return AFaire("relever", "Remplir", "Relevé à 6 mois à rendre", Delai.de(fiche.releve_du_le), page)


def messages_lus(
    messages: Iterable[Echange], *, lecteur_id: int, orienteur_id: int, lu_le: datetime | None
) -> list[MessageLu]:
    """The thread, oldest first; one's own messages are signed « Vous », others' are new after `lu_le`."""
    lus = []
    for message in messages:
        bailleur = message.organisation_id == orienteur_id
        lus.append(
            MessageLu(
                auteur="Vous" if message.auteur_id == lecteur_id else message.auteur.nom_complet,
                initiales=message.auteur.initiales,
                texte=message.texte,
                quand=_quand(message.le),
                iso=message.le.isoformat(timespec="minutes"),
                precision=_precision(message, lecteur_id) if bailleur else "équipe dédiée",
                bailleur=bailleur,
                nouveau=est_nouveau(message, lecteur_id, lu_le),
            )
        )
    return lus


def est_nouveau(message: Echange, lecteur_id: int, lu_le: datetime | None) -> bool:
    """Whether somebody else wrote it after this person last read the thread."""
    return message.auteur_id != lecteur_id and (lu_le is None or message.le > lu_le)


def _precision(message: Echange, lecteur_id: int) -> str:
    return "" if message.auteur_id == lecteur_id else message.organisation.nom


def nombre_plafonne(nombre: int) -> str:
    """« 500+ » beyond the cap: a count never costs more than that."""
    return f"{PLAFOND}+" if nombre > PLAFOND else str(nombre)


def _quand(instant: Any) -> str:
    proche = date_relative(instant)
    jour = proche if not proche.startswith("le ") else date_courte(instant)
    return f"{jour} à {heure(instant)}".replace(" à ", f" à{INSECABLE}")
