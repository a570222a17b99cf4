"""A fiche as the équipe sees it: what comes next, what may be done, the path it took, when it is erased."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Final

from django.urls import reverse

from partenaires.models import Compte
from signalements import prolongements
from signalements.echeances import alerte_information, delai_de, dernier_jour, premiere_visite
from signalements.enums import INSTRUCTION, EtatInstruction
from signalements.models import Fiche, Information, Instruction
from signalements.parcours import GRACE
from socle.calendrier import ajouter_mois
from socle.ecriture import INSECABLE, date_longue, date_moyenne, jour_de
from socle.horloge import maintenant
from socle.presentation import Delai, Etape

E = EtatInstruction


@dataclass(frozen=True, slots=True)
class Acte:
    """Something that this person may do now: a verb, its object, its page. `danger`: drawn apart, confirmed."""

    nom: str
    libelle: str
    url: str
    danger: bool = False


@dataclass(frozen=True, slots=True)
class Suite:
    """The next step in one sentence, with one button at most."""

    titre: str
    texte: str = ""
    url: str = ""
    action: str = ""


# Transition → (route, words), in the order of the menu.
_ACTES: Final[dict[str, tuple[str, str]]] = {
    "declarer_recevable": ("fiche_recevable", "Déclarer recevable"),
    "demander_complement": ("fiche_complement", "Demander un complément"),
    "enregistrer_information": ("fiche_information", "Enregistrer l’information"),
    "declarer_non_recevable": ("fiche_non_recevable", "Déclarer non recevable"),
    "reorienter": ("fiche_reorienter", "Réorienter"),
    "classer": ("fiche_classer", "Classer"),
    "opposer": ("fiche_opposer", "Enregistrer son opposition"),
    "annuler_opposition": ("fiche_annuler_opposition", "Réparer une opposition"),
}
_TONS: Final[dict[str, str]] = {
    E.TRANSMISE: "info",
    E.A_COMPLETER: "attention",
    E.RECEVABLE: "attention",
    E.DELAI_OPPOSITION: "cours",
    E.A_VISITER: "cours",
    E.ACCOMPAGNEE: "cours",
}


def ton_de(etat: str) -> str:
    """The tone of an internal state; every end is the quietest."""
    return _TONS.get(etat, "discret")


def actes_de(fiche: Fiche, compte: Compte) -> list[Acte]:
    """What the state and the roles allow, in the order of the menu. The clock's own passage is nobody's."""
    instruction = fiche.instruction
    ouverts = set(INSTRUCTION.possibles(etat=instruction.etat, roles=compte.roles))
    if fiche.terminee_le is not None:
        ouverts.discard("opposer")
    if "annuler_opposition" in ouverts and not reparable(instruction):
        ouverts.discard("annuler_opposition")
    actes = [
        Acte(nom, _libelle(nom, libelle, instruction), reverse(route, args=[fiche.pk]), danger=nom == "opposer")
        for nom, (route, libelle) in _ACTES.items()
        if nom in ouverts
    ]
    if not instruction.est_finie:
        actes.append(Acte("attribuer", "Attribuer", reverse("fiche_attribuer", args=[fiche.pk])))
    return actes


def _libelle(nom: str, libelle: str, instruction: Instruction) -> str:
    """After a contract the same wish is a retrait d'accord."""
    retrait = nom == "opposer" and instruction.contrat_signe_le is not None
    return "Enregistrer son retrait d’accord" if retrait else libelle


def reparable(instruction: Instruction) -> bool:
    """An opposition recorded by mistake can be repaired until the content is erased."""
    return instruction.fin_le is not None and maintenant() <= instruction.fin_le + GRACE


