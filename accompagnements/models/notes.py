"""Notes of two levels, in tables of their own: row-level security is per row, never per column.

A clinical note is two rows: its entry (author, date), which coordination reads too, and its text, which only
`clinique` (soignants) reads. The role `social` sees neither.
"""

from typing import ClassVar, Self

from django.db import models

from accompagnements.models.contenu import lu_par
from accompagnements.models.dossiers import Accompagnement
from accompagnements.models.regles import auteur, de_l_equipe, de_son_accompagnement, lisible, politiques, systeme
from partenaires.enums import Role
from partenaires.models import Compte, Organisation
from socle import horloge
from socle.chiffrement import ChampChiffre
from socle.declarations import Declaration
from socle.identifiants import uuid7
from socle.rls import CleComposee, Politique, parmi
from socle.versions import ModeleVersionne

_ENTREE = "accompagnements_entreeclinique"
_CLINIQUE = "accompagnements_noteclinique"
MAXIMUM = 2000


_PARENT = ("accompagnement", "accompagnement__fiche", "accompagnement__fiche__locataire", "auteur")


class NoteQuerySet(models.QuerySet["NoteEquipe"]):
    """Reads of the équipe's notes."""

    def visibles_par(self, compte: Compte) -> Self:
        return self.filter(lu_par(compte))

    def avec_parent(self) -> Self:
        return self.select_related(*_PARENT)

    def de_l_accompagnement(self, accompagnement: Accompagnement) -> Self:
        """Newest first."""
        return self.filter(accompagnement=accompagnement).select_related("auteur").order_by("-ecrite_le", "-id")


class NoteEquipe(ModeleVersionne):
    """A note that the whole équipe reads, never the bailleur; its author alone corrects it."""

    DECLARATION = Declaration(
        portee="locataire",
        web="SELECT, INSERT, UPDATE",
        systeme="SELECT, DELETE",
        purge="avec l’accompagnement",
        export="dossier de la personne",
        journal="lecture et écriture",
    )

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    accompagnement = models.ForeignKey(Accompagnement, models.DO_NOTHING, related_name="notes", db_constraint=False)
    equipe = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    auteur = models.ForeignKey(Compte, models.PROTECT, related_name="+")
    texte = ChampChiffre(max_length=MAXIMUM)
    ecrite_le = models.DateTimeField(default=horloge.maintenant)
    modifiee_le = models.DateTimeField(null=True)

    objects: ClassVar[models.Manager["NoteEquipe"]] = NoteQuerySet.as_manager()

    class Meta:
        verbose_name = "note d’équipe"
        indexes: ClassVar = [models.Index(fields=["accompagnement", "-ecrite_le"], name="note_accompagnement")]
        constraints: ClassVar = [
            de_son_accompagnement("note_de_son_accompagnement"),
            *politiques("note", "accompagnements_noteequipe", cree=auteur("auteur_id"), modifie=auteur("auteur_id")),
        ]

    def __str__(self) -> str:
        return str(self.pk)


class EntreeCliniqueQuerySet(models.QuerySet["EntreeClinique"]):
    """Reads of the entries of clinical notes."""

    def visibles_par(self, compte: Compte) -> Self:
        """For soignants and coordination; the role `social` sees no line."""
        if not compte.a_role(Role.COORDINATION, Role.SOIGNANT):
            return self.none()
        return self.filter(lu_par(compte))

    def avec_parent(self) -> Self:
        return self.select_related(*_PARENT, "contenu")

    def de_l_accompagnement(self, accompagnement: Accompagnement) -> Self:
        """Newest first; the text comes along where row-level security lets it through."""
        return (
            self.filter(accompagnement=accompagnement).select_related("auteur", "contenu").order_by("-ecrite_le", "-id")
        )


