"""Saved views: filters and sort under a name, one's own or shared, on which the list may open; sealed at rest."""

from datetime import datetime, timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import DatabaseError, connection, transaction
from django.test import Client

from partenaires.models import Rattachement
from partenaires.perimetre import agir_comme
from signalements import conservation, parcours
from signalements.enums import Action
from signalements.models import VueParDefaut, VueTri
from socle import horloge
from tests import recits
from tests.comptage import enumerees, instructions
from tests.conftest import en_tant_que
from tests.fabriques import Monde, compte, monde
from tests.pages import connecte, lignes, texte
from tests.partenaires.regards import evenements

ADRESSE = "/fiches/"
CLE = "00000000-0000-4000-8000-00000000000"


def _vue(m: Monde, qui: str = "social", nom: str = "Retards", *, partagee: bool = False, **parametres: str) -> VueTri:
    with agir_comme(m[qui]):
        voulus = {"etat": "a_etudier", "echeance": "retard", **parametres}
        return parcours.enregistrer_vue(par=m[qui], nom=nom, parametres=voulus, partagee=partagee)


def _vues() -> list[tuple[str, bool]]:
    with en_tant_que("palier_fabrique"):
        return [(v.nom, v.partagee) for v in VueTri.objects.order_by("cree_le", "pk")]


def test_une_vue_garde_l_etat_les_filtres_et_le_tri_de_l_adresse(db: None, midi: datetime) -> None:
    m = monde()
    recits.transmise(m)
    client = connecte(m["social"])
    page = client.get(ADRESSE, {"suivie": "personne", "tri": "-recue"}).content.decode()
    adresse = "/fiches/vues/enregistrer/?suivie=personne&amp;tri=-recue&amp;etat=a_etudier"
    assert f'href="{adresse}"' in page
    formulaire = client.get(adresse.replace("&amp;", "&"))
    assert "À étudier · Sans personne" in texte(formulaire)
    corps = {"cle": CLE + "1", "nom": "Sans suivi"}
    reponses = [client.post(adresse.replace("&amp;", "&"), corps) for _ in range(2)]  # a double click makes one
    vers = "/fiches/?etat=a_etudier&tri=-recue&suivie=personne"
    assert [(r.status_code, r["Location"]) for r in reponses] == [(302, vers), (302, vers)]
    assert _vues() == [("Sans suivi", False)]
    liste = client.get(vers)
    assert 'aria-current="true"' in liste.content.decode()
    assert "Sans suivi" in texte(liste)
    assert evenements(m.equipe.pk).count(Action.VUE_ENREGISTREE) == 1


def test_une_vue_sans_nom_est_refusee_et_rien_n_est_garde(db: None, midi: datetime) -> None:
    m = monde()
    reponse = connecte(m["social"]).post("/fiches/vues/enregistrer/?etat=delai", {"cle": CLE + "1", "nom": " "})
    assert "Donnez un nom à la vue." in texte(reponse)
    assert _vues() == []
    assert Action.VUE_ENREGISTREE not in evenements(m.equipe.pk)


def test_la_liste_s_ouvre_sur_la_vue_choisie_par_chacun(db: None, midi: datetime) -> None:
    m = monde()
    _vue(m, partagee=True)
    vue = VueTri(pk=_vue(m, nom="Mienne", tri="recue").pk)
    client = connecte(m["social"])
    assert client.get(ADRESSE).status_code == 200
    assert client.post(f"/fiches/vues/{vue.pk}/defaut/").status_code == 302
    ouverte = client.get(ADRESSE)
    assert (ouverte.status_code, ouverte["Location"]) == (302, "/fiches/?etat=a_etudier&tri=recue&echeance=retard")
    assert client.get(ADRESSE, {"etat": "a_etudier"}).status_code == 200  # the plain list stays one link away
    assert connecte(m["coordination"]).get(ADRESSE).status_code == 200
    client.post(f"/fiches/vues/{vue.pk}/defaut/", {"retirer": "1"})
    assert client.get(ADRESSE).status_code == 200


def test_effacer_les_filtres_ne_ramene_pas_a_la_vue_par_defaut(db: None, midi: datetime) -> None:
    m = monde()
    vue = _vue(m)
    client = connecte(m["social"])
    client.post(f"/fiches/vues/{vue.pk}/defaut/")
    page = client.get(ADRESSE, {"etat": "delai", "echeance": "retard"}).content.decode()
    assert 'href="?etat=delai">Effacer les filtres' in page


def test_une_vue_partagee_se_lit_dans_l_equipe_seule_et_se_regle_par_son_auteur_et_la_coordination(
    db: None, midi: datetime
) -> None:
    m, autre = monde("Nord"), monde("Sud")
    privee, partagee = _vue(m, nom="Privée"), _vue(m, nom="Commune", partagee=True)
    for qui, vues in (("social", ["Privée", "Commune"]), ("soignant", ["Commune"]), ("coordination", ["Commune"])):
        page = texte(connecte(m[qui]).get("/fiches/vues/"))
        assert [n for n in ("Privée", "Commune") if n in page] == vues, qui
    assert "Commune" not in texte(connecte(autre["coordination"]).get("/fiches/vues/"))
    for qui, vue, statut in (
        ("soignant", partagee, 404), ("soignant", privee, 404), ("coordination", privee, 404),
        ("coordination", partagee, 200), ("social", partagee, 200), ("social", privee, 200),
    ):  # fmt: skip
        for suite in ("", "supprimer/"):
            assert connecte(m[qui]).get(f"/fiches/vues/{vue.pk}/{suite}").status_code == statut, (qui, suite)
    assert connecte(autre["coordination"]).get(f"/fiches/vues/{partagee.pk}/").status_code == 404
    # Coordination renames a shared view, and cannot take it from the others.
    reponse = connecte(m["coordination"]).post(f"/fiches/vues/{partagee.pk}/", {"nom": "À tous", "version": 1})
    assert reponse.status_code == 302
    assert _vues() == [("Privée", False), ("À tous", True)]


