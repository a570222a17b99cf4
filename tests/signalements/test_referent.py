"""The référent's list and panel: what is due first, the thread, the information, an opposition; never a state."""

import html
import re
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.urls import reverse

from partenaires.perimetre import agir_comme
from signalements import parcours
from signalements.enums import EtatInstruction, ModeInformation, MotifClassement, MotifNonRecevable
from signalements.models import Echange, Fiche, Information
from socle import horloge
from socle.calendrier import ajouter_jours_ouvres
from tests import recits
from tests.comptage import enumerees, instructions
from tests.conftest import en_tant_que
from tests.fabriques import Monde, monde
from tests.pages import connecte, texte
from tests.partenaires.regards import etat_complet, evenements, promesses

ICI = "/signalements/"
# Words of the inside that a bailleur never reads, on any of his pages.
INTERNES = {
    *(str(e.label) for e in EtatInstruction if e not in ("a_completer", "opposition")),
    *(str(m.label) for m in MotifNonRecevable),
    *(str(m.label) for m in MotifClassement if m != "autre"),
}


def _lignes(reponse: Any) -> list[str]:
    corps = re.search(r"<tbody>(.*?)</tbody>", reponse.content.decode(), re.DOTALL)
    if corps is None:
        return []
    rangees = re.findall(r"<tr .*?</tr>", corps[1], re.DOTALL)
    plates = [html.unescape(re.sub(r"<[^>]+>", " ", r)).replace("\N{NO-BREAK SPACE}", " ") for r in rangees]
    return [re.sub(r"\s+", " ", r).strip() for r in plates]


def _a_l_heure(le: datetime) -> None:
    horloge.regler(le)


def _questionnee(m: Monde, question: str = "Quel étage ?", **champs: Any) -> Fiche:
    fiche = recits.transmise(m, **champs)
    with agir_comme(m["social"]):
        parcours.demander_complement(fiche.pk, par=m["social"], question=question)
    return fiche


def _message(client: Any, pk: Any, chemin: str, **champs: Any) -> Any:
    cle = str(client.get(reverse("signalement", args=[pk])).context["message"]["cle"].value())
    return client.post(reverse(chemin, args=[pk]), {"cle": cle, **champs})


def test_la_liste_met_en_premier_ce_qui_est_du_puis_le_plus_recent(db: None, midi: datetime) -> None:
    m = monde()
    _a_l_heure(midi - timedelta(days=22))
    recits.recevable(m, nom="INFORMER")
    _a_l_heure(midi - timedelta(days=3))
    recits.transmise(m, nom="ANCIENNE")
    _a_l_heure(midi - timedelta(days=1))
    _questionnee(m, nom="REPONDRE")
    _a_l_heure(midi)
    recits.transmise(m, nom="RECENTE")
    rangees = _lignes(connecte(m["referent"]).get(ICI))
    assert [re.search(r"\b[A-Z]{3,}\b", r)[0] for r in rangees] == ["INFORMER", "REPONDRE", "RECENTE", "ANCIENNE"]  # type: ignore[index]
    assert rangees[0] == (
        f"Mme Ondine INFORMER 26-0001 Les Tilleuls Nord {m['gardien'].nom_complet} 1 j de retard "
        "Information à enregistrer En cours"
    )
    assert "1 nouveau message" in rangees[1]
    assert "lun. 28 sept. L’équipe a posé une question À compléter" in rangees[1]
    assert "Rien à faire Reçue" in rangees[2]


def test_l_ordre_des_dates_suit_les_jours_ouvres_ecrits(db: None, midi: datetime) -> None:
    """What SQL orders by is the date that Python writes, but for public holidays."""
    m = monde(relecture=True)
    for jours in range(7):
        _a_l_heure(midi + timedelta(days=jours))
        fiche = recits.envoyee(m)
        with agir_comme(m["referent"]):
            lue: Any = Fiche.objects.visibles_par(m["referent"]).avec_echeance(m["referent"]).get(pk=fiche.pk)
        assert lue.echeance == ajouter_jours_ouvres(horloge.aujourdhui(), 2), jours
    n = monde("Sud")
    for jours in range(7):
        _a_l_heure(midi + timedelta(days=jours))
        fiche = _questionnee(n)
        with agir_comme(n["referent"]):
            lue = Fiche.objects.visibles_par(n["referent"]).avec_echeance(n["referent"]).get(pk=fiche.pk)
        assert lue.echeance == ajouter_jours_ouvres(horloge.aujourdhui(), 5), jours


