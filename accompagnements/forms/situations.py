"""The filters of the list of situations: they read the address, and never refuse it."""

from typing import Any, Final

from django import forms
from django.db.models import Q

from accompagnements.models import Accompagnement
from partenaires.models import Compte
from signalements.models import Fiche
from signalements.taches_equipe import membres

LONGUEUR_RECHERCHE: Final = 80


class SituationsForm(forms.Form):
    """Who follows, text; a value that is not offered filters nothing."""

    q = forms.CharField(
        label="Nom, référence ou résidence",
        required=False,
        max_length=LONGUEUR_RECHERCHE,
        widget=forms.TextInput({"type": "search", "autocomplete": "off"}),
    )
    suivie = forms.ChoiceField(label="Suivie par", required=False)

    def __init__(self, *args: Any, compte: Compte, **options: Any) -> None:
        super().__init__(*args, **options)
        self.compte = compte
        self.equipe = membres(compte)
        self._noms = {str(m.compte_id): m.nom for m in self.equipe}
        champ = self.fields["suivie"]
        assert isinstance(champ, forms.ChoiceField)
        champ.choices = [("", "Tout le monde"), *self._noms.items()]

    @property
    def valeurs(self) -> dict[str, str]:
        """What the address asks for and the form offers, without what filters nothing."""
        self.is_valid()
        lues = {nom: str(self.cleaned_data.get(nom) or "").strip() for nom in self.fields}
        return {nom: valeur for nom, valeur in lues.items() if valeur}

    @property
    def noms(self) -> dict[int, str]:
        """Names of the members of the équipe, by account; who is away bears who covers her."""
        remplacants = {m.compte_id: self._noms.get(str(m.remplacant_id), "") for m in self.equipe if m.remplacant_id}
        return {
            m.compte_id: f"{m.nom} (absence, {remplacants[m.compte_id]})" if remplacants.get(m.compte_id) else m.nom
            for m in self.equipe
        }

    @property
    def condition(self) -> Q:
        """All the filters together, on accompagnements."""
        valeurs, q = self.valeurs, Q()
        if "suivie" in valeurs:
            qui = int(valeurs["suivie"])
            couverts = [m.compte_id for m in self.equipe if m.remplacant_id == qui]
            siennes = Accompagnement.objects.visibles_par(self.compte).suivis_par(qui, *couverts)
            q &= Q(pk__in=siennes.cles())
        if "q" in valeurs:
            trouvees = Fiche.objects.visibles_par(self.compte).qui_repondent(self.compte, valeurs["q"])
            q &= Q(fiche__in=trouvees.order_by().values("pk"))
        return q

    def libelle(self, nom: str) -> str:
        """A filter in force, as its chip says it."""
        valeur = self.valeurs[nom]
        return self._noms[valeur] if nom == "suivie" else f"«\N{NO-BREAK SPACE}{valeur}\N{NO-BREAK SPACE}»"
