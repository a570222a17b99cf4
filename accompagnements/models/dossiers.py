"""The accompagnement itself, who carries it, and what became of the home."""

from datetime import date, datetime
from typing import Any, ClassVar, Self

from django.db import models

from accompagnements.enums import (
    ACCOMPAGNEMENT,
    AVANT_CONTRAT,
    FINS,
    OUVERTS,
    SOUS_CONTRAT,
    Etat,
    MotifArret,
    MotifSansSuite,
    MotifSuspension,
    SituationDuLogement,
)
from accompagnements.models.contenu import EQUIPE, ecrit_par, lu_par
from accompagnements.models.lectures import FaitsDEcheance, LecturesEcheances
from accompagnements.models.regles import TABLE, auteur, contenu_ecrit, de_son_accompagnement, politiques, systeme
from partenaires.models import Compte, Organisation
from signalements.enums import EtatInstruction
from signalements.models import Fiche
from socle import horloge
from socle.calendrier import ajouter_mois
from socle.chiffrement import ChampChiffre
from socle.declarations import Declaration
from socle.identifiants import uuid7
from socle.rls import DROIT, SYSTEME, CleComposee, Politique, parmi
from socle.transitions import MachineEtat
from socle.versions import ModeleVersionne

_NOMME = "id = ANY ((SELECT droit.accompagnements_nommes())::uuid[])"


def _instruction(condition: str) -> str:
    return f"EXISTS (SELECT 1 FROM signalements_instruction i WHERE i.fiche_id = {TABLE}.fiche_id AND {condition})"


_OUVERTE = _instruction("i.etat <> 'opposition'")


class AccompagnementQuerySet(LecturesEcheances):
    """Reads of accompagnements; scoping is the first word."""

    def visibles_par(self, compte: Compte) -> Self:
        """The équipe's, unless an opposition hides them; a named exception's between its dates. Nobody else's."""
        from accompagnements.models.exceptions import PermissionNommee

        nommes = PermissionNommee.objects.en_vigueur().filter(user=compte)
        siens = models.Q(pk__in=nommes.values("content_object"))
        if compte.a_role(*EQUIPE):
            siens |= models.Q(equipe=compte.organisation_id)
        return self.filter(siens).exclude(motif_fin=MotifSansSuite.OPPOSITION)

    def lus_par(self, compte: Compte) -> Self:
        """Those whose content the person reads: all of her équipe's, unless it keeps it to intervenants."""
        return self.visibles_par(compte).filter(lu_par(compte, "pk"))

    def ecrits_par(self, compte: Compte) -> Self:
        """Those whose content she writes."""
        return self.visibles_par(compte).filter(ecrit_par(compte, "pk"))

    def de_l_equipe(self, equipe_id: int | None) -> Self:
        """Without the named exceptions of other équipes."""
        return self.filter(equipe=equipe_id)

    def ouverts(self) -> Self:
        return self.filter(etat__in=OUVERTS)

    def clos(self) -> Self:
        return self.filter(etat__in=FINS)

    def a_l_etat(self, *etats: str) -> Self:
        return self.filter(etat__in=etats)

    def suivis_par(self, *comptes: int) -> Self:
        """Those of an intervenant in charge now, or of one of several."""
        return self.filter(intervenants__compte__in=comptes, intervenants__au=None)

    def de_la_fiche(self, fiche_id: object) -> Self:
        return self.filter(fiche=fiche_id)

    def des_fiches(self, fiches: "models.QuerySet[Fiche]") -> Self:
        """Those of some fiches (found by a search, for instance)."""
        return self.filter(fiche__in=fiches.order_by().values("pk"))

    def avec_personne(self) -> Self:
        """With what a list or a heading shows of the person and dwelling: one statement."""
        return self.select_related(
            "fiche", "fiche__locataire", "fiche__instruction", "fiche__residence", "fiche__residence__territoire",
            "fiche__orienteur",
        )  # fmt: skip

    def cles(self) -> "models.QuerySet[Accompagnement, Any]":
        """Primary keys, for a subquery."""
        return self.order_by().values("pk")

    def compter_par_etat(self, condition: models.Q) -> dict[str, tuple[int, int]]:
        """For each state: (all, those that pass a condition), in one statement."""
        lignes = (
            self.order_by()
            .values_list("etat")
            .annotate(toutes=models.Count("pk"), filtrees=models.Count("pk", filter=condition))
        )
        return {etat: (toutes, filtrees) for etat, toutes, filtrees in lignes}

    def non_opposes(self) -> Self:
        """Whose person refused nothing."""
        return self.exclude(fiche__instruction__etat=EtatInstruction.OPPOSITION)

    def opposes_avant(self, instant: datetime) -> Self:
        """Closed by an opposition recorded before an instant."""
        return self.filter(motif_fin=MotifSansSuite.OPPOSITION, fin_le__lt=instant).order_by("pk")

    def en_main(self) -> Self:
        """Open ones, and ended ones whose home at six months is still to be recorded."""
        attendus = models.Q(etat=Etat.TERMINE, logements=None)
        return self.filter(models.Q(etat__in=OUVERTS) | attendus)

    def en_main_ou_visites(self, jour: date) -> Self:
        """Those, and the ones closed that were visited on a day."""
        from accompagnements.models.evaluation import Visite

        visites = Visite.objects.all().du_jour(jour).filter(accompagnement=models.OuterRef("pk"))
        attendus = models.Q(etat=Etat.TERMINE, logements=None)
        return self.filter(models.Q(etat__in=OUVERTS) | attendus | models.Exists(visites))


