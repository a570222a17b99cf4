"""Nothing outlives its date: drafts, oppositions, refusals, ends; the counting line stays, without a word."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection

from partenaires.perimetre import agir_comme
from signalements import conservation, parcours, tasks
from signalements.enums import EtatInstruction
from signalements.models import (
    Brouillon,
    Constat,
    Echange,
    Fiche,
    Information,
    Instruction,
    Jeton,
    Locataire,
    OppositionConnue,
    Photo,
    Releve,
)
from socle import horloge, purge
from socle.models import CleIdempotence
from tests import recits
from tests.conftest import en_tant_que
from tests.fabriques import Monde, monde
from tests.pages import connecte
from tests.partenaires.regards import compter, evenements
from tests.signalements.saisies import commencer
from tests.socle.images import photo

CONTENU = (Brouillon, Constat, Echange, Information, Jeton, Locataire, Photo, Releve)
VIDE = {modele.__name__: 0 for modele in CONTENU}


def _purger(*, a_blanc: bool = False) -> dict[str, int]:
    with en_tant_que("palier_systeme"):
        return {nom: n for nom, n in purge.executer(a_blanc=a_blanc).items() if n}


def _finie(m: Monde, fin: str) -> Fiche:
    """A fiche with everything in it, ended so."""
    fiche = recits.informee(m, photos=2) if fin == "opposition" else recits.transmise(m, photos=2)
    with agir_comme(m["social"]):
        parcours.ecrire_message(fiche.pk, par=m["social"], texte="Un message.")
        if fin == "opposition":
            parcours.opposer(fiche.pk, par=m["social"])
        elif fin == "non_recevable":
            parcours.declarer_non_recevable(fiche.pk, par=m["social"], motif="doublon")
        else:
            parcours.reorienter(fiche.pk, par=m["social"])
    return fiche


@pytest.mark.parametrize(
    ("fin", "regle", "garde", "delai"),
    [
        ("opposition", "contenu des oppositions", timedelta(days=6, hours=23), timedelta(days=7, minutes=1)),
        ("non_recevable", "contenu des fiches non recevables", timedelta(days=29), timedelta(days=31)),
        ("reorientee", "contenu des fiches closes", timedelta(days=729), timedelta(days=732)),
    ],
)
def test_le_contenu_disparait_a_sa_date_et_la_ligne_de_compte_reste(
    db: None, midi: datetime, fin: str, regle: str, garde: timedelta, delai: timedelta
) -> None:
    m = monde()
    depart = horloge.avancer(days=-600)  # the journal of the suite has partitions until the end of next year
    fiche = _finie(m, fin)
    autre = recits.transmise(m, nom="Autre")
    avant = compter(*CONTENU)
    horloge.regler(depart + garde)
    assert regle not in _purger()
    assert compter(*CONTENU) == avant
    horloge.regler(depart + delai)
    assert _purger(a_blanc=True)[regle] == 1
    assert compter(*CONTENU) == avant
    assert _purger()[regle] == 1
    assert regle not in _purger()  # safe to run twice
    with en_tant_que("palier_systeme"):
        assert [modele._default_manager.filter(fiche=fiche.pk).count() for modele in CONTENU] == [0] * len(CONTENU)
        assert Locataire.objects.filter(pk=autre.pk).exists()
        ligne = Instruction.objects.get(pk=fiche.pk)
        assert (ligne.etat, Fiche.objects.get(pk=fiche.pk).reference) == (fin, "25-0001")
    assert evenements(m.equipe.pk)[-1] == "signalements.contenu_efface"


def test_une_fiche_abandonnee_s_efface_un_mois_apres(db: None, midi: datetime) -> None:
    m = monde(relecture=True)
    fiche = recits.envoyee(m, photos=1)
    with agir_comme(m["referent"]):
        parcours.abandonner(fiche.pk, par=m["referent"])
    horloge.regler(midi + timedelta(days=29))
    assert _purger() == {}
    horloge.regler(midi + timedelta(days=31))
    assert _purger() == {"contenu des fiches abandonnées": 1}
    assert compter(*CONTENU) == VIDE
    assert compter(Fiche) == {"Fiche": 1}


def test_un_brouillon_part_trente_jours_apres_le_dernier_mot(db: None, midi: datetime) -> None:
    m = monde()
    vieux, repris = recits.brouillon(m), recits.brouillon(m)
    with agir_comme(m["gardien"]):
        parcours.ajouter_photo(vieux.pk, par=m["gardien"], contenu=photo())
    horloge.regler(midi + timedelta(days=10))
    with agir_comme(m["gardien"]):
        parcours.enregistrer_brouillon(repris.pk, par=m["gardien"], champs={"nom": "X"})
    horloge.regler(midi + timedelta(days=29, hours=23))
    assert _purger() == {}
    horloge.regler(midi + timedelta(days=30, minutes=1))
    assert _purger(a_blanc=True) == {"brouillons délaissés": 1}
    assert _purger() == {"brouillons délaissés": 1}
    with en_tant_que("palier_systeme"):
        assert list(Fiche.objects.values_list("pk", flat=True)) == [repris.pk]
        assert not Brouillon.objects.filter(pk=vieux.pk).exists()
        assert not Photo.objects.exists()


def test_une_fiche_renvoyee_n_est_jamais_purgee_en_silence(db: None, midi: datetime) -> None:
    m = monde(relecture=True)
    fiche = recits.envoyee(m)
    with agir_comme(m["referent"]):
        parcours.renvoyer(fiche.pk, par=m["referent"], commentaires={"faits": "Quand ?"})
    horloge.regler(midi + timedelta(days=400))
    _purger()
    with en_tant_que("palier_systeme"):
        assert (Brouillon.objects.count(), Locataire.objects.count()) == (1, 1)


def test_une_opposition_reparee_a_temps_garde_son_contenu(db: None, midi: datetime) -> None:
    m = monde()
    fiche = _finie(m, "opposition")
    with agir_comme(m["coordination"]):
        parcours.annuler_opposition(fiche.pk, par=m["coordination"])
    horloge.regler(midi + timedelta(days=20))
    assert "contenu des oppositions" not in _purger()
    assert recits.relue(m, fiche).locataire.nom == "Maquette"


def test_l_empreinte_d_une_opposition_part_apres_vingt_quatre_mois(db: None, midi: datetime) -> None:
    m = monde()
    depart = horloge.avancer(days=-600)
    _finie(m, "opposition")
    horloge.regler(depart + timedelta(days=700))
    _purger()
    assert compter(OppositionConnue) == {"OppositionConnue": 1}
    horloge.regler(depart + timedelta(days=732))
    assert _purger()["empreintes d’opposition"] == 1
    assert compter(OppositionConnue) == {"OppositionConnue": 0}


def test_les_cles_d_idempotence_partent_apres_sept_jours(db: None, midi: datetime) -> None:
    m = monde()
    commencer(connecte(m["gardien"]))
    assert compter(CleIdempotence) == {"CleIdempotence": 1}
    horloge.regler(midi + timedelta(days=6))
    assert _purger() == {}
    horloge.regler(midi + timedelta(days=8))
    assert _purger() == {"clés d’idempotence": 1}
    assert compter(CleIdempotence) == {"CleIdempotence": 0}


def test_une_annee_de_demonstration_ne_laisse_rien_au_dela_de_sa_date(db: None, midi: datetime) -> None:
    m = monde()
    depart = midi - timedelta(days=365)
    fins: list[Callable[[], Any]] = [
        lambda: recits.brouillon(m),
        lambda: _finie(m, "opposition"),
        lambda: _finie(m, "non_recevable"),
        lambda: _finie(m, "reorientee"),
        lambda: recits.recevable(m),
    ]
    for mois in range(12):
        horloge.regler(depart + timedelta(days=30 * mois))
        fins[mois % len(fins)]()
        fins[(mois + 1) % len(fins)]()
        _purger()
    horloge.regler(midi)
    _purger()
    maintenant = horloge.maintenant()
    with en_tant_que("palier_systeme"):
        for brouillon in Fiche.objects.brouillons():
            assert maintenant - brouillon.modifiee_le <= timedelta(days=30)
        for instruction in Instruction.objects.filter(fin_le__isnull=False):
            assert instruction.fin_le is not None
            reste = any(modele._default_manager.filter(fiche=instruction.pk).exists() for modele in CONTENU)
            attendu = conservation.effacement_le(instruction.etat, instruction.fin_le)
            assert reste is (attendu > horloge.aujourdhui()), (instruction.etat, instruction.fin_le)
        ouvertes = Instruction.objects.filter(etat=EtatInstruction.RECEVABLE)
        assert ouvertes.count() == Locataire.objects.filter(fiche__instruction__etat="recevable").count() > 0


def test_chaque_regle_dit_sa_source_et_compte_a_blanc() -> None:
    miennes = {n: r for n, r in purge.regles().items() if purge._REGLES[n].__module__ == conservation.__name__}
    assert sorted(miennes) == [
        "brouillons délaissés", "contenu des fiches abandonnées", "contenu des fiches closes",
        "contenu des fiches non recevables", "contenu des oppositions", "empreintes d’opposition",
        "fichiers à télécharger", "notices et fiches à imprimer", "vues de personnes parties",
    ]  # fmt: skip
    assert all(miennes.values())


def test_l_horloge_leve_les_delais_passes_une_seule_fois(db: None, midi: datetime) -> None:
    m = monde()
    passee = recits.informee(m)
    horloge.regler(midi + timedelta(days=4))
    encore = recits.informee(m)
    horloge.regler(midi + timedelta(days=9))
    with en_tant_que("palier_systeme"):
        assert tasks.systeme_lever_delais() == 1
        assert tasks.systeme_lever_delais() == 0
    assert recits.relue(m, passee).instruction.etat == EtatInstruction.A_VISITER
    assert recits.relue(m, encore).instruction.etat == EtatInstruction.DELAI_OPPOSITION


def test_le_web_ne_peut_rien_purger(db: None, midi: datetime) -> None:
    m = monde()
    _finie(m, "non_recevable")
    with agir_comme(m["coordination"]), connection.cursor() as curseur:
        for table in ("locataire", "constat", "releve", "echange", "jeton"):
            curseur.execute("SELECT has_table_privilege(current_user, %s, 'DELETE')", [f"signalements_{table}"])
            assert curseur.fetchone() == (False,), table
