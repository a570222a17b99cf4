"""The thread: who may write, what is new to whom, and the alert when nobody told the household."""

import re
from datetime import datetime, timedelta

import pytest
from django.db import DatabaseError, transaction
from django.urls import reverse

from partenaires.models import Compte
from partenaires.perimetre import agir_comme
from signalements import parcours
from signalements.enums import ModeInformation
from signalements.models import Echange, Fiche, LectureFil
from socle import horloge
from tests import recits, recits_avis
from tests.fabriques import Monde, monde
from tests.pages import connecte, texte
from tests.partenaires.regards import compter
from tests.recits_avis import courriels, notifications


def _page(m: Monde, role: str, fiche: Fiche) -> str:
    route = "signalement" if role in ("referent", "responsable") else "fiche"
    return texte(connecte(m[role]).get(reverse(route, args=[fiche.pk])))


def _dernier(m: Monde, role: str, fiche: Fiche) -> str:
    """The last message that the page shows, as its button sends it."""
    route = "signalement" if role in ("referent", "responsable") else "fiche"
    page = connecte(m[role]).get(reverse(route, args=[fiche.pk])).content.decode()
    trouve = re.search(r'name="jusqu_a" value="([0-9a-f-]{36})"', page)
    assert trouve is not None
    return trouve[1]


def _lire(m: Monde, role: str, fiche: Fiche, jusqu_a: str = "") -> None:
    envoi = {"jusqu_a": jusqu_a or _dernier(m, role, fiche)}
    assert connecte(m[role]).post(reverse("fil_lu", args=[fiche.pk]), envoi).status_code == 302


def test_chacun_des_deux_cotes_peut_commencer_et_l_autre_est_prevenu(db: None, midi: datetime) -> None:
    m = monde()
    du_bailleur, de_l_equipe = recits.transmise(m), recits.transmise(m)
    courriels()
    recits_avis.message_du_bailleur(m, du_bailleur, "Bonjour, où en est-on ?")
    recits_avis.message_de_l_equipe(m, de_l_equipe)
    partis = {c.to[0]: c.body for c in courriels()}
    assert set(partis) == {m["coordination"].email, m["referent"].email}
    assert all("Nous passons" not in corps and "où en est-on" not in corps for corps in partis.values())


def test_un_message_est_nouveau_pour_chacun_jusqu_a_ce_qu_il_l_ait_lu(db: None, midi: datetime) -> None:
    m = monde()
    fiche = recits.transmise(m)
    recits_avis.message_de_l_equipe(m, fiche)
    courriels()
    assert "Nouveau" in _page(m, "referent", fiche)
    assert "Nouveau" in _page(m, "responsable", fiche)
    assert "Nouveau" in _page(m, "coordination", fiche)  # a colleague wrote it
    assert "Nouveau" not in _page(m, "social", fiche)  # she did
    horloge.avancer(minutes=1)
    _lire(m, "referent", fiche)
    assert "Nouveau" not in _page(m, "referent", fiche)
    assert "Nouveau" in _page(m, "responsable", fiche)
    assert [n.lue_le for n in notifications(m["referent"])] == [horloge.maintenant()]
    horloge.avancer(minutes=1)
    recits_avis.message_de_l_equipe(m, fiche, "Finalement vendredi.")
    assert _page(m, "referent", fiche).count("Nouveau") == 1


def test_repondre_vaut_lecture(db: None, midi: datetime) -> None:
    m = monde()
    fiche = recits.transmise(m)
    recits_avis.message_de_l_equipe(m, fiche)
    horloge.avancer(minutes=1)
    recits_avis.message_du_bailleur(m, fiche)
    assert "Nouveau" not in _page(m, "referent", fiche)
    assert "Nouveau" in _page(m, "social", fiche)


def test_la_liste_marque_les_messages_que_l_on_n_a_pas_lus(db: None, midi: datetime) -> None:
    m = monde()
    fiche = recits.transmise(m)
    client = connecte(m["referent"])
    assert "nouveau" not in texte(client.get(reverse("mes_signalements")))
    recits_avis.message_de_l_equipe(m, fiche)
    assert "1 nouveau message" in texte(client.get(reverse("mes_signalements")))
    horloge.avancer(minutes=1)
    recits_avis.message_de_l_equipe(m, fiche, "Finalement vendredi.")
    assert "2 nouveaux messages" in texte(client.get(reverse("mes_signalements")))
    _lire(m, "referent", fiche)
    assert "nouveau" not in texte(client.get(reverse("mes_signalements")))
    assert "2 nouveaux messages" in texte(connecte(m["responsable"]).get(reverse("mes_signalements")))


