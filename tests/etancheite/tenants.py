"""Two tenants with something in every table, each row that holds text bearing its tenant's canary."""

import uuid
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from accompagnements import dossiers_concertation
from accompagnements import parcours as suivi
from accompagnements.models import Document, Objectif, PermissionNommee, PropositionDeVisite
from indicateurs import parcours as bilans
from indicateurs.models import Periode
from partenaires.models import Absence, ConventionTerritoire, DelaisEquipe, Notification
from partenaires.parcours import annuaire, avis, documents_seance, imports, imports_annuaire
from partenaires.parcours.delais import changer_delais
from partenaires.parcours.invitations import inviter_par_code
from partenaires.perimetre import agir_comme
from signalements import parcours
from signalements.models import Fiche, Photo, PointReunion
from socle import horloge
from tests import recits, recits_accompagnements, recits_concertations, recits_seances
from tests.cles import logiciel
from tests.conftest import en_tant_que
from tests.fabriques import Monde, monde
from tests.partenaires.regards import traiter_envois


@dataclass
class Locataire:
    """A tenant, its canary, and the objects whose pages are asked for."""

    m: Monde
    canari: str
    objets: dict[str, Any]


def locataire(nom: str) -> Locataire:
    """A whole tenant: a draft, fiches in several states, an accompagnement with all it holds, an orientation."""
    m = monde(nom)
    canari = f"Canari{nom}"
    depart = horloge.maintenant()
    brouillon = recits.brouillon(m)
    with agir_comme(m["gardien"]):
        parcours.enregistrer_brouillon(brouillon.pk, par=m["gardien"], champs={"nom": canari})
    champs: dict[str, Any] = {"nom": canari, "prenom": f"Prenom {canari}", "faits": f"Faits {canari}", "porte": canari}
    transmise = recits.transmise(m, photos=1, **champs)
    with agir_comme(m["social"]):
        parcours.ecrire_message(transmise.pk, par=m["social"], texte=f"Message {canari}")
        photo = Photo.objects.get(fiche=transmise)
    terminee = recits.transmise(m, **champs)
    with agir_comme(m["social"]):
        parcours.declarer_non_recevable(terminee.pk, par=m["social"], motif="doublon")
    horloge.regler(depart)
    dossier = recits_accompagnements.en_cours(m)
    contenu = _remplir(m, dossier.pk, canari)
    orientation = recits_accompagnements.orientation_envoyee(m, dossier)
    with agir_comme(m["coordination"]):
        bilan = bilans.demander(par=m["coordination"], periode=Periode(2026, 1))
        vue = parcours.enregistrer_vue(
            par=m["coordination"], nom=f"Vue {canari}", parametres={"etat": "a_etudier", "q": canari}, partagee=True
        )
        reunion = parcours.preparer_reunion(par=m["coordination"], le=horloge.aujourdhui())
        parcours.inscrire(reunion.pk, par=m["coordination"], fiches=[transmise.pk])
        export = parcours.demander_export(
            par=m["coordination"], genre="liste", format="csv", parametres={"etat": "a_etudier", "q": canari}
        )
    appelant = logiciel(m, nom=f"Logiciel {canari}")
    with agir_comme(m["responsable"]):
        depot = imports.deposer(f"{canari}.csv", b"x", par=m["responsable"])
        code = inviter_par_code(m.bailleur, f"Gardien {canari}", par=m["responsable"])
    with agir_comme(m["social"]):
        structure = annuaire.ajouter(
            annuaire.Fiche(genre="ccas", nom=f"CCAS {canari}", notes=f"Notes {canari}"), par=m["social"]
        )
    with agir_comme(m["coordination"]):
        annuaire_depose = imports_annuaire.deposer(
            [(f"{canari}.csv", b"x")], genres=["cmp"], etendue="communes", par=m["coordination"]
        )
    fin = horloge.maintenant()
    tenant = Locataire(
        m,
        canari,
        {
            "brouillon": brouillon,
            "transmise": transmise,
            "terminee": terminee,
            "photo": photo,
            "accompagnee": Fiche(pk=dossier.fiche_id),
            "dossier": dossier,
            **contenu,
            "proposition": _proposition(m, canari),
            "demande_acces": _demande_acces(m, dossier),
            "orientation": orientation,
            **_concerter(m, dossier, canari),
            "bilan": bilan,
            "vue": vue,
            "export": export,
            "import": depot,
            "notification": _notification(m),
            "absence": _absence(m),
            "code": code,
            "reunion": reunion,
            "point": _point(m),
            "structure": structure,
            "import_annuaire": annuaire_depose,
            **_sensibiliser(m, canari),
            "convention": m.convention,
            "commune": _commune(m),
            "delais": _delais(m),
            "organisation": m.bailleur,
            "residence": m.residence,
            "membre": _rattachement(m, "gardien"),
            "invitation": uuid.UUID(int=7),
            "intervenante": m["soignant"].pk,
            "lecture": uuid.UUID(int=7),
            "exception": _exception(m, dossier.pk),
            "logiciel": appelant.logiciel,
            "appelant": appelant,
        },
    )
    horloge.regler(fin)  # the stories above move it, beyond what an export is kept for
    return tenant


def _demande_acces(m: Monde, dossier: Any) -> Any:
    """A copy of the file asked for the person."""
    with agir_comme(m["soignant"]):
        return suivi.demander_dossier(
            dossier.pk, par=m["soignant"], recue_le=horloge.aujourdhui(), demandeur="personne", identite="connue",
            remise="main",
        )  # fmt: skip


