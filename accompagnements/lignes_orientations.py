"""How an orientation is said: rows of the partner's inbox and of the équipe's list, outcome, accord, history."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final
from uuid import UUID

from django.http import QueryDict
from django.urls import reverse

from accompagnements.enums import EtatOrientation, MotifRefus, MotifRetrait, Portee
from accompagnements.models import Accord, Orientation
from partenaires.models.appellations import Appellation
from socle import horloge
from socle.ecriture import INSECABLE, date_courte, date_heure, date_moyenne, date_relative, jour_de
from socle.pagination import adresse_avec
from socle.presentation import Delai, EntreeFrise, Onglet

E = EtatOrientation
RECUES: Final = {Portee.COORDONNEES: "ses coordonnées", Portee.DEMANDE: "cette demande"}
SUITES: Final = "accepte des échanges sur les suites données"
ICONES: Final[dict[str, str]] = {
    E.PROPOSEE: "pencil",
    E.ENVOYEE: "send",
    E.ACCEPTEE: "check-lg",
    E.LISTE_ATTENTE: "hourglass-split",
    E.REFUSEE: "slash-circle",
    E.PRISE_EN_CHARGE: "check-circle-fill",
    E.TERMINEE: "archive",
    E.RETIREE: "x-circle",
}
TONS: Final[dict[str, str]] = {
    E.PROPOSEE: "info",
    E.ENVOYEE: "attention",
    E.ACCEPTEE: "cours",
    E.LISTE_ATTENTE: "attention",
    E.PRISE_EN_CHARGE: "succes",
    E.REFUSEE: "discret",
    E.TERMINEE: "discret",
    E.RETIREE: "discret",
}


@dataclass(frozen=True, slots=True)
class LigneRecue:
    """A row of the partner's inbox: what is due, or the outcome."""

    pk: UUID
    personne: str
    detail: str
    url: str
    icone: str
    issue: str
    delai: Delai | None
    prefixe: str
    courante: bool


@dataclass(frozen=True, slots=True)
class LigneEnvoyee:
    """A row of the équipe's list."""

    personne: str
    reference: str
    partenaire: str
    suivie_par: str
    url: str
    delai: Delai | None
    prefixe: str
    detail: str
    verbe: str


@dataclass(frozen=True, slots=True)
class Volet:
    """A tab of the équipe's list: its state, the order of its rows (`tri`, said by `phrase`), its column."""

    code: str
    etat: EtatOrientation
    libelle: str
    colonne: str
    tri: tuple[str, ...]
    phrase: str
    verbe: str
    vide: str


VOLETS: Final = (
    Volet(
        "a_envoyer", E.PROPOSEE, "À envoyer", "Préparée", ("proposee_le", "id"),
        "La plus ancienne en premier.", "Envoyer", "Rien n’attend d’être envoyé",
    ),
    Volet(
        "sans_reponse", E.ENVOYEE, "Sans réponse", "Réponse attendue", ("repondre_avant", "id"),
        "La réponse attendue le plus tôt en premier.", "Suivre", "Toutes les orientations ont une réponse",
    ),
    Volet(
        "acceptees", E.ACCEPTEE, "Acceptées", "Rendez-vous", ("rendez_vous", "id"),
        "Le rendez-vous le plus proche en premier.", "Suivre", "Aucun rendez-vous en vue",
    ),
    Volet(
        "en_attente", E.LISTE_ATTENTE, "En attente", "À revoir", ("revoir_le", "id"),
        "La demande à revoir le plus tôt en premier.", "Suivre", "Personne n’est en liste d’attente",
    ),
    Volet(
        "refusees", E.REFUSEE, "Refusées", "Refusée", ("-repondue_le", "-id"),
        "Le refus le plus récent en premier.", "Lire", "Aucun refus",
    ),
    Volet(
        "prises_en_charge", E.PRISE_EN_CHARGE, "Prises en charge", "Depuis", ("-prise_en_charge_le", "-id"),
        "La prise en charge la plus récente en premier.", "Suivre", "Aucune prise en charge en cours",
    ),
    Volet(
        "terminees", E.TERMINEE, "Terminées", "Terminée", ("-terminee_le", "-id"),
        "La fin la plus récente en premier.", "Lire", "Aucune orientation terminée",
    ),
    Volet(
        "retirees", E.RETIREE, "Retirées", "Retirée", ("-retiree_le", "-id"),
        "Le retrait le plus récent en premier.", "Lire", "Aucune orientation retirée",
    ),
)  # fmt: skip
RETIREES: Final = VOLETS[-1]
_PAR_CODE: Final = {v.code: v for v in VOLETS}


def volet_de(parametres: QueryDict) -> Volet:
    """The tab that the address asks for; what waits for an answer otherwise."""
    return _PAR_CODE.get(parametres.get("etat", ""), _PAR_CODE["sans_reponse"])


