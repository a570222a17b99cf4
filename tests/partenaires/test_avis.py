"""Notifications: who is told of what, how, and that no e-mail names anybody."""

import re
from datetime import date, datetime, timedelta

import pytest
from celery.schedules import crontab
from django.conf import settings
from django.core import mail
from django.db import DatabaseError, connection, transaction
from django.urls import reverse

from partenaires.enums import ModeCourriel
from partenaires.genres import codes, genre_de
from partenaires.models import Notification, Rattachement
from partenaires.parcours import avis
from partenaires.perimetre import agir_comme
from partenaires.tasks import purger_notifications
from signalements import parcours
from signalements.models import Fiche
from socle import horloge
from tests import recits, recits_avis
from tests.comptage import enumerees, instructions
from tests.conftest import en_tant_que
from tests.fabriques import Monde, compte, monde
from tests.pages import connecte, texte
from tests.partenaires.regards import promesses
from tests.recits_avis import courriels, notifications, prefere, resume_du_matin

SANTE = re.compile(r"sant[ée]|psy|soin|malad|souffran|trouble|médic|clinique|dépress|addict", re.IGNORECASE)


def _entier(courriel: mail.EmailMessage) -> str:
    """Subject, body and headers, without the public address of the site."""
    return str(courriel.message()).replace("http://127.0.0.1:8000", "") + str(courriel.subject) + str(courriel.body)


def test_aucun_courriel_d_aucun_genre_ni_la_table_ne_porte_un_nom_ni_un_mot_de_sante(db: None, midi: datetime) -> None:
    m, relue = recits_avis.monde_de_canaris(), recits_avis.monde_de_canaris(relecture=True)
    partis = recits_avis.tout_provoquer(m, relue)
    with en_tant_que("palier_fabrique"):
        genres = set(Notification.objects.values_list("genre", flat=True))
    assert genres == set(codes())
    assert len(partis) >= len(genres)
    for courriel in partis:
        entier = _entier(courriel)
        assert recits_avis.CANARI not in entier.lower(), entier
        assert not SANTE.search(entier), entier
        assert len(courriel.to) == 1
    with en_tant_que("palier_fabrique"), connection.cursor() as curseur:
        curseur.execute("SELECT string_agg(n::text, '|') FROM partenaires_notification n")
        ligne = curseur.fetchone()
    assert ligne
    assert recits_avis.CANARI not in str(ligne[0]).lower()


def test_aucun_resume_ne_porte_un_nom_ni_un_mot_de_sante(db: None, midi: datetime) -> None:
    m, relue = recits_avis.monde_de_canaris(), recits_avis.monde_de_canaris(relecture=True)
    for qui in (*m.comptes.values(), *relue.comptes.values()):
        prefere(qui, ModeCourriel.RESUME)
    assert recits_avis.tout_provoquer(m, relue) == []
    partis = resume_du_matin()
    assert partis
    for courriel in partis:
        assert recits_avis.CANARI not in _entier(courriel).lower()
        assert not SANTE.search(_entier(courriel))


def test_ce_qui_arrive_s_inscrit_une_fois_meme_si_l_envoi_est_refait(db: None, midi: datetime) -> None:
    m = monde()
    recits.transmise(m)
    assert [c.to for c in courriels()] == [[m["coordination"].email]]
    with en_tant_que("palier_fabrique"), connection.cursor() as curseur:
        curseur.execute("UPDATE socle_envoi SET fait_le = NULL")
    assert courriels() == []
    (n,) = notifications(m["coordination"])
    assert (n.genre, n.reference, n.lue_le, n.courriel) == ("signalements.transmise", "26-0001", None, "immediat")


def test_chacun_choisit_pour_chaque_famille_et_le_resume_part_une_fois_par_jour(db: None, midi: datetime) -> None:
    m = monde()
    prefere(m["coordination"], ModeCourriel.RESUME, "fiches")
    prefere(m["coordination"], ModeCourriel.AUCUN, "echanges")
    fiche = recits.transmise(m)
    recits.transmise(m)
    recits_avis.message_du_bailleur(m, fiche)
    assert courriels() == []
    assert [n.courriel for n in notifications(m["coordination"])] == ["resume", "resume", "aucun"]
    horloge.regler(midi + timedelta(hours=19))  # 7 o'clock the next day
    (resume,) = resume_du_matin()
    assert resume.to == [m["coordination"].email]
    assert resume.subject == "Palier\N{NO-BREAK SPACE}: votre résumé du matin"
    assert "- Une nouvelle fiche est à étudier. (26-0001, 26-0002)" in resume.body
    assert "message" not in resume.body.split("--")[0]
    assert f"http://127.0.0.1:8000{reverse('notifications')}" in resume.body
    assert resume_du_matin() == []
    recits.transmise(m)
    courriels()
    assert resume_du_matin() == []  # one a day
    horloge.avancer(days=1)
    (lendemain,) = resume_du_matin()
    assert "26-0003" in lendemain.body
    assert "26-0001" not in lendemain.body


