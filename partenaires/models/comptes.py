"""Accounts, their rattachements (organisation + role + dates) and the invitations that make them."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any, ClassVar, Self

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.db import models
from django.db.models.functions import JSONObject, Lower

from partenaires.enums import ROLES_PAR_GENRE, Permission, Role
from partenaires.models.organisations import EXPLOITE, Organisation, cle_de_tri
from partenaires.models.roles import RoleEtFonction
from socle import horloge
from socle.declarations import LIRE, Declaration
from socle.rls import DROIT, SYSTEME, Politique, parmi


def role_convient(table: str) -> str:
    """SQL: the role is one of those of the organisation's kind (no « exploitation » in a bailleur)."""
    couples = ", ".join(f"('{genre}', '{role}')" for genre, roles in ROLES_PAR_GENRE.items() for role in roles)
    return (  # no outside value: codes of our own enums
        f"EXISTS (SELECT 1 FROM partenaires_organisation o WHERE o.id = {table}.organisation_id "
        f"AND (o.genre, {table}.role) IN ({couples}))"
    )


GERE = parmi(Permission.MEMBRES, "organisation_id")
_LOGICIEL = f"role = '{Role.LOGICIEL}'"
_AUTRUI = "compte_id <> (SELECT droit.compte())"


class CompteManager(BaseUserManager["Compte"]):
    """Makes accounts; the address is the login and is kept in lower case."""

    def create_user(self, email: str, password: str | None = None, **champs: Any) -> "Compte":
        """An account, with an unusable password when none is given."""
        compte = self.model(email=email.strip().lower(), **champs)
        compte.set_password(password)
        compte.save(using=self._db)
        return compte

    def de_l_adresse(self, email: str) -> "Compte | None":
        """The account of an address, whatever its case; None when there is none."""
        return self.filter(email=email.strip().lower()).first()

    def par_anciennete(self) -> "models.QuerySet[Compte]":
        return self.filter(is_active=True, technique=False).order_by("pk")

    def noms_de(self, cles: Iterable[int]) -> dict[int, str]:
        """The full names of these accounts, by key: one statement."""
        return {c.pk: c.nom_complet for c in self.filter(pk__in=list(cles)).only("nom", "prenom")}

    def de_cle(self, pk: int | str) -> "Compte | None":
        return self.filter(pk=pk).first()

    def get_by_natural_key(self, username: str | None) -> "Compte":
        return self.get(email=(username or "").strip().lower())


