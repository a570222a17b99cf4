"""What a fiche says, section by section: the same rows before sending, when it is read again, and on paper."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final

from partenaires.models import Residence
from signalements.enums import Arrivee, Civilite, Contexte, Cotation, Domaine, Majeur, ModeInformation, Source
from signalements.forms.arrivee import PersonneRecueForm
from signalements.forms.etapes import EtapeForm, nom_source
from signalements.forms.fiche import CONTEXTE, PERSONNE, FicheForm
from signalements.models import Fiche, Grille, Information, Releve
from socle.ecriture import INSECABLE, date_moyenne

SIGNALEE_PAR: Final = "Signalée par"
RENVOYABLES: dict[str, str] = {
    "residence": "Résidence et logement",
    "nom": "Personne",
    **{d.value: str(d.label) for d in Domaine},
    "contexte": "Contexte",
    "faits": "Ce qui a été vu ou entendu",
    "demarches": "Ce qui a déjà été fait",
    "informee_le": "Information de la personne",
}


@dataclass(frozen=True, slots=True)
class SignalLu:
    """A line of the grid: its answer in figure and word, and how it is known. `valeur` "" when unanswered."""

    libelle: str
    valeur: str
    mot: str
    source: str


@dataclass(frozen=True, slots=True)
class Changement:
    """A line that says something else than when the fiche was sent back."""

    libelle: str
    avant: str
    apres: str


@dataclass(slots=True)
class Section:
    """A part of the fiche under its named field; `etape` is the step where it is written."""

    cle: str
    etape: str
    lignes: list[tuple[str, str]] = field(default_factory=list)
    signaux: list[SignalLu] = field(default_factory=list)
    commentaire: str = ""
    changements: list[Changement] = field(default_factory=list)
    relue: bool = False  # it was sent back with a comment here, and came back

    @property
    def titre(self) -> str:
        return RENVOYABLES[self.cle]

    @property
    def est_texte(self) -> bool:
        """Whether it is one sentence of the author, under no other label than its title."""
        return len(self.lignes) == 1 and not self.lignes[0][0]

    @property
    def texte(self) -> str:
        return self.lignes[0][1]

    @property
    def presents(self) -> list[SignalLu]:
        """The signals observed, 1 and more."""
        return [s for s in self.signaux if s.valeur in ("1", "2", "3")]

    @property
    def autres(self) -> list[SignalLu]:
        """The signals absent, not observed, or without an answer yet."""
        return [s for s in self.signaux if s not in self.presents]

    @property
    def resume(self) -> str:
        """How many lines say what, for the ones that are not shown in full."""
        absents = sum(s.valeur == Cotation.ABSENT for s in self.signaux)
        non_observes = sum(s.valeur == Cotation.NON_OBSERVE for s in self.signaux)
        sans = len(self.signaux) - absents - non_observes - len(self.presents)
        morceaux = [(absents, "absent"), (non_observes, "non observé"), (sans, "sans réponse")]
        return ", ".join(f"{n} {mot}{'s' if n > 1 and mot != 'sans réponse' else ''}" for n, mot in morceaux if n)


def sections_du_brouillon(formulaire: FicheForm, commentaires: Mapping[str, str]) -> list[Section]:
    """The sections of a draft, as typed so far: an empty line says that nothing was written."""
    contenu = formulaire.contenu
    residence = formulaire.personne.residences.get(str(contenu.get("residence", "")))
    textes = ("nom", "prenom", "telephone", "composition", "inquietude", "faits", "demarches")
    dire = {nom: str(contenu.get(nom, "")) for nom in textes}
    sections = [
        Section("residence", PERSONNE, [*_arrivee(formulaire), *_lieu(residence, contenu)]),
        Section(
            "nom",
            PERSONNE,
            _personne(
                civilite=_libelle(Civilite, contenu.get("civilite")),
                nom=dire["nom"],
                prenom=dire["prenom"],
                majeur=_libelle(Majeur, contenu.get("majeur")),
                naissance=_nettoyee(formulaire.personne, "naissance"),
                telephone=dire["telephone"],
            ),
        ),
    ]
    for domaine, etape in formulaire.domaines.items():
        signaux = [
            _signal(champ.label, str(contenu.get(champ.name, "")), str(contenu.get(nom_source(champ.name), "")))
            for champ, _ in etape.lignes
        ]
        sections.append(Section(domaine, domaine, signaux=signaux))
    contexte = [str(Contexte(c).label) for c in contenu.get("contexte", []) if c in Contexte.values]
    sections += _contexte(contexte, dire["composition"], dire["inquietude"], dire["faits"], dire["demarches"])
    mode = _libelle(ModeInformation, contenu.get("mode_information"))
    sections.append(_information(_nettoyee(formulaire.contexte, "informee_le"), mode))
    for section in sections:
        section.commentaire = str(commentaires.get(section.cle, ""))
    return sections


def changements(avant: Section, apres: Section) -> list[Changement]:
    """The lines of a section that differ, in the order of the fiche."""
    anciennes = dict(_lignes(avant))
    return [
        Changement(libelle, anciennes.get(libelle, ""), valeur)
        for libelle, valeur in _lignes(apres)
        if anciennes.get(libelle, "") != valeur
    ]


def _lignes(section: Section) -> list[tuple[str, str]]:
    signaux = [(s.libelle, ", ".join(filter(None, (f"{s.valeur} {s.mot}".strip(), s.source)))) for s in section.signaux]
    return [*section.lignes, *signaux]


def sections_de_la_fiche(
    fiche: Fiche, releve: Releve | None, grille: Grille | None, information: Information | None
) -> list[Section]:
    """The sections of a sent fiche; empty when its content is hidden or erased."""
    locataire, constat = fiche.locataire_lisible, fiche.constat_lisible
    if locataire is None or constat is None:
        return []
    lieu = {"batiment": locataire.batiment, "etage": locataire.etage, "porte": locataire.porte}
    sections = [
        Section(
            "residence",
            PERSONNE,
            [*([(SIGNALEE_PAR, constat.arrivee_lue)] if constat.arrivee else []), *_lieu(fiche.residence, lieu)],
        ),
        Section(
            "nom",
            PERSONNE,
            _personne(
                civilite=locataire.get_civilite_display(),
                nom=locataire.nom,
                prenom=locataire.prenom,
                majeur=locataire.get_majeur_display(),
                naissance=locataire.date_naissance,
                telephone=locataire.telephone,
            ),
        ),
    ]
    if releve is not None and grille is not None:
        for domaine, signaux in grille.par_domaine():
            cotes = [releve.cotations.get(s.code, {}) for s in signaux]
            lus = [_signal(s.libelle, c.get("v", ""), c.get("s", "")) for s, c in zip(signaux, cotes, strict=True)]
            sections.append(Section(domaine, domaine, signaux=lus))
    inquietude = "" if constat.inquietude is None else str(constat.inquietude)
    sections += _contexte(constat.contexte_libelles, constat.composition, inquietude, constat.faits, constat.demarches)
    mode = information.get_mode_display() if information else ""
    sections.append(_information(information.le if information else None, mode))
    return sections


def _lieu(residence: Residence | None, lieu: Mapping[str, Any]) -> list[tuple[str, str]]:
    commune = f"{residence.code_postal} {residence.territoire.nom}" if residence else ""
    return [
        ("Résidence", ", ".join((residence.nom, residence.adresse, commune)) if residence else ""),
        ("Bâtiment", str(lieu.get("batiment", ""))),
        ("Étage", str(lieu.get("etage", ""))),
        ("Porte", str(lieu.get("porte", ""))),
    ]


def _arrivee(formulaire: FicheForm) -> list[tuple[str, str]]:
    """From whom a fiche typed by the équipe came, as typed so far."""
    if not isinstance(formulaire.personne, PersonneRecueForm):
        return []
    le = _nettoyee(formulaire.personne, "arrivee_le")
    morceaux = (
        str(formulaire.contenu.get("signale_par", "")),
        _libelle(Arrivee, formulaire.contenu.get("arrivee")).lower(),
        f"le {date_moyenne(le)}" if le else "",
    )
    return [(SIGNALEE_PAR, ", ".join(filter(None, morceaux)))]


def _personne(
    *, civilite: str, nom: str, prenom: str, majeur: str, naissance: date | None, telephone: str
) -> list[tuple[str, str]]:
    return [
        ("Nom", " ".join(filter(None, (civilite, prenom, nom)))),
        (f"18{INSECABLE}ans ou plus", majeur),
        ("Date de naissance", date_moyenne(naissance) if naissance else ""),
        ("Téléphone", telephone),
    ]


def _contexte(faits_connus: list[str], composition: str, inquietude: str, faits: str, demarches: str) -> list[Section]:
    return [
        Section(
            "contexte",
            CONTEXTE,
            [
                ("Ce que l’on sait", ", ".join(faits_connus)),
                ("Qui vit dans le logement", composition),
                ("Inquiétude, de 0 à 10", inquietude),
            ],
        ),
        Section("faits", CONTEXTE, [("", faits)]),
        Section("demarches", CONTEXTE, [("", demarches)]),
    ]


def _information(le: Any, mode: str) -> Section:
    return Section("informee_le", CONTEXTE, [("Informée le", date_moyenne(le) if le else ""), ("Comment", mode)])


def _nettoyee(formulaire: EtapeForm, nom: str) -> Any:
    """A field of a draft, when it is right; None otherwise."""
    return formulaire.cleaned_data.get(nom) if nom not in formulaire.errors else None


def _signal(libelle: Any, valeur: str, source: str) -> SignalLu:
    mot = _libelle(Cotation, valeur)
    return SignalLu(str(libelle), valeur if mot else "", mot, _libelle(Source, source))


def _libelle(enumeration: Any, code: Any) -> str:
    return str(enumeration(code).label) if code in enumeration.values else ""
