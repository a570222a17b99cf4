"""Template tags of Palier: inlined icons, dates and numbers in French, and what the form components need."""

import json
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import Any

from django import forms, template
from django.contrib.staticfiles import finders
from django.forms.boundfield import BoundField
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from socle import ecriture
from socle.ecriture import INSECABLE
from socle.horloge import paris
from socle.presentation import Delai

register = template.Library()

_SVG = re.compile(r'<svg[^>]*?viewBox="([\d. -]+)"[^>]*>(.*?)</svg>', re.DOTALL)
_ICONE = '<svg class="pa-ico{}" viewBox="{}" aria-hidden="true" focusable="false">{}</svg>'


class IconeInconnue(LookupError):
    """The name is not that of a vendored icon."""


@lru_cache(maxsize=256)
def _dessin(nom: str) -> tuple[str, SafeString]:
    """The viewBox and the shapes of a vendored icon; IconeInconnue when there is none of that name."""
    trouve = finders.find(f"vendor/icones/{nom}.svg")
    if not isinstance(trouve, str):
        raise IconeInconnue(f"No vendored icon is called {nom!r} (static/vendor/icones).")
    lu = _SVG.search(Path(trouve).read_text(encoding="utf-8"))
    if lu is None:
        raise IconeInconnue(f"{trouve} is not an SVG with a viewBox.")
    # A file of our own repository, never a person's text.
    return lu.group(1), mark_safe(lu.group(2).strip())  # noqa: S308


@register.simple_tag
def icone(nom: str, classe: str = "") -> SafeString:
    """The icon inlined and hidden from assistive technology: a word always stands next to it."""
    vue, formes = _dessin(nom)
    return format_html(_ICONE, f" {classe}" if classe else "", vue, formes)


# Dates and numbers ------------------------------------------------------------------------------------


def _sauf_vide(ecrire: Callable[[Any], str]) -> Callable[[Any], str]:
    """A missing date or number is written as nothing, not as "None"."""

    def filtre(valeur: Any) -> str:
        return "" if valeur is None or valeur == "" else ecrire(valeur)

    filtre.__doc__ = ecrire.__doc__
    return filtre


_ECRITURES: dict[str, Callable[[Any], str]] = {
    "date_longue": ecriture.date_longue,
    "date_moyenne": ecriture.date_moyenne,
    "date_entiere": ecriture.date_entiere,
    "date_courte": ecriture.date_courte,
    "date_dense": ecriture.date_dense,
    "date_relative": ecriture.date_relative,
    "date_heure": ecriture.date_heure,
    "moment_relatif": ecriture.moment_relatif,
    "heure": ecriture.heure,
    "duree": ecriture.duree,
    "nombre": ecriture.nombre,
}
for _nom, _ecrire in _ECRITURES.items():
    register.filter(_nom, _sauf_vide(_ecrire))


@register.filter
def iso(valeur: date | datetime | time | timedelta | None) -> str:
    """The machine form, for `<time datetime>`; an instant is given in Europe/Paris."""
    if isinstance(valeur, datetime):
        return paris(valeur).isoformat(timespec="minutes")
    return valeur.isoformat() if isinstance(valeur, date | time) else ""


@register.filter
def compte_de(combien: int, formes: str) -> str:
    """`3|compte_de:"fiche,fiches"` is "3 fiches"; 0 and 1 are singular."""
    singulier, pluriel = formes.split(",")
    return ecriture.compter(combien, singulier, pluriel)


@register.filter
def pluriel(combien: int, formes: str) -> str:
    """The word alone, in the form the count asks for."""
    singulier, au_pluriel = formes.split(",")
    return ecriture.accorder(combien, singulier, au_pluriel)


@register.filter
def poids(octets: int) -> str:
    """The size of a file: « 410 ko »."""
    return ecriture.poids(octets)


@register.filter
def majuscule(texte: str) -> str:
    """The first letter in upper case, the others untouched (`capfirst` that keeps safe text out)."""
    return texte[:1].upper() + texte[1:]


@register.filter
def delai(echeance: date | datetime | None, comptage: str = "") -> Delai | None:
    """The Delai of a due date for `composants/delai.html`; `|delai:"ouvres"` counts working days."""
    return None if echeance is None else Delai.de(echeance, ouvres=comptage == "ouvres")


