"""One accompagnement of the demonstration: who carries it, whether it is open, and the pieces laid in its file."""

import random
from collections.abc import Callable
from functools import cache
from io import BytesIO
from typing import Any, Final
from uuid import UUID

from PIL import Image, ImageDraw

from accompagnements import parcours
from accompagnements.enums import NaturePiece
from accompagnements.models import Accompagnement, Document
from demonstration.fiches import Signalement
from demonstration.scene import Scene
from partenaires.models import Compte
from partenaires.perimetre import agir_comme
from signalements.models import Fiche

# What is laid in a file: its nature, what is written of it, and whether a better copy follows.
PIECES: Final = (
    (NaturePiece.COURRIER, "Courrier du bailleur sur les travaux", False),
    (NaturePiece.JUSTIFICATIF, "Attestation de droits", True),
    (NaturePiece.LOGEMENT, "Dernière quittance", False),
    (NaturePiece.PHOTO, "Fenêtre du salon, après le tri", False),
    (NaturePiece.PROTECTION, "Ordonnance du juge, première page", True),
)
RETRAIT: Final = "Jointe deux fois."


class Dossier:
    """What the acts of an accompagnement share: its people, its key, and draws of its own.

    `hasard` is drawn from the rank of the fiche: what is added to a story does not move the draws of the others.
    """

    def __init__(self, scene: Scene, fiche: Fiche, signalement: Signalement, principal: Compte, second: Compte) -> None:
        self.scene, self.fiche, self.s = scene, fiche, signalement
        self.principal, self.second = principal, second
        self.hasard = random.Random(signalement.rang)  # noqa: S311  a story, not a secret
        self.pk: UUID | None = None

    @property
    def cle(self) -> UUID:
        assert self.pk is not None
        return self.pk

    def lu(self, **etat: Any) -> Accompagnement | None:
        """The accompagnement as its principal intervenant reads it, in this state; None otherwise."""
        lus = Accompagnement.objects.visibles_par(self.principal).filter(pk=self.pk, **etat)
        accompagnement: Accompagnement | None = lus.first()
        return accompagnement

    def ouvert(self) -> bool:
        """Whether the team still sees it open (an opposition hides it, an end closes it)."""
        accompagnement = self.lu()
        return accompagnement is not None and not accompagnement.est_clos

    def si_ouvert(self, faire: Callable[[], object]) -> None:
        """Do it as the principal intervenant, while the accompagnement is open."""
        with agir_comme(self.principal):
            if self.ouvert():
                faire()


class Pieces:
    """The pieces of one file: laid, sometimes replaced by a better copy, sometimes taken out."""

    def __init__(self, dossier: Dossier) -> None:
        self.d = dossier

    def prevoir(self) -> None:
        """A file in three holds one, a few weeks after the contract."""
        if self.d.s.rang % 3 == 0:
            self.d.scene.vers(self.d.hasard.randint(6, 30), lambda: self.d.si_ouvert(self._joindre))

    def _joindre(self) -> None:
        nature, precision, en_deux_fois = PIECES[self.d.s.rang // 3 % len(PIECES)]
        piece = self._deposer(nature, precision)
        if en_deux_fois:
            self.d.scene.vers(
                self.d.hasard.randint(3, 12),
                lambda: self.d.si_ouvert(lambda: self._deposer(nature, precision, remplace=piece.pk)),
            )
        elif self.d.s.rang % 2:
            double = self._deposer(nature, precision)
            self.d.scene.vers(
                1,
                lambda: self.d.si_ouvert(
                    lambda: parcours.retirer_piece(double.pk, par=self.d.principal, motif=RETRAIT)
                ),
            )

    def _deposer(self, nature: NaturePiece, precision: str, *, remplace: UUID | None = None) -> Document:
        titre = f"{nature.label}, {'seconde copie' if remplace else 'copie'}"
        return parcours.joindre_piece(
            self.d.cle, par=self.d.principal, nature=nature, precision=precision, contenu=feuille(titre),
            remplace=remplace,
        )  # fmt: skip


@cache
def feuille(titre: str, forme: str = "PDF") -> bytes:
    """A page that says that it is made up: `titre`, and lines where a text would be."""
    image = Image.new("L", (620, 877), 255)
    dessin = ImageDraw.Draw(image)
    dessin.text((70, 80), titre, fill=40, font_size=26)
    dessin.text((70, 120), "Pièce fictive de la démonstration", fill=110, font_size=18)
    for rang in range(14):
        dessin.line((70, 200 + 34 * rang, 550 - 70 * (rang % 5 == 4), 200 + 34 * rang), fill=205, width=8)
    octets = BytesIO()
    image.save(octets, format=forme, resolution=75)
    return octets.getvalue()
