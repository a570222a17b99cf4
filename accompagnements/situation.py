"""A situation as the équipe sees it: its path, its acts, its side column, when it is erased."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Final

from django.urls import reverse

from accompagnements.echeances import Echeance, echeances_de
from accompagnements.enums import AVANT_CONTRAT, Etat, EtatProposition, EtatVisite, MotifSansSuite
from accompagnements.models import Accompagnement, Visite
from accompagnements.parcours.reouverture import est_trop_tard
from accompagnements.taches import peut_decider, phrase
from partenaires.models import Compte
from socle.calendrier import ajouter_mois
from socle.ecriture import INSECABLE, date_moyenne, jour_de
from socle.presentation import Delai, Etape

TONS: Final[dict[str, str]] = {
    Etat.EVALUATION: "info",
    Etat.PROPOSE: "attention",
    Etat.EN_COURS: "cours",
    Etat.SUSPENDU: "attention",
    Etat.TERMINE: "discret",
    Etat.SANS_SUITE: "discret",
}
TENTATIVES: Final = 3  # visits without meeting the person before the end is offered (« non-adhésion »)
CONSERVATION_MOIS: Final = 24  # CNIL délib. 2023-095: two years after the last contact
ECHEANCES_MONTREES: Final = 6


@dataclass(frozen=True, slots=True)
class Acte:
    """Something that may be done now: words, page. `danger`: drawn apart, confirmed."""

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


def etapes_de(a: Accompagnement) -> list[Etape]:
    """The path, with the dates of what is done; an end stops it."""
    transmise = a.fiche.transmise_le
    etapes = [
        Etape("Fiche", "faite", jour_de(transmise) if transmise else None),
        Etape("Évaluation", "courante" if a.etat == Etat.EVALUATION else "faite", jour_de(a.ouvert_le)),
    ]
    if a.etat == Etat.SANS_SUITE:
        return [*etapes, Etape("Sans suite", "courante", jour_de(a.fin_le) if a.fin_le else None)]
    contrat = jour_de(a.signe_le) if a.signe_le else None
    etapes.append(
        Etape("Contrat", "faite" if contrat else "courante" if a.etat == Etat.PROPOSE else "a_venir", contrat)
    )
    libelle = "Suspendu" if a.etat == Etat.SUSPENDU else "En cours"
    if a.etat == Etat.TERMINE:
        return [*etapes, Etape("Terminé", "courante", jour_de(a.fin_le) if a.fin_le else None)]
    etapes.append(Etape(libelle, "courante" if a.est_sous_contrat else "a_venir"))
    return [*etapes, Etape("Terminé", "a_venir")]


def suite_de(a: Accompagnement, compte: Compte) -> Suite | None:
    """The next step: the earliest thing due that this person may do; the others follow in the text."""
    dues = [e for e in echeances_de(a) if not e.decision or peut_decider(compte)]
    if not dues:
        return None
    premiere, *autres = dues
    titre = phrase(premiere, a.fiche.locataire_lisible.nom_bref if a.fiche.locataire_lisible else a.fiche.reference)
    reste = (
        f" Ensuite{INSECABLE}: {autres[0].titre[:1].lower()}{autres[0].titre[1:]}, {quand(autres[0])}."
        if autres
        else ""
    )
    return Suite(
        f"Prochaine étape{INSECABLE}: {titre[:1].lower()}{titre[1:]}",
        f"{premiere.detail[:1].upper()}{premiere.detail[1:]}, à faire {quand(premiere)}.{reste}",
        premiere.url,
        premiere.bouton,
    )


def quand(e: Echeance) -> str:
    """« avant le 14 octobre », « depuis le 3 octobre », « aujourd’hui »."""
    delai = Delai.de(e.le)
    if delai.etat == "jour":
        return "aujourd’hui"
    return f"{'depuis' if delai.en_retard else 'avant'} le {date_moyenne(e.le)}"


def colonne_de(a: Accompagnement) -> list[tuple[str, Delai]]:
    """The dates of the side column, each under its name."""
    return [(e.titre, Delai.de(e.le, ouvres=e.ouvres)) for e in echeances_de(a)[:ECHEANCES_MONTREES]]


def actes_de(a: Accompagnement, compte: Compte) -> list[Acte]:
    """What this person may do now, in the order of the menu; the dangerous ones last."""
    if a.est_clos:
        actes = [Acte("Noter la situation du logement", _page("situation_logement", a))] if _logement_du(a) else []
        if peut_rouvrir(a, compte):
            actes.append(Acte("Rouvrir la situation", _page("situation_rouvrir", a)))
        return actes
    routes = [*_PAR_ETAT[Etat(a.etat)], *_TOUJOURS]
    if not a_dates_a_proposer(a):
        routes = [r for r in routes if r[1] != "creneaux_proposer"]
    if a.retrait_en_attente:
        routes = [r for r in routes if r[1] not in _SANS_PARTAGE]
        if peut_decider(compte):
            routes.insert(0, ("Décider du retrait d’accord", "situation_retrait"))
    elif _logement_du(a):
        routes.append(("Noter la situation du logement", "situation_logement"))
    actes = [Acte(libelle, _page(route, a)) for libelle, route in routes]
    if peut_decider(compte):
        actes.append(Acte("Ouvrir à une personne", _page("situation_exceptions", a)))
    actes += [Acte(libelle, _page(route, a), danger=True) for libelle, route in _FINS[Etat(a.etat)]]
    if a.fiche.terminee_le is None:
        mot = "son opposition" if a.etat in AVANT_CONTRAT else "son retrait d’accord"
        actes.append(Acte(f"Enregistrer {mot}", reverse("fiche_opposer", args=[a.fiche_id]), danger=True))
    return actes


def tentatives_de(visites: Iterable[Visite]) -> int:
    """Visits in a row, the newest first, at which the person was absent or refused."""
    rendues = [v for v in visites if v.etat not in (EtatVisite.PLANIFIEE, EtatVisite.ANNULEE)]
    return next((n for n, v in enumerate(rendues) if v.etat == EtatVisite.FAITE), len(rendues))


def peut_rouvrir(a: Accompagnement, compte: Compte) -> bool:
    """Within thirty days of an end that is not an opposition; coordination, or who carried it."""
    if a.fin_le is None or a.motif_fin == MotifSansSuite.OPPOSITION or est_trop_tard(a):
        return False
    return peut_decider(compte) or compte.pk in a.suivie_par_ids


def a_dates_a_proposer(a: Accompagnement) -> bool:
    """Whether dates for the joint first visit may be offered: none planned, made or waiting, and a bailleur to ask."""
    premiere = a.premiere_faite_le is not None or any(v.premiere for v in a.visites_prevues)
    offertes = a.dates_proposees is not None and a.dates_proposees[0] != EtatProposition.DECLINEE
    ouverte = a.etat in AVANT_CONTRAT and a.fiche.terminee_le is None
    return ouverte and not premiere and not offertes and a.fiche.orienteur.est_bailleur


_PAR_ETAT: Final[dict[Etat, tuple[tuple[str, str], ...]]] = {
    Etat.EVALUATION: (
        ("Proposer des dates au bailleur", "creneaux_proposer"),
        ("Écrire le diagnostic", "situation_diagnostic"),
        ("Ajouter un objectif", "objectif_ajouter"),
        ("Proposer le contrat", "situation_proposer"),
    ),
    Etat.PROPOSE: (
        ("Faire signer le contrat", "situation_signer"),
        ("Enregistrer un refus de signer", "situation_refus_contrat"),
        ("Reprendre l’évaluation", "situation_reprendre_evaluation"),
    ),
    Etat.EN_COURS: (
        ("Ajouter un objectif", "objectif_ajouter"),
        ("Renouveler le contrat", "situation_signer"),
        ("Enregistrer un refus de signer", "situation_refus_contrat"),
        ("Suspendre l’accompagnement", "situation_suspendre"),
    ),
    Etat.SUSPENDU: (("Reprendre l’accompagnement", "situation_reprendre"),),
}
_TOUJOURS: Final = (
    ("Noter la prochaine étape", "situation_etape"),
    ("Planifier une visite", "visite_planifier"),
    ("Recueillir un accord", "accord_recueillir"),
    ("Préparer une orientation", "orientation_proposer"),
    ("Changer les intervenants", "situation_intervenants"),
    ("Changer la consigne des visites", "situation_consigne"),
)
_SANS_PARTAGE: Final = frozenset({"accord_recueillir", "orientation_proposer", "situation_signer"})
_FINS: Final[dict[Etat, tuple[tuple[str, str], ...]]] = {
    Etat.EVALUATION: (("Clore sans suite", "situation_sans_suite"),),
    Etat.PROPOSE: (("Clore sans suite", "situation_sans_suite"),),
    Etat.EN_COURS: (("Terminer l’accompagnement", "situation_terminer"),),
    Etat.SUSPENDU: (("Terminer l’accompagnement", "situation_terminer"),),
}


def effacement_de(a: Accompagnement) -> str:
    """When the content goes, in one sentence."""
    if a.fin_le is None:
        return "Données effacées deux ans après le dernier contact."
    return f"Données effacées le {date_moyenne(effacement_le(jour_de(a.fin_le)))} au plus tard."


def effacement_le(fin: date) -> date:
    return ajouter_mois(fin, CONSERVATION_MOIS)


def _logement_du(a: Accompagnement) -> bool:
    return any(e.url == _page("situation_logement", a) for e in echeances_de(a))


def _page(route: str, a: Accompagnement) -> str:
    return reverse(route, args=[a.pk])