def onglets_de(volet: Volet, nombres: Mapping[str, int], parametres: QueryDict) -> list[Onglet]:
    """The tabs; what was withdrawn has none (a link leads there) unless it is shown."""
    return [
        Onglet(v.libelle, adresse_avec(parametres, etat=v.code), nombres.get(v.etat, 0), courant=v is volet)
        for v in VOLETS
        if v is volet or v is not RETIREES
    ]


def ligne_recue(o: Orientation, courante: object) -> LigneRecue:
    """A row of the inbox; `courante` is the key of the orientation that the panel shows."""
    assert o.envoyee_le is not None  # readable by the partner
    delai, prefixe = delai_de(o)
    return LigneRecue(
        pk=o.pk, personne=o.personne, detail=f"{o.equipe.nom}, reçue {date_relative(o.envoyee_le)}",
        url=reverse("orientation_recue", args=[o.pk]), icone=ICONES[o.etat], issue=issue_de(o),
        delai=delai, prefixe=prefixe, courante=o.pk == courante,
    )  # fmt: skip


def ligne_envoyee(o: Orientation, volet: Volet) -> LigneEnvoyee:
    delai, prefixe = delai_de(o)
    principal = next((i.compte.nom_complet for i in o.accompagnement.en_charge if i.principal), "")
    return LigneEnvoyee(
        personne=o.accompagnement.fiche.designation, reference=o.reference, partenaire=o.chez.nom,
        suivie_par=principal, url=reverse("orientation", args=[o.pk]), delai=delai, prefixe=prefixe,
        detail=_detail(o), verbe=volet.verbe,
    )  # fmt: skip


def delai_de(o: Orientation) -> tuple[Delai | None, str]:
    """What is awaited, and the words before its date; (None, "") when nothing is."""
    jour = horloge.aujourdhui()
    if o.etat == E.ENVOYEE and o.repondre_avant and o.envoyee_le:
        if o.repondre_avant < jour:
            return _retard("Sans réponse depuis", jour_de(o.envoyee_le), jour), ""
        return _a_venir(o.repondre_avant, jour), "Répondre" if o.repondre_avant == jour else "Répondre avant le"
    if o.etat == E.ACCEPTEE and o.rendez_vous:
        rendez_vous = jour_de(o.rendez_vous)
        if rendez_vous < jour:
            return _retard("Rendez-vous passé depuis", rendez_vous, jour), ""
        return _a_venir(rendez_vous, jour), "Rendez-vous" if rendez_vous == jour else "Rendez-vous le"
    if o.etat == E.LISTE_ATTENTE and o.revoir_le:
        if o.revoir_le < jour:
            return _retard("À revoir depuis", o.revoir_le, jour), ""
        return _a_venir(o.revoir_le, jour), "À revoir" if o.revoir_le == jour else "À revoir le"
    return None, ""


def issue_de(o: Orientation) -> str:
    """The outcome in one line: « Acceptée, rendez-vous le 6 octobre »."""
    if o.etat == E.ACCEPTEE and o.rendez_vous:
        return f"Acceptée, rendez-vous {date_relative(o.rendez_vous)}"
    if o.etat == E.LISTE_ATTENTE and o.revoir_le:
        return f"Liste d’attente, à revoir {date_relative(o.revoir_le)}"
    if o.etat == E.REFUSEE:
        return f"Refusée{INSECABLE}: {minuscule(str(MotifRefus(o.motif_refus).label))}"
    if o.etat == E.PRISE_EN_CHARGE and o.prise_en_charge_le:
        return f"Prise en charge depuis {date_relative(o.prise_en_charge_le)}"
    if o.etat == E.TERMINEE and o.terminee_le:
        return f"Terminée {date_relative(o.terminee_le)}"
    return str(EtatOrientation(o.etat).label)


def accord_dit(personne: str, partenaire: Appellation, portees: Sequence[str]) -> str:
    """« Mme Aquarelle accepte que le CMP reçoive ses coordonnées et cette demande. »"""
    choses = " et ".join(RECUES[p] for p in RECUES if p in portees)
    dits = [f"accepte que {partenaire.nom_complement} reçoive {choses}"] if choses else []
    return f"{personne} {' et '.join(dits + [SUITES] * (Portee.SUITES in portees))}."


def accord_a_verifier(o: Orientation, accord: Accord) -> str:
    """What the person who sends reads again before anything leaves."""
    personne = o.accompagnement.fiche.designation
    dit = accord_dit(personne, o.chez, accord.portees)
    mode = minuscule(str(accord.get_mode_display()))
    return f"Accord {mode} recueilli {date_relative(accord.le)}. {dit} Rien d’autre ne part."


