"""A draft as the API reads and writes it: the same keys, the same forms and the same refusals as the pages."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final, Self

from partenaires.models import Compte, Convention, Residence
from signalements import droits
from signalements.corrections import champs_ouverts, est_restreint
from signalements.enums import Contexte as Situation
from signalements.forms.etapes import ContexteForm, DomaineForm, EtapeForm, PersonneForm, nom_source
from signalements.forms.fiche import GRILLE, GRILLE_INCONNUE, FicheForm
from signalements.forms.garde import PREFIXE, FormGarde
from signalements.garde import Contexte, Formulation
from signalements.models import Fiche, Grille
from signalements.residences import ResidencesOffertes
from socle.api.problemes import Erreur, Probleme

PERSONNE: Final = ("residence", "batiment", "etage", "porte", "civilite", "nom", "prenom", "majeur", "naissance",
                   "telephone")  # fmt: skip
CONTEXTE: Final = ("composition", "faits", "demarches", "inquietude", "informee_le", "mode_information")
GARDES: Final = (*PersonneForm.GARDES, *PersonneForm.GARDES_NOMS, *ContexteForm.GARDES)
FERME: Final = "Votre référent n’a rien demandé ici : une fiche renvoyée se corrige là où elle est commentée."
A_CORRIGER: Final = "Cette fiche ne peut pas partir ainsi : chaque ligne de « erreurs » dit ce qui manque."


@dataclass(frozen=True, slots=True)
class Brouillon:
    """A draft in the hands of a software, with what its answers lead to: résidence, convention, grid."""

    compte: Compte
    fiche: Fiche
    contenu: Mapping[str, Any]
    residence: Residence | None
    convention: Convention | None
    grille: Grille

    @classmethod
    def ouvrir(cls, compte: Compte, fiche: Fiche, contenu: Mapping[str, Any]) -> Self:
        """Read what its content leads to; the grid is that of the équipe that the résidence leads to."""
        residence = droits.residence_ouverte(compte, fiche, str(contenu.get("residence", "")))
        convention = droits.convention_de(fiche, residence) if residence else None
        equipe_id = fiche.equipe_id or (convention.equipe_id if convention else None)
        return cls(compte, fiche, contenu, residence, convention, Grille.objects.en_vigueur(equipe_id))

    def formulaire(self) -> FicheForm:
        """The whole fiche, bound to the form of the pages."""
        personne = (str(self.contenu.get("nom", "")), str(self.contenu.get("prenom", "")))
        lieux = (self.residence.nom, self.residence.adresse) if self.residence else ()
        return FicheForm(
            self.contenu,
            offertes=ResidencesOffertes([self.residence] if self.residence else []),
            grille=self.grille,
            garde=Contexte(personne, (self.fiche.orienteur.nom, *lieux)),
        )

    def manques(self, formulaire: FicheForm) -> list[Erreur]:
        """Everything that keeps it from leaving, in the order of the fiche, where it stands in the body."""
        erreurs = list(_erreurs(formulaire.personne, "#/personne"))
        if self.residence is not None and self.convention is None:
            erreurs.append(self.sans_convention(self.residence))
        if formulaire.a_change:
            erreurs.append(Erreur(GRILLE_INCONNUE, pointeur="#/grille"))
        for domaine in formulaire.domaines.values():
            erreurs += _erreurs(domaine, "#/signaux")
        return erreurs + list(_erreurs(formulaire.contexte, "#/contexte"))

    def sans_convention(self, residence: Residence) -> Erreur:
        """No convention covers the résidence: the sentence of the pages, with whom to call."""
        return Erreur(droits.hors_convention(self.compte, self.fiche, residence), pointeur="#/personne/residence")

    def verifier_les_fermes(self, champs: Mapping[str, Any]) -> None:
        """A fiche that was sent back is corrected where it was commented: whatever else would change is refused."""
        brouillon = self.fiche.brouillon
        if not est_restreint(self.fiche, self.compte, brouillon.commentaires):
            return
        ouverts = champs_ouverts(brouillon.commentaires, self.grille, brouillon.au_renvoi) | {GRILLE}
        changes = [nom for nom, valeur in champs.items() if (valeur or "") != (brouillon.contenu.get(nom) or "")]
        fermes = [nom for nom in changes if nom not in ouverts and not nom.startswith(PREFIXE)]
        if fermes:
            raise Probleme("validation", A_CORRIGER, [Erreur(FERME, pointeur=_pointeur(nom)) for nom in fermes])

    def verifier_la_saisie(self, saisie: Mapping[str, Any]) -> None:
        """What can be refused at once: a résidence that is not theirs, another grid, codes that it does not have."""
        erreurs = []
        if self.contenu.get("residence") and self.residence is None and "residence" in saisie.get("personne", {}):
            erreurs.append(Erreur("Choisissez une résidence de la liste.", pointeur="#/personne/residence"))
        if "signaux" in saisie:
            if saisie["grille"] != self.grille.pk:
                erreurs.append(Erreur(GRILLE_INCONNUE, pointeur="#/grille"))
            inconnus = sorted(set(saisie["signaux"]) - self.grille.codes())
            erreurs += [Erreur("Ce signal n’est pas dans la grille.", pointeur=f"#/signaux/{c}") for c in inconnus]
        if erreurs:
            raise Probleme("validation", A_CORRIGER, erreurs)


def _pointeur(nom: str) -> str:
    """Where a key of the draft stands in the body."""
    if nom == "contexte":
        return "#/contexte/situation"
    if nom in PERSONNE:
        return f"#/personne/{nom}"
    return f"#/contexte/{nom}" if nom in CONTEXTE else f"#/signaux/{nom.removesuffix('_source')}"


def champs_de(saisie: Mapping[str, Any]) -> dict[str, Any]:
    """What was sent, under the keys of a draft."""
    personne, contexte = saisie.get("personne", {}), saisie.get("contexte", {})
    champs: dict[str, Any] = {nom: _dit(personne[nom]) for nom in PERSONNE if nom in personne}
    champs |= {nom: _dit(contexte[nom]) for nom in CONTEXTE if nom in contexte}
    if "situation" in contexte:
        champs["contexte"] = list(contexte["situation"] or [])
    for code, reponse in saisie.get("signaux", {}).items():
        champs[code] = _dit(reponse.get("valeur"))
        champs[nom_source(code)] = _dit(reponse.get("source"))
    if "signaux" in saisie:
        champs[GRILLE] = _dit(saisie["grille"])
    if "phrases_gardees" in saisie:
        champs |= dict.fromkeys((PREFIXE + nom for nom in GARDES), " ".join(saisie["phrases_gardees"]))
    return champs


def saisie_de(contenu: Mapping[str, Any], grille: Grille) -> dict[str, Any]:
    """A draft under the keys of the API. What a person typed on the page and that has no form here is null."""
    grille_dite = str(contenu.get(GRILLE, ""))
    signaux = {
        code: {"valeur": contenu.get(code) or None, "source": contenu.get(nom_source(code)) or None}
        for code in sorted(grille.codes())
        if contenu.get(code)
    }
    situation = [s for s in contenu.get("contexte", []) if s in Situation.values]
    gardees = {empreinte for nom in GARDES for empreinte in str(contenu.get(PREFIXE + nom, "")).split()}
    return {
        "personne": {nom: contenu.get(nom) or None for nom in PERSONNE}
        | {"residence": _entier(contenu.get("residence"))},
        "grille": _entier(grille_dite),
        "signaux": signaux,
        "contexte": {"situation": situation}
        | {nom: contenu.get(nom) or None for nom in CONTEXTE}
        | {"inquietude": _entier(contenu.get("inquietude"))},
        "phrases_gardees": sorted(gardees),
    }


def formulations_dites(formulations: Iterable[Formulation]) -> tuple[dict[str, Any], ...]:
    """The sentences to review, as a problem carries them."""
    return tuple(
        {
            "mots": f.mot,
            "phrase": f.phrase,
            "raison": f.raison,
            "conseil": f.conseil,
            "empreinte": None if f.categorie.ferme else f.empreinte,
        }
        for f in formulations
    )


def _erreurs(formulaire: EtapeForm, racine: str) -> Iterable[Erreur]:
    """The errors of a form, each with its place in the body."""
    for nom, dedans in formulaire.errors.as_data().items():
        place = f"{racine}/{_place(formulaire, nom)}" if nom != "__all__" else racine
        for erreur in dedans:
            formulations: tuple[dict[str, Any], ...] = ()
            if erreur.code == "formulation" and isinstance(formulaire, FormGarde):
                formulations = formulations_dites(formulaire.formulations(nom))
            yield Erreur(" ".join(erreur.messages), pointeur=place, formulations=formulations)


def _place(formulaire: EtapeForm, nom: str) -> str:
    if isinstance(formulaire, DomaineForm):
        return nom.removesuffix(nom_source(""))
    return "situation" if isinstance(formulaire, ContexteForm) and nom == "contexte" else nom


def _dit(valeur: Any) -> str:
    """A value as a form receives it; nothing for null."""
    return "" if valeur is None else str(valeur)


def _entier(valeur: Any) -> int | None:
    texte = str(valeur or "")
    return int(texte) if texte.isascii() and texte.isdigit() and len(texte) < 19 else None
