"""The organisations and people of the demonstration, made by invitations as in production."""

import random
import re
import unicodedata
from dataclasses import dataclass, field
from datetime import date, datetime

from demonstration import noms
from demonstration.roles import en_tant_que_systeme
from partenaires.enums import GenreOrganisation, Role
from partenaires.models import Compte, Organisation, Residence, Structure, Territoire
from partenaires.parcours import conventions, invitations, patrimoine
from partenaires.parcours.invitations import jeton_de
from partenaires.parcours.patrimoine import Description
from partenaires.perimetre import agir_comme
from socle import horloge

EST, SUD = "Équipe du Val-Mornay", "Équipe des Hauts-Plans"
COMMUNES_EST = (("99120", "Valmornay 20e"), ("99119", "Valmornay 19e"), ("99111", "Valmornay 11e"))
COMMUNES_SUD = (("99498", "Les Hauts-Plans"), ("99427", "Hénin-Modèle"), ("99510", "Saint-Exemple"))

BAILLEURS = (
    ("Habitat des Trois Ponts", (EST, SUD), False),
    ("Logis du Belvédère", (EST,), True),
    ("Toits du Val", (EST,), False),
    ("Cités des Hauts-Plans", (SUD,), False),
    ("Maisons du Terril", (SUD,), True),
)
PARTENAIRES = (
    ("CMP Les Acacias", "cmp", EST, True),
    ("Centre de santé du Val", "css", EST, False),
    ("CCAS de Valmornay", "ccas", EST, True),
    ("CMP du Terril", "cmp", SUD, False),
    ("CSAPA Le Relais Fictif", "csapa", SUD, False),
    ("Service social des Hauts-Plans", "service_social", SUD, True),
)
CLSM = (("CLSM de Valmornay", EST), ("CLSM des Hauts-Plans", SUD))
EQUIPES: dict[str, tuple[tuple[Role, str], ...]] = {
    EST: (
        (Role.COORDINATION, "Coordinatrice"), (Role.SOIGNANT, "Infirmière"), (Role.SOIGNANT, "Psychiatre"),
        (Role.SOIGNANT, "Psychologue"), (Role.SOCIAL, "Assistant de service social"),
        (Role.SOCIAL, "Assistante de service social"),
    ),
    SUD: (
        (Role.COORDINATION, "Coordinateur"), (Role.SOIGNANT, "Infirmier"), (Role.SOIGNANT, "Psychiatre"),
        (Role.SOCIAL, "Assistante de service social"), (Role.SOCIAL, "Assistant de service social"),
    ),
}  # fmt: skip


FEMININS = {"Gardien": "Gardienne", "Chef de secteur": "Cheffe de secteur"}
EPICENES = ("Psychiatre", "Psychologue", "Secrétariat", "Responsable de la gestion locative", *FEMININS)


@dataclass
class Monde:
    """Everybody, once the invitations are accepted."""

    equipes: dict[str, Organisation] = field(default_factory=dict)
    bailleurs: dict[str, Organisation] = field(default_factory=dict)
    partenaires: dict[str, list[Organisation]] = field(default_factory=lambda: {EST: [], SUD: []})
    clsm: list[Organisation] = field(default_factory=list)
    residences: dict[tuple[str, str], list[Residence]] = field(default_factory=dict)
    membres: dict[tuple[int, str], list[Compte]] = field(default_factory=dict)
    gardiens_de: dict[int, list[Compte]] = field(default_factory=dict)
    structures: dict[str, list[Structure]] = field(default_factory=lambda: {EST: [], SUD: []})

    def de(self, organisation: Organisation, *roles: str) -> list[Compte]:
        """Members of an organisation in these roles."""
        return [c for role in roles for c in self.membres.get((organisation.pk, role), [])]


