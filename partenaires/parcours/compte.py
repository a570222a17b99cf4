"""One's own account, and the organisation under which one acts."""

from partenaires.enums import Action
from partenaires.models import Compte, Organisation
from socle import journal


def modifier_compte(compte: Compte, *, nom: str, prenom: str, telephone: str, raccourcis_clavier: bool) -> None:
    """Save what a person says of herself; her address is the login and does not change here."""
    compte.nom, compte.prenom, compte.telephone = nom, prenom, telephone
    compte.raccourcis_clavier = raccourcis_clavier
    compte.save(update_fields=["nom", "prenom", "telephone", "raccourcis_clavier"])
    if compte.organisation_id is not None:
        journal.noter(
            Action.COMPTE_MODIFIE,
            organisation_id=compte.organisation_id,
            objet_type="compte",
            objets=[compte.pk],
        )


def changer_organisation(compte: Compte, organisation_id: int) -> Organisation:
    """The organisation to act under from the next page on.

    Organisation.DoesNotExist when no rattachement in force opens it.
    """
    for rattachement in compte.rattachements_actifs:
        if rattachement.organisation_id == organisation_id:
            journal.noter(
                Action.ORGANISATION_CHANGEE,
                organisation_id=organisation_id,
                objet_type="organisation",
                objets=[organisation_id],
            )
            return rattachement.organisation
    raise Organisation.DoesNotExist
