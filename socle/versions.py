"""Optimistic versions: the second editor sees the difference, never a silent overwrite."""

from typing import Any

from django.db import models


class ConflitDeVersion(Exception):
    """Somebody saved this object after the form was shown; `actuel` is what stands now."""

    def __init__(self, actuel: models.Model) -> None:
        self.actuel = actuel
        super().__init__(f"{actuel._meta.label} {actuel.pk}")


class ModeleVersionne(models.Model):
    """An edited object: each save by a form says which version it started from."""

    version = models.PositiveIntegerField(default=1)

    class Meta:
        abstract = True

    def enregistrer_version(self, attendue: int, champs: list[str]) -> None:
        """Save `champs` if the row (locked by the caller) is still at version `attendue`.

        Raises ConflitDeVersion otherwise; the caller keeps what was typed and shows both texts.
        """
        actuel: Any = type(self)._default_manager.get(pk=self.pk)
        if actuel.version != attendue:
            raise ConflitDeVersion(actuel)
        self.version = attendue + 1
        self.save(update_fields=[*champs, "version"])
