"""The timeline of a situation: visits, notes, orientations and contracts, the newest first."""

from collections.abc import Iterable, Iterator
from datetime import date, datetime
from typing import Final

from django.urls import reverse

from accompagnements.enums import (
    EtatOrientation,
    EtatVisite,
    IssueContrat,
    Lieu,
    ModeSignature,
    MotifArret,
    MotifRefus,
    MotifSansSuite,
)
from accompagnements.enums.concertations import EtatConcertation
from accompagnements.models import (
    Accompagnement,
    Accord,
    Contrat,
    EntreeClinique,
    NoteEquipe,
    Orientation,
    PointConcertation,
    Reouverture,
    Visite,
)
from socle import horloge
from socle.ecriture import INSECABLE, date_heure, date_moyenne, date_relative, duree, heure
from socle.presentation import EntreeFrise

TOUT, VISITES, NOTES, ORIENTATIONS = "", "visites", "notes", "orientations"
FILTRES: Final = ((TOUT, "Tout"), (VISITES, "Visites"), (NOTES, "Notes"), (ORIENTATIONS, "Orientations"))
MONTRES: Final = 12  # events before « Voir les événements précédents »


def entrees_des_visites(visites: Iterable[Visite], noms: dict[int, str]) -> Iterator[EntreeFrise]:
    """Planned, made, missed: the account is read by the équipe. A cancelled visit leaves no line."""
    for v in visites:
        lieu = "Visite" if v.lieu != Lieu.TELEPHONE else "Appel"
        qui = ", ".join(noms[c] for c in v.participants if c in noms)
        if v.etat == EtatVisite.PLANIFIEE:
            titre = f"{lieu} {str(Lieu(v.lieu).label)[:1].lower()}{str(Lieu(v.lieu).label)[1:]}, à venir"
            if v.debut < horloge.maintenant():
                titre = f"{lieu} sans compte rendu"
            texte = ". ".join(filter(None, [qui, "Avec l’orienteur" if v.conjointe else ""]))
            yield EntreeFrise(
                titre, v.debut, "house-heart", texte, "prevu", url=reverse("visite", args=[v.pk]), avec_heure=True
            )
        elif v.etat == EtatVisite.FAITE:
            yield EntreeFrise(
                f"{lieu} faite, {duree(v.fin - v.debut)}".replace("Appel faite", "Appel fait"), v.debut, "house-heart",
                " ".join(filter(None, [f"{qui}." if qui else "", v.compte_rendu])), "fait", "equipe",
                reverse("visite", args=[v.pk]),
            )  # fmt: skip
        elif v.etat != EtatVisite.ANNULEE:
            motif = "personne absente" if v.etat == EtatVisite.ABSENT else "refusée"
            yield EntreeFrise(
                f"{lieu}{INSECABLE}: {motif}", v.debut, "house-heart", v.compte_rendu, "neutre", "equipe",
                reverse("visite", args=[v.pk]),
            )  # fmt: skip


def entrees_des_notes(notes: Iterable[NoteEquipe], cliniques: Iterable[EntreeClinique]) -> Iterator[EntreeFrise]:
    """Each with its level; the text of a clinical one only where it may be read."""
    for n in notes:
        yield EntreeFrise(f"Note de {n.auteur.nom_complet}", n.ecrite_le, "pencil", n.texte, "neutre", "equipe")
    for c in cliniques:
        contenu = c.contenu_lisible
        texte = contenu.texte if contenu else "Contenu réservé aux soignants de l’équipe."
        yield EntreeFrise(f"Note de {c.auteur.nom_complet}", c.ecrite_le, "lock-fill", texte, "neutre", "clinique")


def entrees_des_orientations(orientations: Iterable[Orientation]) -> Iterator[EntreeFrise]:
    """Sent, answered, begun, ended, withdrawn."""
    for o in orientations:
        chez, url = o.chez, reverse("orientation", args=[o.pk])

        def ligne(titre: str, quand: date | datetime, texte: str = "", url: str = url) -> EntreeFrise:
            return EntreeFrise(titre, quand, "signpost-split", texte, "fait", url=url)

        if o.etat == EtatOrientation.PROPOSEE:
            yield EntreeFrise(
                f"Orientation vers {chez.nom_complement} préparée",
                o.proposee_le,
                "signpost-split",
                "",
                "prevu",
                url=url,
            )
        if o.envoyee_le is not None:
            yield ligne(f"Orientation envoyée {chez.nom_a}", o.envoyee_le)
        if o.repondue_le is not None:
            yield ligne(*_reponse(o, chez.nom))
        if o.prise_en_charge_le is not None:
            yield ligne(f"Prise en charge par {chez.nom_complement}", o.prise_en_charge_le)
        if o.terminee_le is not None:
            yield ligne(f"Fin de la prise en charge par {chez.nom_complement}", o.terminee_le)
        if o.retiree_le is not None:
            yield ligne(
                f"Orientation vers {chez.nom_complement} retirée", o.retiree_le, str(o.get_motif_retrait_display())
            )


