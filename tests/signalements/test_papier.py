"""The blank fiche on paper: the order and the words of the form, the équipe's grid, its file, and who may print it."""

import io
import re
from datetime import date, datetime
from typing import Any

import page
import pytest
from django import forms
from django.urls import reverse
from pypdf import PdfReader

from partenaires.models import Convention, Organisation
from partenaires.perimetre import agir_comme
from signalements import documents
from signalements.enums import Cotation, GenreImprime
from signalements.forms.etapes import ContexteForm, PersonneForm
from signalements.imprimes import donnees_du_papier
from signalements.models import Grille, Imprime
from socle.perimetre import DelegationRefusee
from tests.comptage import enumerees, instructions
from tests.conftest import en_tant_que
from tests.fabriques import Monde, monde
from tests.pages import connecte, texte
from tests.partenaires.regards import compter, evenements, promesses
from tests.signalements.saisies import commencer

AUTEURS = ("gardien", "referent", "responsable", "correspondant", "coordination", "soignant", "social")
# Labels of the form that one line of paper says together, or in the place of another.
DITS_AUTREMENT = {"Bâtiment", "Étage", "Porte", "A-t-elle 18\N{NO-BREAK SPACE}ans ou plus\N{NO-BREAK SPACE}?"}


def papier(m: Monde, role: str = "referent") -> Any:
    return connecte(m[role]).get(reverse("papier"))


def lien(m: Monde) -> str:
    """The address of the fiche between the équipe and its bailleur."""
    return f"{reverse('papier')}?pour={m.convention.pk}"


def test_le_papier_a_les_mots_et_l_ordre_du_formulaire(db: None, midi: datetime) -> None:
    m = monde()
    mots = texte(papier(m))
    attendus = [str(champ.label) for form in (PersonneForm, ContexteForm) for champ in form.base_fields.values()]
    places = [mots.index(libelle) for libelle in attendus if libelle not in DITS_AUTREMENT]
    lieux = mots.index("Bâtiment, étage, porte"), mots.index("18 ans ou plus")
    assert lieux[0] > places[0]
    debut = [p for p in places if p < mots.index("2. Ce que j’observe")]
    suite = [p for p in places if p > mots.index("3. Contexte")]
    assert len(debut) + len(suite) == len(places)
    for grille in Grille.objects.en_vigueur(m.equipe.pk).par_domaine():
        assert mots.index(str(grille[0].label)) > mots.index("2. Ce que j’observe")
        for signal in grille[1]:
            assert signal.libelle in mots
    for choix in (PersonneForm.base_fields["majeur"], ContexteForm.base_fields["contexte"]):
        assert isinstance(choix, forms.ChoiceField)
        for _, mot in choix.widget.choices:
            assert str(mot) in mots
    assert all(f"{code} {mot}" in mots for code, mot in Cotation.choices)


def test_il_dit_d_abord_qui_appeler_et_a_qui_le_remettre(db: None) -> None:
    m = monde()
    with en_tant_que("palier_fabrique"):
        Organisation.objects.filter(pk=m.equipe.pk).update(telephone="01 99 00 00 00", adresse="4 place du Marché")
    mots = texte(papier(m))
    assert mots.index("appelez le 15, le 17, le 18 ou le 112") < mots.index("1. La personne et son logement")
    assert f"se remet à : {m.equipe.nom} , 4 place du Marché, 01 99 00 00 00" in mots


@pytest.mark.parametrize("role", AUTEURS)
def test_ceux_qui_signalent_et_l_equipe_le_demandent_et_le_telechargent(db: None, midi: datetime, role: str) -> None:
    m = monde()
    client = connecte(m[role])
    du_partenaire = Convention.objects.filter(orienteur=m.partenaire)
    with en_tant_que("palier_fabrique"):
        cle = du_partenaire.get().pk if role == "correspondant" else m.convention.pk
    adresse, fichier = f"{reverse('papier')}?pour={cle}", f"{reverse('papier_pdf')}?pour={cle}"
    assert client.get(fichier).status_code == 404
    for _ in range(2):
        assert client.post(adresse)["Location"] == adresse
    assert compter(Imprime) == {"Imprime": 1}
    assert promesses().count("signalements.imprime_a_produire") == 1
    assert evenements(m.equipe.pk).count("signalements.papier_demande") == 1
    assert "Voir si le PDF est prêt" in texte(client.get(adresse))
    with en_tant_que("palier_fabrique"):
        imprime = Imprime.objects.get()
    assert imprime.genre == GenreImprime.FICHE
    assert documents.produire_imprime(imprime.pk, imprime.delegation_id)
    assert not documents.produire_imprime(imprime.pk, imprime.delegation_id)
    assert "Télécharger le PDF" in texte(client.get(adresse))
    recu = client.get(fichier)
    assert (recu.status_code, recu["Content-Type"]) == (200, "application/pdf")
    assert recu["Content-Disposition"] == 'attachment; filename="fiche-de-signalement.pdf"'


