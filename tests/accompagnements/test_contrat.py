"""The life of a contract: objectives reviewed and kept, renewed, refused, compared; the reminder of three months."""

import re
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.urls import reverse

from accompagnements import parcours, tasks
from accompagnements.comparaison import comparer
from accompagnements.models import Accompagnement, Contrat, Diagnostic, Objectif, RevueObjectif
from partenaires.perimetre import agir_comme
from socle import horloge
from tests import recits_accompagnements as histoires
from tests.accompagnements.test_documents import octets, produire, texte
from tests.conftest import en_tant_que
from tests.fabriques import Monde, monde
from tests.pages import connecte
from tests.pages import texte as lu
from tests.partenaires.regards import traiter_envois


def revoir(m: Monde, o: Objectif, etat: str, commentaire: str) -> None:
    with agir_comme(m["soignant"]):
        actuel = Objectif.objects.get(pk=o.pk)
        parcours.revoir_objectif(o.pk, par=m["soignant"], version=actuel.version, etat=etat, commentaire=commentaire)


def renouveler(m: Monde, a: Accompagnement, **champs: Any) -> Contrat:
    with agir_comme(m["soignant"]):
        signature = replace(histoires.SIGNATURE, **champs)
        return parcours.renouveler(a.pk, par=m["soignant"], signature=signature)


def contrats(m: Monde) -> list[Contrat]:
    with agir_comme(m["coordination"]):
        return list(Contrat.objects.order_by("numero"))


def test_chaque_revue_d_un_objectif_est_gardee_et_se_lit(db: None, midi: datetime) -> None:
    m = monde()
    a = histoires.en_cours(m)
    with agir_comme(m["coordination"]):
        objectif = Objectif.objects.get()
    revoir(m, objectif, "ouvert", "Le plombier est venu une fois.")
    horloge.avancer(days=40)
    revoir(m, objectif, "atteint", "C’est fait.")
    with agir_comme(m["coordination"]):
        revues = list(RevueObjectif.objects.order_by("revu_le").values_list("etat", "par"))
        assert revues == [("ouvert", m["soignant"].pk), ("atteint", m["soignant"].pk)]
        for requete in (lambda: RevueObjectif.objects.update(etat="ouvert"), RevueObjectif.objects.all().delete):
            with pytest.raises(DatabaseError), transaction.atomic():
                requete()
    page = lu(connecte(m["social"]).get(reverse("situation_contrat", args=[a.pk])))
    assert page.index("C’est fait.") < page.index("Le plombier est venu une fois.")


def test_un_renouvellement_demande_la_revue_de_chaque_objectif_du_contrat(db: None, midi: datetime) -> None:
    m = monde()
    a = histoires.en_cours(m)
    horloge.avancer(days=90)
    nouveau = histoires.objectif(m, a, "Ouvrir le courrier", "ressources")
    with transaction.atomic(), pytest.raises(parcours.SaisieRefusee) as refus:
        renouveler(m, a)
    assert refus.value.champ == "objectifs"
    assert [c.numero for c in contrats(m)] == [1]
    with agir_comme(m["coordination"]):
        ancien = Objectif.objects.exclude(pk=nouveau.pk).get()
    page = lu(connecte(m["social"]).get(reverse("situation_signer", args=[a.pk])))
    assert "Revoyez d’abord avec la personne" in page
    revoir(m, ancien, "atteint", "Le plombier est passé.")
    assert renouveler(m, a).numero == 2


def test_le_contrat_renouvele_dit_ce_qui_a_ete_revu_et_le_mandataire(db: None, midi: datetime) -> None:
    m = monde()
    a = histoires.en_cours(m)
    with agir_comme(m["coordination"]):
        premier = Objectif.objects.get()
    histoires.objectif(m, a, "Ouvrir le courrier", "ressources")
    revoir(m, premier, "atteint", "Le plombier est passé.")
    contrat = renouveler(m, a, signataire="mandataire", mandataire="Mme Tuteur")
    assert contrat.donnees["revues"] == [
        {
            "le": horloge.aujourdhui().isoformat(), "objectif": "Laisser entrer le plombier", "etat": "Atteint",
            "commentaire": "Le plombier est passé.", "par": m["soignant"].nom_complet,
        }
    ]  # fmt: skip
    assert contrat.est_intact
    with agir_comme(m["coordination"]):
        from accompagnements.models import Document

        document = Document.objects.get(objet_id=contrat.pk)
        assert document.delegation_id is not None
    from accompagnements import documents

    assert documents.produire(document.pk, document.delegation_id)
    with agir_comme(m["coordination"]):
        document.refresh_from_db()
    dit = texte(octets(document))
    for attendu in (
        "Mme Tuteur, mandataire",
        "Ce que nous avions décidé",
        "Le plombier est passé.",
        "Ouvrir le courrier",
    ):
        assert attendu in dit


def test_la_fin_reprend_l_histoire_des_objectifs(db: None, midi: datetime) -> None:
    m = monde()
    a = histoires.en_cours(m)
    histoires.objectifs_revus(m, a, commentaire="Trois visites du plombier.")
    with agir_comme(m["social"]):
        parcours.terminer(a.pk, par=m["social"], motif="objectifs", relais="Aucun.", situation_logement="maintenu")
    assert "Trois visites du plombier." in texte(octets(produire(m, "fin")))


def test_un_renouvellement_refuse_est_garde_et_l_accompagnement_continue(db: None, midi: datetime) -> None:
    m = monde()
    a = histoires.en_cours(m)
    page = connecte(m["social"]).post(reverse("situation_refus_contrat", args=[a.pk]), {"confirme": "on"})
    assert page.status_code == 302
    assert [(c.numero, c.issue, c.mode) for c in contrats(m)] == [(1, "signe", "ecran"), (2, "refuse", "")]
    assert histoires.relu(m, a).etat == "en_cours"


