"""The fiche in four steps: what is typed is kept, nothing leaves before it is right, one click sends one fiche."""

import re
from datetime import datetime, timedelta

from django.urls import reverse

from partenaires.perimetre import agir_comme
from signalements import parcours
from signalements.enums import Action
from signalements.models import Brouillon, Constat, Fiche, Information, Locataire, Releve
from socle import horloge
from socle.models import Evenement
from tests import recits
from tests.comptage import enumerees, instructions
from tests.conftest import en_tant_que
from tests.fabriques import monde
from tests.pages import connecte, texte
from tests.partenaires.regards import compter, promesses
from tests.signalements.saisies import (
    ARRIVEE,
    DOMAINES,
    ETAPES,
    adresse,
    brouillon_de,
    commencer,
    envoyer,
    fiches_de,
    personne,
    remplir,
)


def test_le_gardien_remplit_les_quatre_etapes_et_recoit_une_reference(db: None, midi: datetime) -> None:
    m = monde()
    client = connecte(m["gardien"])
    depart = commencer(client)
    (fiche,) = fiches_de(m)
    assert depart["Location"] == adresse(fiche.pk, "personne")
    remplir(client, m, fiche.pk, prenom="Ondine", civilite="mme", naissance="1972-03-04", telephone="0612345678")
    relire = texte(client.get(adresse(fiche.pk, "relire")))
    assert "Tout est rempli" in relire
    assert "Mme Ondine Maquette" in relire
    assert "4 mars 1972" in relire
    assert "2 Fréquent Constat direct" in relire
    assert "Les autres lignes : 7 non observés" in relire
    assert "Odeurs fortes provenant du logement NO Non observé" in relire
    assert envoyer(client, fiche.pk)["Location"] == reverse("signalement", args=[fiche.pk])
    lue = recits.relue(m, fiche)
    assert (lue.reference, lue.statut, lue.locataire.telephone) == ("26-0001", "recue", "06 12 34 56 78")
    assert (lue.constat.faits, lue.constat.inquietude) == ("Volets fermés depuis trois semaines.", 6)
    with agir_comme(m["coordination"]):
        releve = Releve.objects.get(fiche=fiche)
    assert releve.cotations["LOG1"] == {"v": "2", "s": "direct"}
    assert releve.cotations["SEC1"] == {"v": "NO"}
    assert promesses() == ["signalements.information_tardive", "signalements.transmise"]
    assert compter(Brouillon) == {"Brouillon": 0}


def test_rien_n_est_coche_d_avance_et_la_seule_residence_est_choisie(db: None) -> None:
    m = monde()
    client = connecte(m["gardien"])
    pk = commencer(client)["Location"].split("/")[2]
    page = client.get(adresse(pk, "personne")).content.decode()
    assert re.findall(r'<option value="(\d+)" selected', page) == [str(m.residence.pk)]
    assert "checked" not in page
    for d in DOMAINES:
        assert "checked" not in client.get(adresse(pk, d)).content.decode(), d


def test_le_bouton_touche_deux_fois_ne_commence_qu_un_brouillon(db: None) -> None:
    m = monde()
    client = connecte(m["gardien"])
    cle = str(client.get("/signalements/").context["formulaire"]["cle"].value())
    adresses = {client.post("/fiches/nouvelle/", {"cle": cle})["Location"] for _ in range(2)}
    assert len(adresses) == 1
    assert len(fiches_de(m)) == 1


def test_chaque_etape_garde_ce_qui_est_ecrit_meme_faux(db: None, midi: datetime) -> None:
    m = monde()
    client = connecte(m["gardien"])
    (fiche,) = fiches_de(m) or [recits.brouillon(m)]
    faux = {"nom": "", "majeur": "non", "naissance": "pas une date", "telephone": "abc", "prenom": "Ondine"}
    page = client.post(adresse(fiche.pk, "personne"), faux)
    mots = texte(page)
    assert "Erreur : La personne" in mots
    assert "appelez le 119" in mots
    assert "Écrivez le jour, le mois et l’année." in mots
    assert 'value="pas une date"' in page.content.decode()
    assert brouillon_de(m, fiche.pk) == {k: v for k, v in faux.items() if v}
    assert client.get(adresse(fiche.pk, "personne")).content.decode().count('value="Ondine"') == 1


