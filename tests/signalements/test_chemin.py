"""The path of a fiche, from the gardien's hand to the end of the week, and the refusals around it."""

from datetime import datetime, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, connection, transaction

from partenaires.perimetre import agir_comme
from signalements import parcours
from signalements.enums import EtatInstruction, ModeInformation
from signalements.models import Constat, Fiche, Grille, Instruction, Locataire, Releve
from socle import horloge
from socle.models import Envoi, Evenement
from socle.transitions import TransitionInterdite
from tests import recits
from tests.conftest import en_tant_que
from tests.fabriques import monde


def test_la_fiche_va_du_gardien_a_la_premiere_visite(db: None, midi: datetime) -> None:
    m = monde()
    fiche = recits.a_visiter(m)
    assert fiche.reference == "26-0001"
    assert fiche.statut == "en_cours"
    assert fiche.instruction.etat == EtatInstruction.A_VISITER
    # Told on Tuesday 22: seven whole days after, the delay ends on Tuesday 29 at 24:00.
    assert fiche.instruction.delai_jusqua is not None
    assert horloge.paris(fiche.instruction.delai_jusqua).isoformat() == "2026-09-30T00:00:00+02:00"
    assert fiche.locataire.designation == "Mme\N{NO-BREAK SPACE}Ondine Maquette"
    with agir_comme(m["coordination"]):
        actions = list(Evenement.objects.all().de_la_chaine(m.equipe.pk).values_list("action", flat=True))
    assert actions == [
        "signalements.transmise",
        "signalements.recevable",
        "signalements.information",
        "signalements.delai_leve",
    ]
    with en_tant_que("palier_systeme"):
        assert set(Envoi.objects.values_list("genre", flat=True)) == {
            "signalements.transmise",
            "signalements.information_attendue",
            "signalements.information_tardive",
            "signalements.delai_leve",
        }


def test_le_gardien_ne_garde_que_le_recu(db: None, midi: datetime) -> None:
    m = monde()
    fiche = recits.transmise(m)
    with agir_comme(m["gardien"]):
        lue = Fiche.objects.visibles_par(m["gardien"]).get(pk=fiche.pk)
        assert (lue.reference, lue.statut, lue.residence_id) == ("26-0001", "recue", m.residence.pk)
        assert not Locataire.objects.exists()
        assert not Constat.objects.exists()
        assert not Releve.objects.exists()


def test_le_bailleur_ne_voit_ni_instruction_ni_motif_en_sql(db: None, midi: datetime) -> None:
    m = monde()
    fiche = recits.recevable(m)
    with agir_comme(m["referent"]), connection.cursor() as curseur:
        curseur.execute("SELECT count(*) FROM signalements_instruction")
        assert curseur.fetchone() == (0,)
        curseur.execute("UPDATE signalements_instruction SET etat = 'classee' RETURNING fiche_id")
        assert curseur.fetchall() == []
    assert recits.relue(m, fiche).instruction.etat == EtatInstruction.RECEVABLE


def test_a_la_fin_le_contenu_disparait_du_bailleur_quelle_que_soit_la_fin(db: None, midi: datetime) -> None:
    m = monde()
    fiche = recits.transmise(m)
    with agir_comme(m["referent"]):
        assert Locataire.objects.filter(pk=fiche.pk).count() == 1
    with agir_comme(m["social"]):
        parcours.declarer_non_recevable(fiche.pk, par=m["social"], motif="doublon")
        assert Locataire.objects.filter(pk=fiche.pk).count() == 1
    with agir_comme(m["referent"]):
        lue = Fiche.objects.visibles_par(m["referent"]).get(pk=fiche.pk)
        assert (lue.statut, lue.terminee_le) == ("terminee", midi)
        assert Locataire.objects.count() == Constat.objects.count() == Releve.objects.count() == 0


