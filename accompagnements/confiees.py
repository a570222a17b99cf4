"""The files that are open by name to somebody, whatever her organisation: what her own list and page show."""

from dataclasses import dataclass
from datetime import date
from typing import Final
from uuid import UUID

from django.db import connection
from django.http import Http404
from django.urls import reverse

from accompagnements.enums import Etat
from accompagnements.models import Accompagnement, PermissionNommee
from accompagnements.situation import TONS
from partenaires.models import Compte
from signalements.models import Locataire

MAXIMUM: Final = 100


@dataclass(frozen=True, slots=True)
class Confiee:
    """A file as the person to whom it was opened sees it."""

    accompagnement: Accompagnement
    locataire: Locataire
    reference: str
    residence: str
    equipe: str
    jusqu_au: date | None

    @property
    def pk(self) -> UUID:
        return self.accompagnement.pk

    @property
    def equipe_id(self) -> int:
        return self.accompagnement.equipe_id

    @property
    def url(self) -> str:
        return reverse("situation_confiee", args=[self.pk])

    @property
    def etat(self) -> str:
        return str(Etat(self.accompagnement.etat).label)

    @property
    def ton(self) -> str:
        return TONS[self.accompagnement.etat]


def confiees_a(compte: Compte) -> list[Confiee]:
    """The files open to her by name today, the one that closes first on top. Three statements."""
    permissions = PermissionNommee.objects.en_vigueur().filter(user=compte).select_related("content_object", "equipe")
    siennes = {p.content_object_id: p for p in permissions.order_by("au", "id")[:MAXIMUM]}
    if not siennes:
        return []
    with connection.cursor() as curseur:
        curseur.execute("SELECT accompagnement_id, fiche_id, reference, residence FROM droit.fiches_confiees()")
        fiches = {cle: (fiche, reference, residence) for cle, fiche, reference, residence in curseur.fetchall()}
    locataires = {x.pk: x for x in Locataire.objects.raw("SELECT * FROM droit.locataires_confies()")}
    lues = []
    for cle, p in siennes.items():
        fiche_id, reference, residence = fiches.get(cle, (None, "", ""))
        if fiche_id in locataires:
            lues.append(Confiee(p.content_object, locataires[fiche_id], reference, residence, p.equipe.nom, p.au))
    return lues


def confiee_a(compte: Compte, pk: UUID) -> Confiee:
    """One of them; Http404 otherwise."""
    for ligne in confiees_a(compte):
        if ligne.pk == pk:
            return ligne
    raise Http404
