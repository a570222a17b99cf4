"""Reading a situation that others carry: a reason, a time, a notice, a review; reading alone, in raw SQL too."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.core import mail
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, transaction
from django.urls import reverse

from accompagnements import parcours, retards, taches
from accompagnements.enums import Action
from accompagnements.models import Accompagnement, LectureMotivee, NoteEquipe
from config.comptages import comptes_de
from partenaires.models import Compte, Notification
from partenaires.parcours.reglages import regler_lecture
from partenaires.perimetre import agir_comme
from socle import horloge
from socle.comptages import compter_ensemble
from socle.models import Evenement
from socle.transitions import TransitionInterdite
from tests import recits_accompagnements as histoires
from tests.accompagnements.pages import cle_neuve
from tests.accompagnements.test_etancheite import comptes_des_tables
from tests.comptage import enumerees, instructions
from tests.conftest import en_tant_que
from tests.fabriques import Monde, compte, monde
from tests.pages import connecte
from tests.partenaires.regards import traiter_envois

LIGNE = {"accompagnement", "intervenant"}


@pytest.fixture
def m(db: None, midi: datetime) -> Monde:
    """A file with a note of each level, carried by a soignant; another soignant and the social worker do not."""
    m = monde("Nord")
    a = histoires.evalue(m)
    with agir_comme(m["soignant"]):
        parcours.ecrire_note(a.pk, par=m["soignant"], niveau="clinique", texte="sentinelle clinique")
        parcours.ecrire_note(a.pk, par=m["soignant"], niveau="equipe", texte="sentinelle équipe")
    with agir_comme(m["coordination"]):
        parcours.changer_intervenants(a.pk, par=m["coordination"], intervenants=[m["soignant"]])
        regler_lecture(par=m["coordination"], intervenants_seulement=True, lecture_heures=24)
    return m


def dossier(m: Monde) -> Accompagnement:
    with agir_comme(m["coordination"]):
        a: Accompagnement = Accompagnement.objects.get()
        return a


def ouvrir(m: Monde, par: Compte, *, precision: str = "Elle m’a appelé.") -> LectureMotivee:
    with agir_comme(par):
        return parcours.ouvrir_lecture(dossier_pk(m), par=par, motif="demande", precision=precision)


def dossier_pk(m: Monde) -> Any:
    with en_tant_que("palier_fabrique"):
        return Accompagnement.objects.get().pk


def test_la_lecture_s_ouvre_se_ferme_et_finit_d_elle_meme(m: Monde) -> None:
    social = m["social"]
    lecture = ouvrir(m, social)
    lus = comptes_des_tables(social)
    assert {"visite", "diagnostic", "objectif", "noteequipe"} < set(lus)
    assert {"noteclinique", "entreeclinique"}.isdisjoint(lus)
    with agir_comme(social):
        parcours.fermer_lecture(lecture.pk, par=social)
        assert not NoteEquipe.objects.visibles_par(social).exists()
        with pytest.raises(TransitionInterdite):
            parcours.fermer_lecture(lecture.pk, par=social)
    assert set(comptes_des_tables(social)) - {"lecturemotivee"} == LIGNE
    ouvrir(m, social)
    depart = horloge.maintenant()
    horloge.regler(depart + timedelta(hours=23, minutes=59))
    assert "noteequipe" in comptes_des_tables(social)
    horloge.regler(depart + timedelta(hours=24))
    assert "noteequipe" not in comptes_des_tables(social)
    with agir_comme(social):
        assert not Accompagnement.objects.lus_par(social).exists()


def test_elle_n_ouvre_une_note_clinique_qu_a_un_soignant_et_n_ecrit_rien(m: Monde) -> None:
    with en_tant_que("palier_fabrique"):
        soignante = compte("soignant", m.equipe)
    ouvrir(m, soignante)
    assert {"noteclinique", "entreeclinique"} < set(comptes_des_tables(soignante))
    a = dossier(m)
    with agir_comme(soignante):
        for acte in (
            lambda: parcours.ecrire_note(a.pk, par=soignante, niveau="clinique", texte="Non."),
            lambda: parcours.changer_intervenants(a.pk, par=soignante, intervenants=[soignante]),
        ):
            with pytest.raises(PermissionDenied), transaction.atomic():
                acte()
        assert NoteEquipe.objects.update(version=9) == Accompagnement.objects.update(version=9) == 0


def test_elle_ne_se_falsifie_pas_en_sql(m: Monde) -> None:
    social, maintenant = m["social"], horloge.maintenant()
    sud = monde("Sud")
    a = dossier(m)

    def ligne(**champs: Any) -> LectureMotivee:
        valeurs = {"compte": social, "ouvert_le": maintenant, "jusqu_au": maintenant + timedelta(hours=1)} | champs
        return LectureMotivee(accompagnement=a, equipe=m.equipe, motif="autre", precision="Non.", **valeurs)

    demain = maintenant + timedelta(days=1)
    fausses = [
        (social, ligne(jusqu_au=maintenant + timedelta(hours=73))),
        (social, ligne(ouvert_le=demain, jusqu_au=demain + timedelta(hours=1))),
        (social, ligne(compte=m["soignant"])),
        (social, ligne(revu_le=maintenant, revu_par=m["coordination"])),
        (m["referent"], ligne(compte=m["referent"])),
        (sud["social"], ligne(compte=sud["social"])),
    ]
    for qui, fausse in fausses:
        with agir_comme(qui), pytest.raises(DatabaseError), transaction.atomic():
            fausse.save(force_insert=True)
    lecture = ouvrir(m, social)
    with agir_comme(social):
        lignes = LectureMotivee.objects.filter(pk=lecture.pk)
        with pytest.raises(DatabaseError), transaction.atomic():
            lignes.update(jusqu_au=maintenant + timedelta(hours=72))
        with pytest.raises(DatabaseError), transaction.atomic():
            lignes.update(revu_le=maintenant, revu_par=social)
    assert comptes_des_tables(m["soignant"]).get("lecturemotivee") is None
    assert comptes_des_tables(sud["coordination"]) == {}


def test_une_raison_est_demandee_et_qui_lit_deja_n_en_donne_pas(m: Monde) -> None:
    with pytest.raises(parcours.SaisieRefusee):
        ouvrir(m, m["social"], precision="  ")
    for role in ("coordination", "soignant"):
        with pytest.raises(TransitionInterdite):
            ouvrir(m, m[role])
    with pytest.raises(PermissionDenied):
        ouvrir(m, m["referent"])
    with pytest.raises(Accompagnement.DoesNotExist):
        ouvrir(m, monde("Sud")["social"])
    with en_tant_que("palier_fabrique"):
        assert LectureMotivee.objects.count() == 0


def test_la_coordination_est_prevenue_sans_nom_ni_raison_puis_revoit(m: Monde) -> None:
    traiter_envois()
    mail.outbox.clear()
    lecture = ouvrir(m, m["social"], precision="sentinelle de la raison")
    traiter_envois()
    (courriel,) = mail.outbox
    assert courriel.to == [m["coordination"].email]
    for secret in ("sentinelle", "Maquette", m["social"].nom):
        assert secret not in courriel.body
        assert secret not in courriel.subject
    with en_tant_que("palier_fabrique"):
        (avis,) = Notification.objects.filter(genre="accompagnements.lecture_motivee")
        evenement = Evenement.objects.get(action=Action.LECTURE_OUVERTE)
    assert (avis.compte, evenement.motif, evenement.compte_id) == (m["coordination"], "demande", m["social"].pk)
    with agir_comme(m["social"]), pytest.raises(PermissionDenied):
        parcours.revoir_lecture(lecture.pk, par=m["social"])
    with agir_comme(m["coordination"]):
        parcours.revoir_lecture(lecture.pk, par=m["coordination"], commentaire="Vu ensemble.")
        with pytest.raises(TransitionInterdite):
            parcours.revoir_lecture(lecture.pk, par=m["coordination"])
        assert not any(t.url == reverse("lectures") for t in taches.suivi_de(m["coordination"]).taches)


def test_la_revue_de_la_semaine_est_une_tache_que_le_rail_compte(m: Monde) -> None:
    with agir_comme(m["coordination"]):
        retard_avant = comptes_de(m["coordination"])["a_faire"][0]
    for _ in range(2):
        lecture = ouvrir(m, m["social"])
        with agir_comme(m["social"]):
            parcours.fermer_lecture(lecture.pk, par=m["social"])
    depart = horloge.maintenant()
    for jours, retard in ((0, 0), (7, 0), (8, 1)):
        horloge.regler(depart + timedelta(days=jours))
        with agir_comme(m["coordination"]):
            siennes = [t for t in taches.suivi_de(m["coordination"]).taches if t.url == reverse("lectures")]
            assert len(siennes) == 1
            assert siennes[0].delai.en_retard is bool(retard)
            assert compter_ensemble({"n": retards.lectures_a_revoir(m["coordination"])}) == {"n": retard}
    assert retard_avant >= 0
    with agir_comme(m["social"]):
        assert not any(t.url == reverse("lectures") for t in taches.suivi_de(m["social"]).taches)


def test_les_pages_menent_a_la_raison_puis_a_la_situation(m: Monde) -> None:
    client, pk = connecte(m["social"]), dossier_pk(m)
    portent = [m["soignant"], m["coordination"]]
    with agir_comme(m["coordination"]):
        parcours.changer_intervenants(pk, par=m["coordination"], intervenants=portent)
    demande = reverse("situation_demander", args=[pk])
    for nom in ("situation", "situation_notes", "situation_visites", "situation_documents", "visite_planifier"):
        assert client.get(reverse(nom, args=[pk]))["Location"] == demande, nom
    page = client.get(demande)
    assert page.status_code == 200
    texte = page.content.decode()
    assert ", ".join(compte.nom_complet for compte in portent) in texte  # each with its capitals
    assert "Suivie par" in texte
    for secret in ("sentinelle", "cuisine", "plombier", "Volets"):
        assert secret not in texte
    refusee = client.post(demande, {"cle": cle_neuve(), "motif": "", "precision": ""})
    assert refusee.status_code == 200
    with en_tant_que("palier_fabrique"):
        assert LectureMotivee.objects.count() == 0
    ouverte = client.post(demande, {"cle": cle_neuve(), "motif": "reunion", "precision": "Réunion de lundi."})
    assert ouverte["Location"] == reverse("situation", args=[pk])
    with instructions() as vues:
        lue = client.get(reverse("situation", args=[pk])).content.decode()
    assert len(vues) <= 12, enumerees(vues)
    assert "sentinelle équipe" in lue
    assert "sentinelle clinique" not in lue
    assert "Fermer cette lecture" in lue
    assert "Écrire une note" not in lue
    assert client.get(reverse("note_ecrire", args=[pk])).status_code == 403
    assert client.get(reverse("visite_planifier", args=[pk])).status_code == 403
    revue = connecte(m["coordination"]).get(reverse("lectures")).content.decode()
    assert "Réunion de lundi." in revue
    assert "1 page lue".replace(" ", "\N{NO-BREAK SPACE}", 1) in revue or "1 page lue" in revue
    with en_tant_que("palier_fabrique"):
        lecture = LectureMotivee.objects.get()
    assert client.post(reverse("lecture_fermer", args=[lecture.pk]))["Location"] == reverse("situations")
    assert client.get(reverse("situation", args=[pk]))["Location"] == demande
    coordination = connecte(m["coordination"])
    assert coordination.post(reverse("lecture_revoir", args=[lecture.pk]), {"commentaire": "Vu."}).status_code == 302
    assert "Aucune lecture à revoir" in coordination.get(reverse("lectures")).content.decode()


def test_le_reglage_est_celui_de_la_coordination(m: Monde) -> None:
    adresse = reverse("reglages_lecture")
    for role, code in (("soignant", 403), ("social", 403), ("referent", 404)):
        assert connecte(m[role]).post(adresse, {"qui": "equipe", "heures": 2}).status_code == code
    client = connecte(m["coordination"])
    assert client.post(adresse, {"qui": "equipe", "heures": 73}).status_code == 200
    assert set(comptes_des_tables(m["social"])) == LIGNE
    assert client.post(adresse, {"qui": "equipe", "heures": 2})["Location"] == reverse("reglages")
    assert "noteequipe" in comptes_des_tables(m["social"])
