"""A picture from outside keeps its pixels and nothing else; what is not one, or too large, is refused in words."""

import contextlib
import io
import random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from socle import images
from socle.images import ImageRefusee, preparer_photo, redessiner, type_de
from tests.socle.images import HEIC, photo, png_de

SECRETS = (b"Secret", b"Maquetel", b"Canevas", b"2026:09:22", b"Exif", b"GPS", b"xmp", b"ICC_PROFILE")


def _ouvrir(octets: bytes) -> Image.Image:
    return Image.open(io.BytesIO(octets))


@pytest.mark.parametrize("format_image", ["JPEG", "PNG", "WEBP"])
def test_la_photo_perd_tout_ce_que_l_appareil_ecrit_a_cote(format_image: str) -> None:
    brute = photo(format_image)
    assert b"Maquetel" in brute  # it was there
    faite = preparer_photo(brute)
    for octets in (faite.octets, faite.vignette):
        assert [s for s in SECRETS if s in octets] == []
        relue = _ouvrir(octets)
        assert relue.format == "JPEG"
        assert dict(relue.getexif()) == {}
        assert set(relue.info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density"}


@pytest.mark.parametrize("format_image", ["JPEG", "PNG", "WEBP"])
def test_la_photo_est_redressee(format_image: str) -> None:
    """Orientation 6: the camera lay on its side; the red half, on the left of the file, is seen at the top."""
    faite = preparer_photo(photo(format_image, (400, 300)))
    assert (faite.largeur, faite.hauteur) == (300, 400)
    image = _ouvrir(faite.octets).convert("RGB")
    haut, bas = image.getpixel((150, 50)), image.getpixel((150, 350))
    assert isinstance(haut, tuple)
    assert isinstance(bas, tuple)
    assert haut[0] > 200 > 80 > haut[1]
    assert min(bas) > 200


def test_une_grande_photo_est_reduite_et_sa_vignette_est_legere() -> None:
    bruit = Image.frombytes("RGB", (3000, 2250), random.Random(1).randbytes(3000 * 2250 * 3))
    sortie = io.BytesIO()
    bruit.save(sortie, "JPEG", quality=95)
    faite = preparer_photo(sortie.getvalue())
    assert max(faite.largeur, faite.hauteur) == images.COTE_PHOTO
    assert max(_ouvrir(faite.vignette).size) == images.COTE_VIGNETTE
    assert len(faite.vignette) < 60_000  # noise is the worst case


@pytest.mark.parametrize(
    ("mode", "format_image"),
    [("RGBA", "PNG"), ("P", "PNG"), ("L", "JPEG"), ("CMYK", "JPEG"), ("LA", "PNG"), ("I;16", "PNG"), ("1", "PNG")],
)
def test_tous_les_modes_de_couleur_deviennent_une_photo(mode: str, format_image: str) -> None:
    image = Image.new(mode, (40, 30))
    sortie = io.BytesIO()
    image.save(sortie, format_image)
    assert preparer_photo(sortie.getvalue()).largeur == 40


def test_ce_qui_est_transparent_devient_blanc() -> None:
    sortie = io.BytesIO()
    Image.new("RGBA", (40, 30), (0, 0, 0, 0)).save(sortie, "PNG")
    assert _ouvrir(preparer_photo(sortie.getvalue()).octets).convert("RGB").getpixel((5, 5)) == (255, 255, 255)


def test_le_format_heic_est_refuse_en_disant_quoi_faire() -> None:
    assert type_de(HEIC) == "image/heif"
    with pytest.raises(ImageRefusee, match=r"HEIC, que Palier ne lit pas.*Le plus compatible"):
        preparer_photo(HEIC)


def _gif() -> bytes:
    sortie = io.BytesIO()
    Image.new("RGB", (4, 4)).save(sortie, "GIF")
    return sortie.getvalue()


@pytest.mark.parametrize(
    "contenu",
    [
        b"", b"\0", b"bonjour", b"%PDF-1.7 ...", b"<svg xmlns='http://www.w3.org/2000/svg' onload='x'/>", _gif(),
        b"MZ" + b"\0" * 300, b"PK\x03\x04" + b"\0" * 300, b"\xff\xd8\xff" + b"\0" * 300,
        photo("JPEG")[:900], photo("PNG")[:200], photo("WEBP")[:60], b"GIF89a" + photo("JPEG"),
    ],
)  # fmt: skip
def test_ce_qui_n_est_pas_une_photo_entiere_est_refuse(contenu: bytes) -> None:
    with pytest.raises(ImageRefusee):
        preparer_photo(contenu)


def test_un_nom_et_un_type_annonces_ne_comptent_pas_mais_le_reste_du_fichier_disparait() -> None:
    """A picture followed by a page: only the pixels are kept."""
    faite = preparer_photo(photo("JPEG", exif=b"") + b"<script>alert(1)</script>PK\x03\x04")
    assert b"script" not in faite.octets


def test_une_bombe_de_pixels_est_refusee_avant_d_etre_dessinee(monkeypatch: pytest.MonkeyPatch) -> None:
    dessinees: list[Any] = []
    monkeypatch.setattr(Image.Image, "load", lambda self: dessinees.append(self))
    for largeur, hauteur in ((20_000, 20_000), (65_000, 65_000), (5_000, 5_000)):
        with pytest.raises(ImageRefusee, match="trop grande"):
            preparer_photo(png_de(largeur, hauteur))
    assert dessinees == []


def test_un_jpeg_de_quarante_millions_de_points_n_est_pas_deplie_en_entier(monkeypatch: pytest.MonkeyPatch) -> None:
    sortie = io.BytesIO()
    Image.new("RGB", (8000, 5000), "grey").save(sortie, "JPEG")
    tailles: list[tuple[int, int]] = []
    vraie = images._droite

    def espionner(image: Image.Image) -> Image.Image:
        tailles.append(image.size)
        return vraie(image)

    monkeypatch.setattr(images, "_droite", espionner)
    assert preparer_photo(sortie.getvalue()).largeur == images.COTE_PHOTO
    assert tailles == [(2000, 1250)]


def test_un_scan_garde_sa_taille_et_perd_le_reste() -> None:
    for format_image in ("JPEG", "PNG"):
        propre = redessiner(photo(format_image, (2400, 1800)), format_image)
        assert _ouvrir(propre).size == (1800, 2400)
        assert [s for s in SECRETS if s in propre] == []


@given(st.binary(max_size=400))
def test_n_importe_quels_octets_sont_refuses_proprement(octets: bytes) -> None:
    with pytest.raises(ImageRefusee):
        preparer_photo(octets)


@given(st.data())
def test_une_photo_abimee_est_lue_ou_refusee_jamais_autre_chose(donnees: st.DataObject) -> None:
    octets = bytearray(photo(donnees.draw(st.sampled_from(["JPEG", "PNG", "WEBP"])), (60, 40)))
    for place in donnees.draw(st.lists(st.integers(0, len(octets) - 1), max_size=12)):
        octets[place] ^= 0xFF
    with contextlib.suppress(ImageRefusee):
        assert preparer_photo(bytes(octets)).octets.startswith(b"\xff\xd8")
