"""Stories of notifications: each kind is provoked by the real transitions, in a tenant where every name is a canary."""

from datetime import timedelta
from typing import Any

from django.core import mail
from django.core.mail import EmailMessage

from accompagnements import parcours as suivi
from accompagnements.models import Visite
from accompagnements.tasks import systeme_veiller_sur_les_visites
from indicateurs.models import Periode
from partenaires.enums import ModeCourriel
from partenaires.models import Compte, Notification
from partenaires.parcours import avis, documents_seance, inscriptions, seances
from partenaires.parcours.reglages import regler_lecture
from partenaires.parcours.seances import Pointage
from partenaires.perimetre import agir_comme
from partenaires.tasks import systeme_rappeler_seances, systeme_resumer
from signalements import conservation, parcours
from signalements.enums import ModeInformation
from signalements.models import Fiche
from signalements.tasks import systeme_lever_delais
from socle import horloge
from tests import recits, recits_accompagnements, recits_bilan, recits_concertations, recits_seances
from tests.conftest import en_tant_que
from tests.fabriques import Monde, monde
from tests.partenaires.regards import traiter_envois

CANARI = "canari"
CHAMPS: dict[str, Any] = {"nom": "Canari", "prenom": "Prenomcanari", "faits": "Faitscanari.", "porte": "Portecanari"}


def monde_de_canaris(**options: Any) -> Monde:
    """A tenant whose people, résidences and organisations all bear the canary."""
    m = monde("Canari", **options)
    with en_tant_que("palier_fabrique"):
        Compte.objects.update(nom="Canari", prenom="Prenomcanari")
    return m


def courriels() -> list[EmailMessage]:
    """What the outbox sends now."""
    mail.outbox = []
    traiter_envois()
    return list(mail.outbox)


def resume_du_matin() -> list[EmailMessage]:
    """What the beat of 7 o'clock sends."""
    mail.outbox = []
    with en_tant_que("palier_systeme"):
        systeme_resumer()
    traiter_envois()
    return list(mail.outbox)


def notifications(compte: Compte) -> list[Notification]:
    """All of a person's, the oldest first, whoever may see them."""
    with en_tant_que("palier_fabrique"):
        return list(Notification.objects.filter(compte=compte).order_by("cree_le", "id"))


def prefere(compte: Compte, mode: ModeCourriel, *familles: str) -> None:
    """This person asks for this mode, for these families or for all that she may set."""
    from partenaires.genres import familles_ouvertes

    with agir_comme(compte):
        avis.regler_courriels(dict.fromkeys(familles or familles_ouvertes(compte.roles), mode), par=compte)


def message_du_bailleur(m: Monde, fiche: Fiche, texte: str = "Toujours pas de nouvelles.") -> None:
    with agir_comme(m["referent"]):
        parcours.ecrire_message(fiche.pk, par=m["referent"], texte=texte)


def message_de_l_equipe(m: Monde, fiche: Fiche, texte: str = "Nous passons jeudi.") -> None:
    with agir_comme(m["social"]):
        parcours.ecrire_message(fiche.pk, par=m["social"], texte=texte)


def tout_provoquer(m: Monde, relue: Monde) -> list[EmailMessage]:
    """Every kind, in order; `relue` is a tenant whose convention asks for a reading. The clock moves."""
    partis: list[EmailMessage] = []
    depart = horloge.maintenant()
    partis += _la_relecture(relue)
    horloge.regler(depart)
    partis += _l_instruction(m)
    partis += _les_orientations(m)
    partis += _les_rendez_vous(m)
    partis += _les_concertations(m)
    partis += _la_lecture_motivee(m)
    partis += _les_seances(m)
    recits_bilan.pret(m)
    partis += courriels()
    recits_bilan.publie(m, Periode(2025, 2))
    partis += courriels()
    partis += _les_releves(m)
    return partis + _la_revue(m)


def _la_relecture(m: Monde) -> list[EmailMessage]:
    """Read again, reminded, sent back; then a draft left aside."""
    fiche = recits.envoyee(m, **CHAMPS)
    partis = courriels()
    horloge.avancer(days=3)
    partis += courriels()
    with agir_comme(m["referent"]):
        parcours.renvoyer(fiche.pk, par=m["referent"], commentaires={"faits": "Commentaire canari"})
    partis += courriels()
    brouillon = recits.brouillon(m)
    with agir_comme(m["gardien"]):
        parcours.enregistrer_brouillon(brouillon.pk, par=m["gardien"], champs={"nom": "Canari"})
    horloge.avancer(days=25, minutes=1)
    with en_tant_que("palier_systeme"):
        conservation.rappeler_brouillons()
    return partis + courriels()


def _l_instruction(m: Monde) -> list[EmailMessage]:
    """Question, answer, messages, information, the week, opposition."""
    fiche = recits.transmise(m, **CHAMPS)
    partis = courriels()
    with agir_comme(m["social"]):
        parcours.demander_complement(fiche.pk, par=m["social"], question="Question canari ?")
    partis += courriels()
    with agir_comme(m["referent"]):
        parcours.completer(fiche.pk, par=m["referent"], reponse="Réponse canari")
    message_de_l_equipe(m, fiche, "Message canari")
    message_du_bailleur(m, fiche, "Message canari")
    with agir_comme(m["social"]):
        parcours.declarer_recevable(fiche.pk, par=m["social"])
    partis += courriels()
    with agir_comme(m["referent"]):
        parcours.enregistrer_information(
            fiche.pk, par=m["referent"], le=horloge.aujourdhui(), mode=ModeInformation.VIVE_VOIX
        )
    horloge.avancer(days=9)
    with en_tant_que("palier_systeme"):
        systeme_lever_delais()
    partis += courriels()
    for version, role in enumerate(("referent", "social"), 1):
        with agir_comme(m[role]):
            parcours.rectifier(
                fiche.pk, par=m[role], valeurs={"porte": f"Canari {version}"}, motif="demande", version=version
            )
    partis += courriels()
    with agir_comme(m["referent"]):
        parcours.opposer(fiche.pk, par=m["referent"])
    return partis + courriels()


