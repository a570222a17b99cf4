"""Every kind of PDF, made by the code that makes it, searched for what its reader may not see: text and metadata.

A kind is a template of `templates/pdf` that extends the base. A new one fails until its reader is written here.
"""

import io
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

import pypdf
import pytest

from accompagnements import documents, dossiers_concertation
from accompagnements import parcours as suivi
from accompagnements.acces import archive
from accompagnements.models import Accompagnement, Document, DossierConcertation
from indicateurs import calcul
from indicateurs import parcours as bilans
from indicateurs.models import Bilan, Periode
from partenaires import documents as seances
from partenaires.parcours.documents_seance import demander_feuille
from partenaires.perimetre import agir_comme
from signalements import documents as imprimes
from signalements import parcours as fiches
from signalements.models import Grille, Imprime
from signalements.parcours.imprimes import demander_notice, demander_papier
from signalements.parcours.reunions import inscrire, preparer_reunion
from socle import horloge
from socle.pdf import DOSSIER_STATIQUE, rendre
from tests import recits, recits_concertations, recits_seances
from tests import recits_accompagnements as histoires
from tests.conftest import MIDI
from tests.fabriques import Monde, monde
from tests.partage import jete

# Whose words they are. Each is written in the world below, in the column that the name says.
PERSONNE: Final = ("CanariNom", "CanariPrenom", "CanariPorte")
ECRITS: Final = ("CanariNote", "CanariClinique", "CanariVisite", "CanariDiagnostic", "CanariRaison", "CanariPresent")
SIGNALEMENT: Final = ("CanariFaits", "CanariEchange")
OBJECTIF: Final = ("CanariObjectif",)
AUTRE: Final = ("CanariAutre",)
JAMAIS: Final = (*AUTRE, "CanariRaison", "CanariPresent")


@dataclass(frozen=True, slots=True)
class Lecteur:
    """Who reads a kind of PDF, what it must say, and what it must not."""

    qui: str
    dit: tuple[str, ...]
    tait: tuple[str, ...]
    faire: Callable[["Recit"], bytes]
    nomme_des_agents: bool = False  # a séance is about them


@dataclass(frozen=True, slots=True)
class Recit:
    """A file with a canary in each column, and another person beside it."""

    m: Monde
    a: Accompagnement
    fin: datetime

    def agents(self) -> tuple[str, ...]:
        """Who reported, and who answered."""
        return (self.m["gardien"].nom, self.m["referent"].nom, self.m["correspondant"].nom)


def _document(genre: str) -> Callable[[Recit], bytes]:
    def faire(r: Recit) -> bytes:
        with agir_comme(r.m["soignant"]):
            d = Document.objects.filter(genre=genre, accompagnement=r.a).latest("demande_le")
        assert d.delegation_id is not None
        assert documents.produire(d.pk, d.delegation_id)
        with agir_comme(r.m["soignant"]):
            return bytes(Document.objects.get(pk=d.pk).octets or b"")

    return faire


def _pack(r: Recit) -> bytes:
    c = recits_concertations.convoquee(r.m, r.a)
    d = next(x for x in recits_concertations.dossiers(r.m, c) if x.organisation_id == r.m.partenaire.pk)
    assert dossiers_concertation.produire_dossier(d.pk, d.delegation_id)
    with agir_comme(r.m["correspondant"]):
        return bytes(DossierConcertation.objects.get(pk=d.pk).octets or b"")


def _copie(r: Recit) -> bytes:
    par = r.m["soignant"]
    with agir_comme(par):
        dossier = archive.lire(par, r.a.pk, [])
    return rendre(archive.html_de(dossier), identifiant="copie", date=horloge.maintenant())


def _fin(r: Recit) -> bytes:
    with agir_comme(r.m["social"]):
        suivi.terminer(r.a.pk, par=r.m["social"], motif="autre", relais="Le CCAS.", situation_logement="maintenu")
    return _document("fin")(r)


