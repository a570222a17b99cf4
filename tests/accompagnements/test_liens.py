"""The link of a partner without an account: opened once with its code, it shows what the orientation carries."""

import re
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.core import mail
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.urls import reverse

from accompagnements import parcours
from accompagnements.enums import Portee
from accompagnements.models import Accord, Document, LienOrientation, Orientation
from accompagnements.parcours.liens import adresse_du_lien
from partenaires.models import Structure
from partenaires.parcours import annuaire
from partenaires.perimetre import agir_comme
from signalements import parcours as signalements
from socle import horloge
from socle.transitions import TransitionInterdite
from tests import recits_accompagnements as histoires
from tests.accompagnements.pages import cle_neuve
from tests.conftest import en_tant_que
from tests.fabriques import Monde, monde
from tests.pages import connecte, texte
from tests.partenaires.regards import evenements, traiter_envois

REPONSE, LUE = "/reponse/", "/reponse/orientation/"


def structure(m: Monde, nom: str = "CMP du Lavoir", **champs: Any) -> Structure:
    with agir_comme(m["social"]):
        fiche = annuaire.Fiche(genre="cmp", nom=nom, **{"courriel": "cmp@exemple.invalid", **champs})
        return annuaire.ajouter(fiche, par=m["social"])


def envoyee(m: Monde, s: Structure | None = None, **champs: Any) -> Orientation:
    """Sent, under an accord, to an entry of the annuaire."""
    s = s or structure(m)
    a = histoires.evalue(m, telephone="06 00 00 00 00", **champs)
    histoires.accord(m, a, organisation=s)
    o = histoires.orientation_proposee(m, a, destinataire=s)
    with agir_comme(m["soignant"]):
        return parcours.envoyer_orientation(o.pk, par=m["soignant"])


def remis(m: Monde, o: Orientation) -> tuple[str, str]:
    """The link, as the e-mail has it, and the code, as the page shows it."""
    with agir_comme(m["soignant"]):
        r = parcours.remettre_lien(o.pk, par=m["soignant"])
    return adresse_du_lien(r.lien.pk), r.code_dit


def entrer(m: Monde, o: Orientation) -> Client:
    lien, code = remis(m, o)
    client = Client()
    assert client.post(REPONSE, {"lien": lien, "code": code}).status_code == 302
    return client


def cles(page: Any, nom: str = "formulaire") -> dict[str, str]:
    return {"cle": cle_neuve(), "version": str(page.context[nom]["version"].value())}


def test_le_lien_part_sans_nom_et_le_code_n_est_dit_qu_a_qui_envoie(db: None, midi: datetime) -> None:
    m = monde()
    s = structure(m)
    a = histoires.evalue(m)
    histoires.accord(m, a, organisation=s)
    o = histoires.orientation_proposee(m, a, destinataire=s)
    client = connecte(m["soignant"])
    adresse = reverse("orientation_envoyer", args=[o.pk])
    envoi = {"cle": cle_neuve(), "version": "1"}
    page = client.post(adresse, envoi)
    trouve = re.search(r"\b(\d{4}) (\d{4})\b", texte(page))
    assert trouve is not None
    assert page["Cache-Control"] == "no-store"
    mail.outbox.clear()
    traiter_envois()
    (courriel,) = mail.outbox
    assert courriel.to == ["cmp@exemple.invalid"]
    assert "/reponse/#" in courriel.body
    for secret in ("Maquette", "Ondine", trouve[1], trouve[2], "CMP"):
        assert secret not in f"{courriel.subject}{courriel.body}"
    encore = client.post(adresse, envoi, follow=True)
    assert trouve[0] not in texte(encore)
    assert trouve[0] not in texte(client.get(reverse("orientation", args=[o.pk])))
    with en_tant_que("palier_fabrique"), connection.cursor() as curseur:
        assert LienOrientation.objects.count() == 1
        curseur.execute("SELECT l::text FROM accompagnements_lienorientation l")
        ligne = curseur.fetchone()
    assert ligne is not None
    assert trouve[1] + trouve[2] not in ligne[0]


