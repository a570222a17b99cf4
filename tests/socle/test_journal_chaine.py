"""The verification of the journal names the first broken link, whatever was tampered with."""

from collections.abc import Callable
from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from partenaires.enums import Action
from partenaires.perimetre import agir_comme
from socle import horloge, journal
from socle.journal_actions import motif
from socle.journal_chaine import Bilan, ancrer, verifier
from socle.models import Evenement, Sceau
from tests.conftest import en_tant_que
from tests.fabriques import Monde, monde


def noter(m: Monde, combien: int = 5) -> int:
    """Entries in the chains of the équipe and of the bailleur; returns the équipe's key."""
    with agir_comme(m["coordination"]):
        for n in range(combien):
            journal.noter(
                Action.MEMBRES_LUS, organisation_id=m.equipe.pk, objet_type="rattachement", objets=range(n), motif="é"
            )
        journal.noter(Action.MEMBRES_LUS, organisation_id=m.bailleur.pk, objet_type="rattachement")
    return int(m.equipe.pk)


def relire() -> Bilan:
    with en_tant_que("palier_systeme"):
        return verifier()


def falsifier(requete: str, *parametres: Any) -> None:
    """What a superuser could do: triggers and policies do not stand in the way."""
    with en_tant_que("palier_fabrique"), connection.cursor() as curseur:
        curseur.execute("SET LOCAL session_replication_role = replica")
        curseur.execute(requete, parametres)
        assert curseur.rowcount >= 1
        curseur.execute("SET LOCAL session_replication_role = DEFAULT")


def test_un_journal_intact_est_dit_intact(db: None, midi: Any) -> None:
    noter(monde())
    bilan = relire()
    assert (bilan.organisations, bilan.evenements, bilan.ruptures) == (2, 6, ())


@pytest.mark.parametrize(
    ("requete", "sequence", "raison"),
    [
        ("UPDATE socle_evenement SET action = 'autre' WHERE organisation_id = %s AND sequence = 3", 3, "empreinte"),
        ("UPDATE socle_evenement SET objets = '{9}' WHERE organisation_id = %s AND sequence = 2", 2, "empreinte"),
        ("UPDATE socle_evenement SET compte_id = NULL WHERE organisation_id = %s AND sequence = 1", 1, "empreinte"),
        ("UPDATE socle_evenement SET motif = 'e' WHERE organisation_id = %s AND sequence = 4", 4, "empreinte"),
        ("UPDATE socle_evenement SET issue = 'refus' WHERE organisation_id = %s AND sequence = 4", 4, "empreinte"),
        ("UPDATE socle_evenement SET session = 'x' WHERE organisation_id = %s AND sequence = 5", 5, "empreinte"),
        (
            "UPDATE socle_evenement SET le = le + interval '1 microsecond' WHERE organisation_id = %s AND sequence = 2",
            2, "empreinte",
        ),
        ("DELETE FROM socle_evenement WHERE organisation_id = %s AND sequence = 1", 1, "il manque"),
        ("DELETE FROM socle_evenement WHERE organisation_id = %s AND sequence = 3", 3, "il manque"),
        ("DELETE FROM socle_evenement WHERE organisation_id = %s AND sequence = 5", 5, "la fin de la chaîne manque"),
        ("DELETE FROM socle_evenement WHERE organisation_id = %s AND sequence > 0", 1, "la fin de la chaîne manque"),
        ("UPDATE socle_tete SET empreinte = '\\x00' WHERE organisation_id = %s", 5, "la tête de la chaîne porte"),
        ("DELETE FROM socle_tete WHERE organisation_id = %s", 5, "a disparu"),
    ],
)  # fmt: skip
def test_le_premier_maillon_rompu_est_nomme(db: None, midi: Any, requete: str, sequence: int, raison: str) -> None:
    equipe = noter(monde())
    falsifier(requete, equipe)
    (rupture,) = relire().ruptures
    assert (rupture.organisation_id, rupture.sequence) == (equipe, sequence)
    assert raison in rupture.raison


