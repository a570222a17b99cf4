"""The copy of a file for the person: what it holds, what stays out and says so, for whom, and for how long."""

import hashlib
import io
import json
import re
import zipfile
from collections.abc import Iterator
from datetime import datetime
from typing import Any

import pypdf
import pytest
from celery import current_app
from django.apps import apps
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, transaction
from django.urls import reverse

from accompagnements import parcours
from accompagnements.acces import chapitres, chapitres_fiche
from accompagnements.acces.archive import lire
from accompagnements.models import Accompagnement, DemandeAcces, Document, Intervenant
from partenaires.models import Compte
from partenaires.perimetre import agir_comme
from signalements import conservation, exports
from signalements import parcours as fiches
from signalements.models import Export
from signalements.parcours.exports import TACHE
from socle import horloge
from socle.perimetre import agir_par_delegation
from socle.transitions import TransitionInterdite
from tests import recits_accompagnements as suivi
from tests.accompagnements.pages import cle_neuve
from tests.accompagnements.test_contenu_reserve import reserver
from tests.accompagnements.test_documents import PDF
from tests.conftest import MIDI, en_tant_que
from tests.fabriques import Monde, monde
from tests.pages import connecte, texte
from tests.partage import jete
from tests.partenaires.regards import compter, evenements, promesses

LOT: dict[str, Any] = {"demandeur": "personne", "identite": "connue", "remise": "main"}


def demander(m: Monde, a: Accompagnement, par: Compte, **champs: Any) -> DemandeAcces:
    with agir_comme(par):
        return parcours.demander_dossier(a.pk, par=par, recue_le=horloge.aujourdhui(), **{**LOT, **champs})


def fabriquer(d: DemandeAcces, par: Compte) -> Export:
    with agir_comme(par):
        e = Export.objects.get(pk=d.export_id)
    assert exports.produire(e.pk, e.delegation)
    return e


def fichiers(octets: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(octets)) as archive:
        return {nom: archive.read(nom) for nom in archive.namelist()}


def telecharger(e: Export, par: Compte) -> dict[str, bytes]:
    recu = connecte(par).get(reverse("export_fichier", args=[e.pk]))
    assert recu.status_code == 200
    assert recu["Content-Type"] == "application/zip"
    assert re.fullmatch(r'attachment; filename="dossier-\d{4}-\d\d-\d\d\.zip"', recu["Content-Disposition"])
    return fichiers(bytes(recu.content))


@pytest.fixture(scope="module")
def raconte(django_db_setup: None, django_db_blocker: Any) -> Iterator[tuple[Monde, Accompagnement, datetime]]:
    with jete(django_db_blocker):
        horloge.regler(MIDI)
        m, a = _raconter()
        yield m, a, horloge.maintenant()


@pytest.fixture
def db(
    raconte: tuple[Monde, Accompagnement, datetime], django_db_blocker: Any
) -> Iterator[tuple[Monde, Accompagnement]]:
    with jete(django_db_blocker):
        m, a, instant = raconte
        horloge.regler(instant)
        yield m, a


@pytest.fixture
def plein(db: tuple[Monde, Accompagnement]) -> tuple[Monde, Accompagnement]:
    return db


