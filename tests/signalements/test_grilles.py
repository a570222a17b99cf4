"""An équipe's versions of the grid: prepared, seen, published; codes keep their meaning; drafts of fiches are kept."""

import json
from datetime import datetime
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import DatabaseError, connection, transaction

from partenaires.perimetre import agir_comme
from signalements.models import BrouillonGrille, Grille, Releve, Signal
from signalements.parcours import grilles as parcours
from socle.transitions import TransitionInterdite
from socle.versions import ConflitDeVersion
from tests import recits
from tests.api.saisies import fiche as fiche_api
from tests.api.saisies import lue
from tests.cles import logiciel
from tests.comptage import enumerees, instructions
from tests.conftest import en_tant_que
from tests.fabriques import Monde, monde
from tests.pages import connecte, texte
from tests.partenaires.regards import compter, evenements
from tests.signalements.saisies import adresse, brouillon_de, domaine, envoyer, fiches_de, remplir

BOITE = "Boîte aux lettres qui déborde depuis longtemps"


def cochees(client: Any, *sauf: str) -> dict[str, Any]:
    """What the page of preparation would send as it stands, without some signals."""
    champs = client.get("/reglages/grille/preparer/").context["choix"]
    dites: dict[str, Any] = {"version": str(champs["version"].value())}
    return dites | {c.name: [v for v in c.value() if v not in sauf] for c in champs if c.name.startswith("codes_")}


def version_de(m: Monde) -> int:
    with agir_comme(m["coordination"]):
        return parcours.brouillon_de(m.equipe.pk).version


def retirer(m: Monde, *codes: str, qui: str = "coordination") -> BrouillonGrille:
    with agir_comme(m[qui]):
        brouillon = parcours.brouillon_de(m.equipe.pk)
        restent = set(brouillon.codes) - set(codes)
        return parcours.choisir_signaux(par=m[qui], codes=restent, version=brouillon.version)


def ajouter(m: Monde, libelle: str = BOITE, ou: str = "logement", aide: str = "") -> BrouillonGrille:
    with agir_comme(m["coordination"]):
        version = parcours.brouillon_de(m.equipe.pk).version
        return parcours.ajouter_signal(par=m["coordination"], domaine=ou, libelle=libelle, aide=aide, version=version)


def publier(m: Monde) -> Grille:
    with agir_comme(m["coordination"]):
        version = parcours.brouillon_de(m.equipe.pk).version
        return parcours.publier_grille(par=m["coordination"], version=version)


def test_une_version_ajoute_et_retire_et_vaut_pour_la_suite(db: None, midi: datetime) -> None:
    m, sud = monde("Nord"), monde("Sud")
    avant = recits.transmise(m)
    nationale = Grille.objects.en_vigueur(None)
    retirer(m, "LOG1", "VOI5")
    ajouter(m, aide="Vue par le gardien.")
    assert Grille.objects.en_vigueur(m.equipe.pk) == nationale  # nothing changes before the publication
    publiee = publier(m)
    assert (publiee.numero, publiee.equipe_id, publiee.publiee_le) == (1, m.equipe.pk, midi.date())
    assert publiee.codes() == (nationale.codes() - {"LOG1", "VOI5"}) | {"LOG101"}
    neuf = next(s for s in publiee.signaux.all() if s.code == "LOG101")
    assert (neuf.domaine, neuf.libelle, neuf.aide) == ("logement", BOITE, "Vue par le gardien.")
    assert [d for d, _ in publiee.par_domaine()] == [d for d, _ in nationale.par_domaine()]
    assert Grille.objects.en_vigueur(m.equipe.pk) == publiee
    assert Grille.objects.en_vigueur(sud.equipe.pk) == nationale
    apres = recits.transmise(m)
    with agir_comme(m["coordination"]):
        faits = {r.fiche_id: r.grille_id for r in Releve.objects.all()}
    assert faits == {avant.pk: nationale.pk, apres.pk: publiee.pk}
    assert compter(BrouillonGrille) == {"BrouillonGrille": 0}
    assert [e for e in evenements(m.equipe.pk) if "grille" in e] == [
        "signalements.grille_preparee", "signalements.grille_preparee", "signalements.grille_publiee",
    ]  # fmt: skip


