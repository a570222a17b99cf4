"""Model fields that a dump of the database does not show: sealed by `save()`, opened on access.

The associated data are `table|column|primary key|organisation`: moved to another place a value no longer
opens.
Source: the security specification, "Data".
"""

import json
from typing import TYPE_CHECKING, Any, ClassVar, Final, Generic, TypeVar

from django import forms
from django.core import checks
from django.core.exceptions import ValidationError
from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models.fields.mixins import CheckFieldDefaultMixin
from django.db.models.query_utils import DeferredAttribute

from socle.chiffrement.scelles import ChiffreIllisible, Scelle, ScellementImpossible, ouvrir, sceller

LONGUEUR_UNE_LIGNE: Final = 255

_ST = TypeVar("_ST", contravariant=True)
_GT = TypeVar("_GT", covariant=True)

if TYPE_CHECKING:

    class _Binaire(models.Field[_ST, _GT]):
        """For the type checker any field: what the column gives is clear text, not bytes."""
else:

    class _Binaire(models.BinaryField, Generic[_ST, _GT]):
        """Django's field, subscriptable at run time too."""


class _Acces(DeferredAttribute):
    """Opens on access, where the row is known. A data descriptor, or the instance's dict would win."""

    field: "_ChampScelle[Any, Any]"

    def __get__(self, instance: models.Model | None, cls: type[models.Model] | None = None) -> Any:
        if instance is None:
            return self
        valeurs, nom = instance.__dict__, self.field.attname
        if nom not in valeurs:
            valeurs[nom] = self.field.lire(instance)
        valeur = valeurs[nom]
        if not isinstance(valeur, Scelle):
            return valeur
        clair = self.field.ouvrir(instance, valeur)
        if self.field.modifiable_en_place:
            valeurs[nom] = clair
        return clair

    def __set__(self, instance: models.Model, valeur: object) -> None:
        instance.__dict__[self.field.attname] = valeur


