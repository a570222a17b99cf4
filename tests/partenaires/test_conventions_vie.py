"""The life of a convention: its territories have their own dates, and everything that changes is written."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import DatabaseError, connection, transaction

from partenaires.models import ChangementConvention, Convention, ConventionTerritoire
from partenaires.parcours.conventions import (
    ajouter_communes,
    changer_reglages,
    creer_convention,
    terminer_commune,
    terminer_convention,
)
from partenaires.perimetre import agir_comme
from socle import horloge
from socle.versions import ConflitDeVersion
from tests.conftest import en_tant_que
from tests.fabriques import Monde, monde
from tests.partenaires.regards import compter, etat_complet, evenements, relire

LENS, LIEVIN = ("62498", "Lens"), ("62510", "Liévin")


def periodes(c: Convention) -> dict[str, tuple[date | None, date | None]]:
    """First and last day of each territory, by name; (None, None) for one that never began."""
    with en_tant_que("palier_fabrique"):
        lignes = ConventionTerritoire.objects.filter(convention=c).select_related("territoire")
        return {t.territoire.nom: (t.du, t.au) for t in lignes}


def ligne(c: Convention, nom: str) -> ConventionTerritoire:
    with en_tant_que("palier_fabrique"):
        return ConventionTerritoire.objects.get(convention=c, territoire__nom=nom)


def ajouter(m: Monde, du: date, *communes: tuple[str, str]) -> Convention:
    with agir_comme(m["exploitation"]):
        return ajouter_communes(m.convention.pk, communes, du=du, par=m["exploitation"])


def terminer(m: Monde, au: date) -> Convention:
    with agir_comme(m["exploitation"]):
        return terminer_convention(m.convention.pk, au, par=m["exploitation"])


def retirer(m: Monde, nom: str, au: date) -> ConventionTerritoire:
    with agir_comme(m["exploitation"]):
        return terminer_commune(m.convention.pk, ligne(m.convention, nom).pk, au, par=m["exploitation"])


def histoire(c: Convention) -> list[tuple[str, date | None, list[str]]]:
    with en_tant_que("palier_fabrique"):
        lignes = ChangementConvention.objects.filter(convention=c).order_by("le", "id")
        return [(x.genre, x.jour, x.communes) for x in lignes]


def test_la_fin_d_une_convention_garde_les_dates_de_chaque_commune(db: None, midi: datetime) -> None:
    m = monde()
    ajouter(m, date(2026, 10, 1), LENS)
    ajouter(m, date(2027, 3, 1), LIEVIN)
    retirer(m, m.territoire.nom, date(2026, 11, 15))
    avant = periodes(m.convention)
    assert avant == {
        m.territoire.nom: (date(2025, 1, 1), date(2026, 11, 15)),
        "Lens": (date(2026, 10, 1), None),
        "Liévin": (date(2027, 3, 1), None),
    }
    terminer(m, date(2026, 12, 31))
    assert periodes(m.convention) == {
        m.territoire.nom: (date(2025, 1, 1), date(2026, 11, 15)),
        "Lens": (date(2026, 10, 1), date(2026, 12, 31)),
        "Liévin": (None, None),
    }
    with en_tant_que("palier_fabrique"):
        couvertes = {
            (jour, t.nom): Convention.objects.filter(pk=m.convention.pk).couvrant(t.pk, jour).exists()
            for jour in (date(2026, 9, 30), date(2026, 11, 16), date(2026, 12, 31), date(2027, 1, 1), date(2027, 4, 1))
            for t in (x.territoire for x in m.convention.territoires.select_related("territoire"))
        }
    assert {cle for cle, oui in couvertes.items() if oui} == {
        (date(2026, 9, 30), m.territoire.nom), (date(2026, 11, 16), "Lens"), (date(2026, 12, 31), "Lens"),
    }  # fmt: skip


def test_une_commune_s_ajoute_finit_puis_revient(db: None, midi: datetime) -> None:
    m = monde()
    ajouter(m, midi.date(), LENS)
    retirer(m, "Lens", date(2026, 9, 30))
    with pytest.raises(ValidationError, match="déjà une convention sur Lens à ces dates"):
        ajouter(m, date(2026, 9, 30), LENS)
    ajouter(m, date(2026, 10, 1), LENS)
    with en_tant_que("palier_fabrique"):
        lens = ConventionTerritoire.objects.filter(convention=m.convention, territoire__nom="Lens").order_by("periode")
        assert [(x.du, x.au) for x in lens] == [(midi.date(), date(2026, 9, 30)), (date(2026, 10, 1), None)]
    assert evenements(m.equipe.pk) == ["partenaires.convention_communes"] * 3
    assert histoire(m.convention) == [
        ("communes_ajoutees", midi.date(), ["62498"]),
        ("commune_terminee", date(2026, 9, 30), ["62498"]),
        ("communes_ajoutees", date(2026, 10, 1), ["62498"]),
    ]


def test_une_commune_a_venir_se_retire(db: None, midi: datetime) -> None:
    m = monde()
    ajouter(m, date(2026, 12, 1), LENS)
    retirer(m, "Lens", midi.date())
    assert periodes(m.convention)["Lens"] == (None, None)
    ajouter(m, date(2026, 12, 1), LENS)  # nothing overlaps what never began


@pytest.mark.parametrize(
    ("nom", "au", "phrase"),
    [
        ("Lens", date(2026, 9, 21), "aujourd’hui ou plus tard"),
        ("Lens", date(2027, 7, 1), "en l’ajoutant de nouveau"),
    ],
)
def test_une_commune_ne_finit_ni_dans_le_passe_ni_apres_la_convention(
    db: None, midi: datetime, nom: str, au: date, phrase: str
) -> None:
    m = monde()
    ajouter(m, date(2026, 9, 22), LENS)
    terminer(m, date(2027, 6, 30))
    avant = etat_complet(m.convention, ligne(m.convention, nom)), histoire(m.convention)
    with pytest.raises(ValidationError, match=phrase):
        retirer(m, nom, au)
    assert (etat_complet(m.convention, ligne(m.convention, nom)), histoire(m.convention)) == avant


def test_la_derniere_commune_ne_s_enleve_pas(db: None, midi: datetime) -> None:
    m = monde()
    avant = etat_complet(m.convention, ligne(m.convention, m.territoire.nom))
    with pytest.raises(ValidationError, match="mettez fin à la convention"):
        retirer(m, m.territoire.nom, date(2026, 10, 1))
    assert etat_complet(m.convention, ligne(m.convention, m.territoire.nom)) == avant


@pytest.mark.parametrize(
    ("du", "phrase"), [(date(2026, 9, 21), "aujourd’hui ou plus tard"), (date(2027, 1, 1), "La convention finit le")]
)
def test_une_commune_s_ajoute_dans_les_dates_de_la_convention(db: None, midi: datetime, du: date, phrase: str) -> None:
    m = monde()
    terminer(m, date(2026, 12, 31))
    avant = compter(ConventionTerritoire), evenements()
    with pytest.raises(ValidationError, match=phrase):
        ajouter(m, du, LENS)
    assert (compter(ConventionTerritoire), evenements()) == avant


def test_une_convention_finie_ne_change_plus(db: None, midi: datetime) -> None:
    m = monde()
    ajouter(m, midi.date(), LENS)
    terminer(m, midi.date())
    horloge.regler(midi + timedelta(days=1))
    avant = etat_complet(m.convention), histoire(m.convention)
    for geste in (lambda: ajouter(m, date(2026, 9, 23), LIEVIN), lambda: retirer(m, "Lens", date(2026, 9, 23))):
        with pytest.raises(Convention.DoesNotExist):
            geste()
    assert (etat_complet(m.convention), histoire(m.convention)) == avant


def test_deux_personnes_qui_ajoutent_la_meme_commune_lisent_une_phrase(
    db: None, midi: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Neither saw the other's row: the constraint speaks, in French."""
    m = monde()
    ajouter(m, midi.date(), LENS)
    monkeypatch.setattr("partenaires.parcours.conventions._refuser_chevauchement", lambda *a: None)
    avant = compter(ConventionTerritoire, ChangementConvention), evenements()
    with pytest.raises(ValidationError, match="Une seule équipe par commune et par jour"):
        ajouter(m, date(2026, 10, 1), LENS)
    assert (compter(ConventionTerritoire, ChangementConvention), evenements()) == avant


