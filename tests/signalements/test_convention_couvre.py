"""What opens the right to file: the convention and the commune, each on its own dates; on pages, API and in SQL."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.db.backends.postgresql.psycopg_any import DateRange

from partenaires.models import Convention, ConventionTerritoire, Residence, Territoire
from partenaires.perimetre import agir_comme
from signalements import parcours
from signalements.models import Fiche
from socle import horloge
from tests import recits
from tests.api.saisies import fiche as fiche_api
from tests.api.saisies import lue
from tests.cles import logiciel
from tests.conftest import en_tant_que
from tests.fabriques import Monde, monde
from tests.pages import connecte, texte
from tests.partenaires.regards import etat_complet, promesses
from tests.signalements.saisies import adresse, envoyer, personne, remplir

DEMAIN, HIER = date(2026, 9, 23), date(2026, 9, 21)
FERMEES = [DateRange(date(2025, 1, 1), HIER, "[]"), DateRange(DEMAIN, None), DateRange(empty=True)]


def periode(m: Monde, valeur: DateRange) -> None:
    with en_tant_que("palier_fabrique"):
        ConventionTerritoire.objects.filter(convention=m.convention).update(periode=valeur)


@pytest.mark.parametrize("valeur", FERMEES, ids=["finie", "a_venir", "retiree"])
def test_une_commune_hors_de_ses_dates_n_ouvre_pas_le_droit_de_saisir(
    db: None, midi: datetime, valeur: DateRange
) -> None:
    m = monde()
    with en_tant_que("palier_fabrique"):
        Convention.objects.filter(pk=m.convention.pk).update(
            interlocuteur_equipe="le secrétariat, 01 23 45 67 89",
            interlocuteur_orienteur="le pôle social, 01 98 76 54 32",
        )
    client = connecte(m["gardien"])
    fiche = recits.brouillon(m)
    remplir(client, m, fiche.pk)
    periode(m, valeur)
    phrase = f"Aucune convention ne couvre « {m.residence.nom} » aujourd’hui. Appelez le pôle social, 01 98 76 54 32."
    avant = etat_complet(fiche)
    assert phrase in texte(client.post(adresse(fiche.pk, "personne"), {**personne(m), "version": ""}))
    assert phrase in texte(envoyer(client, fiche.pk))
    apres = etat_complet(fiche)
    assert (apres[0], apres[1]) == (avant[0], avant[1])
    with agir_comme(m["gardien"]), pytest.raises(parcours.SansConvention), transaction.atomic():
        parcours.transmettre(fiche.pk, par=m["gardien"], contenu=recits.contenu(m))
    # The référent is told of the équipe.
    sienne = recits.brouillon(m, m["referent"])
    assert "Appelez le secrétariat, 01 23 45 67 89." in texte(
        connecte(m["referent"]).post(adresse(sienne.pk, "personne"), personne(m))
    )
    assert [p for p in promesses() if p == "signalements.transmise"] == []


@pytest.mark.parametrize("valeur", FERMEES, ids=["finie", "a_venir", "retiree"])
def test_l_api_refuse_aussi(db: None, midi: datetime, valeur: DateRange) -> None:
    m = monde()
    appelant = logiciel(m)
    periode(m, valeur)
    reponse = appelant.post("fiches/", {**fiche_api(m), "transmettre": True})
    probleme = lue(reponse, 422)
    assert [e["pointeur"] for e in probleme["erreurs"]] == ["#/personne/residence"]
    assert probleme["erreurs"][0]["texte"].startswith("Aucune convention ne couvre")
    lues = lue(appelant.get("residences/"))["resultats"]
    assert {r["id"]: r["conventionnee"] for r in lues}[m.residence.pk] is False
    with en_tant_que("palier_fabrique"):
        assert Fiche.objects.exclude(etat="brouillon").count() == 0


def _forcer(m: Monde, pk: Any) -> None:
    """Raw SQL of the author: the convention and the state, as the application would write them."""
    with connection.cursor() as curseur:
        curseur.execute(
            "UPDATE signalements_fiche SET residence_id = %s, equipe_id = %s, convention_id = %s WHERE id = %s",
            [m.residence.pk, m.equipe.pk, m.convention.pk, pk],
        )
        curseur.execute("UPDATE signalements_fiche SET etat = 'a_relire' WHERE id = %s", [pk])


OUVERTES = [
    DateRange(date(2025, 1, 1), None),
    DateRange(date(2026, 9, 22), date(2026, 9, 22), "[]"),
    DateRange(date(2025, 1, 1), date(2026, 9, 22), "[]"),
]


@pytest.mark.parametrize("valeur", OUVERTES, ids=["sans_fin", "ce_jour", "dernier_jour"])
def test_la_base_laisse_partir_pendant_les_dates_de_la_commune(db: None, midi: datetime, valeur: DateRange) -> None:
    m = monde()
    fiche = recits.brouillon(m)
    periode(m, valeur)
    with agir_comme(m["gardien"]):
        _forcer(m, fiche.pk)
        assert Fiche.objects.get(pk=fiche.pk).etat == "a_relire"


@pytest.mark.parametrize("valeur", FERMEES, ids=["finie", "a_venir", "retiree"])
def test_la_base_refuse_hors_des_dates_de_la_commune(db: None, midi: datetime, valeur: DateRange) -> None:
    m = monde()
    fiche = recits.brouillon(m)
    periode(m, valeur)
    avant = etat_complet(fiche)
    with agir_comme(m["gardien"]), pytest.raises(DatabaseError, match="no convention covers"), transaction.atomic():
        _forcer(m, fiche.pk)
    assert etat_complet(fiche) == avant


def test_un_brouillon_prepare_sous_une_convention_ne_part_pas_apres_sa_fin(db: None, midi: datetime) -> None:
    """The draft carries its convention already; the day of its sending decides."""
    m = monde()
    fiche = recits.brouillon(m)
    with agir_comme(m["gardien"]), connection.cursor() as curseur:
        curseur.execute(
            "UPDATE signalements_fiche SET residence_id = %s, equipe_id = %s, convention_id = %s WHERE id = %s",
            [m.residence.pk, m.equipe.pk, m.convention.pk, fiche.pk],
        )
    with en_tant_que("palier_fabrique"):
        Convention.objects.filter(pk=m.convention.pk).update(au=midi.date())
    horloge.regler(midi + timedelta(days=1))
    avant = etat_complet(fiche)
    with agir_comme(m["gardien"]), pytest.raises(DatabaseError, match="no convention covers"), transaction.atomic():
        Fiche.objects.filter(pk=fiche.pk).update(etat="a_relire")
    assert etat_complet(fiche) == avant


def _renvoyee(m: Monde) -> Fiche:
    fiche = recits.envoyee(m)
    with agir_comme(m["referent"]):
        return parcours.renvoyer(fiche.pk, par=m["referent"], commentaires={"faits": "Précisez depuis quand."})


def finir(m: Monde, quand: datetime) -> None:
    with en_tant_que("palier_fabrique"):
        Convention.objects.filter(pk=m.convention.pk).update(au=quand.date())
    periode(m, DateRange(date(2025, 1, 1), quand.date(), "[]"))
    horloge.regler(quand + timedelta(days=2))


def test_une_fiche_renvoyee_continue_apres_la_fin_de_sa_convention(db: None, midi: datetime) -> None:
    m = monde(relecture=True)
    fiche = _renvoyee(m)
    finir(m, midi)
    with agir_comme(m["gardien"]):
        partie = parcours.transmettre(fiche.pk, par=m["gardien"], contenu=recits.contenu(m))
    assert partie.etat == "a_relire"
    with agir_comme(m["referent"]):
        assert parcours.valider(fiche.pk, par=m["referent"]).etat == "transmise"
    with agir_comme(m["social"]):
        assert parcours.declarer_recevable(fiche.pk, par=m["social"]).etat == "recevable"
    neuve = recits.brouillon(m)
    with agir_comme(m["gardien"]), pytest.raises(parcours.SansConvention), transaction.atomic():
        parcours.transmettre(neuve.pk, par=m["gardien"], contenu=recits.contenu(m))


@pytest.mark.parametrize("comment", ["parcours", "sql"])
def test_une_fiche_renvoyee_ne_change_pas_de_commune_apres_la_fin(db: None, midi: datetime, comment: str) -> None:
    m = monde(relecture=True)
    with en_tant_que("palier_fabrique"):
        voisine = Territoire.objects.create(code_insee="98765", nom="Voisine")
        ConventionTerritoire.objects.create(
            convention=m.convention, equipe=m.equipe, orienteur=m.bailleur, territoire=voisine,
            periode=DateRange(date(2025, 1, 1), None),
        )  # fmt: skip
        Residence.objects.filter(pk=m.autre_residence.pk).update(territoire=voisine)
    fiche = _renvoyee(m)
    finir(m, midi)
    with en_tant_que("palier_fabrique"):
        autre = Residence.objects.get(pk=m.autre_residence.pk)
    avant = etat_complet(fiche)

    def par_le_parcours() -> object:
        return parcours.transmettre(fiche.pk, par=m["gardien"], contenu=recits.contenu(m, residence=autre))

    def en_sql() -> object:
        return Fiche.objects.filter(pk=fiche.pk).update(residence=autre)

    geste: Callable[[], object] = par_le_parcours if comment == "parcours" else en_sql
    with agir_comme(m["gardien"]), pytest.raises((parcours.SansConvention, DatabaseError)), transaction.atomic():
        geste()
    assert etat_complet(fiche) == avant