def _les_orientations(m: Monde) -> list[EmailMessage]:
    recits_accompagnements.orientation_envoyee(m)
    partis = courriels()
    recits_accompagnements.orientation_repondue(m, "accepter")
    partis += courriels()
    recits_accompagnements.orientation_retiree(m)
    return partis + courriels()


def _les_rendez_vous(m: Monde) -> list[EmailMessage]:
    """Dates offered, one accepted, the visit moved, then left open."""
    a = recits_accompagnements.ouvert(m, **CHAMPS)
    p = recits_accompagnements.proposition(m, a)
    partis = courriels()
    with agir_comme(m["referent"]):
        suivi.accepter_creneau(p.pk, par=m["referent"], creneau=p.creneaux[0])
    partis += courriels()
    with agir_comme(m["soignant"]):
        visite = Visite.objects.get(proposition=p.pk)
        suivi.deplacer_visite(visite.pk, par=m["soignant"], version=visite.version, debut=p.creneaux[1])
    partis += courriels()
    horloge.regler(p.creneaux[1] + timedelta(hours=4))
    with en_tant_que("palier_systeme"):
        systeme_veiller_sur_les_visites()
    return partis + courriels()


def _les_concertations(m: Monde) -> list[EmailMessage]:
    """A meeting convened, answered by the partner, then cancelled."""
    c = recits_concertations.convoquee(m, recits_accompagnements.en_cours(m, **CHAMPS))
    partis = courriels()
    invitation = recits_concertations.invitation_de(c, m.partenaire)
    with agir_comme(m["correspondant"]):
        suivi.repondre_invitation(invitation.pk, par=m["correspondant"], vient=True)
    partis += courriels()
    with agir_comme(m["social"]):
        suivi.annuler_concertation(c.pk, par=m["social"])
    return partis + courriels()


def _les_seances(m: Monde) -> list[EmailMessage]:
    """A séance open, full, moved, called to mind, held and attested; a seat given back; another one cancelled."""
    canaris = {"titre": "Titre canari", "lieu": "Lieu canari", "motif": "Motif canari"}
    s = recits_seances.ouverte(m, capacite=1, titre=canaris["titre"], lieu="Mairie")
    partis = courriels()
    premiere = recits_seances.inscrit(m, s, "Nom Canari")
    recits_seances.inscrit(m, s)
    with agir_comme(m["social"]):
        inscriptions.annuler_inscription(premiere.pk, par=m["social"])
    partis += courriels()
    s = recits_seances.relue(m, s)
    with agir_comme(m["social"]):
        ailleurs = recits_seances.annonce(debut=s.debut, lieu=canaris["lieu"], capacite=2)
        seances.modifier(s.pk, ailleurs, par=m["social"], version=s.version, bailleurs=[m.bailleur.pk])
    recits_seances.inscrit(m, s, role="responsable")
    partis += courriels()
    horloge.regler(s.debut - timedelta(days=1, hours=23))
    with en_tant_que("palier_systeme"):
        systeme_rappeler_seances()
    partis += courriels()
    horloge.regler(s.debut + timedelta(hours=3))
    with agir_comme(m["social"]):
        lignes = {i.pk: Pointage("", "presente") for i in recits_seances.inscriptions(m, s) if i.est_confirmee}
        seances.pointer(s.pk, par=m["social"], lignes=lignes)
        seances.clore(s.pk, par=m["social"])
        for document in recits_seances.documents(m, s):
            documents_seance.enregistrer_octets(document.pk, b"%PDF-1.7 x" + document.pk.bytes)
    partis += courriels()
    autre = recits_seances.avec_inscrits(m, titre=canaris["titre"])
    courriels()
    with agir_comme(m["social"]):
        seances.annuler_seance(autre.pk, par=m["social"], motif=canaris["motif"])
    return partis + courriels()


def _la_lecture_motivee(m: Monde) -> list[EmailMessage]:
    """A colleague reads, for a reason, a situation that an équipe keeps to its intervenants."""
    a = recits_accompagnements.evalue(m, **CHAMPS)
    par = m["coordination"]
    with agir_comme(par):
        suivi.changer_intervenants(a.pk, par=par, intervenants=[m["soignant"]])
        regler_lecture(par=par, intervenants_seulement=True, lecture_heures=24)
    courriels()
    with agir_comme(m["social"]):
        suivi.ouvrir_lecture(a.pk, par=m["social"], motif="demande", precision="Précision canari")
    partis = courriels()
    with agir_comme(par):
        regler_lecture(par=par, intervenants_seulement=False, lecture_heures=24)
    return partis


def _la_revue(m: Monde) -> list[EmailMessage]:
    from accompagnements.tasks import systeme_rappeler_revues

    recits_accompagnements.en_cours(m, **CHAMPS)
    courriels()
    horloge.avancer(days=93)
    with en_tant_que("palier_systeme"):
        systeme_rappeler_revues()
    return courriels()


def _les_releves(m: Monde) -> list[EmailMessage]:
    from indicateurs.tasks import systeme_ouvrir_releves_dus

    recits.recevable(m, **CHAMPS)
    horloge.avancer(days=170)
    with en_tant_que("palier_systeme"):
        systeme_ouvrir_releves_dus()
    partis = courriels()
    horloge.avancer(**{"days": 20})
    return partis + courriels()
