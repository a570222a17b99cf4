"""The triage list: by due date, filtered in the address, the same cost whatever the number of rows."""

import html
import re
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.db import connection, transaction
from django.urls import reverse

from partenaires.perimetre import agir_comme
from signalements import parcours
from signalements.echeances import echeance_de
from signalements.enums import Action
from signalements.models import Fiche
from signalements.models.lectures_equipe import echues_au
from socle import horloge
from socle.models import Evenement
from tests import recits
from tests.comptage import enumerees, instructions
from tests.conftest import en_tant_que
from tests.fabriques import Monde, monde
from tests.pages import connecte, lignes, texte
from tests.partenaires.regards import evenements

ADRESSE = "/fiches/"


def _recue(m: Monde, il_y_a: int, **champs: Any) -> Fiche:
    """A fiche received some days ago; the clock is given back where it was."""
    maintenant = horloge.maintenant()
    horloge.regler(maintenant - timedelta(days=il_y_a))
    fiche = recits.transmise(m, **champs)
    horloge.regler(maintenant)
    return fiche


def _noms(rangees: list[str]) -> list[str]:
    """The family name of each row; names of the tests are made of capital letters."""
    return [re.search(r"\b[A-Z]{3,}\b", r)[0] for r in rangees]  # type: ignore[index]


def test_la_liste_classe_par_echeance_et_dit_qu_elle_ne_calcule_aucun_score(db: None, midi: datetime) -> None:
    m = monde()
    grille = recits.contenu(m).grille
    _recue(m, 4, nom="RECENTE", contexte=())
    _recue(
        m, 11, nom="RETARD", contexte=("plaintes",), cotations=recits.cotations(grille, presents={"VOI1": 1, "LOG1": 3})
    )
    _recue(m, 7, nom="JOUR", contexte=("impaye", "commandement"), cotations=recits.cotations(grille, presents={}))
    reponse = connecte(m["coordination"]).get(ADRESSE)
    page, rangees = texte(reponse), lignes(reponse)
    assert _noms(rangees) == ["RETARD", "JOUR", "RECENTE"]
    assert rangees[0] == (
        "2 j de retard reçue le 11 sept. 11 j d’attente Mme Ondine RETARD 26-0002 Les Tilleuls Nord "
        f"{m.bailleur.nom} Logement, voisinage Plaintes de voisins Attribuer : Mme Ondine RETARD "
        "Étudier : Mme Ondine RETARD, 26-0002"
    )
    assert "Aujourd’hui reçue le 15 sept." in rangees[1]
    assert "Impayé Commandement de payer" in rangees[1]
    assert "ven. 25 sept. reçue le 18 sept." in rangees[2]
    assert "Classées par échéance. Palier ne calcule ni score ni priorité à partir des signaux." in page
    assert "3 fiches" in page
    # One primary button: the first row's.
    assert reponse.content.decode().count("btn-primary") == 1
    assert 'aria-sort="ascending"' in reponse.content.decode()
    assert "<title>À étudier – Fiches – Palier</title>" in reponse.content.decode()


def test_chaque_onglet_montre_un_etat_et_son_compte(db: None, midi: datetime) -> None:
    m = monde()
    visitable = recits.a_visiter(m, nom="VISITER")
    horloge.regler(midi)
    recits.transmise(m, nom="ETUDIER")
    question = recits.transmise(m, nom="COMPLETER")
    recits.recevable(m, nom="INFORMER")
    recits.informee(m, nom="ATTENDRE")
    finie = recits.transmise(m, nom="FINIE")
    with agir_comme(m["social"]):
        parcours.demander_complement(question.pk, par=m["social"], question="Depuis quand ?")
        parcours.declarer_non_recevable(finie.pk, par=m["social"], motif="doublon")
    horloge.regler(midi + timedelta(days=9))
    client = connecte(m["social"])
    attendus = {
        "a_etudier": ("ETUDIER", "À étudier 1"),
        "a_completer": ("COMPLETER", "À compléter 1"),
        "information": ("INFORMER", "Information à enregistrer 1"),
        "delai": ("ATTENDRE", "Délai d’opposition 1"),
        "a_visiter": ("VISITER", "À visiter 1"),
        "terminees": ("FINIE", "Terminées"),
    }
    for cle, (nom, onglet) in attendus.items():
        reponse = client.get(ADRESSE, {"etat": cle})
        assert _noms(lignes(reponse)) == [nom]
        assert onglet in texte(reponse)
    assert visitable.pk is not None


