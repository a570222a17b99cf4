"""Photos of the places: added to one's own draft, sealed, seen by those who read the fiche, gone with its content."""

import io
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.urls import reverse
from PIL import Image

from partenaires.perimetre import agir_comme
from signalements import parcours
from signalements.models import Fiche, Photo
from socle import horloge
from socle.transitions import TransitionInterdite
from tests import recits
from tests.comptage import enumerees, instructions
from tests.conftest import en_tant_que
from tests.fabriques import PERSONNES, Monde, monde
from tests.pages import connecte, texte
from tests.partenaires.regards import compter, etat_complet, evenements
from tests.signalements.saisies import adresse, brouillon_de, envoyer, remplir
from tests.socle.faux_clamd import EICAR, clamd
from tests.socle.images import HEIC, photo


def _ici(pk: Any) -> str:
    return reverse("photos", args=[pk])


def _envoyer(client: Client, pk: Any, *contenus: bytes, cle: str = "") -> Any:
    cle = cle or str(client.get(_ici(pk)).context["formulaire"]["cle"].value())
    fichiers = [SimpleUploadedFile("IMG_0042 chez Mme Maquette.HEIC", c, "image/heic") for c in contenus]
    return client.post(_ici(pk), {"cle": cle, "photos": fichiers})


def _photos(m: Monde, role: str = "gardien") -> list[Photo]:
    with agir_comme(m[role]):
        return list(Photo.objects.visibles_par(m[role]).order_by("ajoutee_le", "id"))


def _brouillon_illustre(m: Monde) -> tuple[Fiche, Photo]:
    fiche = recits.brouillon(m)
    with agir_comme(m["gardien"]):
        return fiche, parcours.ajouter_photo(fiche.pk, par=m["gardien"], contenu=photo())


def test_le_gardien_ajoute_une_photo_et_la_retrouve(db: None, midi: datetime) -> None:
    m = monde()
    fiche = recits.brouillon(m)
    client = connecte(m["gardien"])
    suite = client.post(adresse(fiche.pk, "contexte"), {"faits": "Volets fermés.", "vers": "photos"})
    assert suite["Location"] == _ici(fiche.pk)
    assert brouillon_de(m, fiche.pk)["faits"] == "Volets fermés."
    page = client.get(_ici(fiche.pk))
    mots = texte(page)
    assert "Les lieux, jamais les personnes." in mots
    assert "La date et le lieu que l’appareil ajoute sont effacés." in mots
    assert 'capture="environment"' in page.content.decode()
    assert _envoyer(client, fiche.pk, photo())["Location"] == _ici(fiche.pk)
    (image,) = _photos(m)
    mots = texte(client.get(_ici(fiche.pk)))
    assert "La photo est gardée." in mots
    assert "Retirer : Photo 1" in mots
    assert "Voir la photo (1)" in texte(client.get(adresse(fiche.pk, "contexte")))
    assert "1 photo jointe." in texte(client.get(adresse(fiche.pk, "relire")))
    assert (image.largeur, image.hauteur) == (300, 400)
    assert evenements()[-1] == "signalements.photo_ajoutee"


def test_la_photo_est_scellee_et_sans_metadonnees(db: None, midi: datetime) -> None:
    m = monde()
    fiche, image = _brouillon_illustre(m)
    assert dict(Image.open(io.BytesIO(image.octets)).getexif()) == {}
    with en_tant_que("palier_fabrique"), connection.cursor() as curseur:
        curseur.execute("SELECT octets, vignette FROM signalements_photo WHERE fiche_id = %s", [fiche.pk])
        for colonne in curseur.fetchone():
            octets = bytes(colonne)
            assert not octets.startswith(b"\xff\xd8")
            assert [s for s in (b"JFIF", b"Secret", b"Maquetel", b"GPS") if s in octets] == []


