"""A fiche as the équipe reads it."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from partenaires.droits import acteur, ouvert_a
from partenaires.enums import GenreOrganisation, Permission
from partenaires.models import Compte
from signalements import droits
from signalements.enums import Action, EtatInstruction
from signalements.models import Echange, Fiche, Information, LectureFil, Photo, Rectification, Releve
from signalements.prolongements import urls_situations
from signalements.suite import actes_de, echeances_de, effacement_de, parcours_de, reparable, suite_de, ton_de
from signalements.suivi import est_nouveau
from signalements.views.decisions import INFORMABLES
from signalements.views.photos import vignettes_de
from signalements.views.sections import Section, SignalLu, sections_de_la_fiche
from signalements.voisines import voisinage_de
from socle import horloge, journal
from socle.ecriture import compter, date_heure, date_moyenne, date_relative, moment_relatif
from socle.lots import lire_ensemble

APART = frozenset({"attribuer", "annuler_opposition"})  # acts that have their own place on the page


@require_safe
@ouvert_a(Permission.SUIVRE)
def fiche(request: HttpRequest, pk: UUID) -> HttpResponse:
    """What was reported, where it stands, what comes next; reading it is noted."""
    compte = acteur(request)
    f = droits.fiche_de_l_equipe(compte, pk)
    assert f.equipe_id is not None  # transmitted
    journal.noter(Action.FICHE_LUE, organisation_id=f.equipe_id, objet_type="fiche", objets=[f.pk])
    actes = actes_de(f, compte)
    situation = urls_situations([f], compte).get(f.pk, "")
    suite = suite_de(f, actes, situation)
    information = information_de(f)
    releves = Releve.objects.visibles_par(compte).de_la_fiche(f).au_depart().de_l_orienteur().avec_grille()
    releve = releves.first() if f.locataire_lisible else None
    return render(
        request,
        "signalements/fiche.html",
        {
            "fiche": f,
            "instruction": f.instruction,
            "etat": EtatInstruction(f.instruction.etat).label,
            "ton": ton_de(f.instruction.etat),
            "motif": f.instruction.get_motif_display(),
            "fil": [("Fiches", reverse("fiches")), (f.reference, "")],
            "identite": identite(f),
            "suite": suite,
            "etapes": parcours_de(f, information),
            **contenu_de(f, releve),
            "alerte_le": _alerte(f),
            "phrase_opposition": _opposition_connue(f),
            "actes": [a for a in actes if not a.danger and a.nom not in APART and (not suite or a.url != suite.url)],
            "dangereux": [a for a in actes if a.danger],
            "attribuer": next((a for a in actes if a.nom == "attribuer"), None),
            "reparer": next((a for a in actes if a.nom == "annuler_opposition"), None),
            **_fil_et_photos(f, compte),
            "fil_ouvert": f.terminee_le is None,
            "information": information,
            "information_modifiable": f.instruction.etat in INFORMABLES,
            "echeances": echeances_de(f),
            "voisinage": voisinage_de(f, compte),
            "effacement": effacement_de(f),
            "reparable": reparable(f.instruction),
            "auteurs": auteurs_de(f),
            "masquee": f.instruction.etat == EtatInstruction.OPPOSITION,
        },
    )


@dataclass(frozen=True, slots=True)
class DomaineLu:
    """A domain of the grid: what was observed, then the rest. No count: nothing that looks like a score."""

    titre: str
    presents: list[SignalLu]
    autres: list[SignalLu]


def contenu_de(f: Fiche, releve: Releve | None) -> dict[str, object]:
    """What was reported, for `signalements/contenu.html`; empty once it is hidden or erased."""
    sections = sections_de_la_fiche(f, releve, releve.grille if releve else None, None)
    par_cle: dict[str, Section] = {s.cle: s for s in sections}
    domaines = [
        DomaineLu(s.titre, s.presents, [x for x in s.signaux if x not in s.presents]) for s in sections if s.signaux
    ]
    cote = releve.evaluateur.nom_complet if releve and releve.evaluateur else ""
    return {
        "domaines": domaines,
        "contexte": [par_cle[cle] for cle in ("contexte", "faits", "demarches") if cle in par_cle],
        "personne": [par_cle[cle] for cle in ("nom", "residence") if cle in par_cle],
        "cote_par": f"par {cote}, {date_relative(releve.rendu_le)}" if releve and releve.rendu_le else "",
    }


def information_de(f: Fiche) -> Information | None:
    """The information of the household that holds, with its author; read with the fiche."""
    brute = f.information_brute
    if brute is None:
        return None
    return Information(
        pk=UUID(brute["pk"]),
        fiche=f,
        le=date.fromisoformat(brute["le"]),
        mode=brute["mode"],
        enregistree_le=datetime.fromisoformat(brute["enregistree_le"]),
        par=Compte(nom=brute["nom"], prenom=brute["prenom"]),
    )


def _alerte(f: Fiche) -> str:
    """That the author of the fiche was shown whom to call, and when; "" otherwise."""
    le = f.constat_lisible.alerte_le if f.constat_lisible else None
    return f"Les numéros d’urgence ont été montrés à {f.auteur.nom_complet} le {date_heure(le)}." if le else ""


def _fil_et_photos(f: Fiche, compte: Compte) -> dict[str, object]:
    """The thread with what is new in it to this person, what was rectified, and the photos: one statement."""
    lues = lire_ensemble(
        echanges=Echange.objects.de_la_fiche(f),
        lectures=LectureFil.objects.de_la_fiche(f, compte),
        rectifications=Rectification.objects.de_la_fiche(f),
        photos=Photo.objects.visibles_par(compte).de_la_fiche(f).en_vignettes(),
    )
    lu_le = lues["lectures"][0].lu_le if lues["lectures"] else None
    echanges = [{**message_de(e), "nouveau": est_nouveau(e, compte.pk, lu_le)} for e in lues["echanges"]]
    return {
        "echanges": echanges,
        "nouveaux": sum(bool(e["nouveau"]) for e in echanges),
        "dernier_message": lues["echanges"][-1].pk if echanges else "",
        "rectifications": lues["rectifications"],
        "vignettes": vignettes_de(lues["photos"]),
    }


def _opposition_connue(f: Fiche) -> str:
    le = f.instruction.opposition_connue_le
    return (
        f"Une personne de même nom, dans le même logement, s’est opposée le {date_moyenne(le)}. Rien de cette fiche-là "
        "n’est gardé. Demandez-vous si cette nouvelle fiche respecte son refus."
        if le
        else ""
    )


def auteurs_de(f: Fiche) -> list[tuple[Compte, str]]:
    """Who wrote the fiche, and whoever took it over since."""
    ecrit = "A écrit la fiche" if f.declarant_id == f.orienteur_id else "A saisi la fiche"
    if f.deposee_par is None:
        return [(f.auteur, ecrit)]
    return [(f.deposee_par, ecrit), (f.auteur, "A repris ses fiches")]


def identite(f: Fiche) -> str:
    """« 54 ans · Les Tilleuls, 6 allée des Tilleuls, bât. A, 3e étage · Habitat des Trois Ponts »."""
    locataire, residence = f.locataire_lisible, f.residence
    morceaux = []
    if locataire is not None:
        age = locataire.age(horloge.aujourdhui())
        morceaux.append(compter(age, "an", "ans") if age is not None else "")
    if residence is not None:
        lieu = [residence.nom]
        if locataire is not None:
            lieu += [residence.adresse, locataire.logement]
        morceaux.append(", ".join(filter(None, lieu)))
    morceaux.append(f.orienteur.nom)
    return " · ".join(filter(None, morceaux))


def message_de(echange: Echange) -> dict[str, object]:
    """The parameters of `composants/message.html`."""
    return {
        "auteur": echange.auteur.nom_complet,
        "initiales": echange.auteur.initiales,
        "texte": echange.texte,
        "quand": moment_relatif(echange.le),
        "iso": echange.le,
        "precision": echange.organisation.nom,
        "bailleur": echange.organisation.genre != GenreOrganisation.EQUIPE,
    }