def test_un_signal_retire_revient_avec_le_meme_sens_et_son_code_ne_sert_a_rien_d_autre(
    db: None, midi: datetime
) -> None:
    m = monde()
    ajouter(m)
    publier(m)
    retirer(m, "LOG101", "LOG1")
    deuxieme = publier(m)
    assert not {"LOG101", "LOG1"} & deuxieme.codes()
    ajouter(m, "Interphone hors service depuis une semaine")
    troisieme = publier(m)
    assert {s.libelle for s in troisieme.signaux.all() if s.code.startswith("LOG10")} == {
        "Interphone hors service depuis une semaine"
    }
    assert {s.code for s in troisieme.signaux.all() if s.code.startswith("LOG10")} == {"LOG102"}
    with agir_comme(m["coordination"]):
        brouillon = parcours.brouillon_de(m.equipe.pk)
        parcours.choisir_signaux(
            par=m["coordination"], codes=[*brouillon.codes, "LOG101", "LOG1"], version=brouillon.version
        )
    quatrieme = publier(m)
    assert {"LOG1", "LOG101", "LOG102"} <= quatrieme.codes()
    assert {s.libelle for s in quatrieme.signaux.all() if s.code == "LOG101"} == {BOITE}


def _sql(m: Monde, signaux: list[dict[str, str]]) -> None:
    with agir_comme(m["coordination"]), connection.cursor() as curseur:
        curseur.execute("SELECT droit.publier_grille(%s, %s, %s)", [m.equipe.pk, "2026-09-22", json.dumps(signaux)])


def _tous() -> list[dict[str, str]]:
    return [
        {"code": s.code, "domaine": s.domaine, "libelle": s.libelle, "aide": s.aide}
        for s in Grille.objects.en_vigueur(None).signaux.all()
    ]


@pytest.mark.parametrize(
    ("code", "change", "message"),
    [
        ("LOG1", {"libelle": "Un tout autre sens que celui de la grille"}, "keeps its meaning"),
        ("LOG1", {"domaine": "voisinage"}, "keeps its meaning"),
        ("LOG1", {"code": "LOG9"}, "is not a signal"),
        ("LOG1", {"code": "LOG101", "libelle": "court"}, "is not a signal"),
        ("LOG1", {"code": "LOG101", "domaine": "sante"}, "is not a signal"),
        ("SEC", {"domaine": "x"}, "domain is empty"),
    ],
)
def test_la_base_refuse_un_code_qui_change_de_sens(
    db: None, midi: datetime, code: str, change: dict[str, str], message: str
) -> None:
    m = monde()
    signaux = [s for s in _tous() if code != "SEC" or not s["code"].startswith("SEC")]
    for s in signaux:
        if s["code"] == code:
            s.update(change)
    with pytest.raises(DatabaseError, match=message), transaction.atomic():
        _sql(m, signaux)
    assert Grille.objects.en_vigueur(m.equipe.pk).equipe_id is None


@pytest.mark.parametrize("role", ["social", "soignant", "referent", "responsable", "exploitation"])
def test_la_coordination_seule_change_la_grille(db: None, midi: datetime, role: str) -> None:
    m = monde()
    retirer(m, "LOG1")
    qui = m[role]
    avant = compter(Grille, Signal, BrouillonGrille), evenements()
    with agir_comme(qui):
        for geste in (
            lambda: parcours.choisir_signaux(par=qui, codes=["LOG2"], version=1),
            lambda: parcours.ajouter_signal(par=qui, domaine="logement", libelle=BOITE, aide="", version=1),
            lambda: parcours.publier_grille(par=qui, version=1),
            lambda: parcours.jeter_brouillon(par=qui),
        ):
            with pytest.raises(PermissionDenied):
                geste()
        assert BrouillonGrille.objects.count() == 0
        for requete in (
            f"SELECT droit.publier_grille({m.equipe.pk}, '2026-09-22', '[]')",
            f"INSERT INTO signalements_grille (equipe_id, numero, publiee_le) VALUES ({m.equipe.pk}, 9, '2026-09-22')",
            "UPDATE signalements_signal SET libelle = 'autre'",
        ):
            with (
                pytest.raises(DatabaseError, match=r"refused|permission denied"),
                transaction.atomic(),
                connection.cursor() as curseur,
            ):
                curseur.execute(requete)
    assert (compter(Grille, Signal, BrouillonGrille), evenements()) == avant


def test_l_autre_equipe_ne_voit_pas_le_brouillon(db: None, midi: datetime) -> None:
    m, sud = monde("Nord"), monde("Sud")
    retirer(m, "LOG1")
    with agir_comme(sud["coordination"]):
        assert BrouillonGrille.objects.count() == 0
        assert BrouillonGrille.objects.update(codes=[]) == 0


