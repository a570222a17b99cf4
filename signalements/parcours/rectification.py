"""The right of rectification (RGPD art. 16): what is wrong about a person is corrected, on both sides at once."""

from collections.abc import Collection, Mapping
from uuid import UUID

from django.core.exceptions import PermissionDenied

from partenaires.enums import ROLES_EQUIPE, Role
from partenaires.models import Compte
from signalements.enums import Action, ChampRectifiable
from signalements.models import Constat, Fiche, Locataire, Rectification
from signalements.parcours.depot import poser_jetons
from signalements.parcours.formulations import contexte_de_la_fiche, garder_les_phrases
from signalements.parcours.marque import marque_de
from signalements.parcours.verrous import noter, porte
from socle import envois, horloge
from socle.transitions import TransitionInterdite

C = ChampRectifiable
NOMS = (C.NOM, C.PRENOM)
PHRASES = (C.BATIMENT, C.ETAGE, C.PORTE, C.COMPOSITION, C.FAITS, C.DEMARCHES)
DU_CONSTAT = (C.COMPOSITION, C.FAITS, C.DEMARCHES)


class RienARectifier(ValueError):
    """Every fact is already what it should be."""


def rectifier(
    pk: UUID,
    *,
    par: Compte,
    valeurs: Mapping[str, str],
    motif: str,
    version: int,
    gardees: Collection[str] = frozenset(),
) -> Rectification:
    """Correct facts or sentences of a transmitted fiche, because the person asked for it.

    By a référent until the end, by the équipe unless the person opposed. The row that stays says who, when, why and
    which fields; the old values are kept nowhere. Raises RienARectifier, FormulationsARevoir (by field),
    ConflitDeVersion, PermissionDenied for another role, TransitionInterdite once the content is hidden or gone.
    """
    if not par.a_role(Role.REFERENT, Role.RESPONSABLE, *ROLES_EQUIPE):
        raise PermissionDenied("Seuls un référent ou l’équipe rectifient une fiche.")
    fiche: Fiche = (
        Fiche.objects.visibles_par(par).select_related("orienteur", "residence").get(pk=pk, transmise_le__isnull=False)
    )
    locataire = Locataire.objects.select_for_update().filter(pk=pk).first()
    if locataire is None or (fiche.terminee_le is not None and par.organisation_id != fiche.equipe_id):
        raise TransitionInterdite("rectifier", fiche.statut)
    constat = Constat.objects.get(pk=pk)
    tenus = {c: constat if c in DU_CONSTAT else locataire for c in C}
    changes = [c for c in C if valeurs.get(c, getattr(tenus[c], c)) != getattr(tenus[c], c)]
    if not changes:
        raise RienARectifier
    garder_les_phrases(
        fiche,
        {c: valeurs[c] for c in PHRASES if c in changes},
        noms={c: valeurs[c] for c in NOMS if c in changes},
        contexte=contexte_de_la_fiche(fiche),
        gardees=gardees,
    )
    for champ in changes:
        setattr(tenus[champ], champ, valeurs[champ])
    locataire.enregistrer_version(version, [c.value for c in changes if tenus[c] is locataire])
    if not set(DU_CONSTAT).isdisjoint(changes):
        constat.save(update_fields=[c.value for c in changes if tenus[c] is constat])
    porte("rectifier", fiche.pk, marque_de(fiche, locataire))
    for organisation_id in sorted({fiche.orienteur_id, fiche.equipe_destinataire_id}):
        poser_jetons(fiche, organisation_id, locataire)
    assert par.organisation_id is not None
    rectification = Rectification(
        fiche=fiche, equipe_id=fiche.equipe_destinataire_id, orienteur_id=fiche.orienteur_id, par=par,
        organisation_id=par.organisation_id, le=horloge.maintenant(), motif=motif, champs=[c.value for c in changes],
    )  # fmt: skip
    rectification.save(force_insert=True)
    noter(Action.RECTIFIEE, fiche, motif=motif)
    _prevenir(fiche, rectification)
    return rectification


def _prevenir(fiche: Fiche, rectification: Rectification) -> None:
    """The other side, which was told the wrong fact (RGPD art. 19)."""
    par_l_equipe = rectification.organisation_id == fiche.equipe_id
    envois.prevoir(
        "signalements.rectifiee" if par_l_equipe else "signalements.rectifiee_equipe",
        effet=f"rectifiee|{rectification.pk}",
        organisation_id=fiche.orienteur_id if par_l_equipe else fiche.equipe_destinataire_id,
        objet_id=fiche.pk,
    )