def test_une_semaine_qui_court_n_est_le_retard_de_personne(db: None, midi: datetime) -> None:
    m = monde()
    recits.informee(m)
    horloge.regler(midi + timedelta(days=12))  # the clock has not passed yet
    assert "mar. 29 sept." in lignes(connecte(m["social"]).get(ADRESSE, {"etat": "delai"}))[0]
    assert "retard" not in lignes(connecte(m["social"]).get(ADRESSE, {"etat": "delai"}))[0]
    assert lignes(connecte(m["social"]).get(ADRESSE, {"etat": "delai", "echeance": "retard"})) == []


def test_les_filtres_sont_dans_l_adresse_et_se_retirent_un_par_un(db: None, midi: datetime) -> None:
    m = monde()
    suivie = _recue(m, 4, nom="SUIVIE")
    _recue(m, 4, nom="LIBRE", residence=m.autre_residence)
    _recue(m, 0, nom="LOINTAINE")
    with agir_comme(m["coordination"]):
        parcours.attribuer(suivie.pk, par=m["coordination"], a=m["soignant"])
    client = connecte(m["coordination"])

    def noms(**filtres: str | int) -> list[str]:
        return _noms(lignes(client.get(ADRESSE, filtres)))

    assert noms() == ["SUIVIE", "LIBRE", "LOINTAINE"]
    assert noms(suivie=m["soignant"].pk) == ["SUIVIE"]
    assert noms(suivie="personne") == ["LIBRE", "LOINTAINE"]
    assert noms(echeance="semaine") == ["SUIVIE", "LIBRE"]
    assert noms(contexte="impaye") == ["SUIVIE", "LIBRE", "LOINTAINE"]
    assert noms(contexte="jugement") == []
    assert noms(q="libr") == ["LIBRE"]
    assert noms(q="grand pre") == ["LIBRE"]
    assert noms(q="26-0002") == ["LIBRE"]
    assert noms(orienteur=m.bailleur.pk, territoire=m.territoire.pk) == ["SUIVIE", "LIBRE", "LOINTAINE"]
    assert noms(orienteur=m.partenaire.pk) == []
    # What is not offered filters nothing.
    inconnus = {"orienteur": "999999", "suivie": "x", "territoire": "?", "echeance": "jamais"}
    assert noms(**inconnus) == ["SUIVIE", "LIBRE", "LOINTAINE"]
    dit = texte(client.get(ADRESSE, inconnus))
    assert "n’est plus proposé. Bailleur ou partenaire, Territoire, Suivie par, Échéance" in dit
    assert "n’est plus proposé" not in texte(client.get(ADRESSE, {"q": "libr"}))
    reponse = client.get(ADRESSE, {"suivie": "personne", "echeance": "semaine", "tri": "-recue"})
    page = texte(reponse)
    assert "1 fiche sur 3" in page
    assert "Retirer le filtre Sans personne" in page
    assert "Retirer le filtre Échéance cette semaine" in page
    # The tabs say what they will show with the same filters.
    assert "À étudier 1 À compléter 0" in page
    assert "À étudier 3 À compléter 0" in texte(client.get(ADRESSE))
    liens = [html.unescape(u) for u in re.findall(r'pa-puce--active" href="([^"]+)"', reponse.content.decode())]
    assert liens == ["?echeance=semaine&tri=-recue", "?suivie=personne&tri=-recue"]
    vide = client.get(ADRESSE, {"q": "inconnue"})
    assert "Aucune fiche ne répond à ces filtres" in texte(vide)
    assert "0 fiche sur 3" in texte(vide)


def test_le_tri_se_retourne_par_l_entete(db: None, midi: datetime) -> None:
    m = monde()
    for jours, nom in ((1, "HIER"), (8, "VIEILLE"), (3, "MILIEU")):
        _recue(m, jours, nom=nom)
    client = connecte(m["social"])
    for tri, ordre, sens in (
        ("recue", ["VIEILLE", "MILIEU", "HIER"], "ascending"),
        ("-recue", ["HIER", "MILIEU", "VIEILLE"], "descending"),
        ("-echeance", ["HIER", "MILIEU", "VIEILLE"], "descending"),
        ("inconnu", ["VIEILLE", "MILIEU", "HIER"], "ascending"),
    ):
        reponse = client.get(ADRESSE, {"tri": tri})
        assert _noms(lignes(reponse)) == ordre, tri
        assert f'aria-sort="{sens}"' in reponse.content.decode()