def test_l_enregistrement_de_chaque_changement_ne_touche_pas_aux_autres_etapes(db: None, midi: datetime) -> None:
    m = monde()
    client = connecte(m["gardien"])
    fiche = recits.brouillon(m)
    client.post(adresse(fiche.pk, "personne"), personne(m))
    auto = client.post(reverse("saisie_auto", args=[fiche.pk, "contexte"]), {"faits": "Depuis mardi."})
    assert auto.json() == {"version": 3}
    assert brouillon_de(m, fiche.pk)["nom"] == "Maquette"
    assert brouillon_de(m, fiche.pk)["faits"] == "Depuis mardi."
    client.post(reverse("saisie_auto", args=[fiche.pk, "contexte"]), {"faits": ""})
    assert "faits" not in brouillon_de(m, fiche.pk)
    assert client.post(reverse("saisie_auto", args=[fiche.pk, "relire"]), {}).status_code == 404


def test_tout_le_reste_non_observe_remplit_les_lignes_vides_et_se_defait_sans_javascript(db: None) -> None:
    m = monde()
    client = connecte(m["gardien"])
    fiche = recits.brouillon(m)
    ici = adresse(fiche.pk, "presence")
    reponse = client.post(ici, {"LIE2": "0", "tout_non_observe": "1"})
    assert reponse["Location"] == f"{ici}#reste"
    rempli = brouillon_de(m, fiche.pk)
    assert {c: rempli[c] for c in ("LIE1", "LIE2", "LIE3", "LIE4", "LIE5")} == {
        "LIE1": "NO", "LIE2": "0", "LIE3": "NO", "LIE4": "NO", "LIE5": "NO",
    }  # fmt: skip
    assert "4 lignes remplies en « non observé »" in texte(client.get(ici))
    reponses = {c: rempli[c] for c in ("LIE1", "LIE2", "LIE3", "LIE4", "LIE5")} | {"LIE3": "3"}
    client.post(ici, {**reponses, "annuler_non_observe": "1"})
    defait = brouillon_de(m, fiche.pk)
    assert {c for c in reponses if c in defait} == {"LIE2", "LIE3"}  # what was changed meanwhile stays


def test_quitter_garde_le_brouillon_et_l_accueil_le_montre_sans_nom(db: None, midi: datetime) -> None:
    m = monde()
    client = connecte(m["gardien"])
    fiche = recits.brouillon(m)
    reponse = client.post(adresse(fiche.pk, "personne"), {**personne(m, nom="Canari"), "vers": "quitter"})
    assert reponse["Location"] == "/signalements/"
    accueil = texte(client.get("/signalements/"))
    assert "Votre brouillon est gardé 30 jours." in accueil
    assert f"Brouillon à finir {m.residence.nom}, bâtiment B Enregistré aujourd’hui à 12 h Reprendre" in accueil
    assert "Canari" not in accueil


def test_le_retour_et_passer_gardent_ce_qui_est_ecrit(db: None) -> None:
    m = monde()
    client = connecte(m["gardien"])
    fiche = recits.brouillon(m)
    retour = client.post(adresse(fiche.pk, "logement"), {"LOG1": "1", "vers": "precedent"})
    assert retour["Location"] == adresse(fiche.pk, "personne")
    assert brouillon_de(m, fiche.pk)["LOG1"] == "1"
    passer = client.post(adresse(fiche.pk, "logement"), {"LOG1": "1", "vers": "passer"})
    assert passer["Location"] == adresse(fiche.pk, "securite")
    manques = texte(client.get(adresse(fiche.pk, "relire")))
    assert "Logement : 7 lignes n’ont pas de réponse." in manques
    assert "« Volets ou rideaux fermés en permanence, même en journée » : dites comment vous le savez." in manques
    assert "Sécurité : aucune ligne n’a de réponse." in manques
    assert "« Nom de la personne » : écrivez le nom, même s’il n’est pas sûr." in manques