@pytest.mark.parametrize(
    ("libelle", "aide", "phrase"),
    [
        ("Locataire alcoolique et agressif", "", "« alcoolique »"),
        ("Signes de dépression depuis des semaines", "", "« dépression »"),
        ("Odeur forte sur le palier", "Sans doute schizophrène", "« schizophrène »"),
        ("Court", "", "Décrivez ce qui se voit"),
        (BOITE.upper().replace("Î", "i"), "", "déjà dans la grille"),
    ],
)
def test_la_garde_lit_chaque_signal_nouveau_sans_confirmation_possible(
    db: None, midi: datetime, libelle: str, aide: str, phrase: str
) -> None:
    m = monde()
    ajouter(m)
    client = connecte(m["coordination"])
    avant = compter(BrouillonGrille), evenements()
    reponse = client.post(
        "/reglages/grille/preparer/",
        {**cochees(client), "ajouter": "1", "domaine": "logement", "libelle": libelle, "aide": aide},
    )
    assert phrase in texte(reponse)
    assert f'value="{libelle}"' in reponse.content.decode()
    assert (compter(BrouillonGrille), evenements()) == avant
    assert version_de(m) == 1


def test_un_domaine_garde_au_moins_un_signal(db: None, midi: datetime) -> None:
    m = monde()
    with pytest.raises(ValidationError) as refus:
        retirer(m, "SEC1", "SEC2")
    assert refus.value.messages == ["Gardez au moins un signal dans «\N{NO-BREAK SPACE}Sécurité\N{NO-BREAK SPACE}»."]
    assert compter(BrouillonGrille) == {"BrouillonGrille": 0}


def test_rien_ne_se_publie_si_rien_ne_change_ni_sans_avoir_vu_la_derniere_version(db: None, midi: datetime) -> None:
    m = monde()
    with agir_comme(m["coordination"]), pytest.raises(TransitionInterdite):
        parcours.publier_grille(par=m["coordination"], version=0)
    retirer(m)
    with agir_comme(m["coordination"]), pytest.raises(TransitionInterdite):
        parcours.publier_grille(par=m["coordination"], version=1)
    retirer(m, "LOG1")
    with agir_comme(m["coordination"]), pytest.raises(ConflitDeVersion):
        parcours.publier_grille(par=m["coordination"], version=1)
    assert Grille.objects.en_vigueur(m.equipe.pk).equipe_id is None


def test_les_pages_preparent_montrent_et_publient(db: None, midi: datetime) -> None:
    m = monde()
    client = connecte(m["coordination"])
    choisis = {**cochees(client, "LOG1"), "apercu": "1"}
    assert compter(BrouillonGrille) == {"BrouillonGrille": 0}  # reading begins nothing
    assert client.post("/reglages/grille/preparer/", choisis)["Location"] == "/reglages/grille/apercu/"
    # The signal that is typed and the box that is unticked are both kept, whatever the button.
    ajout = {**cochees(client, "VOI5"), "domaine": "logement", "libelle": BOITE, "aide": ""}
    assert client.post("/reglages/grille/preparer/", ajout).status_code == 302
    assert "VOI5" not in str(cochees(client))
    encore = {**cochees(client), "codes_voisinage": [*cochees(client)["codes_voisinage"], "VOI5"]}
    assert client.post("/reglages/grille/preparer/", encore).status_code == 302
    pour_rien = {**cochees(client), "domaine": "logement", "libelle": "Interphone coupé depuis une semaine", "aide": ""}
    assert client.post("/reglages/grille/preparer/", pour_rien).status_code == 302
    assert client.post("/reglages/grille/preparer/", {**cochees(client), "enlever-1": "1"}).status_code == 302
    assert BOITE in texte(client.get("/reglages/grille/preparer/"))
    apercu = texte(client.get("/reglages/grille/apercu/"))
    assert "1 signal ajouté, 1 signal retiré." in apercu
    assert f"{BOITE} Ajouté" in apercu
    assert client.post("/reglages/grille/preparer/", {**choisis, "enlever-0": "1", "version": "1"}).status_code == 409
    assert client.post("/reglages/grille/apercu/", {"version": "1"}).status_code == 409
    assert client.post("/reglages/grille/apercu/", {"version": "5"})["Location"] == "/reglages/grille/"
    lue_ = texte(client.get("/reglages/grille/"))
    assert "Version 1 de l’équipe, publiée le 22 septembre" in lue_
    assert BOITE in lue_
    assert "Préparer une version" not in texte(connecte(m["social"]).get("/reglages/grille/"))
    assert BOITE in texte(connecte(m["social"]).get("/reglages/grille/"))
    for adresse_ in ("/reglages/grille/", "/reglages/grille/preparer/", "/reglages/grille/apercu/", "/reglages/"):
        with instructions() as vues:
            client.get(adresse_)
        assert len(vues) <= 12, enumerees(vues)
    ajouter(m, "Interphone hors service depuis une semaine")
    assert client.post("/reglages/grille/jeter/").status_code == 302
    assert compter(BrouillonGrille) == {"BrouillonGrille": 0}


