"""The home of every role: what is late first, then by person; the others go to their first page."""

import re
from datetime import date, datetime, timedelta

import pytest

from accompagnements.models import Visite
from config.a_faire import Groupe, composer, phrase_de
from partenaires.models import Compte
from partenaires.perimetre import agir_comme
from signalements import parcours
from signalements.enums import Action
from signalements.models import Grille
from signalements.taches_equipe import Membre
from socle import horloge
from socle.ecriture import INSECABLE
from socle.models import Evenement
from socle.presentation import Delai, Tache
from tests import recits
from tests import recits_accompagnements as histoires
from tests.comptage import enumerees, instructions
from tests.conftest import en_tant_que
from tests.fabriques import Monde, compte, monde
from tests.pages import connecte, texte


def _titres(html: str) -> list[str]:
    return re.findall(r'class="pa-tache__titre"[^>]*>([^<]+)<', html.replace("\N{NO-BREAK SPACE}", " "))


def _au_travail(m: Monde, midi: datetime) -> None:
    """One task of each kind, most of them late on Tuesday 22 September."""
    horloge.regler(midi - timedelta(days=26))
    informer = recits.recevable(m, nom="Informer")
    horloge.regler(midi - timedelta(days=11))
    recits.transmise(m, nom="Étudier")
    horloge.regler(midi - timedelta(days=8))
    question = recits.transmise(m, nom="Relancer")
    with agir_comme(m["social"]):
        parcours.demander_complement(question.pk, par=m["social"], question="Depuis quand ?")
    horloge.regler(midi - timedelta(days=9))
    visiter = recits.a_visiter(m, nom="Visiter")  # the clock comes back to noon of the 22nd
    assert horloge.maintenant() == midi
    attente = recits.informee(m, nom="Attendre")
    with agir_comme(m["coordination"]):
        parcours.attribuer(informer.pk, par=m["coordination"], a=m["social"])
        parcours.attribuer(visiter.pk, par=m["coordination"], a=m["soignant"])
        parcours.attribuer(attente.pk, par=m["coordination"], a=m["social"])
    recits.transmise(m, nom="Lointaine")


def test_ce_qui_est_en_retard_vient_d_abord_puis_par_personne(db: None, midi: datetime) -> None:
    m = monde()
    _au_travail(m, midi)
    reponse = connecte(m["coordination"]).get("/")
    page, corps = texte(reponse), reponse.content.decode()
    assert "4 en retard, 0 aujourd’hui, 0 d’ici vendredi, 1 plus tard" in page
    assert _titres(corps) == [
        "Enregistrer l’information de Mme Ondine Informer",
        "Étudier la fiche de Mme Ondine Étudier",
        "Planifier la première visite de Mme Ondine Visiter",
        f"Relancer {m.bailleur.nom} pour Mme Ondine Relancer",
        "Étudier la fiche de Mme Ondine Lointaine",
    ]
    assert "5 j de retard Enregistrer l’information de Mme Ondine Informer 26-0001 · Les Tilleuls Nord · " in page
    assert "fiche recevable depuis le 27 août" in page
    assert "2 j de retard Étudier la fiche de Mme Ondine Étudier" in page
    assert "complément demandé, sans réponse" in page
    assert f"délai d’opposition clos aujourd’hui · avec {m.bailleur.nom}" in page
    assert "Sans personne à attribuer, 1 à venir" in page
    assert "Attendre" not in page  # the week waits for the clock
    # A count in red in the rail, with its icon and its words.
    assert "À faire 4 en retard" in page
    assert "Fiches 6" in page
    assert corps.count("btn-primary") == 0


def test_le_filtre_moi_ne_montre_que_les_siennes(db: None, midi: datetime) -> None:
    m = monde()
    _au_travail(m, midi)
    client = connecte(m["social"])
    reponse = client.get("/", {"qui": "moi"})
    assert _titres(reponse.content.decode()) == ["Enregistrer l’information de Mme Ondine Informer"]
    assert "1 en retard, 0 aujourd’hui, 0 d’ici vendredi" in texte(reponse)
    assert "Moi 1 Toute l’équipe 5" in texte(reponse)
    assert re.search(r'href="\?qui=moi" aria-current="true"', reponse.content.decode())
    autre = client.get("/", {"qui": m["soignant"].pk})
    assert _titres(autre.content.decode()) == ["Planifier la première visite de Mme Ondine Visiter"]
    assert f"Moi 1 {m['soignant'].nom_complet} 1 Toute l’équipe 5" in texte(autre)
    personne = client.get("/", {"qui": "personne"})
    assert len(_titres(personne.content.decode())) == 3
    for inconnu in ("0", "nobody", str(m["referent"].pk)):
        assert len(_titres(client.get("/", {"qui": inconnu}).content.decode())) == 5