def _raconter() -> tuple[Monde, Accompagnement]:
    """A file with something of everything, and another beside it."""
    m = monde("Nord")
    autre = suivi.en_cours(m, nom="Canariautre", prenom="Canariprenom", faits="Canari des autres faits")
    with agir_comme(m["soignant"]):
        parcours.ecrire_note(autre.pk, par=m["soignant"], niveau="equipe", texte="Canari de l’autre note")
    a = suivi.ouvert(m, seul=True, telephone="06 00 00 00 00", faits="Volets fermés, dit-on.")
    with agir_comme(m["social"]):
        parcours.changer_consigne(a.pk, par=m["social"], ne_pas_y_aller_seul=True, raison="Canari de la raison")
    suivi.visite_rendue(m, a)
    suivi.diagnostic_ecrit(m, a)
    suivi.objectif(m, a)
    with agir_comme(m["social"]):
        parcours.proposer(a.pk, par=m["social"])
    with agir_comme(m["soignant"]):
        parcours.signer(a.pk, par=m["soignant"], signature=suivi.SIGNATURE)
        parcours.ecrire_note(a.pk, par=m["soignant"], niveau="clinique", texte="Elle dort mal.")
        parcours.ecrire_note(a.pk, par=m["soignant"], niveau="equipe", texte="Elle rappelle mardi.")
        parcours.ecrire_note(a.pk, par=m["soignant"], niveau="equipe", texte="Canari du voisin du dessus.")
    suivi.objectifs_revus(m, a)
    suivi.orientation_envoyee(m, suivi.relu(m, a))
    with agir_comme(m["social"]):
        premiere = parcours.joindre_piece(a.pk, par=m["social"], nature="courrier", precision="CAF", contenu=PDF)
        parcours.joindre_piece(
            a.pk, par=m["social"], nature="courrier", precision="CAF", contenu=PDF + b"%2\n", remplace=premiere.pk
        )
        for d in Document.objects.filter(etat="a_produire"):
            parcours.enregistrer_octets(d.pk, b"%PDF-1.7 " + d.pk.bytes)
    return m, suivi.relu(m, a)


def test_le_dossier_dit_tout_de_la_personne_et_rien_des_autres(plein: tuple[Monde, Accompagnement]) -> None:
    m, a = plein
    with agir_comme(m["social"]):
        from accompagnements.models import NoteEquipe

        voisin = next(n for n in NoteEquipe.objects.filter(accompagnement=a) if "voisin" in n.texte)
    d = demander(m, a, m["soignant"], retenus=[f"note|{voisin.pk}"])
    e = fabriquer(d, m["soignant"])
    lus = telecharger(e, m["soignant"])
    noms = sorted(lus)
    assert [n for n in noms if not n.startswith("documents/")] == ["LISEZ-MOI.txt", "donnees.json", "dossier.pdf"]
    genres = sorted(n.split("-")[1] for n in noms if n.startswith("documents/"))
    assert genres == ["contrat", "lettre", "piece", "piece"]
    pdf = pypdf.PdfReader(io.BytesIO(lus["dossier.pdf"]))
    mots = re.sub(r"\s+", " ", " ".join(p.extract_text() for p in pdf.pages))
    donnees = lus["donnees.json"].decode()
    for dit in (
        "Maquette", "06 00 00 00 00", "Volets fermés, dit-on.", "nous reçoit dans la cuisine", "Courrier non ouvert.",
        "Laisser entrer le plombier", "On continue.", "Elle rappelle mardi.", "Elle dort mal.", m.partenaire.nom,
        "Un premier rendez-vous, plutôt le matin.", m.bailleur.nom, "Fréquent",
    ):  # fmt: skip
        assert dit in donnees, dit
        assert dit.split(",")[0] in mots, dit
    manifeste = lus["LISEZ-MOI.txt"].decode("utf-8-sig")
    for nom, octets in lus.items():
        if nom != "LISEZ-MOI.txt":
            assert f"  {nom}\N{NO-BREAK SPACE}:" in manifeste
            assert hashlib.sha256(octets).hexdigest() in manifeste
    for retenu in (
        "Nom de l’agent qui a signalé la situation (1)",
        "Consignes internes d’organisation des visites, s’il y en a\N{NO-BREAK SPACE}:",
        "Textes et pièces relus par l’équipe (1)", "Historique des consultations du dossier (1)", "article 15",
    ):  # fmt: skip
        assert retenu in manifeste, retenu
    tout = b"".join(lus.values()) + str(pdf.metadata).encode() + mots.encode()
    for canari in ("Canari", m["gardien"].nom, m["gardien"].email, m["referent"].nom, m["correspondant"].nom):
        assert canari.encode() not in tout, canari
    assert json.loads(donnees)["reference"] == a.fiche.reference
    assert "accompagnements.acces_telecharge" in evenements(m.equipe.pk)


