"""The path of an accompagnement, from its opening to its end, and the refusals around it."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, transaction

from accompagnements import parcours
from accompagnements.enums import Axe, Etat, EtatVisite
from accompagnements.models import (
    Accompagnement,
    Contrat,
    Diagnostic,
    Document,
    Intervenant,
    Objectif,
    SituationLogement,
    Visite,
    empreinte_de,
)
from partenaires.models import Compte
from partenaires.perimetre import agir_comme
from signalements.enums import EtatInstruction
from signalements.models import Fiche, Instruction, Releve
from socle import horloge
from socle.models import Delegation, Envoi, Evenement
from socle.transitions import TransitionInterdite
from socle.versions import ConflitDeVersion
from tests import recits
from tests import recits_accompagnements as histoires
from tests.conftest import en_tant_que
from tests.fabriques import Monde, monde


def traces(m: Monde) -> list[str]:
    """Actions of this app in the équipe's journal, in their order."""
    with agir_comme(m["coordination"]):
        actions = Evenement.objects.all().de_la_chaine(m.equipe.pk).values_list("action", flat=True)
        return [a.removeprefix("accompagnements.") for a in actions if a.startswith("accompagnements.")]


def envois(m: Monde) -> set[str]:
    with en_tant_que("palier_systeme"):
        return {g for g in Envoi.objects.values_list("genre", flat=True) if g.startswith("accompagnements.")}


def test_l_accompagnement_va_de_l_ouverture_a_la_fin_ecrite(db: None, midi: datetime) -> None:
    m = monde()
    a = histoires.termine(m)
    assert (a.etat, a.motif_fin, a.situation_logement) == (Etat.TERMINE, "objectifs", "maintenu")
    assert a.relais == "Le CCAS poursuit l’aide au courrier."
    assert a.fin_le == horloge.maintenant()
    assert a.fiche.instruction.etat == EtatInstruction.CLOSE
    assert a.fiche.instruction.contrat_signe_le == a.signe_le
    assert (a.fiche.statut, a.fiche.terminee_le) == ("terminee", a.fin_le)
    assert traces(m) == [
        "ouvert", "visite_planifiee", "visite_rendue", "diagnostic", "objectif_ajoute", "propose", "signe", "termine",
    ]  # fmt: skip
    assert envois(m) == {"accompagnements.document_a_produire"}


def test_rien_ne_s_ouvre_avant_la_fin_de_la_semaine(db: None, midi: datetime) -> None:
    m = monde()
    fiche = recits.informee(m)
    with agir_comme(m["social"]), pytest.raises(TransitionInterdite), transaction.atomic():
        parcours.ouvrir(fiche.pk, par=m["social"], intervenants=[m["social"]])
    with agir_comme(m["social"]), pytest.raises(DatabaseError), transaction.atomic():
        Accompagnement(fiche=fiche, equipe=m.equipe, ouvert_par=m["social"]).save(force_insert=True)
    with agir_comme(m["coordination"]):
        assert Accompagnement.objects.count() == Intervenant.objects.count() == 0
    assert traces(m) == []
    assert recits.relue(m, fiche).instruction.etat == EtatInstruction.DELAI_OPPOSITION


def test_une_fiche_n_a_qu_un_accompagnement_ouvert(db: None, midi: datetime) -> None:
    m = monde()
    a = histoires.ouvert(m)
    with agir_comme(m["social"]), pytest.raises(TransitionInterdite), transaction.atomic():
        parcours.ouvrir(a.fiche_id, par=m["social"], intervenants=[m["social"]])
    with agir_comme(m["social"]), pytest.raises(IntegrityError), transaction.atomic():
        Accompagnement(fiche=a.fiche, equipe=m.equipe, ouvert_par=m["social"]).save(force_insert=True)
    with agir_comme(m["social"]):
        assert list(Accompagnement.objects.values_list("pk", flat=True)) == [a.pk]


