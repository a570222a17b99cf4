"""Photos of a fiche: the places, never the persons; drawn again without metadata, sealed, kept with its content."""

from typing import ClassVar, Self

from django.db import models

from partenaires.enums import Role
from partenaires.models import Compte, Organisation
from signalements.enums import EtatDepot, EtatInstruction
from signalements.models.contenu import EN_MAIN
from signalements.models.fiches import Fiche
from signalements.models.regles import suit_sa_fiche
from socle import horloge
from socle.chiffrement import ChampChiffreOctets
from socle.declarations import Declaration
from socle.identifiants import uuid7
from socle.rls import SYSTEME, Politique, parmi

# Whoever writes the fiche; the équipe unless the household opposed; the orienteur's référents until the end.
_LIT = (
    f"{EN_MAIN} OR EXISTS (SELECT 1 FROM signalements_fiche f WHERE f.id = fiche_id AND ("
    f"({parmi('suivre', 'f.equipe_id')} AND f.transmise_le IS NOT NULL AND EXISTS (SELECT 1 FROM "
    "signalements_instruction i WHERE i.fiche_id = f.id AND i.etat <> 'opposition')) "
    f"OR ({parmi('lire_fiches', 'f.orienteur_id')} AND f.etat <> 'brouillon' AND f.terminee_le IS NULL)))"
)


class PhotoQuerySet(models.QuerySet["Photo"]):
    """Reads of photos; scoping is the first word."""

    def visibles_par(self, compte: Compte) -> Self:
        """Of a fiche whose content this person reads."""
        ici = compte.organisation_id
        lisibles = models.Q(
            fiche__auteur=compte,
            fiche__declarant=ici,
            fiche__etat__in=[EtatDepot.BROUILLON, EtatDepot.A_CORRIGER],
        )
        if compte.a_role(Role.REFERENT, Role.RESPONSABLE):
            envoyee = ~models.Q(fiche__etat=EtatDepot.BROUILLON)
            lisibles |= models.Q(fiche__orienteur=ici, fiche__terminee_le=None) & envoyee
        if compte.a_role(Role.COORDINATION, Role.SOIGNANT, Role.SOCIAL):
            suivie = ~models.Q(fiche__instruction__etat=EtatInstruction.OPPOSITION)
            lisibles |= models.Q(fiche__equipe=ici, fiche__transmise_le__isnull=False) & suivie
        return self.filter(lisibles)

    def en_main(self) -> Self:
        """Of a fiche that is still being written."""
        return self.filter(fiche__etat__in=[EtatDepot.BROUILLON, EtatDepot.A_CORRIGER])

    def de_la_fiche(self, fiche: Fiche) -> Self:
        """Oldest first."""
        return self.filter(fiche=fiche).order_by("ajoutee_le", "id")

    def en_vignettes(self) -> Self:
        """With their thumbnails only: a list never opens the whole pictures."""
        return self.defer("octets")


class Photo(models.Model):
    """A picture of the places: JPEG made by the server, upright, without what the camera writes beside it."""

    ORGANISATION_DU_CHIFFRE = "orienteur_id"
    DECLARATION = Declaration(
        portee="locataire",
        web="SELECT, INSERT, DELETE",
        systeme="SELECT, DELETE",
        purge="avec le contenu de la fiche",
        export="dossier de la personne",
        journal="lecture et écriture",
    )
    MAXIMUM = 5  # of a fiche

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    fiche = models.ForeignKey(Fiche, models.DO_NOTHING, related_name="photos", db_constraint=False)
    orienteur = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    octets = ChampChiffreOctets()
    vignette = ChampChiffreOctets()
    largeur = models.PositiveSmallIntegerField()
    hauteur = models.PositiveSmallIntegerField()
    ajoutee_le = models.DateTimeField(default=horloge.maintenant)
    ajoutee_par = models.ForeignKey(Compte, models.PROTECT, related_name="+")

    objects: ClassVar[models.Manager["Photo"]] = PhotoQuerySet.as_manager()

    class Meta:
        verbose_name = "photo"
        indexes: ClassVar = [models.Index(fields=["fiche", "ajoutee_le"], name="photo_fiche")]
        constraints: ClassVar = [
            suit_sa_fiche("photo_de_sa_fiche"),
            Politique(name="photo_lit", commande="SELECT", lit=_LIT),
            Politique(
                name="photo_ajoute",
                commande="INSERT",
                ecrit=f"ajoutee_par_id = (SELECT droit.compte()) AND {EN_MAIN} AND orienteur_id = "
                "(SELECT f.orienteur_id FROM signalements_fiche f WHERE f.id = fiche_id)",
            ),
            Politique(name="photo_retire", commande="DELETE", lit=EN_MAIN),
            Politique(name="photo_systeme_lit", commande="SELECT", role=SYSTEME, lit="true"),
            Politique(name="photo_systeme_efface", commande="DELETE", role=SYSTEME, lit="true"),
        ]

    def __str__(self) -> str:
        return str(self.pk)