def test_la_page_montre_ce_que_l_orientation_porte_et_rien_d_autre(db: None, midi: datetime) -> None:
    m = monde()
    o = envoyee(m, faits="Canari des faits", contexte="Canari du contexte")
    client = entrer(m, o)
    page = client.get(LUE)
    dit = texte(page)
    for porte in ("Mme Ondine Maquette", "06 00 00 00 00", "Un premier rendez-vous, plutôt le matin.", m.equipe.nom):
        assert porte in dit
    assert "Canari" not in page.content.decode()
    assert "no-store" in page["Cache-Control"]
    assert page["Referrer-Policy"] == "same-origin"  # no other site is told; « no-referrer » would shut the form itself
    assert evenements(m.equipe.pk)[-1] == "accompagnements.orientation_lue_par_lien"
    with transaction.atomic():  # the session of the page opens nothing else of the database
        assert not Orientation.objects.exists()
        assert not LienOrientation.objects.exists()
        assert not Document.objects.exists()


def test_sans_coordonnees_dans_l_accord_le_lien_n_en_montre_pas(db: None, midi: datetime) -> None:
    m = monde()
    s = structure(m)
    a = histoires.evalue(m, telephone="06 00 00 00 00")
    histoires.accord(m, a, organisation=s, portees=[Portee.DEMANDE])
    o = histoires.orientation_proposee(m, a, destinataire=s)
    with agir_comme(m["soignant"]):
        parcours.envoyer_orientation(o.pk, par=m["soignant"])
    dit = texte(entrer(m, o).get(LUE))
    assert "06 00 00 00 00" not in dit
    assert "allée des Tilleuls" not in dit


def test_un_lien_ne_s_ouvre_qu_une_fois_et_son_code_cinq(db: None, midi: datetime) -> None:
    m = monde()
    o = envoyee(m)
    lien, code = remis(m, o)
    faux = f"{(int(code[:4]) + 1) % 10000:04} {code[5:]}"
    for _ in range(4):
        assert "n’ouvre rien" in texte(Client().post(REPONSE, {"lien": lien, "code": faux}))
    assert Client().post(REPONSE, {"lien": lien, "code": code}).status_code == 302
    assert "n’ouvre rien" in texte(Client().post(REPONSE, {"lien": lien, "code": code}))
    lien, code = remis(m, o)
    faux = f"{(int(code[:4]) + 1) % 10000:04} {code[5:]}"
    for _ in range(5):
        Client().post(REPONSE, {"lien": lien, "code": faux})
    assert "n’ouvre rien" in texte(Client().post(REPONSE, {"lien": lien, "code": code}))
    assert texte(Client().get(LUE), 404)


@pytest.mark.parametrize("fin", ["expire", "remplace", "revoque", "accord", "retrait", "opposition", "echeance"])
def test_ce_qui_ferme_le_lien_ferme_aussi_la_page_ouverte(db: None, midi: datetime, fin: str) -> None:
    m = monde()
    o = envoyee(m)
    client = entrer(m, o)
    page = client.get(LUE)
    qui = m["soignant"]
    with agir_comme(qui):
        accord = Accord.objects.get()
    if fin == "expire":
        horloge.avancer(hours=2, minutes=1)
    elif fin == "remplace":
        remis(m, o)
    elif fin == "echeance":
        with agir_comme(qui):
            parcours.recueillir_accord(
                o.accompagnement_id, par=qui, organisation=o.chez, portees=["demande"], mode="oral",
                le=horloge.aujourdhui(), jusqu_au=horloge.aujourdhui(),
            )  # fmt: skip
        horloge.regler(horloge.maintenant() + timedelta(hours=1))
        assert client.get(LUE).status_code == 200
        with en_tant_que("palier_fabrique"):
            LienOrientation.objects.update(acces_jusqu_au=horloge.maintenant() + timedelta(days=3))
        horloge.avancer(days=1)
    else:
        with agir_comme(m["referent"] if fin == "opposition" else qui):
            if fin == "revoque":
                parcours.revoquer_lien(o.pk, par=qui)
            elif fin == "accord":
                parcours.retirer_accord(accord.pk, par=qui)
            elif fin == "retrait":
                parcours.retirer(o.pk, par=qui, motif="sans_objet")
            else:
                signalements.opposer(o.accompagnement.fiche_id, par=m["referent"])
    reponse = client.post(LUE, {**cles(page), "acte": "repondre", "issue": "refuser", "motif": "autre"})
    assert reponse.status_code == 404
    assert client.get(LUE).status_code == 404
    with en_tant_que("palier_systeme"):
        lue = Orientation.objects.get(pk=o.pk)
    assert (lue.repondue_le, lue.motif_refus) == (None, "")