def test_deux_versions_se_comparent_sur_leurs_donnees_gelees(db: None, midi: datetime) -> None:
    m = monde()
    a = histoires.en_cours(m)
    with agir_comme(m["coordination"]):
        premier = Objectif.objects.get()
    histoires.objectif(m, a, "Ouvrir le courrier", "ressources")
    horloge.avancer(days=30)
    revoir(m, premier, "abandonne", "Non.")
    renouveler(m, a, signataire="mandataire", mandataire="Mme Tuteur")
    lignes = {(ligne.titre, ligne.avant, ligne.apres): ligne.difference for ligne in comparer(*contrats(m))}
    assert lignes["Logement", "Laisser entrer le plombier", ""] == "retire"
    assert lignes["Emploi et ressources", "", "Ouvrir le courrier"] == "ajoute"
    signe = "Le mandataire de la mesure de protection (Mme Tuteur)"
    assert lignes["Signé par", "La personne", signe] == "change"
    assert lignes["Issue", "Signé", "Signé"] == ""
    adresse = reverse("contrat_comparer", args=[a.pk])
    page = lu(connecte(m["social"]).get(adresse))
    assert "Du contrat n° 1 au contrat n° 2".replace(" ", " ") in page.replace(" ", " ")
    assert connecte(m["social"]).get(adresse, {"de": "1", "a": "7"}).status_code == 404
    assert connecte(m["referent"]).get(adresse).status_code == 404


def test_les_objectifs_se_rappellent_au_bout_de_trois_mois_une_fois_et_sans_contenu(
    db: None, midi: datetime, mailoutbox: list[Any]
) -> None:
    m = monde()
    a = histoires.en_cours(m)
    traiter_envois()
    mailoutbox.clear()

    def rappeler() -> int:
        with en_tant_que("palier_systeme"):
            attendus = tasks.systeme_rappeler_revues()
        traiter_envois()
        return attendus

    horloge.avancer(days=80)
    assert rappeler() == 0
    horloge.avancer(days=13)
    assert (rappeler(), rappeler()) == (1, 1)
    assert sorted(message.to[0] for message in mailoutbox) == sorted([m["soignant"].email, m["social"].email])
    for message in mailoutbox:
        entier = f"{message.subject} {message.body}"
        assert reverse("situation_contrat", args=[a.pk]) in entier
        assert not re.search("Maquette|Ondine|plombier|26-0001|psy", entier)
    mailoutbox.clear()
    histoires.objectifs_revus(m, a)
    assert rappeler() == 0
    assert mailoutbox == []


def test_un_rappel_promis_ne_part_plus_une_fois_la_revue_faite(db: None, midi: datetime, mailoutbox: list[Any]) -> None:
    m = monde()
    a = histoires.en_cours(m)
    traiter_envois()
    mailoutbox.clear()
    horloge.avancer(days=93)
    with en_tant_que("palier_systeme"):
        assert tasks.systeme_rappeler_revues() == 1
    histoires.objectifs_revus(m, a)
    traiter_envois()
    assert mailoutbox == []


# Sortie de détention: RGPD art. 10 ---------------------------------------------------------------------------


def test_la_sortie_de_detention_est_scellee_et_lue_par_l_equipe_seule(db: None, midi: datetime) -> None:
    m = monde()
    a = histoires.evalue(m)
    with agir_comme(m["social"]):
        parcours.ecrire_diagnostic(
            a.pk, par=m["social"], version=1, textes={}, axes=["logement"], sortie_detention="oui"
        )
    with en_tant_que("palier_fabrique"), connection.cursor() as curseur:
        curseur.execute("SELECT position('oui'::bytea in sortie_detention) FROM accompagnements_diagnostic")
        assert curseur.fetchone() == (0,)
    adresse = reverse("situation_contrat", args=[a.pk])
    assert "Sortie de détention" in lu(connecte(m["soignant"]).get(adresse))
    for role in ("gardien", "referent", "responsable", "correspondant", "coordination_clsm", "exploitation", "dpo"):
        with agir_comme(m[role]):
            assert not Diagnostic.objects.exists()
    for role in ("referent", "responsable"):
        fiche = connecte(m[role]).get(reverse("signalement", args=[a.fiche_id]))
        assert "détention" not in fiche.content.decode()
    schema = connecte(m["referent"]).get(reverse("api_schema")).content.decode()
    assert "detention" not in schema
    with agir_comme(m["social"]):
        parcours.ecrire_diagnostic(a.pk, par=m["social"], version=2, textes={}, axes=["logement"])
        assert Diagnostic.objects.get().sortie_detention is None


def test_le_second_redacteur_voit_ce_que_l_autre_a_dit_de_la_sortie(db: None, midi: datetime) -> None:
    m = monde()
    a = histoires.evalue(m)
    with agir_comme(m["soignant"]):
        parcours.ecrire_diagnostic(a.pk, par=m["soignant"], version=1, textes={}, axes=[], sortie_detention="non")
    envoi = {"version": "1", "axes": [], "sortie_detention": "oui"}
    page = connecte(m["social"]).post(reverse("situation_diagnostic", args=[a.pk]), envoi)
    assert page.status_code == 409
    assert "Sortie de détention" in page.content.decode()
    with agir_comme(m["social"]):
        assert Diagnostic.objects.get().sortie_detention == "non"
    assert horloge.maintenant() - a.ouvert_le < timedelta(days=30)