class _ChampScelle(_Binaire[_ST, _GT]):
    """A column that only holds sealed values.

    The model names the attribute that holds the organisation in `ORGANISATION_DU_CHIFFRE` ("equipe_id" when
    it says nothing). Values are sealed by `save()` and `bulk_create()`; `update()`, `bulk_update()` and
    filters raise TypeError (but for None, `isnull`, and a `Scelle`, which rotation compares and writes).
    `values()` gives a `Scelle`. Adding such a column to a table that has rows needs `null=True`: no default
    can be sealed for all of them. Renaming the table or the column needs a re-sealing of its rows.
    """

    descriptor_class = _Acces
    modifiable_en_place: ClassVar[bool] = False

    def _vers_octets(self, clair: Any) -> bytes:
        raise NotImplementedError

    def _depuis_octets(self, octets: bytes) -> Any:
        raise NotImplementedError

    def _contexte(self, instance: models.Model) -> str | None:
        """The associated data of this column in this row; None while row or organisation is unknown."""
        organisation = getattr(instance, self._colonne_organisation(type(instance)), None)
        if instance.pk is None or organisation is None:
            return None
        pk = instance._meta.pk.to_python(instance.pk)
        return f"{self.model._meta.db_table}|{self.column}|{pk}|{int(organisation)}"

    @staticmethod
    def _colonne_organisation(modele: type[models.Model]) -> str:
        return getattr(modele, "ORGANISATION_DU_CHIFFRE", "equipe_id")

    def _refuser(self, raison: str) -> ScellementImpossible:
        return ScellementImpossible(f"{self}: {raison}")

    def sceller(self, instance: models.Model, clair: Any) -> Scelle:
        """Seal a clear value for its place in this row."""
        contexte = self._contexte(instance)
        if contexte is None:
            raise self._refuser("row and organisation must be known before sealing.")
        return sceller(self._vers_octets(clair), contexte=contexte)

    def ouvrir(self, instance: models.Model, scelle: Scelle) -> Any:
        """Open a sealed value that stands in this row; errors name the column, never the data."""
        contexte = self._contexte(instance)
        if contexte is None:
            raise ChiffreIllisible(f"{self}: row and organisation must be known before opening.")
        try:
            return self._depuis_octets(ouvrir(scelle, contexte=contexte))
        except ChiffreIllisible as erreur:
            raise type(erreur)(f"{self.model._meta.db_table}.{self.column}: {erreur}") from None

    def lire(self, instance: models.Model) -> Any:
        """The column of a row whose field was deferred: one query, whatever else is deferred."""
        lignes = type(instance)._base_manager.using(instance._state.db).filter(pk=instance.pk)
        return lignes.values_list(self.attname, flat=True).get()

    def from_db_value(
        self, value: bytes | memoryview | None, expression: object, connection: BaseDatabaseWrapper
    ) -> Scelle | None:
        return None if value is None else Scelle(value)

    def pre_save(self, model_instance: models.Model, add: bool) -> Scelle | None:
        """Seal a clear value. A sealed one must open here: a copied row fails now, not when it is read."""
        if self.attname not in model_instance.__dict__:
            model_instance.__dict__[self.attname] = self.lire(model_instance)
        valeur = model_instance.__dict__[self.attname]
        if valeur is None:
            return None
        if isinstance(valeur, Scelle):
            self.ouvrir(model_instance, valeur)
            return valeur
        return self.sceller(model_instance, valeur)

    def get_prep_value(self, value: Any) -> Scelle | None:
        if value is not None and not isinstance(value, Scelle):
            raise TypeError(f"{self}: update() and filters cannot seal a value, save the object instead.")
        return value

    def get_db_prep_value(self, value: Any, connection: BaseDatabaseWrapper, prepared: bool = False) -> Any:
        # Always prepared here: an unsealed value never reaches the driver, whatever the caller says.
        scelle = self.get_prep_value(value)
        return super().get_db_prep_value(None if scelle is None else bytes(scelle), connection, prepared=True)

    def get_lookup(self, lookup_name: str) -> Any:
        if lookup_name not in ("isnull", "exact", "in"):
            raise TypeError(f"{self}: a sealed column cannot be filtered by {lookup_name!r}.")
        return super().get_lookup(lookup_name)

    def get_transform(self, lookup_name: str) -> Any:
        raise TypeError(f"{self}: a sealed column cannot be transformed by {lookup_name!r}.")

    def value_to_string(self, obj: models.Model) -> str:
        raise TypeError(f"{self}: a sealed column is not serialised, clear text would leave the database.")

    def deconstruct(self) -> tuple[str, str, Any, dict[str, Any]]:
        nom, chemin, arguments, options = super().deconstruct()
        options.pop("editable", None)
        if not self.editable:
            options["editable"] = False
        return nom, chemin, arguments, options

    def check(self, **kwargs: Any) -> list[checks.CheckMessage]:
        messages = super().check(**kwargs)
        organisation = self._colonne_organisation(self.model)
        if organisation not in {champ.attname for champ in self.model._meta.concrete_fields}:
            messages.append(
                checks.Error(
                    f"ORGANISATION_DU_CHIFFRE: the model has no column attribute {organisation!r}.",
                    obj=self,
                    id="socle.E001",
                )
            )
        if self.unique or getattr(self, "db_index", False):
            messages.append(checks.Error("A sealed column is neither unique nor indexed.", obj=self, id="socle.E002"))
        return messages

    def _check_str_default_value(self) -> list[checks.CheckMessage]:
        return []


