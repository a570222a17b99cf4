"""Documents: made once from frozen data, as the person who asked, valid PDF/UA-1, whoever dies meanwhile."""

import hashlib
import io
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import page
import pytest
from django.db import DatabaseError, transaction
from PIL import Image
from pypdf import PdfReader

from accompagnements import documents, parcours, tasks
from accompagnements.enums import Etat
from accompagnements.models import Contrat, Document, Orientation
from partenaires.models import Rattachement
from partenaires.perimetre import agir_comme
from socle import envois, horloge
from socle.models import Envoi, Evenement
from socle.pdf import rendre
from socle.perimetre import DelegationRefusee
from socle.transitions import TransitionInterdite
from tests import recits_accompagnements as histoires
from tests.conftest import en_tant_que
from tests.fabriques import Monde, monde


def texte(octets: bytes) -> str:
    lu = " ".join(" ".join(p.extract_text() for p in PdfReader(io.BytesIO(octets)).pages).split())
    return lu.replace("\N{NO-BREAK SPACE}", " ")


def un_document(m: Monde, genre: str) -> Document:
    with agir_comme(m["coordination"]):
        return Document.objects.get(genre=genre)


def produire(m: Monde, genre: str) -> Document:
    """The worker makes the document; it is read again."""
    document = un_document(m, genre)
    assert document.delegation_id is not None
    assert documents.produire(document.pk, document.delegation_id)
    return un_document(m, genre)


def octets(document: Document) -> bytes:
    """The bytes of a document that is ready."""
    assert document.octets is not None
    return document.octets


def conforme(pdf: bytes) -> None:
    rapport = page.validate_pdf_bytes(pdf, profile="ua1")
    assert [(echec.rule_id, echec.message) for echec in rapport.failures] == []
    assert rapport.is_compliant


def test_le_contrat_signe_a_l_ecran_devient_un_pdf_valide(db: None, midi: datetime) -> None:
    m = monde()
    histoires.en_cours(m)
    document = produire(m, "contrat")
    conforme(octets(document))
    assert document.sha256 == hashlib.sha256(octets(document)).hexdigest()
    assert (document.etat, document.taille, document.type_mime) == ("pret", len(octets(document)), "application/pdf")
    lu = texte(octets(document))
    with agir_comme(m["coordination"]):
        contrat = Contrat.objects.get()
    for attendu in ("Mme Ondine Maquette", "Laisser entrer le plombier", "26-0001", m.equipe.nom, contrat.sha256):
        assert attendu in lu
    assert m.bailleur.nom not in lu


def test_la_fin_et_la_lettre_deviennent_des_pdf_valides(db: None, midi: datetime) -> None:
    m = monde()
    a = histoires.en_cours(m, telephone="06 00 00 00 00")
    histoires.orientation_envoyee(m, a)
    with agir_comme(m["social"]):
        parcours.terminer(
            a.pk, par=m["social"], motif="specialise", relais="Le CMP\nsuit la personne.", situation_logement="mute"
        )
    fin, lettre = produire(m, "fin"), produire(m, "lettre")
    conforme(octets(fin))
    conforme(octets(lettre))
    for attendu in ("Relais spécialisé", "Le CMP", "Mutation accompagnée", "Laisser entrer le plombier Ouvert"):
        assert attendu in texte(octets(fin))
    for attendu in (
        "Mme Ondine Maquette",
        "06 00 00 00 00",
        "Accord recueilli le samedi 3 octobre 2026",
        m.partenaire.nom,
    ):
        assert attendu in texte(octets(lettre))
    assert "plombier" not in texte(octets(lettre))


def test_le_texte_d_une_personne_n_est_jamais_du_html(db: None, midi: datetime) -> None:
    m = monde()
    a = histoires.evalue(m, nom="<b>Maquette</b>")
    histoires.accord(m, a)
    o = histoires.orientation_proposee(m, a, demande="<img src=x> & </p>")
    with agir_comme(m["soignant"]):
        parcours.envoyer_orientation(o.pk, par=m["soignant"])
    lettre = produire(m, "lettre")
    assert "<img src=x> & </p>" in texte(octets(lettre))
    assert "<b>Maquette</b>" in texte(octets(lettre))


def test_les_memes_donnees_donnent_les_memes_octets(db: None, midi: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "0")  # fontTools dates the subset of the typeface otherwise
    m = monde()
    histoires.en_cours(m)
    document = produire(m, "contrat")
    refait = documents.octets_de(
        "contrat", document.donnees, identifiant=f"contrat-{document.pk}", le=document.demande_le
    )
    assert refait == octets(document)


def test_deux_ouvriers_ne_font_qu_un_document(db: None, midi: datetime) -> None:
    m = monde()
    histoires.en_cours(m)
    premier = produire(m, "contrat")
    assert premier.delegation_id is not None
    assert not documents.produire(premier.pk, premier.delegation_id)
    with agir_comme(m["soignant"]):
        assert not parcours.enregistrer_octets(premier.pk, b"%PDF-autre")
        assert Document.objects.filter(pk=premier.pk).update(sha256="0" * 64) == 0
    assert un_document(m, "contrat").sha256 == premier.sha256
    with agir_comme(m["coordination"]):
        faits = Evenement.objects.filter(action="accompagnements.document_produit")
        assert faits.count() == 1


