"""Alerte immédiate: it stops and says whom to call, loses nothing, and the équipe reads that it was shown."""

import json
import uuid
from datetime import datetime, timedelta
from typing import Any

from django.test import Client
from django.urls import reverse

from partenaires.perimetre import agir_comme
from signalements import parcours
from signalements.enums import Action
from signalements.models import Constat
from socle import horloge
from tests import recits
from tests.fabriques import Monde, monde
from tests.pages import connecte, texte
from tests.partenaires.regards import compter, evenements
from tests.signalements.saisies import adresse, brouillon_de, domaine, envoyer, remplir

MONTREE = "Les numéros d’urgence ont été montrés à Agathe"


def _constat(m: Monde, pk: Any) -> Constat:
    with agir_comme(m["social"]):
        return Constat.objects.get(pk=pk)


def _notees(m: Monde) -> int:
    return evenements(m.bailleur.pk).count(Action.URGENCE_MONTREE.value)


def test_l_equipe_lit_que_les_numeros_ont_ete_montres_et_quand(db: None, midi: datetime) -> None:
    m = monde()
    client = connecte(m["gardien"])
    fiche = recits.brouillon(m)
    remplir(client, m, fiche.pk)
    horloge.regler(midi + timedelta(minutes=7))
    client.post(adresse(fiche.pk, "presence"), {**domaine("presence"), "vers": "alerte"})
    assert client.get(reverse("saisie_alerte", args=[fiche.pk, "presence"])).status_code == 200
    horloge.regler(midi + timedelta(hours=2))
    envoyer(client, fiche.pk)
    assert _constat(m, fiche.pk).alerte_le == midi + timedelta(minutes=7)
    page = texte(connecte(m["social"]).get(reverse("fiche", args=[fiche.pk])))
    assert "Alerte immédiate demandée pendant la saisie." in page
    assert f"{MONTREE} {m['gardien'].nom} le 22 septembre à 12 h 07." in page


def test_l_alerte_depuis_la_relecture_part_avec_la_fiche_et_ne_l_envoie_pas(db: None, midi: datetime) -> None:
    m = monde()
    client = connecte(m["gardien"])
    fiche = recits.brouillon(m)
    remplir(client, m, fiche.pk)
    vers = client.post(adresse(fiche.pk, "relire"), {"vers": "alerte"})["Location"]
    assert vers == reverse("saisie_alerte", args=[fiche.pk, "relire"])
    assert compter(Constat) == {"Constat": 0}  # the fiche has not left
    assert brouillon_de(m, fiche.pk)["nom"] == "Maquette"
    envoyer(client, fiche.pk)
    assert _constat(m, fiche.pk).alerte_le == midi


def test_sans_alerte_l_equipe_ne_lit_rien_de_tel(db: None, midi: datetime) -> None:
    m = monde()
    fiche = recits.transmise(m)
    assert _constat(m, fiche.pk).alerte_le is None
    assert "numéros d’urgence" not in texte(connecte(m["social"]).get(reverse("fiche", args=[fiche.pk])))


def test_une_alerte_montree_sans_reseau_est_notee_au_retour(db: None, midi: datetime) -> None:
    """The device shows the numbers by itself; what it kept says so."""
    m = monde()
    client = connecte(m["gardien"])
    fiche = recits.brouillon(m)
    donnees = {"cle": uuid.uuid4(), "champs": json.dumps({"porte": "12"}), "alerte": "1"}
    assert _rendre(client, fiche.pk, donnees) == 200
    assert (brouillon_de(m, fiche.pk)["alerte_le"], _notees(m)) == (midi.isoformat(), 1)
    assert brouillon_de(m, fiche.pk)["porte"] == "12"


def test_l_alerte_d_un_texte_en_conflit_est_notee_et_le_texte_attend(db: None, midi: datetime) -> None:
    m = monde()
    client = connecte(m["gardien"])
    fiche = recits.brouillon(m)
    client.post(reverse("saisie_auto", args=[fiche.pk, "contexte"]), {"faits": "Écrit ailleurs."})
    donnees = {"cle": uuid.uuid4(), "champs": json.dumps({"faits": "Écrit ici."}), "avant": "{}", "alerte": "1"}
    for _ in range(2):  # each page gives it back until the person has chosen
        assert _rendre(client, fiche.pk, donnees) == 409
    garde = brouillon_de(m, fiche.pk)
    assert (garde["faits"], garde["alerte_le"]) == ("Écrit ailleurs.", midi.isoformat())
    assert _notees(m) == 1


def test_l_alerte_sur_la_fiche_d_autrui_ne_note_rien(db: None, midi: datetime) -> None:
    m, sud = monde(), monde("Sud")
    fiche = recits.brouillon(m)
    for compte in (m["referent"], sud["gardien"]):
        client = connecte(compte)
        assert client.post(adresse(fiche.pk, "presence"), {"vers": "alerte"}).status_code == 404
        assert client.get(reverse("saisie_alerte", args=[fiche.pk, "presence"])).status_code == 404
        assert _rendre(client, fiche.pk, {"cle": uuid.uuid4(), "champs": "{}", "alerte": "1"}) == 404
    assert "alerte_le" not in brouillon_de(m, fiche.pk)
    assert _notees(m) == 0


def test_l_heure_de_l_alerte_s_efface_avec_le_contenu(db: None, midi: datetime) -> None:
    m = monde()
    client = connecte(m["gardien"])
    fiche = recits.brouillon(m)
    remplir(client, m, fiche.pk)
    client.post(adresse(fiche.pk, "relire"), {"vers": "alerte"})
    envoyer(client, fiche.pk)
    social = connecte(m["social"])
    assert "numéros d’urgence" in texte(social.get(reverse("fiche", args=[fiche.pk])))
    with agir_comme(m["social"]):
        parcours.opposer(fiche.pk, par=m["social"])
    assert "numéros d’urgence" not in texte(social.get(reverse("fiche", args=[fiche.pk])))


def _rendre(client: Client, pk: Any, donnees: dict[str, Any]) -> int:
    statut: int = client.post(reverse("reprise", args=[pk]), donnees).status_code
    return statut