def test_une_ligne_terminee_ne_dit_que_contenu_efface(db: None, midi: datetime) -> None:
    m = monde()
    fiche = _questionnee(m, nom="CANARI", faits="Faitscanari")
    with agir_comme(m["social"]):
        parcours.declarer_non_recevable(fiche.pk, par=m["social"], motif="doublon")
    client = connecte(m["referent"])
    assert _lignes(client.get(ICI)) == [f"Contenu effacé 26-0001 {m.residence.nom} Rien à faire Terminée"]
    panneau = texte(client.get(reverse("signalement", args=[fiche.pk])))
    assert "Cette situation est terminée. Son contenu ne s’affiche plus" in panneau
    for canari in ("CANARI", "Faitscanari", "Quel étage", "Doublon", m["gardien"].nom):
        assert canari not in panneau
    for page in ("signalement_fiche", "signalement_opposition", "signalement_relecture"):
        assert client.get(reverse(page, args=[fiche.pk])).status_code == 302


def test_une_ligne_terminee_reste_sans_nom_meme_quand_un_releve_est_attendu(db: None, midi: datetime) -> None:
    m = monde()
    fiche = recits.recevable(m, nom="CANARI")
    with agir_comme(m["social"]):
        parcours.classer(fiche.pk, par=m["social"], motif="injoignable")
    with en_tant_que("palier_systeme"):
        lue = Fiche.objects.get(pk=fiche.pk)
        grille = recits.contenu(m).grille
        parcours.ouvrir_releve(lue, type_evaluateur="bailleur", grille=grille, evaluateur_id=None, du_le=midi.date())
    client = connecte(m["referent"])
    assert _lignes(client.get(ICI)) == [f"Contenu effacé 26-0001 {m.residence.nom} Rien à faire Terminée"]
    assert "CANARI" not in texte(client.get(ICI, {"q": "canari"})).replace("« canari »", "")
    assert "CANARI" not in texte(client.get(reverse("signalement", args=[fiche.pk])))


def test_les_filtres_sont_dans_l_adresse_et_se_retirent(db: None, midi: datetime) -> None:
    m = monde()
    _a_l_heure(midi - timedelta(days=10))
    recits.transmise(m, nom="ALPHA")
    _a_l_heure(midi)
    _questionnee(m, nom="BETA")
    fiche = recits.transmise(m, nom="GAMMA", par=m["referent"], residence=m.autre_residence)
    with agir_comme(m["social"]):
        parcours.declarer_non_recevable(fiche.pk, par=m["social"], motif="doublon")
    client = connecte(m["referent"])

    def noms(**filtres: Any) -> list[str]:
        return [r.split(" 26-")[0].split()[-1] for r in _lignes(client.get(ICI, filtres))]

    assert noms() == ["BETA", "effacé", "ALPHA"]
    assert noms(vue="a_faire") == ["BETA"]
    assert noms(vue="ouverts") == ["BETA", "ALPHA"]
    assert noms(vue="termines") == ["effacé"]
    assert noms(statut="recue") == ["ALPHA"]
    assert noms(residence=m.autre_residence.pk) == ["effacé"]
    assert noms(du="2026-09-20") == ["BETA", "effacé"]
    assert noms(au="2026-09-20") == ["ALPHA"]
    assert noms(q="bet") == ["BETA"]
    assert noms(q="gamma") == []
    assert noms(q="26-0003") == ["effacé"]
    assert noms(q="26-0001", statut="recue") == ["ALPHA"]
    page = client.get(ICI, {"statut": "recue", "q": "alp"})
    assert "Retirer le filtre « alp »" in texte(page)
    assert 'href="?statut=recue"' in page.content.decode()
    mots = texte(client.get(ICI, {"du": "2026-09-22", "au": "2026-09-01", "statut": "inconnu"}))
    assert "La fin de la période vient après son début." in mots


