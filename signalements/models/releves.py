"""The relevé: one rating of the grid by one rater at one moment. Never a total, never a threshold."""

from datetime import timedelta
from typing import Any, ClassVar, Self

from django.db import models

from partenaires.enums import Role
from partenaires.models import Compte, Organisation, Rattachement
from signalements.enums import (
    RELEVE,
    Cotation,
    EtatReleve,
    Moment,
    MotifNonEvaluable,
    TypeEvaluateur,
)
from signalements.models.fiches import Fiche
from signalements.models.grilles import Grille
from signalements.models.regles import equipe_lit, orienteur_lit, parties
from socle import horloge
from socle.declarations import Declaration
from socle.identifiants import uuid7
from socle.rls import DROIT, SYSTEME, Politique, parmi
from socle.transitions import MachineEtat

_T = "signalements_releve"
_AVANT_TRANSMISSION = (
    f"EXISTS (SELECT 1 FROM signalements_fiche f WHERE f.id = {_T}.fiche_id AND f.transmise_le IS NULL "
    "AND f.etat <> 'abandonnee')"
)
_A_RENDRE = (
    "moment = 't6' AND etat = 'attendu' AND type_evaluateur <> 'equipe' AND "
    f"({parmi('lire_fiches', 'orienteur_id')} OR "
    f"(evaluateur_id = (SELECT droit.compte()) AND {parmi('saisir', 'orienteur_id')}) OR "
    f"(evaluateur_id IS NULL AND type_evaluateur = 'partenaire' AND {parmi('repondre', 'orienteur_id')}))"
)


class ReleveQuerySet(models.QuerySet["Releve"]):
    """Reads of relevés."""

    def visibles_par(self, compte: Compte) -> Self:
        """The équipe's; for an orienteur, those of open fiches and those expected at six months."""
        if compte.a_role(Role.COORDINATION, Role.SOIGNANT, Role.SOCIAL):
            return self.filter(equipe=compte.organisation_id)
        if compte.a_role(Role.REFERENT, Role.RESPONSABLE):
            return self.filter(orienteur=compte.organisation_id)
        siens = models.Q(evaluateur=compte)
        if compte.a_role(Role.CORRESPONDANT):  # a partenaire has no référent: what nobody rates is everybody's
            siens |= models.Q(evaluateur=None, type_evaluateur=TypeEvaluateur.PARTENAIRE)
        return self.filter(siens, orienteur=compte.organisation_id)

    def attendus(self) -> Self:
        """Expected at six months, the earliest due first."""
        return self.filter(moment=Moment.T6, etat=EtatReleve.ATTENDU).order_by("du_le", "id")

    def a_rendre_par(self, compte: Compte) -> Self:
        """Those this person may rate now: the équipe's own type, or the orienteur's."""
        attendus = self.visibles_par(compte).attendus()
        if compte.a_role(Role.COORDINATION, Role.SOIGNANT, Role.SOCIAL):
            return attendus.filter(type_evaluateur=TypeEvaluateur.EQUIPE)
        return attendus.exclude(type_evaluateur=TypeEvaluateur.EQUIPE)

    def de_la_fiche(self, fiche: Fiche) -> Self:
        return self.filter(fiche=fiche).select_related("grille", "evaluateur").order_by("moment", "rendu_le")

    def au_depart(self) -> Self:
        return self.filter(moment=Moment.T0, etat=EtatReleve.RENDU)

    def en_retard(self) -> Self:
        """Due before today."""
        return self.filter(du_le__lt=horloge.aujourdhui())

    def de_l_orienteur(self) -> Self:
        """Rated by those who report, not by the équipe."""
        return self.exclude(type_evaluateur=TypeEvaluateur.EQUIPE)

    def avec_grille(self) -> Self:
        """With the signals of the version that each was made with."""
        return self.prefetch_related("grille__signaux")

    def a_rendre_caducs(self) -> Self:
        """Expected ones whose window has closed (60 days after their date)."""
        return self.filter(etat=EtatReleve.ATTENDU, caduc_le__lt=horloge.aujourdhui())

    def sans_evaluateur_present(self) -> Self:
        """Expected ones whose rater holds no rattachement any more where the relevé is due."""
        jour = horloge.aujourdhui()
        presents = Rattachement.objects.en_vigueur(jour).filter(compte=models.OuterRef("evaluateur"))
        chez_equipe = models.Exists(presents.filter(organisation=models.OuterRef("equipe")))
        chez_orienteur = models.Exists(presents.filter(organisation=models.OuterRef("orienteur")))
        de_l_equipe = models.Q(type_evaluateur=TypeEvaluateur.EQUIPE)
        return self.filter(
            (de_l_equipe & ~chez_equipe) | (~de_l_equipe & ~chez_orienteur),
            moment=Moment.T6,
            etat=EtatReleve.ATTENDU,
            evaluateur__isnull=False,
        )

    def confies_a(self, compte: Compte) -> Self:
        """Those that this person rates, and those that nobody does."""
        return self.filter(models.Q(evaluateur=compte) | models.Q(evaluateur=None))

    def avec_residence(self) -> Self:
        """With where it is, and no name."""
        return self.select_related("fiche__residence")

    def avec_fiche(self) -> Self:
        return self.select_related("fiche", "fiche__locataire", "fiche__residence", "grille", "evaluateur")


