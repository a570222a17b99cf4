"""What is due on an accompagnement, and when: one source for the list, the page and À faire.

Each row is read `avec_personne` and `avec_echeances`. Delays are reminders of the équipe, in calendar days; only
the decision on a retrait d'accord is counted in working days.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from django.urls import reverse

from accompagnements.enums import Etat, EtatOrientation, EtatProposition, Lieu
from accompagnements.models import Accompagnement
from accompagnements.models.lectures import OrientationEnVue, VisiteEnVue
from partenaires.models.appellations import Nommee
from signalements.echeances import decision_du_retrait
from signalements.models import Releve
from socle import horloge
from socle.ecriture import date_heure, date_moyenne, date_relative, jour_de

PREMIERE_VISITE: Final = timedelta(days=7)  # after the opening
DEPART: Final = timedelta(days=14)  # the équipe's T0, after the first visit
DIAGNOSTIC: Final = timedelta(days=30)  # after the evaluation began
PROPOSITION: Final = timedelta(days=45)
SIGNATURE: Final = timedelta(days=15)  # after the contract was proposed
ENTRE_VISITES: Final = timedelta(days=30)
RENOUVELLEMENT: Final = timedelta(days=14)  # before the end of a contract
SUSPENSION: Final = timedelta(days=30)
PARTENAIRE: Final = "partenaire"  # whom a line does not name
SUITE_REFUS: Final = timedelta(days=7)  # to offer something else after a refusal


@dataclass(frozen=True, slots=True)
class Echeance:
    """Something due: what (`chose`, after a verb), the verb of its button, its page, its day.

    `action` begins the sentence of a task ("Planifier la première visite"), `de` tells whether the person's name
    follows ("… de Mme Maquette"). `decision`: coordination alone. `titre` names it in the side column.
    """

    action: str
    bouton: str
    url: str
    le: date
    titre: str
    detail: str = ""
    liaison: str = "de"
    decision: bool = False
    ouvres: bool = False


def echeances_de(a: Accompagnement) -> list[Echeance]:
    """Everything due, the earliest first. An open situation is never without: what to do next is then late itself."""
    dues = sorted(_toutes(a), key=lambda e: (e.le, e.titre))
    return dues if dues or a.est_clos else [_a_decider(a)]


def prochaine(a: Accompagnement) -> Echeance | None:
    """The next step: the earliest due; None on a closed situation where nothing is."""
    return next(iter(echeances_de(a)), None)


def _toutes(a: Accompagnement) -> Iterator[Echeance]:
    a.completer()
    if a.est_clos:
        if a.etat == Etat.TERMINE and not a.logement_note:
            yield _logement(a)
        return
    if a.retrait_en_attente:
        demande = a.fiche.instruction.retrait_demande_le
        assert demande is not None
        yield Echeance(
            "Décider du retrait d’accord", "Décider", reverse("situation_retrait", args=[a.pk]),
            decision_du_retrait(demande), "Retrait d’accord", f"demandé {date_relative(demande)}", decision=True,
            ouvres=True,
        )  # fmt: skip
    yield from (_visite(v) for v in a.visites_prevues)
    etape = getattr(a, "etape_choisie", None)
    if etape is not None and etape.faite_le is None:
        yield Echeance(
            etape.texte, "Ouvrir l’étape", reverse("situation_etape", args=[a.pk]), etape.le, etape.texte,
            f"étape notée {date_relative(etape.notee_le)}", "pour",
        )  # fmt: skip
    yield from _etape(a)
    if a.premiere_faite_le is not None and _depart_attendu(a):
        yield Echeance(
            "Remplir le relevé de départ", "Remplir", reverse("situation_releve", args=[a.pk]),
            jour_de(a.premiere_faite_le) + DEPART, "Relevé de départ, équipe",
            f"première visite {date_relative(a.premiere_faite_le)}",
        )  # fmt: skip
    for o in a.orientations_en_vue:
        yield from _orientation(a, o)
    if not a.logement_note and a.logement_du_le <= horloge.aujourdhui() + RENOUVELLEMENT:
        yield _logement(a)


def _depart_attendu(a: Accompagnement) -> bool:
    """The équipe's T0 speaks of the first visit: sixty days later it would say something else."""
    assert a.premiere_faite_le is not None
    return not a.depart_cote and horloge.aujourdhui() <= jour_de(a.premiere_faite_le) + Releve.SURSIS