def test_le_tri_de_l_equipe_compte_ce_que_chacun_n_a_pas_lu(db: None, midi: datetime) -> None:
    m = monde()
    fiche = recits.transmise(m)
    assert "nouveau" not in texte(connecte(m["social"]).get(reverse("fiches"))).replace("de nouveau", "")
    recits_avis.message_du_bailleur(m, fiche)
    for role in ("social", "coordination"):
        assert "1 nouveau message" in texte(connecte(m[role]).get(reverse("fiches")))
    _lire(m, "social", fiche)
    assert "1 nouveau message" not in texte(connecte(m["social"]).get(reverse("fiches")))
    assert "1 nouveau message" in texte(connecte(m["coordination"]).get(reverse("fiches")))


def test_un_message_arrive_apres_l_affichage_reste_nouveau(db: None, midi: datetime) -> None:
    m = monde()
    fiche = recits.transmise(m)
    recits_avis.message_de_l_equipe(m, fiche)
    courriels()
    premier = _dernier(m, "referent", fiche)
    horloge.avancer(minutes=1)
    recits_avis.message_de_l_equipe(m, fiche, "Finalement vendredi.")
    courriels()
    _lire(m, "referent", fiche, premier)
    assert _page(m, "referent", fiche).count("Nouveau") == 1
    assert [n.lue_le for n in notifications(m["referent"])] == [None, None]
    second = _dernier(m, "referent", fiche)
    _lire(m, "referent", fiche, second)
    _lire(m, "referent", fiche, premier)  # an older tab takes nothing back
    assert "Nouveau" not in _page(m, "referent", fiche)
    assert {n.lue_le for n in notifications(m["referent"])} == {horloge.maintenant()}


def test_a_faire_dit_le_message_a_celui_qui_doit_le_lire(db: None, midi: datetime) -> None:
    m = monde()
    fiche = recits.transmise(m)
    recits_avis.message_de_l_equipe(m, fiche)
    assert "Lire le message de l’équipe sur Mme Maquette" in texte(connecte(m["referent"]).get("/"))
    _lire(m, "referent", fiche)
    assert "Lire le message" not in texte(connecte(m["referent"]).get("/"))
    recits_avis.message_du_bailleur(m, fiche)
    lire = f"Lire le message {m.bailleur.nom_de} sur Mme Ondine Maquette"
    assert lire in texte(connecte(m["coordination"]).get("/"))  # nobody follows it
    assert "Lire le message" not in texte(connecte(m["soignant"]).get("/"))
    with agir_comme(m["coordination"]):
        parcours.attribuer(fiche.pk, par=m["coordination"], a=m["soignant"])
    assert lire in texte(connecte(m["soignant"]).get("/"))
    assert "Lire le message" not in texte(connecte(m["coordination"]).get("/"))
    _lire(m, "soignant", fiche)
    assert "Lire le message" not in texte(connecte(m["soignant"]).get("/"))


def test_une_situation_terminee_n_a_plus_de_message_a_lire(db: None, midi: datetime) -> None:
    m = monde()
    fiche = recits.transmise(m)
    recits_avis.message_de_l_equipe(m, fiche)
    with agir_comme(m["social"]):
        parcours.declarer_non_recevable(fiche.pk, par=m["social"], motif="doublon")
    client = connecte(m["referent"])
    assert "Lire le message" not in texte(client.get("/"))
    assert "nouveau" not in texte(client.get(reverse("mes_signalements")))


def test_le_script_recoit_une_reponse_sans_page(db: None, midi: datetime) -> None:
    m = monde()
    fiche = recits.transmise(m)
    recits_avis.message_de_l_equipe(m, fiche)
    adresse, envoi = reverse("fil_lu", args=[fiche.pk]), {"jusqu_a": _dernier(m, "referent", fiche)}
    reponse = connecte(m["referent"]).post(adresse, envoi, headers={"Accept": "application/json"})
    assert (reponse.status_code, reponse.content) == (204, b"")


@pytest.mark.parametrize("fin", ["opposition", "terminee"])
def test_apres_la_fin_le_fil_n_existe_plus_pour_le_bailleur(db: None, midi: datetime, fin: str) -> None:
    m = monde()
    fiche = recits.transmise(m)
    recits_avis.message_de_l_equipe(m, fiche)
    with agir_comme(m["social"]):
        if fin == "opposition":
            parcours.opposer(fiche.pk, par=m["social"])
        else:
            parcours.declarer_non_recevable(fiche.pk, par=m["social"], motif="doublon")
    for qui in (m["referent"], m["social"]):
        with agir_comme(qui), pytest.raises(Fiche.DoesNotExist):
            parcours.ecrire_message(fiche.pk, par=qui, texte="Encore là ?")
    with agir_comme(m["referent"]):
        assert Echange.objects.count() == 0
    with agir_comme(m["social"]):
        assert Echange.objects.count() == (0 if fin == "opposition" else 1)
    assert compter(Echange) == {"Echange": 1}