def test_chaque_liste_dit_combien_par_vue(db: None, midi: datetime) -> None:
    m = monde()
    recits.transmise(m)
    _questionnee(m)
    recits.brouillon(m)  # another's draft is nobody else's
    recits.brouillon(m, m["referent"])
    mots = texte(connecte(m["referent"]).get(ICI))
    assert "Tous 2 À faire 1 Ouverts 2 Terminés 0" in mots
    assert "1 fiche à finir" in mots


def test_la_liste_vide_dit_quoi_faire(db: None) -> None:
    m = monde()
    client = connecte(m["referent"])
    assert "Ceux de vos gardiens et les vôtres arrivent ici dès leur envoi." in texte(client.get(ICI))


def test_les_pages_se_suivent_sans_rien_perdre_ni_repeter(db: None, midi: datetime) -> None:
    m = monde()
    for i in range(28):
        _a_l_heure(midi + timedelta(minutes=i))
        recits.transmise(m)
    client = connecte(m["referent"])
    premiere = client.get(ICI)
    suivante = re.search(r'href="(\?apres=[^"]+)"', premiere.content.decode())
    assert suivante
    seconde = client.get(ICI + suivante[1])
    references = [re.search(r"26-\d{4}", r)[0] for r in _lignes(premiere) + _lignes(seconde)]  # type: ignore[index]
    assert references == [f"26-{n:04}" for n in range(28, 0, -1)]


def test_la_lecture_d_une_liste_et_d_une_fiche_est_notee_une_fois(db: None, midi: datetime) -> None:
    m = monde()
    fiche = recits.transmise(m)
    client = connecte(m["referent"])
    client.get(ICI)
    client.get(ICI, {"q": "maquette"})
    client.get(reverse("signalement", args=[fiche.pk]))
    client.get(reverse("signalement_fiche", args=[fiche.pk]))
    lectures = [f"signalements.{lue}" for lue in ("liste_lue", "liste_lue", "fiche_lue", "fiche_lue")]
    assert evenements(m.equipe.pk) == ["signalements.transmise", *lectures]
    assert evenements(m.bailleur.pk) == ["signalements.brouillon_cree", "signalements.recherche"]


def test_htmx_prend_le_panneau_et_sa_ligne_seuls(db: None, midi: datetime) -> None:
    m = monde()
    fiche = recits.transmise(m)
    client = connecte(m["referent"])
    partie = client.get(reverse("signalement", args=[fiche.pk]), headers={"HX-Request": "true"}).content.decode()
    assert "<html" not in partie
    assert f'id="ligne-{fiche.pk}" hx-swap-oob="true"' in partie
    assert "autofocus" in partie
    retour = client.get(
        reverse("signalement", args=[fiche.pk]), headers={"HX-Request": "true", "HX-History-Restore-Request": "true"}
    )
    assert "<html" in retour.content.decode()


def test_le_referent_repond_et_complete_avec_la_date_d_information(db: None, midi: datetime) -> None:
    m = monde()
    fiche = _questionnee(m)
    client = connecte(m["referent"])
    reponse = _message(
        client, fiche.pk, "signalement_repondre", action="completer", texte="Au 3e. Vue le 20.",
        informee_le="2026-09-20", mode_information="vive_voix",
    )  # fmt: skip
    assert reponse["Location"] == reverse("signalement", args=[fiche.pk])
    lue = recits.relue(m, fiche)
    assert (lue.statut, lue.instruction.etat) == ("recue", EtatInstruction.TRANSMISE)
    page = texte(client.get(reverse("signalement", args=[fiche.pk])))
    assert "Votre réponse est partie." in page
    assert "équipe dédiée, aujourd’hui à 12 h Quel étage ?" in page
    assert "Vous aujourd’hui à 12 h Au 3e. Vue le 20." in page
    assert "Personne informée le 20 septembre : de vive voix, notice remise." in page


