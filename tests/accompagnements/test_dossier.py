"""Pieces of a file: checked, versioned, taken out; a situation that is opened again, and what the bailleur reads."""

import io
from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from django.conf import LazySettings
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, transaction
from django.urls import reverse
from PIL import Image

from accompagnements import parcours
from accompagnements.models import Accompagnement, Document, Reouverture
from partenaires.perimetre import agir_comme
from signalements.models import Fiche, Locataire
from socle import horloge
from socle.antivirus import FichierInfecte
from socle.models import Envoi, Evenement
from socle.transitions import TransitionInterdite
from tests import recits_accompagnements as histoires
from tests.accompagnements.pages import cle_neuve
from tests.accompagnements.test_documents import PDF, image
from tests.conftest import en_tant_que
from tests.fabriques import Monde, monde
from tests.pages import connecte
from tests.pages import texte as lu


def joindre(m: Monde, a: Accompagnement, contenu: bytes = PDF, **champs: Any) -> Document:
    champs = {"nature": "courrier", "precision": "CAF, mars", **champs}
    with agir_comme(m["social"]):
        return parcours.joindre_piece(a.pk, par=m["social"], contenu=contenu, **champs)


def pieces(m: Monde) -> list[Document]:
    with agir_comme(m["coordination"]):
        return list(Document.objects.filter(genre="piece").order_by("demande_le", "id"))


def test_une_piece_se_joint_par_la_page_sans_ses_donnees_cachees(db: None, midi: datetime) -> None:
    m = monde()
    a = histoires.en_cours(m)
    client = connecte(m["social"])
    adresse = reverse("piece_joindre", args=[a.pk])
    photo = SimpleUploadedFile("Mme Maquette.jpg", image("JPEG", exif=True), "image/png")
    envoi = {"cle": cle_neuve(), "nature": "photo", "precision": "Boîte aux lettres", "fichier": photo}
    assert client.post(adresse, envoi).status_code == 302
    (piece,) = pieces(m)
    assert (piece.titre, piece.precision, piece.type_mime, piece.etat) == (
        "Photo", "Boîte aux lettres", "image/jpeg", "pret",
    )  # fmt: skip
    assert piece.octets is not None
    assert b"sentinelle" not in piece.octets
    assert dict(Image.open(io.BytesIO(piece.octets)).getexif()) == {}
    page = lu(client.get(reverse("situation_documents", args=[a.pk])))
    for attendu in ("Boîte aux lettres", m["social"].nom_complet, piece.sha256[:16]):
        assert attendu in page
    recu = client.get(reverse("document", args=[piece.pk]))
    assert "Maquette" not in recu["Content-Disposition"]
    assert recu["X-Content-Type-Options"] == "nosniff"
    assert connecte(m["referent"]).get(reverse("document", args=[piece.pk])).status_code in (403, 404)


@pytest.mark.parametrize(
    "contenu", [lambda: b"", lambda: b"MZ" + b"\0" * 90, lambda: b"<svg/>", lambda: PDF + b"\0" * 5 * 1024 * 1024]
)
def test_une_piece_refusee_ne_laisse_rien(db: None, midi: datetime, contenu: Callable[[], bytes]) -> None:
    m = monde()
    a = histoires.en_cours(m)
    with transaction.atomic(), pytest.raises(parcours.SaisieRefusee) as refus:
        joindre(m, a, contenu())
    assert refus.value.champ == "fichier"
    assert pieces(m) == []


