"""Every route, every role, two tenants: what opens is written here, and no canary crosses.

A route that is not declared fails. For each role: in its own tenant the page opens (or says that the state does
not allow it), or is refused; in the other tenant an object is unknown (404), as if it did not exist.
"""

import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from partenaires.enums import Role
from partenaires.models import Compte
from socle import horloge
from tests.conftest import MIDI
from tests.etancheite.cas_seances import SEANCES
from tests.etancheite.routes import routes
from tests.etancheite.tenants import Locataire, locataire
from tests.fabriques import PERSONNES
from tests.partage import jete

REFERENTS = frozenset({Role.REFERENT, Role.RESPONSABLE})
EQUIPE = frozenset({Role.COORDINATION, Role.SOIGNANT, Role.SOCIAL})
AUTEURS = REFERENTS | EQUIPE | {Role.GARDIEN, Role.CORRESPONDANT}
TOUS = frozenset(PERSONNES)
COORDINATION = frozenset({Role.COORDINATION})
RESPONSABLE = frozenset({Role.RESPONSABLE})
EXPLOITATION = frozenset({Role.EXPLOITATION})
PARTENAIRE = frozenset({Role.CORRESPONDANT})
CLSM = frozenset({Role.COORDINATION_CLSM})
PERSONNE: frozenset[Role] = frozenset()
OUVERT = {200, 204, 302, 400, 409, 422}
FERME = {403, 404}


@dataclass(frozen=True, slots=True)
class Cas:
    """Who opens a route, on which object of the tenant, and whose page may bear the tenant's canary."""

    ouverts: frozenset[Role]
    objet: str = ""
    lisent: frozenset[Role] = PERSONNE


def _fiche(objet: str = "transmise", ouverts: frozenset[Role] = EQUIPE) -> Cas:
    return Cas(ouverts, objet, EQUIPE)


def _situation(objet: str = "dossier", ouverts: frozenset[Role] = EQUIPE) -> Cas:
    return Cas(ouverts, objet, EQUIPE)


SITUATION = (
    "accord_recueillir", "contrat_comparer", "note_ecrire", "note_ecrire_niveau", "objectif_ajouter",
    "orientation_proposer", "piece_joindre", "situation", "situation_rouvrir",
    "situation_contrat", "situation_contrat_papier", "situation_diagnostic", "situation_documents",
    "situation_intervenants", "situation_logement", "situation_notes", "situation_orientations", "situation_proposer",
    "situation_refus_contrat", "situation_releve", "situation_reprendre", "situation_reprendre_evaluation",
    "situation_sans_suite", "situation_signer", "situation_suspendre", "situation_terminer", "situation_visites",
    "creneaux_proposer", "situation_consigne", "visite_planifier",
)  # fmt: skip
VISITE = ("visite", "visite_annuler", "visite_brouillon", "visite_deplacer", "visite_reprise", "visite_sortie")
ORIENTATION = (
    "orientation", "orientation_envoyer", "orientation_lien", "orientation_lien_fermer",
    "orientation_prendre_en_charge", "orientation_relancer", "orientation_repondre", "orientation_retirer",
    "orientation_terminer", "orientation_traiter_refus",
)  # fmt: skip
ORIENTATION_RECUE = (
    "orientation_recue", "orientation_recue_prise_en_charge", "orientation_recue_repondre",
    "orientation_recue_terminer",
)  # fmt: skip

INVITES = REFERENTS | PARTENAIRE
CONCERTATION = (
    "concertation", "concertation_annuler", "concertation_convoquer", "concertation_dossiers", "concertation_inscrire",
    "concertation_inviter", "concertation_modifier", "concertation_tenir",
)  # fmt: skip
POINT = (
    "point_concertation", "point_convenir", "point_decider", "point_modifier", "point_rediger", "point_retirer",
)  # fmt: skip

REUNION = ("annuler", "choisir", "ordonner", "ordre_du_jour", "ouvrir", "presents", "terminer")