def test_la_photo_se_regarde_par_qui_lit_la_fiche_et_sa_lecture_est_notee(db: None, midi: datetime) -> None:
    m = monde()
    fiche = recits.transmise(m, photos=2)
    premiere, _ = _photos(m, "social")
    pages = {
        "social": reverse("fiche", args=[fiche.pk]),
        "coordination": reverse("fiche", args=[fiche.pk]),
        "referent": reverse("signalement_fiche", args=[fiche.pk]),
        "responsable": reverse("signalement_fiche", args=[fiche.pk]),
    }
    for role, page in pages.items():
        client = connecte(m[role])
        lue = client.get(page)
        assert "Photos des lieux" in texte(lue)
        assert lue.content.decode().count("data:image/jpeg;base64,") == 2
        assert texte(client.get(reverse("photo", args=[premiere.pk]))).count("Photo de la fiche 26-0001") == 1
        avant = evenements().count("signalements.photo_lue")
        image = client.get(reverse("photo_image", args=[premiere.pk]))
        assert image.content == premiere.octets
        assert image["Content-Type"] == "image/jpeg"
        assert image["Content-Disposition"] == f'attachment; filename="photo-{premiere.pk.hex[-8:]}.jpg"'
        assert image["X-Content-Type-Options"] == "nosniff"
        assert image["Cache-Control"] == "no-store"
        assert evenements().count("signalements.photo_lue") == avant + 1


def test_personne_d_autre_ne_la_voit(db: None, midi: datetime) -> None:
    m, sud = monde(), monde("Sud")
    fiche = recits.transmise(m, photos=1)
    (image,) = _photos(m, "social")
    intrus = [m["gardien"], m["correspondant"], m["coordination_clsm"], m["exploitation"], m["dpo"]]
    for compte in (*intrus, *(sud[role] for role in PERSONNES)):
        client = connecte(compte)
        for nom in ("photo", "photo_image"):
            assert client.get(reverse(nom, args=[image.pk])).status_code in (403, 404), (compte, nom)
        assert client.post(reverse("photo_retirer", args=[image.pk])).status_code in (403, 404)
        with agir_comme(compte):
            assert list(Photo.objects.all()) == []
            assert list(Photo.objects.visibles_par(compte)) == []
    assert compter(Photo) == {"Photo": 1}
    assert "signalements.photo_lue" not in evenements()
    assert texte(connecte(m["gardien"]).get(reverse("signalement", args=[fiche.pk])))


def test_l_opposition_la_cache_aussitot_et_la_fin_la_retire_au_bailleur(db: None, midi: datetime) -> None:
    m = monde()
    opposee, finie = recits.informee(m, photos=1), recits.transmise(m, photos=1)
    with agir_comme(m["social"]):
        parcours.opposer(opposee.pk, par=m["social"])
        parcours.declarer_non_recevable(finie.pk, par=m["social"], motif="doublon")
    assert [p.fiche_id for p in _photos(m, "social")] == [finie.pk]
    assert _photos(m, "referent") == []
    for role in ("social", "referent"):
        with agir_comme(m[role]):
            vues = [p.fiche_id for p in Photo.objects.all()]
        assert vues == ([finie.pk] if role == "social" else [])
    assert compter(Photo) == {"Photo": 2}  # until the grace has passed


@pytest.mark.parametrize(
    ("contenu", "phrase"),
    [
        (HEIC, "Cette photo est au format HEIC, que Palier ne lit pas."),
        (b"%PDF-1.7", "Ce fichier n’est pas une photo JPEG, PNG ou WebP."),
        (photo()[:900], "Ce fichier n’a pas pu être lu."),
        (b"x" * (12 * 2**20 + 1), "Cette photo dépasse 12 Mo."),
    ],
    ids=["heic", "pdf", "coupee", "lourde"],
)
def test_un_fichier_refuse_se_dit_et_ne_laisse_rien(db: None, midi: datetime, contenu: bytes, phrase: str) -> None:
    m = monde()
    fiche = recits.brouillon(m)
    client = connecte(m["gardien"])
    avant = etat_complet(fiche)
    mots = texte(_envoyer(client, fiche.pk, contenu))
    assert "La photo n’est pas gardée" in mots
    assert phrase in mots
    assert "Mme Maquette" not in mots  # the name of a file is never shown, nor kept
    assert (etat_complet(fiche), compter(Photo)) == (avant, {"Photo": 0})


def test_sans_fichier_la_page_le_demande(db: None, midi: datetime) -> None:
    m = monde()
    fiche = recits.brouillon(m)
    assert "Prenez ou choisissez une photo." in texte(_envoyer(connecte(m["gardien"]), fiche.pk))