def test_ce_qui_manque_mene_a_l_etape_qui_le_dit(db: None) -> None:
    m = monde()
    client = connecte(m["gardien"])
    fiche = recits.brouillon(m)
    page = client.get(adresse(fiche.pk, "relire")).content.decode()
    vers = f"{adresse(fiche.pk, 'personne')}?corriger=1&amp;depuis=relire#id_nom"
    assert f'href="{vers}"' in page
    corriger = client.get(adresse(fiche.pk, "personne"), {"corriger": "1", "depuis": "relire"})
    assert "Erreur : La personne" in texte(corriger)
    apres = client.post(f"{adresse(fiche.pk, 'personne')}?depuis=relire", personne(m))
    assert apres["Location"] == adresse(fiche.pk, "relire")


def test_une_fiche_incomplete_ne_part_pas(db: None, midi: datetime) -> None:
    m = monde()
    client = connecte(m["gardien"])
    fiche = recits.brouillon(m)
    client.post(adresse(fiche.pk, "personne"), personne(m))
    mots = texte(envoyer(client, fiche.pk))
    assert "Avant d’envoyer" in mots
    (apres,) = fiches_de(m)
    assert (apres.etat, apres.envoyee_le) == ("brouillon", None)
    assert compter(Locataire, Constat, Releve) == {"Locataire": 0, "Constat": 0, "Releve": 0}
    assert promesses() == []


def test_un_second_envoi_mene_au_meme_recu(db: None, midi: datetime) -> None:
    m = monde()
    client = connecte(m["gardien"])
    fiche = recits.brouillon(m)
    remplir(client, m, fiche.pk)
    recus = {envoyer(client, fiche.pk)["Location"] for _ in range(2)}
    assert recus == {reverse("signalement", args=[fiche.pk])}
    assert promesses() == ["signalements.information_tardive", "signalements.transmise"]
    assert client.get(adresse(fiche.pk, "personne"))["Location"] in recus
    assert client.post(reverse("saisie_auto", args=[fiche.pk, "personne"]), {"nom": "X"}).status_code == 302
    perdu = client.post(
        reverse("saisie_auto", args=[fiche.pk, "personne"]), {"nom": "X"}, headers={"Accept": "application/json"}
    )
    assert perdu.status_code == 410


def test_la_session_finie_au_milieu_ramene_a_l_etape_ou_le_brouillon_attend(db: None, midi: datetime) -> None:
    m = monde()
    client = connecte(m["gardien"])
    fiche = recits.brouillon(m)
    client.post(adresse(fiche.pk, "personne"), personne(m))
    client.post(reverse("saisie_auto", args=[fiche.pk, "presence"]), {"LIE1": "2"})
    client.cookies.clear()
    perdue = client.post(adresse(fiche.pk, "presence"), {"LIE1": "2", "LIE2": "1"})
    assert perdue["Location"] == f"{reverse('account_login')}?next={adresse(fiche.pk, 'presence')}"
    revenu = connecte(m["gardien"]).get(adresse(fiche.pk, "presence")).content.decode()
    assert re.search(r'name="LIE1" value="2"[^>]* checked', revenu)


def test_l_alerte_immediate_est_notee_et_ne_perd_rien(db: None, midi: datetime) -> None:
    m = monde()
    client = connecte(m["gardien"])
    fiche = recits.brouillon(m)
    vers = client.post(adresse(fiche.pk, "presence"), {"LIE1": "3", "vers": "alerte"})["Location"]
    assert vers == reverse("saisie_alerte", args=[fiche.pk, "presence"])
    page = client.get(vers)
    for numero in ("15", "17", "18", "112", "3114", "119"):
        assert f'href="tel:{numero}"' in page.content.decode()
    assert f'href="{adresse(fiche.pk, "presence")}"' in page.content.decode()
    assert brouillon_de(m, fiche.pk)["LIE1"] == "3"
    with en_tant_que("palier_fabrique"):
        vue = Evenement.objects.get(action=Action.URGENCE_MONTREE)
    assert (vue.objets, vue.compte_id) == ([str(fiche.pk)], m["gardien"].pk)


def test_l_information_du_menage_part_avec_la_fiche(db: None, midi: datetime) -> None:
    m = monde()
    client = connecte(m["gardien"])
    fiche = recits.brouillon(m)
    remplir(client, m, fiche.pk)
    client.post(adresse(fiche.pk, "contexte"), {"informee_le": "2026-09-20", "mode_information": "courrier"})
    envoyer(client, fiche.pk)
    with agir_comme(m["referent"]):
        (information,) = Information.objects.de_la_fiche(fiche)
    assert (information.le.isoformat(), information.mode, information.par_id) == (
        "2026-09-20", "courrier", m["gardien"].pk,
    )  # fmt: skip
    with agir_comme(m["social"]):
        assert parcours.declarer_recevable(fiche.pk, par=m["social"]).etat == "delai_opposition"