def test_le_partenaire_accepte_puis_dit_la_venue_et_la_fin(db: None, midi: datetime) -> None:
    m = monde()
    o = envoyee(m)
    client = entrer(m, o)
    envoi = {
        "acte": "repondre", "issue": "accepter", "jour": (horloge.aujourdhui() + timedelta(days=1)).isoformat(),
        "heure": "09:15", "avec": "Secrétariat", "message": "Nous rappelons.",
    }  # fmt: skip
    page = client.get(LUE)
    encore = cles(page)
    client.post(LUE, {**envoi, **encore})
    double = client.post(LUE, {**envoi, **encore}, follow=True)
    assert "L’orientation a changé entre-temps" in texte(double)
    lue = histoires.orientation_relue(m, o)
    assert (lue.etat, lue.rendez_vous_avec, lue.reponse, lue.repondue_par_id, lue.version) == (
        "acceptee", "Secrétariat", "Nous rappelons.", None, o.version + 1,
    )  # fmt: skip
    jour = horloge.aujourdhui().isoformat()
    client.post(LUE, {**cles(client.get(LUE), "prise_en_charge"), "acte": "prise_en_charge", "le": jour})
    client.post(LUE, {**cles(client.get(LUE), "fin"), "acte": "fin", "le": jour})
    assert histoires.orientation_relue(m, o).etat == "terminee"
    with agir_comme(m["soignant"]), pytest.raises(TransitionInterdite), transaction.atomic():
        parcours.remettre_lien(o.pk, par=m["soignant"])


@pytest.mark.parametrize(
    ("issue", "suite", "etat"),
    [
        ("refuser", {"motif": "sans_place"}, "refusee"),
        ("mettre_en_attente", {"revoir_le": "2026-10-15"}, "liste_attente"),
    ],
)
def test_le_refus_et_l_attente_reviennent_a_l_equipe(
    db: None, midi: datetime, issue: str, suite: dict[str, str], etat: str
) -> None:
    m = monde()
    o = envoyee(m)
    client = entrer(m, o)
    vide = client.post(LUE, {**cles(client.get(LUE)), "acte": "repondre", "issue": issue})
    assert vide.status_code == 200
    assert histoires.orientation_relue(m, o).etat == "envoyee"
    client.post(LUE, {**cles(client.get(LUE)), "acte": "repondre", "issue": issue, **suite})
    assert histoires.orientation_relue(m, o).etat == etat
    mail.outbox.clear()
    traiter_envois()
    assert any("répondu" in c.subject for c in mail.outbox)


def test_un_refus_se_marque_traite_depuis_sa_page(db: None, midi: datetime) -> None:
    m = monde()
    o = histoires.orientation_repondue(m, "refuser")
    client = connecte(m["social"])
    assert "Marquer le refus comme traité" in texte(client.get(reverse("orientation", args=[o.pk])))
    adresse = reverse("orientation_traiter_refus", args=[o.pk])
    client.post(adresse, {"cle": cle_neuve(), "version": str(histoires.orientation_relue(m, o).version)})
    assert histoires.orientation_relue(m, o).refus_traite_le == horloge.maintenant()


