"""The accounts of the sign-in page: the first one of each role, whatever `peupler_demo` called them."""

from dataclasses import dataclass

from partenaires.enums import Role
from partenaires.models import Compte
from partenaires.perimetre import agir_comme

CE_QU_ELLE_MONTRE: dict[Role, str] = {
    Role.GARDIEN: "Signaler une situation, sur un téléphone.",
    Role.REFERENT: "Relire, compléter, suivre les signalements du bailleur.",
    Role.RESPONSABLE: "La même chose, et les membres et les résidences.",
    Role.COORDINATION: "Étudier les fiches, répartir, publier les bilans.",
    Role.SOIGNANT: "Visites, contrat, notes cliniques.",
    Role.SOCIAL: "Le même travail, sans les notes cliniques.",
    Role.CORRESPONDANT: "Répondre à une orientation.",
    Role.COORDINATION_CLSM: "Lire et télécharger un bilan.",
    Role.EXPLOITATION: "Organisations et conventions, aucune situation.",
    Role.DPO: "Le journal.",
}


@dataclass(frozen=True, slots=True)
class CompteDeDemonstration:
    """An account of the sign-in page."""

    role: Role
    montre: str
    organisation: str
    compte: Compte


_connus: dict[Role, CompteDeDemonstration] = {}


def comptes_de_demonstration() -> list[CompteDeDemonstration]:
    """One account per role, the oldest; remembered by the process once every role is found."""
    if len(_connus) == len(CE_QU_ELLE_MONTRE):
        return _en_ordre(_connus)
    trouves: dict[Role, CompteDeDemonstration] = {}
    for compte in Compte.objects.par_anciennete():
        with agir_comme(compte):
            for r in compte.rattachements_ici:
                role = Role(r.role)
                trouves.setdefault(
                    role, CompteDeDemonstration(role, CE_QU_ELLE_MONTRE[role], r.organisation.nom, compte)
                )
        if len(trouves) == len(CE_QU_ELLE_MONTRE):
            _connus.update(trouves)
            break
    return _en_ordre(trouves)


def _en_ordre(comptes: dict[Role, CompteDeDemonstration]) -> list[CompteDeDemonstration]:
    return [comptes[role] for role in CE_QU_ELLE_MONTRE if role in comptes]
