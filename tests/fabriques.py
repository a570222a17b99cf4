"""Factories: the reference world (organisations, people) is laid down by palier_fabrique, which bypasses RLS.

Fiches and what follows are never made here: they go through the real transitions.
"""

import itertools
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from django.db.backends.postgresql.psycopg_any import DateRange

from partenaires.enums import GenreOrganisation, GenrePartenaire, Role
from partenaires.models import (
    Compte,
    Convention,
    ConventionTerritoire,
    CouvertureClsm,
    Organisation,
    Rattachement,
    Residence,
    ResidenceGardien,
    Territoire,
)
from tests.conftest import en_tant_que

_suite = itertools.count(1)
DEBUT = date(2025, 1, 1)
PERSONNES = tuple(role for role in Role if role != Role.LOGICIEL)  # those who sign in


@dataclass
class Monde:
    """One tenant: an équipe, a bailleur under convention, a partenaire, a CLSM, people in every role."""

    equipe: Organisation
    bailleur: Organisation
    partenaire: Organisation
    clsm: Organisation
    plateforme: Organisation
    territoire: Territoire
    convention: Convention
    residence: Residence
    autre_residence: Residence
    comptes: dict[str, Compte] = field(default_factory=dict)

    def __getitem__(self, role: str) -> Compte:
        return self.comptes[role]


def organisation(genre: GenreOrganisation, nom: str, **champs: object) -> Organisation:
    """An organisation; `nom` is made unique."""
    if genre == GenreOrganisation.PARTENAIRE:
        champs.setdefault("genre_partenaire", GenrePartenaire.CMP)
    return Organisation.objects.create(genre=genre, nom=f"{nom} {next(_suite)}", **champs)


def compte(role: str, organisation: Organisation, nom: str = "Canevas", **champs: object) -> Compte:
    """An account with one rattachement; its password is « motdepasse-de-test »."""
    n = next(_suite)
    mot_de_passe = None if champs.get("technique") else "motdepasse-de-test"
    personne = Compte.objects.create_user(
        f"{role}{n}@exemple.invalid", mot_de_passe, nom=f"{nom}{n}", prenom="Agathe", **champs
    )
    Rattachement.objects.bulk_create([Rattachement(compte=personne, organisation=organisation, role=role, du=DEBUT)])
    return personne


def convention(
    equipe: Organisation, orienteur: Organisation, territoires: Iterable[Territoire], *, relecture: bool = False,
    du: date = DEBUT, au: date | None = None,
) -> Convention:  # fmt: skip
    """A convention in force over some territories."""
    c = Convention.objects.create(equipe=equipe, orienteur=orienteur, du=du, au=au, relecture=relecture)
    for t in territoires:
        ConventionTerritoire.objects.create(
            convention=c, equipe=equipe, orienteur=orienteur, territoire=t,
            periode=DateRange(du, au, "[]" if au else "[)"),
        )  # fmt: skip
    return c


def monde(nom: str = "Nord", *, relecture: bool = False) -> Monde:
    """A whole tenant, laid down by palier_fabrique; every role of the product has one account."""
    with en_tant_que("palier_fabrique"):
        n = next(_suite)
        territoire = Territoire.objects.create(code_insee=f"{10000 + n}", nom=f"Valmornay {nom} {n}")
        equipe = organisation(GenreOrganisation.EQUIPE, f"Équipe {nom}")
        bailleur = organisation(GenreOrganisation.BAILLEUR, f"Habitat {nom}")
        partenaire = organisation(GenreOrganisation.PARTENAIRE, f"CMP {nom}", territoire=territoire)
        clsm = organisation(GenreOrganisation.CLSM, f"CLSM {nom}")
        plateforme = organisation(GenreOrganisation.PLATEFORME, f"Plateforme {nom}")
        CouvertureClsm.objects.create(clsm=clsm, territoire=territoire)
        conv = convention(equipe, bailleur, [territoire], relecture=relecture)
        convention(equipe, partenaire, [territoire])
        residences = [
            Residence.objects.create(
                bailleur=bailleur, nom=f"{r} {nom}", adresse=f"{k} allée des Tilleuls", code_postal="99000",
                territoire=territoire,
            )
            for k, r in enumerate(("Les Tilleuls", "Le Grand Pré"), 1)
        ]  # fmt: skip
        m = Monde(equipe, bailleur, partenaire, clsm, plateforme, territoire, conv, residences[0], residences[1])
        chez = {
            bailleur: (Role.GARDIEN, Role.REFERENT, Role.RESPONSABLE),
            equipe: (Role.COORDINATION, Role.SOIGNANT, Role.SOCIAL),
            partenaire: (Role.CORRESPONDANT,),
            clsm: (Role.COORDINATION_CLSM,),
            plateforme: (Role.EXPLOITATION, Role.DPO),
        }
        for org, roles in chez.items():
            for role in roles:
                m.comptes[role.value] = compte(role.value, org)
        m.comptes[Role.LOGICIEL.value] = compte(Role.LOGICIEL.value, bailleur, technique=True)
        rattachement = Rattachement.objects.get(compte=m[Role.GARDIEN])
        ResidenceGardien.objects.create(rattachement=rattachement, residence=residences[0], bailleur=bailleur, du=DEBUT)
    return m