CAS: dict[str, Cas] = {
    "a_faire": Cas(TOUS, lisent=EQUIPE | REFERENTS),
    "accueil": Cas(TOUS, lisent=EQUIPE | REFERENTS),
    "accessibilite": Cas(TOUS),
    "aide": Cas(TOUS),
    "changer_organisation": Cas(TOUS),
    "cles_hors_ligne": Cas(TOUS),
    "donnees_personnelles": Cas(TOUS),
    "hors_ligne": Cas(TOUS),
    "manifeste": Cas(TOUS),
    "mon_compte": Cas(TOUS),
    "ouvrier": Cas(TOUS),
    "notice_habitants": Cas(TOUS),
    "second_facteur_choisir": Cas(TOUS),
    "sante": Cas(TOUS),
    "urgence": Cas(TOUS),
    "verification": Cas(TOUS),
    # Notifications: one's own
    "absence_terminer": Cas(frozenset({Role.SOCIAL}), "absence"),
    "absences": Cas(TOUS - {Role.GARDIEN}),
    "notification": Cas(COORDINATION, "notification"),
    "notifications": Cas(TOUS),
    "notifications_lues": Cas(TOUS),
    "reglages_avis": Cas(TOUS),
    # People
    "convention": Cas(EXPLOITATION, "convention"),
    "convention_commune_terminer": Cas(EXPLOITATION, "convention"),
    "convention_communes": Cas(EXPLOITATION, "convention"),
    "convention_creer": Cas(EXPLOITATION),
    "convention_regler": Cas(EXPLOITATION, "convention"),
    "convention_terminer": Cas(EXPLOITATION, "convention"),
    "conventions": Cas(EXPLOITATION),
    "invitation": Cas(PERSONNE, "invitation"),
    "invitation_annuler": Cas(PERSONNE, "invitation"),
    "invitation_carte": Cas(RESPONSABLE, "code"),
    "invitation_refaire": Cas(RESPONSABLE, "code"),
    "gardiens": Cas(REFERENTS),
    "membre_inviter_code": Cas(REFERENTS),
    "membre_residences": Cas(RESPONSABLE, "membre"),
    "rejoindre": Cas(TOUS),
    "invitations": Cas(RESPONSABLE | COORDINATION | EXPLOITATION, lisent=RESPONSABLE),
    "journal": Cas(COORDINATION | {Role.DPO}),
    "membre": Cas(RESPONSABLE, "membre"),
    "membre_inviter": Cas(RESPONSABLE | COORDINATION | EXPLOITATION),
    "membre_terminer": Cas(RESPONSABLE, "membre"),
    "membres": Cas(RESPONSABLE | COORDINATION | EXPLOITATION),
    "organisation": Cas(EXPLOITATION, "organisation"),
    "organisation_creer": Cas(EXPLOITATION),
    "organisation_inviter": Cas(PERSONNE, "organisation"),  # it has members already
    "organisations": Cas(EXPLOITATION),
    "cle_revoquer": Cas(RESPONSABLE, "logiciel"),
    "logiciel": Cas(RESPONSABLE, "logiciel", RESPONSABLE),
    "logiciel_cle": Cas(RESPONSABLE, "logiciel", RESPONSABLE),
    "logiciel_fermer": Cas(RESPONSABLE, "logiciel", RESPONSABLE),
    "logiciel_ouvrir": Cas(RESPONSABLE),
    "logiciels": Cas(RESPONSABLE, lisent=RESPONSABLE),
    "import_abandonner": Cas(RESPONSABLE, "import"),
    "import_enregistrer": Cas(RESPONSABLE, "import"),
    "import_progres": Cas(RESPONSABLE, "import", RESPONSABLE),
    "import_residences": Cas(RESPONSABLE, "import", RESPONSABLE),
    "residences_importer": Cas(RESPONSABLE, lisent=RESPONSABLE),
    "residences_modele": Cas(RESPONSABLE),
    "residence": Cas(RESPONSABLE, "residence"),
    "residence_ajouter": Cas(RESPONSABLE),
    "residence_fermer": Cas(RESPONSABLE, "residence"),
    "residence_rouvrir": Cas(PERSONNE, "residence"),  # it is open
    "residences": Cas(RESPONSABLE),
    # The orienteur's side
    "brouillon_supprimer": Cas(frozenset({Role.GARDIEN}), "brouillon"),
    "mes_signalements": Cas(REFERENTS | {Role.GARDIEN, Role.CORRESPONDANT}, lisent=REFERENTS),
    "reprise": Cas(frozenset({Role.GARDIEN}), "brouillon"),
    "reprise_nouvelle": Cas(AUTEURS),
    "photo": Cas(REFERENTS | EQUIPE, "photo"),
    "photo_image": Cas(REFERENTS | EQUIPE, "photo"),
    "photo_retirer": Cas(PERSONNE, "photo"),  # it has left its author's hand
    "photos": Cas(frozenset({Role.GARDIEN}), "brouillon"),
    "saisie": Cas(frozenset({Role.GARDIEN}), "brouillon", frozenset({Role.GARDIEN})),
    "saisie_alerte": Cas(frozenset({Role.GARDIEN}), "brouillon"),
    "saisie_auto": Cas(frozenset({Role.GARDIEN}), "brouillon"),
    "saisir_fiche": Cas(AUTEURS),
    "signalement": Cas(REFERENTS | EQUIPE | {Role.GARDIEN}, "transmise", REFERENTS),
    "signalement_abandonner": Cas(REFERENTS, "transmise", REFERENTS),
    "fiche_rectifier": Cas(REFERENTS | EQUIPE, "transmise", REFERENTS | EQUIPE),
    "fil_lu": Cas(REFERENTS | EQUIPE, "transmise"),
    "notice": Cas(REFERENTS | EQUIPE, "transmise"),
    "notice_pdf": Cas(PERSONNE, "transmise"),  # it is not made yet
    "papier": Cas(AUTEURS),
    "papier_pdf": Cas(PERSONNE),  # it is not made yet
    "signalement_fiche": Cas(REFERENTS, "transmise", REFERENTS),
    "signalement_information": Cas(REFERENTS, "transmise", REFERENTS),
    "signalement_opposition": Cas(REFERENTS, "transmise", REFERENTS),
    "signalement_relecture": Cas(REFERENTS, "transmise", REFERENTS),
    "signalement_repondre": Cas(REFERENTS, "transmise", REFERENTS),
    "releve": Cas(PERSONNE, "transmise"),
    "releve_non_evaluable": Cas(PERSONNE, "transmise"),
    "releves": Cas(AUTEURS, lisent=EQUIPE | REFERENTS),
    # The équipe's side
    "fiche": _fiche(),
    "fiche_comparer": _fiche(),
    "fiche_comparer_annuler": _fiche(),
    "fiche_annuler_opposition": _fiche(ouverts=COORDINATION),
    "fiche_attribuer": _fiche(),
    "fiche_classer": _fiche(),
    "fiche_complement": _fiche(),
    "fiche_information": _fiche(),
    "fiche_message": _fiche(),
    "fiche_non_recevable": _fiche(),
    "fiche_opposer": _fiche(),
    "fiche_recevable": _fiche(),
    "fiche_reorienter": _fiche(),
    "fiches": Cas(EQUIPE, lisent=EQUIPE),
    "reunions": Cas(EQUIPE),
    "reunion_preparer": Cas(EQUIPE),
    "reunion": Cas(EQUIPE, "reunion", EQUIPE),
    **{f"reunion_{acte}": Cas(EQUIPE, "reunion", EQUIPE) for acte in REUNION},
    "point": Cas(EQUIPE, "point", EQUIPE),
    **dict.fromkeys(("exporter", "exports"), Cas(EQUIPE)),
    "export": Cas(COORDINATION, "export"),  # whoever asked for it
    "export_fichier": Cas(COORDINATION, "export"),
    "export_progres": Cas(COORDINATION, "export"),
    "export_relancer": Cas(COORDINATION, "export"),
    "delais_changer": Cas(COORDINATION),
    "delais_retirer": Cas(COORDINATION, "delais"),
    "grille": Cas(EQUIPE),
    "grille_apercu": Cas(COORDINATION),
    "grille_jeter": Cas(COORDINATION),
    "grille_preparer": Cas(COORDINATION),
    "reglages": Cas(EQUIPE),
    "reglages_lecture": Cas(COORDINATION),
    "vues": Cas(EQUIPE, lisent=EQUIPE),
    "vue_enregistrer": Cas(EQUIPE),
    "vue_modifier": Cas(COORDINATION, "vue", COORDINATION),
    "vue_par_defaut": Cas(EQUIPE, "vue"),
    "vue_supprimer": Cas(COORDINATION, "vue", COORDINATION),
    "recherche": Cas(REFERENTS | EQUIPE, lisent=REFERENTS | EQUIPE),
    # The situations: one under contract, with a note of each level, a planned visit, an orientation sent
    **{nom: _situation() for nom in SITUATION},
    **{nom: _situation("visite") for nom in VISITE},
    "creneaux_retirer": _situation("proposition"),
    "rendez_vous": Cas(REFERENTS, "proposition", REFERENTS),
    "rendez_vous_decliner": Cas(REFERENTS, "proposition", REFERENTS),
    "visites": Cas(EQUIPE, lisent=EQUIPE),
    "agenda_abonnement": Cas(EQUIPE),
    "agenda_flux": Cas(PERSONNE),  # an unknown address
    "accord_retirer": _situation("accord"),
    "document": Cas(PERSONNE, "document"),  # it is not made yet
    "document_relancer": Cas(EQUIPE, "document"),
    "document_verifier": Cas(PERSONNE, "document"),
    "piece_remplacer": _situation("piece"),
    "piece_retirer": _situation("piece"),
    "note_clinique_modifier": Cas(frozenset({Role.SOIGNANT}), "note_clinique", frozenset({Role.SOIGNANT})),
    "note_modifier": Cas(frozenset({Role.SOIGNANT}), "note", EQUIPE),  # its author
    "objectif_revoir": _situation("objectif"),
    "situation_demander": _situation(),
    "situation_etape": _situation(),
    "etape_faite": _situation(),
    "situation_exceptions": _situation(ouverts=COORDINATION),
    "exceptions": Cas(COORDINATION, lisent=COORDINATION),
    "exception_finir": Cas(COORDINATION, "exception"),
    "situations_confiees": Cas(PERSONNE),  # nothing is open to anybody by name
    "situation_confiee": Cas(PERSONNE, "dossier"),
    "ma_journee": Cas(EQUIPE, lisent=EQUIPE),
    "charge": Cas(COORDINATION),
    "passation": Cas(COORDINATION, "intervenante", COORDINATION),
    "lectures": Cas(COORDINATION, lisent=COORDINATION),
    "lecture_fermer": Cas(PERSONNE, "lecture"),  # nobody has one
    "lecture_revoir": Cas(PERSONNE, "lecture"),
    "situation_ouvrir": _situation("transmise"),
    "situation_retrait": _situation(ouverts=COORDINATION),
    "situations": Cas(EQUIPE, lisent=EQUIPE),
    # The annuaire
    "annuaire": Cas(EQUIPE, lisent=EQUIPE),
    **{f"annuaire_{acte}": Cas(COORDINATION, "import_annuaire") for acte in ("abandonner", "enregistrer")},
    "annuaire_importer": Cas(COORDINATION, lisent=COORDINATION),
    "annuaire_progres": Cas(COORDINATION, "import_annuaire", COORDINATION),
    "import_annuaire": Cas(COORDINATION, "import_annuaire", COORDINATION),
    "structure_ajouter": Cas(EQUIPE),
    **{nom: Cas(EQUIPE, "structure", EQUIPE) for nom in ("structure", "structure_modifier")},
    **{f"structure_{acte}": Cas(EQUIPE, "structure") for acte in ("archiver", "reprendre")},
    # The orientations
    **{nom: _situation("orientation") for nom in ORIENTATION},
    **{nom: Cas(PARTENAIRE, "orientation", PARTENAIRE) for nom in ORIENTATION_RECUE},
    "orientation_lettre": Cas(PERSONNE, "orientation"),  # the letters are not made yet
    "orientation_recue_lettre": Cas(PERSONNE, "orientation"),
    "orientations": Cas(EQUIPE, lisent=EQUIPE),
    "reponse": Cas(TOUS),
    "reponse_orientation": Cas(PERSONNE),  # only a link opens it
    "orientations_recues": Cas(PARTENAIRE, lisent=PARTENAIRE),
    # The concertations: one convened, one held
    **{nom: _situation("concertation") for nom in CONCERTATION},
    **{nom: _situation("point_concertation") for nom in POINT},
    "accord_bailleur": _situation(),
    "accord_commission": _situation(),
    "concertation_papier": _situation("concertation"),
    "orientation_vers": Cas(EQUIPE, "structure", EQUIPE),
    "dossier_demander": _situation(ouverts=EQUIPE),
    "dossier_remettre": _situation("demande_acces"),
    "situation_accords": _situation(),
    "action_clore": _situation("action_convenue"),
    "commission": Cas(EQUIPE, "commission", EQUIPE),
    "commissions": Cas(EQUIPE, lisent=EQUIPE),
    "concertation_de_l_invitation": _situation("invitation_concertation"),
    "concertation_preparer": Cas(EQUIPE, lisent=EQUIPE),
    "concertation_recue": Cas(PARTENAIRE, "invitation_concertation", PARTENAIRE),
    "concertations": Cas(EQUIPE, lisent=EQUIPE),
    "concertations_recues": Cas(INVITES),
    "decision_clore": _situation("decision"),
    "dossier_concertation": Cas(EQUIPE | PARTENAIRE, "dossier_concertation"),
    "invitation_retirer": _situation("invitation_concertation"),
    "situation_concertations": _situation(),
    **{nom: Cas(*cas) for nom, cas in SEANCES.items()},
    # The bilans; this one is not calculated
    "bilan": Cas(EQUIPE, "bilan"),
    "bilan_ods": Cas(PERSONNE, "bilan"),
    "bilan_pdf": Cas(PERSONNE, "bilan"),
    "bilan_progres": Cas(EQUIPE, "bilan"),
    "bilan_publier": Cas(COORDINATION, "bilan"),
    "bilan_relancer": Cas(COORDINATION, "bilan"),
    "bilans": Cas(EQUIPE | CLSM),
    "tableau_de_bord": Cas(EQUIPE),
    "methode": Cas(EQUIPE | CLSM),
}


