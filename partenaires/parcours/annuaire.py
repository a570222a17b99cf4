"""The annuaire: entries added, corrected, put away and taken back by the équipe."""

from dataclasses import dataclass
from typing import Final
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction

from partenaires import communes, droits
from partenaires.enums import Action, GenrePartenaire, Permission
from partenaires.models import Compte, Organisation, Structure, Territoire
from partenaires.models.annuaire import DE_LA_SOURCE, est_partenaire
from socle import horloge, journal
from socle.lectures import plier

# What a person writes; those of `DE_LA_SOURCE` are kept once the équipe has corrected them.
CHAMPS: Final = (
    "genre", "nom", "adresse", "code_postal", "commune", "code_insee", "couvre", "telephone", "courriel", "mssante",
    "site", "horaires", "contact", "notes", "organisation",
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Fiche:
    """What is said of a structure."""

    genre: str
    nom: str
    adresse: str = ""
    code_postal: str = ""
    commune: str = ""
    code_insee: str = ""
    couvre: str = ""
    telephone: str = ""
    courriel: str = ""
    mssante: str = ""
    site: str = ""
    horaires: str = ""
    contact: str = ""
    notes: str = ""
    organisation: Organisation | None = None


def ajouter(fiche: Fiche, *, par: Compte) -> Structure:
    """Add an entry to the annuaire of the person's équipe; ValidationError for one that stands there already."""
    equipe_id = droits.exiger(par, Permission.SUIVRE)
    _verifier(fiche)
    siennes = Structure.objects.visibles_par(par).ouvertes().filter(genre=fiche.genre, code_insee=fiche.code_insee)
    if any(plier(s.nom) == plier(fiche.nom) for s in siennes.only("nom")):
        raise ValidationError({"nom": "L’annuaire a déjà une structure de ce nom et de ce genre dans cette commune."})
    structure = Structure(equipe_id=equipe_id)
    _decrire(structure, fiche)
    structure.save(force_insert=True)
    _noter(Action.STRUCTURE_AJOUTEE, structure)
    return structure


def modifier(pk: UUID, fiche: Fiche, *, version: int, par: Compte) -> Structure:
    """Correct an entry from the version that the form showed; what is written over an import is kept by the next.

    ConflitDeVersion when somebody saved it in between; Structure.DoesNotExist in another équipe.
    """
    _verifier(fiche)
    with transaction.atomic():
        structure = _verrouillee(pk, par)
        if structure.est_importee:
            changes = {nom for nom in DE_LA_SOURCE if getattr(structure, nom) != getattr(fiche, nom)}
            structure.corriges = sorted(changes | set(structure.corriges))
        _decrire(structure, fiche)
        structure.enregistrer_version(version, [*CHAMPS, "corriges"])
        _noter(Action.STRUCTURE_MODIFIEE, structure)
    return structure


def archiver(pk: UUID, *, par: Compte) -> Structure:
    """Put it away: it is not proposed any more; what was sent to it stands. Twice changes nothing."""
    with transaction.atomic():
        structure = _verrouillee(pk, par)
        if structure.archivee_le is None:
            structure.archivee_le = horloge.aujourdhui()
            _changer(structure, "archivee_le")
            _noter(Action.STRUCTURE_ARCHIVEE, structure)
    return structure


def reprendre(pk: UUID, *, par: Compte) -> Structure:
    """Take back one that was put away, or that its source said closed."""
    with transaction.atomic():
        structure = _verrouillee(pk, par)
        if not structure.est_ouverte:
            structure.archivee_le = structure.fermee_le = None
            _changer(structure, "archivee_le", "fermee_le")
            _noter(Action.STRUCTURE_REPRISE, structure)
    return structure


def commune_de(saisie: str, code_postal: str = "") -> tuple[str, str]:
    """(INSEE code, name) of the commune that is written; ValidationError says what to write.

    The postcode tells two communes of one name apart, and the arrondissement of Paris, Lyon or Marseille.
    """
    if not saisie.strip():
        return "", ""
    trouvees = communes.chercher(saisie, Territoire.objects.nommes(saisie))
    exactes = [c for c in trouvees if plier(c.nom) == plier(saisie) or c.code == saisie.strip().upper()]
    if len(exactes) > 1 and code_postal:
        proches = [c for c in exactes if c.code[:2] == code_postal[:2]]
        exactes = proches or exactes
    if len(exactes) == 1:
        return exactes[0].code, exactes[0].nom
    if exactes:
        raise ValidationError({"code_postal": "Plusieurs communes portent ce nom : écrivez le code postal."})
    if trouvees:
        noms = ", ".join(c.nom for c in trouvees[:4])
        raise ValidationError({"commune": f"Écrivez le nom entier de la commune, par exemple : {noms}."})
    raise ValidationError({"commune": "Cette commune n’est pas connue. Écrivez son nom comme sur une adresse."})


def _verifier(fiche: Fiche) -> None:
    if fiche.genre not in GenrePartenaire.values:
        raise ValidationError({"genre": "Choisissez un genre."})
    if not fiche.nom.strip():
        raise ValidationError({"nom": "Écrivez le nom de la structure."})
    if fiche.organisation is not None and not est_partenaire(fiche.organisation):
        raise ValidationError({"organisation": "Choisissez le compte d’un partenaire."})


def _verrouillee(pk: UUID, par: Compte) -> Structure:
    droits.exiger(par, Permission.SUIVRE)
    return Structure.objects.visibles_par(par).select_for_update(of=("self",)).get(pk=pk)


def _decrire(structure: Structure, fiche: Fiche) -> None:
    for champ in CHAMPS:
        setattr(structure, champ, getattr(fiche, champ))


def _changer(structure: Structure, *champs: str) -> None:
    structure.version += 1
    structure.save(update_fields=[*champs, "version"])


def _noter(action: Action, structure: Structure) -> None:
    journal.noter(action, organisation_id=structure.equipe_id, objet_type="structure", objets=[structure.pk])