def test_les_intervenants_sont_de_l_equipe(db: None, midi: datetime) -> None:
    m = monde()
    fiche = recits.a_visiter(m)
    with agir_comme(m["social"]), pytest.raises(parcours.SaisieRefusee), transaction.atomic():
        parcours.ouvrir(fiche.pk, par=m["social"], intervenants=[m["referent"]])
    with agir_comme(m["social"]), pytest.raises(parcours.SaisieRefusee), transaction.atomic():
        parcours.ouvrir(fiche.pk, par=m["social"], intervenants=[])
    assert recits.relue(m, fiche).instruction.etat == EtatInstruction.A_VISITER
    a = histoires.ouvert(m)
    with agir_comme(m["social"]):
        assert list(Intervenant.objects.all().en_charge().values_list("compte", "principal")) == [
            (m["soignant"].pk, True),
            (m["social"].pk, False),
        ]
        parcours.changer_intervenants(a.pk, par=m["social"], intervenants=[m["social"]])
        assert list(Intervenant.objects.all().en_charge().values_list("compte", "principal")) == [
            (m["social"].pk, True)
        ]
        assert Intervenant.objects.all().charge(m.equipe.pk) == {m["social"].pk: 1}


def test_la_premiere_visite_faite_dit_rencontre_faite_au_bailleur(db: None, midi: datetime) -> None:
    m = monde()
    a = histoires.ouvert(m)
    absente = histoires.visite_rendue(m, a, issue=EtatVisite.ABSENT)
    assert absente.premiere
    with agir_comme(m["referent"]):
        assert Fiche.objects.get(pk=a.fiche_id).statut == "en_cours"
    faite = histoires.visite_rendue(m, a)
    assert faite.premiere
    with agir_comme(m["referent"]):
        assert Fiche.objects.get(pk=a.fiche_id).statut == "rencontre"
    suivante = histoires.visite_rendue(m, a)
    assert not suivante.premiere
    assert histoires.relu(m, a).fiche.instruction.rencontre_le == faite.debut


def test_une_visite_ne_se_raconte_pas_avant_son_heure(db: None, midi: datetime) -> None:
    m = monde()
    visite = histoires.visite_prevue(m, histoires.ouvert(m))
    with agir_comme(m["social"]), pytest.raises(parcours.SaisieRefusee) as refus, transaction.atomic():
        parcours.rendre_compte(visite.pk, par=m["social"], version=1, issue="faite", compte_rendu="Reçus.")
    assert refus.value.champ == "issue"
    with agir_comme(m["social"]):
        assert Visite.objects.get(pk=visite.pk).etat == EtatVisite.PLANIFIEE


def test_ne_pas_y_aller_seul_demande_une_seconde_personne(db: None, midi: datetime) -> None:
    m = monde()
    a = histoires.ouvert(m, seul=True)
    with agir_comme(m["social"]):
        with pytest.raises(parcours.SaisieRefusee) as refus, transaction.atomic():
            parcours.planifier_visite(a.pk, par=m["social"], debut=horloge.maintenant())
        assert refus.value.champ == "participants"
        assert not Visite.objects.exists()
        visite = parcours.planifier_visite(
            a.pk, par=m["social"], debut=horloge.maintenant(), participants=[m["social"], m["soignant"]]
        )
        assert visite.ne_pas_y_aller_seul


def test_une_visite_se_deplace_et_s_annule_tant_qu_elle_est_prevue(db: None, midi: datetime) -> None:
    m = monde()
    a = histoires.ouvert(m)
    visite = histoires.visite_prevue(m, a)
    demain = horloge.maintenant() + timedelta(days=1)
    with agir_comme(m["social"]):
        parcours.deplacer_visite(visite.pk, par=m["social"], version=1, debut=demain)
        with pytest.raises(ConflitDeVersion):
            parcours.deplacer_visite(visite.pk, par=m["social"], version=1, debut=midi)
        assert Visite.objects.get(pk=visite.pk).debut == demain
        parcours.annuler_visite(visite.pk, par=m["social"])
        with pytest.raises(TransitionInterdite):
            parcours.annuler_visite(visite.pk, par=m["social"])
    assert histoires.visite_prevue(m, a).premiere


def test_le_brouillon_d_un_compte_rendu_se_garde_sans_rendre_la_visite(db: None, midi: datetime) -> None:
    m = monde()
    visite = histoires.visite_prevue(m, histoires.ouvert(m))
    with agir_comme(m["social"]):
        parcours.garder_brouillon_visite(visite.pk, par=m["social"], version=1, compte_rendu="Elle ouvre")
        lue = Visite.objects.get(pk=visite.pk)
        assert (lue.etat, lue.compte_rendu, lue.version) == ("planifiee", "Elle ouvre", 2)