def test_une_chaine_recalculee_apres_coup_contredit_son_sceau(db: None, midi: Any) -> None:
    """Somebody who can do everything in the database rewrites the end of the chain and its head."""
    equipe = noter(monde())
    with en_tant_que("palier_systeme"):
        assert sorted(s.sequence for s in ancrer()) == [1, 5]
    falsifier("DELETE FROM socle_evenement WHERE organisation_id = %s AND sequence = 5", equipe)
    with en_tant_que("palier_fabrique"):
        quatre = bytes(Evenement.objects.get(organisation_id=equipe, sequence=4).empreinte or b"")
    falsifier("UPDATE socle_tete SET sequence = 4, empreinte = %s WHERE organisation_id = %s", quatre, equipe)
    (rupture,) = relire().ruptures
    assert (rupture.sequence, rupture.raison) == (5, "la fin de la chaîne manque")


def test_deux_chaines_rompues_sont_nommees_toutes_les_deux(db: None, midi: Any) -> None:
    m = monde()
    noter(m)
    falsifier("UPDATE socle_evenement SET action = 'autre' WHERE sequence = 1")
    assert [(r.organisation_id, r.sequence) for r in relire().ruptures] == sorted(
        [(m.equipe.pk, 1), (m.bailleur.pk, 1)]
    )


@pytest.mark.parametrize(("age", "ruptures"), [(timedelta(days=400), 0), (timedelta(days=30), 1)])
def test_seul_ce_qui_a_atteint_sa_duree_peut_manquer_au_debut(
    db: None, midi: Any, age: timedelta, ruptures: int
) -> None:
    equipe = noter(monde())
    with en_tant_que("palier_fabrique"):
        deux = Evenement.objects.get(organisation_id=equipe, sequence=2)
        Sceau.objects.create(
            organisation_id=equipe, sequence=2, empreinte=bytes(deux.empreinte or b""), le=horloge.maintenant() - age
        )
    falsifier("DELETE FROM socle_evenement WHERE organisation_id = %s AND sequence <= 2", equipe)
    assert len(relire().ruptures) == ruptures


def commander(nom: str, *options: str, role: str = "palier_systeme") -> str:
    sortie = StringIO()
    with en_tant_que(role):
        call_command(nom, *options, stdout=sortie)
    return sortie.getvalue()


def test_la_commande_verifier_journal_sort_en_erreur_et_nomme_le_maillon(db: None, midi: Any) -> None:
    equipe = noter(monde())
    assert "Le journal est intact." in commander("verifier_journal")
    falsifier("UPDATE socle_evenement SET action = 'autre' WHERE organisation_id = %s AND sequence = 3", equipe)
    with pytest.raises(CommandError, match=f"Organisation {equipe}, maillon 3") as refus:
        commander("verifier_journal")
    assert refus.value.returncode == 1


def test_la_commande_ancrer_journal_ecrit_les_tetes_une_fois(db: None, midi: Any) -> None:
    equipe = noter(monde())
    premiere = commander("ancrer_journal")
    assert f'"organisation": {equipe}, "sequence": 5' in premiere
    assert commander("ancrer_journal") == premiere
    with en_tant_que("palier_fabrique"):
        assert Sceau.objects.count() == 2


COMMANDES: list[tuple[str, Callable[[], tuple[str, ...]]]] = [
    ("verifier_journal", tuple), ("ancrer_journal", tuple), ("purger", tuple), ("ouvrir_partitions", tuple),
    ("creer_plateforme", lambda: ("x@exemple.invalid",)),
]  # fmt: skip


@pytest.mark.parametrize(("nom", "options"), COMMANDES)
def test_une_commande_refuse_le_role_du_web_et_dit_lequel_poser(
    db: None, nom: str, options: Callable[[], tuple[str, ...]]
) -> None:
    with pytest.raises(CommandError, match="posez PALIER_ROLE="):
        call_command(nom, *options(), stdout=StringIO())


@pytest.mark.parametrize(
    ("code", "mots"), [("sans_place", "Aucune place avant longtemps"), ("pdf", "PDF"), ("", ""), ("faits", "faits")]
)
def test_le_motif_d_un_evenement_se_lit_en_francais(code: str, mots: str) -> None:
    assert motif(code) == mots
