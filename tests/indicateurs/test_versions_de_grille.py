"""The grid changes between T0 and T6: what one version alone asks is never compared, in the evolution and the bilan."""

from collections.abc import Mapping
from datetime import UTC, datetime

import pytest

from indicateurs import mesures
from indicateurs.calcul import calculer
from indicateurs.enums import Sens
from indicateurs.evolution import par_domaine, par_signal
from indicateurs.models import Periode
from indicateurs.parcours.echeances import ouvrir_releves_dus
from indicateurs.publication import Publication
from partenaires.perimetre import agir_comme
from signalements import parcours
from signalements.models import Grille, Releve
from signalements.parcours import grilles
from socle import horloge
from tests import recits
from tests.conftest import en_tant_que
from tests.fabriques import Monde, monde
from tests.recits_bilan import demander, relire

MARS = datetime(2026, 3, 20, 10, tzinfo=UTC)  # sent that day: due on 20 September
JUIN = datetime(2026, 6, 1, 10, tzinfo=UTC)
OUVERTURE = datetime(2026, 9, 6, 8, tzinfo=UTC)
APRES = datetime(2027, 1, 15, 10, tzinfo=UTC)
SECOND = Periode(2026, 2)


def nouvelle_version(m: Monde) -> Grille:
    """LOG1 is retired, LOG101 is new."""
    coordination = m["coordination"]
    with agir_comme(coordination):
        brouillon = grilles.brouillon_de(m.equipe.pk)
        restent = set(brouillon.codes) - {"LOG1"}
        brouillon = grilles.choisir_signaux(par=coordination, codes=restent, version=brouillon.version)
        brouillon = grilles.ajouter_signal(
            par=coordination, domaine="logement", libelle="Boîte aux lettres qui déborde", aide="",
            version=brouillon.version,
        )  # fmt: skip
        return grilles.publier_grille(par=coordination, version=brouillon.version)


def coter(m: Monde, presents: Mapping[str, int]) -> set[int]:
    """Rate what is due; returns the versions that the relevés carry."""
    with en_tant_que("palier_systeme"):
        ouvrir_releves_dus()
    versions = set()
    with agir_comme(m["referent"]):
        for releve in Releve.objects.a_rendre_par(m["referent"]).avec_fiche():
            versions.add(releve.grille_id)
            cotations = recits.cotations(releve.grille, presents=dict(presents))
            parcours.coter(releve.pk, par=m["referent"], cotations=cotations)
    return versions


def lire(m: Monde) -> mesures.Mesures:
    with agir_comme(m["coordination"]):
        return mesures.lire(m.equipe.pk, SECOND)


@pytest.fixture
def m(db: None) -> Monde:
    horloge.regler(MARS)
    return monde()


def test_seuls_les_signaux_des_deux_versions_se_comparent(m: Monde) -> None:
    nationale = Grille.objects.en_vigueur(m.equipe.pk)
    recits.recevable(m)  # LOG1 at 2, LIE1 at 3
    horloge.regler(JUIN)
    publiee = nouvelle_version(m)
    horloge.regler(OUVERTURE)
    assert coter(m, {"LOG101": 3, "LIE1": 1}) == {publiee.pk}
    lues = lire(m)
    (paire,) = lues.series["bailleur", False].paires
    assert paire.communs == nationale.codes() & publiee.codes() == paire.comparables
    lu = {e.code: e for e in par_signal([paire], [*sorted(nationale.codes() | publiee.codes())])}
    assert (lu["LOG1"].n, lu["LOG1"].manquants) == (0, 1)
    assert (lu["LOG101"].n, lu["LOG101"].manquants) == (0, 1)
    assert lu["LIE1"].effectifs == {Sens.ATTENUE: 1}
    domaines = {e.code: e.effectifs for e in par_domaine([paire], lues.grille.domaines())}
    # Neither the retired signal reads « disparu » nor the new one « apparu » in their domain.
    assert domaines["logement"] == {Sens.ABSENT: 1}
    assert domaines["presence"] == {Sens.ATTENUE: 1}
    assert lues.grille.libelle("LOG101") == "Boîte aux lettres qui déborde"


def test_un_releve_deja_ouvert_garde_la_version_avec_laquelle_il_est_ouvert(m: Monde) -> None:
    nationale = Grille.objects.en_vigueur(m.equipe.pk)
    recits.recevable(m)
    horloge.regler(OUVERTURE)
    with en_tant_que("palier_systeme"):
        ouvrir_releves_dus()
    nouvelle_version(m)
    assert coter(m, {"LOG1": 1}) == {nationale.pk}
    (paire,) = lire(m).series["bailleur", False].paires
    assert paire.communs == nationale.codes()
    assert par_signal([paire], ["LOG1"])[0].effectifs == {Sens.ATTENUE: 1}


def test_le_bilan_d_un_semestre_ou_la_grille_a_change_reste_juste(m: Monde) -> None:
    """Twelve persons: LOG1 was frequent for all at T0, the new LOG101 is for all at T6, LIE1 goes from 3 to 1."""
    for _ in range(12):
        recits.recevable(m)
    horloge.regler(JUIN)
    nouvelle_version(m)
    horloge.regler(OUVERTURE)
    coter(m, {"LOG101": 3, "LIE1": 1})
    horloge.regler(APRES)
    b = demander(m, SECOND)
    assert calculer(b.pk, b.delegation)
    donnees = relire(m, b).donnees
    assert donnees is not None
    publie = Publication.depuis(donnees)
    logement, presence = (publie.tableaux[f"sens.sans.{d}"] for d in ("logement", "presence"))
    assert logement.cellules == ((0, 12, 0),)  # « sans changement » holds those who cannot be compared
    assert presence.cellules == ((12, 0, 0),)
