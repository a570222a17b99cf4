"""The right of rectification: corrected on both sides, found under the new name only, nothing kept of the old one."""

from datetime import datetime
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.urls import reverse

from partenaires.models import Compte
from partenaires.perimetre import agir_comme
from signalements import parcours
from signalements.garde import FormulationsARevoir
from signalements.models import Fiche, Jeton, Locataire, Rectification
from socle.transitions import TransitionInterdite
from socle.versions import ConflitDeVersion
from tests import recits
from tests.conftest import en_tant_que
from tests.fabriques import Monde, monde
from tests.pages import connecte, texte
from tests.partenaires.regards import compter, etat_complet, evenements
from tests.recits_avis import courriels


def rectifier(m: Monde, role: str, fiche: Fiche, **valeurs: Any) -> Rectification:
    version = valeurs.pop("version", 1)
    with agir_comme(m[role]):
        return parcours.rectifier(fiche.pk, par=m[role], valeurs=valeurs, motif="demande", version=version)


def _trouvees(compte: Compte, mot: str) -> int:
    with agir_comme(compte):
        return Fiche.objects.cherchables_par(compte).qui_repondent(compte, mot).count()


@pytest.mark.parametrize(("role", "prevenu"), [("referent", "coordination"), ("social", "referent")])
def test_le_nom_corrige_remplace_l_ancien_des_deux_cotes(db: None, midi: datetime, role: str, prevenu: str) -> None:
    m = monde()
    fiche = recits.transmise(m, nom="Maquette", porte="12")
    courriels()
    assert (_trouvees(m["social"], "Maquette"), _trouvees(m["referent"], "Maquette")) == (1, 1)
    r = rectifier(m, role, fiche, nom="Ébauche", porte="14")
    assert (r.champs, r.par_id, r.le) == (["nom", "porte"], m[role].pk, midi)
    for qui in (m["social"], m["referent"]):
        assert _trouvees(qui, "Maquette") == 0
        assert _trouvees(qui, "ebauche") == 1
    relue = recits.relue(m, fiche)
    assert relue.locataire_lisible is not None
    assert (relue.locataire_lisible.nom, relue.locataire_lisible.porte) == ("Ébauche", "14")
    assert evenements(m.equipe.pk).count("signalements.rectifiee") == 1
    (courriel,) = courriels()
    assert courriel.to == [m[prevenu].email]
    assert "bauche" not in str(courriel.message())
    route = "fiche" if prevenu == "coordination" else "signalement"
    assert "Rectifiée" in texte(connecte(m[prevenu]).get(reverse(route, args=[fiche.pk])))


def test_rien_ne_garde_l_ancienne_valeur(db: None, midi: datetime) -> None:
    m = monde()
    fiche = recits.transmise(m, nom="Ancienne", telephone="01 23 45 67 89")
    rectifier(m, "referent", fiche, nom="Nouvelle", telephone="")
    with en_tant_que("palier_fabrique"):
        locataire = Locataire.objects.get(pk=fiche.pk)
        assert (locataire.nom, locataire.telephone) == ("Nouvelle", "")
        with connection.cursor() as curseur:
            curseur.execute("SELECT string_agg(r::text, ' ') FROM signalements_rectification r")
            (ligne,) = curseur.fetchall()
    assert "Ancienne" not in str(ligne)
    assert "Nouvelle" not in str(ligne)


def test_une_opposition_connue_sous_le_vrai_nom_se_voit_apres_la_rectification(db: None, midi: datetime) -> None:
    m = monde()
    opposee = recits.transmise(m, nom="Maquette")
    with agir_comme(m["referent"]):
        parcours.opposer(opposee.pk, par=m["referent"])
    fiche = recits.transmise(m, nom="Maquete")
    assert recits.relue(m, fiche).instruction.opposition_connue_le is None
    rectifier(m, "referent", fiche, nom="Maquette")
    assert recits.relue(m, fiche).instruction.opposition_connue_le == midi.date()


def test_qui_ne_parle_pas_de_la_fiche_ne_rectifie_rien(db: None, midi: datetime) -> None:
    m, sud = monde(), monde("Sud")
    fiche = recits.transmise(m)
    avant = etat_complet(fiche)
    with pytest.raises(PermissionDenied):
        rectifier(m, "gardien", fiche, nom="Autre")
    for role in ("referent", "social"):
        with pytest.raises(Fiche.DoesNotExist):
            rectifier(sud, role, fiche, nom="Autre")
    with pytest.raises(parcours.RienARectifier):
        rectifier(m, "referent", fiche, nom="Maquette")
    with pytest.raises(ConflitDeVersion):
        rectifier(m, "referent", fiche, nom="Autre", version=7)
    with pytest.raises(FormulationsARevoir):
        rectifier(m, "referent", fiche, nom="Maquette alcoolique")
    assert etat_complet(fiche) == avant
    assert compter(Rectification) == {"Rectification": 0}


