"""The guard on the pages: the sentence shown, what was typed kept, a second confirmation, journalled without words."""

import re
from datetime import datetime
from typing import Any

import pytest
from django.urls import reverse

from partenaires.perimetre import agir_comme
from signalements import parcours
from signalements.enums import EtatInstruction
from signalements.garde import FormulationsARevoir, lire
from signalements.models import Echange, Fiche
from socle.models import Evenement
from tests import recits
from tests.conftest import en_tant_que
from tests.fabriques import Monde, monde
from tests.pages import connecte, texte
from tests.partenaires.regards import compter, etat_complet, evenements, promesses
from tests.signalements.saisies import adresse, brouillon_de, envoyer, remplir

GARDEE = "signalements.formulation_gardee"
PHRASE = "Volets fermés. Le voisin est alcoolique je crois."


def _gardee(m: Monde) -> list[tuple[str, str, list[str]]]:
    with en_tant_que("palier_fabrique"):
        return [(e.objet_type, e.motif, e.objets) for e in Evenement.objects.filter(action=GARDEE)]


def _journal_entier() -> str:
    with en_tant_que("palier_fabrique"):
        return str(list(Evenement.objects.values()))


def _case(page: Any, nom: str) -> str:
    """The value of the box that keeps the sentences of a field, "" when there is none."""
    trouvee = re.search(rf'name="garde_{nom}" value="([0-9a-f ]+)"', page.content.decode())
    return trouvee[1] if trouvee else ""


def test_la_page_cite_la_phrase_explique_et_garde_ce_qui_est_ecrit(db: None, midi: datetime) -> None:
    m = monde()
    client = connecte(m["gardien"])
    fiche = recits.brouillon(m)
    page = client.post(adresse(fiche.pk, "contexte"), {"faits": PHRASE})
    mots = texte(page)
    assert "Erreur : Le contexte" in mots
    assert "Reformulez « alcoolique », ou confirmez que vous gardez la phrase." in mots
    assert "« Le voisin est alcoolique je crois » alcoolique : Ce que quelqu’un consomme touche à sa santé" in mots
    assert "Dites ce qui se passe : « bouteilles vides devant sa porte" in mots
    assert "la personne peut la lire" in mots
    assert PHRASE in mots  # still in the field
    assert brouillon_de(m, fiche.pk) == {"faits": PHRASE}
    assert "checked" not in page.content.decode().split('name="garde_faits"')[1][:80]


def test_une_phrase_reformulee_passe_sans_trace(db: None, midi: datetime) -> None:
    m = monde()
    client = connecte(m["gardien"])
    fiche = recits.brouillon(m)
    client.post(adresse(fiche.pk, "contexte"), {"faits": PHRASE})
    suite = client.post(adresse(fiche.pk, "contexte"), {"faits": "Bouteilles vides sur le palier le 4 mars."})
    assert suite["Location"] == adresse(fiche.pk, "relire")
    remplir(client, m, fiche.pk)
    assert envoyer(client, fiche.pk)["Location"] == reverse("signalement", args=[fiche.pk])
    assert _gardee(m) == []


def test_garder_la_phrase_demande_une_seconde_confirmation_journalisee_sans_les_mots(db: None, midi: datetime) -> None:
    m = monde()
    client = connecte(m["gardien"])
    fiche = recits.brouillon(m)
    remplir(client, m, fiche.pk)
    page = client.post(adresse(fiche.pk, "contexte"), {"faits": PHRASE})
    case = _case(page, "faits")
    relire = texte(envoyer(client, fiche.pk))  # without the confirmation it does not leave
    assert "Reformulez « alcoolique »" in relire
    assert promesses() == []
    garde = client.post(adresse(fiche.pk, "contexte"), {"faits": PHRASE, "garde_faits": case})
    assert garde["Location"] == adresse(fiche.pk, "relire")
    assert brouillon_de(m, fiche.pk)["garde_faits"] == case
    revue = client.get(adresse(fiche.pk, "contexte"))
    assert "Vous gardez cette phrase." in texte(revue)
    assert f'value="{case}" checked' in revue.content.decode()
    assert _gardee(m) == []  # nothing left yet
    assert envoyer(client, fiche.pk)["Location"] == reverse("signalement", args=[fiche.pk])
    assert recits.relue(m, fiche).constat.faits == PHRASE
    assert _gardee(m) == [("fiche", "faits", [str(fiche.pk)])]
    assert "alcoolique" not in _journal_entier()
    assert case not in _journal_entier()


