"""The door of a partner without an account: each state of the orientation x each state of the link, and two at once."""

from collections.abc import Callable
from copy import copy
from datetime import datetime, timedelta
from typing import Any, Final

import pytest
from django.db import connections

from accompagnements import parcours
from accompagnements.enums import EtatOrientation
from accompagnements.models import Accord, LienOrientation, Orientation
from accompagnements.parcours import liens
from accompagnements.parcours.liens import LienFerme, adresse_du_lien
from partenaires.perimetre import agir_comme
from socle import horloge
from socle.transitions import TransitionInterdite
from socle.vues import a_defaire
from tests import recits_accompagnements as suivi
from tests.accompagnements.test_liens import envoyee, structure
from tests.accompagnements.test_orientations_ensemble import ensemble
from tests.conftest import en_tant_que
from tests.fabriques import Monde, monde

E = EtatOrientation
# Written from the specification: a link is given while an answer or a follow-up may still come; it opens while the
# orientation is sent and not taken back; and from there, what its holder may write.
REMIS: Final = {E.ENVOYEE, E.ACCEPTEE, E.LISTE_ATTENTE, E.PRISE_EN_CHARGE}
ECRIT: Final[dict[str, set[str]]] = {
    E.ENVOYEE: {"accepter", "mettre_en_attente", "refuser"},
    E.LISTE_ATTENTE: {"accepter", "refuser", "prendre_en_charge"},
    E.ACCEPTEE: {"prendre_en_charge"},
    E.PRISE_EN_CHARGE: {"terminer"},
    E.REFUSEE: set(),
    E.TERMINEE: set(),
}
LUS: Final = set(ECRIT)
GESTES: Final = ("accepter", "mettre_en_attente", "refuser", "prendre_en_charge", "terminer")
CONDITIONS: Final = ("neuf", "code_faux", "expire", "ouvert", "revoque", "verrouille")


def orientation_a(m: Monde, a: Any, etat: str) -> tuple[Orientation, str, str]:
    """Led to a state, with the link and the code that were given when it was sent ("" for one never sent)."""
    s = structure(m, f"CMP {etat}")
    suivi.accord(m, a, organisation=s)
    o = suivi.orientation_proposee(m, a, destinataire=s)
    par = m["soignant"]
    with agir_comme(par):
        if etat == E.PROPOSEE:
            return o, "", ""
        o = parcours.envoyer_orientation(o.pk, par=par)
        remis = parcours.remettre_lien(o.pk, par=par)
        jour, dans = horloge.aujourdhui(), horloge.maintenant() + timedelta(days=1)
        if etat in (E.ACCEPTEE, E.PRISE_EN_CHARGE, E.TERMINEE):
            parcours.repondre(o.pk, par=par, issue="accepter", rendez_vous=dans)
        if etat in (E.PRISE_EN_CHARGE, E.TERMINEE):
            parcours.prendre_en_charge(o.pk, par=par, le=jour)
        if etat == E.TERMINEE:
            parcours.terminer_orientation(o.pk, par=par, le=jour)
        if etat == E.LISTE_ATTENTE:
            parcours.repondre(o.pk, par=par, issue="mettre_en_attente", revoir_le=jour)
        if etat == E.REFUSEE:
            parcours.repondre(o.pk, par=par, issue="refuser", motif="sans_place")
        if etat == E.RETIREE:
            parcours.retirer(o.pk, par=par, motif="sans_objet")
        return Orientation.objects.get(pk=o.pk), adresse_du_lien(remis.lien.pk), remis.code_dit


def tenter(faire: Callable[[], Any]) -> str:
    """« fait », or what refused; undone afterwards, whatever it was."""

    class Defait(Exception):
        pass

    dit = "fait"
    try:
        with a_defaire():
            try:
                faire()
            except (LienFerme, TransitionInterdite) as refus:
                dit = type(refus).__name__
            raise Defait
    except Defait:
        return dit


def geste(acces: bytes, nom: str, version: int) -> Callable[[], None]:
    jour, dans = horloge.aujourdhui(), horloge.maintenant() + timedelta(days=2)
    if nom == "prendre_en_charge":
        return lambda: liens.prendre_en_charge_par_lien(acces, version=version, le=jour)
    if nom == "terminer":
        return lambda: liens.terminer_par_lien(acces, version=version, le=jour)
    return lambda: liens.repondre_par_lien(
        acces, version=version, issue=nom, rendez_vous=dans, revoir_le=jour, motif="sans_place"
    )