def test_qui_n_est_pas_soignant_ne_remet_pas_les_notes_cliniques_et_la_coordination_remet_les_consultations(
    plein: tuple[Monde, Accompagnement],
) -> None:
    m, a = plein
    connecte(m["referent"]).get(reverse("signalement", args=[a.fiche_id]))
    e = fabriquer(demander(m, a, m["coordination"]), m["coordination"])
    lus = telecharger(e, m["coordination"])
    donnees = lus["donnees.json"].decode()
    assert "Elle dort mal." not in donnees
    assert "Notes cliniques (1)" in lus["LISEZ-MOI.txt"].decode()
    assert "Hors de l’équipe (votre bailleur, un partenaire)" in donnees
    assert m["referent"].nom not in donnees


def test_chaque_table_du_dossier_de_la_personne_est_donnee_ou_dite_ailleurs() -> None:
    """A new table declared « dossier de la personne » fails here until a chapter gives it, or says why not."""
    declarees = {
        modele
        for modele in apps.get_models()
        if getattr(getattr(modele, "DECLARATION", None), "export", "") == "dossier de la personne"
    }
    lus = {m for c in (*chapitres_fiche.CHAPITRES, *chapitres_fiche.APRES, *chapitres.CHAPITRES) for m in c.modeles}
    assert declarees == lus | set(chapitres_fiche.AILLEURS)


def test_la_page_demande_suit_remet_et_le_fichier_s_efface(
    plein: tuple[Monde, Accompagnement], monkeypatch: pytest.MonkeyPatch
) -> None:
    m, a = plein
    monkeypatch.setattr(current_app, "send_task", lambda *_, **__: None)
    client, documents = connecte(m["social"]), reverse("situation_documents", args=[a.pk])
    assert "Elle peut demander une copie" in texte(client.get(documents))
    adresse = reverse("dossier_demander", args=[a.pk])
    assert "Visite du" in texte(client.get(adresse))
    envoi = {"cle": cle_neuve(), "recue_le": horloge.aujourdhui().isoformat(), **LOT}
    assert "Confirmez que la personne le demande" in texte(client.post(adresse, envoi))
    assert "Écrivez qui reçoit" in texte(client.post(adresse, {**envoi, "demandeur": "mandataire", "relu": "on"}))
    assert compter(DemandeAcces, Export) == {"DemandeAcces": 0, "Export": 0}
    recu = client.post(adresse, {**envoi, "relu": "on"})
    with agir_comme(m["social"]):
        d = DemandeAcces.objects.get()
    assert recu["Location"] == reverse("export", args=[d.export_id])
    client.post(adresse, {**envoi, "relu": "on"})
    assert compter(DemandeAcces, Export) == {"DemandeAcces": 1, "Export": 1}
    assert "La demande attend son tour." in texte(client.get(recu["Location"]))
    e = fabriquer(d, m["social"])
    assert "Le fichier est prêt." in texte(client.get(recu["Location"]))
    dit = texte(client.get(documents))
    assert "Voir le fichier" in dit
    assert "À remettre avant le" in dit
    # Of the équipe, and still not hers.
    for autre in ("coordination", "soignant"):
        assert connecte(m[autre]).get(reverse("export", args=[e.pk])).status_code == 404
    remise = reverse("dossier_remettre", args=[d.pk])
    assert client.post(remise, {"le": horloge.aujourdhui().isoformat()}).status_code == 302
    assert "Remis le" in texte(client.get(documents))
    assert client.post(remise, {"le": horloge.aujourdhui().isoformat()}).status_code == 409
    horloge.avancer(hours=24)
    assert client.get(reverse("export_fichier", args=[e.pk])).status_code == 404
    with en_tant_que("palier_systeme"):
        assert conservation.purger_exports(a_blanc=False) == 1
    assert compter(DemandeAcces, Export) == {"DemandeAcces": 1, "Export": 0}
    assert "Voir le fichier" not in texte(client.get(documents))
    assert [x for x in evenements(m.equipe.pk) if "acces_" in x] == [
        "accompagnements.acces_demande", "accompagnements.acces_remis",
    ]  # fmt: skip


