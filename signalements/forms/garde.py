"""The free-text guard in a form: a mixin that shows what to rephrase, and takes the second confirmation.

    class MessageForm(FormGarde, FormAvecCle):
        GARDES = ("texte",)

    formulaire = MessageForm(request.POST, contexte=contexte_de_la_fiche(fiche))
    if formulaire.is_valid():
        parcours.ecrire_message(pk, par=compte, texte=…, gardees=formulaire.gardees)

`{{ formulaire.texte.as_field_group }}` then shows the sentence, why, what to write instead, and the box that keeps
it; the words typed stay in the field. Fields added by `__init__` are guarded by `garder(nom)`. The parcours checks
again by itself: without this mixin a refused text raises FormulationsARevoir.
"""

from collections.abc import Collection
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.forms.boundfield import BoundField
from django.utils.functional import cached_property

from signalements.garde import RIEN, Contexte, Formulation, a_revoir, lire, lire_nom
from socle.ecriture import INSECABLE

PREFIXE = "garde_"  # of the companion of a guarded field: the sentences that its author keeps
REFORMULER = f"Reformulez «{INSECABLE}%(mots)s{INSECABLE}», ou confirmez que vous gardez la phrase."
RETIRER = f"Retirez «{INSECABLE}%(mots)s{INSECABLE}»{INSECABLE}: ce numéro ne peut pas être gardé."


class ChampGarde(BoundField):
    """A guarded field as its template shows it: `composants/champ_suite.html` includes `suite` under it."""

    suite = "signalements/formulations.html"
    form: "FormGarde"

    @cached_property
    def formulations(self) -> list[Formulation]:
        """What there is to review in the text that is shown."""
        return self.form.formulations(self.name)

    @property
    def phrases(self) -> list[tuple[str, list[Formulation]]]:
        """The sentences to review, each with what is to review in it."""
        par_phrase: dict[str, list[Formulation]] = {}
        for formulation in self.formulations:
            par_phrase.setdefault(formulation.phrase, []).append(formulation)
        return list(par_phrase.items())

    @property
    def nom_garde(self) -> str:
        return self.form.add_prefix(PREFIXE + self.name)

    @property
    def gardables(self) -> str:
        """The sentences that the box would keep, named by their prints."""
        return " ".join(sorted({f.empreinte for f in self.formulations if not f.categorie.ferme}))

    @property
    def est_gardee(self) -> bool:
        """Whether every sentence shown was already kept."""
        return not a_revoir(self.formulations, self.form.gardees_de(self.name))


class FormGarde(forms.Form):
    """A form with free texts that others will read. `GARDES`: their fields; `GARDES_NOMS`: those made for a name."""

    GARDES: ClassVar[tuple[str, ...]] = ()
    GARDES_NOMS: ClassVar[tuple[str, ...]] = ()

    def __init__(self, *args: Any, contexte: Contexte = RIEN, **options: Any) -> None:
        super().__init__(*args, **options)
        self._contexte = contexte
        self._gardes: list[str] = []
        for nom in (*self.GARDES, *self.GARDES_NOMS):
            self.garder(nom)

    def garder(self, nom: str) -> None:
        """Guard a field."""
        self._gardes.append(nom)
        champ = self.fields[nom]
        champ.bound_field_class = ChampGarde
        champ.widget.attrs |= {
            "data-garde": "nom" if nom in self.GARDES_NOMS else "texte",
            "data-garde-personne": _ensemble(self._contexte.personne),
            "data-garde-noms": _ensemble(self._contexte.noms),
        }

    def formulations(self, nom: str) -> list[Formulation]:
        """What there is to review in a field, as it is shown."""
        return self._lire(nom, self[nom].value())

    def _lire(self, nom: str, valeur: Any) -> list[Formulation]:
        texte = str(valeur or "")
        return lire_nom(texte) if nom in self.GARDES_NOMS else lire(texte, self._contexte)

    def gardees_de(self, nom: str) -> frozenset[str]:
        """The sentences of a field that its author keeps, by their prints."""
        cle = self.add_prefix(PREFIXE + nom)
        dite = self.data.get(cle, "") if self.is_bound else self.initial.get(PREFIXE + nom, "")
        return frozenset(str(dite or "").split())

    @property
    def gardees(self) -> frozenset[str]:
        """What every parcours takes: the sentences kept, of all fields."""
        return frozenset[str]().union(*(self.gardees_de(nom) for nom in self._gardes))

    def confirmations(self) -> dict[str, str]:
        """What a draft keeps of them."""
        return {PREFIXE + nom: " ".join(sorted(self.gardees_de(nom))) for nom in self._gardes}

    def clean(self) -> dict[str, Any]:
        """A text that says too much is an error of its field, until it changes or is kept on purpose."""
        donnees = super().clean() or self.cleaned_data
        for nom in self._gardes:
            reste = a_revoir(self._lire(nom, donnees.get(nom)), self.gardees_de(nom))
            if reste:
                self.add_error(nom, _erreur(reste))
        return donnees


def _ensemble(noms: Collection[str]) -> str:
    """Names as one attribute of the page, for its own reading."""
    return "|".join(nom.replace("|", " ") for nom in noms if nom)


def _erreur(reste: Collection[Formulation]) -> ValidationError:
    fermees = [f for f in reste if f.categorie.ferme]
    mots = f"{INSECABLE}», «{INSECABLE}".join(dict.fromkeys(f.mot for f in fermees or reste))
    return ValidationError(RETIRER if fermees else REFORMULER, code="formulation", params={"mots": mots})