class Accompagnement(FaitsDEcheance, ModeleVersionne):
    """What is done for a person, from the opening (after the week of opposition) to a written end.

    `signe_le` is the first contract's. An opposition closes it from the database (`docs/adr`), which keeps the
    state it had in `etat_avant_opposition`, to be given back when coordination repairs a mistake.
    """

    DECLARATION = Declaration(
        portee="locataire",
        web="SELECT, INSERT, UPDATE",
        systeme="SELECT, UPDATE (raison_pas_seul), DELETE",
        droit="SELECT, UPDATE",
        purge="2 ans après la fin ; opposition : contenu 7 jours après",
        export="dossier de la personne",
        journal="lecture et écriture",
    )
    RELAIS_MAXIMUM = 600
    CONSIGNE_MAXIMUM = 300

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    fiche = models.ForeignKey(Fiche, models.DO_NOTHING, related_name="accompagnements", db_constraint=False)
    equipe = models.ForeignKey(Organisation, models.PROTECT, related_name="accompagnements")
    etat = models.CharField(max_length=12, choices=Etat.choices, default=Etat.EVALUATION)
    etat_avant_opposition = models.CharField(max_length=12, blank=True)
    ouvert_le = models.DateTimeField(default=horloge.maintenant)
    ouvert_par = models.ForeignKey(Compte, models.PROTECT, related_name="+")
    evaluation_depuis = models.DateTimeField(default=horloge.maintenant)
    propose_le = models.DateTimeField(null=True)
    signe_le = models.DateTimeField(null=True)
    suspendu_le = models.DateTimeField(null=True)
    motif_suspension = models.CharField(max_length=20, choices=MotifSuspension.choices, blank=True)
    fin_le = models.DateTimeField(null=True)
    fin_par = models.ForeignKey(Compte, models.PROTECT, null=True, related_name="+")
    motif_fin = models.CharField(max_length=20, blank=True, choices=[*MotifArret.choices, *MotifSansSuite.choices])
    relais = ChampChiffre(max_length=RELAIS_MAXIMUM, blank=True)
    situation_logement = models.CharField(max_length=16, choices=SituationDuLogement.choices, blank=True)
    ne_pas_y_aller_seul = models.BooleanField("ne pas y aller seul", default=False)
    # Why nobody goes alone: the équipe's alone, the référent reads the instruction without it.
    raison_pas_seul = ChampChiffre(max_length=CONSIGNE_MAXIMUM, null=True, blank=True)
    retrait_decide_le = models.DateTimeField(null=True)
    retrait_decide_par = models.ForeignKey(Compte, models.PROTECT, null=True, related_name="+")

    objects: ClassVar[models.Manager["Accompagnement"]] = AccompagnementQuerySet.as_manager()

    class Meta:
        verbose_name = "accompagnement"
        default_permissions = ()
        permissions: ClassVar = [("lire_accompagnement", "lire un accompagnement nommé")]
        indexes: ClassVar = [
            models.Index(fields=["equipe", "etat", "-ouvert_le", "-id"], name="accompagnement_equipe"),
            models.Index(fields=["fiche"], name="accompagnement_fiche"),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["id", "equipe"], name="accompagnement_id_equipe"),
            models.UniqueConstraint(
                fields=["fiche"], condition=models.Q(etat__in=OUVERTS), name="accompagnement_un_seul_ouvert_par_fiche"
            ),
            models.CheckConstraint(
                condition=models.Q(etat__in=sorted(FINS), fin_le__isnull=False)
                | (~models.Q(etat__in=sorted(FINS)) & models.Q(fin_le=None)),
                name="accompagnement_fini_ssi_date",
            ),
            models.CheckConstraint(
                condition=models.Q(
                    etat=Etat.TERMINE,
                    motif_fin__in=MotifArret.values,
                    situation_logement__gt="",
                    signe_le__isnull=False,
                )
                | models.Q(etat=Etat.SANS_SUITE, motif_fin__in=MotifSansSuite.values, signe_le=None)
                | (~models.Q(etat__in=sorted(FINS)) & models.Q(motif_fin="", situation_logement="")),
                name="accompagnement_motif_et_logement_ssi_fini",
            ),
            models.CheckConstraint(
                condition=models.Q(etat__in=SOUS_CONTRAT, signe_le__isnull=False)
                | models.Q(etat__in=AVANT_CONTRAT, signe_le=None)
                | models.Q(etat__in=sorted(FINS)),
                name="accompagnement_sous_contrat_ssi_signe",
            ),
            models.CheckConstraint(
                condition=models.Q(etat=Etat.SUSPENDU, suspendu_le__isnull=False, motif_suspension__gt="")
                | (~models.Q(etat=Etat.SUSPENDU) & models.Q(suspendu_le=None, motif_suspension="")),
                name="accompagnement_suspendu_ssi_date_et_motif",
            ),
            models.CheckConstraint(
                condition=models.Q(motif_fin=MotifSansSuite.OPPOSITION, etat_avant_opposition__in=AVANT_CONTRAT)
                | (~models.Q(motif_fin=MotifSansSuite.OPPOSITION) & models.Q(etat_avant_opposition="")),
                name="accompagnement_etat_avant_ssi_opposition",
            ),
            models.CheckConstraint(
                condition=models.Q(fin_le=None) | models.Q(fin_le__gte=models.F("ouvert_le")),
                name="accompagnement_dates_ordonnees",
            ),
            CleComposee(
                name="accompagnement_de_sa_fiche",
                colonnes=("fiche_id", "equipe_id"),
                table="signalements_fiche",
                vers=("id", "equipe_id"),
            ),
            MachineEtat.de(ACCOMPAGNEMENT, name="accompagnement_etat"),
            Politique(
                name="accompagnement_lit",
                commande="SELECT",
                lit=f"({parmi('suivre')} AND {_OUVERTE}) OR {_NOMME}",
            ),
            Politique(
                name="accompagnement_cree",
                commande="INSERT",
                ecrit=f"{parmi('suivre')}{auteur('ouvert_par_id')} AND " + _instruction("i.etat = 'accompagnee'"),
            ),
            Politique(
                name="accompagnement_modifie",
                commande="UPDATE",
                lit=f"{parmi('suivre')} AND {contenu_ecrit('id')}",
                ecrit=f"{parmi('suivre')} AND {contenu_ecrit('id')}",
            ),
            *systeme("accompagnement"),
            Politique(name="accompagnement_systeme_tait", commande="UPDATE", role=SYSTEME, lit="true", ecrit="true"),
            Politique(name="accompagnement_defini_lit", commande="SELECT", role=DROIT, lit="true"),
            Politique(name="accompagnement_defini_modifie", commande="UPDATE", role=DROIT, lit="true", ecrit="true"),
        ]

    def __str__(self) -> str:
        return f"{self.fiche_id} {self.etat}"

    @property
    def est_clos(self) -> bool:
        return self.etat in FINS

    @property
    def est_sous_contrat(self) -> bool:
        return self.etat in SOUS_CONTRAT

    @property
    def retrait_en_attente(self) -> bool:
        """A retrait d’accord was recorded and coordination has not decided: nothing more is shared."""
        return self.fiche.instruction.retrait_demande_le is not None and not self.est_clos

    @property
    def motif_fin_libelle(self) -> str:
        """The label of the end, from the list its state belongs to."""
        if not self.motif_fin:
            return ""
        liste = MotifArret if self.etat == Etat.TERMINE else MotifSansSuite
        return str(liste(self.motif_fin).label)

    @property
    def logement_du_le(self) -> date:
        """Six months after the opening."""
        return ajouter_mois(horloge.paris(self.ouvert_le).date(), 6)