def test_on_ne_se_contredit_pas_soi_meme_mais_on_voit_ce_qu_un_autre_a_ecrit(db: None, midi: datetime) -> None:
    """The page was shown at version 1; its own autosave made it 2 before the button was pressed."""
    m = monde()
    visite = histoires.visite_prevue(m, histoires.ouvert(m))
    horloge.regler(visite.debut + timedelta(hours=1))
    with agir_comme(m["social"]):
        parcours.garder_brouillon_visite(visite.pk, par=m["social"], version=1, compte_rendu="Elle ouvre")
    rendre: dict[str, Any] = {"version": 1, "issue": "faite", "compte_rendu": "Elle ouvre la porte."}
    with agir_comme(m["soignant"]), pytest.raises(ConflitDeVersion), transaction.atomic():
        parcours.rendre_compte(visite.pk, par=m["soignant"], **rendre)
    with agir_comme(m["social"]):
        parcours.rendre_compte(visite.pk, par=m["social"], **rendre)
        assert Visite.objects.get(pk=visite.pk).compte_rendu == "Elle ouvre la porte."


def test_le_diagnostic_ne_s_ecrase_pas_en_silence(db: None, midi: datetime) -> None:
    m = monde()
    a = histoires.ouvert(m)
    histoires.diagnostic_ecrit(m, a)
    with agir_comme(m["soignant"]):
        with pytest.raises(ConflitDeVersion), transaction.atomic():
            parcours.ecrire_diagnostic(a.pk, par=m["soignant"], version=0, textes={"famille": "Un frère."}, axes=[])
        parcours.ecrire_diagnostic(
            a.pk, par=m["soignant"], version=1, textes={"famille": "Un frère."}, axes=[Axe.FAMILLE]
        )
        lu = Diagnostic.objects.get(pk=a.pk)
        assert (lu.version, lu.famille, lu.logement, lu.axes) == (2, "Un frère.", "", ["famille"])


def test_proposer_demande_un_diagnostic_et_un_objectif(db: None, midi: datetime) -> None:
    m = monde()
    a = histoires.ouvert(m)
    for champ in ("diagnostic", "objectifs"):
        with agir_comme(m["social"]), pytest.raises(parcours.SaisieRefusee) as refus, transaction.atomic():
            parcours.proposer(a.pk, par=m["social"])
        assert refus.value.champ == champ
        histoires.diagnostic_ecrit(m, a) if champ == "diagnostic" else histoires.objectif(m, a)
    with agir_comme(m["social"]):
        assert parcours.proposer(a.pk, par=m["social"]).etat == Etat.PROPOSE
        assert parcours.reprendre_evaluation(a.pk, par=m["social"]).etat == Etat.EVALUATION


@pytest.mark.parametrize(
    ("manque", "champ"),
    [
        ({"trace_personne": ""}, "trace_personne"),
        ({"trace_equipe": ""}, "trace_equipe"),
        ({"trace_equipe": 'M1 1"><script>'}, "trace_equipe"),
        ({"trace_personne": "M1 1L" + "2 2L" * 9000 + "3 3"}, "trace_personne"),
        ({"lu": False}, "lu"),
        ({"signataire": "mandataire"}, "mandataire"),
        ({"mode": "papier"}, "scan"),
        ({"mode": "vocal"}, "mode"),
    ],
)
def test_une_signature_manquante_est_dite_et_rien_n_est_ecrit(
    db: None, midi: datetime, manque: dict[str, object], champ: str
) -> None:
    m = monde()
    a = histoires.propose(m)
    avant = traces(m)
    signature = replace(histoires.SIGNATURE, **manque)  # type: ignore[arg-type]
    with agir_comme(m["soignant"]), pytest.raises(parcours.SaisieRefusee) as refus, transaction.atomic():
        parcours.signer(a.pk, par=m["soignant"], signature=signature)
    assert refus.value.champ == champ
    apres = histoires.relu(m, a)
    assert (apres.etat, apres.signe_le, apres.version) == (Etat.PROPOSE, None, a.version)
    assert apres.fiche.instruction.contrat_signe_le is None
    with agir_comme(m["coordination"]):
        assert Contrat.objects.count() == Document.objects.count() == 0
    with en_tant_que("palier_systeme"):
        assert Delegation.objects.count() == 0
    assert traces(m) == avant
    assert envois(m) == set()


