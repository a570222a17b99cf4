"""A bilan is asked for, held, lost, failed, published: each state and each refusal, without its calculation."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from celery import current_app
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, connection, transaction
from kombu.exceptions import OperationalError

from indicateurs import calcul, documents, parcours
from indicateurs.enums import Etape, EtatBilan
from indicateurs.models import Bilan, BilanFichier, Periode
from indicateurs.publication import empreinte
from partenaires.enums import Role
from partenaires.models import Rattachement
from partenaires.perimetre import agir_comme
from socle import horloge
from socle.models import Delegation, Envoi, Evenement
from socle.perimetre import agir_par_delegation
from socle.transitions import TransitionInterdite
from tests.conftest import en_tant_que
from tests.fabriques import Monde, monde
from tests.recits_bilan import DONNEES, S1, demander, deposer, prendre, publie, relire, reprendre

# Asking ---------------------------------------------------------------------------------------------------


def test_la_demande_ecrit_la_ligne_la_delegation_et_le_journal_puis_reveille(
    m: Monde, messages: list[list[str]], django_capture_on_commit_callbacks: Any
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        b = demander(m)
    assert (b.etat, b.debut.isoformat(), b.fin.isoformat()) == ("demande", "2026-01-01", "2026-06-30")
    assert b.identifiant == f"B-2026-1-{m.equipe.pk:02d}"
    assert messages == [[parcours.TACHE, str(b.pk), str(b.delegation)]]
    with en_tant_que("palier_systeme"):
        delegation = Delegation.objects.get(pk=b.delegation)
    assert (delegation.compte_id, delegation.organisation_id) == (m["coordination"].pk, m.equipe.pk)
    assert delegation.expire_le == horloge.maintenant() + timedelta(hours=24)
    with agir_comme(m["coordination"]):
        assert [e.action for e in Evenement.objects.all().de_l_objet(b.pk)] == ["indicateurs.bilan_demande"]


def test_redis_arrete_ne_fait_pas_echouer_la_demande_et_le_balayage_la_reprend(
    m: Monde, monkeypatch: pytest.MonkeyPatch, django_capture_on_commit_callbacks: Any
) -> None:
    def mort(*args: object, **kwargs: object) -> None:
        raise OperationalError("Connection refused")

    monkeypatch.setattr(current_app, "send_task", mort)
    with django_capture_on_commit_callbacks(execute=True):
        b = demander(m)
    assert relire(m, b).etat == EtatBilan.DEMANDE
    assert reprendre() == 0  # still down: it waits
    envoyes: list[Any] = []
    monkeypatch.setattr(current_app, "send_task", lambda nom, args, **_: envoyes.append(args))
    assert reprendre() == 1
    assert envoyes == [[str(b.pk), str(b.delegation)]]


def test_demander_deux_fois_donne_le_meme_bilan(m: Monde) -> None:
    b = demander(m)
    assert demander(m).pk == b.pk
    with agir_comme(m["coordination"]):
        assert Bilan.objects.count() == 1
    publie_ = publie(monde("Sud"))
    assert publie_.pk != b.pk


@pytest.mark.parametrize(
    ("periode", "phrase"),
    [
        (Periode(2026, 2), "Le semestre n’est pas terminé."),
        (Periode(2027, 1), "Le semestre n’est pas terminé."),
        (Periode(2026), "L’année n’est pas terminée."),
    ],
)
def test_une_periode_qui_court_est_refusee_et_rien_n_est_ecrit(m: Monde, periode: Periode, phrase: str) -> None:
    with agir_comme(m["coordination"]), pytest.raises(parcours.PeriodeEnCours, match=phrase), transaction.atomic():
        parcours.demander(par=m["coordination"], periode=periode)
    with en_tant_que("palier_systeme"):
        assert not Bilan.objects.exists()
        assert not Delegation.objects.exists()


def test_le_dernier_jour_le_semestre_n_est_pas_termine_le_lendemain_si(m: Monde) -> None:
    horloge.regler(datetime(2026, 6, 30, 21, 59, tzinfo=UTC))  # 23 h 59 in Paris
    assert not S1.est_terminee
    horloge.regler(datetime(2026, 6, 30, 22, 0, tzinfo=UTC))
    assert S1.est_terminee


def test_une_annee_et_ses_semestres_s_excluent(m: Monde) -> None:
    demander(m, Periode(2025))
    with agir_comme(m["coordination"]), pytest.raises(parcours.PeriodeChevauchante), transaction.atomic():
        parcours.demander(par=m["coordination"], periode=Periode(2025, 2))
    assert demander(m, S1).periode == S1
    with en_tant_que("palier_systeme"):
        assert Bilan.objects.count() == 2


def test_la_base_refuse_deux_periodes_qui_se_recouvrent(m: Monde) -> None:
    b = demander(m, Periode(2025))
    with agir_comme(m["coordination"]), pytest.raises(DatabaseError, match="bilan_periodes_disjointes"):  # noqa: SIM117
        with transaction.atomic():
            Bilan(
                equipe=m.equipe, debut=Periode(2025, 2).debut, fin=b.fin, demande_par=m["coordination"],
                delegation=uuid4(),
            ).save(force_insert=True)  # fmt: skip


def test_la_base_refuse_une_periode_qui_n_est_ni_semestre_ni_annee(m: Monde) -> None:
    with agir_comme(m["coordination"]), pytest.raises(DatabaseError, match="bilan_semestre_ou_annee_entiers"):  # noqa: SIM117
        with transaction.atomic():
            Bilan(
                equipe=m.equipe, debut=S1.debut, fin=S1.debut, demande_par=m["coordination"], delegation=uuid4()
            ).save(force_insert=True)


@pytest.mark.parametrize("role", sorted(set(Role.values) - {Role.COORDINATION}))
def test_seule_la_coordination_demande(m: Monde, role: str) -> None:
    with agir_comme(m[role]), pytest.raises(PermissionDenied), transaction.atomic():
        parcours.demander(par=m[role], periode=S1)
    with agir_comme(m[role]), pytest.raises(DatabaseError), transaction.atomic():  # in raw SQL either
        Bilan(equipe=m.equipe, debut=S1.debut, fin=S1.fin, demande_par=m[role], delegation=uuid4()).save(
            force_insert=True
        )
    with en_tant_que("palier_systeme"):
        assert not Bilan.objects.exists()


# Held by one worker ---------------------------------------------------------------------------------------


def test_un_seul_ouvrier_tient_un_bilan(m: Monde) -> None:
    b = demander(m)
    premiere = prendre(b)
    with agir_par_delegation(b.delegation, parcours.TACHE):
        assert parcours.prendre(b.pk) is None
    horloge.avancer(minutes=3)
    seconde = prendre(b)  # the first gave no sign for three minutes
    assert seconde.jeton != premiere.jeton
    with agir_par_delegation(b.delegation, parcours.TACHE), pytest.raises(parcours.Depossede), transaction.atomic():
        parcours.noter_etape(premiere, Etape.SECRET)
    with pytest.raises(parcours.Depossede):
        deposer(b, premiere, b"%PDF-du-premier")
    assert relire(m, b).etat == EtatBilan.CALCUL
    deposer(b, seconde, b"%PDF-du-second")
    with agir_comme(m["coordination"]):
        assert bytes(BilanFichier.objects.get().pdf) == b"%PDF-du-second"
        assert relire(m, b).essais == 2


def test_un_signe_de_vie_garde_le_bilan(m: Monde) -> None:
    b = demander(m)
    prise = prendre(b)
    for etape in Etape:
        horloge.avancer(seconds=90)
        with agir_par_delegation(b.delegation, parcours.TACHE):
            assert parcours.prendre(b.pk) is None
            parcours.noter_etape(prise, etape)
    assert relire(m, b).etape == Etape.ENREGISTREMENT


def test_donnees_et_document_arrivent_ensemble(m: Monde) -> None:
    b = demander(m)
    prise = prendre(b)
    with en_tant_que("palier_systeme"):
        assert Bilan.objects.get().donnees is None
    deposer(b, prise)
    lu = relire(m, b)
    assert (lu.etat, lu.donnees, lu.empreinte, lu.jeton) == ("pret", DONNEES, empreinte(DONNEES), None)
    with agir_comme(m["coordination"]):
        assert BilanFichier.objects.get().bilan_id == b.pk
    with pytest.raises(parcours.Depossede):  # a late second delivery changes nothing
        deposer(b, prise, b"%PDF-tardif")


def test_un_echec_est_repris_puis_declare_au_cinquieme(
    m: Monde, monkeypatch: pytest.MonkeyPatch, messages: list[list[str]]
) -> None:
    def casse(*args: object) -> None:
        raise RuntimeError("panne")

    monkeypatch.setattr(documents, "produire", casse)
    b = demander(m)
    lu = b
    for essai in range(1, 6):
        with pytest.raises(RuntimeError):
            calcul.calculer(b.pk, b.delegation)
        lu = relire(m, b)
        assert (lu.essais, lu.etat) == (essai, "calcul" if essai < 5 else "echec")
        horloge.avancer(seconds=1)
        if essai < 5:
            assert reprendre() == 1
    assert lu.erreur == "RuntimeError"
    assert reprendre() == 0
    assert len(messages) == 4
    assert not calcul.calculer(b.pk, b.delegation)
    with agir_comme(m["coordination"]):
        assert not BilanFichier.objects.exists()


def test_cinq_ouvriers_tues_font_un_echec_que_la_coordination_relance(m: Monde, messages: list[list[str]]) -> None:
    b = demander(m)
    for _ in range(5):
        prendre(b)
        horloge.avancer(minutes=3)
    assert reprendre() == 0
    assert relire(m, b).etat == EtatBilan.ECHEC
    assert relire(m, b).erreur == "essais"
    with agir_comme(m["coordination"]):
        parcours.relancer(b.pk, par=m["coordination"])
    assert relire(m, b).etat == EtatBilan.DEMANDE
    assert reprendre() == 1


def test_une_delegation_expiree_finit_en_echec(m: Monde, messages: list[list[str]]) -> None:
    b = demander(m)
    horloge.avancer(hours=25)
    assert not calcul.calculer(b.pk, b.delegation)
    assert reprendre() == 0
    assert (relire(m, b).etat, relire(m, b).erreur) == ("echec", "delegation")


def test_qui_a_perdu_son_role_ne_fait_rien_calculer(m: Monde) -> None:
    b = demander(m)
    with en_tant_que("palier_fabrique"):
        Rattachement.objects.filter(compte=m["coordination"]).update(au=horloge.aujourdhui())
    assert not calcul.calculer(b.pk, b.delegation)
    with en_tant_que("palier_systeme"):
        assert Bilan.objects.get().etat == EtatBilan.DEMANDE


def test_une_delegation_n_ouvre_que_sa_tache(m: Monde) -> None:
    b = demander(m)
    assert not calcul.calculer(b.pk, uuid4())
    assert relire(m, b).etat == EtatBilan.DEMANDE


# Published ------------------------------------------------------------------------------------------------


def test_publier_fige_et_previent(m: Monde) -> None:
    b = publie(m)
    assert (b.etat, b.publie_par_id) == ("publie", m["coordination"].pk)
    with en_tant_que("palier_systeme"):
        assert set(Envoi.objects.filter(genre__startswith="indicateurs.bilan").values_list("genre", flat=True)) == {
            "indicateurs.bilan_pret",
            "indicateurs.bilan_publie",
        }
    with agir_comme(m["coordination"]), pytest.raises(TransitionInterdite), transaction.atomic():
        parcours.relancer(b.pk, par=m["coordination"])
    with agir_comme(m["coordination"]), connection.cursor() as curseur:  # nor in raw SQL
        curseur.execute("UPDATE indicateurs_bilan SET donnees = '{}' RETURNING id")
        assert curseur.fetchall() == []
        curseur.execute("UPDATE indicateurs_bilanfichier SET pdf = 'autre' RETURNING bilan_id")
        assert curseur.fetchall() == []


def test_on_ne_publie_que_ce_qu_on_a_lu(m: Monde) -> None:
    b = demander(m)
    deposer(b, prendre(b))
    with agir_comme(m["coordination"]), pytest.raises(parcours.BilanChange), transaction.atomic():
        parcours.publier(b.pk, par=m["coordination"], empreinte="f" * 64)
    assert relire(m, b).etat == EtatBilan.PRET


def test_un_bilan_pret_se_recalcule_et_perd_ses_chiffres(m: Monde) -> None:
    b = demander(m)
    deposer(b, prendre(b), b"%PDF-un")
    with agir_comme(m["coordination"]):
        b = parcours.relancer(b.pk, par=m["coordination"])
    assert (relire(m, b).donnees, relire(m, b).etat) == (None, "demande")
    deposer(b, prendre(b), b"%PDF-deux")
    with agir_comme(m["coordination"]):
        assert [bytes(f.pdf) for f in BilanFichier.objects.all()] == [b"%PDF-deux"]
