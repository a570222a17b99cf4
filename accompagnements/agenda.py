"""The agenda of the équipe: a week or a month of visits, whose they are, and who is in two places at once."""

import calendar
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Final

from django.http import QueryDict
from django.urls import reverse

from accompagnements.enums import EtatVisite, Lieu
from accompagnements.models import Visite
from partenaires.models import Compte
from socle import horloge
from socle.calendrier import ajouter_mois, jours_feries
from socle.ecriture import JOURS, date_moyenne, heure, jour_de
from socle.ecriture import MOIS as MOIS_ECRITS
from socle.pagination import adresse_avec

SEMAINE, MOIS = "semaine", "mois"
MOI: Final = "moi"
MAXIMUM: Final = 600  # a team makes some tens of visits a month
LUNDI_PREMIER: Final = calendar.Calendar(calendar.MONDAY)
NOMS: Final = {
    EtatVisite.FAITE: "faite", EtatVisite.ABSENT: "personne absente", EtatVisite.REFUSEE: "refusée",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class LigneAgenda:
    """A visit as it is read in a day."""

    url: str
    heure: str
    fin: str
    titre: str
    lieu: str
    qui: str
    etat: str = ""
    seul: bool = False
    sans_compte_rendu: bool = False
    conflit: str = ""
    objet: str = ""


@dataclass(slots=True)
class Jour:
    """A day and what it holds; `hors_mois` is of the month before or after."""

    jour: date
    titre: str
    court: str
    aujourd_hui: bool
    ferie: bool
    hors_mois: bool = False
    lignes: list[LigneAgenda] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Periode:
    """The week or the month that holds a day, and its neighbours; `du` and `au` are its first and last days."""

    vue: str
    le: date
    du: date
    au: date

    @classmethod
    def de(cls, parametres: QueryDict) -> "Periode":
        """What the address asks for: this week when it says nothing, or nonsense."""
        vue = MOIS if parametres.get("vue") == MOIS else SEMAINE
        try:
            le = date.fromisoformat(parametres.get("le", ""))
        except ValueError:
            le = horloge.aujourdhui()
        if not 2000 <= le.year <= 2100:
            le = horloge.aujourdhui()
        if vue == MOIS:
            jours = list(LUNDI_PREMIER.itermonthdates(le.year, le.month))
            return cls(vue, le, jours[0], jours[-1])
        lundi = le - timedelta(days=le.weekday())
        return cls(vue, le, lundi, lundi + timedelta(days=6))

    @property
    def est_semaine(self) -> bool:
        return self.vue == SEMAINE

    @property
    def avant(self) -> date:
        return ajouter_mois(self.le.replace(day=1), -1) if self.vue == MOIS else self.le - timedelta(days=7)

    @property
    def apres(self) -> date:
        return ajouter_mois(self.le.replace(day=1), 1) if self.vue == MOIS else self.le + timedelta(days=7)

    @property
    def titre(self) -> str:
        """« Semaine du 12 au 18 octobre 2026 », « Octobre 2026 »."""
        if self.vue == MOIS:
            return f"{MOIS_ECRITS[self.le.month - 1].capitalize()} {self.le.year}"
        return f"Semaine du {date_moyenne(self.du)} au {date_moyenne(self.au)}"

    def jours(self) -> list[Jour]:
        """Its days, empty."""
        feries = {j for annee in {self.du.year, self.au.year} for j in jours_feries(annee)}
        aujourdhui = horloge.aujourdhui()
        tous = [self.du + timedelta(days=n) for n in range((self.au - self.du).days + 1)]
        return [
            Jour(
                j, f"{JOURS[j.weekday()].capitalize()} {date_moyenne(j)}", str(j.day), j == aujourdhui, j in feries,
                hors_mois=self.vue == MOIS and j.month != self.le.month,
            )
            for j in tous
        ]  # fmt: skip


def remplir(jours: list[Jour], visites: Iterable[Visite], noms: Mapping[int, str]) -> list[Jour]:
    """Each visit in its day, in order; a person at two places at the same hour is said on both."""
    lues = list(visites)
    par_jour = {j.jour: j for j in jours}
    for v in lues:
        jour = par_jour.get(jour_de(v.debut))
        if jour is not None:
            jour.lignes.append(replace(_ligne(v, noms), conflit=_conflit(v, lues, noms)))
    return jours


def semaines(jours: list[Jour]) -> list[list[Jour]]:
    return [jours[n : n + 7] for n in range(0, len(jours), 7)]


def ouvrees(jours: list[Jour]) -> list[Jour]:
    """Monday to Friday; a Saturday or a Sunday only when it holds something."""
    return [j for j in jours if j.jour.weekday() < 5 or j.lignes]


def filtres(parametres: QueryDict, compte: Compte, noms: Mapping[int, str]) -> list[tuple[str, str, bool]]:
    """(label, address, current): one's own, everybody's, each colleague's."""
    qui = parametres.get("qui", "")
    choix = [("Toute l’équipe", ""), ("Moi", MOI)]
    choix += [(nom, str(cle)) for cle, nom in noms.items() if cle != compte.pk]
    return [(libelle, adresse_avec(parametres, qui=code), qui == code) for libelle, code in choix]


def personne_de(parametres: QueryDict, compte: Compte, noms: Mapping[int, str]) -> int | None:
    """Whose visits are asked for; None for everybody, and for somebody who is not of the équipe."""
    qui = parametres.get("qui", "")
    if qui == MOI:
        return compte.pk
    return int(qui) if qui.isascii() and qui.isdecimal() and int(qui) in noms else None


def _ligne(v: Visite, noms: Mapping[int, str]) -> LigneAgenda:
    fiche = v.accompagnement.fiche
    residence = fiche.residence.nom if fiche.residence and v.lieu == Lieu.DOMICILE else ""
    lieu = ", ".join(filter(None, [str(Lieu(v.lieu).label), residence, "avec l’orienteur" if v.conjointe else ""]))
    locataire = fiche.locataire_lisible
    return LigneAgenda(
        url=reverse("visite", args=[v.pk]),
        heure=heure(v.debut),
        fin=heure(v.fin),
        titre=locataire.nom_bref if locataire else fiche.reference,
        lieu=lieu,
        qui=", ".join(noms[c] for c in v.participants if c in noms),
        etat=NOMS.get(EtatVisite(v.etat), ""),
        seul=v.ne_pas_y_aller_seul and v.etat == EtatVisite.PLANIFIEE,
        sans_compte_rendu=v.etat == EtatVisite.PLANIFIEE and v.fin <= horloge.maintenant(),
        objet=str(v.accompagnement_id),
    )


def _conflit(v: Visite, toutes: list[Visite], noms: Mapping[int, str]) -> str:
    """Who of this visit is planned elsewhere at the same hour."""
    if v.etat != EtatVisite.PLANIFIEE:
        return ""
    pris = {
        c
        for autre in toutes
        if autre.pk != v.pk and autre.etat == EtatVisite.PLANIFIEE and autre.debut < v.fin and v.debut < autre.fin
        for c in set(autre.participants) & set(v.participants)
    }
    return ", ".join(noms[c] for c in sorted(pris) if c in noms)