def test_la_charge_est_dite_par_personne(db: None, midi: datetime) -> None:
    m = monde()
    _au_travail(m, midi)
    page = texte(connecte(m["coordination"]).get("/"))
    assert f"{m['soignant'].nom_complet} 1 0 1" in page
    assert f"{m['social'].nom_complet} 1 0 2" in page
    assert f"{m['coordination'].nom_complet} 0 0 0" in page
    assert "Sans personne 2 1 –" in page


def test_ce_qui_etait_a_quelqu_un_de_parti_n_est_a_personne(db: None, midi: datetime) -> None:
    m = monde()
    with en_tant_que("palier_fabrique"):
        partie = compte("social", m.equipe)
    fiche = recits.transmise(m)
    with agir_comme(m["coordination"]):
        parcours.attribuer(fiche.pk, par=m["coordination"], a=partie)
    with en_tant_que("palier_fabrique"):
        partie.rattachements.update(au=midi.date())
    page = texte(connecte(m["coordination"]).get("/"))
    assert "Sans personne à attribuer, 1 à venir" in page
    assert partie.nom not in page


def test_le_retrait_d_accord_est_a_la_coordination_seule(db: None, midi: datetime) -> None:
    m = monde()
    fiche = recits.a_visiter(m)
    with agir_comme(m["social"]):
        parcours.accompagner(fiche.pk, par=m["social"])
        parcours.noter_contrat(fiche.pk, par=m["social"], le=horloge.maintenant())
    with agir_comme(m["referent"]):
        parcours.opposer(fiche.pk, par=m["referent"])
    horloge.avancer(days=1)
    page = texte(connecte(m["coordination"]).get("/"))
    assert "Décider du retrait d’accord de Mme Ondine Maquette" in page
    assert "0 en retard, 0 aujourd’hui, 1 d’ici vendredi" in page  # asked on Thursday 1, due on Monday 5
    for role in ("soignant", "social"):
        assert "retrait" not in texte(connecte(m[role]).get("/"))
    horloge.avancer(days=4)
    assert "À faire 1 en retard" in texte(connecte(m["coordination"]).get("/"))
    assert "À faire 1 en retard" not in texte(connecte(m["social"]).get("/"))


def test_le_nombre_du_rail_est_celui_de_la_page(db: None, midi: datetime) -> None:
    m = monde()
    _au_travail(m, midi)
    fiche = recits.recevable(m)
    with en_tant_que("palier_systeme"):
        parcours.ouvrir_releve(
            fiche,
            type_evaluateur="equipe",
            grille=Grille.objects.all().en_vigueur(m.equipe.pk),
            evaluateur_id=None,
            du_le=midi.date() - timedelta(days=1),
        )
    for jours in (0, 1, 4, 9, 30):
        horloge.regler(midi + timedelta(days=jours))
        page = texte(connecte(m["coordination"]).get("/"))
        retard = re.search(r"(\d+) en retard, \d+ aujourd’hui", page)
        assert retard is not None
        assert f"À faire {retard[1]} en retard" in page, jours


def test_une_equipe_sans_rien_a_faire_est_aidee(db: None, midi: datetime) -> None:
    m = monde()
    page = texte(connecte(m["soignant"]).get("/"))
    assert "Rien à faire pour le moment" in page
    assert "Voir les fiches" in page
    assert "0 en retard, 0 aujourd’hui, 0 d’ici vendredi" in page


def test_la_lecture_est_inscrite_avec_les_fiches_nommees(db: None, midi: datetime) -> None:
    m = monde()
    fiche = recits.transmise(m)
    connecte(m["social"]).get("/")
    with en_tant_que("palier_fabrique"):
        lu = Evenement.objects.get(action=Action.LISTE_LUE)
    assert (lu.compte_id, lu.organisation_id, lu.objets) == (m["social"].pk, m.equipe.pk, [str(fiche.pk)])


ROLES_MESURES = ("coordination", "social", "referent")


def test_la_page_coute_autant_pour_trois_ou_trente_lignes(db: None, midi: datetime) -> None:
    """With something of each kind: fiches, situations with visits and orientations, relevés, bilans."""
    m = monde()
    clients = {role: connecte(m[role]) for role in ROLES_MESURES}
    couts: list[list[int]] = []
    for nombre in (3, 27):
        for n in range(nombre):
            recits.recevable(m)
            if n % 3 == 0:
                a = histoires.en_cours(m, nom=f"Suivie{nombre}{n}")
                histoires.visite_prevue(m, a, dans=timedelta(hours=1))
                histoires.orientation_envoyee(m, a)
        with en_tant_que("palier_fabrique"):
            demain = horloge.aujourdhui() + timedelta(days=1)
            Visite.objects.update(debut=horloge.a_paris(demain, 10))
        horloge.regler(horloge.a_paris(demain))
        couts.append([])
        for role, client in clients.items():
            with instructions() as vues:
                reponse = client.get("/")
            assert reponse.status_code == 200
            if role != "referent":
                assert len(reponse.context["page"].visites) >= nombre / 3
            couts[-1].append(len(vues))
            assert len(vues) <= 12, enumerees(vues)
    assert couts[0] == couts[1]