def _imprime(demander: Callable[[Recit], Imprime]) -> Callable[[Recit], bytes]:
    def faire(r: Recit) -> bytes:
        with agir_comme(r.m["coordination"]):
            pk: UUID = demander(r).pk
            i = Imprime.objects.get(pk=pk)
        return imprimes.octets_de_l_imprime(i.genre, i.donnees, identifiant=i.genre, le=i.demande_le)

    return faire


def _papier(r: Recit) -> Imprime:
    grille = Grille.objects.all().en_vigueur(r.m.equipe.pk)
    return demander_papier(r.m.equipe, r.m.bailleur, grille, par=r.m["coordination"])


def _ordre_du_jour(r: Recit) -> bytes:
    par = r.m["coordination"]
    autre = recits.transmise(r.m, nom="CanariNom", prenom="CanariPrenom", porte="CanariPorte", faits="CanariFaits")
    with agir_comme(par):
        reunion = preparer_reunion(par=par, le=horloge.aujourdhui() + timedelta(days=1))
        assert inscrire(reunion.pk, par=par, fiches=[autre.pk]) == 1
        lu = imprimes.lire_ordre_du_jour(par, reunion.pk)
    return imprimes.octets_ordre_du_jour(lu.document, identifiant="ordre", le=horloge.maintenant())


def _bilan(r: Recit) -> bytes:
    horloge.regler(MIDI + timedelta(days=200))
    with agir_comme(r.m["coordination"]):
        b = bilans.demander(par=r.m["coordination"], periode=Periode(2026, 2))
    assert calcul.calculer(b.pk, b.delegation)
    with agir_comme(r.m["coordination"]):
        return bytes(Bilan.objects.get(pk=b.pk).fichier.pdf)


def _seance(genre: str) -> Callable[[Recit], bytes]:
    def faire(r: Recit) -> bytes:
        s = recits_seances.avec_inscrits(r.m) if genre == "feuille" else recits_seances.close(r.m)
        if genre == "feuille":
            with agir_comme(r.m["social"]):
                demander_feuille(s.pk, par=r.m["social"])
        d = next(d for d in recits_seances.documents(r.m, s) if d.genre == genre)
        return rendre(seances.html_de(genre, d.donnees), identifiant=genre, date=d.demande_le)

    return faire


TOUT: Final = (*PERSONNE, *ECRITS, *SIGNALEMENT, *OBJECTIF, *AUTRE)
LECTEURS: Final[dict[str, Lecteur]] = {
    "contrat": Lecteur("la personne", ("CanariNom", *OBJECTIF), (*ECRITS, *SIGNALEMENT, *AUTRE), _document("contrat")),
    "fin": Lecteur("la personne", ("CanariNom", *OBJECTIF), (*ECRITS, *SIGNALEMENT, *AUTRE), _fin),
    "lettre": Lecteur(
        "le partenaire", ("CanariNom", "CanariDemande"), (*ECRITS, *SIGNALEMENT, *OBJECTIF, *AUTRE), _document("lettre")
    ),
    "dossier_concertation": Lecteur("les invités", ("Situation A",), TOUT, _pack),
    "dossier_personne": Lecteur(
        "la personne", (*PERSONNE, *OBJECTIF, "CanariNote", "CanariClinique", "CanariVisite", *SIGNALEMENT), JAMAIS,
        _copie,
    ),
    "ordre_du_jour": Lecteur("une table de réunion", ("Ordre du jour",), TOUT, _ordre_du_jour),
    "notice": Lecteur(
        "tout habitant", ("opposer",), TOUT,
        _imprime(lambda r: demander_notice(recits.transmise(r.m, nom="CanariNom"), par=r.m["coordination"])),
    ),
    "fiche_papier": Lecteur("qui la remplit", ("Fiche",), TOUT, _imprime(_papier)),
    "attestation": Lecteur("qui a suivi la séance", ("Attestation",), TOUT, _seance("attestation"), True),
    "emargement": Lecteur("qui signe", ("Signature",), TOUT, _seance("feuille"), True),
    "bilan": Lecteur("les CLSM", ("Bilan",), TOUT, _bilan),
}  # fmt: skip


