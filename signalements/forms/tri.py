"""The filters of the triage list: they read the address, and never refuse it."""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import Any, Final

from django import forms

from partenaires.models import Compte, Rattachement
from partenaires.models.choix import choix_de_l_equipe
from signalements.enums import Contexte
from signalements.models.lectures_equipe import PERSONNE, FiltreTri
from socle import horloge

SEMAINE, RETARD = "semaine", "retard"
ATTENDUE: Final = "attendue"
# What a link switches on, beside the fields: parameter → value → words of its chip.
BASCULES: Final[dict[str, dict[str, str]]] = {
    "echeance": {RETARD: "En retard", SEMAINE: "Échéance cette semaine"},
    "echange": {ATTENDUE: "Réponse attendue de l’équipe"},
}
LONGUEUR_RECHERCHE: Final = 80
Options = Sequence[tuple[str, str]]


class TriForm(forms.Form):
    """Orienteur, territoire, secteur, context, who follows, text; a value that is not offered filters nothing."""

    q = forms.CharField(
        label="Nom, référence ou résidence",
        required=False,
        max_length=LONGUEUR_RECHERCHE,
        widget=forms.TextInput({"type": "search", "autocomplete": "off"}),
    )
    orienteur = forms.ChoiceField(label="Bailleur ou partenaire", required=False)
    territoire = forms.ChoiceField(label="Territoire", required=False)
    secteur = forms.ChoiceField(label="Secteur du bailleur", required=False)
    contexte = forms.ChoiceField(label="Contexte", required=False)
    suivie = forms.ChoiceField(label="Suivie par", required=False)

    def __init__(self, *args: Any, compte: Compte, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.compte = compte
        self._libelles: dict[str, dict[str, str]] = {}
        choix = choix_de_l_equipe(compte, horloge.aujourdhui())
        self._choix("orienteur", [("", "Tous"), *choix.orienteurs])
        self._choix("territoire", [("", "Tous"), *choix.communes])
        if choix.secteurs:
            self._choix("secteur", [("", "Tous"), *choix.secteurs])
        else:
            del self.fields["secteur"]  # no bailleur of theirs divides its résidences
        self._choix("contexte", [("", "Tous"), *Contexte.choices])
        self._choix("suivie", [("", "Tout le monde"), (PERSONNE, "Sans personne"), *choix.membres])

    def _choix(self, nom: str, choix: Options) -> None:
        champ = self.fields[nom]
        assert isinstance(champ, forms.ChoiceField)
        champ.choices = list(choix)
        self._libelles[nom] = dict(choix)

    @property
    def valeurs(self) -> dict[str, str]:
        """What the address asks for and the form offers, without what filters nothing."""
        self.is_valid()
        lues = {nom: str(self.cleaned_data.get(nom) or "") for nom in self.fields}
        for nom, valeurs in BASCULES.items():
            if self.data.get(nom) in valeurs:
                lues[nom] = str(self.data[nom])
        return {nom: valeur for nom, valeur in lues.items() if valeur}

    @property
    def sans_effet(self) -> list[str]:
        """Labels of the filters that the address asks for and the form does not offer (any more)."""
        demandes = [nom for nom in (*self.fields, *BASCULES) if str(self.data.get(nom, "")).strip()]
        libelles = {"echeance": "Échéance", "echange": "Échange"}
        valeurs = self.valeurs
        return [str(libelles.get(nom) or self.fields[nom].label) for nom in demandes if nom not in valeurs]

    @property
    def filtre(self) -> FiltreTri:
        v = self.valeurs
        suivie = v.get("suivie")
        return FiltreTri(
            compte=self.compte,
            orienteur=int(v["orienteur"]) if "orienteur" in v else None,
            territoire=int(v["territoire"]) if "territoire" in v else None,
            secteur=v.get("secteur", ""),
            suivie_par=PERSONNE if suivie == PERSONNE else int(suivie) if suivie else None,
            echue_au=fin_de_semaine(horloge.aujourdhui()) if v.get("echeance") == SEMAINE else None,
            en_retard=v.get("echeance") == RETARD,
            contexte=v.get("contexte", ""),
            reponse_attendue=v.get("echange") == ATTENDUE,
            recherche=v.get("q", ""),
        )

    def libelle(self, nom: str) -> str:
        """A filter in force, as its chip says it."""
        valeur = self.valeurs[nom]
        if nom in BASCULES:
            return BASCULES[nom][valeur]
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


def _uniques(choix: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    return list(dict(choix).items())