@register.filter
def delai_fait(jour: date | datetime | None) -> Delai | None:
    """The Delai of what is done, with its day."""
    return None if jour is None else Delai.fait_le(jour)


# Forms --------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class ErreurDeFormulaire:
    """A line of the error summary: its text and the field it leads to ("" for the whole form)."""

    ancre: str
    texte: str


def _classe_de(champ: BoundField) -> str:
    saisie = champ.field.widget
    if isinstance(saisie, forms.CheckboxInput | forms.RadioSelect | forms.CheckboxSelectMultiple):
        return "form-check-input"
    if isinstance(saisie, forms.Select):
        return "form-select"
    return "form-control"


def _groupe(champ: BoundField) -> bool:
    return isinstance(champ.field.widget, forms.RadioSelect | forms.CheckboxSelectMultiple)


@register.filter
def forme(champ: BoundField) -> str:
    """How `composants/champ.html` draws the field: simple, case, liste, puces, cartes or compose."""
    saisie = champ.field.widget
    if isinstance(saisie, forms.CheckboxInput):
        return "case"
    if _groupe(champ):
        return str(getattr(saisie, "forme", "liste"))
    return "compose" if champ.use_fieldset else "simple"


@register.filter
def controle(champ: BoundField) -> SafeString:
    """The widget with the classes of the style sheet, and the error state in words and border."""
    saisie = champ.field.widget
    classes = [str(saisie.attrs.get("class", "")), _classe_de(champ)]
    if champ.errors:
        classes.append("is-invalid")
    attributs: dict[str, Any] = {"class": " ".join(filter(None, classes))}
    if "placeholder" in saisie.attrs:  # the label says it, and stays when one types
        attributs["placeholder"] = ""
    limite = saisie.attrs.get("data-compteur")
    if limite and champ.auto_id:
        ids = [champ.aria_describedby or "", f"{champ.auto_id}_compteur"]
        attributs["aria-describedby"] = " ".join(filter(None, ids))
    return champ.as_widget(attrs=attributs)


@register.filter
def compteur(champ: BoundField) -> dict[str, int] | None:
    """Length and limit of a counted text, or None for the other fields."""
    limite = champ.field.widget.attrs.get("data-compteur")
    return {"longueur": len(str(champ.value() or "")), "limite": int(limite)} if limite else None


def _formulaires(objet: Any) -> Iterable[forms.BaseForm]:
    if isinstance(objet, forms.BaseForm):
        return [objet]
    if isinstance(objet, forms.BaseFormSet):
        return list(objet.forms)
    return [un for partie in objet for un in _formulaires(partie)]


@register.filter
def erreurs_du_formulaire(objet: Any) -> Sequence[ErreurDeFormulaire]:
    """Every error of a form, of a formset or of a list of them, in the order of the page."""
    erreurs: list[ErreurDeFormulaire] = []
    if isinstance(objet, forms.BaseFormSet):
        erreurs += [ErreurDeFormulaire("", str(texte)) for texte in objet.non_form_errors()]
    for formulaire in _formulaires(objet):
        erreurs += [ErreurDeFormulaire("", str(texte)) for texte in formulaire.non_field_errors()]
        for champ in formulaire:
            ancre = f"{champ.auto_id}_0" if _groupe(champ) else champ.id_for_label
            for erreur in champ.errors.as_data():
                texte = " ".join(erreur.messages)
                if erreur.code == "required":
                    texte = f"«{INSECABLE}{champ.label}{INSECABLE}»{INSECABLE}: {texte[:1].lower()}{texte[1:]}"
                erreurs.append(ErreurDeFormulaire(ancre, texte))
    return erreurs


@register.filter
def crans(faits: int, total: int) -> list[str]:
    """The marks of a progress bar: `faits` done, then the current one, then what is to come."""
    return [("fait" if rang < faits else "courant" if rang == faits else "a_venir") for rang in range(total)]


@register.filter
def moins_un(valeur: int) -> int:
    """The steps before this one."""
    return valeur - 1


@register.filter
def pourcent(valeur: int | Decimal) -> str:
    """A share for an SVG attribute ("42%"), kept between 0 and 100."""
    return f"{max(0, min(100, int(valeur)))}%"


@register.filter
def en_json(valeur: object) -> str:
    """A value for a `data-` attribute that a script reads; it is escaped like any other text."""
    return json.dumps(valeur)
