"""The list as a file: the same rows as the page, made in the background, sealed, for whoever asked, for a day."""

import csv
import hashlib
import io
import zipfile
from datetime import datetime, timedelta
from typing import Any

import pytest
from celery import current_app
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, connection, transaction
from kombu.exceptions import OperationalError

from partenaires.models import Rattachement
from partenaires.perimetre import agir_comme
from signalements import conservation, exports, parcours, tasks
from signalements.enums import Action, EtatExport, GenreExport
from signalements.models import Export, Fiche
from signalements.parcours.exports import TACHE
from socle import horloge
from socle.models import Evenement
from socle.perimetre import agir_par_delegation
from tests import recits
from tests.comptage import enumerees, instructions
from tests.conftest import en_tant_que
from tests.fabriques import Monde, monde
from tests.pages import connecte, lignes, texte
from tests.partenaires.regards import evenements

EXPORTER = "/fiches/exporter/?etat=a_etudier"
CLE = "00000000-0000-4000-8000-00000000000"


def _demander(m: Monde, qui: str = "social", format: str = "csv", **parametres: str) -> Export:
    with agir_comme(m[qui]):
        voulus = {"etat": "a_etudier", **parametres}
        return parcours.demander_export(par=m[qui], genre=GenreExport.LISTE, format=format, parametres=voulus)


def _relire(m: Monde, e: Export, qui: str = "social") -> Export:
    with agir_comme(m[qui]):
        return Export.objects.get(pk=e.pk)


def _rangees(octets: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(octets.decode("utf-8-sig"), newline=""), delimiter=";"))


def _fichier(m: Monde, e: Export, qui: str = "social") -> bytes:
    return bytes(connecte(m[qui]).get(f"/fiches/exports/{e.pk}/fichier/").content)


def test_le_fichier_est_la_liste_vue_avec_ses_filtres_et_son_ordre(db: None, midi: datetime) -> None:
    m = monde()
    horloge.regler(midi - timedelta(days=11))
    recits.transmise(m, nom="Ancienne", contexte=("plaintes",))
    horloge.regler(midi - timedelta(days=2))
    suivie = recits.transmise(m, nom="Suivie", residence=m.autre_residence)
    recits.transmise(m, nom="Recente")
    recits.recevable(m, nom="Ailleurs")
    with agir_comme(m["social"]):
        parcours.attribuer(suivie.pk, par=m["social"], a=m["soignant"])
    with agir_comme(m["referent"]):
        parcours.ecrire_message(suivie.pk, par=m["referent"], texte="Bonjour")
    horloge.regler(midi)
    adresse = {"etat": "a_etudier", "tri": "-recue"}
    e = _demander(m, **adresse)
    assert exports.produire(e.pk, e.delegation)
    rangees = _rangees(_fichier(m, e))
    page = lignes(connecte(m["social"]).get("/fiches/", adresse))
    assert [r["Personne"] for r in rangees] == ["Mme Ondine Recente", "Mme Ondine Suivie", "Mme Ondine Ancienne"]
    assert [r["Référence"] in rangee for r, rangee in zip(rangees, page, strict=True)] == [True, True, True]
    assert rangees[1] == {
        "Référence": "26-0002", "État": "À étudier", "Échéance ou fin": "2026-09-25", "Reçue le": "2026-09-20",
        "Jours d’attente": "2", "Personne": "Mme Ondine Suivie", "Résidence": m.autre_residence.nom,
        "Commune": m.territoire.nom, "Bailleur ou partenaire": m.bailleur.nom, "Domaines": "logement, présence",
        "Contexte": "Impayé", "Dernier message le": "2026-09-20 12:00:00", "Dernier message": "reçu",
        "Suivie par": m["soignant"].nom_complet,
    }  # fmt: skip
    filtree = _demander(m, suivie="personne", q="ancien")
    assert exports.produire(filtree.pk, filtree.delegation)
    assert [r["Personne"] for r in _rangees(_fichier(m, filtree))] == ["Mme Ondine Ancienne"]