def test_deux_personnes_qui_renomment_voient_la_difference(db: None, midi: datetime) -> None:
    m = monde()
    vue = _vue(m, partagee=True)
    corps = {"nom": "Deuxième", "partagee": "on", "version": 1}
    assert connecte(m["coordination"]).post(f"/fiches/vues/{vue.pk}/", {**corps, "nom": "Première"}).status_code == 302
    reponse = connecte(m["social"]).post(f"/fiches/vues/{vue.pk}/", corps)
    page = texte(reponse, 409)
    assert "Première" in page
    assert "Deuxième" in reponse.content.decode()
    assert _vues() == [("Première", True)]


def test_supprimer_une_vue_ne_laisse_ni_elle_ni_les_choix_d_elle(db: None, midi: datetime) -> None:
    m = monde()
    vue = _vue(m, partagee=True)
    client = connecte(m["soignant"])
    client.post(f"/fiches/vues/{vue.pk}/defaut/")
    assert connecte(m["social"]).post(f"/fiches/vues/{vue.pk}/supprimer/").status_code == 302
    assert _vues() == []
    with en_tant_que("palier_fabrique"):
        assert VueParDefaut.objects.count() == 0
    assert evenements(m.equipe.pk)[-1] == Action.VUE_SUPPRIMEE
    assert client.get(ADRESSE).status_code == 200


def test_une_vue_dont_le_filtre_a_disparu_le_dit_et_ne_montre_pas_tout_en_silence(db: None, midi: datetime) -> None:
    m = monde()
    recits.transmise(m)
    with en_tant_que("palier_fabrique"):
        parti = compte("social", m.equipe)
    vue = _vue(m, suivie=str(parti.pk), echeance="")
    with en_tant_que("palier_fabrique"):
        Rattachement.objects.filter(compte=parti).update(au=horloge.aujourdhui())
    page = texte(connecte(m["social"]).get(f"{ADRESSE}?{vue.requete}"))
    assert "Un filtre de cette adresse n’est plus proposé. Suivie par" in page


def test_le_nombre_de_vues_est_borne_et_les_autres_roles_n_en_gardent_pas(db: None, midi: datetime) -> None:
    m = monde()
    for n in range(VueTri.NOMBRE_MAXIMUM):
        _vue(m, nom=f"Vue {n}")
    with agir_comme(m["social"]), pytest.raises(ValidationError, match="30"):
        parcours.enregistrer_vue(par=m["social"], nom="De trop", parametres={"etat": "delai"})
    with agir_comme(m["referent"]), pytest.raises(PermissionDenied):
        parcours.enregistrer_vue(par=m["referent"], nom="Non", parametres={"etat": "delai"})
    assert len(_vues()) == VueTri.NOMBRE_MAXIMUM


def test_une_vue_est_scellee_et_ses_choix_ne_se_forcent_pas_en_sql(db: None, midi: datetime) -> None:
    m = monde()
    vue = _vue(m, nom="Confidence", q="Maquette")
    with en_tant_que("palier_fabrique"), connection.cursor() as curseur:
        curseur.execute("SELECT v::text FROM signalements_vuetri v")
        brut = curseur.fetchone()[0]
    assert "Confidence" not in brut
    assert "Maquette" not in brut
    with agir_comme(m["coordination"]):
        assert VueTri.objects.filter(pk=vue.pk).update(partagee=True) == 0  # private: not hers to see
        with pytest.raises(DatabaseError), transaction.atomic():
            VueParDefaut.objects.create(equipe=m.equipe, compte=m["social"], vue=vue)
    with agir_comme(m["referent"]):
        assert VueTri.objects.count() == 0
    assert _vues() == [("Confidence", False)]


def test_les_vues_privees_partent_avec_leur_auteur_les_partagees_restent(db: None, midi: datetime) -> None:
    m = monde()
    _vue(m, nom="Privée")
    _vue(m, nom="Commune", partagee=True)
    _vue(m, "soignant", nom="Autre")
    with en_tant_que("palier_fabrique"):
        Rattachement.objects.filter(compte=m["social"]).update(au=horloge.aujourdhui())
    with en_tant_que("palier_systeme"):
        assert conservation.purger_vues(a_blanc=True) == 1
        assert conservation.purger_vues(a_blanc=False) == 1
        assert conservation.purger_vues(a_blanc=False) == 0
    assert _vues() == [("Commune", True), ("Autre", False)]


def test_la_liste_coute_douze_instructions_avec_ses_vues_sur_toutes_ses_pages(db: None, midi: datetime) -> None:
    m = monde()
    for n in range(5):
        _vue(m, nom=f"Vue {n}", partagee=True)
    fiches = []
    for n in range(27):
        horloge.regler(midi - timedelta(minutes=100 - n))
        fiches.append(recits.transmise(m))
    horloge.regler(midi)
    client: Client = connecte(m["coordination"])
    for parametres in ({"q": "maquette"}, {"etat": "en_cours", "echange": "attendue"}, {"tri": "residence"}):
        with instructions() as vues:
            client.get(ADRESSE, parametres)
        assert len(vues) <= 10, enumerees(vues)
    with instructions() as vues:
        reponse = client.get(ADRESSE, {"avant": str(fiches[-1].pk), "q": "maquette"})
    assert len(lignes(reponse)) == 25
    assert len(vues) <= 12, enumerees(vues)
    with instructions() as vues:
        client.get("/fiches/vues/")
    assert len(vues) <= 12, enumerees(vues)
