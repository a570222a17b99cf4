"""Pictures made for tests, with what cameras write beside them."""

import io
import struct
import zlib
from typing import Any

from PIL import Image, PngImagePlugin
from PIL.ExifTags import IFD, Base

POSITION = (48.0, 50.0, 12.34)


def exif() -> Image.Exif:
    """What a phone writes: place, date, model, owner, a comment, and the picture turned."""
    marques = Image.Exif()
    marques[Base.Orientation] = 6
    marques[Base.Make] = "Maquetel"
    marques[Base.Model] = "Secret-9"
    marques[Base.Artist] = "Agathe Canevas"
    marques[Base.DateTime] = "2026:09:22 10:11:12"
    gps = marques.get_ifd(IFD.GPSInfo)
    gps.update({1: "N", 2: POSITION, 3: "E", 4: POSITION})
    marques[Base.GPSInfo] = gps
    return marques


def photo(format_image: str = "JPEG", taille: tuple[int, int] = (400, 300), mode: str = "RGB", **options: Any) -> bytes:
    """A picture with a red left half, its metadata included."""
    image = Image.new(mode, taille, "white")
    image.paste(Image.new(mode, (taille[0] // 2, taille[1]), "red"), (0, 0))
    sortie = io.BytesIO()
    if format_image == "JPEG":
        options = {"exif": exif(), "comment": b"Secret-comment", "icc_profile": b"Secret-icc" * 20, **options}
    elif format_image == "PNG":
        textes = PngImagePlugin.PngInfo()
        textes.add_text("Comment", "Secret-comment")
        textes.add_itxt("XML:com.adobe.xmp", "<x>Secret-xmp</x>")
        options = {"exif": exif(), "pnginfo": textes, **options}
    elif format_image == "WEBP":
        options = {"exif": exif(), "xmp": b"<x>Secret-xmp</x>", **options}
    image.save(sortie, format_image, **options)
    return sortie.getvalue()


def png_de(largeur: int, hauteur: int) -> bytes:
    """A few bytes that say they are a picture of this size."""

    def morceau(nom: bytes, donnees: bytes) -> bytes:
        return struct.pack("!I", len(donnees)) + nom + donnees + struct.pack("!I", zlib.crc32(nom + donnees))

    entete = struct.pack("!IIBBBBB", largeur, hauteur, 8, 2, 0, 0, 0)
    corps = zlib.compress(b"\0" * 1000)
    return b"\x89PNG\r\n\x1a\n" + morceau(b"IHDR", entete) + morceau(b"IDAT", corps) + morceau(b"IEND", b"")


HEIC = b"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic" + b"\0" * 200
