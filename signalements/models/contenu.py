"""What a fiche says of a person: sealed identities and sentences, each in a table that row-level security guards.

The content is read by the équipe unless an opposition hides it, and by the orienteur's référents until the end,
whatever the end was. The author reads his own draft, then only the receipt (`Fiche`).
"""

from datetime import date
from typing import ClassVar, Self

from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator
from django.db import models

from partenaires.models import Compte, Organisation
from signalements.enums import Civilite, Contexte, Majeur, ModeInformation
from signalements.models.fiches import Fiche
from socle import horloge
from socle.calendrier import age_revolu
from socle.chiffrement import ChampChiffre, ChampChiffreJSON
from socle.declarations import Declaration
from socle.identifiants import uuid7
from socle.rls import SYSTEME, CleComposee, Politique, parmi


def _fiche(table: str, condition: str) -> str:
    return f"EXISTS (SELECT 1 FROM signalements_fiche f WHERE f.id = {table}.fiche_id AND {condition})"


def equipe_lit(table: str) -> str:
    """The équipe reads unless the household opposed: the instruction says so, and only the équipe sees it."""
    return (
        f"({parmi('suivre')} AND EXISTS (SELECT 1 FROM signalements_instruction i "
        f"WHERE i.fiche_id = {table}.fiche_id AND i.etat <> 'opposition'))"
    )


def orienteur_lit(table: str) -> str:
    """The orienteur's référents read until the end."""
    return f"({parmi('lire_fiches', 'orienteur_id')} AND {_fiche(table, 'f.terminee_le IS NULL')})"


def auteur_ecrit(table: str) -> str:
    """The author, or a référent of the orienteur, writes until the transmission."""
    return _fiche(table, "f.transmise_le IS NULL AND f.etat <> 'abandonnee'")


def releve_attendu(table: str) -> str:
    """The rater of a six-month relevé sees name and dwelling while it is expected (its own policy decides)."""
    return (
        f"EXISTS (SELECT 1 FROM signalements_releve r WHERE r.fiche_id = {table}.fiche_id "
        "AND r.moment = 't6' AND r.etat = 'attendu' AND r.type_evaluateur <> 'equipe')"
    )


def parties(nom: str) -> CleComposee:
    """A child carries the équipe and the orienteur of its fiche, and cannot lie about them."""
    return CleComposee(
        name=nom,
        colonnes=("fiche_id", "equipe_id", "orienteur_id"),
        table="signalements_fiche",
        vers=("id", "equipe_id", "orienteur_id"),
        cascade=True,
    )


def suit_sa_fiche(nom: str) -> CleComposee:
    """A child without parties goes with its fiche."""
    return CleComposee(name=nom, colonnes=("fiche_id",), table="signalements_fiche", vers=("id",), cascade=True)


def politiques(prefixe: str, table: str, *, autre_lecture: str = "") -> list[Politique]:
    """The policies common to the content tables."""
    lecture = f"{equipe_lit(table)} OR {orienteur_lit(table)} OR {auteur_ecrit(table)}{autre_lecture}"
    return [
        Politique(name=f"{prefixe}_lit", commande="SELECT", lit=lecture),
        Politique(name=f"{prefixe}_cree", commande="INSERT", ecrit=auteur_ecrit(table)),
        Politique(
            name=f"{prefixe}_modifie",
            commande="UPDATE",
            lit=f"{auteur_ecrit(table)} OR {equipe_lit(table)}",
            ecrit=f"{auteur_ecrit(table)} OR {equipe_lit(table)}",
        ),
        Politique(name=f"{prefixe}_systeme_lit", commande="SELECT", role=SYSTEME, lit="true"),
        Politique(name=f"{prefixe}_systeme_efface", commande="DELETE", role=SYSTEME, lit="true"),
    ]


EN_MAIN = (
    "EXISTS (SELECT 1 FROM signalements_fiche f WHERE f.id = fiche_id AND ("
    f"(f.auteur_id = (SELECT droit.compte()) AND {parmi('saisir', 'f.declarant_id')} "
    "AND f.etat IN ('brouillon', 'a_corriger')) "
    f"OR ({parmi('lire_fiches', 'f.orienteur_id')} AND f.etat IN ('a_relire', 'a_corriger'))))"
)


class Brouillon(models.Model):
    """What the author typed so far, sealed, kept on the server until the équipe has the fiche."""

    ORGANISATION_DU_CHIFFRE = "orienteur_id"
    DECLARATION = Declaration(
        portee="locataire",
        web="SELECT, INSERT, UPDATE, DELETE",
        systeme="SELECT, DELETE",
        purge="à la transmission ; 30 jours sans changement",
        export="dossier de la personne",
        journal="écriture",
    )

    fiche = models.OneToOneField(
        Fiche, models.DO_NOTHING, primary_key=True, related_name="brouillon", db_constraint=False
    )
    orienteur = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    contenu = ChampChiffreJSON(default=dict)
    commentaires = ChampChiffreJSON(default=dict)
    modifie_le = models.DateTimeField(default=horloge.maintenant)

    objects: ClassVar[models.Manager["Brouillon"]] = models.Manager()

    class Meta:
        verbose_name = "brouillon"
        constraints: ClassVar = [
            suit_sa_fiche("brouillon_de_sa_fiche"),
            Politique(name="brouillon_lit", commande="SELECT", lit=EN_MAIN),
            Politique(name="brouillon_cree", commande="INSERT", ecrit=EN_MAIN),
            Politique(name="brouillon_modifie", commande="UPDATE", lit=EN_MAIN, ecrit=EN_MAIN),
            Politique(name="brouillon_retire", commande="DELETE", lit=EN_MAIN),
            Politique(name="brouillon_systeme_lit", commande="SELECT", role=SYSTEME, lit="true"),
            Politique(name="brouillon_systeme_efface", commande="DELETE", role=SYSTEME, lit="true"),
        ]

    def __str__(self) -> str:
        return str(self.fiche_id)