def test_un_brouillon_commence_avec_une_version_d_avant_garde_tout_et_le_dit(db: None, midi: datetime) -> None:
    m = monde()
    client = connecte(m["gardien"])
    fiche = recits.brouillon(m)
    remplir(client, m, fiche.pk)
    client.get(adresse(fiche.pk, "relire"))
    client.post(adresse(fiche.pk, "logement"), domaine("logement", LOG1="2", LOG1_source="direct", LOG2="3"))
    retirer(m, "LOG1")
    ajouter(m)
    publiee = publier(m)
    avant = brouillon_de(m, fiche.pk)
    refus = texte(envoyer(client, fiche.pk))
    assert "La liste des signaux a changé depuis que vous avez ouvert cette page." in refus
    garde = brouillon_de(m, fiche.pk)
    assert {c: garde.get(c) for c in avant if c != "grille"} == {c: v for c, v in avant.items() if c != "grille"}
    assert fiches_de(m)[0].etat == "brouillon"
    client.post(adresse(fiche.pk, "logement"), {"LOG101": "1", "LOG101_source": "direct", "LOG2": "3"})
    assert brouillon_de(m, fiche.pk)["faits"] == "Volets fermés depuis trois semaines."
    restants = {s.code: garde.get(s.code, "NO") for s in publiee.signaux.all() if s.domaine == "logement"}
    sources = {f"{c}_source": "direct" for c, v in restants.items() if v not in ("NO", "0")}
    complet = {**restants, **sources, "LOG101": "1", "LOG101_source": "direct"}
    assert client.post(adresse(fiche.pk, "logement"), complet).status_code == 302
    client.get(adresse(fiche.pk, "relire"))
    reponse = client.post(adresse(fiche.pk, "relire"), {"grille": publiee.pk, "vers": "suivant"})
    assert reponse.status_code == 302
    with agir_comme(m["coordination"]):
        releve = Releve.objects.get(fiche=fiche.pk)
    assert releve.grille_id == publiee.pk
    assert set(releve.cotations) == set(publiee.codes())
    assert releve.cotations["LOG101"] == {"v": "1", "s": "direct"}


def test_l_api_dit_la_version_et_refuse_une_autre_en_francais(db: None, midi: datetime) -> None:
    m = monde()
    appelant = logiciel(m)
    ancienne = fiche_api(m)
    retirer(m, "LOG1")
    publiee = publier(m)
    dite = lue(appelant.get(f"residences/{m.residence.pk}/grille/"))
    assert dite["id"] == publiee.pk
    assert "LOG1" not in json.dumps(dite)
    refus = lue(appelant.post("fiches/", {**ancienne, "transmettre": True}), 422)
    lignes = {e["pointeur"]: e["texte"] for e in refus["erreurs"]}
    assert lignes["#/grille"].startswith("La liste des signaux a changé")
    assert lignes["#/signaux/LOG1"] == "Ce signal n’est pas dans la grille."
    with en_tant_que("palier_fabrique"):
        assert Releve.objects.count() == 0
    inconnue = lue(appelant.post("fiches/", {**ancienne, "grille": 999999}), 422)
    assert inconnue["erreurs"][0]["pointeur"] == "#/grille"
    signaux = {c: v for c, v in ancienne["signaux"].items() if c in publiee.codes()}
    signaux["LOG2"] = {"valeur": "2", "source": "direct"}
    recu = lue(
        appelant.post("fiches/", {**ancienne, "grille": publiee.pk, "signaux": signaux, "transmettre": True}), 201
    )
    assert recu["etat"] == "transmise"
