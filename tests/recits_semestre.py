"""A whole year of an équipe, by the real transitions, one transaction for each actor and phase: about 76 fiches.

Fiches of July to November 2025 come to their sixth month in the 1st semester of 2026; others are received in it. The
numbers are chosen so that some tables can be published and others not; `ATTENDU` says them, counted by hand.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

from accompagnements import parcours as accompagnements
from accompagnements.enums import Contact, EtatVisite, ModeAccord, Portee, SituationDuLogement
from accompagnements.models import Accompagnement
from accompagnements.parcours import Signature
from indicateurs import parcours as indicateurs
from indicateurs.models import Periode
from partenaires.models import Compte
from partenaires.perimetre import agir_comme
from signalements import parcours
from signalements.enums import ModeInformation, MotifClassement, MotifNonRecevable
from signalements.models import Grille, Releve
from socle import horloge
from socle.perimetre import se_presenter
from tests import recits
from tests.conftest import en_tant_que
from tests.fabriques import Monde

SEMESTRE = Periode(2026, 1)
APRES = datetime(2026, 7, 15, 10, tzinfo=UTC)  # the semester is over
SUIVIES, SANS, NEUVES, REFUSEES = 26, 14, 24, 12
OUVERTES_EN_2026 = 12
ORIENTEES = 12
LOGEMENTS = 15
DEPARTS_EQUIPE = 12
RENDUS_SANS = 12
ATTENDU = {
    "recues": 36, "recevables": 24, "non_recevables": 12, "accompagnements": 12, "visites": 12,
    "six_mois": 26, "conserve": 15, "psy.prises": 12, "paires.bailleur": 26, "paires.equipe": 12,
}  # fmt: skip
SIGNATURE = Signature(lu=True, trace_personne="M10 10L20 20", trace_equipe="M10 10L20 20")


@dataclass
class Situation:
    """A fiche of the year, and its accompagnement once it is opened."""

    rang: int
    le: datetime
    presents: dict[str, int]
    contexte: tuple[str, ...]
    naissance: date
    fiche: UUID | None = None
    accompagnement: Accompagnement | None = None

    @property
    def pk(self) -> UUID:
        assert self.fiche is not None
        return self.fiche

    @property
    def suivi(self) -> Accompagnement:
        assert self.accompagnement is not None
        return self.accompagnement


def anciennes() -> list[Situation]:
    """Received from 1 July to 24 November 2025, in working hours."""
    return [
        Situation(
            rang,
            datetime(2025, 7, 1, 9, tzinfo=UTC) + timedelta(days=(146 * rang) // 39),
            {"LOG1": 2, "LIE1": 3} | ({"VOI1": 1} if rang < 5 else {}),
            (),
            date(1970, 5, 1),
        )
        for rang in range(SUIVIES + SANS)
    ]


def nouvelles() -> list[Situation]:
    """Received from 5 January to 10 May 2026: those that will be recevables first."""
    return [
        Situation(
            rang,
            datetime(2026, 1, 5, 9, tzinfo=UTC) + timedelta(days=(125 * rang) // 35),
            {"LOG2": 1, "LIE1": 2},
            ("impaye",) if rang % 2 else ("plaintes",),
            date(1975, 6, 1) if rang % 2 else date(1960, 6, 1),
        )
        for rang in range(NEUVES + REFUSEES)
    ]


def chacune(par: Compte, situations: Sequence[Situation], jours: float, faire: Callable[[Situation], object]) -> None:
    """One actor does one thing for each situation, so many days after it was received.

    The database believes the day of the ticket: it is presented again each day.
    """
    with agir_comme(par):
        for situation in situations:
            horloge.regler(situation.le + timedelta(days=jours))
            se_presenter(par.pk, par.organisation_id)
            faire(situation)


def recevoir(m: Monde, situations: Sequence[Situation], grille: Grille) -> None:
    base = recits.contenu(m)

    def envoyer(s: Situation) -> None:
        fiche = parcours.commencer(par=m["gardien"], orienteur_id=None)
        contenu = replace(
            base, nom=f"Personne{s.rang:03d}", porte=f"{s.le:%m%d}-{s.rang}", contexte=s.contexte,
            naissance=s.naissance, cotations=recits.cotations(grille, presents=s.presents),
        )  # fmt: skip
        s.fiche = parcours.transmettre(fiche.pk, par=m["gardien"], contenu=contenu).pk

    chacune(m["gardien"], situations, 0, envoyer)


def rendre_visitables(m: Monde, situations: Sequence[Situation]) -> None:
    """Recevable two days later, informed the same day, the week over on the twelfth day."""
    social, referent = m["social"], m["referent"]
    chacune(social, situations, 2, lambda s: parcours.declarer_recevable(s.pk, par=social))
    chacune(
        referent, situations, 2.1,
        lambda s: parcours.enregistrer_information(
            s.pk, par=referent, le=horloge.aujourdhui(), mode=ModeInformation.VIVE_VOIX
        ),
    )  # fmt: skip
    with en_tant_que("palier_systeme"):
        for situation in situations:
            horloge.regler(situation.le + timedelta(days=12))
            assert parcours.lever_delai(situation.pk)


def accompagner(m: Monde, situations: Sequence[Situation]) -> None:
    """Opened on the thirteenth day, first visit on the fifteenth."""
    coordination, soignant = m["coordination"], m["soignant"]

    def ouvrir(s: Situation) -> None:
        s.accompagnement = accompagnements.ouvrir(s.pk, par=coordination, intervenants=[soignant, m["social"]])

    chacune(coordination, situations, 13, ouvrir)

    def visiter(s: Situation) -> None:
        visite = accompagnements.planifier_visite(
            s.suivi.pk, par=soignant, debut=horloge.maintenant() - timedelta(hours=1), conjointe=True
        )
        accompagnements.rendre_compte(
            visite.pk, par=soignant, version=visite.version, issue=EtatVisite.FAITE, compte_rendu="Vue chez elle."
        )

    chacune(soignant, situations, 15, visiter)


def orienter(m: Monde, situations: Sequence[Situation]) -> None:
    """To the CMP, with the person's accord: accepted, then taken in charge a month later."""
    soignant, correspondant = m["soignant"], m["correspondant"]
    orientations: dict[int, UUID] = {}

    def envoyer(s: Situation) -> None:
        accompagnements.recueillir_accord(
            s.suivi.pk, par=soignant, organisation=m.partenaire, portees=[Portee.COORDONNEES, Portee.DEMANDE],
            mode=ModeAccord.ORAL, le=horloge.aujourdhui(),
        )  # fmt: skip
        orientation = accompagnements.proposer_orientation(
            s.suivi.pk, par=soignant, destinataire=m.partenaire, demande="Un premier rendez-vous.",
            contacts=[Contact.SMS],
        )  # fmt: skip
        orientations[s.rang] = orientation.pk
        accompagnements.envoyer_orientation(orientation.pk, par=soignant)

    chacune(soignant, situations, 20, envoyer)
    chacune(
        correspondant, situations, 25,
        lambda s: accompagnements.repondre(
            orientations[s.rang], par=correspondant, issue="accepter",
            rendez_vous=horloge.maintenant() + timedelta(days=5),
        ),
    )  # fmt: skip
    chacune(
        correspondant, situations, 50,
        lambda s: accompagnements.prendre_en_charge(
            orientations[s.rang], par=correspondant, le=horloge.aujourdhui()
        ),
    )  # fmt: skip