def test_signer_gele_les_donnees_et_leur_empreinte(db: None, midi: datetime) -> None:
    m = monde()
    a = histoires.en_cours(m)
    with agir_comme(m["coordination"]):
        contrat = Contrat.objects.get()
        assert contrat.donnees == {
            "schema": 2, "revues": [], "reference": "26-0001", "numero": 1, "date": "2026-10-03",
            "personne": "Mme\N{NO-BREAK SPACE}Ondine Maquette",
            "equipe": m.equipe.nom, "membre": m["soignant"].nom_complet, "fonction": "Soignant",
            "objectifs": [{"axe": "Logement", "texte": "Laisser entrer le plombier"}], "jusqu_au": "2027-04-03",
            "signataire": "personne", "mandataire": "", "mode": "ecran", "lu": True,
        }  # fmt: skip
        assert contrat.sha256 == empreinte_de(contrat.donnees)
        assert contrat.est_intact
        assert contrat.trace_personne == histoires.TRACE
        assert a.signe_le == contrat.le
        for requete in (
            lambda: Contrat.objects.filter(pk=contrat.pk).update(sha256="0" * 64),
            lambda: Contrat.objects.filter(pk=contrat.pk).delete(),
        ):
            with pytest.raises(DatabaseError), transaction.atomic():
                requete()
        document = Document.objects.get()
        assert (document.genre, document.etat, document.objet_id) == ("contrat", "a_produire", contrat.pk)


def test_signer_deux_fois_ne_fait_qu_un_contrat(db: None, midi: datetime) -> None:
    m = monde()
    a = histoires.en_cours(m)
    with agir_comme(m["soignant"]), pytest.raises(TransitionInterdite), transaction.atomic():
        parcours.signer(a.pk, par=m["soignant"], signature=histoires.SIGNATURE)
    with agir_comme(m["soignant"]):
        assert Contrat.objects.count() == Document.objects.count() == 1
        histoires.objectifs_revus(m, a)
        parcours.renouveler(a.pk, par=m["soignant"], signature=histoires.SIGNATURE)
        assert list(Contrat.objects.order_by("numero").values_list("numero", "issue")) == [(1, "signe"), (2, "signe")]


def test_un_contrat_refuse_est_garde_et_l_accompagnement_reste_propose(db: None, midi: datetime) -> None:
    m = monde()
    a = histoires.propose(m)
    with agir_comme(m["social"]):
        parcours.enregistrer_refus_contrat(a.pk, par=m["social"])
        assert list(Contrat.objects.values_list("numero", "issue", "mode")) == [(1, "refuse", "")]
        assert Document.objects.count() == 0
    assert histoires.relu(m, a).etat == Etat.PROPOSE
    with agir_comme(m["social"]):
        assert parcours.signer(a.pk, par=m["social"], signature=histoires.SIGNATURE).numero == 2


def test_un_objectif_signe_ne_change_plus_de_texte(db: None, midi: datetime) -> None:
    m = monde()
    histoires.en_cours(m)
    with agir_comme(m["social"]):
        o = Objectif.objects.get()
        with pytest.raises(parcours.SaisieRefusee), transaction.atomic():
            parcours.revoir_objectif(o.pk, par=m["social"], version=1, etat="ouvert", texte="Autre chose")
        revu = parcours.revoir_objectif(o.pk, par=m["social"], version=1, etat="atteint")
        assert (revu.etat, revu.revu_le, revu.texte) == (
            "atteint", horloge.aujourdhui(), "Laisser entrer le plombier",
        )  # fmt: skip


@pytest.mark.parametrize(
    ("motif", "instruction", "classement"),
    [
        ("refus", EtatInstruction.CLASSEE, "non_adhesion"),
        ("deces", EtatInstruction.CLASSEE, "deces"),
        ("orientation_directe", EtatInstruction.REORIENTEE, ""),
    ],
)
def test_sans_contrat_la_fiche_est_classee_ou_reorientee(
    db: None, midi: datetime, motif: str, instruction: str, classement: str
) -> None:
    m = monde()
    a = histoires.sans_suite(m, motif=motif)
    assert (a.etat, a.motif_fin) == (Etat.SANS_SUITE, motif)
    assert (a.fiche.instruction.etat, a.fiche.instruction.motif) == (instruction, classement)
    assert a.fiche.statut == "terminee"


