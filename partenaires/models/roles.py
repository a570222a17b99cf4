"""A role and what the person calls her function, without saying the same word twice."""

from typing import TYPE_CHECKING, Final

RACINE: Final = 6  # letters: « Gardienne » says « Gardien », « Coordinatrice » says « Coordination »


class RoleEtFonction:
    """What a page shows of a rattachement or an invitation."""

    fonction: str

    if TYPE_CHECKING:

        def get_role_display(self) -> str: ...

    @property
    def intitule(self) -> str:
        """The role, in the words of the function when they are the same: « Gardienne »."""
        return self.fonction if self._se_redit else self.get_role_display()

    @property
    def precision(self) -> str:
        """The function when it says something else: « Infirmière » beside « Soignant »."""
        return "" if self._se_redit else self.fonction

    @property
    def _se_redit(self) -> bool:
        debut = self.fonction[:RACINE].lower()
        return bool(debut) and debut == self.get_role_display()[:RACINE].lower()
