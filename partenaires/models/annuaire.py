"""The annuaire of an équipe: who may help, where, when, and how to reach it.

A structure is an entry of one équipe: another équipe has its own row for the same place, with its own notes
(docs/adr). It may be tied to the account (`Organisation`) of a partner, who then answers in Palier.
"""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, ClassVar, Final, Self

from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models

from partenaires.enums import ROLES_EQUIPE, GenreOrganisation, GenrePartenaire, Permission, SourceStructure
from partenaires.models.appellations import Appellation
from partenaires.models.organisations import Organisation, cle_de_tri
from socle import horloge
from socle.chiffrement import ChampChiffre, mots_de
from socle.declarations import LIRE, LIRE_ECRIRE, Declaration
from socle.identifiants import uuid7
from socle.rls import DROIT, SYSTEME, Politique, parmi
from socle.versions import ModeleVersionne

if TYPE_CHECKING:
    from partenaires.models.comptes import Compte

NOM_MAXIMUM: Final = 150
# What a directory writes; the équipe may write over it (`Structure.corriges`).
DE_LA_SOURCE: Final = (
    "genre", "nom", "adresse", "code_postal", "commune", "code_insee", "telephone", "courriel", "site", "horaires",
)  # fmt: skip
_SUIVRE = parmi(Permission.SUIVRE)


def adresse_mssante(valeur: str) -> None:
    """A secure health mailbox: every operator of the trusted space gives domains that end in « mssante.fr »."""
    domaine = valeur.rpartition("@")[2].lower()
    if domaine != "mssante.fr" and not domaine.endswith(".mssante.fr"):
        raise ValidationError("Une adresse MSSanté se termine par mssante.fr.")


class StructureQuerySet(models.QuerySet["Structure"]):
    """Reads of the annuaire; scoping is the first word."""

    def visibles_par(self, compte: "Compte") -> Self:
        if not compte.a_role(*ROLES_EQUIPE):
            return self.none()
        return self.filter(equipe=compte.organisation_id)

    def ouvertes(self) -> Self:
        """That may be proposed: neither closed by its source nor archived by the équipe."""
        return self.filter(fermee_le=None, archivee_le=None)

    def ecartees(self) -> Self:
        return self.exclude(fermee_le=None, archivee_le=None)

    def du_genre(self, genre: str) -> Self:
        return self.filter(genre=genre)

    def de_la_commune(self, code_insee: str) -> Self:
        return self.filter(code_insee=code_insee)

    def de_la_source(self, source: str) -> Self:
        return self.filter(source=source)

    def nommees(self, recherche: str) -> Self:
        """Those that answer each word by their name, kind, address, commune, sector or services, without accents."""
        lignes = self
        for mot in mots_de(recherche)[:8]:
            genres = [g.value for g in GenrePartenaire if any(m.startswith(mot) for m in mots_de(f"{g.label} {g}"))]
            lignes = lignes.filter(
                models.Q(nom__unaccent__icontains=mot)
                | models.Q(genre__in=genres)
                | models.Q(adresse__unaccent__icontains=mot)
                | models.Q(commune__unaccent__icontains=mot)
                | models.Q(couvre__unaccent__icontains=mot)
                | models.Q(themes__unaccent__icontains=mot)
                | models.Q(code_postal__startswith=mot)
            )
        return lignes

    def par_nom(self) -> Self:
        """By name, without what is sealed or long."""
        return self.annotate(tri=cle_de_tri("nom")).defer("notes", "contact", "services").order_by("tri", "pk")

    def communes(self) -> list[tuple[str, str]]:
        """(INSEE code, name) of the communes of these entries, by name."""
        lignes = self.exclude(code_insee="").order_by("commune", "code_insee")
        return list(lignes.values_list("code_insee", "commune").distinct("commune", "code_insee"))

    def genres(self) -> list[str]:
        """The kinds of these entries."""
        return sorted(set(self.order_by().values_list("genre", flat=True).distinct()))

    def avec_compte(self) -> Self:
        return self.select_related("organisation")

    def de_l_organisation(self, organisation_id: int) -> Self:
        return self.filter(organisation=organisation_id)

    def de_cles(self, cles: Iterable[Any]) -> Self:
        return self.filter(pk__in=list(cles))


