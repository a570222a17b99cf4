"""The address "/": À faire for those who have one, the first page of the role for the others.

Each application gives its part as a function of the person, and says whose it is by account; the page names people.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accompagnements import taches as taches_suivi
from config.accueil import accueil
from indicateurs import taches as taches_bilans
from partenaires.droits import acteur
from partenaires.enums import ROLES_EQUIPE, Role
from partenaires.models import Compte
from signalements import taches as taches_orienteur
from signalements import taches_equipe
from signalements.enums import Action
from signalements.taches_equipe import Membre
from socle import horloge, journal
from socle.ecriture import INSECABLE, date_moyenne, en_phrase
from socle.presentation import Tache, VisiteDuJour

MOI, PERSONNE = "moi", "personne"
PAR_GROUPE: Final = 5  # rows of a person in the view of the whole team
VENDREDI: Final = 4


@dataclass(slots=True)
class Groupe:
    """What a person has to do that is not late; `reste` rows are behind `url`; `absence` says who covers her."""

    nom: str
    initiales: str
    fonction: str
    taches: list[Tache]
    total: int
    reste: int = 0
    url: str = ""
    absence: str = ""


@dataclass(frozen=True, slots=True)
class Charge:
    """A row of « Par personne »; `suivies` is None for nobody."""

    nom: str
    url: str
    retard: int
    a_venir: int
    suivies: int | None


@dataclass(frozen=True, slots=True)
class Veille:
    """A visit that nobody closed: whom to call, by name and number ("" without one)."""

    titre: str
    url: str
    quand: str
    personnes: list[tuple[str, str]]


@dataclass(slots=True)
class Page:
    """Everything that the page shows."""

    phrase: str
    filtres: list[tuple[str, str, int, bool]]
    retard: list[Tache]
    groupes: list[Groupe]
    charges: list[Charge] = field(default_factory=list)
    visites: list[VisiteDuJour] = field(default_factory=list)
    veilles: list[Veille] = field(default_factory=list)

    @property
    def jour_des_visites(self) -> date | None:
        """The day of the visits, when it is another than today."""
        jour = self.visites[0].jour if self.visites else None
        return None if jour == horloge.aujourdhui() else jour


@require_safe
def a_faire(request: HttpRequest) -> HttpResponse:
    """What is late first, then by person; reading it is noted, with the fiches named."""
    compte = acteur(request)
    if not compte.a_role(*ROLES_EQUIPE, Role.REFERENT, Role.RESPONSABLE):
        return accueil(request)
    assert compte.organisation_id is not None  # a role is held in an organisation
    suivi = taches_suivi.suivi_de(compte)
    taches = [
        *taches_equipe.taches(compte),
        *taches_orienteur.taches(compte),
        *suivi.taches,
        *taches_suivi.taches_du_referent(compte),
        *taches_suivi.taches_des_concertations(compte),
        *taches_bilans.taches(compte),
    ]
    equipe = taches_equipe.membres(compte, suivi.charge) if compte.a_role(*ROLES_EQUIPE) else []
    page = composer(taches, equipe, request.GET.get("qui", ""), compte, suivi.visites if equipe else [])
    page.veilles = _veilles(suivi.alertes)
    montrees = (
        [*(a.objet for a in suivi.alertes)]
        + [t.objet for t in page.retard]
        + [t.objet for g in page.groupes for t in g.taches]
    )
    journal.noter(
        Action.LISTE_LUE,
        organisation_id=compte.organisation_id,
        objet_type="fiche",
        objets=dict.fromkeys(o for o in [*montrees, *(v.objet for v in page.visites)] if o),
    )
    return render(request, "a_faire.html", {"page": page, "equipe": bool(equipe)})


def _veilles(alertes: list[taches_suivi.Alerte]) -> list[Veille]:
    """With the names and numbers of those who have not come out; one statement, only when there is an alert."""
    cles = {cle for a in alertes for cle in a.comptes}
    connus = Compte.objects.in_bulk(cles) if cles else {}
    return [
        Veille(
            a.titre, a.url, a.quand, [(connus[c].nom_complet, connus[c].telephone) for c in a.comptes if c in connus]
        )
        for a in alertes
    ]


def composer(taches: list[Tache], equipe: list[Membre], qui: str, compte: Compte, visites: list[VisiteDuJour]) -> Page:
    """The page of one person, of nobody, or of the whole team; an unknown `qui` is the whole team.

    What was somebody's who left is nobody's: it must be given to somebody. What is an absent person's is said to be
    covered, and is on the page of whoever covers her too.
    """
    taches = sorted(taches, key=lambda t: (t.delai.iso, t.titre))
    if equipe:
        connus = {m.compte_id: m for m in equipe}
        taches = [_nommee(t, connus) for t in taches]
        visites = [_visite_nommee(v, connus) for v in visites]
    cle = _cle(qui, equipe, compte)
    vues = [t for t in taches if cle == "" or _a(t, cle, equipe)]
    retard = [t for t in vues if t.delai.en_retard]
    a_venir = [t for t in vues if not t.delai.en_retard]
    groupes = _groupes(a_venir, equipe, cle) if equipe else _par_date(a_venir)
    return Page(
        phrase=phrase_de(vues, horloge.aujourdhui()),
        filtres=_filtres(taches, equipe, cle, compte),
        retard=retard,
        groupes=groupes,
        charges=_charges(taches, equipe, compte),
        visites=[v for v in visites if cle == "" or cle in map(str, v.participants)],
    )


def _nommee(tache: Tache, connus: Mapping[int, Membre]) -> Tache:
    """With the name of the person whose it is; nobody's when she is not of the team any more."""
    membre = None if tache.compte_id is None else connus.get(tache.compte_id)
    if membre is None:
        return replace(tache, compte_id=None, personne="", initiales="")
    detail = " · ".join(filter(None, [tache.detail, membre.absence]))
    return replace(tache, personne=membre.nom, initiales=membre.initiales, detail=detail)


