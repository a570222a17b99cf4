"""The clock of the six-month relevés: opened two weeks before their date, lapsed sixty days after. Safe to run twice.

Runs as `palier_systeme`. The orienteur's relevé is due six months after the transmission of every fiche ever
`recevable` and not opposed, whatever followed: a date counted from a visit would tell that there was one
(the product specification, "The evaluation at 6 months"). A retrait d'accord stops it like an opposition: sharing has
stopped, and both look alike to the orienteur. The équipe's is due six months after the first visit, or the contract.
"""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db import models, transaction

from partenaires.enums import GenreOrganisation, Role
from partenaires.models import Rattachement, ReglagesEquipe
from signalements import parcours
from signalements.enums import EtatInstruction, EtatReleve, Moment, TypeEvaluateur
from signalements.models import Fiche, Grille, Releve
from socle import envois, horloge
from socle.calendrier import ajouter_mois

MOIS = 6
HEURE_DU_RAPPEL = 9  # Europe/Paris
ENVOI_OUVERT = "indicateurs.releve_ouvert"
ENVOI_DU = "indicateurs.releve_du"


def ouvrir_releves_dus() -> int:
    """Open every relevé whose window has begun; returns how many this run opened."""
    a_ouvrir = [*_attendus_de_l_orienteur(), *_attendus_de_l_equipe()]
    return sum(_ouvrir(fiche_id, genre) for fiche_id, genre in a_ouvrir)


def rendre_caducs() -> int:
    """Lapse the relevés whose sixty days have passed; returns how many."""
    combien = 0
    for pk in list(Releve.objects.all().a_rendre_caducs().values_list("pk", flat=True)):
        with transaction.atomic():
            releve = (
                Releve.objects.all()
                .a_rendre_caducs()
                .select_for_update(skip_locked=True, of=("self",))
                .select_related("fiche")
                .filter(pk=pk)
                .first()
            )
            if releve is not None:
                parcours.rendre_caduc(releve)
                combien += 1
    return combien


def liberer_abandonnes() -> int:
    """A relevé whose rater has left waits for whoever may rate it instead; returns how many."""
    return Releve.objects.all().sans_evaluateur_present().update(evaluateur=None)


def echeance(depuis: datetime) -> date:
    """Six months after an instant, by the calendar of Paris."""
    return ajouter_mois(horloge.paris(depuis).date(), MOIS)


def _fenetre(champ: str) -> models.Q:
    """Instants whose relevé may be open today; three days wider, because months have different lengths."""
    jour = horloge.aujourdhui()
    debut = ajouter_mois(jour - Releve.SURSIS, -MOIS) - timedelta(days=3)
    fin = ajouter_mois(jour + Releve.AVANCE, -MOIS) + timedelta(days=4)
    return models.Q(**{f"{champ}__gte": horloge.a_paris(debut, 0), f"{champ}__lt": horloge.a_paris(fin, 0)})


def _sans_t6(*types: str) -> models.Q:
    releves = Releve.objects.filter(fiche=models.OuterRef("pk"), moment=Moment.T6, type_evaluateur__in=types)
    return ~models.Q(models.Exists(releves))


def _attendus_de_l_orienteur() -> Iterator[tuple[UUID, str]]:
    fiches = Fiche.objects.filter(
        _fenetre("transmise_le"),
        _sans_t6(TypeEvaluateur.BAILLEUR, TypeEvaluateur.PARTENAIRE),
        instruction__recevable_le__isnull=False,
        instruction__retrait_demande_le=None,
    ).exclude(instruction__etat=EtatInstruction.OPPOSITION)
    for pk, transmise_le, genre in fiches.order_by("transmise_le", "pk").values_list(
        "pk", "transmise_le", "orienteur__genre"
    ):
        if _est_ouvert(echeance(transmise_le)):
            est_bailleur = genre == GenreOrganisation.BAILLEUR
            yield pk, TypeEvaluateur.BAILLEUR if est_bailleur else TypeEvaluateur.PARTENAIRE


