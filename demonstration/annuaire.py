"""The annuaires of the équipes of the demonstration: partners with an account, and others that receive a link."""

from typing import Any

from demonstration.monde import EST, SUD, Monde
from partenaires.enums import Role
from partenaires.parcours import annuaire
from partenaires.parcours.annuaire import Fiche
from partenaires.perimetre import agir_comme

STRUCTURES: dict[str, tuple[dict[str, Any], ...]] = {
    EST: (
        {
            "genre": "empp", "nom": "Équipe mobile du Val", "telephone": "01 00 00 00 31",
            "mssante": "empp.val@exemple.mssante.fr", "horaires": "Du lundi au vendredi, 9 h à 17 h",
            "couvre": "Valmornay 19e et 20e", "notes": "Rappelle dans la journée si l’on dit le quartier.",
        },
        {
            "genre": "medecin", "nom": "Cabinet médical des Lilas", "telephone": "01 00 00 00 32",
            "adresse": "4 rue des Lilas", "contact": "Secrétariat, le matin",
        },
        {
            "genre": "pcb", "nom": "Point conseil budget du Lavoir", "telephone": "01 00 00 00 33",
            "courriel": "budget@exemple.invalid", "horaires": "Mardi et jeudi sur rendez-vous",
        },
        {"genre": "udaf", "nom": "UDAF du Val", "telephone": "01 00 00 00 34", "courriel": "udaf@exemple.invalid"},
        {"genre": "gem", "nom": "GEM La Verrière", "telephone": "01 00 00 00 35", "adresse": "11 rue du Four"},
    ),
    SUD: (
        {
            "genre": "siao", "nom": "SIAO des Hauts-Plans", "telephone": "01 00 00 00 41",
            "courriel": "siao@exemple.invalid",
        },
        {"genre": "ssiad", "nom": "SSIAD du Terril", "telephone": "01 00 00 00 42", "couvre": "Hénin-Modèle"},
    ),
}  # fmt: skip


def remplir(monde: Monde) -> None:
    """Each équipe's entries: its partners with an account, then those without."""
    for nom, equipe in monde.equipes.items():
        par = monde.de(equipe, Role.COORDINATION)[0]
        with agir_comme(par):
            for o in monde.partenaires[nom]:
                annuaire.ajouter(
                    Fiche(
                        genre=o.genre_partenaire, nom=o.nom, adresse=o.adresse, telephone=o.telephone, organisation=o
                    ),
                    par=par,
                )
            for champs in STRUCTURES[nom]:
                monde.structures[nom].append(annuaire.ajouter(Fiche(**champs), par=par))