class Releve(models.Model):
    """A rating: `cotations` is `{code: {"v": "0".."3" or "NO", "s": source}}`, self-describing by item code.

    A T0 is made with the fiche (bailleur, partenaire) or at the first visit (équipe). A T6 is expected six
    months later, between 14 days before and 60 days after (`produit.md`, "The evaluation at 6 months").
    """

    DECLARATION = Declaration(
        portee="locataire",
        web="SELECT, INSERT, UPDATE",
        systeme="SELECT, INSERT, UPDATE, DELETE",
        droit="SELECT, UPDATE, DELETE",
        purge="avec le contenu de la fiche",
        export="dossier de la personne",
        journal="lecture et écriture",
    )
    AVANCE = timedelta(days=14)
    SURSIS = timedelta(days=60)

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    fiche = models.ForeignKey(Fiche, models.DO_NOTHING, related_name="releves", db_constraint=False)
    equipe = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    orienteur = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    grille = models.ForeignKey(Grille, models.PROTECT)
    moment = models.CharField(max_length=2, choices=Moment.choices)
    type_evaluateur = models.CharField(max_length=12, choices=TypeEvaluateur.choices)
    etat = models.CharField(max_length=14, choices=EtatReleve.choices)
    evaluateur = models.ForeignKey(Compte, models.PROTECT, null=True, related_name="releves")
    du_le = models.DateField(null=True)
    caduc_le = models.DateField(null=True)
    rendu_le = models.DateTimeField(null=True)
    motif = models.CharField(max_length=12, choices=MotifNonEvaluable.choices, blank=True)
    cotations = models.JSONField(default=dict)

    objects: ClassVar[models.Manager["Releve"]] = ReleveQuerySet.as_manager()

    class Meta:
        verbose_name = "relevé"
        indexes: ClassVar = [
            models.Index(fields=["equipe", "moment", "etat", "du_le"], name="releve_equipe"),
            models.Index(fields=["orienteur", "du_le"], name="releve_attendu", condition=models.Q(etat="attendu")),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["fiche", "moment", "type_evaluateur"], name="releve_unique_par_moment"),
            models.CheckConstraint(
                condition=models.Q(etat=EtatReleve.RENDU, rendu_le__isnull=False)
                | (~models.Q(etat=EtatReleve.RENDU) & models.Q(cotations={})),
                name="releve_cote_ssi_rendu",
            ),
            models.CheckConstraint(
                condition=models.Q(etat=EtatReleve.NON_EVALUABLE, motif__gt="")
                | (~models.Q(etat=EtatReleve.NON_EVALUABLE) & models.Q(motif="")),
                name="releve_motif_ssi_non_evaluable",
            ),
            models.CheckConstraint(
                condition=~models.Q(etat=EtatReleve.ATTENDU)
                | models.Q(moment=Moment.T6, du_le__isnull=False, caduc_le__gt=models.F("du_le")),
                name="releve_attendu_a_ses_dates",
            ),
            parties("releve_de_sa_fiche"),
            MachineEtat.de(RELEVE, name="releve_etat"),
            Politique(
                name="releve_lit",
                commande="SELECT",
                lit=f"{equipe_lit(_T)} OR ({orienteur_lit(_T)} AND moment = 't0' AND type_evaluateur <> 'equipe') "
                f"OR {_AVANT_TRANSMISSION} OR ({_A_RENDRE})",
            ),
            Politique(
                name="releve_cree",
                commande="INSERT",
                ecrit=f"(moment = 't0' AND etat = 'rendu') AND ({_AVANT_TRANSMISSION} OR {equipe_lit(_T)})",
            ),
            Politique(
                name="releve_modifie",
                commande="UPDATE",
                lit=f"{_AVANT_TRANSMISSION} OR ({equipe_lit(_T)} AND type_evaluateur = 'equipe')",
                ecrit=f"{_AVANT_TRANSMISSION} OR ({equipe_lit(_T)} AND type_evaluateur = 'equipe')",
            ),
            Politique(name="releve_systeme_lit", commande="SELECT", role=SYSTEME, lit="true"),
            Politique(
                name="releve_systeme_ouvre",
                commande="INSERT",
                role=SYSTEME,
                ecrit="moment = 't6' AND etat = 'attendu'",
            ),
            Politique(
                name="releve_systeme_clot",
                commande="UPDATE",
                role=SYSTEME,
                lit="etat = 'attendu'",
                ecrit="etat IN ('attendu', 'caduc')",
            ),
            Politique(name="releve_systeme_efface", commande="DELETE", role=SYSTEME, lit="true"),
            Politique(name="releve_defini_lit", commande="SELECT", role=DROIT, lit="true"),
            Politique(name="releve_defini_rend", commande="UPDATE", role=DROIT, lit="true", ecrit="true"),
            Politique(name="releve_defini_retire", commande="DELETE", role=DROIT, lit="etat = 'attendu'"),
        ]

    def __str__(self) -> str:
        return f"{self.moment} {self.fiche_id}"

    def valeur(self, code: str) -> int | None:
        """0 to 3, or None when the signal was not observed or not in this relevé."""
        cote: dict[str, Any] = self.cotations.get(code, {})
        v = cote.get("v", Cotation.NON_OBSERVE)
        return None if v == Cotation.NON_OBSERVE else int(v)

    def domaines_presents(self, grille: Grille) -> list[str]:
        """Labels of the domains where at least one signal is rated 1 or more, in the grid's order."""
        return [
            str(domaine.label)
            for domaine, signaux in grille.par_domaine()
            if any((self.valeur(s.code) or 0) >= 1 for s in signaux)
        ]