def regler(m: Monde, version: int, **champs: Any) -> Convention:
    details = {"relecture": True, "interlocuteur_equipe": "", "interlocuteur_orienteur": "", **champs}
    with agir_comme(m["exploitation"]):
        return changer_reglages(m.convention.pk, **details, version=version, par=m["exploitation"])


def test_les_reglages_changent_et_le_second_voit_le_premier(db: None, midi: datetime) -> None:
    m = monde()
    regler(m, 1, interlocuteur_equipe="Secrétariat, 01 23 45 67 89")
    lue = relire(m.convention)
    assert (lue.relecture, lue.interlocuteur_equipe, lue.version) == (True, "Secrétariat, 01 23 45 67 89", 2)
    avant = etat_complet(m.convention), histoire(m.convention)
    with pytest.raises(ConflitDeVersion):
        regler(m, 1, relecture=False)
    assert (etat_complet(m.convention), histoire(m.convention)) == avant
    assert evenements(m.equipe.pk) == ["partenaires.convention_reglages"]


@pytest.mark.parametrize("role", ["coordination", "responsable", "referent", "dpo", "correspondant", "gardien"])
def test_l_exploitation_seule_change_une_convention(db: None, midi: datetime, role: str) -> None:
    m = monde()
    ajouter(m, midi.date(), LENS)
    c, qui = m.convention.pk, m[role]
    avant = etat_complet(m.convention, ligne(m.convention, "Lens")), histoire(m.convention)
    lens = ligne(m.convention, "Lens").pk
    gestes = (
        lambda: ajouter_communes(c, [LIEVIN], du=date(2026, 10, 1), par=qui),
        lambda: terminer_commune(c, lens, date(2026, 10, 1), par=qui),
        lambda: changer_reglages(
            c, relecture=True, interlocuteur_equipe="", interlocuteur_orienteur="", version=1, par=qui
        ),
    )
    with agir_comme(qui):
        for geste in gestes:
            with pytest.raises(PermissionDenied):
                geste()
        with pytest.raises(DatabaseError), transaction.atomic():
            ChangementConvention.objects.create(
                convention=m.convention, equipe=m.equipe, orienteur=m.bailleur, genre="terminee", le=midi, par=qui
            )
        assert ConventionTerritoire.objects.update(periode=None) == 0
    assert (etat_complet(m.convention, ligne(m.convention, "Lens")), histoire(m.convention)) == avant


