"""The keyed hash (name + dwelling) under which an opposition is remembered for 24 months."""

from signalements.models import Fiche, Locataire
from socle.chiffrement import empreinte, mots_de


def marque(equipe_id: int, *, nom: str, prenom: str, residence_id: int | None, batiment: str, porte: str) -> bytes:
    """32 bytes, keyed for the équipe; accents, case and punctuation do not matter."""
    parties = (" ".join(mots_de(texte)) for texte in (nom, prenom, batiment, porte))
    return empreinte(equipe_id, "opposition", str(residence_id), *parties)


def marque_de(fiche: Fiche, locataire: Locataire) -> bytes:
    """The hash of the person of a transmitted fiche, whose content the caller may read."""
    return marque(
        locataire.equipe_id,
        nom=locataire.nom,
        prenom=locataire.prenom,
        residence_id=fiche.residence_id,
        batiment=locataire.batiment,
        porte=locataire.porte,
    )
