"""What those who report, and the raters of the équipe, have to do: for À faire."""

from datetime import timedelta
from typing import Final

from django.urls import reverse

from partenaires.enums import ROLES_EQUIPE, Role
from partenaires.models import Compte
from signalements.enums import EtatDepot
from signalements.models import Fiche, Releve
from signalements.suivi import AFaire, a_faire_de
from socle.ecriture import date_relative, jour_de
from socle.horloge import aujourdhui
from socle.presentation import Delai, Tache

MAXIMUM: Final = 200  # beyond, the list of signalements is the right page
MESSAGE_A_LIRE: Final = "un message de l’équipe à lire"
CONSERVATION_BROUILLON: Final = timedelta(days=30)  # untouched
VERBES: Final = {
    "relire": "Relire la fiche de",
    "completer": "Répondre à l’équipe sur",
    "informer": "Enregistrer l’information de",
    "lire": "Lire le message de l’équipe sur",
}


def taches(compte: Compte) -> list[Tache]:
    """The tasks of this person, the earliest due first: at most three statements."""
    liste: list[Tache] = []
    if compte.a_role(Role.REFERENT, Role.RESPONSABLE):
        liste += _du_referent(compte)
    if compte.a_role(Role.GARDIEN, Role.CORRESPONDANT, Role.REFERENT, Role.RESPONSABLE):
        liste += _en_main(compte)
    if compte.roles:
        liste += _releves(compte)
    return sorted(liste, key=lambda t: (t.delai.iso, t.titre))


def _du_referent(compte: Compte) -> list[Tache]:
    """To read, to answer, to record: what is due on the organisation's open fiches, and what the équipe wrote.

    A message is nobody's task but its reader's: it has no delay, and goes with what is due already.
    """
    siennes = Fiche.objects.visibles_par(compte).envoyees().avec_echeance(compte).avec_a_lire(compte)
    lignes = siennes.a_faire_ou_a_lire().pour_l_orienteur().order_by("echeance", "-id")[:MAXIMUM]
    taches = []
    for fiche in lignes:
        du, a_lire = a_faire_de(fiche), getattr(fiche, "a_lire", False)
        if du is not None and du.code in VERBES:
            taches.append(_tache(fiche, du, MESSAGE_A_LIRE if a_lire and du.code != "completer" else ""))
        elif a_lire:
            taches.append(_tache(fiche, AFaire("lire", "Lire", "", Delai.de(aujourdhui()))))
    return taches


def _tache(fiche: Fiche, du: AFaire, precision: str = "") -> Tache:
    locataire = fiche.locataire_lisible
    vers = "signalement_relecture" if du.code == "relire" else "signalement"
    lieu = fiche.residence.nom if fiche.residence else ""
    return Tache(
        titre=f"{VERBES[du.code]} {locataire.nom_bref if locataire else 'cette personne'}",
        url=reverse(vers, args=[fiche.pk]),
        detail=", ".join(filter(None, (fiche.reference, lieu, f"envoyée par {fiche.auteur.nom_complet}", precision))),
        action=du.verbe,
        delai=du.delai,
        objet=str(fiche.pk),
    )


def _en_main(compte: Compte) -> list[Tache]:
    """One's own drafts, until they are deleted, and what a référent sent back."""
    lignes = Fiche.objects.visibles_par(compte).de_l_auteur(compte).en_main().dernieres_touchees()
    liste = []
    for fiche in lignes[:MAXIMUM]:
        a_corriger = fiche.etat == EtatDepot.A_CORRIGER
        jour = aujourdhui() if a_corriger else jour_de(fiche.modifiee_le + CONSERVATION_BROUILLON)
        liste.append(
            Tache(
                titre="Corriger une fiche renvoyée" if a_corriger else "Finir un brouillon",
                url=reverse("saisie", args=[fiche.pk, "relire"]),
                detail="Un commentaire vous attend"
                if a_corriger
                else f"Commencé {date_relative(fiche.cree_le)}, supprimé ensuite",
                action="Corriger" if a_corriger else "Reprendre",
                delai=Delai.de(jour),
                objet=str(fiche.pk),
            )
        )
    return liste


def _releves(compte: Compte) -> list[Tache]:
    """Expected six-month relevés: one's own and nobody's; the équipe shares its own."""
    lignes = Releve.objects.a_rendre_par(compte)
    if not compte.a_role(*ROLES_EQUIPE):
        lignes = lignes.confies_a(compte)
    liste = []
    for releve in lignes.avec_fiche()[:MAXIMUM]:
        assert releve.du_le is not None
        locataire = releve.fiche.locataire_lisible
        evaluateur = releve.evaluateur if compte.a_role(*ROLES_EQUIPE) else None
        liste.append(
            Tache(
                titre=f"Remplir le relevé de {locataire.nom_bref if locataire else releve.fiche.reference}",
                url=reverse("releve", args=[releve.pk]),
                detail=f"Six mois après, {releve.fiche.reference}",
                action="Remplir",
                delai=Delai.de(releve.du_le),
                initiales=evaluateur.initiales if evaluateur else "",
                personne=evaluateur.nom_complet if evaluateur else "",
                compte_id=evaluateur.pk if evaluateur else None,
                objet=str(releve.fiche_id),
            )
        )
    return liste
