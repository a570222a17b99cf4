"""What is due: said by one source, shown in À faire, counted in the rail by the same rules in SQL."""

from datetime import date, datetime, timedelta
from typing import Any

from accompagnements import parcours, retards, taches
from accompagnements.echeances import echeances_de
from accompagnements.models import Accompagnement
from partenaires.models import Compte, ReglagesEquipe
from partenaires.parcours.delais import changer_delais
from partenaires.perimetre import agir_comme
from signalements import parcours as signalements
from socle import horloge
from socle.comptages import compter_ensemble
from socle.presentation import Tache
from tests import recits
from tests import recits_accompagnements as histoires
from tests import recits_concertations as concertations
from tests.comptage import enumerees, instructions
from tests.fabriques import Monde, monde


def dues(m: Monde, a: Accompagnement) -> list[tuple[str, str]]:
    """(what, day) of everything due on a situation."""
    with agir_comme(m["coordination"]):
        siens = Accompagnement.objects.visibles_par(m["coordination"]).avec_personne().avec_echeances()
        return [(e.titre, e.le.isoformat()) for e in echeances_de(siens.get(pk=a.pk))]


def lire(compte: Compte) -> list[Tache]:
    with agir_comme(compte):
        return taches.suivi_de(compte).taches


def comptes(compte: Compte) -> int:
    with agir_comme(compte):
        return compter_ensemble({"retards": retards.retards(compte)})["retards"]


def test_chaque_etape_attend_une_chose_et_une_date(db: None, midi: datetime) -> None:
    m = monde()
    a = histoires.ouvert(m)  # opened on 1 October
    assert dues(m, a) == [("Première visite", "2026-10-08")]
    visite = histoires.visite_prevue(m, a)
    assert dues(m, a) == [("Visite à domicile", "2026-10-03")]
    horloge.regler(visite.debut + timedelta(hours=2))
    with agir_comme(m["soignant"]):
        parcours.rendre_compte(visite.pk, par=m["soignant"], version=1, issue="faite", compte_rendu="Reçus.")
    assert dues(m, a) == [("Relevé de départ, équipe", "2026-10-17"), ("Diagnostic", "2026-10-31")]
    with agir_comme(m["social"]):
        parcours.coter_depart(a.pk, par=m["social"], cotations=recits.cotations(recits.contenu(m).grille))
    histoires.diagnostic_ecrit(m, a)
    assert dues(m, a) == [("Objectifs", "2026-11-15")]
    histoires.objectif(m, a)
    assert dues(m, a) == [("Proposition du contrat", "2026-11-15")]
    with agir_comme(m["social"]):
        parcours.proposer(a.pk, par=m["social"])
    assert dues(m, a) == [("Signature du contrat", "2026-10-18")]
    with agir_comme(m["social"]):
        parcours.signer(a.pk, par=m["social"], signature=histoires.SIGNATURE)
    assert dues(m, a) == [
        ("Prochaine visite", "2026-11-02"), ("Revue des objectifs", "2027-01-03"), ("Fin du contrat", "2027-04-03"),
    ]  # fmt: skip
    with agir_comme(m["social"]):
        parcours.suspendre(a.pk, par=m["social"], motif="absence")
    assert dues(m, a) == [("Fin de la suspension", "2026-11-02")]
    horloge.regler(datetime(2027, 3, 25, 9, tzinfo=midi.tzinfo))
    assert dues(m, a)[-1] == ("Logement à six mois", "2027-04-01")
    with agir_comme(m["social"]):
        parcours.terminer(a.pk, par=m["social"], motif="autre", relais="Aucun.", situation_logement="maintenu")
    assert dues(m, a) == [("Logement à six mois", "2027-04-01")]
    horloge.regler(datetime(2027, 4, 1, 9, tzinfo=midi.tzinfo))
    with agir_comme(m["social"]):
        parcours.noter_logement(a.pk, par=m["social"], situation="maintenu", le=horloge.aujourdhui())
    assert dues(m, a) == []


def test_chaque_orientation_attend_quelqu_un(db: None, midi: datetime) -> None:
    m = monde()
    a = histoires.evalue(m)  # 3 October
    nom = m.partenaire.nom
    histoires.accord(m, a)
    o = histoires.orientation_proposee(m, a)
    assert (f"Envoi au {nom}", "2026-10-10") in dues(m, a)
    with agir_comme(m["soignant"]):
        parcours.envoyer_orientation(o.pk, par=m["soignant"])
    assert (f"Réponse du {nom}", "2026-10-17") in dues(m, a)
    with agir_comme(m["correspondant"]):
        parcours.repondre(o.pk, par=m["correspondant"], issue="mettre_en_attente", revoir_le=horloge.aujourdhui())
    assert (f"Liste d’attente, {nom}", "2026-10-03") in dues(m, a)
    with agir_comme(m["correspondant"]):
        parcours.repondre(o.pk, par=m["correspondant"], issue="refuser", motif="sans_place")
    assert (f"Refus du {nom}", "2026-10-10") in dues(m, a)
    with agir_comme(m["social"]):
        parcours.traiter_refus(o.pk, par=m["social"])
    assert not any(nom in titre for titre, _ in dues(m, a))


