"""Two sentences of the specification, read in the database: an open situation says its next step, and nothing is done
of a person before the week has passed."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction

from accompagnements import parcours
from accompagnements.echeances import prochaine
from accompagnements.models import Accompagnement, Accord, Intervenant, Orientation, PropositionDeVisite, Visite
from partenaires.perimetre import agir_comme
from signalements.enums import EtatInstruction
from signalements.models import Instruction
from socle import horloge
from tests import recits
from tests.accompagnements.test_taches import beaucoup
from tests.conftest import en_tant_que
from tests.fabriques import Monde, monde


def test_aucune_situation_ouverte_n_est_sans_prochaine_etape(db: None, midi: datetime) -> None:
    """Each open row of the table, whatever its state and the day, has a next step and its date."""
    m = monde()
    beaucoup(m)
    depart = horloge.maintenant()
    for jours in (0, 1, 10, 40, 100, 200, 400):
        horloge.regler(depart + timedelta(days=jours))
        with en_tant_que("palier_fabrique"), connection.cursor() as curseur:
            curseur.execute("SELECT id FROM accompagnements_accompagnement WHERE fin_le IS NULL")
            ouvertes = {ligne[0] for ligne in curseur.fetchall()}
        with agir_comme(m["social"]):
            lues = Accompagnement.objects.visibles_par(m["social"]).avec_personne().avec_echeances()
            suites = {a.pk: prochaine(a) for a in lues.ouverts()}
        assert set(suites) == ouvertes
        sans = [pk for pk, suite in suites.items() if suite is None]
        assert sans == [], (jours, sans)
        assert len(ouvertes) == 9


def _lignes(m: Monde, fiche_id: Any) -> list[Any]:
    """What would begin the work before its day, written straight into the tables by the équipe."""
    par, jour = m["coordination"], horloge.aujourdhui()
    a = Accompagnement(fiche_id=fiche_id, equipe=m.equipe, ouvert_par=par)
    commun: dict[str, Any] = {"accompagnement_id": a.pk, "equipe": m.equipe}
    return [
        a,
        Intervenant(**commun, compte=par),
        Visite(**commun, debut=horloge.maintenant(), planifiee_par=par),
        PropositionDeVisite(
            **commun, fiche_id=fiche_id, orienteur=m.bailleur, creneaux=[horloge.maintenant()], contact="A",
            contact_telephone="04", proposee_par=par, repondre_avant=jour,
        ),
        Accord(**commun, organisation=m.partenaire, portees=["demande"], le=jour, mode="oral", recueilli_par=par),
        Orientation(**commun, destinataire=m.partenaire, reference="26-0001", demande="Non.", proposee_par=par),
    ]  # fmt: skip


@pytest.mark.parametrize("avant", ["transmise", "recevable", "informee"])
def test_avant_la_fin_de_la_semaine_rien_ne_commence_meme_en_sql(db: None, midi: datetime, avant: str) -> None:
    m = monde()
    fiche = getattr(recits, avant)(m)
    par = m["coordination"]
    with agir_comme(par):
        for ligne in _lignes(m, fiche.pk):
            with pytest.raises(DatabaseError, match="row-level security"), transaction.atomic():
                ligne.save(force_insert=True)
        with pytest.raises(Exception), transaction.atomic():  # noqa: B017,PT011  the state or the scope, as it comes
            parcours.ouvrir(fiche.pk, par=par, intervenants=[par])
        for etat in (EtatInstruction.A_VISITER, EtatInstruction.ACCOMPAGNEE):  # nor is the week skipped
            with pytest.raises(DatabaseError), transaction.atomic():
                Instruction.objects.filter(pk=fiche.pk).update(etat=etat)
    with en_tant_que("palier_fabrique"):
        for modele in (Accompagnement, Intervenant, Visite, PropositionDeVisite, Accord, Orientation):
            assert modele._default_manager.count() == 0, modele
