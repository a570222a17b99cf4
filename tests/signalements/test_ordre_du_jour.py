"""The printed agenda: references, communes, states, delays, what to decide; never a name; PDF/UA, by the worker."""

import io
from datetime import datetime, timedelta

import page
import pytest
from pypdf import PdfReader

from partenaires.perimetre import agir_comme
from signalements import documents, exports, parcours
from signalements.documents import LigneDuJour, OrdreDuJourPdf
from signalements.enums import Action
from signalements.models import Export, Reunion
from socle import horloge
from socle.models import Evenement
from tests import recits
from tests.conftest import en_tant_que
from tests.fabriques import monde
from tests.pages import connecte
from tests.signalements.test_reunions import preparee


def _texte(octets: bytes) -> str:
    lu = PdfReader(io.BytesIO(octets))
    return " ".join(" ".join(feuille.extract_text() for feuille in lu.pages).split())


def test_l_ordre_du_jour_s_imprime_sans_nommer_personne(db: None, midi: datetime) -> None:
    m = monde()
    horloge.regler(midi - timedelta(days=11))
    etudier = recits.transmise(m, nom="Canarinom", prenom="Canariprenom", porte="Canariporte", faits="Canarifaits.")
    horloge.regler(midi)
    informer = recits.recevable(m, nom="Canaribis", residence=m.autre_residence)
    reunion = preparee(m, etudier, informer)
    client = connecte(m["social"])
    demande = client.post(f"/reunions/{reunion.pk}/ordre-du-jour/")
    assert client.post(f"/reunions/{reunion.pk}/ordre-du-jour/")["Location"] == demande["Location"]
    with en_tant_que("palier_fabrique"):
        export = Export.objects.get()
    assert demande["Location"] == f"/fiches/exports/{export.pk}/"
    assert exports.produire(export.pk, export.delegation)
    reponse = client.get(f"/fiches/exports/{export.pk}/fichier/")
    assert reponse["Content-Disposition"] == 'attachment; filename="ordre-du-jour-2026-09-22.pdf"'
    octets = bytes(reponse.content)
    dit = _texte(octets)
    assert "Réunion d’équipe du mardi 22 septembre 2026" in dit
    commune = m.territoire.nom
    assert f"1 26-0001 {commune} À étudier 11 jours Recevable ou non" in dit
    assert f"2 26-0002 {commune} Information à enregistrer 0 jour Qui informe la personne, et quand" in dit
    for interdit in ("Canari", m.residence.nom, m.autre_residence.nom, m.bailleur.nom, "Ondine"):
        assert interdit.casefold() not in dit.casefold()
    assert b"Canari" not in octets
    with en_tant_que("palier_fabrique"):
        lue = Evenement.objects.get(action=Action.LISTE_LUE, motif="export")
    assert lue.objets == [str(etudier.pk), str(informer.pk)]


def test_l_ordre_du_jour_est_un_pdf_accessible_et_toujours_le_meme() -> None:
    horloge.regler(None)
    le = datetime.fromisoformat("2026-09-22T10:00:00+00:00")
    document = OrdreDuJourPdf(
        "Équipe Nord", le.date(), le.date(),
        tuple(LigneDuJour(n, f"26-{n:04}", "Paris 13e", "À étudier", "3 jours", "Recevable ou non") for n in range(60)),
    )  # fmt: skip
    octets = documents.octets_ordre_du_jour(document, identifiant="reunion-1", le=le)
    assert octets == documents.octets_ordre_du_jour(document, identifiant="reunion-1", le=le)
    lu = PdfReader(io.BytesIO(octets))
    assert lu.metadata is not None
    assert lu.metadata.title == "Ordre du jour du mardi 22\N{NO-BREAK SPACE}septembre 2026"
    assert len(lu.pages) > 1
    assert page.is_pdf_compliant_bytes(octets, profile="ua1")


def test_un_ordre_du_jour_vide_le_dit(db: None, midi: datetime) -> None:
    document = OrdreDuJourPdf("Équipe Nord", midi.date(), midi.date(), ())
    assert "Aucune situation n’est inscrite." in documents.html_ordre_du_jour(document)


def test_une_autre_equipe_n_obtient_rien(db: None, midi: datetime) -> None:
    m, autre = monde("Nord"), monde("Sud")
    reunion = preparee(m, recits.transmise(m))
    with agir_comme(autre["coordination"]):
        export = parcours.demander_export(
            par=autre["coordination"], genre="ordre_du_jour", format="pdf", objet_id=reunion.pk
        )
    with pytest.raises(Reunion.DoesNotExist):
        exports.produire(export.pk, export.delegation)
    with en_tant_que("palier_fabrique"):
        assert Export.objects.get().octets is None