def test_la_liste_se_trie_par_residence_et_par_dernier_echange(db: None, midi: datetime) -> None:
    m = monde()
    tilleuls = _recue(m, 5, nom="TILLEULS")
    pre = _recue(m, 3, nom="PRE", residence=m.autre_residence)
    _recue(m, 1, nom="MUETTE")
    for minutes, fiche, qui in ((30, tilleuls, "social"), (10, pre, "referent")):
        horloge.regler(midi - timedelta(minutes=minutes))
        with agir_comme(m[qui]):
            parcours.ecrire_message(fiche.pk, par=m[qui], texte="Bonjour")
    horloge.regler(midi)
    client = connecte(m["social"])

    def noms(**filtres: str) -> list[str]:
        return _noms(lignes(client.get(ADRESSE, filtres)))

    assert noms(tri="residence") == ["PRE", "TILLEULS", "MUETTE"]
    assert noms(tri="-echange") == ["PRE", "TILLEULS", "MUETTE"]
    assert noms(tri="echange") == ["MUETTE", "TILLEULS", "PRE"]
    assert noms(echange="attendue") == ["PRE"]
    reponse = client.get(ADRESSE, {"tri": "-echange"})
    rangees = lignes(reponse)
    assert "Message reçu aujourd’hui" in rangees[0]
    assert "Message envoyé aujourd’hui" in rangees[1]
    assert "Message" not in rangees[2]
    assert "Classées par dernier échange, le plus récent d’abord." in texte(reponse)
    assert reponse.content.decode().count("aria-sort=") == 1


def test_l_onglet_des_fiches_en_cours_melange_les_etats_par_echeance(db: None, midi: datetime) -> None:
    m = monde()
    recits.informee(m, nom="ATTENDRE")  # the week ends on 29 September
    recits.recevable(m, nom="INFORMER")  # 21 days after
    _recue(m, 11, nom="RETARD")
    _recue(m, 1, nom="ETUDIER")  # 28 September
    reponse = connecte(m["social"]).get(ADRESSE, {"etat": "en_cours"})
    rangees = lignes(reponse)
    assert _noms(rangees) == ["RETARD", "ETUDIER", "ATTENDRE", "INFORMER"]
    assert [e for e in ("À étudier", "Délai d’opposition") if e in rangees[2]] == ["Délai d’opposition"]
    assert "Toutes 4" in texte(reponse)
    retard = connecte(m["social"]).get(ADRESSE, {"etat": "en_cours", "echeance": "retard"})
    assert _noms(lignes(retard)) == ["RETARD"]


def test_vingt_cinq_par_page_et_retour(db: None, midi: datetime) -> None:
    m = monde()
    noms = [f"{chr(65 + n // 26)}{chr(65 + n % 26)}Z" for n in range(27)]
    for n, nom in enumerate(noms):
        horloge.regler(midi - timedelta(minutes=100 - n))
        recits.transmise(m, nom=nom)
    horloge.regler(midi)
    client = connecte(m["social"])
    premiere = client.get(ADRESSE)
    assert _noms(lignes(premiere)) == noms[:25]
    suivante = html.unescape(re.search(r'href="([^"]+)" rel="next"', premiere.content.decode())[1])  # type: ignore[index]
    seconde = client.get(ADRESSE + suivante)
    assert _noms(lignes(seconde)) == noms[25:]
    precedente = html.unescape(re.search(r'href="([^"]+)" rel="prev"', seconde.content.decode())[1])  # type: ignore[index]
    assert _noms(lignes(client.get(ADRESSE + precedente))) == noms[:25]
    assert _noms(lignes(client.get(ADRESSE, {"apres": "n-importe-quoi"}))) == noms[:25]


def test_la_liste_coute_au_plus_douze_instructions_pour_trois_ou_trente_lignes(db: None, midi: datetime) -> None:
    m = monde()
    client = connecte(m["coordination"])
    couts: list[int] = []
    for _ in range(2):
        for _ in range(3 if not couts else 27):
            recits.transmise(m)
        with instructions() as vues:
            reponse = client.get(ADRESSE, {"suivie": "personne", "echeance": "", "q": "maquette"})
        assert len(lignes(reponse)) == (3 if not couts else 25)
        couts.append(len(vues))
        assert len(vues) <= 10, enumerees(vues)
    assert couts == [10, 10]
    with instructions() as vues:
        page = client.get(ADRESSE).content.decode()
        client.get(ADRESSE + html.unescape(re.search(r'href="([^"]+)" rel="next"', page)[1]))  # type: ignore[index]
    assert len(vues) <= 21, enumerees(vues)


def test_la_lecture_est_inscrite_au_journal_avec_les_fiches_montrees(db: None, midi: datetime) -> None:
    m = monde()
    fiche, autre = recits.transmise(m), recits.recevable(m)
    connecte(m["social"]).get(ADRESSE)
    with en_tant_que("palier_fabrique"):
        lu = Evenement.objects.get(action=Action.LISTE_LUE)
    assert (lu.compte_id, lu.organisation_id, lu.objets) == (m["social"].pk, m.equipe.pk, [str(fiche.pk)])
    assert str(autre.pk) not in lu.objets


