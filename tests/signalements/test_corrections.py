"""A fiche sent back: its author corrects what the référent commented, and that only."""

from datetime import datetime

import pytest
from django.urls import reverse

from partenaires.perimetre import agir_comme
from signalements import parcours
from signalements.models import Brouillon, Fiche, Photo
from tests import recits
from tests.conftest import en_tant_que
from tests.fabriques import Monde, monde
from tests.pages import connecte, texte
from tests.partenaires.regards import compter
from tests.signalements.saisies import adresse, commencer, envoyer, fiches_de, personne, remplir
from tests.socle.images import photo


def _renvoyee(m: Monde, *champs: str) -> Fiche:
    fiche = recits.brouillon(m)
    with agir_comme(m["gardien"]):
        parcours.enregistrer_brouillon(
            fiche.pk,
            par=m["gardien"],
            champs={
                "residence": str(m.residence.pk),
                "nom": "Maquette",
                "porte": "12",
                "majeur": "oui",
                "faits": "Avant.",
            },
        )
        parcours.transmettre(fiche.pk, par=m["gardien"], contenu=recits.contenu(m))
    with agir_comme(m["referent"]):
        parcours.renvoyer(fiche.pk, par=m["referent"], commentaires=dict.fromkeys(champs, "À préciser."))
    return fiche


def _contenu(fiche: Fiche) -> dict[str, str]:
    with en_tant_que("palier_fabrique"):
        contenu: dict[str, str] = Brouillon.objects.get(pk=fiche.pk).contenu
        return contenu


def test_l_auteur_ne_change_que_le_champ_commente(db: None, midi: datetime) -> None:
    m = monde(relecture=True)
    fiche = _renvoyee(m, "faits")
    with agir_comme(m["gardien"]):
        parcours.enregistrer_brouillon(
            fiche.pk, par=m["gardien"], champs={"faits": "Le 3 septembre, volets fermés.", "nom": "Autre", "porte": ""}
        )
    contenu = _contenu(fiche)
    assert (contenu["faits"], contenu["nom"], contenu["porte"]) == ("Le 3 septembre, volets fermés.", "Maquette", "12")


def test_le_referent_qui_la_reprend_change_tout(db: None, midi: datetime) -> None:
    m = monde(relecture=True)
    fiche = _renvoyee(m, "faits")
    with agir_comme(m["referent"]):
        parcours.enregistrer_brouillon(fiche.pk, par=m["referent"], champs={"nom": "Autre"})
    assert _contenu(fiche)["nom"] == "Autre"


@pytest.mark.parametrize(
    ("etape", "commente", "ferme"), [("personne", "residence", "nom"), ("contexte", "faits", "demarches")]
)
def test_la_page_montre_le_commentaire_et_ferme_le_reste(
    db: None, midi: datetime, etape: str, commente: str, ferme: str
) -> None:
    m = monde(relecture=True)
    fiche = _renvoyee(m, commente)
    corps = connecte(m["gardien"]).get(reverse("saisie", args=[fiche.pk, etape])).content.decode()
    assert corps.count("À préciser.") == 1
    assert "Vous corrigez ce qu’il a commenté" in corps
    parties = corps.split('<fieldset class="pa-partie"')[1:]
    fermees = {
        nom: next(p for p in parties if f'name="{nom}"' in p).startswith(" disabled") for nom in (commente, ferme)
    }
    assert fermees == {commente: False, ferme: True}


def test_un_champ_ferme_force_dans_l_envoi_ne_change_rien_et_la_page_avance(db: None, midi: datetime) -> None:
    m = monde(relecture=True)
    fiche = _renvoyee(m, "residence")
    envoi = {"residence": str(m.residence.pk), "batiment": "B", "etage": "", "porte": "14", "nom": "Forcé"}
    reponse = connecte(m["gardien"]).post(adresse(fiche.pk, "personne"), envoi)
    assert reponse.status_code == 302
    assert (_contenu(fiche)["porte"], _contenu(fiche)["nom"]) == ("14", "Maquette")


def test_un_brouillon_ordinaire_reste_ouvert(db: None, midi: datetime) -> None:
    m = monde()
    fiche = recits.brouillon(m)
    page = connecte(m["gardien"]).get(reverse("saisie", args=[fiche.pk, "personne"]))
    assert " disabled" not in page.content.decode()
    assert "renvoyé" not in texte(page)


def test_une_ligne_laissee_sans_reponse_reste_ouverte_jusqu_a_l_envoi(db: None, midi: datetime) -> None:
    """The grid may have changed: what was not answered is answered in several savings, the rest stays."""
    m = monde(relecture=True)
    fiche = _renvoyee(m, "faits")
    for champs in ({"LOG1": "2"}, {"LOG1": "2", "LOG1_source": "direct"}, {"LOG1": "1", "nom": "Autre"}):
        with agir_comme(m["gardien"]):
            parcours.enregistrer_brouillon(fiche.pk, par=m["gardien"], champs=champs)
    contenu = _contenu(fiche)
    assert (contenu["LOG1"], contenu["LOG1_source"], contenu["nom"]) == ("1", "direct", "Maquette")


@pytest.mark.parametrize(("commente", "permis"), [("faits", True), ("residence", False)])
def test_les_photos_suivent_ce_qui_a_ete_vu(db: None, midi: datetime, commente: str, permis: bool) -> None:
    m = monde(relecture=True)
    fiche = _renvoyee(m, commente)
    with agir_comme(m["gardien"]):
        if permis:
            parcours.ajouter_photo(fiche.pk, par=m["gardien"], contenu=photo())
        else:
            with pytest.raises(parcours.PhotoRefusee, match="les photos ne changent pas"):
                parcours.ajouter_photo(fiche.pk, par=m["gardien"], contenu=photo())
    assert compter(Photo) == {"Photo": int(permis)}


def test_le_referent_voit_ce_qui_a_change_et_ce_qu_il_avait_ecrit(db: None, midi: datetime) -> None:
    m = monde(relecture=True)
    gardien, referent = connecte(m["gardien"]), connecte(m["referent"])
    commencer(gardien)
    (fiche,) = fiches_de(m)
    remplir(gardien, m, fiche.pk, porte="12")
    envoyer(gardien, fiche.pk)
    relecture = reverse("signalement_relecture", args=[fiche.pk])
    assert "revient de son auteur" not in texte(referent.get(relecture))
    referent.post(relecture, {"action": "renvoyer", "residence": "Quelle porte ?", "logement": "Plus souvent ?"})
    relire = texte(gardien.get(adresse(fiche.pk, "relire")))
    assert "Quelle porte ?" in relire
    assert "Plus souvent ?" in relire
    gardien.post(adresse(fiche.pk, "personne"), personne(m, porte="14", nom="Forcé"))
    envoyer(gardien, fiche.pk)
    page = texte(referent.get(relecture))
    assert "Cette fiche revient de son auteur." in page
    assert "Vous aviez écrit : Quelle porte ? Porte Avant : 12 Maintenant : 14" in page
    assert "Vous aviez écrit : Plus souvent ? Rien n’a changé ici." in page
    assert page.count("Avant :") == 1
    assert "Forcé" not in page
    referent.post(relecture, {"action": "transmettre"})
    assert compter(Brouillon) == {"Brouillon": 0}