def histoire_de(o: Orientation) -> list[EntreeFrise]:
    """What happened to an orientation, the newest first."""
    return sorted(_histoire(o), key=lambda e: jour_de(e.quand))[::-1]


def _histoire(o: Orientation) -> Iterator[EntreeFrise]:
    yield EntreeFrise("Préparée", o.proposee_le, "pencil", f"par {o.proposee_par.nom_complet}")
    if o.envoyee_le and o.envoyee_par:
        yield EntreeFrise("Envoyée", o.envoyee_le, "send", f"par {o.envoyee_par.nom_complet}", etat="fait")
    if o.relancee_le:
        yield EntreeFrise("Relancée", o.relancee_le, "bell", "Dernière relance")
    if o.repondue_le and o.repondue_par:
        yield EntreeFrise("Réponse", o.repondue_le, "chat-left-text", f"par {o.repondue_par.nom_complet}", etat="fait")
    if o.rendez_vous and o.etat == E.ACCEPTEE:
        a_venir = o.rendez_vous > horloge.maintenant()
        avec = f"avec {o.rendez_vous_avec}" if o.rendez_vous_avec else ""
        etat = "prevu" if a_venir else "neutre"
        yield EntreeFrise("Rendez-vous", o.rendez_vous, "calendar-event", avec, etat=etat, avec_heure=True)  # type: ignore[arg-type]
    if o.prise_en_charge_le:
        yield EntreeFrise("Prise en charge", o.prise_en_charge_le, "check-circle", etat="fait")
    if o.terminee_le:
        yield EntreeFrise("Terminée", o.terminee_le, "archive", etat="fait")
    if o.retiree_le:
        motif = str(MotifRetrait(o.motif_retrait).label)
        yield EntreeFrise("Retirée au partenaire", o.retiree_le, "eye-slash", motif, etat="fait")


def reponse_de(o: Orientation) -> list[tuple[str, str]]:
    """(label, value) of the answer, as both sides read it."""
    lignes = [(f"Réponse du {date_moyenne(o.repondue_le)}", _repondu(o))] if o.repondue_le else []
    if o.rendez_vous:
        avec = f", avec {o.rendez_vous_avec}" if o.rendez_vous_avec else ""
        lignes.append(("Rendez-vous", f"{date_heure(o.rendez_vous)}{avec}"))
    if o.prise_en_charge_le:
        lignes.append(("Prise en charge", f"depuis {date_relative(o.prise_en_charge_le)}"))
    if o.terminee_le:
        lignes.append(("Terminée", date_moyenne(o.terminee_le)))
    if o.reponse:
        lignes.append(("Message", o.reponse))
    return lignes


def _repondu(o: Orientation) -> str:
    """What was answered, whatever followed."""
    if o.motif_refus:
        return f"Refusée{INSECABLE}: {minuscule(str(MotifRefus(o.motif_refus).label))}"
    if o.rendez_vous or o.revoir_le is None:
        return "Acceptée"
    return f"Liste d’attente, à revoir {date_relative(o.revoir_le)}"


def minuscule(texte: str) -> str:
    """« hors secteur », inside a sentence."""
    return texte[:1].lower() + texte[1:]


def _detail(o: Orientation) -> str:
    """The second line of the état's column: what is not due, or when it left."""
    if o.etat == E.PROPOSEE:
        return f"préparée {date_relative(o.proposee_le)}"
    if o.etat == E.ENVOYEE and o.envoyee_le:
        relance = f", relancée {date_relative(o.relancee_le)}" if o.relancee_le else ""
        return f"envoyée {date_relative(o.envoyee_le)}{relance}"
    if o.etat == E.ACCEPTEE and o.repondue_le:
        return f"acceptée {date_relative(o.repondue_le)}"
    if o.etat == E.LISTE_ATTENTE and o.repondue_le:
        return f"en attente depuis {date_relative(o.repondue_le)}"
    if o.etat == E.REFUSEE and o.repondue_le:
        motif = minuscule(str(MotifRefus(o.motif_refus).label))
        return f"{date_relative(o.repondue_le)}{INSECABLE}: {motif}"
    if o.etat == E.RETIREE and o.retiree_le:
        motif = minuscule(str(MotifRetrait(o.motif_retrait).label))
        return f"{date_relative(o.retiree_le)}{INSECABLE}: {motif}"
    jour = o.terminee_le if o.etat == E.TERMINEE else o.prise_en_charge_le
    return date_relative(jour) if jour else ""


def _retard(dit: str, depuis: date, jour: date) -> Delai:
    return Delai("retard", f"{dit} {(jour - depuis).days}{INSECABLE}j", depuis.isoformat())


def _a_venir(echeance: date, jour: date) -> Delai:
    if echeance == jour:
        return Delai("jour", "aujourd’hui", echeance.isoformat())
    return Delai("a_venir", date_courte(echeance), echeance.isoformat())
