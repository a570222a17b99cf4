"""Stories of séances: every state is reached by the real transitions."""

from datetime import timedelta
from typing import Any

from partenaires.models import DocumentSeance, InscriptionSeance, Rattachement, Seance
from partenaires.parcours import inscriptions as inscrire
from partenaires.parcours import seances as parcours
from partenaires.parcours.seances import Annonce, Pointage
from partenaires.perimetre import agir_comme
from socle import horloge
from tests.conftest import en_tant_que
from tests.fabriques import Monde


def annonce(**champs: Any) -> Annonce:
    """A séance of théorie in ten days, twelve seats, registrations closed two days before."""
    debut = champs.pop("debut", None) or horloge.maintenant() + timedelta(days=10)
    jour = horloge.paris(debut).date()
    defaut: dict[str, Any] = {
        "genre": "theorie", "titre": "Repérer une souffrance", "duree": 180, "lieu": "12 rue des Lilas",
        "capacite": 12, "inscription_jusqu_au": jour - timedelta(days=2), "formateurs_externes": "Mme Gabarit",
    }  # fmt: skip
    return Annonce(debut=debut, **{**defaut, **champs})


def preparee(m: Monde, *, bailleurs: Any = None, **champs: Any) -> Seance:
    with agir_comme(m["social"]):
        invites = [m.bailleur.pk] if bailleurs is None else bailleurs
        formateurs = champs.pop("formateurs", (m["soignant"].pk,))
        return parcours.preparer(annonce(formateurs=formateurs, **champs), par=m["social"], bailleurs=invites)


def ouverte(m: Monde, **champs: Any) -> Seance:
    s = preparee(m, **champs)
    with agir_comme(m["social"]):
        return parcours.ouvrir(s.pk, par=m["social"])


def avec_inscrits(m: Monde, *, noms: tuple[str, ...] = ("Tom Esquisse",), **champs: Any) -> Seance:
    """Open, with the gardien (by his account) and people without one."""
    s = ouverte(m, **champs)
    inscrit(m, s)
    for nom in noms:
        inscrit(m, s, nom)
    return relue(m, s)


def inscrit(m: Monde, s: Seance, nom: str = "", *, role: str = "gardien", par: str = "referent") -> InscriptionSeance:
    """Somebody registered by the référent: by her account, or by her name."""
    with agir_comme(m[par]):
        if nom:
            return inscrire.inscrire_nom(s.pk, par=m[par], bailleur=m.bailleur, nom=nom, fonction="Agent d’accueil")
        sien = Rattachement.objects.visibles_par(m[par]).select_related("compte").get(compte=m[role])
        return inscrire.inscrire_compte(s.pk, sien, par=m[par])


def tenue(m: Monde, **champs: Any) -> Seance:
    """Held: the gardien came, the others did not."""
    s = avec_inscrits(m, **champs)
    horloge.regler(s.debut + timedelta(hours=1))
    with agir_comme(m["soignant"]):
        lignes = {
            i.pk: Pointage("", "presente" if i.compte_id else "absente") for i in inscriptions(m, s) if i.est_confirmee
        }
        return parcours.pointer(s.pk, par=m["soignant"], lignes=lignes)


def close(m: Monde, **champs: Any) -> Seance:
    s = tenue(m, **champs)
    with agir_comme(m["soignant"]):
        return parcours.clore(s.pk, par=m["soignant"])


def annulee(m: Monde, **champs: Any) -> Seance:
    s = avec_inscrits(m, **champs)
    with agir_comme(m["social"]):
        return parcours.annuler_seance(s.pk, par=m["social"], motif="La salle n’est plus libre.")


def relue(m: Monde, s: Seance) -> Seance:
    with agir_comme(m["coordination"]):
        lue: Seance = Seance.objects.get(pk=s.pk)
        return lue


def inscriptions(m: Monde, s: Seance) -> list[InscriptionSeance]:
    """All of them, cancelled ones too, the oldest first."""
    with en_tant_que("palier_fabrique"):
        return list(InscriptionSeance.objects.filter(seance=s).select_related("bailleur").order_by("inscrite_le", "id"))


def documents(m: Monde, s: Seance) -> list[DocumentSeance]:
    """What was asked for, made or not."""
    with agir_comme(m["coordination"]):
        return list(DocumentSeance.objects.visibles_par(m["coordination"]).de_la_seance(s).order_by("id"))
