"""A file of résidences: read, shown, written whole or not at all, again without effect."""

from datetime import datetime
from typing import Any
from unittest import mock
from uuid import UUID

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction

from partenaires import comparaison
from partenaires.enums import EtatImport
from partenaires.models import ImportResidences, Residence, Territoire
from partenaires.parcours import imports
from partenaires.parcours import patrimoine as parcours
from partenaires.perimetre import agir_comme
from partenaires.tasks import importer_residences, purger_imports, systeme_reprendre_imports
from socle import horloge
from socle.transitions import TransitionInterdite
from tests.conftest import en_tant_que
from tests.fabriques import Monde, monde
from tests.partenaires.regards import evenements

pytestmark = pytest.mark.django_db
ENTETE = "Référence;Nom;Adresse;Code postal;Code INSEE;Commune"


def fichier(*lignes: str, entete: str = ENTETE) -> bytes:
    return "\r\n".join((entete, *lignes)).encode()


def deposer(m: Monde, octets: bytes, nom: str = "patrimoine.csv") -> ImportResidences:
    with agir_comme(m["responsable"]):
        return imports.deposer(nom, octets, par=m["responsable"])


def lire(m: Monde, octets: bytes) -> ImportResidences:
    depot = deposer(m, octets)
    assert importer_residences(str(depot.pk), str(depot.delegation))
    return relu(depot)


def relu(depot: ImportResidences) -> ImportResidences:
    with en_tant_que("palier_fabrique"):
        return ImportResidences.objects.get(pk=depot.pk)


def ecrire(m: Monde, octets: bytes, a_fermer: tuple[int, ...] = ()) -> ImportResidences:
    depot = lire(m, octets)
    with agir_comme(m["responsable"]):
        depot = imports.confirmer(depot.pk, a_fermer=a_fermer, par=m["responsable"])
    assert importer_residences(str(depot.pk), str(depot.delegation))
    return relu(depot)


def residences(m: Monde) -> list[tuple[Any, ...]]:
    with en_tant_que("palier_fabrique"):
        lignes = Residence.objects.filter(bailleur=m.bailleur).order_by("nom")
        return list(lignes.values_list("reference", "nom", "adresse", "code_postal", "fermee_le", "version"))


def test_un_fichier_est_montre_avant_toute_ecriture(midi: datetime) -> None:
    m = monde()
    avant = residences(m)
    insee = m.territoire.code_insee
    depot = lire(
        m,
        fichier(
            f"R1;{m.residence.nom};{m.residence.adresse};99000;{insee};Valmornay",
            f"R2;Les Cèdres;3 allée des Cèdres;99000;{insee};Valmornay",
            "R3;Ailleurs;1 rue Haute;99000;59350;Lille",
            f";;9 rue Basse;990;{insee};Valmornay",
        ),
    )
    assert residences(m) == avant
    assert depot.etat == EtatImport.LU
    assert depot.bilan["nombres"] == {
        "nouvelles": 1, "changees": 1, "identiques": 0, "ecartees": 1, "erreurs": 1, "absentes": 1,
    }  # fmt: skip
    assert depot.bilan["fautes"] == [
        [5, "Nom", "Écrivez le nom de la résidence."],
        [5, "Code postal", "Écrivez les cinq chiffres du code postal, par exemple 75020."],
    ]
    assert depot.bilan["changees"] == [[2, m.residence.nom, [["Référence", "", "R1"]]]]
    assert depot.bilan["communes"] == [["59350", 1]]
    assert depot.bilan["absentes"] == [m.autre_residence.pk]
    assert depot.fichier is None  # the file goes as soon as it is read