def test_personne_ne_lit_pour_un_autre_ni_ailleurs(db: None, midi: datetime) -> None:
    m, sud = monde(), monde("Sud")
    fiche = recits.transmise(m)

    def poser(par: Compte, pour: Compte) -> None:
        with agir_comme(par), pytest.raises(DatabaseError), transaction.atomic():
            LectureFil.objects.create(fiche=fiche, compte=pour, lu_le=midi)

    poser(m["referent"], m["responsable"])
    poser(sud["referent"], sud["referent"])
    ailleurs = recits.transmise(sud)
    recits_avis.message_de_l_equipe(m, fiche)
    recits_avis.message_de_l_equipe(sud, ailleurs)
    avant = compter(LectureFil)
    d_ici, d_ailleurs = _dernier(m, "referent", fiche), _dernier(sud, "referent", ailleurs)
    adresse = reverse("fil_lu", args=[fiche.pk])
    for role, jusqu_a, statut in (
        (sud["referent"], d_ici, 404),
        (sud["referent"], "n’importe quoi", 404),
        (m["referent"], d_ailleurs, 404),
        (m["referent"], "n’importe quoi", 400),
    ):
        assert connecte(role).post(adresse, {"jusqu_a": jusqu_a}).status_code == statut
    assert compter(LectureFil) == avant


def test_trois_semaines_sans_information_previennent_les_deux_cotes(db: None, midi: datetime) -> None:
    m = monde()
    fiche = recits.recevable(m)
    courriels()
    horloge.regler(midi + timedelta(days=21) - timedelta(hours=12))
    assert courriels() == []
    horloge.regler(midi + timedelta(days=21))
    partis = courriels()
    assert sorted(c.to[0] for c in partis) == sorted([m["referent"].email, m["coordination"].email])
    assert all("n’est toujours pas enregistrée" in c.body for c in partis)
    assert courriels() == []
    assert "Enregistrer l’information de" in texte(connecte(m["referent"]).get("/"))
    assert fiche.reference in partis[0].body


@pytest.mark.parametrize("cause", ["informee", "terminee", "opposee"])
def test_une_personne_informee_ou_une_situation_finie_n_alerte_personne(db: None, midi: datetime, cause: str) -> None:
    m = monde()
    fiche = recits.recevable(m)
    courriels()
    if cause == "informee":
        with agir_comme(m["referent"]):
            parcours.enregistrer_information(
                fiche.pk, par=m["referent"], le=midi.date(), mode=ModeInformation.VIVE_VOIX
            )
    elif cause == "terminee":
        with agir_comme(m["social"]):
            parcours.classer(fiche.pk, par=m["social"], motif="autre")
    else:
        with agir_comme(m["referent"]):
            parcours.opposer(fiche.pk, par=m["referent"])
    courriels()
    horloge.regler(midi + timedelta(days=21))
    assert [c for c in courriels() if "toujours pas enregistrée" in c.body] == []


def test_une_fiche_encore_recue_apres_trois_semaines_est_a_faire_des_deux_cotes(db: None, midi: datetime) -> None:
    m = monde()
    fiche = recits.transmise(m)
    horloge.regler(midi + timedelta(days=20))
    assert "Enregistrer l’information de" not in texte(connecte(m["referent"]).get("/"))
    assert "pas encore informée" not in texte(connecte(m["coordination"]).get("/"))
    horloge.regler(midi + timedelta(days=21))
    assert "Enregistrer l’information de Mme Maquette" in texte(connecte(m["referent"]).get("/"))
    assert "Information à enregistrer" in texte(connecte(m["referent"]).get(reverse("mes_signalements")))
    assert "personne pas encore informée" in texte(connecte(m["coordination"]).get("/"))
    with agir_comme(m["referent"]):
        parcours.enregistrer_information(fiche.pk, par=m["referent"], le=midi.date(), mode=ModeInformation.VIVE_VOIX)
    assert "Enregistrer l’information de" not in texte(connecte(m["referent"]).get("/"))
    assert "pas encore informée" not in texte(connecte(m["coordination"]).get("/"))
