"""The photos that a person adds to her fiche, taken or chosen: the same field, twice on the page."""

from typing import Any, Final

from django.core.files.uploadedfile import UploadedFile

from signalements.models import Photo
from socle.ecriture import INSECABLE
from socle.formulaires import FormAvecCle

# Not image/*: an iPhone then turns its HEIC into JPEG by itself.
ACCEPTES: Final = "image/jpeg,image/png,image/webp"
CHAMP: Final = "photos"


class PhotosForm(FormAvecCle):
    """One photo at least. What a file is, is found by its content, in the parcours."""

    def __init__(self, *args: Any, trop_grands: int = 0, **options: Any) -> None:
        super().__init__(*args, **options)
        self._trop_grands = trop_grands

    @property
    def fichiers(self) -> "list[UploadedFile[Any]]":
        """The files sent, whichever of the two buttons they come from; no more than a fiche may hold."""
        recus = self.files.getlist(CHAMP) if hasattr(self.files, "getlist") else []
        return [f for f in recus if f][: Photo.MAXIMUM]

    def clean(self) -> dict[str, Any]:
        donnees = super().clean() or self.cleaned_data
        if self._trop_grands:
            self.add_error(None, f"Cette photo dépasse 12{INSECABLE}Mo. Prenez-la depuis cette page, ou réduisez-la.")
        elif not self.fichiers:
            self.add_error(None, "Prenez ou choisissez une photo.")
        return donnees