class Compte(AbstractBaseUser, PermissionsMixin):
    """A person who signs in. What she may do comes from her rattachements, never from this row.

    In a request she acts under one organisation only: `prendre_place` sets it, `roles` are her roles there.
    """

    DECLARATION = Declaration(
        portee="systeme",
        web="SELECT, INSERT, UPDATE",
        systeme=LIRE,
        droit=LIRE,
        purge="12 mois après la fin du dernier rattachement",
        export="compte",
        journal="écriture",
    )

    email = models.EmailField("adresse électronique", unique=True)
    nom = models.CharField(max_length=80)
    prenom = models.CharField("prénom", max_length=80)
    telephone = models.CharField("téléphone", max_length=20, blank=True)
    raccourcis_clavier = models.BooleanField("touche « / » pour la recherche", default=True)
    is_active = models.BooleanField("actif", default=True)
    technique = models.BooleanField("compte d’un logiciel", default=False)
    cree_le = models.DateTimeField(default=horloge.maintenant)

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["nom", "prenom"]

    objects: ClassVar[CompteManager] = CompteManager()

    organisation_id: int | None = None
    _rattachements: "tuple[Rattachement, ...]" = ()

    class Meta:
        verbose_name = "compte"
        constraints: ClassVar = [
            models.CheckConstraint(condition=models.Q(is_superuser=False), name="compte_jamais_superutilisateur"),
            models.CheckConstraint(condition=models.Q(email=Lower("email")), name="compte_adresse_en_minuscules"),
            models.CheckConstraint(
                condition=models.Q(technique=False) | models.Q(password__startswith="!"),  # noqa: S106  no hash
                name="compte_technique_sans_mot_de_passe",
            ),
        ]

    def __str__(self) -> str:
        return self.nom_complet

    @property
    def nom_complet(self) -> str:
        return f"{self.prenom} {self.nom}".strip()

    @property
    def initiales(self) -> str:
        return f"{self.prenom[:1]}{self.nom[:1]}".upper()

    def prendre_place(self, rattachements: "Sequence[Rattachement]", organisation_id: int | None) -> None:
        """Act under an organisation: the one asked for if a rattachement opens it, otherwise the first."""
        self._rattachements = tuple(rattachements)
        ouvertes = [r.organisation_id for r in self._rattachements]
        if organisation_id not in ouvertes:
            organisation_id = ouvertes[0] if ouvertes else None
        self.organisation_id = organisation_id

    @property
    def rattachements_actifs(self) -> "tuple[Rattachement, ...]":
        """Rattachements in force, in every organisation."""
        return self._rattachements

    @property
    def rattachements_ici(self) -> "tuple[Rattachement, ...]":
        """Rattachements in force in the active organisation."""
        return tuple(r for r in self._rattachements if r.organisation_id == self.organisation_id)

    @property
    def rattachements_actifs_ids(self) -> list[int]:
        return [r.pk for r in self.rattachements_ici]

    @property
    def roles(self) -> frozenset[str]:
        """Role codes held in the active organisation."""
        return frozenset(r.role for r in self.rattachements_ici)

    @property
    def organisation_active(self) -> Organisation | None:
        return next((r.organisation for r in self.rattachements_ici), None)

    @property
    def a_plusieurs_organisations(self) -> bool:
        return len({r.organisation_id for r in self._rattachements}) > 1

    def a_role(self, *roles: str) -> bool:
        """Whether one of these roles is held in the active organisation."""
        return not self.roles.isdisjoint(roles)

    @property
    def fonction(self) -> str:
        """The function to show beside the name: what the rattachement says, otherwise the role."""
        return next((r.fonction or r.get_role_display() for r in self.rattachements_ici), "")


class RattachementQuerySet(models.QuerySet["Rattachement"]):
    """Reads of rattachements."""

    def visibles_par(self, compte: Compte) -> Self:
        """Those of the active organisation; a gardien sees his own only. A software is not one of the members."""
        if compte.a_role(Role.GARDIEN) and not compte.a_role(Role.REFERENT, Role.RESPONSABLE):
            return self.filter(compte=compte)
        return self.filter(organisation=compte.organisation_id).exclude(role=Role.LOGICIEL)

    def de(self, compte: Compte) -> Self:
        """One's own, with their organisations."""
        return self.filter(compte=compte).select_related("organisation").order_by("id")

    def en_vigueur(self, jour: date) -> Self:
        """In force on a day: `au` is the day of the end, when the right is already gone."""
        return self.filter(models.Q(au=None) | models.Q(au__gt=jour), du__lte=jour)

    def de_l_organisation(self, organisation_id: int) -> Self:
        return self.filter(organisation_id=organisation_id)

    def termines(self, jour: date) -> Self:
        return self.filter(au__lte=jour)

    def avec_role(self, *roles: str) -> Self:
        return self.filter(role__in=roles)

    def nommes(self, recherche: str) -> Self:
        """Those whose name or first name holds each word, whatever the accents."""
        lignes = self
        for mot in recherche.split():
            lignes = lignes.filter(
                models.Q(compte__nom__unaccent__icontains=mot) | models.Q(compte__prenom__unaccent__icontains=mot)
            )
        return lignes

    def par_nom(self) -> Self:
        return (
            self.annotate(tri_nom=cle_de_tri("compte__nom"), tri_prenom=cle_de_tri("compte__prenom"))
            .order_by("tri_nom", "tri_prenom", "pk")
            .select_related("compte")
        )

    def avec_absence(self, jour: date) -> Self:
        """With `absence_brute`: the end of an absence that runs on a day, and who covers it; no other statement."""
        from partenaires.models.avis import Absence

        absences = Absence.objects.all().en_cours(jour)
        siennes = absences.filter(compte=models.OuterRef("compte"), organisation=models.OuterRef("organisation"))
        lue = JSONObject(au="au", remplacant="remplacant_id", prenom="remplacant__prenom", nom="remplacant__nom")
        return self.annotate(absence_brute=models.Subquery(siennes.values(lue=lue)[:1]))

    def avec_residences(self) -> Self:
        """With the person and, for a gardien, the résidences of today and to come: two statements, however many."""
        from partenaires.models.patrimoine import ResidenceGardien

        liens = ResidenceGardien.objects.all().pas_finis(horloge.aujourdhui()).par_nom()
        return self.par_nom().prefetch_related(models.Prefetch("residences", liens))

    def gardiens_cherches(self, recherche: str) -> Self:
        """Those whose name, or a résidence of theirs, bears each word, whatever the accents."""
        from partenaires.models.patrimoine import ResidenceGardien

        lignes = self
        for mot in recherche.split():
            liens = ResidenceGardien.objects.filter(rattachement=models.OuterRef("pk"))
            lignes = lignes.filter(
                models.Q(compte__nom__unaccent__icontains=mot)
                | models.Q(compte__prenom__unaccent__icontains=mot)
                | models.Exists(liens.pas_finis(horloge.aujourdhui()).situes(mot))
            )
        return lignes