def test_un_second_passage_ne_change_rien_et_rien_n_est_efface(midi: datetime) -> None:
    m = monde()
    insee = m.territoire.code_insee
    octets = fichier(
        f"R1;{m.residence.nom};1 bis allée des Tilleuls;99000;{insee};V",
        f"R2;Les Cèdres;3 allée des Cèdres;99000;{insee};V",
    )
    fait = ecrire(m, octets)
    assert fait.etat == EtatImport.FAIT
    assert fait.bilan["ecrites"] == {
        "nouvelles": 1, "changees": 1, "identiques": 0, "ecartees": 0, "erreurs": 0, "absentes": 1, "fermees": 0,
    }  # fmt: skip
    apres = residences(m)
    assert apres == [
        ("", m.autre_residence.nom, m.autre_residence.adresse, "99000", None, 1),
        ("R2", "Les Cèdres", "3 allée des Cèdres", "99000", None, 1),
        ("R1", m.residence.nom, "1 bis allée des Tilleuls", "99000", None, 2),
    ]
    encore = ecrire(m, octets)
    assert residences(m) == apres
    assert encore.bilan["ecrites"]["identiques"] == 2
    assert evenements(m.bailleur.pk).count("partenaires.import_enregistre") == 2


def test_fermer_une_absente_est_un_choix_et_lui_seul(midi: datetime) -> None:
    m, autre = monde("Nord"), monde("Sud")
    insee = m.territoire.code_insee
    octets = fichier(f"R2;Les Cèdres;3 allée des Cèdres;99000;{insee};V")
    ecrire(m, octets, a_fermer=(m.residence.pk, autre.residence.pk))
    assert {(nom, bool(fermee)) for _, nom, _, _, fermee, _ in residences(m)} == {
        (m.residence.nom, True), (m.autre_residence.nom, False), ("Les Cèdres", False),
    }  # fmt: skip
    assert [fermee for *_, fermee, _ in residences(autre)] == [None, None]


def test_la_reference_est_la_cle_meme_quand_deux_noms_s_echangent(midi: datetime) -> None:
    m = monde()
    insee = m.territoire.code_insee
    ecrire(m, fichier(f"A;Un;1 rue;99000;{insee};V", f"B;Deux;2 rue;99000;{insee};V"))
    fait = ecrire(m, fichier(f"A;Deux;1 rue;99000;{insee};V", f"B;Un;2 rue;99000;{insee};V"))
    assert fait.bilan["ecrites"]["changees"] == 2
    assert [(r[0], r[1]) for r in residences(m) if r[0]] == [("A", "Deux"), ("B", "Un")]


@pytest.mark.parametrize(
    ("lignes", "attendues"),
    [
        (["A;Un;1 rue;99000;I;V", "A;Deux;2 rue;99000;I;V"], [(3, "Référence")]),
        (["A;Un;1 rue;99000;I;V", "B;Un;2 rue;99000;I;V"], [(3, "Nom")]),
        (["A;=1+1;1 rue;99000;I;V"], [(2, "Nom")]),
        ([f"A;{'n' * 121};1 rue;99000;I;V"], [(2, "Nom")]),
        (["A;Un;1 rue;99000;75056;V"], [(2, "Code INSEE")]),
        (["A;Un;1 rue;9900a;X;V"], [(2, "Code postal"), (2, "Code INSEE")]),
    ],
)
def test_une_ligne_fausse_est_nommee_avec_sa_colonne(
    midi: datetime, lignes: list[str], attendues: list[tuple[int, str]]
) -> None:
    m = monde()
    depot = lire(m, fichier(*(ligne.replace(";I;", f";{m.territoire.code_insee};") for ligne in lignes)))
    assert [(ligne, colonne) for ligne, colonne, _ in depot.bilan["fautes"]] == attendues
    assert depot.bilan["nombres"]["erreurs"] == 1


def test_un_nom_pris_sous_une_autre_reference_est_refuse(midi: datetime) -> None:
    m = monde()
    insee = m.territoire.code_insee
    ecrire(m, fichier(f"A;Un;1 rue;99000;{insee};V"))
    depot = lire(m, fichier(f"B;Un;1 rue;99000;{insee};V"))
    assert [f[:2] for f in depot.bilan["fautes"]] == [[2, "Nom"]]
    assert depot.bilan["nombres"]["nouvelles"] == 0