class Locataire(models.Model):
    """Who the fiche is about, and where she lives: sealed."""

    DECLARATION = Declaration(
        portee="locataire",
        web="SELECT, INSERT, UPDATE",
        systeme="SELECT, DELETE",
        purge="avec le contenu de la fiche",
        export="dossier de la personne",
        journal="lecture et écriture",
    )

    fiche = models.OneToOneField(
        Fiche, models.DO_NOTHING, primary_key=True, related_name="locataire", db_constraint=False
    )
    equipe = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    orienteur = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    civilite = models.CharField("civilité", max_length=4, choices=Civilite.choices, blank=True)
    majeur = models.CharField(max_length=4, choices=Majeur.choices)
    nom = ChampChiffre("nom", max_length=80)
    prenom = ChampChiffre("prénom", max_length=80, blank=True)
    naissance = ChampChiffre("date de naissance", max_length=10, blank=True)
    telephone = ChampChiffre("téléphone", max_length=20, blank=True)
    batiment = ChampChiffre("bâtiment", max_length=40, blank=True)
    etage = ChampChiffre("étage", max_length=40, blank=True)
    porte = ChampChiffre("porte", max_length=40, blank=True)

    objects: ClassVar[models.Manager["Locataire"]] = models.Manager()

    class Meta:
        verbose_name = "locataire"
        constraints: ClassVar = [
            parties("locataire_de_sa_fiche"),
            *politiques(
                "locataire",
                "signalements_locataire",
                autre_lecture=f" OR {releve_attendu('signalements_locataire')}",
            ),
        ]

    def __str__(self) -> str:
        return str(self.fiche_id)

    @property
    def designation(self) -> str:
        """« Mme Ondine Maquette »."""
        return " ".join(filter(None, (self.get_civilite_display(), self.prenom, self.nom)))

    @property
    def nom_bref(self) -> str:
        """« Mme Maquette », for a sentence."""
        return " ".join(filter(None, (self.get_civilite_display() or self.prenom, self.nom)))

    @property
    def date_naissance(self) -> date | None:
        return date.fromisoformat(self.naissance) if self.naissance else None

    def age(self, jour: date) -> int | None:
        """Completed years at a date, when the birth date is known."""
        naissance = self.date_naissance
        return age_revolu(naissance, jour) if naissance else None

    @property
    def logement(self) -> str:
        """« bât. A, 3e étage, porte 12 »."""
        morceaux = [
            f"bât. {self.batiment}" if self.batiment else "",
            self.etage,
            f"porte {self.porte}" if self.porte else "",
        ]
        return ", ".join(filter(None, morceaux))


class Constat(models.Model):
    """The context of the fiche: coded facts, and scarce, bounded, sealed sentences."""

    DECLARATION = Declaration(
        portee="locataire",
        web="SELECT, INSERT, UPDATE",
        systeme="SELECT, DELETE",
        purge="avec le contenu de la fiche",
        export="dossier de la personne",
        journal="lecture et écriture",
    )
    FAITS_MAXIMUM = 600
    DEMARCHES_MAXIMUM = 400

    fiche = models.OneToOneField(
        Fiche, models.DO_NOTHING, primary_key=True, related_name="constat", db_constraint=False
    )
    equipe = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    orienteur = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    contexte = ArrayField(models.CharField(max_length=12, choices=Contexte.choices), default=list, blank=True)
    inquietude = models.PositiveSmallIntegerField("inquiétude", null=True, validators=[MaxValueValidator(10)])
    composition = ChampChiffre("composition du ménage", max_length=120, blank=True)
    faits = ChampChiffre("faits", max_length=FAITS_MAXIMUM, blank=True)
    demarches = ChampChiffre("démarches déjà faites", max_length=DEMARCHES_MAXIMUM, blank=True)

    objects: ClassVar[models.Manager["Constat"]] = models.Manager()

    class Meta:
        verbose_name = "constat"
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(inquietude=None) | models.Q(inquietude__lte=10),
                name="constat_inquietude_sur_dix",
            ),
            parties("constat_de_sa_fiche"),
            *politiques("constat", "signalements_constat"),
        ]

    def __str__(self) -> str:
        return str(self.fiche_id)

    @property
    def contexte_libelles(self) -> list[str]:
        return [str(Contexte(c).label) for c in self.contexte]


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
            Politique(name="information_lit", commande="SELECT", lit=_fiche("signalements_information", "true")),
            Politique(
                name="information_ecrit",
                commande="INSERT",
                ecrit="par_id = (SELECT droit.compte()) AND "
                + _fiche("signalements_information", "f.terminee_le IS NULL"),
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
                + f"({equipe_lit('signalements_echange')} OR {orienteur_lit('signalements_echange')}) AND "
                + _fiche("signalements_echange", "f.terminee_le IS NULL"),
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
        purge="avec le contenu de la fiche",
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
                lit=f"{parmi('suivre', 'organisation_id')} OR {parmi('lire_fiches', 'organisation_id')}",
            ),
            Politique(
                name="jeton_ecrit",
                commande="INSERT",
                ecrit=_fiche(
                    "signalements_jeton",
                    "(f.equipe_id = signalements_jeton.organisation_id "
                    "OR f.orienteur_id = signalements_jeton.organisation_id)",
                ),
            ),
            Politique(name="jeton_systeme_lit", commande="SELECT", role=SYSTEME, lit="true"),
            Politique(name="jeton_systeme_efface", commande="DELETE", role=SYSTEME, lit="true"),
        ]

    def __str__(self) -> str:
        return str(self.fiche_id)
