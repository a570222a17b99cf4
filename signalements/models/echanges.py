"""Around a fiche: the information of the household, the exchange thread, the search tokens."""

from datetime import datetime
from typing import ClassVar, Self

from django.db import models

from partenaires.models import Compte, Organisation
from signalements.enums import ModeInformation
from signalements.models.fiches import Fiche
from signalements.models.regles import equipe_lit, fiche_telle_que, orienteur_lit, parties, suit_sa_fiche
from socle import horloge
from socle.chiffrement import ChampChiffre
from socle.declarations import Declaration
from socle.identifiants import uuid7
from socle.rls import DROIT, SYSTEME, Politique, parmi

# The équipe; the orienteur's référents and software until the end; the author while he holds the fiche.
_INFORMATION = fiche_telle_que(
    "signalements_information",
    f"(({parmi('suivre', 'f.equipe_id')} AND f.transmise_le IS NOT NULL) "
    f"OR ({parmi('lire_fiches', 'f.orienteur_id')} AND f.terminee_le IS NULL) "
    f"OR ({parmi('renseigner', 'f.orienteur_id')} AND f.transmise_le IS NOT NULL AND f.terminee_le IS NULL) "
    "OR (f.auteur_id = (SELECT droit.compte()) AND f.etat IN ('brouillon', 'a_corriger')))",
)


class InformationQuerySet(models.QuerySet["Information"]):
    """Reads of the informations of a household."""

    def de_la_fiche(self, fiche: Fiche) -> Self:
        return self.filter(fiche=fiche).select_related("par").order_by("-enregistree_le", "-id")


class Information(models.Model):
    """The household was told (RGPD art. 14): a fact with its date, mode and author; the newest row holds.

    A wrong date is corrected by a new row, journalled; it can only lengthen the delay.
    """

    DECLARATION = Declaration(
        portee="locataire",
        web="SELECT, INSERT",
        systeme="SELECT, DELETE",
        purge="avec la fiche",
        export="dossier de la personne",
        journal="écriture",
    )

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    fiche = models.ForeignKey(Fiche, models.DO_NOTHING, related_name="informations", db_constraint=False)
    le = models.DateField("informée le")
    mode = models.CharField(max_length=12, choices=ModeInformation.choices)
    par = models.ForeignKey(Compte, models.PROTECT, related_name="+")
    enregistree_le = models.DateTimeField(default=horloge.maintenant)

    objects: ClassVar[models.Manager["Information"]] = InformationQuerySet.as_manager()

    class Meta:
        verbose_name = "information du ménage"
        indexes: ClassVar = [models.Index(fields=["fiche", "-enregistree_le"], name="information_fiche")]
        constraints: ClassVar = [
            suit_sa_fiche("information_de_sa_fiche"),
            Politique(name="information_lit", commande="SELECT", lit=_INFORMATION),
            Politique(
                name="information_ecrit",
                commande="INSERT",
                ecrit=f"par_id = (SELECT droit.compte()) AND {_INFORMATION} AND "
                + fiche_telle_que("signalements_information", "f.terminee_le IS NULL"),
            ),
            Politique(name="information_systeme_lit", commande="SELECT", role=SYSTEME, lit="true"),
            Politique(name="information_systeme_efface", commande="DELETE", role=SYSTEME, lit="true"),
        ]

    def __str__(self) -> str:
        return str(self.le)


class EchangeQuerySet(models.QuerySet["Echange"]):
    """Reads of the exchange thread."""

    def de_la_fiche(self, fiche: Fiche) -> Self:
        """Oldest first, as a conversation reads."""
        return self.filter(fiche=fiche).select_related("auteur", "organisation").order_by("le", "id")

    def apres(self, instant: datetime) -> Self:
        return self.filter(le__gt=instant)