def test_les_taches_sont_des_phrases_sans_ce_qui_est_loin(db: None, midi: datetime) -> None:
    m = monde()
    histoires.ouvert(m)
    (tache,) = lire(m["social"])
    assert tache.titre == "Planifier la première visite de Mme\N{NO-BREAK SPACE}Ondine Maquette"
    assert (tache.action, tache.compte_id) == ("Planifier", m["soignant"].pk)
    assert tache.detail.startswith("26-0001 · Les Tilleuls")
    histoires.en_cours(m, nom="Lointaine")
    assert not any("Lointaine" in t.titre for t in lire(m["social"]))
    for role in ("gardien", "referent", "correspondant", "coordination_clsm", "dpo"):
        assert lire(m[role]) == []


def test_le_retrait_d_accord_n_est_pas_dit_deux_fois(db: None, midi: datetime) -> None:
    m = monde()
    a = histoires.en_cours(m)
    with agir_comme(m["referent"]):
        signalements.opposer(a.fiche_id, par=m["referent"])
    assert ("Retrait d’accord", "2026-10-06") in dues(m, a)
    assert not any("retrait" in t.titre.lower() for t in lire(m["coordination"]))


def test_visites_du_jour_et_charge(db: None, midi: datetime) -> None:
    m, sud = monde("Nord"), monde("Sud")
    a = histoires.ouvert(m, seul=True)
    histoires.visite_prevue(m, a, dans=timedelta(hours=4))
    with agir_comme(m["social"]):
        suivi = taches.suivi_de(m["social"])
    (visite,) = suivi.visites
    assert (visite.heure, visite.titre, visite.ne_pas_y_aller_seul) == (
        "16 h".replace(" ", "\N{NO-BREAK SPACE}"),
        "Mme\N{NO-BREAK SPACE}Ondine Maquette",
        True,
    )
    assert visite.participants == (m["soignant"].pk, m["social"].pk)
    assert suivi.charge == {m["soignant"].pk: 1, m["social"].pk: 1}
    for ailleurs in (sud["social"], m["referent"], m["correspondant"]):
        with agir_comme(ailleurs):
            assert taches.suivi_de(ailleurs) == taches.Suivi()


def test_sans_visite_aujourd_hui_celles_du_prochain_jour_de_la_semaine(db: None, midi: datetime) -> None:
    m = monde()
    a = histoires.ouvert(m)
    for jours in (9, 3, 4):
        histoires.visite_prevue(m, a, dans=timedelta(days=jours))
    with agir_comme(m["social"]):
        (visite,) = taches.suivi_de(m["social"]).visites
    assert visite.jour == horloge.aujourdhui() + timedelta(days=3)


def test_une_visite_du_jour_reste_le_soir_de_la_cloture(db: None, midi: datetime) -> None:
    m = monde()
    a = histoires.ouvert(m)
    histoires.visite_rendue(m, a)
    with agir_comme(m["coordination"]):
        parcours.cloturer_sans_suite(a.pk, par=m["coordination"], motif="refus")
        suivi = taches.suivi_de(m["coordination"])
        assert [v.titre for v in suivi.visites] == ["Mme\N{NO-BREAK SPACE}Ondine Maquette"]
        assert (suivi.taches, suivi.charge) == ([], {})
    horloge.avancer(days=1)
    with agir_comme(m["coordination"]):
        assert taches.suivi_de(m["coordination"]) == taches.Suivi()


def beaucoup(m: Monde) -> None:
    """Situations in every state, orientations in every answer, at several dates."""
    histoires.ouvert(m, nom="A")
    histoires.visite_prevue(m, histoires.ouvert(m, nom="B"))
    histoires.visite_rendue(m, histoires.ouvert(m, nom="C"))
    histoires.orientation_envoyee(m, histoires.evalue(m, nom="D"))
    histoires.propose(m, nom="E")
    for issue in ("accepter", "mettre_en_attente", "refuser"):
        histoires.orientation_repondue(m, issue, histoires.en_cours(m, nom=issue))
    histoires.orientation_proposee(m, histoires.suspendu(m, nom="F"))
    histoires.termine(m, nom="G")
    histoires.sans_suite(m, nom="H")


def test_le_compte_du_rail_dit_ce_que_dit_a_faire(db: None, midi: datetime) -> None:
    m = monde()
    beaucoup(m)
    depart = horloge.maintenant()
    vus = set()
    for jours in (0, 3, 6, 7, 8, 13, 14, 15, 20, 31, 40, 46, 59, 61, 75, 95, 150, 184, 186, 200, 260):
        horloge.regler(depart + timedelta(days=jours))
        en_retard = [t.titre for t in lire(m["coordination"]) if t.delai.en_retard]
        assert comptes(m["coordination"]) == len(en_retard), (jours, en_retard)
        assert comptes(m["referent"]) == comptes(m["correspondant"]) == 0
        vus.add(len(en_retard))
    assert len(vus) > 5  # lateness came little by little


