"""Uploaded files stay in memory: what somebody photographs never touches the server's disk in clear.

Settings: TAILLE_MAXIMALE_DEPOT, bytes of one file; TAILLE_MAXIMALE_ENVOI, of all the files of a request. A file
beyond is dropped while it arrives, and `trop_grands` says how many were.
"""

import io
from typing import Any, Final

from django.conf import settings
from django.core.files.uploadedfile import InMemoryUploadedFile
from django.core.files.uploadhandler import FileUploadHandler, SkipFile
from django.http import HttpRequest

_COMPTE: Final = "palier.fichiers_trop_grands"


class EnMemoire(FileUploadHandler):
    """Keeps each file in memory up to the limits, and drops the others without failing the form."""

    def __init__(self, request: HttpRequest | None = None) -> None:
        super().__init__(request)
        self._octets = io.BytesIO()
        self._total = 0

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        super().new_file(*args, **kwargs)
        self._octets = io.BytesIO()

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        self._total += len(raw_data)
        if start + len(raw_data) > settings.TAILLE_MAXIMALE_DEPOT or self._total > settings.TAILLE_MAXIMALE_ENVOI:
            assert self.request is not None
            self.request.META[_COMPTE] = trop_grands(self.request) + 1
            raise SkipFile
        self._octets.write(raw_data)

    def file_complete(self, file_size: int) -> InMemoryUploadedFile | None:
        self._octets.seek(0)
        return InMemoryUploadedFile(
            self._octets, self.field_name, self.file_name or "", self.content_type, file_size, self.charset,
            self.content_type_extra,
        )  # fmt: skip


def trop_grands(request: HttpRequest) -> int:
    """How many files of this request were too large to be kept."""
    return int(request.META.get(_COMPTE, 0))
