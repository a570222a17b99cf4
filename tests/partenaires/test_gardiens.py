"""Gardiens of a bailleur: a référent shows one a code and sees who guards what; dates open and close a résidence."""

import re
from datetime import date, datetime, timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import DatabaseError, transaction
from django.urls import reverse

from partenaires.models import Invitation, Rattachement, Residence, ResidenceGardien
from partenaires.parcours import invitations
from partenaires.parcours import rattachements as parcours
from partenaires.perimetre import agir_comme
from socle import horloge
from tests.comptage import instructions
from tests.conftest import en_tant_que
from tests.fabriques import Monde, compte, monde
from tests.pages import connecte, texte
from tests.partenaires.regards import compter, evenements, relire
from tests.partenaires.test_codes import creer_son_compte, ouvrir, par_code

pytestmark = pytest.mark.django_db


def _gardien(m: Monde) -> Rattachement:
    with en_tant_que("palier_fabrique"):
        return Rattachement.objects.get(compte=m["gardien"])


def _siennes(m: Monde) -> set[int]:
    """What the gardien may report on today, for Python and for the database."""
    with agir_comme(m["gardien"]):
        vues = set(Residence.objects.visibles_par(m["gardien"]).values_list("pk", flat=True))
        en_base = set(Residence.objects.values_list("pk", flat=True)) & {m.residence.pk, m.autre_residence.pk}
    assert vues == en_base & vues
    return vues


def _code_du_referent(m: Monde) -> Invitation:
    with agir_comme(m["referent"]):
        return invitations.inviter_par_code(m.bailleur, "", [m.residence.pk], par=m["referent"])


def test_le_referent_montre_un_code_a_un_gardien_de_son_bailleur(midi: datetime) -> None:
    m = monde()
    client = connecte(m["referent"])
    page = client.get(reverse("membre_inviter_code"))
    cle = str(page.context["formulaire"]["cle"].value())
    reponse = client.post(reverse("membre_inviter_code"), {"cle": cle, "residences": [m.residence.pk]})
    trouve = re.search(r"invitations/([0-9a-f-]{36})/code", reponse["Location"])
    assert trouve is not None
    carte = client.get(reponse["Location"])
    assert 'class="pa-code"' in carte.content.decode()
    assert "Revenir aux gardiens" in texte(carte)
    with en_tant_que("palier_fabrique"):
        invitation = Invitation.objects.get(pk=trouve[1])
    assert (invitation.role, invitation.courriel, invitation.par_id) == ("gardien", "", m["referent"].pk)
    assert creer_son_compte(ouvrir(invitation)) == 302
    with en_tant_que("palier_fabrique"):
        lien = ResidenceGardien.objects.get(rattachement__compte__email="nouveau.gardien@exemple.invalid")
    assert (lien.residence_id, lien.du, lien.au) == (m.residence.pk, midi.date(), None)
    assert "partenaires.invitation_montree" in evenements(m.bailleur.pk)


def test_le_referent_ne_donne_que_le_role_de_gardien_et_chez_lui(midi: datetime) -> None:
    m, sud = monde(), monde("Sud")
    with agir_comme(m["referent"]):
        with pytest.raises(PermissionDenied):
            invitations.inviter(m.bailleur, "gardien", "quelqu.un@exemple.invalid", par=m["referent"])
        with pytest.raises(PermissionDenied):
            invitations.inviter_par_code(sud.bailleur, par=m["referent"])
        with pytest.raises(ValidationError):
            invitations.inviter_par_code(m.bailleur, "", [sud.residence.pk], par=m["referent"])
        for role, courriel, organisation in (
            ("referent", "", m.bailleur), ("responsable", "", m.bailleur), ("gardien", "a@exemple.invalid", m.bailleur),
            ("gardien", "", sud.bailleur),
        ):  # fmt: skip
            with pytest.raises(DatabaseError), transaction.atomic():
                Invitation.objects.create(
                    organisation=organisation, role=role, courriel=courriel, jeton=b"x" * 32, par=m["referent"],
                    expire_le=midi + timedelta(minutes=30),
                )  # fmt: skip
    assert compter(Invitation) == {"Invitation": 0}


def test_le_referent_ne_voit_et_n_annule_que_ses_codes(midi: datetime) -> None:
    m = monde()
    du_responsable, sien = par_code(m), _code_du_referent(m)
    client = connecte(m["referent"])
    for route in ("invitation_carte", "invitation_annuler"):
        assert client.get(reverse(route, args=[du_responsable.pk])).status_code == 404
    assert client.post(reverse("invitation_refaire", args=[du_responsable.pk])).status_code == 404
    assert client.get(reverse("invitations")).status_code == 403
    with agir_comme(m["referent"]):
        assert set(Invitation.objects.values_list("pk", flat=True)) == {sien.pk}
    assert client.post(reverse("invitation_annuler", args=[sien.pk]))["Location"] == reverse("gardiens")
    assert (relire(sien).situation, relire(du_responsable).situation) == ("annulee", "attente")