def _visite_nommee(visite: VisiteDuJour, connus: Mapping[int, Membre]) -> VisiteDuJour:
    presents = [connus[c] for c in visite.participants if c in connus]
    return replace(
        visite,
        detail=" · ".join(filter(None, [visite.detail, ", ".join(m.nom for m in presents)])),
        personne=presents[0].nom if presents else "",
        initiales=presents[0].initiales if presents else "",
    )


def phrase_de(taches: list[Tache], jour: date) -> str:
    """« 3 en retard, 4 aujourd’hui, 9 d’ici vendredi » ; what comes later is added when there is some."""
    vendredi = jour + timedelta(days=(VENDREDI - jour.weekday() - 1) % 7 + 1)
    iso, fin = jour.isoformat(), vendredi.isoformat()
    retard = sum(t.delai.en_retard for t in taches)
    du_jour = sum(t.delai.iso == iso for t in taches)
    proches = sum(iso < t.delai.iso <= fin for t in taches)
    plus_tard = sum(t.delai.iso > fin for t in taches)
    proche = "vendredi" if vendredi - jour <= timedelta(days=4) else f"vendredi{INSECABLE}{date_moyenne(vendredi)}"
    morceaux = [f"{retard} en retard", f"{du_jour} aujourd’hui", f"{proches} d’ici {proche}"]
    return ", ".join(morceaux + ([f"{plus_tard} plus tard"] if plus_tard else []))


def _cle(qui: str, equipe: list[Membre], compte: Compte) -> str:
    """Whose page: an account id, PERSONNE, or "" for everybody."""
    if not equipe:
        return ""
    if qui == MOI:
        return str(compte.pk)
    return qui if qui == PERSONNE or qui in {str(m.compte_id) for m in equipe} else ""


def _a(tache: Tache, cle: str, equipe: list[Membre]) -> bool:
    """Whether it is this person's, or an absent colleague's whom she covers."""
    if cle == PERSONNE:
        return tache.compte_id is None
    couverts = {str(m.compte_id) for m in equipe if m.remplacant_id is not None and str(m.remplacant_id) == cle}
    return str(tache.compte_id) in {cle, *couverts}


def _noms(cle: str, equipe: list[Membre]) -> set[str]:
    return {m.nom for m in equipe if str(m.compte_id) == cle}


def _url(cle: str, compte: Compte) -> str:
    return "?qui=moi" if cle == str(compte.pk) else f"?qui={cle}"


def _filtres(taches: list[Tache], equipe: list[Membre], cle: str, compte: Compte) -> list[tuple[str, str, int, bool]]:
    """(label, address, count, current) of the link filter; a third one names another person's page."""
    if not equipe:
        return []
    moi = str(compte.pk)
    filtres = [
        ("Moi", "?qui=moi", sum(_a(t, moi, equipe) for t in taches), cle == moi),
        ("Toute l’équipe", "?", len(taches), cle == ""),
    ]
    if cle not in ("", moi):
        nom = "Sans personne" if cle == PERSONNE else next(iter(_noms(cle, equipe)))
        filtres.insert(1, (nom, f"?qui={cle}", sum(_a(t, cle, equipe) for t in taches), True))
    return filtres


def _groupes(taches: list[Tache], equipe: list[Membre], cle: str) -> list[Groupe]:
    """One group per person who has something to do, by name, then what nobody has."""
    absences = {m.compte_id: m.absence for m in equipe}
    groupes = [(str(m.compte_id), m.nom, m.initiales, en_phrase(m.fonction), m.compte_id) for m in equipe]
    limite = PAR_GROUPE if cle == "" else len(taches)
    composes = []
    for c, nom, initiales, fonction, compte_id in [*groupes, (PERSONNE, "Sans personne", "", "à attribuer", None)]:
        siennes = [t for t in taches if t.compte_id == compte_id]
        if siennes:
            reste = max(0, len(siennes) - limite)
            url = f"?qui={c}" if reste else ""
            absence = absences.get(compte_id, "") if compte_id is not None else ""
            composes.append(Groupe(nom, initiales, fonction, siennes[:limite], len(siennes), reste, url, absence))
    return composes


def _par_date(taches: list[Tache]) -> list[Groupe]:
    """For an organisation that shares its tasks: today, then what comes."""
    du_jour = [t for t in taches if t.delai.etat == "jour"]
    plus_tard = [t for t in taches if t.delai.etat != "jour"]
    groupes = [("Aujourd’hui", du_jour), ("À venir", plus_tard)]
    return [Groupe(nom, "", "", lignes, len(lignes)) for nom, lignes in groupes if lignes]


def _charges(taches: list[Tache], equipe: list[Membre], compte: Compte) -> list[Charge]:
    """Late, to come and followed, by person; nobody's row only when there is something in it."""
    if not equipe:
        return []
    lignes = []
    for m in equipe:
        siennes = [t for t in taches if t.compte_id == m.compte_id]
        retard = sum(t.delai.en_retard for t in siennes)
        url = _url(str(m.compte_id), compte)
        lignes.append(Charge(m.nom, url, retard, len(siennes) - retard, m.suivies))
    sans = [t for t in taches if t.compte_id is None]
    if sans:
        retard = sum(t.delai.en_retard for t in sans)
        lignes.append(Charge("Sans personne", f"?qui={PERSONNE}", retard, len(sans) - retard, None))
    return lignes
