"""What the platform makes: organisations, and the conventions that open the right to file."""

from collections.abc import Iterable, Sequence
from datetime import date

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.backends.postgresql.psycopg_any import DateRange

from partenaires import droits
from partenaires.enums import Action, GenreOrganisation, Permission
from partenaires.models import (
    Compte,
    Convention,
    ConventionTerritoire,
    CouvertureClsm,
    Organisation,
    Territoire,
)
from socle import horloge, journal

# `exploitation` makes the organisations of the field; the platform itself is made by the installation.
GENRES_A_CREER = (
    GenreOrganisation.EQUIPE,
    GenreOrganisation.BAILLEUR,
    GenreOrganisation.PARTENAIRE,
    GenreOrganisation.CLSM,
)
Commune = tuple[str, str]  # INSEE code, name ("" when the commune is known)


def creer_organisation(
    genre: str,
    nom: str,
    *,
    genre_partenaire: str = "",
    telephone: str = "",
    courriel: str = "",
    adresse: str = "",
    communes: Sequence[Commune] = (),
    par: Compte,
) -> Organisation:
    """Make an organisation; `communes` are those that a CLSM covers, or the one where a partenaire stands.

    ValidationError when the name is taken or a commune is unknown and has no name.
    """
    plateforme_id = droits.exiger(par, Permission.EXPLOITER)
    if genre not in GENRES_A_CREER:
        raise ValidationError({"genre": "Ce genre d’organisation n’est pas à créer ici."})
    if Organisation.objects.filter(nom=nom).exists():
        raise ValidationError({"nom": "Une organisation porte déjà ce nom."})
    with transaction.atomic():
        territoires = territoires_de(communes)
        organisation = Organisation(
            genre=genre,
            nom=nom,
            genre_partenaire=genre_partenaire if genre == GenreOrganisation.PARTENAIRE else "",
            telephone=telephone,
            courriel=courriel,
            adresse=adresse,
        )
        if genre == GenreOrganisation.PARTENAIRE and territoires:
            organisation.territoire = territoires[0]
        organisation.save()
        if genre == GenreOrganisation.CLSM:
            CouvertureClsm.objects.bulk_create(CouvertureClsm(clsm=organisation, territoire=t) for t in territoires)
        _noter(Action.ORGANISATION_CREEE, plateforme_id, "organisation", organisation.pk)
    return organisation


def creer_convention(
    equipe: Organisation,
    orienteur: Organisation,
    communes: Sequence[Commune],
    *,
    du: date,
    au: date | None,
    relecture: bool,
    par: Compte,
) -> Convention:
    """Sign an équipe and a bailleur or partenaire over communes and dates (`au` included).

    ValidationError when another équipe, or the same one, already has this orienteur in one of the communes on
    one of the days: at most one équipe per organisation, commune and day.
    """
    droits.exiger(par, Permission.EXPLOITER)
    with transaction.atomic():
        territoires = territoires_de(communes)
        if not territoires:
            raise ValidationError({"communes": "Indiquez au moins une commune."})
        periode = _periode(du, au)
        _refuser_chevauchement(orienteur, territoires, periode)
        convention = Convention.objects.create(equipe=equipe, orienteur=orienteur, du=du, au=au, relecture=relecture)
        try:
            with transaction.atomic():
                ConventionTerritoire.objects.bulk_create(
                    ConventionTerritoire(
                        convention=convention,
                        equipe=equipe,
                        orienteur=orienteur,
                        territoire=territoire,
                        periode=periode,
                    )
                    for territoire in territoires
                )
        except IntegrityError as erreur:  # somebody signed the same one in the meantime
            if "une_equipe_par_orienteur_commune_et_jour" not in str(erreur):
                raise
            raise _chevauchement("une de ces communes", "une équipe") from erreur
        _noter(Action.CONVENTION_CREEE, equipe.pk, "convention", convention.pk)
    return convention


def terminer_convention(pk: int, au: date, *, par: Compte) -> Convention:
    """End a convention on a day (included), today or later: no new fiche after it, open ones go on.

    ValidationError for a day in the past, before its beginning or after its present end.
    """
    droits.exiger(par, Permission.EXPLOITER)
    with transaction.atomic():
        convention = Convention.objects.visibles_par(par).select_for_update().get(pk=pk)
        if au < max(convention.du, horloge.aujourdhui()):
            raise ValidationError({"au": "La fin est aujourd’hui ou plus tard, et après le début."})
        if convention.au is not None and au > convention.au:
            raise ValidationError({"au": "Une convention se prolonge par une nouvelle convention."})
        convention.au = au
        convention.save(update_fields=["au"])
        ConventionTerritoire.objects.filter(convention=convention).update(periode=_periode(convention.du, au))
        _noter(Action.CONVENTION_TERMINEE, convention.equipe_id, "convention", convention.pk)
    return convention


def territoires_de(communes: Iterable[Commune]) -> list[Territoire]:
    """The communes of these INSEE codes, in order; one that is not known yet is made with its name.

    ValidationError names the code that is unknown and has no name.
    """
    voulues = dict(communes)
    connues = {t.code_insee: t for t in Territoire.objects.filter(code_insee__in=voulues)}
    for code, nom in voulues.items():
        if code in connues:
            continue
        if not nom:
            raise ValidationError(
                {"communes": f"La commune {code} n’est pas encore connue : ajoutez son nom après le code."}
            )
        connues[code] = Territoire.objects.create(code_insee=code, nom=nom)
    return [connues[code] for code in voulues]


def _periode(du: date, au: date | None) -> DateRange:
    return DateRange(du, au, "[]" if au else "[)")


def _refuser_chevauchement(orienteur: Organisation, territoires: Sequence[Territoire], periode: DateRange) -> None:
    deja = (
        ConventionTerritoire.objects.filter(orienteur=orienteur, territoire__in=territoires, periode__overlap=periode)
        .select_related("territoire", "equipe")
        .order_by("territoire__nom")
        .first()
    )
    if deja is not None:
        raise _chevauchement(deja.territoire.nom, deja.equipe.nom)


def _chevauchement(commune: str, equipe: str) -> ValidationError:
    return ValidationError(
        {
            "communes": f"Cette organisation a déjà une convention sur {commune} à ces dates, avec {equipe}. "
            "Une seule équipe par commune et par jour : changez les dates ou la commune."
        }
    )


def _noter(action: Action, organisation_id: int, objet_type: str, pk: int) -> None:
    journal.noter(action, organisation_id=organisation_id, objet_type=objet_type, objets=[pk])
