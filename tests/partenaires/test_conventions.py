"""Organisations and conventions: made by `exploitation` alone, one équipe per orienteur, commune and day."""

from datetime import date
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import DatabaseError, transaction

from partenaires.enums import GenreOrganisation, Role
from partenaires.models import Convention, ConventionTerritoire, CouvertureClsm, Organisation, Territoire
from partenaires.parcours.conventions import creer_convention, creer_organisation, terminer_convention
from partenaires.perimetre import agir_comme
from tests.conftest import en_tant_que
from tests.fabriques import Monde, monde, organisation
from tests.partenaires.regards import compter, etat_complet, evenements, relire

AUTRES_ROLES = [r.value for r in Role if r != Role.EXPLOITATION]
TOUT = (Organisation, Convention, ConventionTerritoire, CouvertureClsm, Territoire)


def convenir(m: Monde, communes: list[tuple[str, str]], **champs: Any) -> Convention:
    details = {"du": date(2027, 1, 1), "au": None, "relecture": False, **champs}
    equipe = details.pop("equipe", m.equipe)
    with agir_comme(m["exploitation"]):
        return creer_convention(equipe, m.bailleur, communes, par=m["exploitation"], **details)


def test_l_exploitation_cree_un_clsm_avec_ses_communes(db: None, midi: Any) -> None:
    m = monde()
    with agir_comme(m["exploitation"]):
        clsm = creer_organisation(
            "clsm",
            "CLSM des Trois Rivières",
            communes=[(m.territoire.code_insee, ""), ("62427", "Hénin-Essai")],
            par=m["exploitation"],
        )
    with en_tant_que("palier_fabrique"):
        noms = set(CouvertureClsm.objects.filter(clsm=clsm).values_list("territoire__nom", flat=True))
    assert noms == {m.territoire.nom, "Hénin-Essai"}
    assert evenements(m.plateforme.pk) == ["partenaires.organisation_creee"]


def test_l_exploitation_cree_un_partenaire_avec_son_genre(db: None, midi: Any) -> None:
    m = monde()
    with agir_comme(m["exploitation"]):
        partenaire = creer_organisation(
            "partenaire",
            "CCAS de Valmornay",
            genre_partenaire="ccas",
            communes=[(m.territoire.code_insee, "")],
            par=m["exploitation"],
        )
    assert (partenaire.genre_partenaire, partenaire.territoire) == ("ccas", m.territoire)


@pytest.mark.parametrize(
    ("genre", "nom", "communes", "message"),
    [
        ("plateforme", "Autre plateforme", [], "pas à créer ici"),
        ("inconnu", "X", [], "pas à créer ici"),
        ("clsm", "CLSM", [("99998", "")], "99998 n’est pas encore connue"),
        ("bailleur", None, [], "porte déjà ce nom"),
    ],
)
def test_une_organisation_mal_decrite_est_refusee(
    db: None, midi: Any, genre: str, nom: str | None, communes: list[tuple[str, str]], message: str
) -> None:
    m = monde()
    avant = compter(*TOUT), evenements()
    with agir_comme(m["exploitation"]), pytest.raises(ValidationError, match=message):
        creer_organisation(genre, nom or m.bailleur.nom, communes=communes, par=m["exploitation"])
    assert (compter(*TOUT), evenements()) == avant


@pytest.mark.parametrize("role", AUTRES_ROLES)
def test_aucun_autre_role_ne_cree_ni_organisation_ni_convention(db: None, midi: Any, role: str) -> None:
    m = monde()
    qui = m[role]
    avant = compter(*TOUT), evenements()
    with agir_comme(qui):
        with pytest.raises(PermissionDenied):
            creer_organisation("bailleur", "Habitat pirate", par=qui)
        with pytest.raises(PermissionDenied):
            creer_convention(
                m.equipe, m.bailleur, [("99997", "Ici")], du=date(2027, 1, 1), au=None, relecture=False, par=qui
            )
        with pytest.raises(PermissionDenied):
            terminer_convention(m.convention.pk, date(2027, 1, 1), par=qui)
        for creer in (
            lambda: Organisation.objects.create(genre=GenreOrganisation.EQUIPE, nom="pirate"),
            lambda: Convention.objects.create(equipe=m.equipe, orienteur=m.bailleur, du=date(2027, 1, 1)),
        ):
            with pytest.raises(DatabaseError, match="row-level security"), transaction.atomic():
                creer()
        assert Convention.objects.update(au=date(2027, 1, 1)) == 0
    assert (compter(*TOUT), evenements()) == avant