def test_l_historique_ne_se_recrit_pas_et_ne_se_signe_pas_d_un_autre(db: None, midi: datetime) -> None:
    m = monde()
    ajouter(m, midi.date(), LENS)
    avant = histoire(m.convention)
    with agir_comme(m["exploitation"]):
        for requete in ("UPDATE partenaires_changementconvention SET genre = 'reglages'",
                        "DELETE FROM partenaires_changementconvention"):  # fmt: skip
            with (
                pytest.raises(DatabaseError, match="permission denied"),
                transaction.atomic(),
                connection.cursor() as curseur,
            ):
                curseur.execute(requete)
        with pytest.raises(DatabaseError, match="row-level security"), transaction.atomic():
            ChangementConvention.objects.create(
                convention=m.convention, equipe=m.equipe, orienteur=m.bailleur, genre="terminee", le=midi,
                par=m["dpo"],
            )  # fmt: skip
    assert histoire(m.convention) == avant
    with agir_comme(m["referent"]):
        assert ChangementConvention.objects.count() == 1
    ailleurs = monde("Sud")
    with agir_comme(ailleurs["coordination"]):
        assert ChangementConvention.objects.count() == 0


def test_une_nouvelle_convention_ecrit_sa_premiere_ligne(db: None, midi: datetime) -> None:
    m = monde()
    with agir_comme(m["exploitation"]):
        c = creer_convention(
            m.equipe, m.bailleur, [LENS], du=date(2026, 10, 1), au=None, relecture=True,
            interlocuteur_orienteur="Pôle social, 01 98 76 54 32", par=m["exploitation"],
        )  # fmt: skip
    assert histoire(c) == [("creee", date(2026, 10, 1), ["62498"])]
    assert relire(c).interlocuteur_orienteur == "Pôle social, 01 98 76 54 32"
