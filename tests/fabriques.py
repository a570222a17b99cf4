"""Factories: the reference world (organisations, people) is laid down by palier_fabrique, which bypasses RLS.

Fiches and what follows are never made here: they go through the real transitions.
"""

import itertools
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from functools import cache

from django.contrib.auth.hashers import make_password
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


def _organisation(genre: GenreOrganisation, nom: str, **champs: object) -> Organisation:
    if genre == GenreOrganisation.PARTENAIRE:
        champs.setdefault("genre_partenaire", GenrePartenaire.CMP)
    return Organisation(genre=genre, nom=f"{nom} {next(_suite)}", **champs)


def organisation(genre: GenreOrganisation, nom: str, **champs: object) -> Organisation:
    """An organisation; `nom` is made unique."""
    neuve = _organisation(genre, nom, **champs)
    neuve.save(force_insert=True)
    return neuve


def _compte(role: str, nom: str = "Canevas", **champs: object) -> Compte:
    n = next(_suite)
    personne = Compte(email=f"{role}{n}@exemple.invalid", nom=f"{nom}{n}", prenom="Agathe", **champs)
    personne.password = make_password(None) if champs.get("technique") else _mot_de_passe()
    return personne


@cache
def _mot_de_passe() -> str:
    return make_password("motdepasse-de-test")


def _rattachement(compte: Compte, organisation: Organisation, role: str) -> Rattachement:
    return Rattachement(compte=compte, organisation=organisation, role=role, du=DEBUT)


def compte(role: str, organisation: Organisation, nom: str = "Canevas", **champs: object) -> Compte:
    """An account with one rattachement; its password is « motdepasse-de-test »."""
    personne = _compte(role, nom, **champs)
    personne.save(force_insert=True)
    Rattachement.objects.bulk_create([_rattachement(personne, organisation, role)])
    return personne


def convention(
    equipe: Organisation, orienteur: Organisation, territoires: Iterable[Territoire], *, relecture: bool = False,
    du: date = DEBUT, au: date | None = None,
) -> Convention:  # fmt: skip
    """A convention in force over some territories."""
    c = Convention.objects.create(equipe=equipe, orienteur=orienteur, du=du, au=au, relecture=relecture)
    periode = DateRange(du, au, "[]" if au else "[)")
    ConventionTerritoire.objects.bulk_create(
        ConventionTerritoire(convention=c, equipe=equipe, orienteur=orienteur, territoire=t, periode=periode)
        for t in territoires
    )
    return c


def monde(nom: str = "Nord", *, relecture: bool = False) -> Monde:
    """A whole tenant, laid down by palier_fabrique; every role of the product has one account."""
    with en_tant_que("palier_fabrique"):
        n = next(_suite)
        territoire = Territoire.objects.create(code_insee=f"{10000 + n}", nom=f"Valmornay {nom} {n}")
        organisations = [
            _organisation(GenreOrganisation.EQUIPE, f"Équipe {nom}"),
            _organisation(GenreOrganisation.BAILLEUR, f"Habitat {nom}"),
            _organisation(GenreOrganisation.PARTENAIRE, f"CMP {nom}", territoire=territoire),
            _organisation(GenreOrganisation.CLSM, f"CLSM {nom}"),
            _organisation(GenreOrganisation.PLATEFORME, f"Plateforme {nom}"),
        ]
        equipe, bailleur, partenaire, clsm, plateforme = Organisation.objects.bulk_create(organisations)
        CouvertureClsm.objects.create(clsm=clsm, territoire=territoire)
        conv = convention(equipe, bailleur, [territoire], relecture=relecture)
        convention(equipe, partenaire, [territoire])
        residences = Residence.objects.bulk_create(
            Residence(
                bailleur=bailleur, nom=f"{r} {nom}", adresse=f"{k} allée des Tilleuls", code_postal="99000",
                territoire=territoire,
            )
            for k, r in enumerate(("Les Tilleuls", "Le Grand Pré"), 1)
        )  # fmt: skip
        m = Monde(equipe, bailleur, partenaire, clsm, plateforme, territoire, conv, residences[0], residences[1])
        chez = {
            bailleur: (Role.GARDIEN, Role.REFERENT, Role.RESPONSABLE, Role.LOGICIEL),
            equipe: (Role.COORDINATION, Role.SOIGNANT, Role.SOCIAL),
            partenaire: (Role.CORRESPONDANT,),
            clsm: (Role.COORDINATION_CLSM,),
            plateforme: (Role.EXPLOITATION, Role.DPO),
        }
        ou = {role: org for org, roles in chez.items() for role in roles}
        m.comptes = {role.value: _compte(role.value, technique=role == Role.LOGICIEL) for role in ou}
        Compte.objects.bulk_create(m.comptes.values())
        rattachements = [_rattachement(m[role], org, role.value) for role, org in ou.items()]
        Rattachement.objects.bulk_create(rattachements)
        ResidenceGardien.objects.create(
            rattachement=rattachements[0], residence=residences[0], bailleur=bailleur, du=DEBUT
        )
    return m