class ChampChiffre(_ChampScelle[_ST, _GT]):
    """Sealed text of at most `max_length` characters.

    The database cannot see the length, so sealing checks it. In a form: one line up to 255 characters,
    several beyond.
    """

    _pyi_private_set_type: str
    _pyi_private_get_type: str
    empty_values = [None, ""]  # noqa: RUF012 (as Django declares it)

    def __init__(self, verbose_name: str | None = None, *, max_length: int, **kwargs: Any) -> None:
        kwargs.setdefault("editable", True)
        super().__init__(verbose_name, max_length=max_length, **kwargs)

    def _vers_octets(self, clair: Any) -> bytes:
        if not isinstance(clair, str):
            raise self._refuser("a text is expected.")
        if self.max_length is not None and len(clair) > self.max_length:
            raise self._refuser(f"{len(clair)} characters, {self.max_length} at most.")
        return _utf8(clair, self)

    def _depuis_octets(self, octets: bytes) -> str:
        return octets.decode()

    def to_python(self, value: Any) -> Any:
        return value if value is None or isinstance(value, str | Scelle) else str(value)

    def get_default(self) -> Any:
        defaut = super().get_default()
        return "" if defaut == b"" else defaut

    def formfield(self, **kwargs: Any) -> Any:
        options: dict[str, Any] = {"form_class": forms.CharField, "max_length": self.max_length}
        if self.max_length is None or self.max_length > LONGUEUR_UNE_LIGNE:
            options["widget"] = forms.Textarea
        if self.null:
            options["empty_value"] = None
        return super().formfield(**{**options, **kwargs})


class ChampChiffreJSON(CheckFieldDefaultMixin, _ChampScelle[_ST, _GT]):
    """A sealed JSON value; `max_length` and validators are about its JSON text. None is SQL NULL.

    A dict or list changed in place is sealed again by `save()`.
    """

    _pyi_private_set_type: Any
    _pyi_private_get_type: Any
    _default_hint = ("dict", "{}")
    empty_strings_allowed = False
    empty_values = [None, "", [], {}]  # noqa: RUF012 (as Django declares it)
    modifiable_en_place = True

    def _texte(self, valeur: Any) -> str:
        return json.dumps(valeur, ensure_ascii=False, separators=(",", ":"), allow_nan=False)

    def _vers_octets(self, clair: Any) -> bytes:
        try:
            texte = self._texte(clair)
        except (TypeError, ValueError):
            raise self._refuser("the value has no JSON form.") from None
        if self.max_length is not None and len(texte) > self.max_length:
            raise self._refuser(f"{len(texte)} characters of JSON, {self.max_length} at most.")
        return _utf8(texte, self)

    def _depuis_octets(self, octets: bytes) -> Any:
        return json.loads(octets)

    def to_python(self, value: Any) -> Any:
        return value

    def validate(self, value: Any, model_instance: models.Model | None) -> None:
        super().validate(value, model_instance)
        try:
            self._texte(value)
        except (TypeError, ValueError):
            raise ValidationError("Cette valeur ne peut pas être enregistrée.", code="invalid") from None

    def run_validators(self, value: Any) -> None:
        if value not in self.empty_values:
            super().run_validators(self._texte(value))

    def formfield(self, **kwargs: Any) -> Any:
        return super().formfield(**{"form_class": forms.JSONField, **kwargs})


class ChampChiffreOctets(_ChampScelle[_ST, _GT]):
    """Sealed bytes, at most `max_length` of them when it is given. Not in forms."""

    _pyi_private_set_type: bytes
    _pyi_private_get_type: bytes

    def _vers_octets(self, clair: Any) -> bytes:
        if not isinstance(clair, bytes | bytearray | memoryview):
            raise self._refuser("bytes are expected.")
        if self.max_length is not None and len(clair) > self.max_length:
            raise self._refuser(f"{len(clair)} bytes, {self.max_length} at most.")
        return bytes(clair)

    def _depuis_octets(self, octets: bytes) -> bytes:
        return octets

    def to_python(self, value: Any) -> Any:
        return bytes(value) if isinstance(value, bytearray | memoryview) else value


def _utf8(texte: str, champ: _ChampScelle[Any, Any]) -> bytes:
    try:
        return texte.encode()
    except UnicodeEncodeError:
        # The original exception carries the whole text.
        raise ScellementImpossible(f"{champ}: the text is not valid Unicode.") from None


def scelle_de(ligne: models.Model, colonne: str, clair: Any) -> bytes:
    """A value sealed for its place in a row that a function of the database writes. TypeError for a column in clear."""
    champ = ligne._meta.get_field(colonne)
    if not isinstance(champ, ChampChiffre):
        raise TypeError(f"{champ} is not sealed.")
    return bytes(champ.sceller(ligne, clair))
