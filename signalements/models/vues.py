"""Saved views of the triage list: a name, filters and a sort; one's own, or shared with the équipe."""

from typing import ClassVar, Final, Self
from urllib.parse import urlencode

from django.db import models

from partenaires.enums import ROLES_EQUIPE, Role
from partenaires.models import Compte, Organisation
from socle import horloge
from socle.chiffrement import ChampChiffre, ChampChiffreJSON
from socle.declarations import Declaration
from socle.identifiants import uuid7
from socle.rls import SYSTEME, CleComposee, Politique, parmi
from socle.versions import ModeleVersionne

# What an address of the triage list may say; anything else is not part of a view.
PARAMETRES: Final = (
    "etat", "tri", "q", "orienteur", "territoire", "secteur", "suivie", "contexte", "echeance", "echange",
)  # fmt: skip
_SIENNE = "auteur_id = (SELECT droit.compte())"
_GEREE = f"{parmi('suivre')} AND ({_SIENNE} OR (partagee AND {parmi('coordonner')}))"


class VueTriQuerySet(models.QuerySet["VueTri"]):
    """Reads of saved views."""

    def visibles_par(self, compte: Compte) -> Self:
        """One's own, and those that somebody shared with the équipe."""
        if not compte.a_role(*ROLES_EQUIPE):
            return self.none()
        return self.filter(models.Q(auteur=compte) | models.Q(partagee=True), equipe=compte.organisation_id)

    def gerables_par(self, compte: Compte) -> Self:
        """Those that she may rename or delete: her own, and for coordination the shared ones too."""
        visibles = self.visibles_par(compte)
        return visibles if compte.a_role(Role.COORDINATION) else visibles.filter(auteur=compte)

    def de(self, compte: Compte) -> Self:
        return self.filter(auteur=compte)

    def pour_liste(self, compte: Compte) -> Self:
        """With `par_defaut`, whether the list opens on it for this person, and its author: one statement."""
        choix = VueParDefaut.objects.filter(compte=compte, vue=models.OuterRef("pk"))
        return self.annotate(par_defaut=models.Exists(choix)).select_related("auteur").order_by("cree_le", "pk")

    def abandonnees(self, membres: models.QuerySet[models.Model]) -> Self:
        """Not shared, and whose author is no longer of the équipe; `membres` are the rattachements in force."""
        encore = membres.filter(compte=models.OuterRef("auteur"), organisation=models.OuterRef("equipe"))
        return self.filter(~models.Exists(encore), partagee=False)


class VueTri(ModeleVersionne):
    """Named filters and sort of the triage list. A search may be a person's name: all of it is sealed."""

    DECLARATION = Declaration(
        portee="locataire",
        web="SELECT, INSERT, UPDATE, DELETE",
        systeme="SELECT, DELETE",
        purge="par son auteur ; non partagée, quand il quitte l’équipe",
        export="compte",
        journal="écriture",
    )
    NOM_MAXIMUM = 60
    NOMBRE_MAXIMUM = 30  # views of one's own

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    equipe = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    auteur = models.ForeignKey(Compte, models.PROTECT, related_name="+")
    nom = ChampChiffre(max_length=NOM_MAXIMUM)
    parametres = ChampChiffreJSON(default=dict)
    partagee = models.BooleanField(default=False)
    cree_le = models.DateTimeField(default=horloge.maintenant)

    objects: ClassVar[models.Manager["VueTri"]] = VueTriQuerySet.as_manager()

    class Meta:
        verbose_name = "vue enregistrée"
        indexes: ClassVar = [models.Index(fields=["equipe", "cree_le"], name="vue_equipe")]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["id", "equipe"], name="vue_id_equipe"),
            Politique(name="vue_lit", commande="SELECT", lit=f"{parmi('suivre')} AND ({_SIENNE} OR partagee)"),
            Politique(name="vue_cree", commande="INSERT", ecrit=f"{parmi('suivre')} AND {_SIENNE}"),
            Politique(name="vue_modifie", commande="UPDATE", lit=_GEREE, ecrit=_GEREE),
            Politique(name="vue_supprime", commande="DELETE", lit=_GEREE),
            Politique(name="vue_systeme_lit", commande="SELECT", role=SYSTEME, lit="true"),
            Politique(name="vue_systeme_efface", commande="DELETE", role=SYSTEME, lit="NOT partagee"),
        ]

    def __str__(self) -> str:
        return str(self.pk)

    @property
    def requete(self) -> str:
        """The query string of the list; it always names a state, so that it is never the bare address."""
        connus = {nom: self.parametres[nom] for nom in PARAMETRES if self.parametres.get(nom)}
        return urlencode(connus)


class VueParDefaut(models.Model):
    """The view on which the list opens for a person, in one équipe."""

    DECLARATION = Declaration(
        portee="locataire",
        web="SELECT, INSERT, DELETE",
        systeme="SELECT, DELETE",
        purge="avec la vue",
        export="compte",
        journal="aucun",
    )

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    equipe = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    compte = models.ForeignKey(Compte, models.PROTECT, related_name="+")
    vue = models.ForeignKey(VueTri, models.DO_NOTHING, related_name="+", db_constraint=False)

    objects: ClassVar[models.Manager["VueParDefaut"]] = models.Manager()

    class Meta:
        verbose_name = "vue par défaut"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["compte", "equipe"], name="vue_par_defaut_une_par_personne"),
            CleComposee(
                name="vue_par_defaut_de_son_equipe",
                colonnes=("vue_id", "equipe_id"),
                table="signalements_vuetri",
                vers=("id", "equipe_id"),
                cascade=True,
            ),
            Politique(
                name="vue_par_defaut_lit",
                commande="SELECT",
                lit=f"{parmi('suivre')} AND compte_id = (SELECT droit.compte())",
            ),
            Politique(
                name="vue_par_defaut_choisit",
                commande="INSERT",
                ecrit=f"{parmi('suivre')} AND compte_id = (SELECT droit.compte())",
            ),
            Politique(
                name="vue_par_defaut_retire",
                commande="DELETE",
                lit=f"{parmi('suivre')} AND compte_id = (SELECT droit.compte())",
            ),
            Politique(name="vue_par_defaut_systeme_lit", commande="SELECT", role=SYSTEME, lit="true"),
            Politique(name="vue_par_defaut_systeme_efface", commande="DELETE", role=SYSTEME, lit="true"),
        ]

    def __str__(self) -> str:
        return f"{self.compte_id} {self.vue_id}"