class IntervenantQuerySet(models.QuerySet["Intervenant"]):
    """Reads of intervenants."""

    def en_charge(self) -> Self:
        return self.filter(au=None).select_related("compte").order_by("-principal", "id")

    def de_l_accompagnement(self, accompagnement: Accompagnement) -> Self:
        return self.filter(accompagnement=accompagnement).select_related("compte").order_by("au", "-principal", "id")

    def ouverts_de(self, compte_id: int, equipe_id: int) -> Self:
        """What a person carries today in an équipe, with the fiche."""
        lignes = self.filter(compte=compte_id, equipe=equipe_id, au=None, accompagnement__etat__in=OUVERTS)
        return lignes.select_related("accompagnement__fiche").order_by("id")

    def charge(self, equipe_id: int) -> dict[int, int]:
        """Open accompagnements per account of an équipe."""
        lignes = self.filter(equipe=equipe_id, au=None, accompagnement__etat__in=OUVERTS)
        return dict(lignes.order_by().values_list("compte").annotate(n=models.Count("accompagnement", distinct=True)))


class Intervenant(models.Model):
    """A member of the équipe who carries an accompagnement, from a day to another; one of them is `principal`."""

    DECLARATION = Declaration(
        portee="locataire",
        web="SELECT, INSERT, UPDATE",
        systeme="SELECT, DELETE",
        droit="SELECT",
        purge="avec l’accompagnement",
        export="dossier de la personne",
        journal="écriture",
    )

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    accompagnement = models.ForeignKey(
        Accompagnement, models.DO_NOTHING, related_name="intervenants", db_constraint=False
    )
    equipe = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    compte = models.ForeignKey(Compte, models.PROTECT, related_name="interventions")
    principal = models.BooleanField(default=False)
    du = models.DateField(default=horloge.aujourdhui)
    au = models.DateField(null=True)

    objects: ClassVar[models.Manager["Intervenant"]] = IntervenantQuerySet.as_manager()

    class Meta:
        verbose_name = "intervenant"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["accompagnement", "compte"], condition=models.Q(au=None), name="intervenant_une_fois"
            ),
            models.UniqueConstraint(
                fields=["accompagnement"],
                condition=models.Q(au=None, principal=True),
                name="intervenant_principal_unique",
            ),
            models.CheckConstraint(
                condition=models.Q(au=None) | models.Q(au__gte=models.F("du")), name="intervenant_dates_ordonnees"
            ),
            de_son_accompagnement("intervenant_de_son_accompagnement"),
            *politiques("intervenant", "accompagnements_intervenant", de_la_ligne=True),
            Politique(name="intervenant_defini_lit", commande="SELECT", role=DROIT, lit="true"),
        ]

    def __str__(self) -> str:
        return f"{self.compte_id} {self.accompagnement_id}"