def test_une_reponse_fausse_garde_le_texte_et_n_envoie_rien(db: None, midi: datetime) -> None:
    m = monde()
    fiche = _questionnee(m)
    client = connecte(m["referent"])
    avant = etat_complet(fiche)[1:]  # the journal holds one reading more
    for champs, phrase in (
        ({"informee_le": "2026-09-23", "mode_information": "courrier"}, "La date doit être passée ou du jour."),
        ({"informee_le": "2026-09-20"}, "Dites comment elle a été informée."),
        ({"texte": ""}, "Écrivez votre réponse."),
        ({"texte": "é" * 601}, "600 caractères"),
    ):
        page = _message(
            client, fiche.pk, "signalement_repondre", **{"action": "completer", "texte": "Ma réponse.", **champs}
        )
        assert phrase in texte(page)
        assert champs.get("texte", "Ma réponse.") in texte(page)
    assert etat_complet(fiche)[1:] == avant
    with agir_comme(m["coordination"]):
        assert Echange.objects.de_la_fiche(fiche).count() == 1


def test_un_message_envoye_deux_fois_n_est_ecrit_qu_une(db: None, midi: datetime) -> None:
    m = monde()
    fiche = recits.transmise(m)
    client = connecte(m["referent"])
    cle = str(client.get(reverse("signalement", args=[fiche.pk])).context["message"]["cle"].value())
    for _ in range(2):
        client.post(
            reverse("signalement_repondre", args=[fiche.pk]), {"cle": cle, "action": "message", "texte": "Une fois."}
        )
    with agir_comme(m["coordination"]):
        assert [e.texte for e in Echange.objects.de_la_fiche(fiche)] == ["Une fois."]
    autre = client.post(
        reverse("signalement_repondre", args=[fiche.pk]), {"cle": cle, "action": "message", "texte": "Un autre."}
    )
    assert "Ce message est déjà parti avec un autre texte." in texte(autre)


def test_repondre_a_une_question_deja_close_est_dit_et_le_texte_est_rendu(db: None, midi: datetime) -> None:
    m = monde()
    fiche = _questionnee(m)
    client = connecte(m["referent"])
    cle = str(client.get(reverse("signalement", args=[fiche.pk])).context["message"]["cle"].value())
    with agir_comme(m["social"]):
        parcours.declarer_recevable(fiche.pk, par=m["social"])
    envois = promesses()
    page = client.post(
        reverse("signalement_repondre", args=[fiche.pk]),
        {"cle": cle, "action": "completer", "texte": "Une réponse un peu longue, à ne pas perdre."},
    )
    mots = texte(page, 409)
    assert "Le signalement 26-0001 a changé entre-temps État actuel : En cours" in mots
    assert "Une réponse un peu longue, à ne pas perdre." in mots
    assert promesses() == envois
    with agir_comme(m["coordination"]):
        assert Echange.objects.de_la_fiche(fiche).count() == 1


def test_l_information_s_enregistre_puis_se_corrige_sans_raccourcir_le_delai(db: None, midi: datetime) -> None:
    m = monde()
    fiche = recits.recevable(m)
    client = connecte(m["referent"])
    ici = reverse("signalement_information", args=[fiche.pk])
    future = client.post(ici, {"informee_le": "2026-09-23", "mode_information": "courrier"})
    assert "La date doit être passée ou du jour" in texte(future)
    assert recits.relue(m, fiche).informations.count() == 0
    assert client.post(ici, {"informee_le": "2026-09-22", "mode_information": "courrier"}).status_code == 302
    fin = recits.relue(m, fiche).instruction.delai_jusqua
    assert "L’information est enregistrée : 22 septembre." in texte(client.get(reverse("signalement", args=[fiche.pk])))
    client.post(ici, {"informee_le": "2026-09-10", "mode_information": "vive_voix"})
    with agir_comme(m["referent"]):
        derniere = Information.objects.de_la_fiche(fiche).first()
    assert derniere is not None
    assert (derniere.le.isoformat(), derniere.mode) == ("2026-09-10", ModeInformation.VIVE_VOIX)
    assert recits.relue(m, fiche).instruction.delai_jusqua == fin
    assert client.get(ici)["Location"] == reverse("signalement", args=[fiche.pk])


