"""Images from outside: recognised by their content, then drawn again, so that only their pixels remain.

What a camera writes beside the picture (EXIF, GPS, the phone's model, an embedded thumbnail, a comment) is left
behind, and so is whatever else a file may carry. Nothing is drawn before its size in pixels is known.
"""

import io
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import puremagic

if TYPE_CHECKING:
    from PIL.Image import Image

FORMATS: Final = {"image/jpeg": "JPEG", "image/png": "PNG", "image/webp": "WEBP"}
# A JPEG is decoded at a fraction of its size; the others whole, in memory.
PIXELS_JPEG: Final = 64_000_000
PIXELS_AUTRES: Final = 24_000_000
PIXELS_SCAN: Final = 40_000_000  # kept in its own size
COTE_PHOTO: Final = 2000  # pixels of the longest side that is kept
COTE_VIGNETTE: Final = 320
QUALITE: Final = 82
QUALITE_VIGNETTE: Final = 70
TROP_GRANDE: Final = "Cette image est trop grande. Réduisez-la, ou prenez la photo depuis cette page."
_ENTETE: Final = 4096  # bytes looked at to recognise a file, and as many at its end
_MARQUES_HEIF: Final = frozenset({b"heic", b"heix", b"hevc", b"hevx", b"heim", b"heis", b"mif1", b"msf1"})


class ImageRefusee(ValueError):
    """The file is not an image that may be kept; the message says what to do, in French."""


@dataclass(frozen=True, slots=True)
class Photo:
    """A picture drawn again: JPEG bytes of the whole and of its thumbnail, upright, at most COTE_PHOTO wide."""

    octets: bytes
    vignette: bytes
    largeur: int
    hauteur: int


def type_de(contenu: bytes) -> str:
    """The type that the content itself tells, "" when it tells none; the name of the file counts for nothing."""
    if contenu[4:8] == b"ftyp" and contenu[8:12] in _MARQUES_HEIF:
        return "image/heif"
    try:
        trouve: str = puremagic.from_string(contenu[:_ENTETE] + contenu[-1024:], mime=True)
    except (puremagic.PureError, ValueError):
        return ""
    return trouve


def preparer_photo(contenu: bytes) -> Photo:
    """The photo to keep; ImageRefusee for another type than JPEG, PNG or WebP, or too large."""
    format_image = _format_de(contenu)
    jpeg = format_image == "JPEG"
    with _ouverte(contenu, format_image, PIXELS_JPEG if jpeg else PIXELS_AUTRES) as image:
        if jpeg:
            grand = max(image.size)
            image.draft("RGB", (image.width * COTE_PHOTO // grand, image.height * COTE_PHOTO // grand))
        droite = _droite(image)
    droite.thumbnail((COTE_PHOTO, COTE_PHOTO))
    petite = droite.copy()
    petite.thumbnail((COTE_VIGNETTE, COTE_VIGNETTE))
    return Photo(_jpeg(droite, QUALITE), _jpeg(petite, QUALITE_VIGNETTE), droite.width, droite.height)


def redessiner(contenu: bytes, format_image: str) -> bytes:
    """A scan drawn again in its own format and size, without its metadata; ImageRefusee when it cannot be."""
    with _ouverte(contenu, format_image, PIXELS_SCAN) as image:
        droite = _droite(image)
    return _jpeg(droite, 88) if format_image == "JPEG" else _ecrire(droite, format_image, optimize=True)


def _format_de(contenu: bytes) -> str:
    if not contenu:
        raise ImageRefusee("Ce fichier est vide : prenez la photo à nouveau.".replace(" :", "\N{NO-BREAK SPACE}:"))
    trouve = type_de(contenu)
    if trouve == "image/heif":
        raise ImageRefusee(
            "Cette photo est au format HEIC, que Palier ne lit pas. Prenez-la depuis cette page, ou choisissez "
            "«\N{NO-BREAK SPACE}Le plus compatible\N{NO-BREAK SPACE}» dans les réglages de l’appareil photo."
        )
    if trouve not in FORMATS:
        raise ImageRefusee("Ce fichier n’est pas une photo JPEG, PNG ou WebP. Choisissez une photo.")
    return FORMATS[trouve]


@contextmanager
def _ouverte(contenu: bytes, format_image: str, limite: int) -> "Iterator[Image]":
    """The image, its header read and its size bounded; whatever Pillow says of a bad file becomes ImageRefusee."""
    from PIL import Image

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of what is damaged beside the pixels; our own limit is below
            with Image.open(io.BytesIO(contenu), formats=[format_image]) as image:
                if image.width * image.height > limite:
                    raise ImageRefusee(TROP_GRANDE)
                yield image
    except ImageRefusee:
        raise
    except Image.DecompressionBombError:
        raise ImageRefusee(TROP_GRANDE) from None
    except Exception:  # a decoder fed with anything raises anything; nothing of ours runs here
        raise ImageRefusee("Ce fichier n’a pas pu être lu. Choisissez-en un autre.") from None


def _droite(image: "Image") -> "Image":
    """Upright, opaque (white behind what was transparent), and nothing but pixels."""
    from PIL import Image, ImageOps

    tournee = ImageOps.exif_transpose(image)
    if tournee.has_transparency_data:
        couches = tournee.convert("RGBA")
        fond = Image.new("RGB", couches.size, "white")
        fond.paste(couches, mask=couches.getchannel("A"))
        return fond
    rvb = tournee.convert("RGB")
    rvb.info.clear()  # a comment would be written again with the picture
    return rvb


def _jpeg(image: "Image", qualite: int) -> bytes:
    return _ecrire(image, "JPEG", quality=qualite, optimize=True)


def _ecrire(image: "Image", format_image: str, **options: object) -> bytes:
    sortie = io.BytesIO()
    image.save(sortie, format_image, **options)
    return sortie.getvalue()