@pytest.mark.parametrize(
    ("octets", "mot"),
    [
        (b"", "vide"),
        (fichier(), "titres"),
        (b"Nom;Ville\r\nUn;Deux", "manque"),
        (b"Nom;Nom;Adresse;CP;INSEE\r\na;b;c;d;e", "Deux colonnes"),
        (b"PK\x03\x04rien", "abîmé"),
    ],
)
def test_un_fichier_illisible_est_refuse_avec_ce_qu_il_faut_faire(midi: datetime, octets: bytes, mot: str) -> None:
    m = monde()
    avant = residences(m)
    depot = lire(m, octets)
    assert depot.etat == EtatImport.REFUSE
    assert mot in depot.erreur
    assert residences(m) == avant


def test_rpls_regroupe_les_logements_d_un_batiment_et_trouve_l_arrondissement(midi: datetime) -> None:
    m = monde()
    with en_tant_que("palier_fabrique"):
        vingtieme = Territoire.objects.create(code_insee="75120", nom="Paris 20e")
        from tests.fabriques import convention

        convention(m.equipe, m.bailleur, [vingtieme])
    rpls = (
        "DEPCOM;CODEPOSTAL;LIBCOM;NUMVOIE;INDREP;TYPVOIE_CODE;TYPVOIE_LIBELLE;NOMVOIE;NUMAPPT;BAT;IMMEU;QPV_CODE\n"
        "75056;75020;PARIS;12;;RUE;rue;des Pyrénées;1;A;;x\n"
        "75056;75020;PARIS;12;;RUE;rue;des Pyrénées;2;A;;x\n"
        "75056;75020;PARIS;12;;RUE;rue;des Pyrénées;3;B;;x\n"
        "75056;75020;PARIS;12;bis;RUE;rue;des Pyrénées;3;;Le Belvédère;x\n"
    ).encode("latin-1")
    ecrire(m, rpls)
    faites = [r for r in residences(m) if r[0].startswith("RPLS-")]
    assert [(nom, adresse) for _, nom, adresse, *_ in faites] == [
        ("12 rue des Pyrénées, bât. A", "12 rue des Pyrénées"),
        ("12 rue des Pyrénées, bât. B", "12 rue des Pyrénées"),
        ("Le Belvédère", "12 bis rue des Pyrénées"),
    ]
    with en_tant_que("palier_fabrique"):
        assert set(Residence.objects.filter(reference__startswith="RPLS").values_list("territoire", flat=True)) == {
            vingtieme.pk
        }
    encore = ecrire(m, rpls)
    assert (encore.bilan["ecrites"]["identiques"], encore.bilan["ecrites"]["nouvelles"]) == (3, 0)


def test_un_worker_tue_au_milieu_n_ecrit_rien_et_le_suivant_ecrit_tout(midi: datetime) -> None:
    m = monde()
    insee = m.territoire.code_insee
    depot = lire(m, fichier(f"A;Un;1 rue;99000;{insee};V", f"B;{m.residence.nom};2 rue;99000;{insee};V"))
    avant = residences(m)
    with agir_comme(m["responsable"]):
        depot = imports.confirmer(depot.pk, par=m["responsable"])

    ecrire_vraiment = comparaison.ecrire

    def ecrire_puis_mourir(*args: Any, **options: Any) -> int:
        ecrire_vraiment(*args, **options)
        raise SystemExit  # what a killed process does to its transaction

    with mock.patch.object(comparaison, "ecrire", ecrire_puis_mourir), pytest.raises(SystemExit), transaction.atomic():
        importer_residences(str(depot.pk), str(depot.delegation))
    assert residences(m) == avant
    assert relu(depot).etat == EtatImport.A_ECRIRE
    horloge.avancer(minutes=3)  # its silence gives the row to the next worker
    with mock.patch.object(imports, "signaler", return_value=True) as envoye, en_tant_que("palier_systeme"):
        assert systeme_reprendre_imports() == 1
    envoye.assert_called_once_with(depot.pk, depot.delegation)
    assert importer_residences(str(depot.pk), str(depot.delegation))
    assert [r[0] for r in residences(m)] == ["", "B", "A"] or len(residences(m)) == 3
    assert not importer_residences(str(depot.pk), str(depot.delegation))  # done: safe to run again