def suite_de(fiche: Fiche, actes: Iterable[Acte], situation: str) -> Suite | None:
    """The next step; None once the situation is over."""
    i = fiche.instruction
    urls = {a.nom: a.url for a in actes}
    qui = fiche.locataire_lisible.nom_bref if fiche.locataire_lisible else "la personne"
    if i.retrait_demande_le is not None and not i.est_finie:
        return Suite(
            _prochaine("décider du retrait d’accord"),
            f"Demandé le {date_moyenne(i.retrait_demande_le)}. Le partage avec le bailleur a cessé. La coordination "
            "décide sous 2 jours ouvrés.",
            situation,
            "Ouvrir la situation",
        )
    if i.etat == E.TRANSMISE:
        return Suite(
            _prochaine("étudier la fiche"),
            f"À étudier avant le {date_longue(i.etudier_avant)}. Quatre issues{INSECABLE}: la déclarer recevable, "
            "demander un complément, la déclarer non recevable, réorienter.",
            urls["declarer_recevable"],
            "Déclarer recevable",
        )
    if i.etat == E.A_COMPLETER:
        return Suite(
            _prochaine(f"la réponse {fiche.orienteur.nom_de}"),
            f"Complément demandé dans le fil. Sans réponse, relancez à partir du {date_longue(i.etudier_avant)}.",
            reverse("fiche_message", args=[fiche.pk]),
            "Écrire un message",
        )
    if i.etat == E.RECEVABLE:
        return Suite(
            _prochaine(f"enregistrer l’information de {qui}"),
            f"À faire avant le {date_longue(alerte_information(i))}. La personne doit savoir, un mois au plus après la "
            "transmission, qu’une fiche existe et qu’elle peut refuser.",
            urls["enregistrer_information"],
            "Enregistrer l’information",
        )
    if i.etat == E.DELAI_OPPOSITION and i.delai_jusqua is not None:
        return Suite(
            _prochaine(f"attendre la fin du délai, le {date_longue(dernier_jour(i.delai_jusqua))} à minuit"),
            f"Aucune visite ni aucun contact avec un partenaire avant. Sans opposition, la première visite pourra être "
            f"planifiée à partir du {date_longue(premiere_visite(i.delai_jusqua))}.",
        )
    if i.etat == E.A_VISITER:
        return Suite(
            _prochaine(f"ouvrir l’accompagnement de {qui}"),
            f"Le délai est passé sans opposition. La première visite se fait avec {fiche.orienteur.nom_complement}.",
            prolongements.url_ouvrir(fiche),
            "Ouvrir l’accompagnement",
        )
    if i.etat == E.ACCOMPAGNEE:
        return Suite("L’accompagnement est ouvert", "La suite est dans la situation.", situation, "Ouvrir la situation")
    return None


def _prochaine(quoi: str) -> str:
    return f"Prochaine étape{INSECABLE}: {quoi}"


def parcours_de(fiche: Fiche, information: Information | None) -> list[Etape]:
    """The path, with the dates of what is done; an end stops it."""
    i = fiche.instruction
    faites: list[tuple[str, date | None]] = [
        ("Fiche", jour_de(i.transmise_le)),
        ("Recevable", jour_de(i.recevable_le) if i.recevable_le else None),
        ("Information", information.le if information else None),
        ("Délai d’opposition", jour_de(i.visitable_le) if i.visitable_le else None),
        ("Rencontre", jour_de(i.rencontre_le) if i.rencontre_le else None),
    ]
    if i.est_finie:
        assert i.fin_le is not None
        etapes = [Etape(libelle, "faite", le) for libelle, le in faites if le]
        return [*etapes, Etape(EtatInstruction(i.etat).label, "courante", jour_de(i.fin_le))]
    courante = next((n for n, (_, le) in enumerate(faites) if le is None), len(faites))
    return [
        Etape(libelle, "faite" if le else "courante" if n == courante else "a_venir", le)
        for n, (libelle, le) in enumerate(faites)
    ]


def echeances_de(fiche: Fiche) -> list[tuple[str, Delai]]:
    """The dates of the side column, each under its name."""
    i = fiche.instruction
    noms = {
        E.TRANSMISE: "Étudier la fiche",
        E.A_COMPLETER: "Relancer",
        E.RECEVABLE: "Enregistrer l’information",
        E.DELAI_OPPOSITION: "Fin du délai",
        E.A_VISITER: "Première visite",
    }
    delai = delai_de(i)
    lignes = [("Reçue", Delai.fait_le(i.transmise_le))]
    if i.delai_jusqua is not None and i.visitable_le is not None:
        lignes.append(("Fin du délai", Delai.fait_le(dernier_jour(i.delai_jusqua))))
    if delai is not None:
        lignes.append((noms.get(EtatInstruction(i.etat), "Fin" if i.est_finie else "Retrait d’accord"), delai))
    return lignes


def effacement_de(fiche: Fiche) -> str:
    """When the content goes, in one sentence (the security specification, "Data")."""
    i = fiche.instruction
    if i.fin_le is None:
        return "Données effacées deux ans après le dernier contact."
    fin = jour_de(i.fin_le)
    if i.etat == E.OPPOSITION:
        jour = jour_de(i.fin_le + GRACE)
        return f"Contenu effacé le {date_moyenne(jour)}." if reparable(i) else "Contenu effacé."
    jour = ajouter_mois(fin, 1) if i.etat == E.NON_RECEVABLE else ajouter_mois(fin, 24)
    return f"Données effacées le {date_moyenne(jour)} au plus tard."