def test_la_confirmation_ne_vaut_que_pour_la_phrase_relue(db: None, midi: datetime) -> None:
    m = monde()
    client = connecte(m["gardien"])
    fiche = recits.brouillon(m)
    case = _case(client.post(adresse(fiche.pk, "contexte"), {"faits": PHRASE}), "faits")
    autre = client.post(adresse(fiche.pk, "contexte"), {"faits": f"{PHRASE} Elle est folle.", "garde_faits": case})
    assert autre.status_code == 200
    assert "Reformulez « folle »" in texte(autre)
    assert "alcoolique : Ce que quelqu’un consomme" in texte(autre)
    assert _case(autre, "faits") != case


def test_chaque_changement_enregistre_garde_la_confirmation(db: None, midi: datetime) -> None:
    m = monde()
    client = connecte(m["gardien"])
    fiche = recits.brouillon(m)
    case = _case(client.post(adresse(fiche.pk, "contexte"), {"faits": PHRASE}), "faits")
    auto = reverse("saisie_auto", args=[fiche.pk, "contexte"])
    assert client.post(auto, {"faits": PHRASE, "garde_faits": case}).status_code == 200
    assert brouillon_de(m, fiche.pk) == {"faits": PHRASE, "garde_faits": case}
    assert client.post(auto, {"faits": PHRASE}).status_code == 200
    assert brouillon_de(m, fiche.pk) == {"faits": PHRASE}  # unticked: it will be asked again


def test_on_n_est_jamais_bloque_dans_le_brouillon(db: None, midi: datetime) -> None:
    m = monde()
    client = connecte(m["gardien"])
    fiche = recits.brouillon(m)
    for vers, ou in (("passer", "relire"), ("precedent", "bailleur")):
        suite = client.post(adresse(fiche.pk, "contexte"), {"faits": PHRASE, "vers": vers})
        assert suite["Location"] == adresse(fiche.pk, ou)
    assert brouillon_de(m, fiche.pk)["faits"] == PHRASE


@pytest.mark.parametrize("champ", ["batiment", "etage", "porte", "nom", "prenom"])
def test_les_champs_courts_ne_servent_pas_a_commenter(db: None, midi: datetime, champ: str) -> None:
    m = monde()
    client = connecte(m["gardien"])
    fiche = recits.brouillon(m)
    saisie = {"residence": m.residence.pk, "batiment": "B", "nom": "Maquette", "majeur": "oui"}
    page = client.post(adresse(fiche.pk, "personne"), {**saisie, champ: "B (toxicomane)"})
    assert "Reformulez « toxicomane »" in texte(page)
    assert _case(page, champ)


def test_un_numero_de_securite_sociale_ne_propose_pas_d_etre_garde(db: None, midi: datetime) -> None:
    m = monde()
    client = connecte(m["gardien"])
    fiche = recits.brouillon(m)
    page = client.post(adresse(fiche.pk, "contexte"), {"faits": "Sécu 1 85 05 78 006 084 91."})
    assert "Retirez « 1 85 05 78 006 084 91 » : ce numéro ne peut pas être gardé." in texte(page)
    assert _case(page, "faits") == ""


def test_la_personne_et_sa_residence_n_alarment_pas(db: None, midi: datetime) -> None:
    m = monde()
    client = connecte(m["gardien"])
    fiche = recits.brouillon(m)
    remplir(client, m, fiche.pk, nom="Lefou", prenom="Blanche")
    suite = client.post(adresse(fiche.pk, "contexte"), {"faits": f"Mme Lefou, {m.residence.nom}, a crié le 4 mars."})
    assert suite["Location"] == adresse(fiche.pk, "relire")


def _cle(client: Any, pk: Any) -> str:
    return str(client.get(reverse("signalement", args=[pk])).context["message"]["cle"].value())