def test_deux_workers_ne_prennent_jamais_le_meme_fichier(midi: datetime) -> None:
    m = monde()
    depot = deposer(m, fichier(f"A;Un;1 rue;99000;{m.territoire.code_insee};V"))
    with agir_comme(m["responsable"]):
        assert imports._prendre(depot.pk, UUID(int=1))
        assert not imports._prendre(depot.pk, UUID(int=2))
    assert not importer_residences(str(depot.pk), str(depot.delegation))


def test_un_fichier_que_personne_ne_peut_plus_prendre_finit_en_echec(midi: datetime) -> None:
    m = monde()
    depot = deposer(m, fichier(f"A;Un;1 rue;99000;{m.territoire.code_insee};V"))
    horloge.avancer(hours=25)
    with en_tant_que("palier_systeme"):
        systeme_reprendre_imports()
    assert (relu(depot).etat, relu(depot).erreur) == (EtatImport.ECHEC, "delegation")
    assert "partenaires.import_echec" in evenements(m.bailleur.pk)
    horloge.avancer(days=91)
    with en_tant_que("palier_systeme"):
        assert purger_imports(a_blanc=True) == 1
        purger_imports(a_blanc=False)
        assert not ImportResidences.objects.exists()


def test_un_nouveau_fichier_remplace_celui_qui_attend_mais_pas_celui_qui_s_ecrit(midi: datetime) -> None:
    m = monde()
    octets = fichier(f"A;Un;1 rue;99000;{m.territoire.code_insee};V")
    premier = lire(m, octets)
    second = lire(m, octets)
    assert (relu(premier).etat, second.etat) == (EtatImport.ABANDONNE, EtatImport.LU)
    with agir_comme(m["responsable"]):
        imports.confirmer(second.pk, par=m["responsable"])
        with pytest.raises(ValidationError):
            imports.deposer("autre.csv", octets, par=m["responsable"])
        with pytest.raises(TransitionInterdite):
            imports.abandonner(second.pk, par=m["responsable"])
        with pytest.raises(TransitionInterdite):
            imports.confirmer(second.pk, par=m["responsable"])
    assert relu(second).etat == EtatImport.A_ECRIRE


@pytest.mark.parametrize("role", ["gardien", "referent", "coordination", "correspondant", "exploitation"])
def test_seul_le_responsable_importe(midi: datetime, role: str) -> None:
    m = monde()
    with agir_comme(m[role]), pytest.raises(PermissionDenied):
        imports.deposer("a.csv", b"x", par=m[role])
    with en_tant_que("palier_fabrique"):
        assert not ImportResidences.objects.exists()


def test_celui_qui_ouvre_le_formulaire_pendant_un_import_est_prevenu(midi: datetime) -> None:
    m = monde()
    insee = m.territoire.code_insee
    ecrire(m, fichier(f"A;{m.residence.nom};7 rue Neuve;99000;{insee};V"))
    with agir_comme(m["responsable"]):
        actuelle = Residence.objects.get(pk=m.residence.pk)
        assert actuelle.version == 2
        with pytest.raises(ValidationError):
            parcours.modifier_residence(
                m.autre_residence.pk,
                parcours.Description(
                    nom="Autre", adresse="1", code_postal="99000", territoire=m.territoire, reference="A"
                ),
                version=1,
                par=m["responsable"],
            )