def test_personne_d_autre_ne_demande_un_dossier(plein: tuple[Monde, Accompagnement]) -> None:
    m, a = plein
    sud = monde("Sud")
    with en_tant_que("palier_fabrique"):
        Intervenant.objects.filter(compte=m["social"]).update(au=horloge.aujourdhui())
    avant = (compter(DemandeAcces, Export), promesses(), evenements(m.equipe.pk))
    refus: dict[Compte, type[Exception]] = {
        m["social"]: PermissionDenied,
        sud["coordination"]: Accompagnement.DoesNotExist,
    }
    for role in ("gardien", "referent", "responsable", "correspondant", "coordination_clsm", "exploitation", "dpo"):
        refus[m[role]] = Accompagnement.DoesNotExist
    for par, attendu in refus.items():
        with pytest.raises(attendu), transaction.atomic():
            demander(m, a, par)
        with agir_comme(par), pytest.raises(DatabaseError), transaction.atomic():
            DemandeAcces(
                accompagnement=a, equipe_id=a.equipe_id, recue_le=horloge.aujourdhui(), export_id=a.pk, **LOT,
                demandee_par=par,
            ).save(force_insert=True)  # fmt: skip
    assert (compter(DemandeAcces, Export), promesses(), evenements(m.equipe.pk)) == avant
    page = connecte(m["social"]).get(reverse("dossier_demander", args=[a.pk]))
    assert page.status_code == 403
    assert "Remettre son dossier" not in texte(connecte(m["social"]).get(reverse("situation_documents", args=[a.pk])))


def test_une_equipe_reservee_et_un_suivi_passe_ferment_le_fichier(plein: tuple[Monde, Accompagnement]) -> None:
    m, a = plein
    e = fabriquer(demander(m, a, m["social"]), m["social"])
    telecharger(e, m["social"])
    d = demander(m, a, m["social"])
    reserver(m)
    with agir_comme(m["coordination"]):
        parcours.changer_intervenants(a.pk, par=m["coordination"], intervenants=[m["soignant"]])
    client = connecte(m["social"])
    recu = client.get(reverse("export_fichier", args=[e.pk]), follow=True)
    assert "n’est plus lisible" in texte(recu)
    with agir_comme(m["social"]):
        attend = Export.objects.get(pk=d.export_id)
    with pytest.raises((PermissionDenied, Accompagnement.DoesNotExist)):
        exports.produire(attend.pk, attend.delegation)
    with en_tant_que("palier_fabrique"):
        assert Export.objects.get(pk=attend.pk).octets is None
    reserve = client.get(reverse("dossier_demander", args=[a.pk]))
    assert reserve["Location"] == reverse("situation_demander", args=[a.pk])  # she sees the line alone
    with pytest.raises(PermissionDenied), transaction.atomic():
        demander(m, a, m["social"])
    telecharger(fabriquer(demander(m, a, m["soignant"]), m["soignant"]), m["soignant"])


def test_un_ouvrier_tue_laisse_le_fichier_au_suivant_et_la_remise_se_note_une_fois(
    plein: tuple[Monde, Accompagnement],
) -> None:
    m, a = plein
    d = demander(m, a, m["soignant"])
    with agir_comme(m["soignant"]):
        e = Export.objects.get(pk=d.export_id)
    with agir_par_delegation(e.delegation, TACHE):
        assert fiches.prendre_export(e.pk) is not None  # killed here
    assert exports.produire(e.pk, e.delegation) is False
    horloge.avancer(minutes=3)
    assert exports.produire(e.pk, e.delegation) is True
    telecharger(e, m["soignant"])
    with en_tant_que("palier_fabrique"):  # the content of the fiche is erased: the file goes with it
        assert Export.objects.filter(fiches__contains=[a.fiche_id]).count() == 1
    with agir_comme(m["soignant"]):
        parcours.noter_remise(d.pk, par=m["soignant"], le=horloge.aujourdhui())
        with pytest.raises(TransitionInterdite), transaction.atomic():
            parcours.noter_remise(d.pk, par=m["soignant"], le=horloge.aujourdhui())


def test_un_dossier_sans_consigne_dit_la_meme_chose_qu_un_dossier_qui_en_a(plein: tuple[Monde, Accompagnement]) -> None:
    m, _ = plein
    dits = []
    for seul in (False, True):
        a = suivi.ouvert(m, seul=seul)
        suivi.visite_prevue(m, a)
        with agir_comme(m["coordination"]):
            dits.append([(r.quoi, r.nombre) for r in lire(m["coordination"], a.pk, ()).retenues])
    assert dits[0] == dits[1]