def test_les_bonnes_photos_d_un_envoi_sont_gardees_les_autres_dites(db: None, midi: datetime) -> None:
    m = monde()
    fiche = recits.brouillon(m)
    page = _envoyer(connecte(m["gardien"]), fiche.pk, photo("PNG"), HEIC, photo("WEBP"))
    assert "HEIC" in texte(page)
    assert compter(Photo) == {"Photo": 2}


def test_une_fiche_porte_cinq_photos_au_plus(db: None, midi: datetime) -> None:
    m = monde()
    fiche = recits.brouillon(m)
    client = connecte(m["gardien"])
    cle = str(client.get(_ici(fiche.pk)).context["formulaire"]["cle"].value())
    for rang in range(4):
        with agir_comme(m["gardien"]):
            parcours.ajouter_photo(fiche.pk, par=m["gardien"], contenu=photo(taille=(50 + rang, 40)))
    mots = texte(_envoyer(client, fiche.pk, photo(taille=(60, 40)), photo(taille=(61, 40)), cle=cle))
    assert "Une fiche porte 5 photos au plus. Retirez-en une d’abord." in mots
    assert compter(Photo) == {"Photo": 5}
    page = client.get(_ici(fiche.pk))
    assert "Cette fiche porte déjà 5 photos." in texte(page)
    assert 'type="file"' not in page.content.decode()


def test_le_meme_envoi_deux_fois_n_ajoute_qu_une_photo(db: None, midi: datetime) -> None:
    m = monde()
    fiche = recits.brouillon(m)
    client = connecte(m["gardien"])
    cle = str(client.get(_ici(fiche.pk)).context["formulaire"]["cle"].value())
    for _ in range(2):
        assert _envoyer(client, fiche.pk, photo(), cle=cle)["Location"] == _ici(fiche.pk)
    assert compter(Photo) == {"Photo": 1}
    autre = _envoyer(client, fiche.pk, photo("PNG"), cle=cle)
    assert "Cette page a déjà servi." in texte(autre)
    assert compter(Photo) == {"Photo": 1}


def test_une_photo_se_retire_du_brouillon_seulement(db: None, midi: datetime) -> None:
    m = monde(relecture=True)
    fiche, image = _brouillon_illustre(m)
    client = connecte(m["gardien"])
    suite = client.post(reverse("photo_retirer", args=[image.pk]))
    assert suite["Location"] == _ici(fiche.pk)
    assert compter(Photo) == {"Photo": 0}
    assert evenements()[-1] == "signalements.photo_retiree"
    with agir_comme(m["gardien"]):
        image = parcours.ajouter_photo(fiche.pk, par=m["gardien"], contenu=photo())
    remplir(client, m, fiche.pk)
    envoyer(client, fiche.pk)  # to the référent first
    for compte in (m["gardien"], m["referent"]):
        assert connecte(compte).post(reverse("photo_retirer", args=[image.pk])).status_code == 404
    assert client.get(_ici(fiche.pk))["Location"] == reverse("signalement", args=[fiche.pk])
    assert compter(Photo) == {"Photo": 1}
    assert "Photos des lieux" in texte(connecte(m["referent"]).get(reverse("signalement_relecture", args=[fiche.pk])))


def test_une_fiche_renvoyee_se_complete_en_photos(db: None, midi: datetime) -> None:
    m = monde(relecture=True)
    fiche = recits.envoyee(m, photos=1)
    with agir_comme(m["gardien"]), pytest.raises(TransitionInterdite):
        parcours.ajouter_photo(fiche.pk, par=m["gardien"], contenu=photo())
    with agir_comme(m["referent"]):
        parcours.renvoyer(fiche.pk, par=m["referent"], commentaires={"faits": "Une photo du palier ?"})
    for role in ("gardien", "referent"):  # the author, or a référent who takes it over
        assert _envoyer(connecte(m[role]), fiche.pk, photo("PNG"))["Location"] == _ici(fiche.pk)
    assert compter(Photo) == {"Photo": 3}