def test_le_pdf_tient_en_trois_pages_accessibles_et_toujours_les_memes(db: None) -> None:
    m = monde()
    donnees = donnees_du_papier(m.equipe, m.bailleur, Grille.objects.en_vigueur(m.equipe.pk))
    le = datetime.fromisoformat("2026-09-22T10:00:00+00:00")
    octets = documents.octets_de_l_imprime(GenreImprime.FICHE, donnees, identifiant="fiche-1", le=le)
    assert octets == documents.octets_de_l_imprime(GenreImprime.FICHE, donnees, identifiant="fiche-1", le=le)
    assert page.is_pdf_compliant_bytes(octets, profile="ua1")
    lu = PdfReader(io.BytesIO(octets))
    assert len(lu.pages) == 3
    mots = re.sub(r"\s+", " ", " ".join(p.extract_text() for p in lu.pages))
    for signaux in donnees["domaines"]:
        for libelle, _ in signaux[1]:
            assert libelle in mots


def test_une_autre_grille_fait_un_autre_papier(db: None, midi: datetime) -> None:
    m = monde()
    client = connecte(m["referent"])
    client.post(lien(m))
    with en_tant_que("palier_fabrique"):
        Imprime.objects.update(octets=b"%PDF", prete_le=midi)
        neuve = Grille.objects.create(equipe=m.equipe, numero=2, publiee_le=date(2026, 9, 1))
        neuve.signaux.create(code="LOG1", domaine="logement", libelle="Seul signal", ordre=1)
    assert client.get(f"{reverse('papier_pdf')}?pour={m.convention.pk}").status_code == 404
    ecran = texte(client.get(lien(m)))
    assert "Préparer le PDF" in ecran
    assert "Seul signal" in ecran
    assert "Liste version 2" in ecran


def test_l_equipe_choisit_l_organisation_et_une_seule_se_choisit_d_elle_meme(db: None, midi: datetime) -> None:
    m = monde()
    choix = texte(papier(m, "social"))
    assert "Choisissez l’organisation qui signale." in choix
    assert m.bailleur.nom in choix
    assert m.partenaire.nom in choix
    assert m.equipe.nom in texte(papier(m, "gardien"))
    assert "Imprimer une fiche à remplir" in texte(connecte(m["social"]).get(reverse("saisir_fiche")))


def test_ni_un_autre_ni_une_convention_finie_ni_un_role_qui_ne_signale_pas(db: None, midi: datetime) -> None:
    m, sud = monde(), monde("Sud")
    for methode in ("get", "post"):
        assert getattr(connecte(sud["referent"]), methode)(lien(m)).status_code == 404
        for role in ("coordination_clsm", "exploitation", "dpo"):
            assert getattr(connecte(m[role]), methode)(lien(m)).status_code == 404
    assert connecte(m["referent"]).get(reverse("papier"), {"pour": "x"}).status_code == 404
    assert compter(Imprime) == {"Imprime": 0}
    connecte(m["referent"]).post(lien(m))
    for qui in (sud["referent"], sud["social"], m["correspondant"], m["coordination_clsm"]):
        with agir_comme(qui):
            assert Imprime.objects.count() == 0
    with en_tant_que("palier_fabrique"):
        imprime = Imprime.objects.get()
        Convention.objects.filter(pk=m.convention.pk).update(au=date(2026, 9, 1))
    assert "Aucune convention en vigueur." in texte(papier(m))
    with pytest.raises(DelegationRefusee):
        documents.produire_imprime(imprime.pk, imprime.pk)


def test_la_page_coute_peu(db: None, midi: datetime) -> None:
    m = monde()
    client = connecte(m["referent"])
    commencer(client)
    with instructions() as vues:
        client.get(reverse("papier"))
    assert len(vues) <= 12, enumerees(vues)
