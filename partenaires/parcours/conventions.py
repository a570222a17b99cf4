"""What the platform makes: organisations, and the conventions that open the right to file."""

from collections.abc import Iterable, Sequence
from datetime import date

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.backends.postgresql.psycopg_any import DateRange

from partenaires import droits
from partenaires.enums import Action, GenreChangement, GenreOrganisation, Permission
from partenaires.models import (
    ChangementConvention,
    Compte,
    Convention,
    ConventionTerritoire,
    CouvertureClsm,
    Organisation,
    Territoire,
)
from socle import horloge, journal
from socle.ecriture import date_moyenne

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
    interlocuteur_equipe: str = "",
    interlocuteur_orienteur: str = "",
    par: Compte,
) -> Convention:
    """Sign an équipe and a bailleur or partenaire over communes and dates (`au` included).

    ValidationError when another équipe, or the same one, already has this orienteur in one of the communes on
    one of the days: at most one équipe per organisation, commune and day.
    """
    droits.exiger(par, Permission.EXPLOITER)
    with transaction.atomic():
        territoires = _communes_donnees(communes)
        _refuser_chevauchement(orienteur, territoires, _periode(du, au))
        convention = Convention.objects.create(
            equipe=equipe, orienteur=orienteur, du=du, au=au, relecture=relecture,
            interlocuteur_equipe=interlocuteur_equipe, interlocuteur_orienteur=interlocuteur_orienteur,
        )  # fmt: skip
        _couvrir(convention, territoires, _periode(du, au))
        _ecrire(convention, par, GenreChangement.CREEE, jour=du, territoires=territoires, relecture=relecture)
        _noter(Action.CONVENTION_CREEE, equipe.pk, "convention", convention.pk)
    return convention


def ajouter_communes(pk: int, communes: Sequence[Commune], *, du: date, par: Compte) -> Convention:
    """Widen a convention over other communes, from a day on (today or later) and until its end.

    ValidationError for a day in the past or outside the convention, or when an équipe already has one of them.
    """
    droits.exiger(par, Permission.EXPLOITER)
    with transaction.atomic():
        convention = _verrouillee(pk, par)
        if du < max(convention.du, horloge.aujourdhui()):
            raise ValidationError({"du": "Le début est aujourd’hui ou plus tard, et après celui de la convention."})
        if convention.au is not None and du > convention.au:
            raise ValidationError({"du": f"La convention finit le {date_moyenne(convention.au)}."})
        territoires = _communes_donnees(communes)
        periode = _periode(du, convention.au)
        _refuser_chevauchement(convention.orienteur, territoires, periode)
        _couvrir(convention, territoires, periode)
        _ecrire(convention, par, GenreChangement.COMMUNES_AJOUTEES, jour=du, territoires=territoires)
        _noter(Action.CONVENTION_COMMUNES, convention.equipe_id, "convention", convention.pk)
    return convention


def terminer_commune(pk: int, territoire_pk: int, au: date, *, par: Compte) -> ConventionTerritoire:
    """End one territory of a convention on a day (included), today or later; one that has not begun is withdrawn.

    `territoire_pk` is the row of the convention. ConventionTerritoire.DoesNotExist when it is not of this
    convention or is over. ValidationError for a day in the past, after its present end, or for the last one: it is
    the convention that ends then.
    """
    droits.exiger(par, Permission.EXPLOITER)
    with transaction.atomic():
        convention = _verrouillee(pk, par)
        ligne = convention.territoires.select_related("territoire").get(pk=territoire_pk)
        if ligne.est_passe(horloge.aujourdhui()):
            raise ConventionTerritoire.DoesNotExist
        _verifier_la_fin(au, ligne.au, "Une commune se prolonge en l’ajoutant de nouveau.")
        if not convention.territoires.exclude(pk=ligne.pk).apres(au).exists():
            raise ValidationError({"au": "C’est la dernière commune : mettez fin à la convention."})
        _raccourcir(ligne, au)
        _ecrire(convention, par, GenreChangement.COMMUNE_TERMINEE, jour=au, territoires=[ligne.territoire])
        _noter(Action.CONVENTION_COMMUNES, convention.equipe_id, "convention", convention.pk)
    return ligne