def six_mois(m: Monde, situations: Sequence[Situation], grille: Grille) -> None:
    """The clock opens the relevés as the semester goes; the référent and the équipe rate what is due."""
    par_fiche = {s.pk: s for s in situations}
    for jour in (
        datetime(2026, 2, 20, 9, tzinfo=UTC),
        datetime(2026, 4, 25, 9, tzinfo=UTC),
        APRES - timedelta(days=17),
    ):
        horloge.regler(jour)
        with en_tant_que("palier_systeme"):
            indicateurs.ouvrir_releves_dus()
        for compte in (m["referent"], m["coordination"]):
            with agir_comme(compte):
                for releve in Releve.objects.all().a_rendre_par(compte).filter(fiche__in=list(par_fiche)):
                    s = par_fiche[releve.fiche_id]
                    if s.rang < SUIVIES + RENDUS_SANS:
                        cotations = recits.cotations(grille, presents=six_mois_apres(s))
                        parcours.coter(releve.pk, par=compte, cotations=cotations)


def six_mois_apres(s: Situation) -> dict[str, int]:
    """LOG1 gone for 13 of the 26 who were accompanied, LIE1 attenuated for 12, VOI1 gone for the 5 who had it."""
    if s.rang >= SUIVIES:
        return {"LOG1": 2, "LIE1": 3}
    return {"LOG1": 0 if s.rang < 13 else 2, "LIE1": 1 if s.rang < 12 else 3}


def semestre(m: Monde) -> list[Situation]:
    """The whole story; the clock stands on 15 July 2026 at its end. Returns the fiches of 2025, accompanied first."""
    with agir_comme(m["coordination"]):
        grille = Grille.objects.all().en_vigueur(m.equipe.pk)
    vieilles, neuves = anciennes(), nouvelles()
    suivies, sans = vieilles[:SUIVIES], vieilles[SUIVIES:]
    recevoir(m, vieilles, grille)
    rendre_visitables(m, vieilles)
    social, coordination, soignant = m["social"], m["coordination"], m["soignant"]
    chacune(social, sans, 20, lambda s: parcours.classer(s.pk, par=social, motif=MotifClassement.INJOIGNABLE))
    accompagner(m, suivies)
    chacune(
        soignant, suivies[:DEPARTS_EQUIPE], 16,
        lambda s: accompagnements.coter_depart(
            s.suivi.pk, par=soignant, cotations=recits.cotations(grille, presents=s.presents)
        ),
    )  # fmt: skip
    orienter(m, suivies[:ORIENTEES])
    recevoir(m, neuves, grille)
    rendre_visitables(m, neuves[:NEUVES])
    chacune(
        social, neuves[NEUVES:], 3,
        lambda s: parcours.declarer_non_recevable(s.pk, par=social, motif=MotifNonRecevable.HORS_TERRITOIRE),
    )  # fmt: skip
    accompagner(m, neuves[:OUVERTES_EN_2026])
    six_mois(m, vieilles, grille)
    horloge.regler(APRES)
    with agir_comme(coordination):
        for s in suivies[:LOGEMENTS]:
            accompagnements.noter_logement(
                s.suivi.pk, par=coordination, situation=SituationDuLogement.MAINTENU, le=horloge.aujourdhui()
            )
    return vieilles
