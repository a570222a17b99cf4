"""Stories: they reach a state by the real transitions, each actor in his own transaction, never by assigning it."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

from partenaires.models import Compte
from partenaires.perimetre import agir_comme
from signalements import parcours
from signalements.enums import Majeur, ModeInformation
from signalements.models import Fiche, Grille
from signalements.parcours import ContenuFiche
from socle import horloge
from tests.conftest import en_tant_que
from tests.fabriques import Monde
from tests.socle.images import photo


def cotations(grille: Grille, *, presents: dict[str, int] | None = None) -> dict[str, dict[str, str]]:
    """Every signal rated 0 but those given; LOG1 and LIE1 are present when nothing is said."""
    presents = {"LOG1": 2, "LIE1": 3} if presents is None else presents
    return {
        code: {"v": str(presents[code]), "s": "direct"} if presents.get(code) else {"v": "0"}
        for code in sorted(grille.codes())
    }


def contenu(m: Monde, **champs: Any) -> ContenuFiche:
    """A complete, valid content on the first résidence of the world."""
    grille = Grille.objects.all().en_vigueur(m.equipe.pk)
    base = ContenuFiche(
        residence=m.residence, grille=grille, nom="Maquette", prenom="Ondine", civilite="mme", majeur=Majeur.OUI,
        batiment="A", etage="3e étage", porte="12", faits="Volets fermés depuis trois semaines.",
        contexte=("impaye",), inquietude=6, cotations=cotations(grille),
    )  # fmt: skip
    return replace(base, **champs)


def brouillon(m: Monde, par: Compte | None = None) -> Fiche:
    auteur = par or m["gardien"]
    with agir_comme(auteur):
        orienteur = m.bailleur.pk if auteur.organisation_id == m.equipe.pk else None
        return parcours.commencer(par=auteur, orienteur_id=orienteur)


def envoyee(m: Monde, par: Compte | None = None, *, photos: int = 0, **champs: Any) -> Fiche:
    """Sent by its author, with photos: `transmise`, or `a_relire` where the convention asks for a reading."""
    auteur = par or m["gardien"]
    fiche = brouillon(m, auteur)
    with agir_comme(auteur):
        for rang in range(photos):
            parcours.ajouter_photo(fiche.pk, par=auteur, contenu=photo(taille=(60 + rang, 40)))
        return parcours.transmettre(fiche.pk, par=auteur, contenu=contenu(m, **champs))


transmise = envoyee


def recevable(m: Monde, **champs: Any) -> Fiche:
    fiche = transmise(m, **champs)
    with agir_comme(m["social"]):
        parcours.declarer_recevable(fiche.pk, par=m["social"])
    return relue(m, fiche)


def informee(m: Monde, **champs: Any) -> Fiche:
    """The week runs."""
    fiche = recevable(m, **champs)
    with agir_comme(m["referent"]):
        parcours.enregistrer_information(
            fiche.pk, par=m["referent"], le=horloge.aujourdhui(), mode=ModeInformation.VIVE_VOIX
        )
    return relue(m, fiche)


def a_visiter(m: Monde, **champs: Any) -> Fiche:
    """Nine days later, the clock has lifted the delay. The domain clock must be set."""
    fiche = informee(m, **champs)
    horloge.regler(horloge.maintenant() + timedelta(days=9))
    with en_tant_que("palier_systeme"):
        assert parcours.lever_delai(fiche.pk)
    return relue(m, fiche)


def relue(m: Monde, fiche: Fiche) -> Fiche:
    """The fiche as its équipe sees it now, with its content and instruction."""
    with agir_comme(m["coordination"]):
        lue: Fiche = Fiche.objects.visibles_par(m["coordination"]).avec_contenu().get(pk=fiche.pk)
        return lue