def test_l_antivirus_examine_les_pieces(db: None, midi: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    from socle import antivirus

    def infecte(octets: bytes) -> None:
        raise FichierInfecte

    monkeypatch.setattr(antivirus, "examiner", infecte)
    m = monde()
    a = histoires.en_cours(m)
    with transaction.atomic(), pytest.raises(parcours.SaisieRefusee, match="antivirus"):
        joindre(m, a)
    assert pieces(m) == []


def test_un_dossier_a_une_limite(db: None, midi: datetime, settings: LazySettings) -> None:
    m = monde()
    a = histoires.en_cours(m)
    joindre(m, a)
    settings.TAILLE_MAXIMALE_DOSSIER = len(PDF) * 2 - 1
    with transaction.atomic(), pytest.raises(parcours.SaisieRefusee, match="plein"):
        joindre(m, a)
    assert len(pieces(m)) == 1


def test_une_version_remplace_la_precedente_qui_reste_marquee(db: None, midi: datetime) -> None:
    m = monde()
    a = histoires.en_cours(m)
    premiere = joindre(m, a)
    seconde = joindre(m, a, PDF + b"%2\n", remplace=premiere.pk)
    assert [p.remplace_id for p in pieces(m)] == [None, premiere.pk]
    with transaction.atomic(), pytest.raises(TransitionInterdite):
        joindre(m, a, remplace=premiere.pk)
    assert len(pieces(m)) == 2
    page = lu(connecte(m["social"]).get(reverse("situation_documents", args=[a.pk])))
    assert page.count("Remplacée le") == 1
    assert seconde.sha256 != premiere.sha256


def test_une_piece_retiree_perd_son_contenu_et_garde_sa_raison(db: None, midi: datetime) -> None:
    m = monde()
    a = histoires.en_cours(m)
    piece = joindre(m, a)
    client = connecte(m["coordination"])
    vide = client.post(reverse("piece_retirer", args=[piece.pk]), {"motif": ""})
    assert vide.status_code == 200
    assert pieces(m)[0].etat == "pret"
    envoi = client.post(reverse("piece_retirer", args=[piece.pk]), {"motif": "Elle concerne une autre personne."})
    assert envoi.status_code == 302
    (retiree,) = pieces(m)
    assert (retiree.etat, retiree.octets, retiree.retire_par_id) == ("retire", None, m["coordination"].pk)
    assert client.get(reverse("document", args=[piece.pk])).status_code == 404
    assert "Elle concerne une autre personne." in lu(client.get(reverse("situation_documents", args=[a.pk])))
    with agir_comme(m["coordination"]):
        actions = ["accompagnements.piece_jointe", "accompagnements.piece_retiree"]
        assert Evenement.objects.filter(action__in=actions).count() == 2
    with agir_comme(m["social"]), transaction.atomic(), pytest.raises(TransitionInterdite):
        parcours.retirer_piece(piece.pk, par=m["social"], motif="Encore.")


def test_le_contrat_ne_se_retire_pas_et_une_piece_ne_se_recrit_pas_en_sql(db: None, midi: datetime) -> None:
    m = monde()
    a = histoires.en_cours(m)
    piece = joindre(m, a)
    with agir_comme(m["social"]):
        contrat = Document.objects.get(genre="contrat")
        with transaction.atomic(), pytest.raises(TransitionInterdite):
            parcours.retirer_piece(contrat.pk, par=m["social"], motif="Non.")
        for champs in ({"sha256": "0" * 64}, {"nature": "autre"}, {"taille": 1}):
            with pytest.raises(DatabaseError), transaction.atomic():
                Document.objects.filter(pk=piece.pk).update(**champs)


# Opened again ----------------------------------------------------------------------------------------------


def ce_que_lit_le_bailleur(m: Monde, a: Accompagnement) -> tuple[Any, ...]:
    """Status, dates, content, and what was promised to anybody of the bailleur."""
    with agir_comme(m["referent"]):
        fiche = Fiche.objects.get(pk=a.fiche_id)
        lisible = Locataire.objects.filter(pk=a.fiche_id).exists()
    with en_tant_que("palier_systeme"):
        promis = Envoi.objects.filter(organisation_id=m.bailleur.pk).count()
    page = connecte(m["referent"]).get(reverse("signalement", args=[a.fiche_id])).content
    return fiche.statut, fiche.terminee_le, fiche.modifiee_le, lisible, promis, b"Maquette" in page


def test_une_situation_se_rouvre_et_le_bailleur_ne_voit_rien(db: None, midi: datetime) -> None:
    m = monde()
    a = histoires.termine(m)
    avant = ce_que_lit_le_bailleur(m, a)
    assert avant[0] == "terminee"
    horloge.avancer(days=29)
    client = connecte(m["soignant"])
    assert "Rouvrir la situation" in lu(client.get(reverse("situation", args=[a.pk])))
    assert client.post(reverse("situation_rouvrir", args=[a.pk]), {"raison": ""}).status_code == 200
    assert histoires.relu(m, a).etat == "termine"
    envoi = client.post(reverse("situation_rouvrir", args=[a.pk]), {"raison": "Elle a rappelé, le relais manque."})
    assert envoi.status_code == 302
    rouverte = histoires.relu(m, a)
    assert (rouverte.etat, rouverte.fin_le, rouverte.motif_fin, rouverte.relais) == ("en_cours", None, "", "")
    with agir_comme(m["coordination"]):
        r = Reouverture.objects.get()
    assert (r.fin_le, r.motif_fin, r.situation_logement, r.par_id) == (
        a.fin_le, "objectifs", "maintenu", m["soignant"].pk,
    )  # fmt: skip
    assert "Situation rouverte" in lu(client.get(reverse("situation", args=[a.pk])))
    visite = histoires.visite_rendue(m, rouverte)
    assert ce_que_lit_le_bailleur(m, a) == avant
    with agir_comme(m["social"]):
        parcours.terminer(a.pk, par=m["social"], motif="specialise", relais="CMP.", situation_logement="mute")
        assert Document.objects.filter(genre="fin").count() == 2
    assert ce_que_lit_le_bailleur(m, a) == avant
    assert visite.etat == "faite"


def test_sans_contrat_l_evaluation_reprend_puis_se_clot_encore(db: None, midi: datetime) -> None:
    m = monde()
    a = histoires.sans_suite(m)
    avant = ce_que_lit_le_bailleur(m, a)
    with agir_comme(m["coordination"]):
        assert parcours.rouvrir(a.pk, par=m["coordination"], raison="Elle accepte.").etat == "evaluation"
    page = lu(connecte(m["coordination"]).get(reverse("situation", args=[a.pk])))
    assert "Proposer des dates au bailleur" not in page
    assert "Enregistrer son opposition" not in page
    with agir_comme(m["social"]):
        for motif in ("orientation_directe",):
            parcours.cloturer_sans_suite(a.pk, par=m["social"], motif=motif)
    assert ce_que_lit_le_bailleur(m, a) == avant


@pytest.mark.parametrize("cas", ["trop tard", "opposition", "un collègue"])
def test_ce_qui_ne_se_rouvre_pas(db: None, midi: datetime, cas: str) -> None:
    from signalements import parcours as signalements

    m = monde()
    par = m["coordination"]
    refus: tuple[type[Exception], ...] = (TransitionInterdite,)
    if cas == "opposition":
        a = histoires.evalue(m)
        with agir_comme(m["referent"]):
            signalements.opposer(a.fiche_id, par=m["referent"])
        refus = (TransitionInterdite, Accompagnement.DoesNotExist)
    else:
        a = histoires.termine(m)
    if cas == "trop tard":
        horloge.avancer(days=30, minutes=1)
    if cas == "un collègue":
        with en_tant_que("palier_fabrique"):
            from accompagnements.models import Intervenant

            Intervenant.objects.filter(compte=m["social"]).update(au=horloge.aujourdhui())
        par, refus = m["social"], (PermissionDenied,)
    with agir_comme(par), transaction.atomic(), pytest.raises(refus):
        parcours.rouvrir(a.pk, par=par, raison="Pour voir.")
    with en_tant_que("palier_fabrique"):
        assert Reouverture.objects.count() == 0
        assert Accompagnement.objects.get(pk=a.pk).fin_le is not None


def test_la_base_refuse_une_reouverture_tardive(db: None, midi: datetime) -> None:
    m = monde()
    a = histoires.termine(m)
    with agir_comme(m["coordination"]), pytest.raises(DatabaseError), transaction.atomic():
        Reouverture(
            accompagnement=a, equipe_id=a.equipe_id, le=horloge.maintenant().replace(year=2030), par=m["coordination"],
            raison="Non.", fin_le=a.fin_le or horloge.maintenant(), motif_fin="objectifs",
        ).save(force_insert=True)  # fmt: skip