def entrees_des_concertations(points: Iterable[PointConcertation]) -> Iterator[EntreeFrise]:
    """Convened, held; a meeting in preparation or cancelled leaves no line."""
    for p in points:
        c = p.concertation
        quoi = c.commission.nom if c.commission else "Concertation"
        url = reverse("point_concertation", args=[p.pk])
        if c.etat == EtatConcertation.CONVOQUEE:
            titre = f"{quoi}, à venir" if c.debut > horloge.maintenant() else f"{quoi} sans compte rendu"
            yield EntreeFrise(titre, c.debut, "people", c.lieu, "prevu", url=url, avec_heure=True)
        elif c.etat == EtatConcertation.TENUE:
            yield EntreeFrise(f"{quoi} tenue", c.debut, "people", f"Sous le nom de {p.nom}.", "fait", "equipe", url)


def entrees_du_dossier(
    a: Accompagnement, contrats: Iterable[Contrat], accords: Iterable[Accord], reouvertures: Iterable[Reouverture]
) -> Iterator[EntreeFrise]:
    """Opening, contracts, consents, ends, and those that were taken back."""
    yield EntreeFrise("Accompagnement ouvert", a.ouvert_le, "flag-fill", "", "fait")
    for c in contrats:
        if c.issue == IssueContrat.SIGNE:
            comment = "Sur papier" if c.mode == ModeSignature.PAPIER else "À l’écran"
            terme = f", jusqu’au {date_moyenne(c.jusqu_au)}" if c.jusqu_au else ""
            yield EntreeFrise(
                f"Contrat n°{INSECABLE}{c.numero} signé", c.le, "file-earmark-text", f"{comment}{terme}.", "fait"
            )
        else:
            yield EntreeFrise(f"Contrat n°{INSECABLE}{c.numero} refusé", c.le, "file-earmark-text")
    for accord in accords:
        yield EntreeFrise(
            f"Accord pour {accord.qui.nom_complement}",
            accord.le,
            "shield-check",
            f"{accord.portees_phrase}.",
            "fait",
        )
        if accord.retire_le is not None:
            yield EntreeFrise(f"Accord pour {accord.qui.nom_complement} retiré", accord.retire_le, "x-circle")
    for r in reouvertures:
        motif = dict([*MotifArret.choices, *MotifSansSuite.choices]).get(r.motif_fin, "")
        yield EntreeFrise("Fin, reprise ensuite", r.fin_le, "flag-fill", f"{motif}.")
        yield EntreeFrise("Situation rouverte", r.le, "flag-fill", f"{r.raison} ({r.par.nom_complet})", "fait")
    if a.fin_le is not None:
        yield EntreeFrise(str(a.get_etat_display()), a.fin_le, "flag-fill", f"{a.motif_fin_libelle}.", "fait")


def ordonner(entrees: Iterable[EntreeFrise]) -> list[EntreeFrise]:
    """Newest first, what is to come above; at the same instant, the last told is the newest."""
    return sorted(entrees, key=lambda e: _instant(e.quand))[::-1]


def _instant(quand: date | datetime) -> datetime:
    return quand if isinstance(quand, datetime) else horloge.a_paris(quand, 0)


def _reponse(o: Orientation, chez: str) -> tuple[str, datetime, str]:
    assert o.repondue_le is not None
    if o.motif_refus:
        return f"{chez} a refusé l’orientation", o.repondue_le, f"{MotifRefus(o.motif_refus).label}."
    if o.rendez_vous is not None:
        return f"{chez} a accepté l’orientation", o.repondue_le, f"Premier rendez-vous le {date_heure(o.rendez_vous)}."
    if o.revoir_le is not None:
        return f"{chez} a mis l’orientation en attente", o.repondue_le, f"À revoir {date_relative(o.revoir_le)}."
    return f"{chez} a répondu à l’orientation", o.repondue_le, f"À {heure(o.repondue_le)}."
