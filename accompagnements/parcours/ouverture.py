"""An accompagnement opens once the week of opposition has passed, before any visit is planned."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from accompagnements.enums import Action
from accompagnements.models import Accompagnement, Intervenant, Visite
from accompagnements.parcours.verrous import SaisieRefusee, membres, noter, ouvert
from partenaires.droits import exiger
from partenaires.enums import Permission
from partenaires.models import Compte
from signalements import parcours as signalements
from signalements.models import Fiche
from socle import horloge


def ouvrir(
    fiche_pk: UUID,
    *,
    par: Compte,
    intervenants: Sequence[Compte],
    ne_pas_y_aller_seul: bool = False,
    raison_pas_seul: str = "",
) -> Accompagnement:
    """Open the accompagnement of a fiche; the first of `intervenants` is the principal one.

    Raises TransitionInterdite before the week has passed (or when one is open already), PermissionDenied,
    SaisieRefusee without an intervenant of the équipe, Instruction.DoesNotExist outside the équipe.
    """
    if not intervenants:
        raise SaisieRefusee("Choisissez au moins une personne de l’équipe.", "intervenants")
    instruction = signalements.accompagner(fiche_pk, par=par)
    fiche: Fiche = instruction.fiche
    maintenant = horloge.maintenant()
    accompagnement = Accompagnement(
        fiche=fiche, equipe_id=fiche.equipe_destinataire_id, ouvert_le=maintenant, evaluation_depuis=maintenant,
        ouvert_par=par, ne_pas_y_aller_seul=ne_pas_y_aller_seul,
        raison_pas_seul=raison_pas_seul.strip() if ne_pas_y_aller_seul else "",
    )  # fmt: skip
    accompagnement.save(force_insert=True)
    _affecter(accompagnement, par, [c.pk for c in intervenants])
    noter(Action.OUVERT, accompagnement, equipe_id=accompagnement.equipe_id)
    return accompagnement


def changer_intervenants(pk: UUID, *, par: Compte, intervenants: Sequence[Compte]) -> Accompagnement:
    """Replace who carries it: those who leave get an end date, the first given is the principal one.

    Those who come are written first: whoever leaves by her own act may still write until then.
    """
    if not intervenants:
        raise SaisieRefusee("Choisissez au moins une personne de l’équipe.", "intervenants")
    accompagnement = ouvert(pk, par, "changer_intervenants")
    en_charge = Intervenant.objects.filter(accompagnement=accompagnement, au=None)
    anciens = list(en_charge.values_list("pk", flat=True))
    en_charge.update(principal=False)
    voulus = _affecter(accompagnement, par, [c.pk for c in intervenants])
    Intervenant.objects.filter(pk__in=anciens).exclude(compte__in=voulus).update(au=horloge.aujourdhui())
    noter(Action.INTERVENANTS, accompagnement, equipe_id=accompagnement.equipe_id)
    return accompagnement


def remplacer_intervenant(pk: UUID, *, par: Compte, de: Compte, a: Compte) -> bool:
    """Somebody takes the place of a colleague who leaves, as principal if she was. Returns whether she was there.

    SaisieRefusee when the new one is not of the équipe.
    """
    membres(par, [a.pk])
    accompagnement = ouvert(pk, par, "changer_intervenants")
    en_charge = Intervenant.objects.filter(accompagnement=accompagnement, au=None)
    partante = en_charge.filter(compte=de).first()
    if partante is None:
        return False
    principal = partante.principal
    en_charge.filter(pk=partante.pk).update(principal=False)
    if en_charge.filter(compte=a).exists():
        if principal:
            en_charge.filter(compte=a).update(principal=True)
    else:
        Intervenant.objects.bulk_create(
            [
                Intervenant(
                    accompagnement=accompagnement, equipe_id=accompagnement.equipe_id, compte=a, principal=principal,
                    du=horloge.aujourdhui(),
                )
            ]
        )  # fmt: skip
    _passer_les_visites(accompagnement, de.pk, a.pk)
    en_charge.filter(pk=partante.pk).update(au=horloge.aujourdhui())  # last: she may be the one who acts
    noter(Action.INTERVENANTS, accompagnement, equipe_id=accompagnement.equipe_id)
    return True


def passer_la_main(*, de: int, a: Mapping[UUID, int], par: Compte) -> int:
    """Give the situations that somebody carries to others, each to the account written beside it: her place and her
    planned visits. Returns how many moved. PermissionDenied for another role than coordination, SaisieRefusee for
    somebody who is not of the équipe, TransitionInterdite when one was closed meanwhile.
    """
    exiger(par, Permission.COORDONNER)
    comptes = Compte.objects.in_bulk({de, *a.values()})
    return sum(remplacer_intervenant(pk, par=par, de=comptes[de], a=comptes[qui]) for pk, qui in sorted(a.items()))


def _passer_les_visites(accompagnement: Accompagnement, de: int, a: int) -> None:
    """The planned visits of one become those of the other, each person once."""
    siennes = Visite.objects.all().planifiees().avec_participant(de).filter(accompagnement=accompagnement)
    for visite in siennes.order_by("debut", "id"):
        visite.participants = list(dict.fromkeys(a if cle == de else cle for cle in visite.participants))
        visite.enregistrer_version(visite.version, ["participants"])


def _affecter(accompagnement: Accompagnement, par: Compte, comptes: list[int]) -> list[int]:
    """These carry it, the first as principal; who carries it already goes on from her own date."""
    ordre = list(dict.fromkeys(comptes))
    membres(par, ordre)
    en_charge = Intervenant.objects.filter(accompagnement=accompagnement, au=None)
    restent = set(en_charge.values_list("compte", flat=True))
    Intervenant.objects.bulk_create(
        Intervenant(
            accompagnement=accompagnement, equipe_id=accompagnement.equipe_id, compte_id=compte, principal=rang == 0,
            du=horloge.aujourdhui(),
        )
        for rang, compte in enumerate(ordre) if compte not in restent
    )  # fmt: skip
    if ordre[0] in restent:
        en_charge.filter(compte=ordre[0]).update(principal=True)
    return ordre