def test_une_decision_en_retard_compte_et_une_ligne_reservee_compte_une_fois(db: None, midi: datetime) -> None:
    m = monde()
    a, autre = histoires.en_cours(m, nom="Décidée"), histoires.en_cours(m, nom="Portée")
    c = concertations.tenue(m, a)
    with agir_comme(m["social"]):
        parcours.decider_en_concertation(
            concertations.point_de(m, c).pk, par=m["social"], texte="Revoir.", avant_le=horloge.aujourdhui()
        )
    with agir_comme(m["coordination"]):
        for situation in (a, autre):
            parcours.changer_intervenants(situation.pk, par=m["coordination"], intervenants=[m["soignant"]])
    with agir_comme(m["social"]):
        jour = horloge.aujourdhui()
        parcours.noter_etape(autre.pk, par=m["social"], version=0, texte="Rappeler sa sœur", le=jour)
    depart = horloge.maintenant()
    en_retard: list[str] = []
    for reserve in (False, True):
        if reserve:
            reserver(m)
        for jours in (0, 1, 40, 95, 150):
            horloge.regler(depart + timedelta(days=jours))
            for role in ("coordination", "soignant", "social"):
                en_retard = [t.titre for t in lire(m[role]) if t.delai.en_retard]
                assert rail(m[role]) == len(en_retard), (reserve, jours, role, en_retard)
    assert len(en_retard) == 2  # at the end, for the colleague: the next step of each line, and nothing more
    assert not any("décision" in titre for titre in en_retard)


def reserver(m: Monde) -> None:
    with agir_comme(m["coordination"]):
        ReglagesEquipe.objects.update_or_create(equipe=m.equipe, defaults={"intervenants_seulement": True})


def rail(compte: Compte) -> int:
    """The red count of the rail that comes from the situations."""
    with agir_comme(compte):
        comptes = compter_ensemble({"retards": retards.retards(compte), "etapes": retards.etapes(compte)})
        return comptes["retards"] + comptes["etapes"]


def test_les_delais_du_suivi_sont_ceux_de_l_equipe_et_ne_deplacent_rien(db: None, midi: datetime) -> None:
    m, sud = monde("Nord"), monde("Sud")
    a = histoires.en_cours(m)
    o = histoires.orientation_envoyee(m, a)
    with agir_comme(m["coordination"]):
        demain = horloge.aujourdhui() + timedelta(days=1)
        communs: dict[str, Any] = {
            "etude_jours": 5,
            "information_jours": 21,
            "opposition_jours": 7,
            "alsace_moselle": False,
        }
        changer_delais(par=m["coordination"], a_partir_du=demain, reponse_jours=5, revue_mois=1, **communs)
    avant, promis = dues(m, a), o.repondre_avant
    assert ("Revue des objectifs", "2027-01-03") in avant
    horloge.avancer(days=3)
    assert dues(m, a) == avant  # neither the answer nor the review that runs has moved
    assert histoires.orientation_relue(m, o).repondre_avant == promis
    histoires.objectifs_revus(m, a)  # 6 October: the new rule, one month
    assert ("Revue des objectifs", "2026-11-06") in dues(m, a)
    with agir_comme(m["coordination"]):
        siens = Accompagnement.objects.visibles_par(m["coordination"])
        assert [siens.a_revoir(date(2026, 11, jour)) for jour in (5, 6)] == [[], [a]]
    b = histoires.orientation_envoyee(m, histoires.evalue(m, nom="Autre"))
    assert b.envoyee_le is not None
    assert b.repondre_avant == b.envoyee_le.date() + timedelta(days=5)
    autre = histoires.orientation_envoyee(sud)
    assert autre.envoyee_le is not None
    assert autre.repondre_avant == autre.envoyee_le.date() + timedelta(days=14)  # another équipe keeps its own
    for jours in (0, 4, 6, 33, 36, 62):
        horloge.avancer(days=jours)
        en_retard = [t.titre for t in lire(m["coordination"]) if t.delai.en_retard]
        assert rail(m["coordination"]) == len(en_retard), (jours, en_retard)


def test_les_taches_coutent_autant_a_trois_qu_a_dix(db: None, midi: datetime) -> None:
    m = monde()
    couts: list[int] = []
    for nombre in (3, 7):
        for n in range(nombre):
            histoires.ouvert(m, nom=f"Personne{nombre}{n}")
        with agir_comme(m["social"]), instructions() as vues:
            lues = taches.suivi_de(m["social"]).taches
        assert len(lues) >= nombre
        couts.append(len(vues))
        assert len(vues) == 2, enumerees(vues)
    assert couts[0] == couts[1]