def test_apres_la_fin_l_equipe_seule_rectifie_et_personne_apres_un_refus(db: None, midi: datetime) -> None:
    m = monde()
    finie, opposee = recits.transmise(m), recits.transmise(m)
    with agir_comme(m["social"]):
        parcours.declarer_non_recevable(finie.pk, par=m["social"], motif="doublon")
        parcours.opposer(opposee.pk, par=m["social"])
    jetons = compter(Jeton)
    for role, fiche in (("referent", finie), ("referent", opposee), ("social", opposee)):
        with pytest.raises(TransitionInterdite):
            rectifier(m, role, fiche, nom="Autre")
    assert compter(Jeton) == jetons
    rectifier(m, "social", finie, nom="Autre")
    assert courriels_de(m["referent"]) == []


def courriels_de(compte: Compte) -> list[str]:
    return [str(c.body) for c in courriels() if c.to == [compte.email] and "rectifi" in str(c.body)]


def _champs(**autres: str) -> dict[str, str]:
    return {
        "civilite": "mme", "nom": "Maquette", "prenom": "Ondine", "naissance": "", "telephone": "", "batiment": "A",
        "etage": "3e étage", "porte": "12", "composition": "", "demarches": "",
        "faits": "Volets fermés depuis trois semaines.", "motif": "demande", "version": "1", **autres,
    }  # fmt: skip


@pytest.mark.parametrize(("role", "retour"), [("referent", "signalement"), ("social", "fiche")])
def test_la_page_corrige_et_revient_a_la_fiche(db: None, midi: datetime, role: str, retour: str) -> None:
    m = monde()
    fiche = recits.transmise(m)
    client, adresse = connecte(m[role]), reverse("fiche_rectifier", args=[fiche.pk])
    assert 'value="Maquette"' in client.get(adresse).content.decode()
    assert "Dites pourquoi" in texte(client.post(adresse, _champs(nom="Ébauche", motif="")))
    assert "Rien n’a changé" in texte(client.post(adresse, _champs()))
    assert compter(Rectification) == {"Rectification": 0}
    reponse = client.post(adresse, _champs(nom="Ébauche"))
    assert (reponse.status_code, reponse["Location"]) == (302, reverse(retour, args=[fiche.pk]))
    page = texte(client.get(reverse(retour, args=[fiche.pk])))
    assert "Mme Ondine Ébauche" in page
    assert "Rectifiée" in page


def test_la_seconde_personne_voit_ce_que_la_premiere_a_corrige(db: None, midi: datetime) -> None:
    m = monde()
    fiche = recits.transmise(m)
    rectifier(m, "social", fiche, nom="Ébauche")
    reponse = connecte(m["referent"]).post(reverse("fiche_rectifier", args=[fiche.pk]), _champs(nom="Épure"))
    assert "Ébauche" in texte(reponse, 409)
    assert "Épure" in texte(reponse, 409)
    assert compter(Rectification) == {"Rectification": 1}


def test_une_phrase_se_rectifie_passe_par_la_garde_et_dit_pourquoi(db: None, midi: datetime) -> None:
    m = monde()
    fiche = recits.transmise(m, faits="Avant.", composition="Seule")
    with pytest.raises(FormulationsARevoir):
        rectifier(m, "social", fiche, faits="Elle est alcoolique.")
    assert compter(Rectification) == {"Rectification": 0}
    r = rectifier(m, "referent", fiche, faits="Le 3 septembre, volets fermés.", composition="Avec sa fille")
    assert (r.champs, r.motif) == (["composition", "faits"], "demande")
    constat = recits.relue(m, fiche).constat_lisible
    assert constat is not None
    assert (constat.faits, constat.composition) == ("Le 3 septembre, volets fermés.", "Avec sa fille")
    page = texte(connecte(m["social"]).get(reverse("fiche", args=[fiche.pk])))
    assert "qui vit dans le logement, ce qui a été vu ou entendu. La personne l’a demandé." in page
    with agir_comme(m["gardien"]), pytest.raises(PermissionDenied):
        parcours.rectifier(fiche.pk, par=m["gardien"], valeurs={"faits": "x"}, motif="demande", version=2)


def test_deux_rectifications_de_phrases_ne_s_ecrasent_pas(db: None, midi: datetime) -> None:
    m = monde()
    fiche = recits.transmise(m, faits="Avant.")
    rectifier(m, "social", fiche, faits="Par l’équipe.")
    with pytest.raises(ConflitDeVersion):
        rectifier(m, "referent", fiche, faits="Par le bailleur.")
    reponse = connecte(m["referent"]).post(
        reverse("fiche_rectifier", args=[fiche.pk]), _champs(faits="Par le bailleur.")
    )
    assert "Par l’équipe." in texte(reponse, 409)
    constat = recits.relue(m, fiche).constat_lisible
    assert constat is not None
    assert constat.faits == "Par l’équipe."
