"""Tell people that something happened: a line in their list, and an e-mail as they chose.

Everything here runs as `palier_systeme`, inside an effect of the outbox, and is safe to run twice. Who holds the
right is read at that moment, and again when the summary of the morning leaves.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from django.urls import reverse

from partenaires.enums import ModeCourriel
from partenaires.genres import GenreAvis, genre_de
from partenaires.models import Absence, Compte, Notification, PreferenceAvis, Rattachement
from partenaires.notifications import envoyer
from socle import envois, horloge
from socle.models import Envoi

RESUME: Final = "partenaires.resume"
SUJET_RESUME: Final = "votre résumé du matin"


@dataclass(frozen=True, slots=True, kw_only=True)
class Courriel:
    """The e-mail of a kind: a template of `courriels/`, a subject, and what it says; never a name."""

    gabarit: str
    sujet: str
    contexte: Mapping[str, object]


def avertir(
    code: str,
    comptes: Iterable[Compte],
    *,
    organisation_id: int,
    objet_id: object,
    effet: str,
    courriel: Courriel,
    reference: str = "",
) -> None:
    """Tell these people of an organisation, and whoever covers those who are absent, once for this `effet`.

    The caller has just read who holds the right.
    """
    genre = genre_de(code)
    directs = {c.pk: c for c in comptes if not c.technique}
    remplacants = _remplacants(genre, directs, organisation_id)
    tous = {**{pk: c for pk, (c, _) in remplacants.items()}, **directs}
    connus = Notification.objects.filter(compte__in=list(tous), effet=effet).values_list("compte_id", flat=True)
    nouveaux = {pk: c for pk, c in tous.items() if pk not in set(connus)}
    modes = PreferenceAvis.objects.all().modes(list(nouveaux), genre.famille)
    maintenant = horloge.maintenant()
    for pk, compte in sorted(nouveaux.items()):
        mode = modes.get(pk, ModeCourriel.IMMEDIAT)
        immediat = mode == ModeCourriel.IMMEDIAT
        Notification.objects.create(
            compte=compte,
            organisation_id=organisation_id,
            pour=None if pk in directs else remplacants[pk][1],
            genre=code,
            objet_id=str(objet_id),
            reference=reference,
            effet=effet,
            cree_le=maintenant,
            courriel=mode,
            courriel_le=maintenant if immediat else None,
        )
        if immediat:
            contexte = {**courriel.contexte, "remplace": pk not in directs, "reglages": reverse("reglages_avis")}
            envoyer(courriel.gabarit, courriel.sujet, compte.email, contexte)


def _remplacants(
    genre: GenreAvis, directs: Mapping[int, Compte], organisation_id: int
) -> dict[int, tuple[Compte, Compte]]:
    """Who covers an absent one today, and whom, by account; only those whose own role opens this kind."""
    if not genre.se_remplace or not directs:
        return {}
    jour = horloge.aujourdhui()
    absences = (
        Absence.objects.all().de_l_organisation(organisation_id).en_cours(jour).parmi(directs).order_by("du", "id")
    )
    couverts = {a.remplacant_id: directs[a.compte_id] for a in absences}
    presents = (
        Rattachement.objects.all()
        .de_l_organisation(organisation_id)
        .en_vigueur(jour)
        .avec_role(*genre.roles)
        .filter(compte__in=list(couverts), compte__is_active=True)
        .select_related("compte")
    )
    return {r.compte_id: (r.compte, couverts[r.compte_id]) for r in presents}


# The summary of the morning -------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class LigneResume:
    """A sentence of the summary and the references it is about, "" for those without one."""

    phrase: str
    references: str


def prevoir_resumes() -> int:
    """Promise the summary of the day to whoever has something in it; returns how many people. Safe to run twice."""
    jour = horloge.aujourdhui().isoformat()
    personnes = dict(Notification.objects.all().a_resumer().order_by("-cree_le").values_list("compte", "organisation"))
    for compte_id, organisation_id in sorted(personnes.items()):
        envois.prevoir(
            RESUME,
            effet=f"resume|{compte_id}|{jour}",
            organisation_id=organisation_id,
            objet_id=compte_id,
        )
    return len(personnes)


@envois.traiteur(RESUME)
def envoyer_resume(envoi: Envoi) -> None:
    """One e-mail for all that waits, except what the person may not, or does not want to, be told any more."""
    compte = Compte.objects.de_cle(envoi.objet_id)
    if compte is None:
        return
    attendues = list(Notification.objects.all().a_resumer().de_la_personne(compte.pk))
    valables = a_dire(compte, attendues)
    if valables:
        contexte: dict[str, object] = {
            "lignes": _lignes(valables),
            "chemin": reverse("notifications"),
            "reglages": reverse("reglages_avis"),
        }
        envoyer("resume", SUJET_RESUME, compte.email, contexte)
    Notification.objects.filter(pk__in=[n.pk for n in attendues]).update(courriel_le=horloge.maintenant())


def a_dire(compte: Compte, notifications: Iterable[Notification]) -> list[Notification]:
    """Those that this person still may, and wants to, be told: rattachement and role in force, object still open."""
    if not compte.is_active:
        return []
    roles: dict[int, set[str]] = {}
    for r in Rattachement.objects.filter(compte=compte).en_vigueur(horloge.aujourdhui()):
        roles.setdefault(r.organisation_id, set()).add(r.role)
    refusees = {f for f, m in PreferenceAvis.objects.all().de(compte).items() if m == ModeCourriel.AUCUN}
    ouvertes = []
    for n in notifications:
        genre = genre_de(n.genre)
        if genre.famille not in refusees and not genre.roles.isdisjoint(roles.get(n.organisation_id, ())):
            ouvertes.append(n)
    valables: dict[str, set[str]] = {}
    for code in {n.genre for n in ouvertes}:
        valables[code] = genre_de(code).encore([n.objet_id for n in ouvertes if n.genre == code])
    return [n for n in ouvertes if n.objet_id in valables[n.genre]]


def _lignes(notifications: Iterable[Notification]) -> list[LigneResume]:
    """One line per sentence, in the order of the first of each; its references once each."""
    par_phrase: dict[str, list[str]] = {}
    for n in notifications:
        par_phrase.setdefault(genre_de(n.genre).phrase, []).append(n.reference)
    return [LigneResume(p, ", ".join(r for r in dict.fromkeys(refs) if r)) for p, refs in par_phrase.items()]