class EntreeClinique(ModeleVersionne):
    """That a clinical note exists: author and date. Read by soignants and coordination."""

    DECLARATION = Declaration(
        portee="locataire",
        web="SELECT, INSERT, UPDATE",
        systeme="SELECT, DELETE",
        purge="avec l’accompagnement",
        export="dossier de la personne",
        journal="lecture et écriture",
    )

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    accompagnement = models.ForeignKey(
        Accompagnement, models.DO_NOTHING, related_name="entrees_cliniques", db_constraint=False
    )
    equipe = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    auteur = models.ForeignKey(Compte, models.PROTECT, related_name="+")
    ecrite_le = models.DateTimeField(default=horloge.maintenant)
    modifiee_le = models.DateTimeField(null=True)

    objects: ClassVar[models.Manager["EntreeClinique"]] = EntreeCliniqueQuerySet.as_manager()

    class Meta:
        verbose_name = "entrée clinique"
        indexes: ClassVar = [models.Index(fields=["accompagnement", "-ecrite_le"], name="entree_clinique_dossier")]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["id", "accompagnement", "equipe"], name="entree_clinique_parties"),
            de_son_accompagnement("entree_clinique_de_son_accompagnement"),
            Politique(
                name="entree_clinique_lit",
                commande="SELECT",
                lit=f"({parmi('clinique')} OR {parmi('coordonner')}) AND {lisible(_ENTREE)}",
            ),
            Politique(
                name="entree_clinique_cree",
                commande="INSERT",
                ecrit=f"{de_l_equipe(_ENTREE, 'clinique')}{auteur('auteur_id')}",
            ),
            Politique(
                name="entree_clinique_modifie",
                commande="UPDATE",
                lit=f"{de_l_equipe(_ENTREE, 'clinique')}{auteur('auteur_id')}",
                ecrit=f"{de_l_equipe(_ENTREE, 'clinique')}{auteur('auteur_id')}",
            ),
            *systeme("entree_clinique"),
        ]

    def __str__(self) -> str:
        return str(self.pk)

    @property
    def contenu_lisible(self) -> "NoteClinique | None":
        """The text, when row-level security lets it through."""
        return getattr(self, "contenu", None)


class NoteClinique(models.Model):
    """The text of a clinical note: soignants of the équipe only, even in SQL."""

    DECLARATION = Declaration(
        portee="locataire",
        web="SELECT, INSERT, UPDATE",
        systeme="SELECT, DELETE",
        purge="avec l’accompagnement",
        export="dossier de la personne",
        journal="lecture et écriture",
    )

    entree = models.OneToOneField(
        EntreeClinique, models.DO_NOTHING, primary_key=True, related_name="contenu", db_constraint=False
    )
    accompagnement = models.ForeignKey(Accompagnement, models.DO_NOTHING, related_name="+", db_constraint=False)
    equipe = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    texte = ChampChiffre(max_length=MAXIMUM)

    objects: ClassVar[models.Manager["NoteClinique"]] = models.Manager()

    class Meta:
        verbose_name = "note clinique"
        constraints: ClassVar = [
            CleComposee(
                name="note_clinique_de_son_entree",
                colonnes=("entree_id", "accompagnement_id", "equipe_id"),
                table=_ENTREE,
                vers=("id", "accompagnement_id", "equipe_id"),
                cascade=True,
            ),
            Politique(name="note_clinique_lit", commande="SELECT", lit=f"{parmi('clinique')} AND {lisible(_CLINIQUE)}"),
            Politique(name="note_clinique_cree", commande="INSERT", ecrit=de_l_equipe(_CLINIQUE, "clinique")),
            Politique(
                name="note_clinique_modifie",
                commande="UPDATE",
                lit=f"{de_l_equipe(_CLINIQUE, 'clinique')} AND EXISTS (SELECT 1 FROM {_ENTREE} e "
                f"WHERE e.id = {_CLINIQUE}.entree_id AND e.auteur_id = (SELECT droit.compte()))",
                ecrit=de_l_equipe(_CLINIQUE, "clinique"),
            ),
            *systeme("note_clinique"),
        ]

    def __str__(self) -> str:
        return str(self.entree_id)