def _declarees() -> list[str]:
    return sorted(n for n in routes() if not n.startswith(("account_", "mfa_", "api_")))


def test_chaque_route_a_son_cas() -> None:
    assert set(_declarees()) == set(CAS)


def _client(compte: Compte) -> Client:
    client = Client(raise_request_exception=False)
    client.force_login(compte)
    session = client.session
    session["_second_facteur"] = True
    session.save()
    return client


def valeurs_de(nom: str, t: Locataire) -> dict[str, Any]:
    """What the address of a route asks for, in this tenant."""
    valeurs: dict[str, Any] = {
        "etape": "personne", "forme": "ods", "jeton": "inconnu", "niveau": "equipe", "cle": uuid.UUID(int=7),
    }  # fmt: skip
    if "pk" in routes()[nom].parametres:
        objet = t.objets[CAS[nom].objet]
        valeurs["pk"] = getattr(objet, "pk", objet)
        valeurs["autre"] = t.objets["terminee"].pk
        valeurs["ligne"] = t.objets["commune"].pk
    return {p: valeurs[p] for p in routes()[nom].parametres}


AGISSENT: set[str] = set()  # routes that said that they only take POST: they say so to everybody, before any right


def _demander(client: Client, nom: str, t: Locataire, *, suivre: bool = False) -> Any:
    adresse = reverse(nom, kwargs=valeurs_de(nom, t))
    if nom not in AGISSENT:
        reponse = client.get(adresse, follow=suivre)
        if reponse.status_code != 405:
            return reponse
        AGISSENT.add(nom)
    reponse = client.post(adresse)
    session = client.session
    if session.pop("_messages", None):  # what it says to its author is not the next page's
        session.save()
    return reponse


