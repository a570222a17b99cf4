"""One tap fills the rest of a domain and goes on; what it filled is said where it led, and can be undone."""

from datetime import datetime

from tests import recits
from tests.fabriques import monde
from tests.pages import connecte, texte
from tests.signalements.saisies import adresse, brouillon_de

RESTE = {"tout_non_observe": "suite"}


def test_une_touche_remplit_le_reste_et_va_au_domaine_suivant(db: None, midi: datetime) -> None:
    m = monde()
    client = connecte(m["gardien"])
    fiche = recits.brouillon(m)
    reponse = client.post(adresse(fiche.pk, "securite"), {"SEC1": "2", "SEC1_source": "direct", **RESTE})
    assert reponse["Location"] == adresse(fiche.pk, "presence")
    garde = brouillon_de(m, fiche.pk)
    assert (garde["SEC1"], garde["SEC1_source"], garde["SEC2"]) == ("2", "direct", "NO")
    assert "LIE1" not in garde  # the domain it leads to stays without an answer


def test_ce_qui_a_ete_rempli_est_dit_sur_la_page_suivante_et_s_annule(db: None, midi: datetime) -> None:
    m = monde()
    client = connecte(m["gardien"])
    fiche = recits.brouillon(m)
    suite = client.post(adresse(fiche.pk, "presence"), {"LIE1": "0", **RESTE})["Location"]
    assert "4 lignes remplies en « non observé ». Revoir" in texte(client.get(suite))
    assert f'href="{adresse(fiche.pk, "presence")}#reste"' in client.get(suite).content.decode()
    assert "4 lignes remplies en « non observé ». Annuler" in texte(client.get(adresse(fiche.pk, "presence")))
    garde = brouillon_de(m, fiche.pk)
    lignes = {code: garde[code] for code in ("LIE1", "LIE2", "LIE3", "LIE4", "LIE5")}
    client.post(adresse(fiche.pk, "presence"), {**lignes, "annuler_non_observe": "1"})
    garde = brouillon_de(m, fiche.pk)
    assert (garde["LIE1"], "LIE2" in garde, "LIE5" in garde) == ("0", False, False)
    assert "Revoir" not in texte(client.get(suite))


def test_une_source_manquante_retient_la_page_et_garde_tout(db: None, midi: datetime) -> None:
    m = monde()
    client = connecte(m["gardien"])
    fiche = recits.brouillon(m)
    page = client.post(adresse(fiche.pk, "securite"), {"SEC1": "3", **RESTE})
    assert "Dites comment vous le savez." in texte(page)
    garde = brouillon_de(m, fiche.pk)
    assert (garde["SEC1"], garde["SEC2"]) == ("3", "NO")
    assert 'name="SEC2" value="NO" id="id_SEC2_4" checked' in page.content.decode()


def test_une_reponse_donnee_n_est_jamais_changee_par_le_remplissage(db: None, midi: datetime) -> None:
    m = monde()
    client = connecte(m["gardien"])
    fiche = recits.brouillon(m)
    client.post(adresse(fiche.pk, "securite"), {"SEC1": "0", "SEC2": "1", "SEC2_source": "rapporte", **RESTE})
    garde = brouillon_de(m, fiche.pk)
    assert (garde["SEC1"], garde["SEC2"], garde["SEC2_source"]) == ("0", "1", "rapporte")
    assert "remplies_securite" not in garde