def test_une_opposition_ne_s_ecrit_pas_comme_un_motif(db: None, midi: datetime) -> None:
    m = monde()
    a = histoires.evalue(m)
    with agir_comme(m["social"]), pytest.raises(parcours.SaisieRefusee), transaction.atomic():
        parcours.cloturer_sans_suite(a.pk, par=m["social"], motif="opposition")
    assert histoires.relu(m, a).etat == Etat.EVALUATION


def test_la_fin_annule_les_visites_prevues(db: None, midi: datetime) -> None:
    m = monde()
    a = histoires.en_cours(m)
    visite = histoires.visite_prevue(m, a)
    with agir_comme(m["social"]):
        parcours.terminer(a.pk, par=m["social"], motif="autre", relais="Aucun.", situation_logement="maintenu")
        assert Visite.objects.get(pk=visite.pk).etat == EtatVisite.ANNULEE


def test_la_fin_est_definitive_meme_en_sql(db: None, midi: datetime) -> None:
    m = monde()
    for a in (histoires.termine(m), histoires.sans_suite(m)):
        for etat in ("evaluation", "propose", "en_cours"):
            with agir_comme(m["coordination"]), pytest.raises(DatabaseError), transaction.atomic():
                Accompagnement.objects.filter(pk=a.pk).update(etat=etat, motif_fin="", fin_le=None)
        assert histoires.relu(m, a).etat == a.etat


def test_le_logement_a_six_mois_se_note_une_fois_et_pas_avant(db: None, midi: datetime) -> None:
    m = monde()
    a = histoires.en_cours(m)
    jour = horloge.aujourdhui()
    with agir_comme(m["social"]), pytest.raises(TransitionInterdite), transaction.atomic():
        parcours.noter_logement(a.pk, par=m["social"], situation="maintenu", le=jour)
    horloge.regler(horloge.a_paris(a.logement_du_le))
    with agir_comme(m["social"]):
        parcours.noter_logement(a.pk, par=m["social"], situation="mute", le=horloge.aujourdhui())
        with pytest.raises(TransitionInterdite), transaction.atomic():
            parcours.noter_logement(a.pk, par=m["social"], situation="parti", le=horloge.aujourdhui())
        assert list(SituationLogement.objects.values_list("situation", flat=True)) == ["mute"]


def test_le_releve_de_depart_de_l_equipe_suit_la_rencontre(db: None, midi: datetime) -> None:
    m = monde()
    a = histoires.ouvert(m)
    cotations = recits.cotations(recits.contenu(m).grille)
    with agir_comme(m["social"]), pytest.raises(TransitionInterdite), transaction.atomic():
        parcours.coter_depart(a.pk, par=m["social"], cotations=cotations)
    histoires.visite_rendue(m, a)
    with agir_comme(m["social"]):
        parcours.coter_depart(a.pk, par=m["social"], cotations=cotations)
        with pytest.raises(TransitionInterdite), transaction.atomic():
            parcours.coter_depart(a.pk, par=m["social"], cotations=cotations)
        assert Releve.objects.filter(type_evaluateur="equipe", moment="t0").count() == 1


def test_personne_d_autre_que_l_equipe_n_ouvre_ni_ne_change(db: None, midi: datetime) -> None:
    nord, sud = monde("Nord"), monde("Sud")
    a = histoires.en_cours(nord)
    etrangers: list[Compte] = [
        nord[r] for r in ("gardien", "referent", "responsable", "correspondant", "coordination_clsm")
    ]
    for compte in [*etrangers, sud["coordination"], sud["soignant"]]:
        with agir_comme(compte), pytest.raises(Accompagnement.DoesNotExist), transaction.atomic():
            parcours.suspendre(a.pk, par=compte, motif="absence")
        with agir_comme(compte), pytest.raises(Instruction.DoesNotExist), transaction.atomic():
            parcours.ouvrir(a.fiche_id, par=compte, intervenants=[compte])
    assert histoires.relu(nord, a).etat == Etat.EN_COURS