class Echange(models.Model):
    """A message between the équipe and the orienteur about a fiche: bounded; the person may read it."""

    DECLARATION = Declaration(
        portee="locataire",
        web="SELECT, INSERT",
        systeme="SELECT, DELETE",
        purge="avec le contenu de la fiche",
        export="dossier de la personne",
        journal="lecture et écriture",
    )
    MAXIMUM = 600

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    fiche = models.ForeignKey(Fiche, models.DO_NOTHING, related_name="echanges", db_constraint=False)
    equipe = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    orienteur = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    auteur = models.ForeignKey(Compte, models.PROTECT, related_name="+")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    texte = ChampChiffre(max_length=MAXIMUM)
    le = models.DateTimeField(default=horloge.maintenant)

    objects: ClassVar[models.Manager["Echange"]] = EchangeQuerySet.as_manager()

    class Meta:
        verbose_name = "message"
        indexes: ClassVar = [models.Index(fields=["fiche", "le"], name="echange_fiche")]
        constraints: ClassVar = [
            parties("echange_de_sa_fiche"),
            Politique(
                name="echange_lit",
                commande="SELECT",
                lit=f"{equipe_lit('signalements_echange')} OR {orienteur_lit('signalements_echange')}",
            ),
            Politique(
                name="echange_ecrit",
                commande="INSERT",
                ecrit="auteur_id = (SELECT droit.compte()) AND organisation_id = (SELECT droit.organisation()) AND "
                + f"({equipe_lit('signalements_echange')} OR {orienteur_lit('signalements_echange')} "
                f"OR {parmi('renseigner', 'orienteur_id')}) AND "
                + fiche_telle_que("signalements_echange", "f.terminee_le IS NULL"),
            ),
            Politique(name="echange_systeme_lit", commande="SELECT", role=SYSTEME, lit="true"),
            Politique(name="echange_systeme_efface", commande="DELETE", role=SYSTEME, lit="true"),
        ]

    def __str__(self) -> str:
        return str(self.le)


class Jeton(models.Model):
    """A search token of a fiche for one organisation: keyed hashes of words and prefixes, never a name."""

    DECLARATION = Declaration(
        portee="locataire",
        web="SELECT, INSERT",
        systeme="SELECT, DELETE",
        droit="SELECT, DELETE",
        purge="avec le contenu de la fiche ; à une rectification",
        export="aucun",
        journal="aucun",
    )

    pk = models.CompositePrimaryKey("organisation_id", "jeton", "fiche_id")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+", db_index=False)
    jeton = models.BinaryField(max_length=16)
    fiche = models.ForeignKey(Fiche, models.DO_NOTHING, related_name="jetons", db_constraint=False)

    objects: ClassVar[models.Manager["Jeton"]] = models.Manager()

    class Meta:
        verbose_name = "jeton de recherche"
        constraints: ClassVar = [
            suit_sa_fiche("jeton_de_sa_fiche"),
            Politique(
                name="jeton_lit",
                commande="SELECT",
                lit=f"{parmi('suivre', 'organisation_id')} OR ({parmi('lire_fiches', 'organisation_id')} AND "
                + fiche_telle_que("signalements_jeton", "f.terminee_le IS NULL")
                + ")",
            ),
            Politique(
                name="jeton_ecrit",
                commande="INSERT",
                ecrit=fiche_telle_que(
                    "signalements_jeton",
                    "(f.equipe_id = signalements_jeton.organisation_id "
                    "OR f.orienteur_id = signalements_jeton.organisation_id)",
                ),
            ),
            Politique(name="jeton_systeme_lit", commande="SELECT", role=SYSTEME, lit="true"),
            Politique(name="jeton_systeme_efface", commande="DELETE", role=SYSTEME, lit="true"),
            Politique(name="jeton_defini_lit", commande="SELECT", role=DROIT, lit="true"),
            Politique(name="jeton_defini_retire", commande="DELETE", role=DROIT, lit="true"),
        ]

    def __str__(self) -> str:
        return str(self.fiche_id)