def _proposition(m: Monde, canari: str) -> PropositionDeVisite:
    """Dates offered for the first visit of another person, who also bears the canary."""
    autre = recits_accompagnements.ouvert(m, nom=canari, seul=True)
    with agir_comme(m["soignant"]):
        suivi.changer_consigne(autre.pk, par=m["soignant"], ne_pas_y_aller_seul=True, raison=f"Raison {canari}")
    return recits_accompagnements.proposition(m, autre)


def _concerter(m: Monde, dossier: Any, canari: str) -> dict[str, Any]:
    """A concertation convened and one held, with what each leaves; the bailleur and the partner under accord."""
    par = m["social"]
    depart = horloge.maintenant()
    recits_concertations.accords(m, dossier)
    tenue = recits_concertations.tenue(m, dossier)
    point = recits_concertations.point_de(m, tenue)
    convoquee = recits_concertations.convoquee(m, dossier)
    demain = horloge.aujourdhui() + timedelta(days=1)
    with agir_comme(par):
        suivi.rediger(point.pk, par=par, version=1, compte_rendu=f"Compte rendu {canari}")
        decision = suivi.decider_en_concertation(point.pk, par=par, texte=f"Décision {canari}", avant_le=demain)
        action = suivi.convenir(point.pk, par=par, texte="Réparer le volet.", qui="bailleur", avant_le=demain)
        dossiers = suivi.preparer_dossiers(convoquee.pk, par=par)
        commission = suivi.creer_commission(par=par, nom=f"Commission {canari}", habituelles=[])
    sien = next(d for d in dossiers if d.organisation_id == m.partenaire.pk)
    assert dossiers_concertation.produire_dossier(sien.pk, sien.delegation_id)
    horloge.regler(depart)
    return {
        "concertation": convoquee,
        "point_concertation": point,
        "invitation_concertation": recits_concertations.invitation_de(convoquee, m.partenaire),
        "decision": decision,
        "action_convenue": action,
        "dossier_concertation": sien,
        "commission": commission,
    }


def _sensibiliser(m: Monde, canari: str) -> dict[str, Any]:
    """A séance open to the bailleur, where the gardien and somebody without an account are registered."""
    seance = recits_seances.avec_inscrits(m, titre=f"Séance {canari}", noms=(f"Nom {canari}",))
    with agir_comme(m["social"]):
        feuille = documents_seance.demander_feuille(seance.pk, par=m["social"])
    return {"seance": seance, "inscription": recits_seances.inscriptions(m, seance)[1], "feuille": feuille}


def _point(m: Monde) -> PointReunion:
    with agir_comme(m["coordination"]):
        return PointReunion.objects.get(equipe=m.equipe)


def _delais(m: Monde) -> DelaisEquipe:
    """Other delays, from tomorrow."""
    demain = horloge.aujourdhui() + timedelta(days=1)
    with agir_comme(m["coordination"]):
        return changer_delais(
            par=m["coordination"], a_partir_du=demain, etude_jours=4, information_jours=20, opposition_jours=8,
            alsace_moselle=False,
        )  # fmt: skip


def _commune(m: Monde) -> ConventionTerritoire:
    with agir_comme(m["exploitation"]):
        return ConventionTerritoire.objects.get(convention=m.convention)


def _rattachement(m: Monde, role: str) -> int:
    with agir_comme(m[role]):
        return m[role].rattachements_actifs_ids[0]


def _notification(m: Monde) -> Notification:
    """One of coordination's, written by the outbox."""
    traiter_envois()
    with en_tant_que("palier_fabrique"):
        return Notification.objects.filter(compte=m["coordination"]).earliest("cree_le")


def _exception(m: Monde, pk: Any) -> PermissionNommee:
    """The file will be open by name to the référent, in a month."""
    du = horloge.aujourdhui() + timedelta(days=30)
    with agir_comme(m["coordination"]):
        return suivi.nommer(
            pk, par=m["coordination"], courriel=m["referent"].email, motif="avis", du=du, au=du + timedelta(days=1)
        )


def _absence(m: Monde) -> Absence:
    """The social worker's, from tomorrow."""
    demain = horloge.aujourdhui() + timedelta(days=1)
    with agir_comme(m["social"]):
        return avis.declarer_absence(par=m["social"], du=demain, au=demain, remplacant=m["soignant"])


def _remplir(m: Monde, pk: Any, canari: str) -> dict[str, Any]:
    """Content of each kind on an accompagnement; the objects whose pages are asked for."""
    soignant = m["soignant"]
    with agir_comme(soignant):
        suivi.enregistrer_refus_contrat(pk, par=soignant)
        signe = Objectif.objects.get(accompagnement=pk)
        suivi.revoir_objectif(
            signe.pk, par=soignant, version=signe.version, etat="ouvert", commentaire=f"Revue {canari}"
        )
        suivi.ecrire_diagnostic(
            pk, par=soignant, version=1, textes={"famille": f"Famille {canari}"}, axes=["famille"],
            sortie_detention="oui",
        )  # fmt: skip
        return {
            "note": suivi.ecrire_note(pk, par=soignant, niveau="equipe", texte=f"Note {canari}"),
            "note_clinique": suivi.ecrire_note(pk, par=soignant, niveau="clinique", texte=f"Clinique {canari}"),
            "visite": suivi.planifier_visite(pk, par=soignant, debut=horloge.maintenant() + timedelta(days=3)),
            "objectif": suivi.ajouter_objectif(pk, par=soignant, axe="famille", texte=f"Objectif {canari}"),
            "accord": suivi.recueillir_accord(
                pk, par=soignant, organisation=m.partenaire, portees=["demande"], mode="oral", le=horloge.aujourdhui()
            ),
            "document": Document.objects.get(accompagnement=pk),
            "piece": suivi.joindre_piece(
                pk, par=soignant, nature="courrier", precision=f"Pièce {canari}", contenu=b"%PDF-1.4\n%%EOF\n"
            ),
        }
