"""Rules of the nightly purge about people."""

from datetime import timedelta

from partenaires.models import CleHorsLigne, Invitation
from socle import horloge, purge

CONSERVATION_INVITATIONS = timedelta(days=90)


@purge.regle("invitations restées sans réponse")
def purger_invitations(*, a_blanc: bool) -> int:
    """Invitations never used, 90 days after they expired (declaration of `Invitation`)."""
    anciennes = Invitation.objects.sans_reponse(horloge.maintenant() - CONSERVATION_INVITATIONS)
    if a_blanc:
        return anciennes.count()
    return anciennes.delete()[0]


@purge.regle("clés hors ligne expirées")
def purger_cles_hors_ligne(*, a_blanc: bool) -> int:
    """Keys of what devices kept without network, once they have expired (declaration of `CleHorsLigne`)."""
    expirees = CleHorsLigne.objects.expirees(horloge.maintenant())
    return expirees.count() if a_blanc else expirees.delete()[0]
