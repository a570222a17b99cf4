"""Stories of accompagnements and orientations: every state is reached by the real transitions."""

from datetime import timedelta
from typing import Any

from accompagnements import parcours
from accompagnements.enums import (
    Axe,
    Contact,
    EtatVisite,
    ModeAccord,
    MotifArret,
    MotifSansSuite,
    MotifSuspension,
    Portee,
    SituationDuLogement,
)
from accompagnements.models import Accompagnement, Accord, Objectif, Orientation, PropositionDeVisite, Visite
from accompagnements.parcours import Signature
from partenaires.models import Compte
from partenaires.perimetre import agir_comme
from socle import horloge
from tests import recits
from tests.fabriques import Monde

TRACE = "M10 120L40 60L90 140L150 80"
SIGNATURE = Signature(lu=True, trace_personne=TRACE, trace_equipe="M20 100L60 90L61 91")


def ouvert(m: Monde, *, par: Compte | None = None, seul: bool = False, **champs: Any) -> Accompagnement:
    """`evaluation`: opened after the week, carried by the soignant, then the social worker."""
    fiche = recits.a_visiter(m, **champs)
    acteur = par or m["coordination"]
    with agir_comme(acteur):
        return parcours.ouvrir(
            fiche.pk, par=acteur, intervenants=[m["soignant"], m["social"]], ne_pas_y_aller_seul=seul
        )


def proposition(m: Monde, a: Accompagnement, *, dans: tuple[int, ...] = (3, 4, 6)) -> PropositionDeVisite:
    """Dates at noon for the joint first visit, so many days from now."""
    creneaux = [horloge.maintenant() + timedelta(days=n) for n in dans]
    with agir_comme(m["soignant"]):
        return parcours.proposer_creneaux(a.pk, par=m["soignant"], creneaux=creneaux, telephone="04 00 00 00 00")


def proposition_a(m: Monde, a: Accompagnement, etat: str) -> PropositionDeVisite:
    """Led to a state by its own people."""
    p = proposition(m, a)
    par = m["referent"] if etat in ("acceptee", "tenue", "declinee") else m["soignant"]
    with agir_comme(par):
        if etat in ("acceptee", "tenue"):
            parcours.accepter_creneau(p.pk, par=par, creneau=p.creneaux[0])
        elif etat == "declinee":
            parcours.decliner_creneaux(p.pk, par=par, message="Plutôt un mardi matin.")
        elif etat == "retiree":
            parcours.retirer_proposition(p.pk, par=par)
    with agir_comme(m["soignant"]):
        if etat == "tenue":
            visite = Visite.objects.get(proposition=p.pk)
            horloge.regler(visite.debut + timedelta(hours=1))
            parcours.rendre_compte(
                visite.pk, par=m["soignant"], version=visite.version, issue=EtatVisite.ABSENT, compte_rendu=""
            )
        return PropositionDeVisite.objects.get(pk=p.pk)


def visite_prevue(m: Monde, a: Accompagnement, *, dans: timedelta = timedelta(days=2), **champs: Any) -> Visite:
    """A visit at the person's home, with the orienteur."""
    with agir_comme(m["soignant"]):
        return parcours.planifier_visite(
            a.pk, par=m["soignant"], debut=horloge.maintenant() + dans, conjointe=True,
            participants=[m["soignant"], m["social"]], **champs,
        )  # fmt: skip


def visite_rendue(m: Monde, a: Accompagnement, *, issue: str = EtatVisite.FAITE) -> Visite:
    """Two days later, an hour after the visit, it is told."""
    visite = visite_prevue(m, a)
    horloge.regler(visite.debut + timedelta(hours=1))
    with agir_comme(m["soignant"]):
        return parcours.rendre_compte(
            visite.pk, par=m["soignant"], version=visite.version, issue=issue,
            compte_rendu="Mme Maquette nous reçoit dans la cuisine.", duree=45,
        )  # fmt: skip


def diagnostic_ecrit(m: Monde, a: Accompagnement) -> None:
    with agir_comme(m["social"]):
        parcours.ecrire_diagnostic(
            a.pk, par=m["social"], version=0, axes=[Axe.LOGEMENT, Axe.RESSOURCES],
            textes={"logement": "Volets fermés, chauffage coupé.", "ressources": "Courrier non ouvert."},
        )  # fmt: skip


def objectif(
    m: Monde, a: Accompagnement, texte: str = "Laisser entrer le plombier", axe: str = Axe.LOGEMENT
) -> Objectif:
    with agir_comme(m["social"]):
        return parcours.ajouter_objectif(a.pk, par=m["social"], axe=axe, texte=texte)


def evalue(m: Monde, **champs: Any) -> Accompagnement:
    """Still `evaluation`: first visit told, diagnostic written, one objective."""
    a = ouvert(m, **champs)
    visite_rendue(m, a)
    diagnostic_ecrit(m, a)
    objectif(m, a)
    return relu(m, a)


def propose(m: Monde, **champs: Any) -> Accompagnement:
    a = evalue(m, **champs)
    with agir_comme(m["social"]):
        parcours.proposer(a.pk, par=m["social"])
    return relu(m, a)


