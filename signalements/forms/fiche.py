"""The whole fiche, validated at the end: what is said is sealed into tables, what is missing is named."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from signalements.enums import Domaine
from signalements.forms.arrivee import forme_de_la_personne
from signalements.forms.etapes import (
    INCONNUE,
    ContexteForm,
    DomaineForm,
    PersonneForm,
    donnees_de,
    manques_du_domaine,
)
from signalements.garde import RIEN, Contexte
from signalements.models import Grille
from signalements.parcours import ContenuFiche
from signalements.residences import ResidencesOffertes
from socle.ecriture import INSECABLE
from socle.templatetags.palier import erreurs_du_formulaire

PERSONNE: Final = "personne"
CONTEXTE: Final = "contexte"
RELIRE: Final = "relire"
GRILLE: Final = "grille"  # key of the draft: the version of the grid that its answers were given to
GRILLE_INCONNUE: Final = (
    "La liste des signaux a changé depuis que vous avez ouvert cette page. Vos réponses aux signaux communs sont "
    f"gardées{INSECABLE}: vérifiez les lignes nouvelles, puis envoyez."
)


@dataclass(frozen=True, slots=True)
class Manque:
    """Something to correct before sending: in which step, on which field, in which words."""

    etape: str
    ancre: str
    texte: str


class FicheForm:
    """The steps together, bound to a draft's content; `manques` lists what keeps it from leaving."""

    def __init__(
        self,
        contenu: Mapping[str, Any],
        *,
        offertes: ResidencesOffertes,
        grille: Grille,
        garde: Contexte = RIEN,
        recue: bool = False,
    ) -> None:
        donnees = donnees_de(contenu)
        self.contenu = contenu
        self.grille = grille
        self.personne = forme_de_la_personne(recue=recue)(donnees, offertes=offertes, contexte=garde)
        self.domaines: dict[Domaine, DomaineForm] = {
            domaine: DomaineForm(donnees, signaux=signaux) for domaine, signaux in grille.par_domaine()
        }
        self.contexte = ContexteForm(donnees, contexte=garde)
        self._refus: list[Manque] = []

    @property
    def a_change(self) -> bool:
        """Whether the draft was begun with another version of the grid."""
        return self.contenu.get(GRILLE) not in (None, "", str(self.grille.pk))

    @property
    def manques(self) -> list[Manque]:
        """Everything to correct, in the order of the steps. A whole unanswered domain is one line."""
        liste = list(self._refus)
        liste += _manques(PERSONNE, self.personne)
        for domaine, formulaire in self.domaines.items():
            titre = f"{domaine.label}{INSECABLE}: "
            for ancre, texte in manques_du_domaine(formulaire):
                liste.append(Manque(domaine, ancre, texte if texte.startswith("«") else f"{titre}{texte}."))
        return liste + _manques(CONTEXTE, self.contexte)

    def refuser(self, etape: str, ancre: str, texte: str) -> None:
        """Add a reason that the form alone cannot know (no convention, another version of the grid)."""
        self._refus.append(Manque(etape, ancre, texte))

    def is_valid(self) -> bool:
        return not self.manques

    def contenu_fiche(self) -> ContenuFiche:
        """What the parcours takes; only after `is_valid`."""
        p, c = self.personne.cleaned_data, self.contexte.cleaned_data
        residence = self.personne.residence_choisie
        assert residence is not None
        naissance: date | None = p["naissance"]
        return ContenuFiche(
            residence=residence,
            grille=self.grille,
            nom=p["nom"],
            majeur=p["majeur"],
            civilite="" if p["civilite"] == INCONNUE else p["civilite"],
            prenom=p["prenom"],
            naissance=naissance,
            telephone=p["telephone"],
            batiment=p["batiment"],
            etage=p["etage"],
            porte=p["porte"],
            contexte=tuple(c["contexte"]),
            inquietude=c["inquietude"],
            composition=c["composition"],
            faits=c["faits"],
            demarches=c["demarches"],
            cotations={code: cote for f in self.domaines.values() for code, cote in f.cotations.items()},
            informee_le=c["informee_le"],
            mode_information=c["mode_information"],
            arrivee=p.get("arrivee", ""),
            arrivee_le=p.get("arrivee_le"),
            signale_par=p.get("signale_par"),
            gardees=self.personne.gardees | self.contexte.gardees,
        )


def _manques(etape: str, formulaire: PersonneForm | ContexteForm) -> list[Manque]:
    return [Manque(etape, e.ancre, e.texte) for e in erreurs_du_formulaire(formulaire)]
