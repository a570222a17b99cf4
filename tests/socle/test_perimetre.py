"""The database knows who acts, and nobody else."""

import pytest
from django.db import DatabaseError, ProgrammingError, connection, transaction

from partenaires.models import Rattachement, Residence
from partenaires.perimetre import agir_comme
from socle import perimetre
from tests.fabriques import monde


def _sql(requete: str, *parametres: str) -> list[tuple[object, ...]]:
    with connection.cursor() as curseur:
        curseur.execute(requete, parametres)
        return curseur.fetchall() if curseur.description else []


def test_la_suite_se_connecte_sous_le_role_restreint(db: None) -> None:
    requete = "SELECT current_user, session_user, rolsuper, rolbypassrls FROM pg_roles WHERE rolname = current_user"
    assert _sql(requete) == [("palier_web", "palier_web", False, False)]


def test_sans_ticket_la_base_ne_montre_rien(db: None) -> None:
    monde()
    assert Residence.objects.count() == 0
    assert Rattachement.objects.count() == 0


def test_chacun_ne_voit_que_son_organisation_et_l_identite_revient(db: None) -> None:
    nord, sud = monde("Nord"), monde("Sud")
    with agir_comme(nord["responsable"]):
        assert set(Residence.objects.all()) == {nord.residence, nord.autre_residence}
        with agir_comme(sud["gardien"]):
            assert set(Residence.objects.all()) == {sud.residence}
        assert set(Residence.objects.all()) == {nord.residence, nord.autre_residence}
    assert Residence.objects.count() == 0


@pytest.mark.parametrize(
    "alterer",
    [
        lambda p: [p[0], p[1], p[2], p[3], p[4], "0" * 64],
        lambda p: [p[0], p[1], p[2], "1", p[4], p[5]],
        lambda p: [p[0], "1", p[2], p[3], p[4], p[5]],
        lambda p: [p[0], p[1], p[2], p[3], "99999999999", p[5]],
        lambda p: p[:5],
    ],
)
def test_un_ticket_altere_n_ouvre_rien(db: None, alterer: object) -> None:
    m = monde()
    responsable = m["responsable"]
    with agir_comme(responsable):
        bon = perimetre.ticket(responsable.pk, m.bailleur.pk)
        faux = ".".join(alterer(bon.split(".")))  # type: ignore[operator]
        _sql("SELECT set_config('palier.ticket', %s, true)", faux)
        assert Residence.objects.count() == 0
        _sql("SELECT set_config('palier.ticket', %s, true)", bon)
        assert Residence.objects.count() == 2


def test_un_ticket_expire_n_ouvre_rien(db: None) -> None:
    m = monde()
    with agir_comme(m["responsable"]):
        _sql(
            "SELECT set_config('palier.ticket', %s, true)",
            perimetre.ticket(m["responsable"].pk, m.bailleur.pk, -1),
        )
        assert Residence.objects.count() == 0


def test_un_rattachement_termine_ferme_aussitot(db: None) -> None:
    m = monde()
    with agir_comme(m["responsable"]):
        Rattachement.objects.filter(compte=m["referent"]).update(au="2025-02-01")
    with agir_comme(m["referent"]):
        assert m["referent"].organisation_id is None
        assert Residence.objects.count() == 0


def test_le_journal_refuse_modification_suppression_et_lecture_de_la_tete(db: None) -> None:
    m = monde()
    for requete in (
        "UPDATE socle_evenement SET action = 'z'",
        "DELETE FROM socle_evenement",
        "TRUNCATE socle_evenement",
        "SELECT * FROM socle_tete",
        "SELECT * FROM droit.cle",
    ):
        with (
            agir_comme(m["coordination"]),
            pytest.raises((ProgrammingError, DatabaseError)),
            transaction.atomic(),
        ):
            _sql(requete)