@pytest.mark.parametrize(
    ("role", "statut"),
    [("gardien", 404), ("referent", 404), ("responsable", 404), ("correspondant", 404), ("coordination_clsm", 404),
     ("exploitation", 404), ("dpo", 404), ("coordination", 200), ("soignant", 200), ("social", 200)],
)  # fmt: skip
def test_le_tri_est_a_l_equipe_seule(db: None, midi: datetime, role: str, statut: int) -> None:
    m = monde()
    recits.transmise(m, nom="CANARI")
    reponse = connecte(m[role]).get(ADRESSE)
    assert reponse.status_code == statut
    assert ("CANARI" in reponse.content.decode()) is (statut == 200)
    assert (Action.LISTE_LUE in evenements(m.equipe.pk)) is (statut == 200)


def test_une_equipe_ne_voit_ni_ne_filtre_les_fiches_d_une_autre(db: None, midi: datetime) -> None:
    nord, sud = monde("Nord"), monde("Sud")
    recits.transmise(nord, nom="NORDIQUE", porte="CANARINORD")
    recits.transmise(sud, nom="SUDISTE", porte="CANARISUD")
    for m, autre in ((nord, sud), (sud, nord)):
        client = connecte(m["coordination"])
        for parametres in ({}, {"q": "nordique"}, {"q": "sudiste"}, {"orienteur": autre.bailleur.pk}):
            page = client.get(ADRESSE, parametres).content.decode()
            interdit = "SUDISTE" if m is nord else "NORDIQUE"
            assert interdit not in page
            assert autre.bailleur.nom not in page
            assert autre.territoire.nom not in page
            assert autre["coordination"].nom not in page


def test_une_opposition_ne_se_devine_ni_par_le_nom_ni_par_les_signaux(db: None, midi: datetime) -> None:
    m = monde()
    fiche = recits.transmise(m, nom="OPPOSEE")
    with agir_comme(m["referent"]):
        parcours.opposer(fiche.pk, par=m["referent"])
    client = connecte(m["coordination"])
    rangee = lignes(client.get(ADRESSE, {"etat": "terminees"}))[0]
    assert "Contenu effacé 26-0001" in rangee
    assert "OPPOSEE" not in rangee
    assert "Logement" not in rangee
    assert lignes(client.get(ADRESSE, {"etat": "terminees", "q": "opposee"})) == []


@pytest.mark.parametrize("depart", [date(2026, 9, 22) + timedelta(days=n) for n in (0, 1, 2, 3, 4, 5, 6)])
def test_les_echeances_en_sql_sont_celles_de_python(db: None, depart: date) -> None:
    """Around week-ends and a public holiday (1 November 2026 is a Sunday, 11 November a Wednesday)."""
    horloge.regler(horloge.a_paris(depart, 11))
    m = monde()
    for fabrique in (recits.transmise, recits.recevable, recits.informee):
        fabrique(m)
    visitable = recits.a_visiter(m)
    accompagnee = recits.a_visiter(m)
    with agir_comme(m["social"]):
        parcours.accompagner(accompagnee.pk, par=m["social"])
        parcours.noter_contrat(accompagnee.pk, par=m["social"], le=horloge.maintenant())
        parcours.opposer(accompagnee.pk, par=m["social"])  # after a contract: a retrait d'accord
    assert visitable.instruction.etat == "a_visiter"
    ecarts = []
    with agir_comme(m["coordination"]), transaction.atomic():
        fiches = list(Fiche.objects.visibles_par(m["coordination"]).select_related("instruction"))
        assert len(fiches) == 5
        for n in range(60):
            jour = depart + timedelta(days=n)
            en_sql = set(Fiche.objects.filter(echues_au(jour)).values_list("pk", flat=True))
            lues = Fiche.objects.filter(instruction__retrait_demande_le=None).pour_trier("echeance")
            en_tri = {f.pk: getattr(f, "echeance", None) for f in lues}
            assert en_tri == {
                f.pk: echeance_de(f.instruction) for f in fiches if f.instruction.retrait_demande_le is None
            }
            en_python = {f.pk for f in fiches if (e := echeance_de(f.instruction)) is not None and e <= jour}
            if en_sql != en_python:
                ecarts.append((jour, [f.instruction.etat for f in fiches if f.pk in en_sql ^ en_python]))
    assert ecarts == []
    assert connection.in_atomic_block


def test_l_adresse_de_la_fiche_est_celle_de_la_ligne(db: None, midi: datetime) -> None:
    m = monde()
    fiche = recits.transmise(m)
    assert f'href="{reverse("fiche", args=[fiche.pk])}"' in connecte(m["social"]).get(ADRESSE).content.decode()