def test_la_porte_des_liens_refuse_en_sql_ce_qui_n_est_pas_ouvert(db: None, midi: datetime) -> None:
    m = monde()
    o = envoyee(m)
    remis(m, o)
    instant, jour = horloge.maintenant(), horloge.aujourdhui()
    with connection.cursor() as curseur:
        for acces in (b"", b"x" * 32, None):
            curseur.execute("SELECT * FROM droit.orientation_par_lien(%s, %s, %s)", [acces, instant, jour])
            assert curseur.fetchall() == []
            curseur.execute(
                "SELECT droit.repondre_par_lien(%s, 'acceptee', %s, %s, NULL, NULL, '', NULL, NULL, %s)",
                [acces, instant, instant, jour],
            )
            assert curseur.fetchone() == (None,)
    with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic(), connection.cursor() as curseur:
        curseur.execute(
            "SELECT droit.ecrire_reponse(%s, NULL, 'acceptee', now(), now(), NULL, NULL, '', NULL, NULL)", [o.pk]
        )
    assert histoires.orientation_relue(m, o).etat == "envoyee"


def test_l_opposition_previent_aussi_le_partenaire(db: None, midi: datetime) -> None:
    m = monde()
    o = envoyee(m)
    remis(m, o)
    chez_un_autre = histoires.orientation_envoyee(m)
    traiter_envois()
    mail.outbox.clear()
    for a in (o.accompagnement, chez_un_autre.accompagnement):
        with agir_comme(m["referent"]):
            signalements.opposer(a.fiche_id, par=m["referent"])
    for _ in range(2):
        with en_tant_que("palier_systeme"):
            assert parcours.orientations.prevenir_des_retraits() == 2
        traiter_envois()
    retraits = [c for c in mail.outbox if "retirée" in c.subject]
    assert sorted(c.to[0] for c in retraits) == sorted(["cmp@exemple.invalid", m["correspondant"].email])
    for courriel in retraits:
        assert "Maquette" not in courriel.body
        assert "opposition" not in courriel.body.lower()


def test_un_nouveau_contact_entre_dans_l_annuaire_et_ne_s_oriente_qu_une_fois(db: None, midi: datetime) -> None:
    m = monde()
    a = histoires.evalue(m)
    client = connecte(m["social"])
    adresse = reverse("orientation_proposer", args=[a.pk])
    envoi = {"nouveau_nom": "Cabinet des Lilas", "nouveau_genre": "medecin", "demande": "Un rendez-vous."}
    incomplet = client.post(adresse, {"cle": cle_neuve(), **envoi, "nouveau_genre": ""})
    assert "Choisissez le genre du nouveau contact." in texte(incomplet)
    assert "Choisissez un partenaire, ou écrivez" in texte(
        client.post(adresse, {"cle": cle_neuve(), "demande": "Oui."})
    )
    with en_tant_que("palier_fabrique"):
        assert (Structure.objects.count(), Orientation.objects.count()) == (0, 0)
    assert client.post(adresse, {"cle": cle_neuve(), **envoi}).status_code == 302
    with agir_comme(m["social"]):
        s, o = Structure.objects.get(), Orientation.objects.get()
    assert (s.genre, s.nom, o.structure_id, o.etat) == ("medecin", "Cabinet des Lilas", s.pk, "proposee")
    assert "Mme Ondine Maquette" in texte(client.get(reverse("structure", args=[s.pk])))
    encore = client.post(adresse, {"cle": cle_neuve(), "destinataire": str(s.pk), "demande": "Encore."})
    assert "Voir cette orientation" in texte(encore)
    assert reverse("orientation", args=[o.pk]) in encore.content.decode()
    assert "Encore." in texte(encore)  # what was typed is kept
    with en_tant_que("palier_fabrique"):
        assert (Structure.objects.count(), Orientation.objects.count()) == (1, 1)