@pytest.fixture(scope="module")
def recit(django_db_setup: None, django_db_blocker: Any) -> Iterator[Recit]:
    with jete(django_db_blocker):
        horloge.regler(MIDI)
        m = monde("Nord")
        histoires.evalue(m, nom="CanariAutre", faits="CanariAutre")
        a = histoires.ouvert(
            m, seul=True, nom="CanariNom", prenom="CanariPrenom", porte="CanariPorte", faits="CanariFaits",
            telephone="06 00 00 00 00",
        )  # fmt: skip
        with agir_comme(m["soignant"]):
            suivi.changer_consigne(a.pk, par=m["soignant"], ne_pas_y_aller_seul=True, raison="CanariRaison")
            suivi.ecrire_note(a.pk, par=m["soignant"], niveau="equipe", texte="CanariNote")
            suivi.ecrire_note(a.pk, par=m["soignant"], niveau="clinique", texte="CanariClinique")
        v = histoires.visite_prevue(m, a)
        horloge.regler(v.debut + timedelta(hours=1))
        with agir_comme(m["soignant"]):
            suivi.rendre_compte(
                v.pk, par=m["soignant"], version=v.version, issue="faite", compte_rendu="CanariVisite", duree=45,
                autres_presents="CanariPresent",
            )  # fmt: skip
            suivi.ecrire_diagnostic(
                a.pk, par=m["soignant"], version=0, axes=["logement"], textes={"logement": "CanariDiagnostic"}
            )
            fiches.ecrire_message(a.fiche_id, par=m["soignant"], texte="CanariEchange")
        histoires.objectif(m, a, "CanariObjectif")
        with agir_comme(m["social"]):
            suivi.proposer(a.pk, par=m["social"])
            suivi.signer(a.pk, par=m["social"], signature=histoires.SIGNATURE)
        recits_concertations.accords(m, histoires.relu(m, a))
        o = histoires.orientation_proposee(m, a, demande="CanariDemande")
        with agir_comme(m["soignant"]):
            suivi.envoyer_orientation(o.pk, par=m["soignant"])
        yield Recit(m, histoires.relu(m, a), horloge.maintenant())


@pytest.fixture
def db(recit: Recit, django_db_blocker: Any) -> Iterator[Recit]:
    with jete(django_db_blocker):
        horloge.regler(recit.fin)
        yield recit


def test_chaque_genre_de_pdf_a_son_lecteur() -> None:
    dossier = DOSSIER_STATIQUE.parent / "templates" / "pdf"
    genres = {p.stem for p in dossier.glob("*.html") if 'extends "pdf/base.html"' in p.read_text(encoding="utf-8")}
    assert genres == set(LECTEURS)


@pytest.mark.parametrize("genre", sorted(LECTEURS))
def test_un_pdf_ne_porte_que_ce_que_son_lecteur_peut_lire(db: Recit, genre: str) -> None:
    lecteur = LECTEURS[genre]
    octets = lecteur.faire(db)
    pdf = pypdf.PdfReader(io.BytesIO(octets))
    mots = re.sub(r"\s+", " ", " ".join(page.extract_text() for page in pdf.pages))
    xmp = pdf.xmp_metadata
    objets: list[Any] = [pdf.get_object(n) for n in range(1, len(pdf.xref[0]))]
    brut = b"".join(o.get_data() for o in objets if hasattr(o, "get_data"))
    meta = f"{pdf.metadata} {xmp.stream.get_data().decode() if xmp else ''} {pdf.outline}"
    for dit in lecteur.dit:
        assert dit in mots, (genre, lecteur.qui, dit)
    for canari in (*lecteur.tait, *(() if lecteur.nomme_des_agents else db.agents())):
        assert canari not in mots, (genre, lecteur.qui, canari)
        assert canari not in meta, (genre, "metadata", canari)
        assert canari.encode() not in brut, (genre, "streams", canari)
    nom = " ".join(filter(None, (str(pdf.metadata.title if pdf.metadata else ""), str(pdf.metadata))))
    assert "CanariNom" not in nom  # a title is shown by the window and kept by the computer: no name in it