@pytest.fixture(scope="module")
def nord_sud(django_db_setup: None, django_db_blocker: Any) -> Iterator[tuple[Locataire, Locataire]]:
    with jete(django_db_blocker):
        horloge.regler(MIDI)
        nord = locataire("Nord")
        horloge.regler(MIDI)
        yield nord, locataire("Sud")


@pytest.fixture
def db(nord_sud: tuple[Locataire, Locataire], django_db_blocker: Any) -> Iterator[tuple[Locataire, Locataire]]:
    with jete(django_db_blocker):
        horloge.regler(MIDI)
        yield nord_sud


@pytest.mark.parametrize("role", PERSONNES)
def test_chaque_role_n_ouvre_que_ce_qui_est_ecrit_et_rien_ne_traverse(
    db: tuple[Locataire, Locataire], role: Role
) -> None:
    nord, sud = db
    du_nord, du_sud = _client(nord.m[role]), _client(sud.m[role])
    fautes = []
    for nom in _declarees():
        cas = CAS[nom]
        ici, ailleurs = _demander(du_nord, nom, nord), _demander(du_sud, nom, nord, suivre=True)
        attendu = OUVERT if role in cas.ouverts else FERME
        if ici.status_code not in attendu:
            fautes.append(f"{nom}: {ici.status_code} instead of {sorted(attendu)}")
        if nord.canari.encode() in ici.content and role not in cas.lisent:
            fautes.append(f"{nom}: bears the canary of its own tenant")
        a_tous = role in (Role.EXPLOITATION, Role.DPO)
        if cas.objet and not a_tous and ailleurs.status_code not in FERME:
            fautes.append(f"{nom}: {ailleurs.status_code} in the other tenant")
        if cas.objet and not a_tous and role in cas.ouverts and ailleurs.status_code != 404:
            fautes.append(f"{nom}: {ailleurs.status_code} tells that the object exists")
        if nord.canari.encode() in ailleurs.content or nord.canari in str(ailleurs.headers):
            fautes.append(f"{nom}: the canary crossed")
    assert fautes == []