def test_l_opposition_cache_tout_a_tous_puis_se_repare_sept_jours(db: None, midi: datetime) -> None:
    m = monde()
    fiche = recits.informee(m)
    with agir_comme(m["referent"]):
        parcours.opposer(fiche.pk, par=m["referent"])
    for role in ("gardien", "referent", "coordination", "soignant", "social"):
        with agir_comme(m[role]):
            assert Locataire.objects.count() == Constat.objects.count() == Releve.objects.count() == 0
    with agir_comme(m["social"]), pytest.raises(PermissionDenied):
        parcours.annuler_opposition(fiche.pk, par=m["social"])
    with agir_comme(m["coordination"]):
        parcours.annuler_opposition(fiche.pk, par=m["coordination"])
        assert Locataire.objects.count() == 1
    assert recits.relue(m, fiche).instruction.etat == EtatInstruction.DELAI_OPPOSITION
    with agir_comme(m["referent"]):
        parcours.opposer(fiche.pk, par=m["referent"])
    horloge.regler(midi + timedelta(days=7, minutes=1))
    with agir_comme(m["coordination"]), pytest.raises(TransitionInterdite):
        parcours.annuler_opposition(fiche.pk, par=m["coordination"])
    assert recits.relue(m, fiche).instruction.etat == EtatInstruction.OPPOSITION


def test_la_semaine_ne_se_leve_jamais_a_la_main(db: None, midi: datetime) -> None:
    m = monde()
    fiche = recits.informee(m)
    horloge.regler(midi + timedelta(days=30))
    lever = {"etat": "a_visiter", "visitable_le": horloge.maintenant()}
    with agir_comme(m["coordination"]), pytest.raises(DatabaseError), transaction.atomic():
        Instruction.objects.filter(pk=fiche.pk).update(**lever)
    with agir_comme(m["referent"]):
        assert Instruction.objects.filter(pk=fiche.pk).update(**lever) == 0
    assert recits.relue(m, fiche).instruction.etat == EtatInstruction.DELAI_OPPOSITION


def test_une_information_antidatee_ne_raccourcit_pas_la_semaine(db: None, midi: datetime) -> None:
    m = monde()
    fiche = recits.recevable(m)
    with agir_comme(m["referent"]):
        parcours.enregistrer_information(
            fiche.pk, par=m["referent"], le=midi.date() - timedelta(days=20), mode=ModeInformation.COURRIER
        )
    # Recorded on Tuesday 22: never before Thursday 24 at 24:00 (two working days).
    instruction = recits.relue(m, fiche).instruction
    assert instruction.delai_jusqua is not None
    assert horloge.paris(instruction.delai_jusqua).isoformat() == "2026-09-25T00:00:00+02:00"


def test_une_date_future_est_refusee_et_rien_ne_change(db: None, midi: datetime) -> None:
    m = monde()
    fiche = recits.recevable(m)
    with agir_comme(m["referent"]), pytest.raises(parcours.DateRefusee), transaction.atomic():
        parcours.enregistrer_information(
            fiche.pk, par=m["referent"], le=midi.date() + timedelta(days=1), mode=ModeInformation.COURRIER
        )
    apres = recits.relue(m, fiche)
    assert apres.instruction.etat == EtatInstruction.RECEVABLE
    assert apres.informations.count() == 0


def test_sans_convention_la_fiche_n_est_pas_envoyee(db: None, midi: datetime) -> None:
    m = monde()
    fiche = recits.brouillon(m)
    horloge.regler(midi.replace(year=2024))
    with agir_comme(m["gardien"]):
        assert m["gardien"].organisation_id is None  # the rattachement starts in 2025
    horloge.regler(midi)
    with en_tant_que("palier_fabrique"):
        m.convention.territoires.all().delete()
    with agir_comme(m["gardien"]), pytest.raises(parcours.SansConvention), transaction.atomic():
        parcours.transmettre(fiche.pk, par=m["gardien"], contenu=recits.contenu(m))
    with agir_comme(m["gardien"]):
        assert Fiche.objects.get(pk=fiche.pk).etat == "brouillon"