class Rattachement(RoleEtFonction, models.Model):
    """What ties an account to an organisation: a role, from a date, until another.

    Ending it takes effect on the next request: the database resolves rights from these rows. `au` is the day
    of the end, excluded. A person's own role is never hers to change.
    """

    DECLARATION = Declaration(
        portee="locataire",
        web="SELECT, UPDATE (role, fonction, au)",
        systeme=LIRE,
        droit="SELECT, INSERT, UPDATE (au)",
        purge="12 mois après sa fin",
        export="compte",
        journal="écriture",
    )

    compte = models.ForeignKey(Compte, models.PROTECT, related_name="rattachements")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="rattachements")
    role = models.CharField("rôle", max_length=20, choices=Role.choices)
    fonction = models.CharField(max_length=80, blank=True)
    du = models.DateField(default=horloge.aujourdhui)
    au = models.DateField(null=True, blank=True)

    objects = RattachementQuerySet.as_manager()

    class Meta:
        verbose_name = "rattachement"
        indexes: ClassVar = [models.Index(fields=["compte", "organisation"], name="rattachement_compte")]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(au=None) | models.Q(au__gte=models.F("du")),
                name="rattachement_dates_ordonnees",
            ),
            models.UniqueConstraint(
                fields=["compte", "organisation", "role"],
                condition=models.Q(au=None),
                name="rattachement_ouvert_unique",
            ),
            Politique(
                name="rattachement_lit",
                commande="SELECT",
                lit="compte_id = (SELECT droit.compte()) "
                f"OR {parmi(Permission.CONNAITRE, 'organisation_id')} OR {EXPLOITE}",
            ),
            Politique(
                name="rattachement_modifie",
                commande="UPDATE",
                lit=f"{GERE} AND {_AUTRUI} AND NOT ({_LOGICIEL})",
                ecrit=f"{GERE} AND {_AUTRUI} AND {role_convient('partenaires_rattachement')}",
            ),
            Politique(name="rattachement_systeme", commande="SELECT", role=SYSTEME, lit="true"),
            Politique(name="rattachement_defini", commande="SELECT", role=DROIT, lit="true"),
            Politique(name="rattachement_invite", commande="INSERT", role=DROIT, ecrit="true"),
            Politique(name="rattachement_de_logiciel", commande="UPDATE", role=DROIT, lit=_LOGICIEL, ecrit=_LOGICIEL),
        ]

    def __str__(self) -> str:
        return f"{self.compte_id} {self.role} {self.organisation_id}"