@pytest.mark.parametrize("action", ["message", "completer"])
def test_le_referent_relit_aussi_ce_qu_il_ecrit_a_l_equipe(db: None, midi: datetime, action: str) -> None:
    m = monde()
    fiche = recits.transmise(m)
    if action == "completer":
        with agir_comme(m["social"]):
            parcours.demander_complement(fiche.pk, par=m["social"], question="Quel étage ?")
    client = connecte(m["referent"])
    ici = reverse("signalement_repondre", args=[fiche.pk])
    envoi = {"cle": _cle(client, fiche.pk), "action": action, "texte": "Elle est dépressive."}
    avant = compter(Echange), promesses()
    page = client.post(ici, envoi)
    assert "Reformulez « dépressive »" in texte(page)
    assert "Elle est dépressive." in page.content.decode()
    assert (compter(Echange), promesses()) == avant
    assert _gardee(m) == []
    suite = client.post(ici, {**envoi, "garde_texte": _case(page, "texte")})
    assert suite["Location"] == reverse("signalement", args=[fiche.pk])
    assert _gardee(m) == [("fiche", "reponse" if action == "completer" else "texte", [str(fiche.pk)])]


def test_l_equipe_relit_ce_qu_elle_ecrit_au_bailleur(db: None, midi: datetime) -> None:
    m = monde()
    fiche = recits.transmise(m)
    client = connecte(m["social"])
    actes = (("fiche_message", "texte", "cle"), ("fiche_complement", "question", "version"))
    for deja, (nom, champ, cle) in enumerate(actes):
        ici = reverse(nom, args=[fiche.pk])
        valeur = str(client.get(ici).context["formulaire"][cle].value())
        page = client.post(ici, {cle: valeur, champ: "Est-elle suivie par un psychiatre ?"})
        assert "Reformulez « suivie par un psychiatre »" in texte(page)
        assert compter(Echange) == {"Echange": deja}
        case = _case(page, champ)
        envoi = {cle: valeur, champ: "Est-elle suivie par un psychiatre ?", f"garde_{champ}": case}
        assert client.post(ici, envoi).status_code == 302
    assert [motif for _, motif, _ in _gardee(m)] == ["texte", "question"]
    assert recits.relue(m, fiche).instruction.etat == EtatInstruction.A_COMPLETER


def test_les_commentaires_du_referent_se_relisent(db: None, midi: datetime) -> None:
    m = monde(relecture=True)
    fiche = recits.envoyee(m)
    client = connecte(m["referent"])
    ici = reverse("signalement_relecture", args=[fiche.pk])
    page = client.post(ici, {"faits": "Dites qu’il est fou."})
    assert "Reformulez « fou »" in texte(page)
    assert Fiche(etat="a_relire").etat == _etat(m, fiche)
    assert client.post(ici, {"faits": "Dites qu’il est fou.", "garde_faits": _case(page, "faits")}).status_code == 302
    assert _etat(m, fiche) == "a_corriger"
    assert [motif for _, motif, _ in _gardee(m)] == ["faits"]


def _etat(m: Monde, fiche: Fiche) -> str:
    with agir_comme(m["referent"]):
        return str(Fiche.objects.get(pk=fiche.pk).etat)


def test_le_parcours_refuse_par_lui_meme_ce_que_personne_n_a_confirme(db: None, midi: datetime) -> None:
    """An interface that forgot the form's mixin cannot send such a sentence; nothing is left of the attempt."""
    m = monde()
    brouillon = recits.brouillon(m)
    avant = etat_complet(brouillon)
    with pytest.raises(FormulationsARevoir), agir_comme(m["gardien"]):
        parcours.transmettre(brouillon.pk, par=m["gardien"], contenu=recits.contenu(m, faits=PHRASE))
    assert etat_complet(brouillon) == avant
    gardees = frozenset(f.empreinte for f in lire(PHRASE))
    with agir_comme(m["gardien"]):
        contenu = recits.contenu(m, faits=PHRASE, gardees=gardees)
        parcours.transmettre(brouillon.pk, par=m["gardien"], contenu=contenu)
    assert GARDEE in evenements()
