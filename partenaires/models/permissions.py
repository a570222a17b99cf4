"""What each role may do, as the policies of the database read it."""

from typing import ClassVar

from django.db import models

from partenaires.enums import Permission, Role
from socle.declarations import LIRE, Declaration


class RolePermission(models.Model):
    """The permissions of a role, written by the owner from `partenaires.droits` after each migrate."""

    DECLARATION = Declaration(
        portee="global",
        web=LIRE,
        systeme=LIRE,
        droit=LIRE,
        purge="jamais",
        export="référence",
        journal="aucun",
    )

    role = models.CharField(max_length=20, choices=Role.choices)
    permission = models.CharField(max_length=20, choices=Permission.choices)

    objects: ClassVar[models.Manager["RolePermission"]] = models.Manager()

    class Meta:
        verbose_name = "permission d’un rôle"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["role", "permission"], name="role_permission_unique"),
        ]

    def __str__(self) -> str:
        return f"{self.role} {self.permission}"