class SituationLogement(models.Model):
    """What became of the home six months after the opening (that of the end stands on the accompagnement)."""

    DECLARATION = Declaration(
        portee="locataire",
        web="SELECT, INSERT",
        systeme="SELECT, DELETE",
        droit="SELECT",
        purge="avec l’accompagnement ; code conservé dans la ligne de compte",
        export="dossier de la personne",
        journal="écriture",
    )

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    accompagnement = models.ForeignKey(Accompagnement, models.DO_NOTHING, related_name="logements", db_constraint=False)
    equipe = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    situation = models.CharField(max_length=16, choices=SituationDuLogement.choices)
    le = models.DateField("constatée le", default=horloge.aujourdhui)
    par = models.ForeignKey(Compte, models.PROTECT, related_name="+")

    objects: ClassVar[models.Manager["SituationLogement"]] = models.Manager()

    class Meta:
        verbose_name = "situation du logement à six mois"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["accompagnement"], name="situation_logement_une_fois"),
            de_son_accompagnement("logement_de_son_accompagnement"),
            *politiques(
                "situation_logement",
                "accompagnements_situationlogement",
                cree=auteur("par_id"),
                modifie=None,
            ),
            Politique(name="situation_logement_defini_lit", commande="SELECT", role=DROIT, lit="true"),
        ]

    def __str__(self) -> str:
        return self.situation