class Batisseur:
    """Lays the world down at the start of the story, under a set clock and a seeded draw."""

    def __init__(self, debut: datetime, alea: random.Random) -> None:
        self.debut, self.alea = debut, alea
        self.monde = Monde()
        self._pris: set[tuple[str, str]] = set()

    def batir(self) -> Monde:
        """The whole world, in dependency order."""
        horloge.regler(self.debut)
        with en_tant_que_systeme():
            invitation = invitations.installer("Plateforme Palier", "exploitation@demo.invalid")
        if invitation is None:
            raise RuntimeError("The platform exists already.")
        exploitation = self._accepter(jeton_de(invitation.pk), "Margot", "Prototype")
        self._ajouter(exploitation, Role.EXPLOITATION)
        with agir_comme(exploitation):
            plateforme = exploitation.organisation_active
        assert plateforme is not None
        self._inviter(exploitation, plateforme, Role.DPO, "Déléguée à la protection des données")
        self._organisations(exploitation)
        for equipe in self.monde.equipes.values():
            self._equipe(exploitation, equipe)
        for nom, equipes, _ in BAILLEURS:
            self._bailleur(exploitation, self.monde.bailleurs[nom], equipes)
        for cle, organisations in self.monde.partenaires.items():
            del cle
            for organisation in organisations:
                self._inviter(exploitation, organisation, Role.CORRESPONDANT, "Secrétariat")
        for organisation in self.monde.clsm:
            self._inviter(exploitation, organisation, Role.COORDINATION_CLSM, "Coordinatrice du CLSM")
        self._deux_rattachements()
        return self.monde

    def _organisations(self, par: Compte) -> None:
        m = self.monde
        with agir_comme(par):
            for nom in (EST, SUD):
                m.equipes[nom] = conventions.creer_organisation(
                    GenreOrganisation.EQUIPE, nom, telephone="01 00 00 00 00", par=par
                )
            for nom, equipes, relecture in BAILLEURS:
                m.bailleurs[nom] = conventions.creer_organisation(
                    GenreOrganisation.BAILLEUR, nom, telephone="01 00 00 00 10", par=par
                )
                for equipe in equipes:
                    self._conventionner(m.bailleurs[nom], equipe, relecture, par)
            for nom, genre, equipe, signale in PARTENAIRES:
                organisation = conventions.creer_organisation(
                    GenreOrganisation.PARTENAIRE, nom, genre_partenaire=genre, communes=_communes(equipe)[:1],
                    telephone="01 00 00 00 20", adresse="1 place Imaginaire", par=par,
                )  # fmt: skip
                m.partenaires[equipe].append(organisation)
                if signale:
                    self._conventionner(organisation, equipe, False, par)
            for nom, equipe in CLSM:
                m.clsm.append(
                    conventions.creer_organisation(GenreOrganisation.CLSM, nom, communes=_communes(equipe), par=par)
                )

    def _conventionner(self, orienteur: Organisation, equipe: str, relecture: bool, par: Compte) -> None:
        conventions.creer_convention(
            self.monde.equipes[equipe], orienteur, _communes(equipe), du=self.debut.date(), au=None,
            relecture=relecture, par=par,
        )  # fmt: skip

    def _equipe(self, exploitation: Compte, equipe: Organisation) -> None:
        membres = EQUIPES[equipe.nom]
        coordination = self._inviter(exploitation, equipe, *membres[0])
        for role, fonction in membres[1:]:
            self._inviter(coordination, equipe, role, fonction)

    def _bailleur(self, exploitation: Compte, bailleur: Organisation, equipes: tuple[str, ...]) -> None:
        responsable = self._inviter(exploitation, bailleur, Role.RESPONSABLE, "Responsable de la gestion locative")
        par_equipe = 12 // len(equipes)
        for equipe in equipes:
            self.monde.residences[(bailleur.nom, equipe)] = self._residences(responsable, bailleur, equipe, par_equipe)
        for fonction in ("Conseillère sociale", "Chef de secteur"):
            self._inviter(responsable, bailleur, Role.REFERENT, fonction)
        toutes = [r for e in equipes for r in self.monde.residences[(bailleur.nom, e)]]
        for rang in range(4):
            siennes = toutes[rang::4]
            gardien = self._inviter(responsable, bailleur, Role.GARDIEN, "Gardien", [r.pk for r in siennes])
            for residence in siennes:
                self.monde.gardiens_de.setdefault(residence.pk, []).append(gardien)

    def _residences(self, par: Compte, bailleur: Organisation, equipe: str, combien: int) -> list[Residence]:
        faites = []
        with agir_comme(par):
            for rang in range(combien):
                code, commune = _communes(equipe)[rang % 3]
                nom = noms.RESIDENCES[rang] if equipe == EST else f"{noms.RESIDENCES[rang]}, {commune}"
                faites.append(
                    patrimoine.ajouter_residence(
                        Description(
                            nom=nom,
                            adresse=f"{self.alea.randint(1, 60)} {self.alea.choice(noms.VOIES)}",
                            code_postal=code[:3] + "00",
                            territoire=Territoire.objects.get(code_insee=code),
                            secteur=noms.SECTEURS[rang % len(noms.SECTEURS)],
                        ),
                        par=par,
                    )
                )
        return faites

    def _deux_rattachements(self) -> None:
        """One person speaks for two bailleurs: she changes organisation from her account menu."""
        personne = self.monde.de(self.monde.bailleurs["Habitat des Trois Ponts"], Role.REFERENT)[0]
        autre = self.monde.bailleurs["Cités des Hauts-Plans"]
        responsable = self.monde.de(autre, Role.RESPONSABLE)[0]
        with agir_comme(responsable):
            invitation = invitations.inviter(
                autre, Role.REFERENT, personne.email, "Conseillère sociale", par=responsable
            )
        invitations.accepter_invitation(jeton_de(invitation.pk), compte=personne)

    def _inviter(
        self, par: Compte, organisation: Organisation, role: Role, fonction: str, residences: list[int] | None = None
    ) -> Compte:
        premier_mot = fonction.split()[0]
        feminin = self.alea.random() < 0.5 if fonction in EPICENES else premier_mot.endswith(("e", "ée"))
        prenom, nom = self._nom(feminin)
        if feminin:
            fonction = FEMININS.get(fonction, fonction)
        courriel = f"{_simple(prenom)}.{_simple(nom)}@demo.invalid"
        with agir_comme(par):
            invitation = invitations.inviter(organisation, role, courriel, fonction, residences or [], par=par)
        compte = self._accepter(jeton_de(invitation.pk), prenom, nom)
        self._ajouter(compte, role, organisation)
        return compte

    def _accepter(self, jeton: str, prenom: str, nom: str) -> Compte:
        # An unusable password: the demonstration signs in by its own page.
        return invitations.accepter_avec_nouveau_compte(
            jeton, nom=nom, prenom=prenom, mot_de_passe=f"!{self.alea.random()}"
        )

    def _ajouter(self, compte: Compte, role: Role, organisation: Organisation | None = None) -> None:
        if organisation is not None:
            self.monde.membres.setdefault((organisation.pk, role), []).append(compte)
        with agir_comme(compte):
            pass  # takes its place: roles and organisation are known from now on

    def _nom(self, feminin: bool) -> tuple[str, str]:
        while True:
            paire = (self.alea.choice(noms.PRENOMS_F if feminin else noms.PRENOMS_M), self.alea.choice(noms.NOMS))
            if paire not in self._pris:
                self._pris.add(paire)
                return paire


def _communes(equipe: str) -> tuple[tuple[str, str], ...]:
    return COMMUNES_EST if equipe == EST else COMMUNES_SUD


def _simple(texte: str) -> str:
    sans = unicodedata.normalize("NFKD", texte.lower().replace("œ", "oe")).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z]+", "-", sans).strip("-")


def jour_de_debut(aujourdhui: date) -> date:
    """The first day of a semester at least eighteen months before today: the bilans cover whole semesters."""
    annee, mois = aujourdhui.year - 1, 1 if aujourdhui.month >= 7 else -5
    return date(annee, mois, 1) if mois > 0 else date(annee - 1, 7, 1)
