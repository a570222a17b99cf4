"""What an équipe's filters offer, read together: whom it works with, where, and its own people."""

from dataclasses import dataclass
from datetime import date

from django.db import models
from django.db.models.functions import Cast

from partenaires.models.comptes import Compte, Rattachement
from partenaires.models.conventions import Convention
from partenaires.models.patrimoine import Residence
from socle.chiffrement import mots_de

Choix = tuple[tuple[str, str], ...]
_CONVENTION, _MEMBRE, _SECTEUR = "convention", "membre", "secteur"


@dataclass(frozen=True, slots=True)
class ChoixEquipe:
    """(key, name) of the orienteurs and communes of its conventions, in force or not, of its people in force, and of
    the secteurs of the résidences that it knows."""

    orienteurs: Choix
    communes: Choix
    membres: Choix
    secteurs: Choix


def choix_de_l_equipe(compte: Compte, jour: date) -> ChoixEquipe:
    """One statement: the list that they filter has a budget."""
    conventions = (
        Convention.objects.visibles_par(compte)
        .order_by()
        .annotate(genre=models.Value(_CONVENTION))
        .values_list(
            "genre", "orienteur_id", "orienteur__nom", "territoires__territoire_id", "territoires__territoire__nom"
        )
    )
    membres = (
        Rattachement.objects.visibles_par(compte)
        .en_vigueur(jour)
        .order_by()
        .annotate(
            genre=models.Value(_MEMBRE),
            sans_commune=Cast(models.Value(None), models.BigIntegerField()),
        )
        .values_list("genre", "compte_id", "compte__nom", "sans_commune", "compte__prenom")
    )
    secteurs = (
        Residence.objects.visibles_par(compte)
        .order_by()
        .exclude(secteur="")
        .annotate(
            genre=models.Value(_SECTEUR),
            sans_cle=Cast(models.Value(None), models.BigIntegerField()),
            sans_commune=Cast(models.Value(None), models.BigIntegerField()),
            sans_nom=models.Value(""),
        )
        .values_list("genre", "sans_cle", "secteur", "sans_commune", "sans_nom")
        .distinct()
    )
    noms_de_secteur: dict[str, str] = {}
    orienteurs: dict[str, str] = {}
    communes: dict[str, str] = {}
    personnes: dict[str, tuple[str, str]] = {}
    for genre, cle, nom, autre_cle, autre_nom in conventions.union(membres, secteurs, all=True):
        if genre == _MEMBRE:
            personnes[str(cle)] = (nom, autre_nom)
            continue
        if genre == _SECTEUR:
            noms_de_secteur[nom] = nom
            continue
        orienteurs[str(cle)] = nom
        if autre_cle is not None:
            communes[str(autre_cle)] = autre_nom
    rangees = sorted(personnes.items(), key=lambda p: (mots_de(p[1][0]), mots_de(p[1][1]), p[0]))
    return ChoixEquipe(
        orienteurs=_par_nom(orienteurs),
        communes=_par_nom(communes),
        secteurs=_par_nom(noms_de_secteur),
        membres=tuple((cle, f"{prenom} {nom}".strip()) for cle, (nom, prenom) in rangees),
    )


def _par_nom(noms: dict[str, str]) -> Choix:
    return tuple(sorted(noms.items(), key=lambda paire: (mots_de(paire[1]), paire[0])))