def en_cours(m: Monde, *, signature: Signature = SIGNATURE, **champs: Any) -> Accompagnement:
    a = propose(m, **champs)
    with agir_comme(m["soignant"]):
        parcours.signer(a.pk, par=m["soignant"], signature=signature)
    return relu(m, a)


def objectifs_revus(m: Monde, a: Accompagnement, *, commentaire: str = "On continue.") -> None:
    """Every open objective, looked at with the person, stays open."""
    with agir_comme(m["social"]):
        for o in Objectif.objects.filter(accompagnement=a, etat="ouvert"):
            parcours.revoir_objectif(o.pk, par=m["social"], version=o.version, etat="ouvert", commentaire=commentaire)


def suspendu(m: Monde, **champs: Any) -> Accompagnement:
    a = en_cours(m, **champs)
    with agir_comme(m["soignant"]):
        parcours.suspendre(a.pk, par=m["soignant"], motif=MotifSuspension.HOSPITALISATION)
    return relu(m, a)


def termine(m: Monde, *, motif: str = MotifArret.OBJECTIFS, **champs: Any) -> Accompagnement:
    a = en_cours(m, **champs)
    with agir_comme(m["social"]):
        parcours.terminer(
            a.pk, par=m["social"], motif=motif, relais="Le CCAS poursuit l’aide au courrier.",
            situation_logement=SituationDuLogement.MAINTENU,
        )  # fmt: skip
    return relu(m, a)


def sans_suite(m: Monde, *, motif: str = MotifSansSuite.REFUS, **champs: Any) -> Accompagnement:
    a = evalue(m, **champs)
    with agir_comme(m["social"]):
        parcours.cloturer_sans_suite(a.pk, par=m["social"], motif=motif)
    return relu(m, a)


def accord(m: Monde, a: Accompagnement, **champs: Any) -> Accord:
    """Oral consent, for coordinates and request, given today."""
    with agir_comme(m["soignant"]):
        return parcours.recueillir_accord(
            a.pk, par=m["soignant"], organisation=champs.get("organisation", m.partenaire),
            portees=champs.get("portees", [Portee.COORDONNEES, Portee.DEMANDE]),
            mode=champs.get("mode", ModeAccord.ORAL), le=champs.get("le", horloge.aujourdhui()),
        )  # fmt: skip


def orientation_proposee(m: Monde, a: Accompagnement, **champs: Any) -> Orientation:
    with agir_comme(m["soignant"]):
        return parcours.proposer_orientation(
            a.pk, par=m["soignant"], destinataire=champs.get("destinataire", m.partenaire),
            demande=champs.get("demande", "Un premier rendez-vous, plutôt le matin."),
            contacts=[Contact.SMS, Contact.EQUIPE],
        )  # fmt: skip


def orientation_envoyee(m: Monde, a: Accompagnement | None = None) -> Orientation:
    a = a or evalue(m, telephone="06 00 00 00 00")
    accord(m, a)
    o = orientation_proposee(m, a)
    with agir_comme(m["soignant"]):
        return parcours.envoyer_orientation(o.pk, par=m["soignant"])


def orientation_repondue(m: Monde, issue: str, a: Accompagnement | None = None) -> Orientation:
    """`accepter`, `mettre_en_attente` or `refuser`, by the partner himself."""
    o = orientation_envoyee(m, a)
    with agir_comme(m["correspondant"]):
        return parcours.repondre(
            o.pk, par=m["correspondant"], issue=issue, rendez_vous=horloge.maintenant() + timedelta(days=5),
            revoir_le=horloge.aujourdhui() + timedelta(days=30), motif="sans_place", message="Le secrétariat rappelle.",
        )  # fmt: skip


def orientation_prise_en_charge(m: Monde, a: Accompagnement | None = None) -> Orientation:
    o = orientation_repondue(m, "accepter", a)
    horloge.regler(horloge.maintenant() + timedelta(days=5))
    with agir_comme(m["correspondant"]):
        return parcours.prendre_en_charge(o.pk, par=m["correspondant"], le=horloge.aujourdhui())


def orientation_terminee(m: Monde, a: Accompagnement | None = None) -> Orientation:
    o = orientation_prise_en_charge(m, a)
    with agir_comme(m["correspondant"]):
        return parcours.terminer_orientation(o.pk, par=m["correspondant"], le=horloge.aujourdhui())


def orientation_retiree(m: Monde, a: Accompagnement | None = None) -> Orientation:
    o = orientation_envoyee(m, a)
    with agir_comme(m["soignant"]):
        return parcours.retirer(o.pk, par=m["soignant"], motif="sans_objet")


def relu(m: Monde, a: Accompagnement) -> Accompagnement:
    """The accompagnement as its équipe sees it now, with the person."""
    with agir_comme(m["coordination"]):
        lu: Accompagnement = Accompagnement.objects.visibles_par(m["coordination"]).avec_personne().get(pk=a.pk)
        return lu


def orientation_relue(m: Monde, o: Orientation) -> Orientation:
    with agir_comme(m["coordination"]):
        return Orientation.objects.get(pk=o.pk)
