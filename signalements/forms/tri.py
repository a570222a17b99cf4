"""The filters of the triage list: they read the address, and never refuse it."""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import Any, Final

from django import forms

from partenaires.models import Compte, Convention, Rattachement
from signalements.models.lectures_equipe import PERSONNE, FiltreTri
from socle import horloge

SEMAINE: Final = "semaine"
LONGUEUR_RECHERCHE: Final = 80
Choix = Sequence[tuple[str, str]]


class TriForm(forms.Form):
    """Bailleur or orienteur, territoire, who follows, text; a value that is not offered filters nothing."""

    q = forms.CharField(
        label="Nom, référence ou résidence",
        required=False,
        max_length=LONGUEUR_RECHERCHE,
        widget=forms.TextInput({"type": "search", "autocomplete": "off"}),
    )
    orienteur = forms.ChoiceField(label="Bailleur ou partenaire", required=False)
    territoire = forms.ChoiceField(label="Territoire", required=False)
    suivie = forms.ChoiceField(label="Suivie par", required=False)

    def __init__(self, *args: Any, compte: Compte, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.compte = compte
        self._libelles: dict[str, dict[str, str]] = {}
        orienteurs, territoires = _parties(compte)
        self._choix("orienteur", [("", "Tous"), *orienteurs])
        self._choix("territoire", [("", "Tous"), *territoires])
        self._choix("suivie", [("", "Tout le monde"), (PERSONNE, "Sans personne"), *membres_de(compte)])

    def _choix(self, nom: str, choix: Choix) -> None:
        champ = self.fields[nom]
        assert isinstance(champ, forms.ChoiceField)
        champ.choices = list(choix)
        self._libelles[nom] = dict(choix)

    @property
    def valeurs(self) -> dict[str, str]:
        """What the address asks for and the form offers, without what filters nothing."""
        self.is_valid()
        lues = {nom: str(self.cleaned_data.get(nom) or "") for nom in self.fields}
        if self.data.get("echeance") == SEMAINE:
            lues["echeance"] = SEMAINE
        return {nom: valeur for nom, valeur in lues.items() if valeur}

    @property
    def filtre(self) -> FiltreTri:
        v = self.valeurs
        suivie = v.get("suivie")
        return FiltreTri(
            compte=self.compte,
            orienteur=int(v["orienteur"]) if "orienteur" in v else None,
            territoire=int(v["territoire"]) if "territoire" in v else None,
            suivie_par=PERSONNE if suivie == PERSONNE else int(suivie) if suivie else None,
            echue_au=fin_de_semaine(horloge.aujourdhui()) if "echeance" in v else None,
            recherche=v.get("q", ""),
        )

    def libelle(self, nom: str) -> str:
        """A filter in force, as its chip says it."""
        valeur = self.valeurs[nom]
        if nom == "echeance":
            return "Échéance cette semaine"
        if nom == "q":
            return f"«\N{NO-BREAK SPACE}{valeur}\N{NO-BREAK SPACE}»"
        return self._libelles[nom][valeur]


def fin_de_semaine(jour: date) -> date:
    """The Sunday of the week of a day."""
    return jour + timedelta(days=6 - jour.weekday())


def membres_de(compte: Compte) -> list[tuple[str, str]]:
    """(key, name) of the people in force in the organisation, each once, by name."""
    membres = Rattachement.objects.visibles_par(compte).en_vigueur(horloge.aujourdhui()).par_nom()
    return _uniques((str(r.compte_id), r.compte.nom_complet) for r in membres)


def _parties(compte: Compte) -> tuple[list[tuple[str, str]], list[tuple[str, str]]]:
    """Orienteurs and communes of the équipe's conventions, in force or not: their fiches are still here."""
    lignes = Convention.objects.visibles_par(compte).orienteurs_et_communes()
    orienteurs = sorted({(nom, str(cle)) for cle, nom, _, _ in lignes})
    communes = sorted({(nom, str(cle)) for _, _, cle, nom in lignes if cle is not None and nom is not None})
    return [(cle, nom) for nom, cle in orienteurs], [(cle, nom) for nom, cle in communes]


def _uniques(choix: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    return list(dict(choix).items())