def test_le_resume_part_a_sept_heures_de_paris() -> None:
    entree = settings.CELERY_BEAT_SCHEDULE["resumes"]
    assert (entree["task"], entree["schedule"]) == ("partenaires.tasks.systeme_resumer", crontab(hour=7, minute=0))
    assert settings.CELERY_TIMEZONE == "Europe/Paris"


def _en_attente(midi: datetime) -> tuple[Monde, Fiche]:
    m = monde()
    prefere(m["referent"], ModeCourriel.RESUME)
    fiche = recits.transmise(m)
    recits_avis.message_de_l_equipe(m, fiche)
    courriels()
    assert len(notifications(m["referent"])) == 1
    horloge.regler(midi + timedelta(hours=19))
    return m, fiche


def test_le_resume_de_ce_qui_reste_ouvert_part(db: None, midi: datetime) -> None:
    m, _ = _en_attente(midi)
    assert [c.to for c in resume_du_matin()] == [[m["referent"].email]]


@pytest.mark.parametrize("cause", ["parti", "autre_role", "desactive", "opposee", "terminee", "lue", "plus_voulu"])
def test_le_resume_ne_dit_pas_ce_que_la_personne_ne_peut_plus_savoir(db: None, midi: datetime, cause: str) -> None:
    m, fiche = _en_attente(midi)
    qui = m["referent"]
    if cause in ("opposee", "terminee"):
        with agir_comme(m["social"]):
            if cause == "opposee":
                parcours.opposer(fiche.pk, par=m["social"])
            else:
                parcours.declarer_non_recevable(fiche.pk, par=m["social"], motif="doublon")
    elif cause == "lue":
        with agir_comme(qui):
            avis.tout_lire(par=qui)
    elif cause == "plus_voulu":
        prefere(qui, ModeCourriel.AUCUN)
    else:
        with en_tant_que("palier_fabrique"):
            if cause == "parti":
                Rattachement.objects.filter(compte=qui).update(au=horloge.aujourdhui())
            elif cause == "autre_role":
                Rattachement.objects.filter(compte=qui).update(role="gardien")
            else:
                type(qui)._base_manager.filter(pk=qui.pk).update(is_active=False)
    assert [c for c in resume_du_matin() if c.to == [qui.email]] == []


def test_chacun_ne_lit_que_les_siennes_et_n_en_ecrit_aucune(db: None, midi: datetime) -> None:
    nord, sud = monde("Nord"), monde("Sud")
    recits.transmise(nord)
    courriels()
    (n,) = notifications(nord["coordination"])
    for autre in (nord["social"], sud["coordination"]):
        with agir_comme(autre):
            assert list(Notification.objects.all()) == []
            assert Notification.objects.filter(pk=n.pk).update(lue_le=midi) == 0
            with pytest.raises(Notification.DoesNotExist):
                avis.lire(n.pk, par=autre)
    with agir_comme(nord["coordination"]), pytest.raises(DatabaseError), transaction.atomic():
        Notification.objects.filter(pk=n.pk).update(reference="26-9999")
    with agir_comme(nord["coordination"]), pytest.raises(DatabaseError), transaction.atomic():
        Notification.objects.create(
            compte=nord["social"], organisation=nord.equipe, genre="signalements.transmise", effet="x"
        )
    assert notifications(nord["coordination"])[0].lue_le is None


def test_qui_a_change_de_role_ne_voit_plus_ce_que_l_ancien_ouvrait(db: None, midi: datetime) -> None:
    m = monde()
    fiche = recits.transmise(m)
    recits_avis.message_de_l_equipe(m, fiche)
    courriels()
    assert "L’équipe dédiée vous a écrit." in texte(connecte(m["referent"]).get(reverse("notifications")))
    with en_tant_que("palier_fabrique"):
        Rattachement.objects.filter(compte=m["referent"]).update(role="gardien")
    page = texte(connecte(m["referent"]).get(reverse("notifications")))
    assert "L’équipe dédiée vous a écrit." not in page
    assert "Aucune notification" in page


def test_la_liste_se_lit_s_ouvre_et_se_vide(db: None, midi: datetime) -> None:
    m = monde()
    fiche, autre = recits.transmise(m), recits.transmise(m)
    courriels()
    premiere, seconde = notifications(m["coordination"])
    client = connecte(m["coordination"])
    page = client.get(reverse("notifications"))
    assert "Notifications 2 non lues" in texte(page)
    assert texte(page).index("26-0002") < texte(page).index("26-0001")
    reponse = client.post(reverse("notification", args=[premiere.pk]), {"action": "ouvrir"})
    assert (reponse.status_code, reponse["Location"]) == (302, reverse("fiche", args=[fiche.pk]))
    assert "Notifications 1 non lues" in texte(client.get(reverse("notifications")))
    assert "26-0001" not in texte(client.get(reverse("notifications"), {"non_lues": "1"}))
    reponse = client.post(reverse("notification", args=[seconde.pk]), {"action": "lire"})
    assert reponse["Location"] == reverse("notifications")
    assert "non lues" not in texte(client.get(reverse("notifications"))).replace("Non lues", "")
    recits.transmise(m)
    courriels()
    assert client.post(reverse("notifications_lues")).status_code == 302
    assert [n.lue_le for n in notifications(m["coordination"])] == [midi, midi, midi]
    assert "Tout est lu" in texte(client.get(reverse("notifications"), {"non_lues": "1"}))
    assert autre.pk != fiche.pk