def _etape(a: Accompagnement) -> Iterator[Echeance]:
    """What the state itself waits for."""
    if a.etat == Etat.EVALUATION:
        yield from _evaluation(a)
    elif a.etat == Etat.PROPOSE and a.propose_le is not None:
        yield Echeance(
            "Faire signer le contrat", "Faire signer", reverse("situation_signer", args=[a.pk]),
            jour_de(a.propose_le) + SIGNATURE, "Signature du contrat",
            f"contrat proposé {date_relative(a.propose_le)}",
        )  # fmt: skip
    elif a.etat == Etat.EN_COURS:
        yield from _suivi(a)
    elif a.suspendu_le is not None:
        yield Echeance(
            "Reprendre ou terminer l’accompagnement", "Reprendre", reverse("situation_reprendre", args=[a.pk]),
            jour_de(a.suspendu_le) + SUSPENSION, "Fin de la suspension",
            f"suspendu {date_relative(a.suspendu_le)}",
        )  # fmt: skip


def _evaluation(a: Accompagnement) -> Iterator[Echeance]:
    depuis = jour_de(a.evaluation_depuis)
    if a.premiere_faite_le is None and not a.visites_prevues:
        yield _premiere_visite(a)
    if a.premiere_faite_le is None:
        return
    if not a.a_un_diagnostic:
        yield Echeance(
            "Écrire le diagnostic", "Écrire", reverse("situation_diagnostic", args=[a.pk]), depuis + DIAGNOSTIC,
            "Diagnostic", f"évaluation commencée {date_relative(depuis)}",
        )  # fmt: skip
    elif a.objectifs_depuis is None:
        yield Echeance(
            "Ajouter un objectif", "Ajouter", reverse("objectif_ajouter", args=[a.pk]), depuis + PROPOSITION,
            "Objectifs", "diagnostic écrit", "pour",
        )  # fmt: skip
    else:
        yield Echeance(
            "Proposer le contrat", "Proposer", reverse("situation_proposer", args=[a.pk]), depuis + PROPOSITION,
            "Proposition du contrat", f"évaluation commencée {date_relative(depuis)}", "à",
        )  # fmt: skip


def _premiere_visite(a: Accompagnement) -> Echeance:
    """To plan: by offering dates to the bailleur, waiting for his answer, or offering others."""
    le, titre = jour_de(a.ouvert_le) + PREMIERE_VISITE, "Première visite"
    etat, avant = a.dates_proposees or ("", le)
    page = reverse("situation_visites", args=[a.pk])
    if etat == EtatProposition.OUVERTE:
        en_retard = avant < horloge.aujourdhui()
        action = "Relancer le bailleur sur" if en_retard else "Attendre l’accord du bailleur sur"
        detail = f"dates proposées, réponse attendue le {date_moyenne(avant)}"
        return Echeance(f"{action} la première visite", "Ouvrir", page, le, titre, detail)
    if etat == EtatProposition.DECLINEE:
        proposer = reverse("creneaux_proposer", args=[a.pk])
        return Echeance(
            "Proposer d’autres dates pour la première visite", "Proposer", proposer, le, titre,
            "aucune date ne convient au bailleur",
        )  # fmt: skip
    return Echeance(
        "Planifier la première visite", "Planifier", reverse("visite_planifier", args=[a.pk]), le, titre,
        f"accompagnement ouvert {date_relative(a.ouvert_le)}",
    )  # fmt: skip


def _suivi(a: Accompagnement) -> Iterator[Echeance]:
    if not a.visites_prevues:
        dernier = jour_de(a.derniere_faite_le or a.signe_le or a.ouvert_le)
        yield Echeance(
            "Planifier une visite", "Planifier", reverse("visite_planifier", args=[a.pk]), dernier + ENTRE_VISITES,
            "Prochaine visite", f"dernière visite {date_relative(dernier)}", "chez",
        )  # fmt: skip
    if a.objectifs_depuis is not None and a.revue_le is not None:
        depuis = a.objectifs_depuis
        yield Echeance(
            "Revoir les objectifs", "Revoir", reverse("situation_contrat", args=[a.pk]), a.revue_le,
            "Revue des objectifs", f"dernière revue {date_relative(depuis)}", "avec",
        )  # fmt: skip
    if a.contrat_jusqu_au is not None:
        yield Echeance(
            "Renouveler le contrat", "Renouveler", reverse("situation_signer", args=[a.pk]), a.contrat_jusqu_au,
            "Fin du contrat", f"contrat jusqu’au {date_moyenne(a.contrat_jusqu_au)}",
        )  # fmt: skip


