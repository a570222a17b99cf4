"""What a fiche says of a person: sealed identities and sentences, each in a table that row-level security guards.

The content is read by the équipe unless an opposition hides it, and by the orienteur's référents until the end,
whatever the end was. The author reads his own draft, then only the receipt (`Fiche`).
"""

from datetime import date, datetime
from typing import Any, ClassVar, Self

from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator
from django.db import models

from partenaires.models import Compte, Organisation
from signalements.enums import Arrivee, Civilite, Contexte, Majeur
from signalements.models.fiches import Fiche
from signalements.models.regles import orienteur_lit, parties, politiques, releve_attendu, suit_sa_fiche
from socle import horloge
from socle.calendrier import age_revolu
from socle.chiffrement import ChampChiffre, ChampChiffreJSON
from socle.declarations import Declaration
from socle.ecriture import INSECABLE, date_moyenne
from socle.rls import DROIT, SYSTEME, Politique, parmi
from socle.versions import ModeleVersionne

EN_MAIN = (
    "EXISTS (SELECT 1 FROM signalements_fiche f WHERE f.id = fiche_id AND ("
    f"(f.auteur_id = (SELECT droit.compte()) AND {parmi('saisir', 'f.declarant_id')} "
    "AND f.etat IN ('brouillon', 'a_corriger')) "
    f"OR ({parmi('lire_fiches', 'f.orienteur_id')} AND f.etat IN ('a_relire', 'a_corriger'))))"
)


class BrouillonQuerySet(models.QuerySet["Brouillon"]):
    """Reads of drafts."""

    def de_la_fiche(self, fiche: Fiche) -> Self:
        """One at most."""
        return self.filter(fiche=fiche)


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
    renvoye = ChampChiffreJSON(null=True)  # `contenu` as the référent last sent it back
    modifie_le = models.DateTimeField(default=horloge.maintenant)
    modifie_par = models.ForeignKey(Compte, models.PROTECT, null=True, related_name="+")

    ALERTE = "alerte_le"  # in the content: when its author was last shown whom to call

    objects: ClassVar[models.Manager["Brouillon"]] = BrouillonQuerySet.as_manager()

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

    @property
    def alerte_le(self) -> datetime | None:
        """When its author was last shown the emergency numbers, in the middle of this fiche."""
        lu = self.contenu.get(self.ALERTE)
        return datetime.fromisoformat(lu) if lu else None

    @property
    def au_renvoi(self) -> dict[str, Any]:
        """What it said when it was last sent back; what it says now when it never was."""
        lu: dict[str, Any] = self.contenu if self.renvoye is None else self.renvoye
        return lu


class Locataire(ModeleVersionne):
    """Who the fiche is about, and where she lives: sealed."""

    DECLARATION = Declaration(
        portee="locataire",
        web="SELECT, INSERT, UPDATE",
        systeme="SELECT, DELETE",
        droit="SELECT",
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
            Politique(name="locataire_defini_lit", commande="SELECT", role=DROIT, lit="true"),
            Politique(
                name="locataire_rectifie",
                commande="UPDATE",
                lit=orienteur_lit("signalements_locataire"),
                ecrit=orienteur_lit("signalements_locataire"),
            ),
        ]

    def __str__(self) -> str:
        return str(self.fiche_id)

    @property
    def designation(self) -> str:
        """« Mme Ondine Maquette »."""
        return self._titre + " ".join(filter(None, (self.prenom, self.nom)))

    @property
    def nom_bref(self) -> str:
        """« Mme Maquette », for a sentence."""
        return f"{self._titre}{self.nom}" if self.civilite else self.designation

    @property
    def _titre(self) -> str:
        """« Mme », never alone at the end of a line."""
        return f"{self.get_civilite_display()}{INSECABLE}" if self.civilite else ""

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
    """The context of the fiche: coded facts, and scarce, bounded, sealed sentences.

    `arrivee`, `arrivee_le`, `signale_par`: how, when and from whom the équipe had a fiche that it typed itself.
    """

    DECLARATION = Declaration(
        portee="locataire",
        web="SELECT, INSERT, UPDATE",
        systeme="SELECT, DELETE",
        purge="avec le contenu de la fiche",
        export="dossier de la personne",
        journal="lecture et écriture",
    )
    FAITS_MAXIMUM = 600
    SIGNALE_PAR_MAXIMUM = 120
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
    arrivee = models.CharField("arrivée", max_length=10, choices=Arrivee.choices, blank=True)
    arrivee_le = models.DateField("arrivée le", null=True)
    signale_par = ChampChiffre("signalé par", max_length=SIGNALE_PAR_MAXIMUM, null=True, blank=True)
    alerte_le = models.DateTimeField("alerte immédiate montrée le", null=True)

    objects: ClassVar[models.Manager["Constat"]] = models.Manager()

    class Meta:
        verbose_name = "constat"
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(inquietude=None) | models.Q(inquietude__lte=10),
                name="constat_inquietude_sur_dix",
            ),
            models.CheckConstraint(
                condition=models.Q(arrivee="", arrivee_le=None, signale_par=None)
                | (~models.Q(arrivee="") & models.Q(arrivee_le__isnull=False, signale_par__isnull=False)),
                name="constat_arrivee_entiere",
            ),
            parties("constat_de_sa_fiche"),
            *politiques("constat", "signalements_constat"),
            Politique(
                name="constat_rectifie",
                commande="UPDATE",
                lit=orienteur_lit("signalements_constat"),
                ecrit=orienteur_lit("signalements_constat"),
            ),
        ]

    def __str__(self) -> str:
        return str(self.fiche_id)

    @property
    def arrivee_lue(self) -> str:
        """« Mme Craie, cheffe de secteur, par téléphone, le 3 mars 2026 »; "" when its author typed it himself."""
        if self.arrivee_le is None:
            return ""
        return f"{self.signale_par}, {self.get_arrivee_display().lower()}, le {date_moyenne(self.arrivee_le)}"

    @property
    def contexte_libelles(self) -> list[str]:
        return [str(Contexte(c).label) for c in self.contexte]