def test_une_notification_d_autrui_est_inconnue_et_reste_non_lue(db: None, midi: datetime) -> None:
    m = monde()
    recits.transmise(m)
    courriels()
    (n,) = notifications(m["coordination"])
    assert connecte(m["social"]).post(reverse("notification", args=[n.pk])).status_code == 404
    assert connecte(m["social"]).post(reverse("notifications_lues")).status_code == 302
    assert notifications(m["coordination"])[0].lue_le is None


def test_la_page_des_reglages_n_offre_que_les_familles_de_son_role(db: None, midi: datetime) -> None:
    m = monde()
    page = texte(connecte(m["correspondant"]).get(reverse("reglages_avis")))
    assert "Orientations" in page
    assert "Oppositions et rectifications" not in page
    client = connecte(m["coordination"])
    champs = dict.fromkeys(("fiches", "echanges", "delais", "refus", "orientations", "releves", "bilans"), "resume")
    assert client.post(reverse("reglages_avis"), champs).status_code == 302
    assert client.post(reverse("reglages_avis"), {**champs, "fiches": "aucun"}).status_code == 302
    fautive = client.post(reverse("reglages_avis"), {**champs, "fiches": "jamais"})
    assert "Choisissez une réponse" in texte(fautive)
    assert "Rien à régler" in texte(connecte(m["dpo"]).get(reverse("reglages_avis")))
    recits.transmise(m)
    assert courriels() == []


def test_les_notifications_partent_a_quatre_vingt_dix_jours(db: None, midi: datetime) -> None:
    m = monde()
    recits.transmise(m)
    courriels()
    horloge.regler(midi + timedelta(days=90))
    with en_tant_que("palier_systeme"):
        assert purger_notifications(a_blanc=False) == 0
    horloge.avancer(seconds=1)
    with en_tant_que("palier_systeme"):
        assert purger_notifications(a_blanc=True) == 1
    assert len(notifications(m["coordination"])) == 1
    with en_tant_que("palier_systeme"):
        assert purger_notifications(a_blanc=False) == 1
    assert notifications(m["coordination"]) == []


def test_chaque_genre_dit_une_phrase_et_mene_quelque_part() -> None:
    for code in codes():
        genre = genre_de(code)
        assert genre.phrase.endswith("."), code
        assert not SANTE.search(genre.phrase), code
        assert genre.chemin("018f0000-0000-7000-8000-000000000000").startswith("/"), code
        assert genre.roles, code


def test_le_pied_du_courriel_mene_aux_reglages(db: None, midi: datetime) -> None:
    m = monde()
    recits.transmise(m)
    (c,) = courriels()
    assert f"Choisir vos courriels : http://127.0.0.1:8000{reverse('reglages_avis')}" in c.body


def test_un_compte_sans_rien_n_a_pas_de_resume(db: None, midi: datetime) -> None:
    m = monde()
    with en_tant_que("palier_fabrique"):
        compte("referent", m.bailleur)
    assert resume_du_matin() == []
    assert [g for g in promesses() if g == "partenaires.resume"] == []
    assert date(2026, 9, 22) == horloge.aujourdhui()


@pytest.mark.parametrize("role", ["coordination", "referent", "gardien"])
def test_la_liste_coute_autant_avec_trois_et_trente_lignes(db: None, midi: datetime, role: str) -> None:
    m = monde()
    client = connecte(m[role])
    couts = []
    for nombre in (3, 27):
        with en_tant_que("palier_fabrique"):
            organisation = Rattachement.objects.get(compte=m[role]).organisation
            Notification.objects.bulk_create(
                Notification(
                    compte=m[role], organisation=organisation, pour=m["responsable"], genre=_genre(role),
                    objet_id=str(n), effet=f"{nombre}-{n}", courriel="aucun",
                )
                for n in range(nombre)
            )  # fmt: skip
        with instructions() as vues:
            assert client.get(reverse("notifications")).status_code == 200
        couts.append(len(vues))
        assert len(vues) <= 12, enumerees(vues)
    assert couts[0] == couts[1]
    page = client.get(reverse("notifications"))
    assert "Notifications 30 non lues" in texte(page)
    suivante = re.search(r'href="(\?apres=[^"]+)" rel="next"', page.content.decode())
    assert suivante is not None
    assert page.content.decode().count("pa-avis__ligne--non-lue") == 25
    reste = client.get(reverse("notifications") + suivante[1])
    assert reste.content.decode().count("pa-avis__ligne--non-lue") == 5


def _genre(role: str) -> str:
    return {"coordination": "signalements.transmise", "referent": "signalements.message"}.get(
        role, "signalements.renvoyee"
    )