def _visite(visite: VisiteEnVue) -> Echeance:
    passee = visite.fin <= horloge.maintenant()
    quand = date_heure(visite.debut)
    nom = "première visite" if visite.premiere else "visite"
    return Echeance(
        f"Rendre compte de la {nom}" if passee else f"Faire la {nom}",
        "Rendre compte" if passee else "Ouvrir la visite",
        reverse("visite", args=[visite.pk]),
        jour_de(visite.debut),
        {Lieu.DOMICILE: "Visite à domicile", Lieu.BUREAU: "Visite au bureau"}.get(Lieu(visite.lieu), "Appel"),
        quand,
        "chez" if not passee and visite.lieu == Lieu.DOMICILE else "de",
    )


def _orientation(a: Accompagnement, o: OrientationEnVue) -> Iterator[Echeance]:
    chez, page = Nommee(o.destinataire or PARTENAIRE), reverse("orientation", args=[o.pk])
    if o.etat == EtatOrientation.PROPOSEE:
        yield Echeance(
            f"Envoyer l’orientation {chez.nom_a}", "Envoyer", page, jour_de(o.proposee_le) + SUITE_REFUS,
            f"Envoi {chez.nom_a}", f"préparée {date_relative(o.proposee_le)}", "pour",
        )  # fmt: skip
    elif o.etat == EtatOrientation.ENVOYEE and o.repondre_avant is not None and o.envoyee_le is not None:
        relance = f", relancé {date_relative(o.relancee_le)}" if o.relancee_le else ""
        yield Echeance(
            f"Relancer {chez.nom_complement}", "Relancer", page, o.repondre_avant, f"Réponse {chez.nom_de}",
            f"envoyée {date_relative(o.envoyee_le)}{relance}", "pour",
        )  # fmt: skip
    elif o.etat == EtatOrientation.ACCEPTEE and o.rendez_vous is not None:
        yield Echeance(
            "Enregistrer la prise en charge", "Enregistrer", page, jour_de(o.rendez_vous),
            f"Rendez-vous, {chez.nom}", f"{chez.nom}, rendez-vous le {date_heure(o.rendez_vous)}",
        )  # fmt: skip
    elif o.etat == EtatOrientation.LISTE_ATTENTE and o.revoir_le is not None:
        yield Echeance(
            f"Demander des nouvelles {chez.nom_a}", "Ouvrir", page, o.revoir_le, f"Liste d’attente, {chez.nom}",
            "en liste d’attente", "pour",
        )  # fmt: skip
    elif o.etat == EtatOrientation.REFUSEE and o.repondue_le is not None and not _suivie(a, o):
        yield Echeance(
            f"Donner suite au refus {chez.nom_de}", "Donner suite", page, jour_de(o.repondue_le) + SUITE_REFUS,
            f"Refus {chez.nom_de}", f"refusée {date_relative(o.repondue_le)}", "pour",
        )  # fmt: skip


def _suivie(a: Accompagnement, refusee: OrientationEnVue) -> bool:
    """Whether the équipe took up a refusal: it said so on its row, or prepared another orientation since."""
    assert refusee.repondue_le is not None
    return refusee.refus_traite_le is not None or any(
        o.proposee_le > refusee.repondue_le for o in a.orientations_en_vue
    )


def _a_decider(a: Accompagnement) -> Echeance:
    """Nothing is planned: late from the last thing that happened, yesterday at the latest."""
    dernier = jour_de(a.derniere_faite_le or a.evaluation_depuis)
    return Echeance(
        "Décider la suite", "Décider", reverse("situation_etape", args=[a.pk]),
        min(dernier, horloge.aujourdhui() - timedelta(days=1)), "Suite à décider", "rien n’est prévu", "pour",
    )  # fmt: skip


def _logement(a: Accompagnement) -> Echeance:
    return Echeance(
        "Noter la situation du logement", "Noter", reverse("situation_logement", args=[a.pk]), a.logement_du_le,
        "Logement à six mois", f"accompagnement ouvert {date_relative(a.ouvert_le)}",
    )  # fmt: skip