def test_la_liste_des_gardiens_se_cherche_par_nom_residence_et_secteur(midi: datetime) -> None:
    m, sud = monde(), monde("Sud")
    with en_tant_que("palier_fabrique"):
        Residence.objects.filter(pk=m.residence.pk).update(secteur="Agence Est")
        compte("gardien", m.bailleur, nom="Sansresidence")
    client, ici = connecte(m["referent"]), reverse("gardiens")
    page = texte(client.get(ici))
    assert m["gardien"].nom_complet in page
    assert "Aucune : il ne peut rien signaler." in page
    assert sud["gardien"].nom_complet not in page
    for mot in (m["gardien"].nom, "tilleuls", "agence est", m.territoire.nom):
        trouvee = texte(client.get(ici, {"q": mot}))
        assert m["gardien"].nom_complet in trouvee, mot
        assert "Sansresidence" not in trouvee, mot
    assert "Aucun gardien ne correspond" in texte(client.get(ici, {"q": "introuvable"}))
    assert "Ses résidences" not in page
    assert "Ses résidences" in texte(connecte(m["responsable"]).get(ici))


def test_la_liste_des_gardiens_coute_autant_pour_trois_ou_trente(midi: datetime) -> None:
    m = monde()
    client, ici = connecte(m["referent"]), reverse("gardiens")
    couts = []
    for combien in (2, 27):
        with en_tant_que("palier_fabrique"):
            for _ in range(combien):
                autre = compte("gardien", m.bailleur)
                ResidenceGardien.objects.create(
                    rattachement=Rattachement.objects.get(compte=autre), residence=m.residence, bailleur=m.bailleur
                )
        with instructions() as executees:
            assert client.get(ici).status_code == 200
        couts.append(len(executees))
    assert couts[0] == couts[1] <= 12, couts


def test_une_residence_s_ouvre_le_premier_jour_et_se_ferme_apres_le_dernier(midi: datetime) -> None:
    m = monde()
    r = _gardien(m)
    premier, fin = midi.date() + timedelta(days=3), midi.date() + timedelta(days=10)
    with agir_comme(m["responsable"]):
        parcours.rattacher_residence(r.pk, m.autre_residence.pk, du=premier, au=fin, par=m["responsable"])
    for jours, attendues in (
        (0, {m.residence.pk}), (3, {m.residence.pk, m.autre_residence.pk}),
        (9, {m.residence.pk, m.autre_residence.pk}), (10, {m.residence.pk}),
    ):  # fmt: skip
        horloge.regler(midi + timedelta(days=jours))
        assert _siennes(m) == attendues, jours


def test_le_responsable_cherche_ajoute_et_retire_depuis_la_page(midi: datetime) -> None:
    m = monde()
    r = _gardien(m)
    client, ici = connecte(m["responsable"]), reverse("membre_residences", args=[r.pk])
    assert m.autre_residence.nom in texte(client.get(ici, {"q": "grand pre"}))
    assert "Aucune autre résidence ouverte" in texte(client.get(ici, {"q": "introuvable"}))
    envoi = {"residence": m.autre_residence.pk, "du": "2026-09-22", "au": "2026-09-30"}
    assert client.post(ici, envoi)["Location"] == ici
    assert "du 22 septembre au 30 septembre" in texte(client.get(ici))
    assert _siennes(m) == {m.residence.pk, m.autre_residence.pk}
    assert client.post(ici, {"retirer": m.residence.pk})["Location"] == ici
    assert _siennes(m) == {m.autre_residence.pk}
    assert "Avant" in texte(client.get(ici))
    client.post(ici, {"residence": m.residence.pk, "du": "2026-09-22", "au": ""})  # it begins again
    assert _siennes(m) == {m.residence.pk, m.autre_residence.pk}
    assert compter(ResidenceGardien) == {"ResidenceGardien": 2}
    assert evenements(m.bailleur.pk).count("partenaires.residences_affectees") == 3


@pytest.mark.parametrize(
    ("du", "au", "mot"),
    [("2026-09-25", "2026-09-24", "vient après le premier"), ("2026-09-01", "2026-09-20", "n’est pas passé")],
)
def test_des_dates_en_desordre_ou_passees_sont_refusees(midi: datetime, du: str, au: str, mot: str) -> None:
    m = monde()
    r = _gardien(m)
    ici = reverse("membre_residences", args=[r.pk])
    assert mot in texte(connecte(m["responsable"]).post(ici, {"residence": m.autre_residence.pk, "du": du, "au": au}))
    assert compter(ResidenceGardien) == {"ResidenceGardien": 1}


def test_ni_le_referent_ni_un_autre_bailleur_ne_change_les_residences(midi: datetime) -> None:
    m, sud = monde(), monde("Sud")
    r = _gardien(m)
    ici = reverse("membre_residences", args=[r.pk])
    assert connecte(m["referent"]).get(ici).status_code == 403
    assert connecte(sud["responsable"]).post(ici, {"retirer": m.residence.pk}).status_code == 404
    assert connecte(m["responsable"]).post(ici, {"retirer": sud.residence.pk}).status_code == 404
    with agir_comme(m["referent"]), pytest.raises(PermissionDenied):
        parcours.rattacher_residence(r.pk, m.autre_residence.pk, du=midi.date(), par=m["referent"])
    with agir_comme(m["referent"]):
        assert ResidenceGardien.objects.filter(rattachement=r).update(au=date(2026, 9, 22)) == 0
    assert _siennes(m) == {m.residence.pk}