def test_supprimer_le_brouillon_supprime_ses_photos(db: None, midi: datetime) -> None:
    m = monde()
    fiche, _ = _brouillon_illustre(m)
    connecte(m["gardien"]).post(reverse("brouillon_supprimer", args=[fiche.pk]))
    assert compter(Photo, Fiche) == {"Photo": 0, "Fiche": 0}


def test_ajouter_une_photo_compte_comme_un_changement(db: None, midi: datetime) -> None:
    m = monde()
    fiche, image = _brouillon_illustre(m)
    horloge.regler(midi + timedelta(days=29))
    with agir_comme(m["gardien"]):
        parcours.retirer_photo(image.pk, par=m["gardien"])
        assert Fiche.objects.get(pk=fiche.pk).modifiee_le == midi + timedelta(days=29)


def test_en_sql_un_autre_n_ajoute_ni_ne_retire(db: None, midi: datetime) -> None:
    m = monde()
    fiche, image = _brouillon_illustre(m)
    for role in ("referent", "social", "responsable"):
        with agir_comme(m[role]), connection.cursor() as curseur:
            curseur.execute("DELETE FROM signalements_photo WHERE id = %s", [image.pk])
            assert curseur.rowcount == 0
        with pytest.raises(Exception, match="row-level security"), agir_comme(m[role]):
            Photo(
                fiche=fiche, orienteur_id=m.bailleur.pk, octets=b"x", vignette=b"x", largeur=1, hauteur=1,
                ajoutee_par=m[role],
            ).save(force_insert=True)  # fmt: skip
    assert compter(Photo) == {"Photo": 1}


# The antivirus, when there is one ---------------------------------------------------------------------------


def test_l_antivirus_lit_le_fichier_entier_avant_qu_il_soit_dessine(db: None, midi: datetime, settings: Any) -> None:
    m = monde()
    fiche = recits.brouillon(m)
    brute = photo()
    with clamd(settings) as serveur:
        assert _envoyer(connecte(m["gardien"]), fiche.pk, brute)["Location"] == _ici(fiche.pk)
    assert serveur.recus == [brute]
    assert compter(Photo) == {"Photo": 1}


def test_un_fichier_infecte_est_refuse_et_journalise(db: None, midi: datetime, settings: Any) -> None:
    m = monde()
    fiche = recits.brouillon(m)
    with clamd(settings):
        mots = texte(_envoyer(connecte(m["gardien"]), fiche.pk, photo() + EICAR))
    assert "L’antivirus a refusé ce fichier." in mots
    assert compter(Photo) == {"Photo": 0}
    assert evenements()[-1] == "signalements.photo_infectee"


@pytest.mark.parametrize("humeur", ["coupe", "limite", "absent"])
def test_sans_verdict_la_photo_n_est_pas_gardee_et_la_fiche_part_sans_elle(
    db: None, midi: datetime, settings: Any, humeur: str
) -> None:
    m = monde()
    fiche = recits.brouillon(m)
    client = connecte(m["gardien"])
    if humeur == "absent":
        settings.ANTIVIRUS = "tcp://127.0.0.1:9"
        mots = texte(_envoyer(client, fiche.pk, photo()))
    else:
        with clamd(settings, humeur):
            mots = texte(_envoyer(client, fiche.pk, photo()))
    assert "L’antivirus ne répond pas : cette photo n’a pas été gardée." in mots
    assert compter(Photo) == {"Photo": 0}
    remplir(client, m, fiche.pk)
    assert envoyer(client, fiche.pk)["Location"] == reverse("signalement", args=[fiche.pk])


# Cost --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("nombre", [0, 5])
def test_les_pages_qui_montrent_les_photos_tiennent_en_douze_instructions(
    db: None, midi: datetime, nombre: int
) -> None:
    m = monde()
    fiche = recits.transmise(m, photos=nombre)
    brouillon = recits.brouillon(m)
    pages = [
        ("social", reverse("fiche", args=[fiche.pk])),
        ("referent", reverse("signalement_fiche", args=[fiche.pk])),
        ("gardien", _ici(brouillon.pk)),
        ("gardien", adresse(brouillon.pk, "contexte")),
    ]
    for role, page in pages:
        client = connecte(m[role])
        client.get(page)
        with instructions() as vues:
            assert client.get(page).status_code == 200
        assert len(vues) <= 12, (page, enumerees(vues))