def _attendus_de_l_equipe() -> Iterator[tuple[UUID, str]]:
    """Only those that the équipe rated at the start: without its T0 there is nothing to compare."""
    t0 = Releve.objects.filter(
        fiche=models.OuterRef("pk"), moment=Moment.T0, etat=EtatReleve.RENDU, type_evaluateur=TypeEvaluateur.EQUIPE
    )
    fiches = (
        Fiche.objects.filter(
            _fenetre("instruction__rencontre_le") | _fenetre("instruction__contrat_signe_le"),
            models.Exists(t0),
            _sans_t6(TypeEvaluateur.EQUIPE),
        )
        .exclude(instruction__etat=EtatInstruction.OPPOSITION)
        .select_related("instruction")
    )
    for fiche in fiches.order_by("transmise_le", "pk"):
        depuis = _depart_de_l_equipe(fiche)
        if depuis is not None and _est_ouvert(echeance(depuis)):
            yield fiche.pk, TypeEvaluateur.EQUIPE


def _depart_de_l_equipe(fiche: Fiche) -> datetime | None:
    """What the équipe counts its six months from, by its own setting."""
    reglages = ReglagesEquipe.de(fiche.equipe_destinataire_id)
    if reglages.releve_equipe_depuis == ReglagesEquipe.ReleveDepuis.CONTRAT:
        return fiche.instruction.contrat_signe_le
    return fiche.instruction.rencontre_le


def _est_ouvert(du_le: date) -> bool:
    return du_le - Releve.AVANCE <= horloge.aujourdhui() <= du_le + Releve.SURSIS


def _ouvrir(fiche_id: UUID, genre: str) -> bool:
    """One relevé in its own transaction: an opposition recorded meanwhile wins, another worker's row is skipped."""
    with transaction.atomic():
        fiche: Fiche | None = (
            Fiche.objects.filter(pk=fiche_id)
            .select_for_update(skip_locked=True, of=("self",))
            .select_related("instruction")
            .first()
        )
        if fiche is None or fiche.instruction.etat == EtatInstruction.OPPOSITION or fiche.transmise_le is None:
            return False
        de_l_equipe = genre == TypeEvaluateur.EQUIPE
        depuis = _depart_de_l_equipe(fiche) if de_l_equipe else fiche.transmise_le
        assert depuis is not None
        releve = parcours.ouvrir_releve(
            fiche,
            type_evaluateur=genre,
            grille=Grille.objects.all().en_vigueur(fiche.equipe_id),
            evaluateur_id=_evaluateur(fiche, genre),
            du_le=echeance(depuis),
        )
        if releve is None:
            return False
        _rappeler(releve)
        return True


def _evaluateur(fiche: Fiche, genre: str) -> int | None:
    """Who rated the T0, if still attached there and, for a gardien, still to this résidence; None = any référent.

    A software rates nothing by itself: what it sent is rated again by a référent.
    """
    depart = Releve.objects.filter(
        fiche=fiche, moment=Moment.T0, type_evaluateur=genre, etat=EtatReleve.RENDU, evaluateur__is_active=True
    ).first()
    if depart is None:
        return None
    chez = fiche.equipe_id if genre == TypeEvaluateur.EQUIPE else fiche.orienteur_id
    siens = Rattachement.objects.filter(compte=depart.evaluateur_id, organisation=chez).en_vigueur(horloge.aujourdhui())
    autorises = siens.exclude(role__in=[Role.GARDIEN, Role.LOGICIEL]) | siens.filter(
        role=Role.GARDIEN, residences__residence=fiche.residence_id
    )
    return depart.evaluateur_id if autorises.exists() else None


def _rappeler(releve: Releve) -> None:
    """A reminder now and one on the day: the handler looks at the relevé again before it sends anything."""
    chez = releve.equipe_id if releve.type_evaluateur == TypeEvaluateur.EQUIPE else releve.orienteur_id
    assert releve.du_le is not None
    rappels = {ENVOI_OUVERT: horloge.maintenant(), ENVOI_DU: horloge.a_paris(releve.du_le, HEURE_DU_RAPPEL)}
    for genre, quand in rappels.items():
        envois.prevoir(
            genre, effet=f"{genre}|{releve.pk}", organisation_id=chez, objet_id=releve.pk,
            a_partir_de=max(quand, horloge.maintenant()),
        )  # fmt: skip
