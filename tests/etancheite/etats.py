"""What each page needs to open: objects in the state that its act asks for, beside those of the tenant."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any, Final

from accompagnements import parcours as accompagnements
from accompagnements import parcours as suivi_parcours
from accompagnements.models import Accompagnement, Document, Orientation, PropositionDeVisite
from indicateurs import calcul
from indicateurs import parcours as bilans
from indicateurs.models import Bilan, Periode
from partenaires.enums import GenreOrganisation, Role
from partenaires.models import CleApi, Organisation
from partenaires.parcours import documents_seance
from partenaires.parcours.conventions import creer_organisation
from partenaires.parcours.invitations import inviter, jeton_de
from partenaires.parcours.patrimoine import fermer_residence
from partenaires.parcours.reglages import regler_lecture
from partenaires.perimetre import agir_comme
from signalements import exports, parcours
from signalements.enums import Verdict
from signalements.models import Fiche, Releve
from socle import horloge
from tests import recits
from tests import recits_accompagnements as suivi
from tests import recits_concertations as concertations
from tests import recits_seances as seances
from tests.cles import logiciel
from tests.fabriques import Monde
from tests.partenaires.test_imports import fichier, lire
from tests.signalements.test_pages_releves import attendu

# A story starts this long before the page is opened: the longest of them asks for a month.
AVANT: Final = timedelta(days=30)
SIX_MOIS: Final = timedelta(days=220)
Objets = dict[str, list[Any]]  # route → objects, or the values of its address


def objets_par_route(m: Monde) -> Objets:
    """For each route, the objects on which its page opens; the clock is left as it was."""
    maintenant = horloge.maintenant()

    def il_y_a(duree: timedelta, recit: Callable[..., Any], *suite: Any) -> Any:
        horloge.regler(maintenant - duree)
        return recit(m, *suite)

    objets: Objets = {}
    evalue, propose = il_y_a(AVANT, suivi.evalue), il_y_a(AVANT, suivi.propose)
    suspendu, retire = il_y_a(AVANT, suivi.suspendu), il_y_a(AVANT, suivi.en_cours)
    termine, sans_suite = il_y_a(AVANT, suivi.termine), il_y_a(AVANT, suivi.sans_suite)
    ancien = il_y_a(SIX_MOIS, suivi.en_cours)
    a_visiter, proposee = il_y_a(AVANT, recits.a_visiter), il_y_a(AVANT, _a_envoyer)
    repondue = il_y_a(AVANT, suivi.orientation_repondue, "accepter")
    en_charge = il_y_a(AVANT, suivi.orientation_prise_en_charge)
    horloge.regler(maintenant)
    with agir_comme(m["referent"]):
        parcours.opposer(retire.fiche_id, par=m["referent"])
    opposee = recits.recevable(m)
    with agir_comme(m["referent"]):
        parcours.opposer(opposee.pk, par=m["referent"])
    offertes = [il_y_a(timedelta(days=9), _dates, etat) for etat in ("ouverte", "acceptee", "declinee")]
    horloge.regler(maintenant)
    objets |= {"rendez_vous": offertes, "rendez_vous_decliner": offertes[:1], "creneaux_retirer": offertes[:1]}
    sans_date = [il_y_a(timedelta(days=9), suivi.ouvert)]
    horloge.regler(maintenant)
    objets |= {"creneaux_proposer": sans_date, "situation_visites": [p.accompagnement_id for p in offertes]}
    suivies = [evalue, propose, suspendu, retire, termine, sans_suite, ancien]
    objets |= {"situation": suivies, "situation_contrat": [evalue, termine], "situation_orientations": [evalue]}
    objets |= {"situation_proposer": [evalue], "situation_sans_suite": [evalue], "situation_signer": [propose]}
    renouvele = suspendu
    with agir_comme(m["social"]):
        suivi_parcours.enregistrer_refus_contrat(renouvele.pk, par=m["social"])
        piece = suivi_parcours.joindre_piece(
            renouvele.pk, par=m["social"], nature="courrier", precision="", contenu=b"%PDF-1.4\n%%EOF\n"
        )
    objets |= {"contrat_comparer": [renouvele], "piece_joindre": [renouvele], "situation_documents": [renouvele]}
    objets |= {nom: [piece] for nom in ("piece_remplacer", "piece_retirer", "document_verifier")}
    objets |= {"situation_rouvrir": [termine, sans_suite]}
    objets |= {"situation_refus_contrat": [propose], "situation_reprendre_evaluation": [propose]}
    objets |= {"situation_reprendre": [suspendu], "situation_retrait": [retire], "situation_logement": [ancien]}
    objets |= _lectures(m, il_y_a(AVANT, suivi.evalue), ancien)
    horloge.regler(maintenant)
    objets |= {"situation_ouvrir": [a_visiter], "fiche_classer": [a_visiter], "fiche_annuler_opposition": [opposee]}
    objets |= {"fiche": [a_visiter, opposee, recits.recevable(m), recits.informee(m), _questionnee(m)]}
    objets |= {"signalement": objets["fiche"], "accord_retirer": [suivi.accord(m, evalue)]}
    objets |= {nom: [proposee, repondue, en_charge] for nom in ("orientation", "orientation_recue")}
    objets |= {"orientation_envoyer": [proposee], "orientation_prendre_en_charge": [repondue]}
    objets |= {"orientation_terminer": [en_charge], "document_verifier": [_document_pret(m, ancien)]}
    objets |= {"orientation_traiter_refus": [il_y_a(AVANT, suivi.orientation_repondue, "refuser")]}
    horloge.regler(maintenant)
    objets |= _concertations(m, evalue)
    releve = _releve(m)
    objets |= {"releve": [releve], "releve_non_evaluable": [releve]}
    pret, publie = _bilan(m, Periode(2025, 2)), _bilan(m, Periode(2025, 1), publie=True)
    objets |= {"bilan": [pret, publie], "bilan_publier": [pret]}
    with agir_comme(m["responsable"]):
        invitation = inviter(m.bailleur, Role.REFERENT, "ines.calque@exemple.invalid", par=m["responsable"])
        objets |= {"residence_rouvrir": [fermer_residence(m.autre_residence.pk, par=m["responsable"])]}
    objets |= {"invitation": [{"jeton": jeton_de(invitation.pk)}], "invitation_annuler": [invitation]}
    neuve = _organisation_neuve(m)
    objets |= {"organisation": [neuve], "organisation_inviter": [neuve]}
    return objets | _fichiers_et_logiciels(m) | _fiches_comparees(m) | _seances(m)


def _concertations(m: Monde, une: Accompagnement) -> Objets:
    """A meeting prepared, one convened and one of today, of a commission."""
    preparee = concertations.preparee(m, une)
    convoquee = concertations.convoquee(m, une)
    maintenant = horloge.maintenant()
    horloge.regler(maintenant - timedelta(days=5, hours=-1))
    du_jour = concertations.convoquee(m, une)
    horloge.regler(maintenant)
    with agir_comme(m["coordination"]):
        commission = suivi_parcours.creer_commission(
            par=m["coordination"], nom="Commission", habituelles=[m.partenaire.pk]
        )
        libre = suivi_parcours.preparer_concertation(
            par=m["coordination"], debut=maintenant + timedelta(days=9), duree=60, lieu="Mairie",
            commission=commission,
        )  # fmt: skip
    point = concertations.point_de(m, convoquee)
    return {
        "concertation": [preparee, convoquee],
        "concertation_convoquer": [preparee],
        "concertation_inscrire": [libre],
        "concertation_modifier": [convoquee],
        "concertation_tenir": [du_jour],
        "point_concertation": [point],
        "point_modifier": [point],
        "point_retirer": [point],
        "concertation_recue": [concertations.invitation_de(convoquee, m.partenaire)],
    }


def _seances(m: Monde) -> Objets:
    """A séance in each state; a full one, with somebody who waits."""
    maintenant = horloge.maintenant()
    complete = seances.avec_inscrits(m, capacite=1, programme="Repérer, dire, orienter.", acces="Métro Calque.")
    preparee, annulee = seances.preparee(m), seances.annulee(m)
    horloge.regler(maintenant - AVANT)
    tenue = seances.tenue(m)
    horloge.regler(maintenant - AVANT)
    close = seances.close(m)
    horloge.regler(maintenant)
    attestation = seances.documents(m, close)[0]
    with agir_comme(m["social"]):
        assert documents_seance.enregistrer_octets(attestation.pk, b"%PDF-1.7 attestation")
    une = seances.inscriptions(m, complete)[0]
    return {
        "seance": [preparee, complete, tenue, close, annulee],
        "seance_modifier": [complete],
        "seance_ouvrir": [preparee],
        "seance_inscrire": [complete],
        **{nom: [tenue] for nom in ("seance_presences", "seance_ajouter", "seance_clore")},
        "inscription_annuler": [une],
    }


def _fichiers_et_logiciels(m: Monde) -> Objets:
    """A file of résidences that was read, an export that is ready, a software with its key."""
    lu = lire(m, fichier(f"R2;Les Cèdres;3 allée des Cèdres;99000;{m.territoire.code_insee};Valmornay", ";;;990;;"))
    par = m["coordination"]
    with agir_comme(par):
        export = parcours.demander_export(par=par, genre="liste", format="csv", parametres={"etat": "toutes"})
    assert exports.produire(export.pk, export.delegation)
    ouvert = logiciel(m, nom="Comptabilité").logiciel
    assert ouvert is not None
    with agir_comme(m["responsable"]):
        cle = CleApi.objects.get(logiciel=ouvert)
    return {
        "import_residences": [lu],
        "export": [export],
        "logiciel": [ouvert],
        "cle_revoquer": [{"pk": ouvert.pk, "cle": cle.pk}],
    }


def _fiches_comparees(m: Monde) -> Objets:
    """Two fiches said to be of one person."""
    une, autre = recits.transmise(m), recits.transmise(m)
    with agir_comme(m["social"]):
        parcours.decider(une.pk, autre.pk, par=m["social"], verdict=Verdict.ENSEMBLE)
    return {"fiche_comparer": [{"pk": une.pk, "autre": autre.pk}]}


def objets_a_relire(m: Monde) -> Objets:
    """The same, for a bailleur whose convention asks for a reading."""
    a_relire, rendue = recits.envoyee(m), recits.envoyee(m)
    with agir_comme(m["referent"]):
        parcours.renvoyer(rendue.pk, par=m["referent"], commentaires={"faits": "Depuis quand ?"})
    lues = {nom: [a_relire] for nom in ("signalement_relecture", "signalement_abandonner", "signalement_fiche")}
    return {**lues, "signalement": [a_relire, rendue], "saisie": [rendue]}


def _dates(m: Monde, etat: str) -> PropositionDeVisite:
    return suivi.proposition_a(m, suivi.ouvert(m, seul=True), etat)


def _a_envoyer(m: Monde) -> Orientation:
    """A prepared orientation that an accord covers."""
    a: Accompagnement = suivi.evalue(m)
    suivi.accord(m, a)
    return suivi.orientation_proposee(m, a)


def _lectures(m: Monde, reservee: Accompagnement, nommee: Accompagnement) -> Objets:
    """A situation that the soignant carries alone, in an équipe that keeps it to her, read for a reason; one that is
    open by name to the partner's correspondant.
    """
    jour = horloge.aujourdhui()
    par = m["coordination"]
    with agir_comme(par):
        accompagnements.changer_intervenants(reservee.pk, par=par, intervenants=[m["soignant"]])
        regler_lecture(par=par, intervenants_seulement=True, lecture_heures=24)
        accompagnements.nommer(
            nommee.pk, par=par, courriel=m["correspondant"].email, motif="psychologue", du=jour,
            au=jour + timedelta(days=90),
        )  # fmt: skip
    with agir_comme(m["social"]):
        lue = accompagnements.ouvrir_lecture(
            reservee.pk, par=m["social"], motif="reunion", precision="Réunion de lundi."
        )
        accompagnements.fermer_lecture(lue.pk, par=m["social"])
        accompagnements.noter_etape(nommee.pk, par=m["social"], version=0, texte="Rappeler sa sœur", le=jour)
    return {
        "situation_demander": [reservee],
        "lecture_revoir": [lue],
        "situation_exceptions": [nommee],
        "situation_etape": [nommee],
        "situation_confiee": [nommee],
    }


def _questionnee(m: Monde) -> Fiche:
    fiche = recits.transmise(m)
    with agir_comme(m["social"]):
        parcours.demander_complement(fiche.pk, par=m["social"], question="Quel étage ?")
    return fiche


def _document_pret(m: Monde, a: Accompagnement) -> Document:
    """A document of an accompagnement, made."""
    with agir_comme(m["soignant"]):
        document = Document.objects.filter(accompagnement=a)[0]
        assert suivi_parcours.enregistrer_octets(document.pk, b"%PDF-1.7 x")
        return document


def _releve(m: Monde) -> Releve:
    return attendu(m, recits.recevable(m), du_le=horloge.aujourdhui())


def _bilan(m: Monde, periode: Periode, *, publie: bool = False) -> Bilan:
    """A calculated bilan, published or not."""
    with agir_comme(m["coordination"]):
        bilan = bilans.demander(par=m["coordination"], periode=periode)
    assert calcul.calculer(bilan.pk, bilan.delegation)
    with agir_comme(m["coordination"]):
        lu: Bilan = Bilan.objects.get(pk=bilan.pk)
        return bilans.publier(lu.pk, par=m["coordination"], empreinte=lu.empreinte) if publie else lu


def _organisation_neuve(m: Monde) -> Organisation:
    """An organisation without a member."""
    with agir_comme(m["exploitation"]):
        return creer_organisation(GenreOrganisation.BAILLEUR, "Habitat Neuf", par=m["exploitation"])
