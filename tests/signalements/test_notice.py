"""The notice for the household: what it says, that it names nobody, and its file."""

import io
import re
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.urls import reverse
from pypdf import PdfReader

from partenaires.models import Organisation
from partenaires.perimetre import agir_comme
from signalements import documents, parcours
from signalements.conservation import purger_imprimes
from signalements.models import Fiche, Imprime
from socle import horloge
from socle.perimetre import DelegationRefusee
from tests import recits
from tests.conftest import en_tant_que
from tests.fabriques import Monde, monde
from tests.pages import connecte, texte
from tests.partenaires.regards import compter, evenements, promesses

CHAMPS: dict[str, Any] = {"nom": "Canari", "prenom": "Prenomcanari", "faits": "Faitscanari.", "porte": "Portecanari"}
JUGEMENT = re.compile(r"psy|malad|trouble|signal\b|inquiét|canari", re.IGNORECASE)


def _monde() -> tuple[Monde, Fiche]:
    m = monde()
    with en_tant_que("palier_fabrique"):
        Organisation.objects.filter(pk=m.equipe.pk).update(
            telephone="01 23 45 67 89", courriel="equipe@exemple.invalid", adresse="4 place du Marché"
        )
    return m, recits.transmise(m, **CHAMPS)


def _produite(m: Monde, fiche: Fiche, role: str = "referent") -> Imprime:
    with agir_comme(m[role]):
        notice = parcours.demander_notice(_lue(m, fiche, role), par=m[role])
    assert documents.produire_imprime(notice.pk, notice.delegation_id)
    return notice


def _lue(m: Monde, fiche: Fiche, role: str) -> Fiche:
    lue: Fiche = Fiche.objects.visibles_par(m[role]).select_related("equipe", "orienteur").get(pk=fiche.pk)
    return lue


@pytest.mark.parametrize("role", ["referent", "social"])
def test_la_page_dit_quoi_pourquoi_qui_et_comment_refuser_sans_nommer_personne(
    db: None, midi: datetime, role: str
) -> None:
    m, fiche = _monde()
    page = texte(connecte(m[role]).get(reverse("notice", args=[fiche.pk])))
    for attendu in (
        "Pourquoi ce papier ?", "Qu’est-ce qui est écrit ?", "Qui le lit ?", "Comment refuser ?",
        "Combien de temps ?", "Quels sont vos droits ?", m.equipe.nom, m.bailleur.nom, "01 23 45 67 89",
        "equipe@exemple.invalid", "au moins 7 jours", "Cnil",
    ):  # fmt: skip
        assert attendu in page, attendu
    contenu = page[page.index("Une équipe aimerait vous rencontrer") :]
    assert not JUGEMENT.search(contenu.replace(m.bailleur.nom, "").replace(m.equipe.nom, "")), contenu


def test_le_pdf_se_demande_se_fait_une_fois_et_se_telecharge(db: None, midi: datetime) -> None:
    m, fiche = _monde()
    client, adresse = connecte(m["referent"]), reverse("notice", args=[fiche.pk])
    assert client.get(reverse("notice_pdf", args=[fiche.pk])).status_code == 404
    for _ in range(2):
        assert client.post(adresse).status_code == 302
    assert compter(Imprime) == {"Imprime": 1}
    assert promesses().count("signalements.imprime_a_produire") == 1
    assert evenements(m.equipe.pk).count("signalements.notice_demandee") == 1
    assert "Voir si le PDF est prêt" in texte(client.get(adresse))
    with en_tant_que("palier_fabrique"):
        (notice,) = Imprime.objects.all()
    assert documents.produire_imprime(notice.pk, notice.delegation_id)
    assert not documents.produire_imprime(notice.pk, notice.delegation_id)
    assert "Télécharger le PDF" in texte(client.get(adresse))
    octets = set()
    for role in ("referent", "social"):  # the same for both sides: it depends on no person
        reponse = connecte(m[role]).get(reverse("notice_pdf", args=[fiche.pk]))
        assert reponse.status_code == 200
        assert reponse["Content-Type"] == "application/pdf"
        assert reponse["Content-Disposition"].startswith("attachment")
        octets.add(reponse.content)
    (document,) = octets
    lu = PdfReader(io.BytesIO(document))
    mots = re.sub(r"\s+", " ", " ".join(p.extract_text() for p in lu.pages))
    assert "Comment refuser" in mots
    assert m.equipe.nom in mots
    assert "canari" not in mots.lower()
    assert lu.metadata is not None
    assert lu.metadata.title == "Notice pour les habitants"
    racine: Any = lu.trailer["/Root"]
    assert racine["/MarkInfo"]["/Marked"]
    assert racine["/Lang"] == "fr"
    assert len(lu.pages) == 1


def test_un_contact_change_fait_une_autre_notice(db: None, midi: datetime) -> None:
    m, fiche = _monde()
    _produite(m, fiche)
    with en_tant_que("palier_fabrique"):
        Organisation.objects.filter(pk=m.equipe.pk).update(telephone="09 87 65 43 21")
    client = connecte(m["referent"])
    assert client.get(reverse("notice_pdf", args=[fiche.pk])).status_code == 404
    assert "Préparer le PDF" in texte(client.get(reverse("notice", args=[fiche.pk])))


def test_la_notice_n_est_ni_a_un_gardien_ni_a_un_autre_bailleur_ni_apres_la_fin(db: None, midi: datetime) -> None:
    m, fiche = _monde()
    sud = monde("Sud")
    notice = _produite(m, fiche)
    for qui in (m["gardien"], sud["referent"], sud["social"]):
        with agir_comme(qui):
            assert Imprime.objects.count() == 0
    with agir_comme(m["social"]):
        parcours.declarer_non_recevable(fiche.pk, par=m["social"], motif="doublon")
    assert connecte(m["referent"]).get(reverse("notice", args=[fiche.pk])).status_code == 404
    with pytest.raises(DelegationRefusee):
        documents.produire_imprime(notice.pk, notice.pk)


def test_la_notice_s_efface_apres_quatre_vingt_dix_jours(db: None, midi: datetime) -> None:
    m, fiche = _monde()
    _produite(m, fiche)
    horloge.regler(midi + timedelta(days=91))
    with en_tant_que("palier_systeme"):
        assert purger_imprimes(a_blanc=True) == 1
        assert purger_imprimes(a_blanc=False) == 1
    assert compter(Imprime) == {"Imprime": 0}
