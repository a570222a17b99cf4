"""A person whom the équipe knows already: shown, compared, said to be one or two, and undecided again."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.urls import reverse

from partenaires.perimetre import agir_comme
from signalements import conservation, parcours
from signalements.enums import Action
from signalements.models import Fiche, Instruction, Rapprochement
from socle import horloge, purge
from socle.models import Evenement
from tests import recits
from tests.conftest import en_tant_que
from tests.fabriques import Monde, monde
from tests.pages import connecte, texte

NEE = date(1961, 4, 12)


def _deux(m: Monde, **champs: Any) -> tuple[Fiche, Fiche]:
    """The same person, reported in June in a résidence and in September, written otherwise, without a door."""
    midi = horloge.maintenant()
    horloge.regler(midi.replace(month=6))
    ancienne = recits.transmise(m, nom="Le Goff", prenom="Ondine", naissance=NEE, porte="3")
    horloge.regler(midi)
    return ancienne, recits.transmise(m, **{"nom": "LEGOFF", "prenom": "ondine", "naissance": NEE, **champs})


def _cle(page: Any) -> dict[str, str]:
    return {"cle": str(page.context["formulaire"]["cle"].value())}


def _page(une: Fiche, autre: Fiche, route: str = "fiche_comparer") -> str:
    return reverse(route, args=[une.pk, autre.pk])


def _decisions() -> list[tuple[UUID, UUID, str, str, bool]]:
    with en_tant_que("palier_fabrique"):
        lignes = Rapprochement.objects.order_by("le")
        return [(r.premiere_id, r.seconde_id, r.verdict, r.motif, r.annule_le is None) for r in lignes]


def _panneau(client: Client, fiche: Fiche) -> str:
    page = texte(client.get(reverse("fiche", args=[fiche.pk])))
    for titre in ("Personne déjà connue", "Peut-être la même personne", "Fiches qui se ressemblent"):
        if titre in page:
            return page[page.index(titre) : page.index("Personnes", page.index(titre))].strip()
    return ""


def test_la_personne_est_reconnue_comparee_puis_reunie(db: None, midi: datetime) -> None:
    m = monde()
    ancienne, nouvelle = _deux(m)
    client = connecte(m["social"])
    assert _panneau(client, nouvelle) == (
        f"Peut-être la même personne Comparer avec {ancienne.reference} Même nom, même date de naissance. "
        "À étudier, reçue le 22 juin"
    )
    page = texte(client.get(_page(nouvelle, ancienne)))
    assert "Est-ce la même personne ? Même nom, même date de naissance" in page
    assert "Nom pareil LEGOFF Le Goff Prénom pareil ondine Ondine" in page
    assert "Date de naissance pareil 12 avril 1961 12 avril 1961" in page
    envoi = {**_cle(client.get(_page(nouvelle, ancienne))), "verdict": "ensemble"}
    reponse = client.post(_page(nouvelle, ancienne), envoi)
    assert (reponse.status_code, reponse["Location"]) == (302, _page(nouvelle, ancienne))
    assert _decisions() == [(ancienne.pk, nouvelle.pk, "ensemble", "", True)]
    page = texte(client.get(_page(nouvelle, ancienne)))
    assert f"Décidé par {m['social'].nom_complet} aujourd’hui" in page
    assert f"se clôt comme doublon : clore {nouvelle.reference} , clore {ancienne.reference}" in page
    for une, autre in ((ancienne, nouvelle), (nouvelle, ancienne)):
        assert f"Personne déjà connue Fiche {autre.reference}" in _panneau(client, une)
    with en_tant_que("palier_fabrique"):
        actes = Evenement.objects.filter(action=Action.RAPPROCHEE)
        assert [(e.compte_id, e.objets) for e in actes] == [(m["social"].pk, [str(ancienne.pk), str(nouvelle.pk)])]


def test_deux_personnes_gardees_a_part_avec_un_motif_puis_annulees(db: None, midi: datetime) -> None:
    m = monde()
    ancienne, nouvelle = _deux(m)
    client = connecte(m["coordination"])
    sans_motif = client.post(
        _page(nouvelle, ancienne), {**_cle(client.get(_page(nouvelle, ancienne))), "verdict": "a_part"}
    )
    assert sans_motif.status_code == 200
    assert "Choisissez pourquoi ce sont deux personnes." in texte(sans_motif)
    assert sans_motif.context["formulaire"]["verdict"].value() == "a_part"  # what was chosen is kept
    assert _decisions() == []
    client.post(_page(nouvelle, ancienne), {**_cle(sans_motif), "verdict": "a_part", "motif": "homonyme"})
    assert _decisions() == [(ancienne.pk, nouvelle.pk, "a_part", "homonyme", True)]
    assert _panneau(client, nouvelle) == (
        f"Fiches qui se ressemblent Gardée à part de {ancienne.reference} . Deux personnes du même nom"
    )
    annuler = _page(nouvelle, ancienne, "fiche_comparer_annuler")
    assert "de nouveau à comparer" in texte(client.get(annuler))
    assert _decisions()[0][-1] is True  # a page read decides nothing
    for _ in range(2):
        assert client.post(annuler).status_code == 302
    assert _decisions() == [(ancienne.pk, nouvelle.pk, "a_part", "homonyme", False)]
    assert _panneau(client, nouvelle).startswith("Peut-être la même personne")
    with en_tant_que("palier_fabrique"):
        assert Evenement.objects.filter(action=Action.RAPPROCHEMENT_ANNULE).count() == 1
    with agir_comme(m["social"]):  # and decided anew
        parcours.decider(ancienne.pk, nouvelle.pk, par=m["social"], verdict="ensemble")
    assert [d[2:] for d in _decisions()] == [("a_part", "homonyme", False), ("ensemble", "", True)]


def test_dit_deux_fois_une_seule_decision_et_jamais_le_contraire(db: None, midi: datetime) -> None:
    m = monde()
    ancienne, nouvelle = _deux(m)
    client = connecte(m["social"])
    envoi = {**_cle(client.get(_page(nouvelle, ancienne))), "verdict": "ensemble"}
    autre = {**_cle(connecte(m["soignant"]).get(_page(ancienne, nouvelle))), "verdict": "a_part", "motif": "foyer"}
    for _ in range(2):
        assert client.post(_page(nouvelle, ancienne), envoi).status_code == 302
    refus = connecte(m["soignant"]).post(_page(ancienne, nouvelle), autre, follow=True)
    assert "Une décision existe déjà : rien n’a changé." in texte(refus)
    with agir_comme(m["soignant"]):
        assert parcours.decider(nouvelle.pk, ancienne.pk, par=m["soignant"], verdict="ensemble").par == m["social"]
        with pytest.raises(ValidationError, match="existe déjà"), transaction.atomic():
            parcours.decider(nouvelle.pk, ancienne.pk, par=m["soignant"], verdict="a_part", motif="foyer")
    assert _decisions() == [(ancienne.pk, nouvelle.pk, "ensemble", "", True)]


@pytest.mark.parametrize(
    ("verdict", "motif", "phrase"),
    [("a_part", "", "pourquoi"), ("a_part", "inconnu", "pourquoi"), ("fusion", "", "même personne ou non")],
)
def test_ce_qui_ne_dit_rien_est_refuse(db: None, midi: datetime, verdict: str, motif: str, phrase: str) -> None:
    m = monde()
    ancienne, nouvelle = _deux(m)
    with agir_comme(m["social"]):
        with pytest.raises(ValidationError, match=phrase):
            parcours.decider(ancienne.pk, nouvelle.pk, par=m["social"], verdict=verdict, motif=motif)
        with pytest.raises(ValidationError, match="elle-même"):
            parcours.decider(ancienne.pk, ancienne.pk, par=m["social"], verdict="ensemble")
    assert _decisions() == []
    assert connecte(m["social"]).get(_page(ancienne, ancienne)).status_code == 404


def test_jamais_entre_deux_equipes_ni_par_un_bailleur(db: None, midi: datetime) -> None:
    nord, sud = monde("Nord"), monde("Sud")
    (du_nord, nouvelle), (du_sud, _) = _deux(nord), _deux(sud)
    client = connecte(nord["social"])
    assert client.get(_page(du_nord, du_sud)).status_code == 404
    assert client.post(_page(du_nord, du_sud), {"verdict": "ensemble"}).status_code == 404
    assert du_sud.reference == du_nord.reference
    assert _panneau(client, nouvelle).count("Comparer avec") == 1
    for role in ("gardien", "referent", "responsable", "correspondant", "coordination_clsm", "dpo"):
        assert connecte(nord[role]).get(_page(du_nord, nouvelle)).status_code in (403, 404), role
    with agir_comme(nord["social"]), pytest.raises(Instruction.DoesNotExist):
        parcours.decider(du_nord.pk, du_sud.pk, par=nord["social"], verdict="ensemble")
    traverse = Rapprochement(
        equipe=nord.equipe, premiere_id=min(du_nord.pk, du_sud.pk), seconde_id=max(du_nord.pk, du_sud.pk),
        verdict="ensemble", par=nord["social"],
    )  # fmt: skip
    with agir_comme(nord["social"]), transaction.atomic():
        traverse.save(force_insert=True)
        with pytest.raises(DatabaseError):
            connection.check_constraints()
        transaction.set_rollback(True)
    with agir_comme(nord["social"]):
        parcours.decider(du_nord.pk, nouvelle.pk, par=nord["social"], verdict="ensemble")
    for ailleurs in (sud["coordination"], nord["referent"], nord["gardien"]):
        with agir_comme(ailleurs):
            assert Rapprochement.objects.count() == 0
            assert list(Rapprochement.objects.all().visibles_par(ailleurs)) == []
    assert len(_decisions()) == 1


def test_une_decision_ne_se_signe_pas_pour_un_autre(db: None, midi: datetime) -> None:
    m = monde()
    ancienne, nouvelle = _deux(m)
    with agir_comme(m["social"]), pytest.raises(DatabaseError), transaction.atomic():
        Rapprochement(
            equipe=m.equipe, premiere_id=ancienne.pk, seconde_id=nouvelle.pk, verdict="ensemble", par=m["coordination"]
        ).save(force_insert=True)
    with agir_comme(m["social"]):
        r = parcours.decider(ancienne.pk, nouvelle.pk, par=m["social"], verdict="ensemble")
    with agir_comme(m["soignant"]), pytest.raises(DatabaseError), transaction.atomic():
        Rapprochement.objects.filter(pk=r.pk).update(verdict="a_part", motif="foyer")
    assert _decisions() == [(ancienne.pk, nouvelle.pk, "ensemble", "", True)]


def test_une_opposition_cache_tout_et_l_effacement_emporte_la_decision(db: None, midi: datetime) -> None:
    m = monde()
    ancienne, nouvelle = _deux(m)
    with agir_comme(m["social"]):
        parcours.decider(ancienne.pk, nouvelle.pk, par=m["social"], verdict="ensemble")
    with agir_comme(m["referent"]):
        parcours.opposer(ancienne.pk, par=m["referent"])
    client = connecte(m["social"])
    assert _panneau(client, nouvelle) == ""
    assert client.get(_page(nouvelle, ancienne)).status_code == 404
    assert client.get(_page(ancienne, nouvelle)).status_code == 404
    horloge.avancer(days=8)
    with en_tant_que("palier_systeme"):
        conservation.purger_oppositions(a_blanc=True)
        assert Rapprochement.objects.count() == 1
        conservation.purger_oppositions(a_blanc=False)
    assert _decisions() == []
    assert "contenu des oppositions" in purge.regles()


def test_une_fiche_de_plus_ne_coute_pas_une_instruction(db: None, midi: datetime) -> None:
    m = monde()
    _, nouvelle = _deux(m)
    with agir_comme(m["social"]):
        fiches = Fiche.objects.visibles_par(m["social"]).a_comparer(nouvelle, recits.relue(m, nouvelle).locataire)
        assert [f.reference for f in fiches] == ["26-0001"]
    for n in range(6):
        recits.transmise(m, nom="Le Goff", prenom="Ondine", naissance=NEE, porte=str(n))
    assert _panneau(connecte(m["social"]), nouvelle).count("Comparer avec") == 5