def test_l_opposition_demande_une_case_puis_cache_tout(db: None, midi: datetime) -> None:
    m = monde()
    fiche = recits.informee(m, nom="CANARI")
    client = connecte(m["referent"])
    ici = reverse("signalement_opposition", args=[fiche.pk])
    page = texte(client.get(ici))
    assert "Enregistrer l’opposition de Mme Ondine CANARI ?" in page
    assert "puis effacé le 29 septembre" in page
    sans = client.post(ici)
    assert "Cochez cette case pour enregistrer son opposition." in texte(sans)
    assert recits.relue(m, fiche).instruction.etat == EtatInstruction.DELAI_OPPOSITION
    assert client.post(ici, {"refuse": "on"})["Location"] == ICI
    mots = texte(client.get(ICI))
    assert "L’opposition à 26-0001 est enregistrée." in mots
    assert "CANARI" not in mots
    assert client.post(ici, {"refuse": "on"}).status_code == 302
    assert recits.relue(m, fiche).instruction.etat == EtatInstruction.OPPOSITION


def test_la_fiche_envoyee_se_relit_en_entier(db: None, midi: datetime) -> None:
    m = monde()
    fiche = recits.transmise(m)
    mots = texte(connecte(m["referent"]).get(reverse("signalement_fiche", args=[fiche.pk])))
    for morceau in (
        "Fiche 26-0001", "Nom Mme Ondine Maquette", "Bâtiment A", "Étage 3e étage", "Porte 12",
        "2 Fréquent Constat direct", "Ce que l’on sait Impayé", "Inquiétude, de 0 à 10 6",
        "Volets fermés depuis trois semaines.", "Informée le Non précisé",
    ):  # fmt: skip
        assert morceau in mots
    assert "total" not in mots.lower()


@pytest.mark.parametrize("role", ["referent", "responsable", "gardien"])
def test_aucun_etat_motif_ni_visite_sur_les_pages_du_bailleur(db: None, midi: datetime, role: str) -> None:
    m = monde()
    fiches = [recits.transmise(m), recits.recevable(m), recits.informee(m)]
    for motif in MotifNonRecevable.values[:3]:
        finie = recits.transmise(m)
        with agir_comme(m["social"]):
            parcours.declarer_non_recevable(finie.pk, par=m["social"], motif=motif)
        fiches.append(finie)
    a_visiter = recits.a_visiter(m)
    with agir_comme(m["social"]):
        parcours.noter_rencontre(a_visiter.pk, par=m["social"], le=horloge.maintenant())
    fiches.append(a_visiter)
    client = connecte(m[role])
    pages = [ICI, "/releves/", *(reverse("signalement", args=[f.pk]) for f in fiches)]
    if role != "gardien":
        pages += ["/", *(reverse("signalement_fiche", args=[f.pk]) for f in fiches)]
    for page in pages:
        mots = texte(client.get(page, follow=True))
        for mot in INTERNES - {"À compléter", "Information à enregistrer", "Autre"}:
            assert not re.search(rf"\b{re.escape(mot)}\b", mots), (page, mot)


def test_la_liste_coute_autant_avec_trois_et_trente_lignes(db: None, midi: datetime) -> None:
    m = monde()
    client = connecte(m["referent"])
    nombres = []
    for combien in (3, 27):
        for i in range(combien):
            _questionnee(m) if i % 3 == 0 else recits.recevable(m) if i % 3 == 1 else recits.transmise(m)
        with instructions() as vues:
            assert client.get(ICI).status_code == 200
        nombres.append(len(vues))
        assert len(vues) <= 12, enumerees(vues)
    assert nombres[0] == nombres[1]


def test_le_panneau_et_la_fiche_coutent_douze_instructions_au_plus(db: None, midi: datetime) -> None:
    m = monde()
    fiche = _questionnee(m)
    client = connecte(m["referent"])
    for page in ("signalement", "signalement_fiche"):
        with instructions() as vues:
            assert client.get(reverse(page, args=[fiche.pk])).status_code == 200
        assert len(vues) <= 12, enumerees(vues)