def test_l_equipe_saisit_pour_le_compte_d_un_bailleur_sous_convention(db: None, midi: datetime) -> None:
    m = monde()
    ailleurs = monde("Sud")
    client = connecte(m["social"])
    refus = commencer(client, orienteur=ailleurs.bailleur.pk)
    assert "Choisissez une organisation de la liste." in texte(refus)
    depart = commencer(client, orienteur=m.bailleur.pk)
    (fiche,) = fiches_de(m, "social")
    assert depart["Location"] == adresse(fiche.pk, "personne")
    remplir(client, m, fiche.pk, **ARRIVEE)
    assert envoyer(client, fiche.pk)["Location"] == reverse("fiche", args=[fiche.pk])
    assert (recits.relue(m, fiche).orienteur_id, recits.relue(m, fiche).declarant_id) == (m.bailleur.pk, m.equipe.pk)
    assert fiches_de(ailleurs, "social") == []


def test_un_correspondant_signale_par_le_meme_formulaire(db: None, midi: datetime) -> None:
    m = monde()
    client = connecte(m["correspondant"])
    commencer(client)
    (fiche,) = fiches_de(m, "correspondant")
    remplir(client, m, fiche.pk)
    envoyer(client, fiche.pk)
    recu = texte(client.get(reverse("signalement", args=[fiche.pk])))
    assert "Signalement envoyé aujourd’hui à 12 h" in recu
    assert "Maquette" not in recu


def test_le_brouillon_se_supprime_apres_une_confirmation(db: None) -> None:
    m = monde()
    client = connecte(m["gardien"])
    fiche = recits.brouillon(m)
    ici = reverse("brouillon_supprimer", args=[fiche.pk])
    assert "Supprimer ce brouillon ?" in texte(client.get(ici))
    assert len(fiches_de(m)) == 1
    assert client.post(ici)["Location"] == "/signalements/"
    assert fiches_de(m) == []


def test_une_fiche_renvoyee_montre_les_commentaires_a_cote_des_champs(db: None, midi: datetime) -> None:
    m = monde(relecture=True)
    client = connecte(m["gardien"])
    fiche = recits.brouillon(m)
    remplir(client, m, fiche.pk)
    envoyer(client, fiche.pk)
    with agir_comme(m["referent"]):
        parcours.renvoyer(
            fiche.pk, par=m["referent"], commentaires={"faits": "Depuis quel jour ?", "presence": "Et le courrier ?"}
        )
    accueil = texte(client.get("/signalements/"))
    assert f"Fiche à corriger {m.residence.nom}, bâtiment B" in accueil
    assert "0 en cours" not in accueil
    assert "Aucun signalement en cours" in accueil  # it is in one place only
    assert "Votre référent : Depuis quel jour ?" in texte(client.get(adresse(fiche.pk, "contexte")))
    assert "Votre référent : Et le courrier ?" in texte(client.get(adresse(fiche.pk, "presence")))
    assert "Votre référent : Depuis quel jour ?" in texte(client.get(adresse(fiche.pk, "relire")))
    client.post(adresse(fiche.pk, "contexte"), {"faits": "Depuis le 1er septembre."})
    envoyer(client, fiche.pk)
    with agir_comme(m["referent"]):
        relue = Fiche.objects.get(pk=fiche.pk)
        assert (relue.etat, Constat.objects.get(pk=fiche.pk).faits) == ("a_relire", "Depuis le 1er septembre.")