@pytest.mark.parametrize(
    ("format", "type_mime", "debut"),
    [("csv", "text/csv; charset=utf-8", b"\xef\xbb\xbf"), ("ods", "application/vnd.oasis", b"PK"),
     ("xlsx", "application/vnd.openxml", b"PK")],
)  # fmt: skip
def test_les_trois_formats_se_telechargent_sous_un_nom_sans_personne(
    db: None, midi: datetime, format: str, type_mime: str, debut: bytes
) -> None:
    m = monde()
    recits.transmise(m, nom="=CMD|'/c calc'!A1", prenom="@Zoé")
    e = _demander(m, format=format, q="calc")
    assert exports.produire(e.pk, e.delegation)
    reponse = connecte(m["social"]).get(f"/fiches/exports/{e.pk}/fichier/")
    assert reponse["Content-Type"].startswith(type_mime)
    assert reponse["Content-Disposition"] == f'attachment; filename="fiches-2026-09-22.{format}"'
    assert reponse["Cache-Control"] == "no-store"
    octets = bytes(reponse.content)
    assert octets.startswith(debut)
    lu = _relire(m, e)
    assert (lu.etat, lu.lignes, lu.taille) == (EtatExport.PRET, 1, len(octets))
    assert lu.sha256 == hashlib.sha256(octets).hexdigest()
    if format == "csv":
        assert _rangees(octets)[0]["Personne"] == "Mme @Zoé =CMD|'/c calc'!A1"  # it does not begin the cell
    else:
        with zipfile.ZipFile(io.BytesIO(octets)) as archive:
            textes = b"".join(archive.read(n) for n in archive.namelist())
        assert b"table:formula" not in textes
        assert b"<f>" not in textes


def test_une_formule_en_debut_de_cellule_est_neutralisee(db: None, midi: datetime) -> None:
    m = monde()
    recits.transmise(m, civilite="", prenom="", nom="=1+1")
    e = _demander(m)
    assert exports.produire(e.pk, e.delegation)
    assert _rangees(_fichier(m, e))[0]["Personne"] == "'=1+1"