def poser(m: Monde, o: Orientation, condition: str, lien: str, code: str) -> str:
    """Bring the link to a condition by what really happens; returns the code to try."""
    faux = f"{(int(code[:4]) + 1) % 10000:04} {code[5:]}"
    if condition == "expire":
        horloge.avancer(days=14)
    elif condition == "ouvert":
        assert parcours.ouvrir_lien(lien, code)
    elif condition == "revoque":
        with agir_comme(m["soignant"]):
            parcours.revoquer_lien(o.pk, par=m["soignant"])
    elif condition == "verrouille":
        for _ in range(5):
            with pytest.raises(LienFerme):
                parcours.ouvrir_lien(lien, faux)
    return faux if condition == "code_faux" else code


def test_la_porte_par_etat_de_l_orientation_et_du_lien(db: None, midi: datetime) -> None:
    m = monde()
    a = suivi.evalue(m, telephone="06 00 00 00 00")
    depart = horloge.maintenant()
    for etat in E.values:
        o, lien, code = orientation_a(m, a, etat)
        assert o.etat == etat
        with agir_comme(m["soignant"]):
            obtenu = tenter(lambda pk=o.pk: parcours.remettre_lien(pk, par=m["soignant"]))  # type: ignore[misc]
        assert obtenu == ("fait" if etat in REMIS else "TransitionInterdite"), etat
        for condition in CONDITIONS if lien else ():
            horloge.regler(depart)

            def ouvrir(o: Orientation = o, lien: str = lien, code: str = code, condition: str = condition) -> None:
                essai = poser(m, o, condition, lien, code)
                parcours.ouvrir_lien(lien, essai)

            assert tenter(ouvrir) == ("fait" if etat in LUS and condition == "neuf" else "LienFerme"), (etat, condition)
        horloge.regler(depart)
        if etat not in LUS:
            continue
        acces = parcours.ouvrir_lien(lien, code)
        lue = parcours.orientation_du_lien(acces).o
        assert lue.pk == o.pk
        for nom in GESTES:
            voulu = "fait" if nom in ECRIT[etat] else "TransitionInterdite"
            assert tenter(geste(acces, nom, lue.version)) == voulu, (etat, nom)
            assert tenter(geste(acces, nom, lue.version - 1)) == "TransitionInterdite", (etat, nom, "stale")
        with agir_comme(m["social"]):
            parcours.retirer_accord(Accord.objects.get(structure=o.structure, retire_le=None).pk, par=m["social"])
        for nom in GESTES:
            assert tenter(geste(acces, nom, lue.version)) == "LienFerme", (etat, nom, "withdrawn")
    with en_tant_que("palier_fabrique"):
        assert LienOrientation.objects.filter(ouvert_le__isnull=False).count() == len(LUS)


@pytest.mark.django_db(transaction=True)
def test_un_lien_ouvert_par_deux_a_la_fois_n_ouvre_qu_a_un_et_le_retrait_ferme_aux_deux(midi: datetime) -> None:
    m = monde()
    o = envoyee(m)
    with agir_comme(m["soignant"]):
        remis = parcours.remettre_lien(o.pk, par=m["soignant"])
        accord = Accord.objects.get()
    lien, code = adresse_du_lien(remis.lien.pk), remis.code_dit
    ouverts = ensemble(*[lambda: parcours.ouvrir_lien(lien, code)] * 3)
    assert sorted(type(x).__name__ for x in ouverts) == ["LienFerme", "LienFerme", "bytes"]
    acces = next(x for x in ouverts if isinstance(x, bytes))
    version = parcours.orientation_du_lien(acces).o.version

    def retirer() -> object:
        qui = copy(m["social"])
        with agir_comme(qui):
            return parcours.retirer_accord(accord.pk, par=qui)

    issues = ensemble(geste(acces, "accepter", version), geste(acces, "refuser", version), retirer)
    assert isinstance(issues[2], Accord)
    with en_tant_que("palier_systeme"):
        lue = Orientation.objects.get(pk=o.pk)
    assert lue.retiree_le == horloge.maintenant()
    faits = [nom for nom, issue in zip(("acceptee", "refusee"), issues, strict=False) if issue is None]
    assert len(faits) <= 1  # one answer, or none: never two
    assert lue.etat in ({"retiree"} if not faits else {"retiree", *faits})
    with pytest.raises(LienFerme):
        parcours.orientation_du_lien(acces)
    connections.close_all()