def test_le_referent_relit_renvoie_et_valide(db: None, midi: datetime) -> None:
    m = monde(relecture=True)
    fiche = recits.envoyee(m)
    assert fiche.etat == "a_relire"
    with agir_comme(m["coordination"]):
        assert not Fiche.objects.visibles_par(m["coordination"]).exists()
        assert not Locataire.objects.exists()
    with agir_comme(m["referent"]):
        parcours.renvoyer(fiche.pk, par=m["referent"], commentaires={"faits": "Préciser la date."})
    with agir_comme(m["gardien"]):
        fiche = Fiche.objects.get(pk=fiche.pk)
        assert fiche.brouillon.commentaires == {"faits": "Préciser la date."}
        parcours.transmettre(fiche.pk, par=m["gardien"], contenu=recits.contenu(m, faits="Depuis le 1er septembre."))
    with agir_comme(m["referent"]):
        parcours.valider(fiche.pk, par=m["referent"])
    apres = recits.relue(m, fiche)
    assert (apres.etat, apres.relue_par_id) == ("transmise", m["referent"].pk)
    assert apres.constat.faits == "Depuis le 1er septembre."


def test_le_complement_est_demande_puis_donne(db: None, midi: datetime) -> None:
    m = monde()
    fiche = recits.transmise(m)
    with agir_comme(m["social"]):
        parcours.demander_complement(fiche.pk, par=m["social"], question="La personne est-elle informée ?")
    with agir_comme(m["referent"]):
        assert Fiche.objects.get(pk=fiche.pk).statut == "a_completer"
        parcours.completer(fiche.pk, par=m["referent"], reponse="Oui, le 20 septembre.")
    assert recits.relue(m, fiche).instruction.etat == EtatInstruction.TRANSMISE
    with agir_comme(m["referent"]), pytest.raises(TransitionInterdite):
        parcours.completer(fiche.pk, par=m["referent"], reponse="Encore.")
    with agir_comme(m["coordination"]):
        assert [e.texte for e in recits.relue(m, fiche).echanges.order_by("le", "id")] == [
            "La personne est-elle informée ?",
            "Oui, le 20 septembre.",
        ]


def test_une_personne_deja_opposee_est_signalee_au_tri_seulement(db: None, midi: datetime) -> None:
    m = monde()
    premiere = recits.transmise(m)
    with agir_comme(m["referent"]):
        parcours.opposer(premiere.pk, par=m["referent"])
    horloge.regler(midi + timedelta(days=60))
    seconde = recits.transmise(m)
    assert recits.relue(m, seconde).instruction.opposition_connue_le == midi.date()
    autre = recits.transmise(m, nom="Esquisse")
    assert recits.relue(m, autre).instruction.opposition_connue_le is None


def test_les_domaines_du_tri_restent_vrais_quand_l_equipe_a_cote_d_autres_fiches(db: None, midi: datetime) -> None:
    """A rating by the équipe on one fiche once emptied the domains of every other fiche of the same grid."""
    m = monde()
    cotee = recits.a_visiter(m)
    with agir_comme(m["soignant"]):
        parcours.coter_depart_equipe(
            Fiche.objects.visibles_par(m["soignant"]).get(pk=cotee.pk),
            par=m["soignant"],
            cotations=recits.cotations(Grille.objects.all().en_vigueur(m.equipe.pk), presents={"VOI1": 1}),
        )
    horloge.regler(midi)
    neuve = recits.transmise(m)
    with agir_comme(m["social"]):
        fiches = Fiche.objects.visibles_par(m["social"]).avec_domaines()
        assert dict(fiches.values_list("pk", "domaines")) == {
            cotee.pk: ["logement", "presence"],
            neuve.pk: ["logement", "presence"],
        }