def test_la_page_demande_suit_et_donne_le_fichier(
    db: None, midi: datetime, django_capture_on_commit_callbacks: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    m = monde()
    recits.transmise(m)
    envoyes: list[Any] = []
    monkeypatch.setattr(current_app, "send_task", lambda nom, args, **_: envoyes.append((nom, args)))
    client = connecte(m["social"])
    page = client.get(EXPORTER + "&suivie=personne")
    assert "À étudier · Sans personne. 1 fiche." in texte(page)
    assert "Ce fichier contient des noms." in texte(page)
    with django_capture_on_commit_callbacks(execute=True):
        corps = {"cle": CLE + "1", "format": "ods"}
        reponses = [client.post(EXPORTER + "&suivie=personne", corps) for _ in range(2)]
    assert reponses[0]["Location"] == reponses[1]["Location"]  # a second click gives the same file
    with en_tant_que("palier_fabrique"):
        e = Export.objects.get()
    assert envoyes == [("signalements.tasks.produire_export", [str(e.pk), str(e.delegation)])]
    attente = client.get(reponses[0]["Location"])
    assert "La demande attend son tour." in texte(attente)
    assert f'hx-get="/fiches/exports/{e.pk}/progres/"' in attente.content.decode()
    assert client.get(f"/fiches/exports/{e.pk}/fichier/")["Location"] == f"/fiches/exports/{e.pk}/"
    assert tasks.produire_export(str(e.pk), str(e.delegation)) is True
    progres = client.get(f"/fiches/exports/{e.pk}/progres/")
    assert progres.headers["HX-Refresh"] == "true"
    pret = texte(client.get(f"/fiches/exports/{e.pk}/"))
    assert "Le fichier est prêt." in pret
    assert "Gardé jusqu’au 23 septembre à 12 h" in pret
    assert "Liste des fiches, ODS" in texte(client.get("/fiches/exports/"))


def test_tant_qu_il_se_prepare_une_autre_demande_pareille_donne_le_meme_et_ensuite_un_autre(
    db: None, midi: datetime
) -> None:
    m = monde()
    e = _demander(m)
    assert _demander(m).pk == e.pk
    assert _demander(m, format="ods").pk != e.pk
    assert _demander(m, q="x").pk != e.pk
    assert _demander(m, "coordination").pk != e.pk
    assert exports.produire(e.pk, e.delegation)
    assert _demander(m).pk != e.pk


def test_la_demande_la_preparation_et_chaque_telechargement_sont_au_journal(db: None, midi: datetime) -> None:
    m, autre = monde("Nord"), monde("Sud")
    fiche = recits.transmise(m)
    e = _demander(m)
    assert exports.produire(e.pk, e.delegation)
    for _ in range(2):
        _fichier(m, e)
    with en_tant_que("palier_fabrique"):
        notes = [
            (n.action, n.objets, n.compte_id, n.motif)
            for n in Evenement.objects.filter(organisation_id=m.equipe.pk).order_by("sequence")
            if n.action.startswith("signalements.export") or n.motif == "export"
        ]
    moi, ceci = m["social"].pk, [str(e.pk)]
    assert notes == [
        (Action.EXPORT_DEMANDE, ceci, moi, "csv"),
        (Action.LISTE_LUE, [str(fiche.pk)], moi, "export"),
        (Action.EXPORT_PRODUIT, ceci, moi, "csv"),
        (Action.EXPORT_TELECHARGE, ceci, moi, "csv"),
        (Action.EXPORT_TELECHARGE, ceci, moi, "csv"),
    ]
    assert Action.EXPORT_DEMANDE not in evenements(autre.equipe.pk)


def test_le_fichier_n_est_qu_a_qui_l_a_demande_meme_dans_l_equipe(db: None, midi: datetime) -> None:
    m, autre = monde("Nord"), monde("Sud")
    recits.transmise(m, nom="Canari")
    e = _demander(m)
    assert exports.produire(e.pk, e.delegation)
    for qui in (m["coordination"], m["soignant"], m["referent"], autre["coordination"]):
        for suite in ("", "fichier/", "progres/"):
            reponse = connecte(qui).get(f"/fiches/exports/{e.pk}/{suite}")
            assert reponse.status_code == 404
            assert "Canari" not in reponse.content.decode(errors="ignore")
        with agir_comme(qui):
            assert Export.objects.count() == 0
            assert Export.objects.filter(pk=e.pk).update(expire_le=midi + timedelta(days=99)) == 0
    assert Action.EXPORT_TELECHARGE not in evenements(m.equipe.pk)
    with agir_comme(m["referent"]), pytest.raises(PermissionDenied):
        parcours.demander_export(par=m["referent"], genre=GenreExport.LISTE, format="csv")


def test_ce_qui_est_garde_est_scelle(db: None, midi: datetime) -> None:
    m = monde()
    recits.transmise(m, nom="Canarinom")
    e = _demander(m, q="canarinom")
    assert exports.produire(e.pk, e.delegation)
    with en_tant_que("palier_fabrique"), connection.cursor() as curseur:
        curseur.execute("SELECT x::text, octets, parametres FROM signalements_export x")
        ligne = curseur.fetchone()
    assert "anarinom" not in ligne[0]
    assert b"anarinom" not in bytes(ligne[1]) + bytes(ligne[2])
    assert b"Canarinom" in _fichier(m, e)


def test_le_lien_expire_au_bout_d_un_jour_et_le_fichier_est_efface(db: None, midi: datetime) -> None:
    m = monde()
    recits.transmise(m)
    e = _demander(m)
    assert exports.produire(e.pk, e.delegation)
    horloge.regler(midi + timedelta(hours=23, minutes=59))
    assert connecte(m["social"]).get(f"/fiches/exports/{e.pk}/fichier/").status_code == 200
    with en_tant_que("palier_systeme"):
        assert conservation.purger_exports(a_blanc=True) == 0
    horloge.regler(midi + timedelta(hours=24))
    client = connecte(m["social"])
    for suite in ("", "fichier/", "progres/"):
        assert client.get(f"/fiches/exports/{e.pk}/{suite}").status_code == 404
    assert "Aucun fichier" in texte(client.get("/fiches/exports/"))
    with en_tant_que("palier_systeme"):
        assert conservation.purger_exports(a_blanc=True) == 1
        tasks.systeme_reprendre_exports()
        assert Export.objects.count() == 0


def test_une_opposition_ferme_les_fichiers_qui_la_nomment(db: None, midi: datetime) -> None:
    m = monde()
    fiche = recits.transmise(m)
    recits.transmise(m, nom="Autre", residence=m.autre_residence)
    avec, sans = _demander(m), _demander(m, q="autre")
    for e in (avec, sans):
        assert exports.produire(e.pk, e.delegation)
    with agir_comme(m["referent"]):
        parcours.opposer(fiche.pk, par=m["referent"])
    client = connecte(m["social"])
    refus = client.get(f"/fiches/exports/{avec.pk}/fichier/")
    assert (refus.status_code, refus["Location"]) == (302, "/fiches/exports/")
    assert "n’est plus lisible. Demandez-en un autre." in texte(client.get("/fiches/exports/"))
    assert client.get(f"/fiches/exports/{sans.pk}/fichier/").status_code == 200
    assert evenements(m.equipe.pk).count(Action.EXPORT_TELECHARGE) == 1


def test_l_effacement_du_contenu_efface_les_fichiers_qui_le_gardent(db: None, midi: datetime) -> None:
    m = monde()
    fiche = recits.transmise(m)
    with agir_comme(m["social"]):
        parcours.declarer_non_recevable(fiche.pk, par=m["social"], motif="doublon")
    horloge.regler(midi + timedelta(days=31))
    e = _demander(m, etat="terminees")
    assert exports.produire(e.pk, e.delegation)
    horloge.regler(midi + timedelta(days=31, hours=20))
    with en_tant_que("palier_systeme"):
        assert conservation.purger_non_recevables(a_blanc=False) == 1
        assert Export.objects.count() == 0


def test_deux_ouvriers_n_en_font_qu_un_et_un_ouvrier_muet_le_perd(db: None, midi: datetime) -> None:
    m = monde()
    recits.transmise(m)
    e = _demander(m)
    with agir_par_delegation(e.delegation, TACHE):
        premier = parcours.prendre_export(e.pk)
        assert premier is not None
        assert parcours.prendre_export(e.pk) is None
    assert exports.produire(e.pk, e.delegation) is False
    horloge.regler(midi + timedelta(minutes=3))
    assert exports.produire(e.pk, e.delegation) is True
    avant = _relire(m, e).sha256
    with agir_par_delegation(e.delegation, TACHE), pytest.raises(parcours.Depossede):
        parcours.deposer_export(premier, b"autre", lignes=1, lues=[], nommees=[])
    assert _relire(m, e).sha256 == avant
    assert exports.produire(e.pk, e.delegation) is False  # ready: nothing more to make


def test_cinq_echecs_se_disent_et_se_relancent(db: None, midi: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    m = monde()
    recits.transmise(m)
    e = _demander(m)

    def plein(*args: object) -> bytes:
        raise OSError("disk full")

    monkeypatch.setattr(exports, "ecrire", plein)
    for essai in range(5):
        horloge.regler(midi + timedelta(minutes=5 * essai))
        with pytest.raises(OSError, match="disk full"):
            exports.produire(e.pk, e.delegation)
    lu = _relire(m, e)
    assert (lu.etat, lu.erreur, lu.octets) == (EtatExport.ECHEC, "OSError", None)
    client = connecte(m["social"])
    assert "n’a pas été préparé" in texte(client.get(f"/fiches/exports/{e.pk}/"))
    monkeypatch.undo()
    assert client.post(f"/fiches/exports/{e.pk}/relancer/").status_code == 302
    relance = _relire(m, e)
    assert exports.produire(e.pk, relance.delegation) is True
    assert client.post(f"/fiches/exports/{e.pk}/relancer/").status_code == 409
    assert _relire(m, e).etat == EtatExport.PRET


def test_redis_arrete_la_demande_tient_et_le_balayage_la_reprend(
    db: None, midi: datetime, monkeypatch: pytest.MonkeyPatch, django_capture_on_commit_callbacks: Any
) -> None:
    m = monde()

    def mort(*args: object, **kwargs: object) -> None:
        raise OperationalError("Connection refused")

    monkeypatch.setattr(current_app, "send_task", mort)
    with django_capture_on_commit_callbacks(execute=True):
        e = _demander(m)
    assert _relire(m, e).etat == EtatExport.DEMANDE
    envoyes: list[Any] = []
    monkeypatch.setattr(current_app, "send_task", lambda nom, args, **_: envoyes.append(args))
    with en_tant_que("palier_systeme"):
        assert tasks.systeme_reprendre_exports() == 1
    assert envoyes == [[str(e.pk), str(e.delegation)]]


def test_qui_a_quitte_l_equipe_n_exporte_ni_ne_telecharge_plus_rien(db: None, midi: datetime) -> None:
    m = monde()
    recits.transmise(m)
    pret, attend = _demander(m), _demander(m, q="maquette")
    assert exports.produire(pret.pk, pret.delegation)
    with en_tant_que("palier_fabrique"):
        Rattachement.objects.filter(compte=m["social"]).update(au=horloge.aujourdhui())
    assert exports.produire(attend.pk, attend.delegation) is False
    assert connecte(m["social"]).get(f"/fiches/exports/{pret.pk}/fichier/").status_code == 404
    with en_tant_que("palier_fabrique"):
        assert Export.objects.get(pk=attend.pk).octets is None
    assert Action.EXPORT_TELECHARGE not in evenements(m.equipe.pk)


def test_la_base_refuse_un_etat_saute_et_le_systeme_ne_lit_que_pour_effacer(db: None, midi: datetime) -> None:
    m = monde()
    e = _demander(m)
    for etat in ("pret", "echec"):
        with agir_comme(m["social"]), pytest.raises(DatabaseError), transaction.atomic():
            Export.objects.filter(pk=e.pk).update(etat=etat)
    with en_tant_que("palier_systeme"), pytest.raises(DatabaseError), transaction.atomic():
        Export.objects.filter(pk=e.pk).update(expire_le=midi + timedelta(days=99))
    assert _relire(m, e).etat == EtatExport.DEMANDE


def test_un_format_inconnu_est_refuse_et_rien_n_est_demande(db: None, midi: datetime) -> None:
    m = monde()
    reponse = connecte(m["social"]).post(EXPORTER, {"cle": CLE + "2", "format": "pdf"})
    assert reponse.status_code == 200
    assert "Erreur" in texte(reponse)
    with en_tant_que("palier_fabrique"):
        assert Export.objects.count() == 0
    assert Action.EXPORT_DEMANDE not in evenements(m.equipe.pk)


def _cout(m: Monde, nombre: int) -> int:
    """How many statements a worker sends once there are that many more rows."""
    for _ in range(nombre):
        recits.transmise(m)
    e = _demander(m, q="maquette")
    with instructions() as vues:
        assert exports.produire(e.pk, e.delegation)
    return len(vues)


def test_le_cout_d_un_export_ne_depend_pas_du_nombre_de_lignes(db: None, midi: datetime) -> None:
    m = monde()
    trois = _cout(m, 3)
    assert _cout(m, 27) == trois
    e = _demander(m)
    assert exports.produire(e.pk, e.delegation)
    client = connecte(m["social"])
    for adresse in (EXPORTER, "/fiches/exports/", f"/fiches/exports/{e.pk}/", f"/fiches/exports/{e.pk}/fichier/"):
        with instructions() as vues:
            assert client.get(adresse).status_code == 200
        assert len(vues) <= 12, enumerees(vues)
    assert Fiche.objects.count() == 0  # nobody is present here: row-level security holds