def test_une_convention_ouvre_ses_communes_a_ses_dates(db: None, midi: Any) -> None:
    m = monde()
    c = convenir(m, [("62427", "Hénin-Essai"), ("62498", "Lens-Essai")], au=date(2027, 12, 31), relecture=True)
    with en_tant_que("palier_fabrique"):
        lignes = list(ConventionTerritoire.objects.filter(convention=c).select_related("territoire"))
    assert {x.territoire.code_insee for x in lignes} == {"62427", "62498"}
    assert {(x.periode.lower, x.periode.upper) for x in lignes} == {(date(2027, 1, 1), date(2028, 1, 1))}
    assert relire(c).relecture is True
    assert evenements(m.equipe.pk) == ["partenaires.convention_creee"]


def test_deux_equipes_sur_la_meme_commune_et_les_memes_jours_sont_refusees_en_francais(db: None, midi: Any) -> None:
    m = monde()
    with en_tant_que("palier_fabrique"):
        autre = organisation(GenreOrganisation.EQUIPE, "Équipe Autre")
    avant = compter(*TOUT), evenements()
    with pytest.raises(ValidationError) as refus:
        convenir(m, [("62427", "Hénin-Essai"), (m.territoire.code_insee, "")], equipe=autre)
    (phrase,) = refus.value.message_dict["communes"]
    assert phrase.startswith(
        f"Cette organisation a déjà une convention sur {m.territoire.nom} à ces dates, avec {m.equipe.nom}."
    )
    assert (compter(*TOUT), evenements()) == avant


def test_la_base_refuse_aussi_le_chevauchement(db: None, midi: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two people sign at the same moment: neither saw the other's row."""
    m = monde()
    monkeypatch.setattr("partenaires.parcours.conventions._refuser_chevauchement", lambda *a: None)
    avant = compter(*TOUT), evenements()
    with pytest.raises(ValidationError, match="Une seule équipe par commune et par jour"):
        convenir(m, [(m.territoire.code_insee, "")])
    assert (compter(*TOUT), evenements()) == avant


def test_une_convention_peut_suivre_celle_qui_finit(db: None, midi: Any) -> None:
    m = monde()
    with agir_comme(m["exploitation"]):
        terminer_convention(m.convention.pk, date(2026, 12, 31), par=m["exploitation"])
    assert relire(m.convention).au == date(2026, 12, 31)
    convenir(m, [(m.territoire.code_insee, "")], du=date(2027, 1, 1))
    assert evenements(m.equipe.pk) == ["partenaires.convention_terminee", "partenaires.convention_creee"]


@pytest.mark.parametrize(
    ("au", "message"), [(date(2026, 9, 21), "aujourd’hui ou plus tard"), (date(2020, 1, 1), "après le début")]
)
def test_une_convention_ne_finit_pas_dans_le_passe(db: None, midi: Any, au: date, message: str) -> None:
    m = monde()
    avant = etat_complet(m.convention)
    with agir_comme(m["exploitation"]), pytest.raises(ValidationError, match=message):
        terminer_convention(m.convention.pk, au, par=m["exploitation"])
    assert etat_complet(m.convention) == avant


def test_une_convention_finie_ne_se_prolonge_pas(db: None, midi: Any) -> None:
    m = monde()
    with agir_comme(m["exploitation"]):
        terminer_convention(m.convention.pk, date(2026, 12, 31), par=m["exploitation"])
        with pytest.raises(ValidationError, match="nouvelle convention"):
            terminer_convention(m.convention.pk, date(2027, 1, 1), par=m["exploitation"])
    assert relire(m.convention).au == date(2026, 12, 31)


def test_une_convention_sans_commune_est_refusee(db: None, midi: Any) -> None:
    m = monde()
    avant = compter(*TOUT), evenements()
    with pytest.raises(ValidationError, match="au moins une commune"):
        convenir(m, [])
    assert (compter(*TOUT), evenements()) == avant