class Structure(Appellation, ModeleVersionne):
    """An entry of the annuaire.

    `corriges` names the fields that the équipe wrote over an imported entry: a new import leaves them alone.
    `fermee_le`: it has gone from its source. `archivee_le`: the équipe put it away. `notes` and `contact` are sealed:
    they may name somebody; no import writes them.
    """

    DECLARATION = Declaration(
        portee="locataire",
        web=LIRE_ECRIRE,
        systeme=LIRE,
        droit=LIRE,
        purge="avec l’équipe",
        export="référence",
        journal="écriture",
    )
    NOTES_MAXIMUM = 2000
    CONTACT_MAXIMUM = 200

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    equipe = models.ForeignKey(Organisation, models.PROTECT, related_name="annuaire")
    organisation = models.ForeignKey(Organisation, models.PROTECT, null=True, blank=True, related_name="+")
    genre = models.CharField("genre", max_length=20, choices=GenrePartenaire.choices)
    nom = models.CharField("nom", max_length=NOM_MAXIMUM)
    adresse = models.CharField("adresse", max_length=200, blank=True)
    code_postal = models.CharField("code postal", max_length=5, blank=True)
    commune = models.CharField("commune", max_length=80, blank=True)
    code_insee = models.CharField(
        "code INSEE", max_length=5, blank=True, validators=[RegexValidator(r"^(\d{5}|2[AB]\d{3})$")]
    )
    couvre = models.CharField("secteur couvert", max_length=200, blank=True)
    telephone = models.CharField("téléphone", max_length=20, blank=True)
    courriel = models.EmailField("adresse électronique", blank=True)
    mssante = models.EmailField("adresse MSSanté", blank=True, validators=[adresse_mssante])
    site = models.URLField("site", max_length=200, blank=True)
    horaires = models.CharField("horaires", max_length=300, blank=True)
    contact = ChampChiffre("à qui s’adresser", max_length=CONTACT_MAXIMUM, blank=True)
    notes = ChampChiffre("notes de l’équipe", max_length=NOTES_MAXIMUM, blank=True)
    themes = models.CharField(max_length=300, blank=True)  # words of the useful themes of its services, for the search
    services = models.JSONField(default=list, blank=True)
    siret = models.CharField(max_length=14, blank=True)
    source = models.CharField(max_length=16, choices=SourceStructure.choices, default=SourceStructure.EQUIPE)
    source_ref = models.CharField(max_length=120, blank=True)
    source_le = models.DateField(null=True, blank=True)  # last change, as the source says it
    importee_le = models.DateTimeField(null=True, blank=True)
    corriges = ArrayField(models.CharField(max_length=20), default=list, blank=True)
    fermee_le = models.DateField(null=True, blank=True)
    archivee_le = models.DateField(null=True, blank=True)
    cree_le = models.DateTimeField(default=horloge.maintenant)

    objects = StructureQuerySet.as_manager()

    class Meta:
        verbose_name = "structure de l’annuaire"
        indexes: ClassVar = [
            models.Index(fields=["equipe", "genre"], name="structure_equipe_genre"),
            models.Index(fields=["equipe", "code_insee"], name="structure_equipe_commune"),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["id", "equipe"], name="structure_id_equipe"),
            models.UniqueConstraint(
                fields=["equipe", "source", "source_ref"],
                condition=~models.Q(source_ref=""),
                name="structure_une_fois_par_source",
            ),
            models.CheckConstraint(
                condition=models.Q(source=SourceStructure.EQUIPE, source_ref="", importee_le=None)
                | (~models.Q(source=SourceStructure.EQUIPE) & ~models.Q(source_ref="")),
                name="structure_importee_ssi_reference",
            ),
            Politique(name="structure_lit", commande="SELECT", lit=_SUIVRE),
            Politique(name="structure_cree", commande="INSERT", ecrit=_SUIVRE),
            Politique(name="structure_modifie", commande="UPDATE", lit=_SUIVRE, ecrit=_SUIVRE),
            Politique(name="structure_systeme", commande="SELECT", role=SYSTEME, lit="true"),
            Politique(name="structure_definie", commande="SELECT", role=DROIT, lit="true"),
        ]

    def __str__(self) -> str:
        return self.nom

    @property
    def est_ouverte(self) -> bool:
        return self.fermee_le is None and self.archivee_le is None

    @property
    def est_importee(self) -> bool:
        return self.source != SourceStructure.EQUIPE

    @property
    def ou(self) -> str:
        """« 3 rue du Lavoir, 75020 Paris 20e »."""
        ville = " ".join(filter(None, (self.code_postal, self.commune)))
        return ", ".join(filter(None, (self.adresse, ville)))


def est_partenaire(organisation: Organisation) -> bool:
    """Whether an account may be tied to an entry."""
    return organisation.genre == GenreOrganisation.PARTENAIRE and organisation.fermee_le is None
