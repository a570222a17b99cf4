"""An équipe changes its grid by a new version: prepared in a draft, seen before, published in one piece.

A code keeps its meaning for ever (`sql/publier_grille.sql`); a relevé keeps the version it was made with, so that T0
and T6 are compared on what both versions ask.
"""

import json
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Final

from django.core.exceptions import ValidationError
from django.db import transaction

from partenaires.droits import exiger
from partenaires.enums import Permission
from partenaires.models import Compte
from signalements.enums import Action, Domaine
from signalements.garde import lire
from signalements.models import BrouillonGrille, Grille, Signal
from signalements.parcours.verrous import porte
from socle import horloge, journal
from socle.chiffrement import mots_de
from socle.ecriture import INSECABLE
from socle.transitions import TransitionInterdite
from socle.versions import ConflitDeVersion

SIGNAUX_MAXIMUM: Final = 60
AJOUTS_MAXIMUM: Final = 12
LIBELLE_MINIMUM: Final = 10
PREMIER_NUMERO: Final = 101  # of the équipe's own: national versions count from 1
PREFIXES: Final = {
    Domaine.LOGEMENT: "LOG", Domaine.SECURITE: "SEC", Domaine.PRESENCE: "LIE", Domaine.VOISINAGE: "VOI",
    Domaine.ECHANGES: "COM", Domaine.BAILLEUR: "BAI",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class SignalPrevu:
    """A signal of the version that is prepared; `code` is "" until a new one is published."""

    code: str
    domaine: str
    libelle: str
    aide: str


def catalogue(equipe_id: int) -> list[Signal]:
    """Every signal that this équipe may ask, of the national versions and of its own, each in its last words."""
    derniers: dict[str, Signal] = {}
    for signal in Signal.objects.de_l_equipe(equipe_id):
        derniers[signal.code] = signal
    rang = {domaine: n for n, domaine in enumerate(Domaine)}
    return sorted(derniers.values(), key=lambda s: (rang[Domaine(s.domaine)], s.ordre, s.code))


def brouillon_de(equipe_id: int) -> BrouillonGrille:
    """The draft of the équipe, or what it would begin with (not saved): the version in force."""
    connu = BrouillonGrille.objects.de_l_equipe(equipe_id)
    if connu is not None:
        return connu
    base = Grille.objects.en_vigueur(equipe_id)
    return BrouillonGrille(
        equipe_id=equipe_id, base=base, codes=[s.code for s in base.signaux.all()], ajouts=[], version=0,
        modifie_le=horloge.maintenant(),
    )  # fmt: skip


def signaux_prevus(brouillon: BrouillonGrille, connus: Iterable[Signal]) -> list[SignalPrevu]:
    """The signals of the version that is prepared, by domain, the new ones last in theirs."""
    gardes = [SignalPrevu(s.code, s.domaine, s.libelle, s.aide) for s in connus if s.code in set(brouillon.codes)]
    nouveaux = [SignalPrevu("", a["domaine"], a["libelle"], a["aide"]) for a in brouillon.ajouts]
    rang = {domaine.value: n for n, domaine in enumerate(Domaine)}
    return sorted([*gardes, *nouveaux], key=lambda s: rang[s.domaine])


def choisir_signaux(*, par: Compte, codes: Collection[str], version: int) -> BrouillonGrille:
    """Say which known signals stay or come back. ValidationError when a domain would be left with none.

    ConflitDeVersion when somebody changed the draft meanwhile; PermissionDenied for another role than coordination.
    """
    with transaction.atomic():
        brouillon = _verrouille(par, version)
        _cocher(brouillon, codes)
        _verifier(brouillon)
        return _garder(brouillon, par)


def ajouter_signal(
    *, par: Compte, domaine: str, libelle: str, aide: str, version: int, codes: Collection[str] | None = None
) -> BrouillonGrille:
    """Add a new signal to the draft: what is seen or heard, never a disorder nor a judgement. Same errors.

    `codes`: what the same page ticks, kept at the same time.
    """
    with transaction.atomic():
        brouillon = _verrouille(par, version)
        _cocher(brouillon, codes)
        relire_signal(libelle, aide)
        mots = mots_de(libelle)
        deja = [s.libelle for s in signaux_prevus(brouillon, catalogue(brouillon.equipe_id))]
        if any(mots_de(autre) == mots for autre in deja):
            raise ValidationError({"libelle": "Ce signal est déjà dans la grille."})
        if len(brouillon.ajouts) >= AJOUTS_MAXIMUM:
            raise ValidationError({"libelle": f"Une version ajoute au plus {AJOUTS_MAXIMUM} signaux."})
        brouillon.ajouts = [*brouillon.ajouts, {"domaine": Domaine(domaine).value, "libelle": libelle, "aide": aide}]
        return _garder(brouillon, par)


def enlever_ajout(*, par: Compte, rang: int, version: int, codes: Collection[str] | None = None) -> BrouillonGrille:
    """Take a new signal away from the draft, by its place. Same errors; one that is not there changes nothing."""
    with transaction.atomic():
        brouillon = _verrouille(par, version)
        _cocher(brouillon, codes)
        brouillon.ajouts = [ajout for n, ajout in enumerate(brouillon.ajouts) if n != rang]
        return _garder(brouillon, par)


def jeter_brouillon(*, par: Compte) -> None:
    """Throw the draft away: the version in force goes on."""
    equipe_id = exiger(par, Permission.COORDONNER)
    BrouillonGrille.objects.filter(equipe=equipe_id).delete()


def publier_grille(*, par: Compte, version: int) -> Grille:
    """Publish the draft as the équipe's next version, from now on; fiches already sent keep theirs.

    TransitionInterdite when it says what is in force already, or when another version was published since it was
    begun; ConflitDeVersion when it is not the one that was seen.
    """
    equipe_id = exiger(par, Permission.COORDONNER)
    with transaction.atomic():
        brouillon = _verrouille(par, version)
        actuelle = Grille.objects.en_vigueur(equipe_id)
        if brouillon.version == 0 or actuelle.pk != brouillon.base_id:
            raise TransitionInterdite("publier_grille", "une autre version est en vigueur")
        if not brouillon.ajouts and set(brouillon.codes) == actuelle.codes():
            raise TransitionInterdite("publier_grille", "rien ne change")
        _verifier(brouillon)
        connus = catalogue(equipe_id)
        prevus = _avec_codes(signaux_prevus(brouillon, connus), {s.code for s in connus})
        dits = [{"code": s.code, "domaine": s.domaine, "libelle": s.libelle, "aide": s.aide} for s in prevus]
        pk = porte("publier_grille", equipe_id, horloge.aujourdhui(), json.dumps(dits))
        brouillon.delete()
        journal.noter(Action.GRILLE_PUBLIEE, organisation_id=equipe_id, objet_type="grille", objets=[pk])
    return Grille.objects.avec_signaux().get(pk=pk)


def relire_signal(libelle: str, aide: str) -> None:
    """The guard, without a second confirmation: a signal is read by everybody, for years. ValidationError by field."""
    erreurs: dict[str, list[str]] = {}
    if len(libelle) < LIBELLE_MINIMUM:
        erreurs["libelle"] = ["Décrivez ce qui se voit ou s’entend, en quelques mots."]
    for champ, texte in (("libelle", libelle), ("aide", aide)):
        for f in lire(texte):
            erreurs.setdefault(champ, []).append(f"«{INSECABLE}{f.mot}{INSECABLE}»{INSECABLE}: {f.raison} {f.conseil}")
    if erreurs:
        raise ValidationError(erreurs)


def _avec_codes(signaux: Iterable[SignalPrevu], pris: set[str]) -> list[SignalPrevu]:
    """With a code for each new signal: one that no version ever used, retired ones included."""
    pris, dits = set(pris), []
    for s in signaux:
        code, numero = s.code, PREMIER_NUMERO
        while not code or (code in pris and not s.code):
            code, numero = f"{PREFIXES[Domaine(s.domaine)]}{numero}", numero + 1
        pris.add(code)
        dits.append(SignalPrevu(code, s.domaine, s.libelle, s.aide))
    return dits


def _verrouille(par: Compte, version: int) -> BrouillonGrille:
    """The draft, locked, at the version that the page was shown with; begun here when there is none."""
    equipe_id = exiger(par, Permission.COORDONNER)
    lignes = BrouillonGrille.objects.filter(equipe=equipe_id).select_for_update(of=("self",))
    brouillon = lignes.first() or brouillon_de(equipe_id)
    if brouillon.version != version:
        raise ConflitDeVersion(brouillon)
    return brouillon


def _cocher(brouillon: BrouillonGrille, codes: Collection[str] | None) -> None:
    """What is ticked, among the known signals; None leaves it as it is."""
    if codes is not None:
        brouillon.codes = sorted(set(codes) & {s.code for s in catalogue(brouillon.equipe_id)})


def _garder(brouillon: BrouillonGrille, par: Compte) -> BrouillonGrille:
    nouveau = brouillon.version == 0
    brouillon.version += 1
    brouillon.modifie_par, brouillon.modifie_le = par, horloge.maintenant()
    brouillon.save(force_insert=nouveau)
    journal.noter(
        Action.GRILLE_PREPAREE, organisation_id=brouillon.equipe_id, objet_type="grille", objets=[brouillon.base_id]
    )
    return brouillon


def _verifier(brouillon: BrouillonGrille) -> None:
    prevus = signaux_prevus(brouillon, catalogue(brouillon.equipe_id))
    vides = [d.label for d in Domaine if d.value not in {s.domaine for s in prevus}]
    if vides:
        raise ValidationError({"codes": f"Gardez au moins un signal dans «{INSECABLE}{vides[0]}{INSECABLE}»."})
    if len(prevus) > SIGNAUX_MAXIMUM:
        raise ValidationError({"codes": f"Une grille a au plus {SIGNAUX_MAXIMUM} signaux."})
