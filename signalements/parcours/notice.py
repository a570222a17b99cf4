"""The notice for the household: what it says, its asking, and its bytes, made by the worker."""

from typing import Any, Final
from uuid import UUID

from partenaires.models import Compte, DelaisEquipe, Organisation
from signalements.enums import Action
from signalements.models import Fiche, Notice
from signalements.models.notices import empreinte_de
from signalements.parcours.verrous import noter
from socle import envois, horloge
from socle.perimetre import deleguer

TACHE: Final = "signalements.notice"
ENVOI: Final = "signalements.notice_a_produire"
VERSION: Final = 1  # of the text of the template


def donnees_de_la_notice(fiche: Fiche) -> dict[str, Any]:
    """Who writes, who receives, whom to call: names of organisations only. `fiche` is transmitted."""
    assert fiche.equipe is not None
    equipe, orienteur = fiche.equipe, fiche.orienteur
    return {
        "version": VERSION,
        "equipe": _contact(equipe),
        "orienteur": {"nom": orienteur.nom, "bailleur": orienteur.est_bailleur},
        "jours": DelaisEquipe.de(equipe.pk, horloge.aujourdhui()).opposition_jours,
    }


def _contact(organisation: Organisation) -> dict[str, str]:
    return {
        "nom": organisation.nom,
        "adresse": organisation.adresse,
        "telephone": organisation.telephone,
        "courriel": organisation.courriel,
    }


def demander_notice(fiche: Fiche, *, par: Compte) -> Notice:
    """The notice that says what is true today between these two organisations; made once, however often asked."""
    assert par.organisation_id is not None
    donnees = donnees_de_la_notice(fiche)
    empreinte = empreinte_de(donnees)
    connue = Notice.objects.entre(fiche.equipe_destinataire_id, fiche.orienteur_id, empreinte).first()
    if connue is not None:
        return connue
    notice = Notice(
        equipe_id=fiche.equipe_destinataire_id,
        orienteur_id=fiche.orienteur_id,
        empreinte=empreinte,
        donnees=donnees,
        demande_par=par,
        demande_le=horloge.maintenant(),
        delegation_id=deleguer(par.pk, par.organisation_id, TACHE),
    )
    Notice.objects.bulk_create([notice], ignore_conflicts=True)
    noter(Action.NOTICE_DEMANDEE, fiche)
    envois.prevoir(ENVOI, effet=f"notice|{notice.pk}", organisation_id=fiche.equipe_destinataire_id, objet_id=notice.pk)
    return notice


def deposer_notice(pk: UUID, octets: bytes) -> bool:
    """Write the bytes, once: returns whether this call did."""
    notice = Notice.objects.a_produire().select_for_update().filter(pk=pk).first()
    if notice is None:
        return False
    notice.octets, notice.prete_le = octets, horloge.maintenant()
    notice.save(update_fields=["octets", "prete_le"])
    return True