def test_deux_personnes_sur_une_fiche_renvoyee_voient_leurs_deux_textes(db: None, midi: datetime) -> None:
    m = monde(relecture=True)
    auteur, referent = connecte(m["gardien"]), connecte(m["referent"])
    fiche = recits.brouillon(m)
    remplir(auteur, m, fiche.pk)
    envoyer(auteur, fiche.pk)
    with agir_comme(m["referent"]):
        parcours.renvoyer(fiche.pk, par=m["referent"], commentaires={"faits": "Quand ?"})
    ici = adresse(fiche.pk, "contexte")
    version = auteur.get(ici).context["fiche"].version
    assert referent.post(ici, {"faits": "Texte du référent.", "version": version}).status_code == 302
    conflit = auteur.post(ici, {"faits": "Texte du gardien.", "version": version})
    mots = texte(conflit, 409)
    assert "Texte du référent." in mots
    assert conflit.content.decode().count("Texte du gardien.") == 2  # compared, and still in the form
    assert brouillon_de(m, fiche.pk)["faits"] == "Texte du référent."
    auto = auteur.post(reverse("saisie_auto", args=[fiche.pk, "contexte"]), {"faits": "G", "version": version})
    assert auto.status_code == 409
    nouvelle = conflit.context["fiche"].version
    assert auteur.post(ici, {"faits": "Texte du gardien.", "version": nouvelle}).status_code == 302
    assert brouillon_de(m, fiche.pk)["faits"] == "Texte du gardien."


def test_la_grille_changee_garde_les_reponses_communes(db: None, midi: datetime) -> None:
    m = monde()
    client = connecte(m["gardien"])
    fiche = recits.brouillon(m)
    remplir(client, m, fiche.pk)
    with agir_comme(m["gardien"]):
        parcours.enregistrer_brouillon(fiche.pk, par=m["gardien"], champs={"grille": "999999"})
    mots = texte(client.get(adresse(fiche.pk, "relire")))
    assert "La liste des signaux a changé depuis le début de ce brouillon." in mots
    assert "2 Fréquent Constat direct" in mots
    inconnue = client.post(adresse(fiche.pk, "relire"), {"grille": "999999", "vers": "suivant"})
    assert "La liste des signaux a changé depuis que vous avez ouvert cette page." in texte(inconnue)
    assert fiches_de(m)[0].etat == "brouillon"
    assert envoyer(client, fiche.pk).status_code == 302


def test_la_fiche_d_autrui_n_existe_pas(db: None) -> None:
    m = monde()
    sud = monde("Sud")
    fiche = recits.brouillon(m)
    for compte in (m["referent"], m["social"], sud["gardien"], sud["referent"]):
        client = connecte(compte)
        for etape in ("personne", "relire"):
            assert client.get(adresse(fiche.pk, etape)).status_code == 404
            assert client.post(adresse(fiche.pk, etape), {"nom": "X"}).status_code == 404
        assert client.post(reverse("brouillon_supprimer", args=[fiche.pk])).status_code == 404
    assert brouillon_de(m, fiche.pk) == {}


def test_une_etape_inconnue_n_existe_pas(db: None) -> None:
    m = monde()
    fiche = recits.brouillon(m)
    assert connecte(m["gardien"]).get(adresse(fiche.pk, "inconnue")).status_code == 404


def test_lire_une_etape_n_ecrit_rien(db: None, midi: datetime) -> None:
    m = monde()
    client = connecte(m["gardien"])
    fiche = recits.brouillon(m)
    avant = fiches_de(m)[0].version
    horloge.regler(midi + timedelta(hours=1))
    for etape in (*ETAPES, "relire"):
        assert client.get(adresse(fiche.pk, etape)).status_code == 200
    apres = fiches_de(m)[0]
    assert (apres.version, apres.modifiee_le) == (avant, midi)


def test_chaque_etape_coute_douze_instructions_au_plus(db: None, midi: datetime) -> None:
    m = monde()
    client = connecte(m["gardien"])
    fiche = recits.brouillon(m)
    remplir(client, m, fiche.pk)
    for etape in (*ETAPES, "relire"):
        with instructions() as vues:
            assert client.get(adresse(fiche.pk, etape)).status_code == 200
        assert len(vues) <= 12, enumerees(vues)


def test_la_touche_entree_continue_et_ne_quitte_pas(db: None) -> None:
    """The first submit button of the form, in the order of the page, is the one that Enter presses."""
    m = monde()
    fiche = recits.brouillon(m)
    page = connecte(m["gardien"]).get(adresse(fiche.pk, "personne")).content.decode()
    boutons = re.findall(r'<button type="submit"[^>]*name="vers" value="(\w+)"', page)
    assert boutons[0] == "suivant"
    assert "quitter" in boutons