def changer_reglages(
    pk: int,
    *,
    relecture: bool,
    interlocuteur_equipe: str,
    interlocuteur_orienteur: str,
    version: int,
    par: Compte,
) -> Convention:
    """Change what a convention asks of those who file, from now on: a fiche already sent keeps its path.

    ConflitDeVersion when somebody changed it since the form was shown; Convention.DoesNotExist once it is over.
    """
    droits.exiger(par, Permission.EXPLOITER)
    with transaction.atomic():
        convention = _verrouillee(pk, par)
        change = convention.relecture != relecture
        convention.relecture = relecture
        convention.interlocuteur_equipe = interlocuteur_equipe
        convention.interlocuteur_orienteur = interlocuteur_orienteur
        convention.enregistrer_version(version, ["relecture", "interlocuteur_equipe", "interlocuteur_orienteur"])
        _ecrire(convention, par, GenreChangement.REGLAGES, relecture=relecture if change else None)
        _noter(Action.CONVENTION_REGLAGES, convention.equipe_id, "convention", convention.pk)
    return convention


def terminer_convention(pk: int, au: date, *, par: Compte) -> Convention:
    """End a convention on a day (included), today or later: no new fiche after it, open ones go on.

    Each territory keeps its own dates and ends then at the latest; one that would begin later never does.
    ValidationError for a day in the past, before its beginning or after its present end.
    """
    droits.exiger(par, Permission.EXPLOITER)
    with transaction.atomic():
        convention = Convention.objects.visibles_par(par).select_for_update().get(pk=pk)
        if au < convention.du:
            raise ValidationError({"au": "La fin est aujourd’hui ou plus tard, et après le début."})
        _verifier_la_fin(au, convention.au, "Une convention se prolonge par une nouvelle convention.")
        convention.au = au
        convention.version += 1
        convention.save(update_fields=["au", "version"])
        for ligne in convention.territoires.apres(au):
            _raccourcir(ligne, au)
        _ecrire(convention, par, GenreChangement.TERMINEE, jour=au)
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


def _verrouillee(pk: int, par: Compte) -> Convention:
    """A convention that is not over, locked until the end of the transaction."""
    lignes = Convention.objects.visibles_par(par).non_finies(horloge.aujourdhui())
    convention: Convention = lignes.select_for_update(of=("self",)).select_related("equipe", "orienteur").get(pk=pk)
    return convention


def _verifier_la_fin(au: date, connue: date | None, sinon: str) -> None:
    if au < horloge.aujourdhui():
        raise ValidationError({"au": "La fin est aujourd’hui ou plus tard, et après le début."})
    if connue is not None and au > connue:
        raise ValidationError({"au": sinon})


def _communes_donnees(communes: Sequence[Commune]) -> list[Territoire]:
    territoires = territoires_de(communes)
    if not territoires:
        raise ValidationError({"communes": "Indiquez au moins une commune."})
    return territoires


def _couvrir(convention: Convention, territoires: Sequence[Territoire], periode: DateRange) -> None:
    """Write the territories; the constraint refuses what somebody else signed in the meantime."""
    lignes = [
        ConventionTerritoire(
            convention=convention, equipe_id=convention.equipe_id, orienteur_id=convention.orienteur_id,
            territoire=territoire, periode=periode,
        )
        for territoire in territoires
    ]  # fmt: skip
    try:
        with transaction.atomic():
            ConventionTerritoire.objects.bulk_create(lignes)
    except IntegrityError as erreur:
        if "une_equipe_par_orienteur_commune_et_jour" not in str(erreur):
            raise
        raise _chevauchement("une de ces communes", "une équipe") from erreur


def _raccourcir(ligne: ConventionTerritoire, au: date) -> None:
    """End a territory on a day; the period of one that has not begun then is empty."""
    debut = ligne.du
    ligne.periode = DateRange(empty=True) if debut is None or debut > au else _periode(debut, au)
    ligne.save(update_fields=["periode"])


def _ecrire(
    convention: Convention,
    par: Compte,
    genre: GenreChangement,
    *,
    jour: date | None = None,
    territoires: Sequence[Territoire] = (),
    relecture: bool | None = None,
) -> None:
    """A line of the history."""
    ChangementConvention(
        convention=convention, equipe_id=convention.equipe_id, orienteur_id=convention.orienteur_id, genre=genre,
        le=horloge.maintenant(), par=par, jour=jour, communes=[t.code_insee for t in territoires], relecture=relecture,
    ).save(force_insert=True)  # fmt: skip


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