def test_le_referent_a_les_taches_de_son_organisation_sans_colonne_d_equipe(db: None, midi: datetime) -> None:
    m = monde()
    recits.recevable(m)
    reponse = connecte(m["referent"]).get("/")
    page = texte(reponse)
    assert "Enregistrer l’information de Mme Maquette" in page
    assert "Par personne" not in page
    assert "Toute l’équipe" not in page
    assert "pa-bandeau" in reponse.content.decode()


@pytest.mark.parametrize(
    ("role", "vers"),
    [
        ("gardien", "/signalements/"),
        ("correspondant", "/orientations/recues/"),
        ("coordination_clsm", "/bilans/"),
        ("exploitation", "/organisations/"),
        ("dpo", "/journal/"),
    ],
)
def test_les_autres_roles_vont_a_leur_premiere_page(db: None, midi: datetime, role: str, vers: str) -> None:
    reponse = connecte(monde()[role]).get("/")
    assert (reponse.status_code, reponse["Location"]) == (302, vers)


def test_deux_equipes_ne_se_voient_pas(db: None, midi: datetime) -> None:
    nord, sud = monde("Nord"), monde("Sud")
    recits.transmise(nord, nom="Canarinord")
    recits.transmise(sud, nom="Canarisud")
    for m, autre in ((nord, "Canarisud"), (sud, "Canarinord")):
        for role in ("coordination", "referent", "responsable"):
            page = connecte(m[role]).get("/").content.decode()
            assert autre not in page


def test_les_visites_du_jour_sont_a_cote(db: None, midi: datetime) -> None:
    m = monde()
    a = histoires.ouvert(m, seul=True)
    histoires.visite_prevue(m, a, dans=timedelta(hours=3))
    heure = horloge.paris(horloge.maintenant() + timedelta(hours=3)).hour
    client = connecte(m["soignant"])
    page = texte(client.get("/"))
    noms = ", ".join(m[role].nom_complet for role in ("soignant", "social"))
    assert f"Visites du jour 1 {heure} h Mme Ondine Maquette À domicile · Les Tilleuls Nord · {noms}" in page
    assert "Ne pas y aller seul" in page
    assert f"{m['soignant'].nom_complet} 0 1 1" in page
    assert "Visites du jour" in texte(client.get("/", {"qui": "moi"}))
    assert "Visites du jour" in texte(connecte(m["social"]).get("/", {"qui": "moi"}))
    assert "Visites du jour" not in texte(connecte(m["coordination"]).get("/", {"qui": "moi"}))


# Composition, without any page ----------------------------------------------------------------------------------


def _tache(jour: date, compte_id: int | None = None, titre: str = "t") -> Tache:
    return Tache(titre, "/", "", "Faire", Delai.de(jour), compte_id=compte_id)


@pytest.mark.parametrize(
    ("jour", "phrase"),
    [
        (date(2026, 9, 21), "1 en retard, 1 aujourd’hui, 4 d’ici vendredi, 8 plus tard"),
        (date(2026, 9, 24), "1 en retard, 1 aujourd’hui, 1 d’ici vendredi, 11 plus tard"),
        # On Friday and during the week-end, Friday is the next one, with its date.
        (date(2026, 9, 25), f"1 en retard, 1 aujourd’hui, 7 d’ici vendredi{INSECABLE}2{INSECABLE}octobre, 5 plus tard"),
        (date(2026, 9, 27), f"1 en retard, 1 aujourd’hui, 5 d’ici vendredi{INSECABLE}2{INSECABLE}octobre, 7 plus tard"),
    ],
)
def test_la_phrase_compte_jusqu_a_vendredi(midi: datetime, jour: date, phrase: str) -> None:
    horloge.regler(horloge.a_paris(jour))
    taches = [_tache(jour + timedelta(days=n)) for n in range(-1, 13)]
    assert phrase_de(taches, jour) == phrase


def test_au_dela_de_cinq_le_reste_est_derriere_un_lien(midi: datetime) -> None:
    moi = Compte(pk=1, nom="Calque", prenom="Inès")
    equipe = [Membre(1, "Inès Calque", "IC", "Infirmière", 0), Membre(2, "Tom Esquisse", "TE", "CESF", 0)]
    taches = [_tache(midi.date(), 2, f"t{n}") for n in range(7)]
    page = composer(taches, equipe, "", moi, [])
    assert [(g.nom, g.fonction, g.total, g.reste, g.url) for g in page.groupes] == [
        ("Tom Esquisse", "CESF", 7, 2, "?qui=2")
    ]
    entier = composer(taches, equipe, "2", moi, []).groupes
    assert [(len(g.taches), g.reste) for g in entier] == [(7, 0)]
    assert isinstance(entier[0], Groupe)