def test_un_ouvrier_tue_en_plein_travail_ne_laisse_rien_et_le_document_se_fait_quand_meme(
    db: None, midi: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    m = monde()
    histoires.en_cours(m)
    document = un_document(m, "contrat")

    def mourir(*args: Any, **kwargs: Any) -> bytes:
        rendre(*args, **kwargs)
        raise SystemExit("tué")

    monkeypatch.setattr(documents, "rendre", mourir)
    for _ in range(3):
        with pytest.raises(SystemExit):
            tasks.pdf_produire_document(str(document.pk), str(document.delegation_id))
    assert un_document(m, "contrat").etat == "a_produire"
    monkeypatch.setattr(documents, "rendre", rendre)
    assert tasks.pdf_produire_document(str(document.pk), str(document.delegation_id))
    assert un_document(m, "contrat").etat == "pret"


def test_le_balayage_retrouve_ce_qu_un_message_perdu_devait_faire(
    db: None, midi: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    m = monde()
    histoires.en_cours(m)
    document = un_document(m, "contrat")
    demandes: list[tuple[str, str]] = []
    monkeypatch.setattr(tasks.pdf_produire_document, "apply_async", lambda args, **kw: demandes.append(args))
    with en_tant_que("palier_systeme"):
        assert tasks.systeme_reprendre_documents() == 0
        horloge.avancer(minutes=3)
        assert tasks.systeme_reprendre_documents() == 1
    assert demandes == [(str(document.pk), str(document.delegation_id))]
    produire(m, "contrat")
    with en_tant_que("palier_systeme"):
        assert tasks.systeme_reprendre_documents() == 0


def test_redis_coupe_ne_fait_pas_echouer_l_envoi(db: None, midi: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    m = monde()
    histoires.en_cours(m)

    def couper(*args: Any, **kwargs: Any) -> None:
        raise tasks.pdf_produire_document.OperationalError

    monkeypatch.setattr(tasks.pdf_produire_document, "apply_async", couper)
    with en_tant_que("palier_systeme"):
        tasks.demander_document(Envoi.objects.get(genre="accompagnements.document_a_produire"))
        horloge.avancer(minutes=3)
        assert tasks.systeme_reprendre_documents() == 0


def test_sans_droit_le_document_ne_se_fait_pas_et_se_redemande(db: None, midi: datetime) -> None:
    m = monde()
    histoires.en_cours(m)
    document = un_document(m, "contrat")
    assert document.delegation_id is not None
    horloge.avancer(days=8)
    with pytest.raises(DelegationRefusee):
        documents.produire(document.pk, document.delegation_id)
    assert not tasks.pdf_produire_document(str(document.pk), str(document.delegation_id))
    with agir_comme(m["social"]):
        parcours.relancer_document(document.pk, par=m["social"])
    with en_tant_que("palier_fabrique"):
        Rattachement.objects.filter(compte=m["social"]).update(au=horloge.aujourdhui())
    repris = un_document(m, "contrat")
    assert not tasks.pdf_produire_document(str(repris.pk), str(repris.delegation_id))
    assert un_document(m, "contrat").etat == "a_produire"
    with agir_comme(m["coordination"]):
        parcours.relancer_document(document.pk, par=m["coordination"])
    assert produire(m, "contrat").etat == "pret"


def test_un_document_pret_ne_se_redemande_pas(db: None, midi: datetime) -> None:
    m = monde()
    histoires.en_cours(m)
    document = produire(m, "contrat")
    with agir_comme(m["social"]), pytest.raises(TransitionInterdite), transaction.atomic():
        parcours.relancer_document(document.pk, par=m["social"])


def test_le_web_n_importe_jamais_ce_qui_fait_et_scelle_les_pdf() -> None:
    code = (
        "import django, sys; django.setup(); import config.wsgi, config.urls, accompagnements.documents; "
        "import accompagnements.tasks, socle.cachets; sys.exit(bool({'weasyprint', 'pyhanko'} & set(sys.modules)))"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


# Signed on paper -------------------------------------------------------------------------------------------


def image(format_image: str = "JPEG", *, exif: bool = False, taille: tuple[int, int] = (80, 60)) -> bytes:
    sortie = io.BytesIO()
    dessin = Image.new("RGB", taille, (200, 180, 160))
    options: dict[str, Any] = {}
    if exif:
        donnees = Image.Exif()
        donnees[0x010E] = "sentinelle du lieu"
        donnees.get_ifd(0x8825)[1] = "N"
        options["exif"] = donnees
    dessin.save(sortie, format_image, **options)
    return sortie.getvalue()


PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"


def sur_papier(scan: bytes) -> parcours.Signature:
    return replace(histoires.SIGNATURE, mode="papier", scan=scan, trace_personne="", trace_equipe="")


@pytest.mark.parametrize(
    ("scan", "type_mime"),
    [(image("JPEG", exif=True), "image/jpeg"), (image("PNG"), "image/png"), (PDF, "application/pdf")],
)
def test_le_papier_signe_est_garde_sans_exif_et_le_contrat_est_signe(
    db: None, midi: datetime, scan: bytes, type_mime: str
) -> None:
    m = monde()
    a = histoires.en_cours(m, signature=sur_papier(scan))
    assert a.etat == Etat.EN_COURS
    document = un_document(m, "scan")
    assert (document.etat, document.type_mime) == ("pret", type_mime)
    assert document.sha256 == hashlib.sha256(octets(document)).hexdigest()
    assert b"sentinelle" not in octets(document)
    if type_mime != "application/pdf":
        relue = Image.open(io.BytesIO(octets(document)))
        assert (relue.size, dict(relue.getexif())) == ((80, 60), {})
    assert "Signé sur papier" in texte(octets(produire(m, "contrat")))


def _tronque() -> bytes:
    return image("JPEG", taille=(400, 400))[:300]


@pytest.mark.parametrize(
    "scan",
    [
        lambda: b"GIF89a" + b"\0" * 50,
        lambda: b"<svg xmlns='http://www.w3.org/2000/svg'><script>1</script></svg>",
        lambda: b"MZ" + b"\0" * 200,
        lambda: b"PK\x03\x04" + b"\0" * 200,
        lambda: b"bonjour",
        _tronque,
        lambda: PDF + b"\0" * (5 * 1024 * 1024),
    ],
)
def test_un_fichier_d_un_autre_type_ou_trop_lourd_est_refuse_et_rien_n_est_ecrit(
    db: None, midi: datetime, scan: Callable[[], bytes]
) -> None:
    m = monde()
    a = histoires.propose(m)
    with agir_comme(m["soignant"]), pytest.raises(parcours.SaisieRefusee) as refus, transaction.atomic():
        parcours.signer(a.pk, par=m["soignant"], signature=sur_papier(scan()))
    assert refus.value.champ == "scan"
    assert histoires.relu(m, a).etat == Etat.PROPOSE
    with agir_comme(m["coordination"]):
        assert Contrat.objects.count() == Document.objects.count() == 0


# Erasure ---------------------------------------------------------------------------------------------------


def test_sept_jours_apres_l_opposition_le_contenu_est_efface(db: None, midi: datetime) -> None:
    from signalements import parcours as signalements

    m = monde()
    a = histoires.propose(m)
    histoires.orientation_envoyee(m, a)
    with agir_comme(m["soignant"]):
        parcours.ecrire_note(a.pk, par=m["soignant"], niveau="clinique", texte="Non.")
    with agir_comme(m["referent"]):
        signalements.opposer(a.fiche_id, par=m["referent"])
    horloge.avancer(days=7)
    with en_tant_que("palier_systeme"):
        assert tasks.purger_oppositions(a_blanc=False) == 0
        horloge.avancer(minutes=1)
        assert tasks.purger_oppositions(a_blanc=True) == 1
        assert tasks.purger_oppositions(a_blanc=False) == 1
        assert tasks.purger_oppositions(a_blanc=False) == 0
        assert Orientation.objects.count() == Document.objects.count() == Contrat.objects.count() == 0
    with en_tant_que("palier_fabrique"):
        from accompagnements.models import Accompagnement, NoteClinique

        assert NoteClinique.objects.count() == 0
        assert Accompagnement.objects.get().motif_fin == "opposition"


def test_les_envois_se_font_sans_nom_ni_mot_de_sante(
    db: None, midi: datetime, mailoutbox: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tasks, "_demander", lambda document: True)
    m = monde()
    o = histoires.orientation_repondue(m, "accepter")
    with agir_comme(m["soignant"]):
        parcours.retirer(o.pk, par=m["soignant"], motif="sans_objet")
    connus = [g for g in envois._TRAITEURS if g.startswith("accompagnements.")]
    with en_tant_que("palier_systeme"):
        for envoi in Envoi.objects.filter(genre__in=connus).order_by("cree_le"):
            envois._TRAITEURS[envoi.genre](envoi)
    # The orientation was withdrawn before the first notice left: the partner only reads that it was.
    assert [(message.to, message.subject) for message in mailoutbox] == [
        ([m["soignant"].email], "Palier\N{NO-BREAK SPACE}: un partenaire a répondu"),
        ([m["correspondant"].email], "Palier\N{NO-BREAK SPACE}: une orientation a été retirée"),
    ]
    for message in mailoutbox:
        assert "26-0001" in message.body
        for secret in ("Maquette", "Ondine", m.partenaire.nom, "CMP", "rendez-vous"):
            assert secret not in message.body + message.subject


def test_un_document_ne_change_pas_en_sql_une_fois_pret(db: None, midi: datetime) -> None:
    m = monde()
    histoires.en_cours(m)
    document = produire(m, "contrat")
    with agir_comme(m["coordination"]), pytest.raises(DatabaseError), transaction.atomic():
        Document.objects.filter(pk=document.pk).delete()
    assert timedelta(0) <= horloge.maintenant() - document.demande_le
