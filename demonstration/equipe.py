"""Who reads, in the large équipe of the demonstration: its setting, named exceptions, readings with a reason."""

from datetime import timedelta
from functools import partial
from typing import Final
from uuid import UUID

from accompagnements import parcours
from accompagnements.enums.lectures import MotifException
from accompagnements.models import PermissionNommee
from demonstration import noms
from demonstration.dossiers import Dossier
from demonstration.monde import EST, SUD, Monde
from demonstration.scene import Acte, Scene
from partenaires.enums import Role
from partenaires.models import Compte
from partenaires.parcours import avis
from partenaires.parcours.reglages import regler_lecture
from partenaires.perimetre import agir_comme
from socle import horloge

# Days before the end of the story.
REGLAGE: Final = 45
LECTURES: Final = (19, 12, 5, 1)
REVUES: Final = 2  # of these readings, those that coordination has reviewed
HEURES: Final = 48


class VieDEquipe:
    """The large équipe keeps its situations to those who carry them; the other one reads everything."""

    def __init__(self, scene: Scene, monde: Monde, suivis: list[Dossier]) -> None:
        self.scene, self.monde, self.suivis = scene, monde, suivis
        self.equipe = monde.equipes[EST]
        self.coordination = monde.de(self.equipe, Role.COORDINATION)[0]
        self.membres = monde.de(self.equipe, Role.SOIGNANT, Role.SOCIAL)

    def planifier(self) -> None:
        """Its acts, counted from the end."""
        self._avant(REGLAGE, self._regler)
        for rang, jours in enumerate(LECTURES):
            self._avant(jours, partial(self._lire, rang), heure=15)
        partenaire = self.monde.de(self.monde.partenaires[EST][0], Role.CORRESPONDANT)[0]
        remplacant = self.monde.de(self.monde.equipes[SUD], Role.SOIGNANT)[0]
        self._avant(40, partial(self._nommer, partenaire, MotifException.AVIS, 10))
        self._avant(33, partial(self._nommer, remplacant, MotifException.REMPLACEMENT, 30, finir=True))
        self._avant(9, partial(self._nommer, partenaire, MotifException.PSYCHOLOGUE, 60))
        self._avant(3, partial(self._nommer, remplacant, MotifException.REMPLACEMENT, 21))
        self._avant(30, self._s_abonner)
        self._avant(2, self._s_absenter)
        self._avant(6, self._prevoir_la_journee)

    def _avant(self, jours: int, acte: Acte, *, heure: int = 9) -> None:
        jour = horloge.paris(self.scene.fin).date() - timedelta(days=jours)
        self.scene.le(horloge.a_paris(jour, heure, 20), acte)

    def _regler(self) -> None:
        with agir_comme(self.coordination):
            regler_lecture(par=self.coordination, intervenants_seulement=True, lecture_heures=HEURES)

    def _ouvert(self, sauf: Compte, rang: int) -> Dossier | None:
        """The open accompagnement of this rank, from the last one, that this person does not carry."""
        for dossier in reversed(self.suivis):
            if dossier.pk is None or sauf.pk in (dossier.principal.pk, dossier.second.pk):
                continue
            with agir_comme(dossier.principal):
                if dossier.ouvert() and (rang := rang - 1) < 0:
                    return dossier
        return None

    def _lire(self, rang: int) -> None:
        """Somebody reads a situation of colleagues, and says why; coordination looks at it the week after."""
        lectrice = self.membres[(rang * 2 + 1) % len(self.membres)]
        dossier = self._ouvert(lectrice, rang)
        if dossier is None:
            return
        motif, precision = noms.LECTURES[rang % len(noms.LECTURES)]
        with agir_comme(lectrice):
            lecture = parcours.ouvrir_lecture(dossier.cle, par=lectrice, motif=motif, precision=precision)
        if rang < REVUES:
            self.scene.vers(5, lambda: self._revoir(lecture.pk))

    def _revoir(self, pk: UUID) -> None:
        with agir_comme(self.coordination):
            parcours.revoir_lecture(pk, par=self.coordination, commentaire=noms.REVUE_DE_LECTURE)

    def _nommer(self, personne: Compte, motif: MotifException, jours: int, *, finir: bool = False) -> None:
        """One file, opened to one person for some days; ended before its time when the replacement is over."""
        dossier = self._ouvert(personne, jours % 4)
        if dossier is None:
            return
        aujourdhui = horloge.aujourdhui()
        with agir_comme(self.coordination):
            permission: PermissionNommee = parcours.nommer(
                dossier.cle, par=self.coordination, courriel=personne.email, motif=motif, du=aujourdhui,
                au=aujourdhui + timedelta(days=jours),
            )  # fmt: skip
        if finir:
            self.scene.vers(12, lambda: self._finir(permission.pk))

    def _finir(self, pk: int) -> None:
        with agir_comme(self.coordination):
            parcours.finir_exception(pk, par=self.coordination)

    def _prevoir_la_journee(self) -> None:
        """The first person of the sign-in page has visits on the last day of the story."""
        jour = self.scene.ouvre(horloge.paris(self.scene.fin).date())
        siens = [d for d in self.suivis if d.principal.pk == self.membres[0].pk and d.pk is not None]
        for heure, minute in ((10, 0), (14, 30)):
            debut = horloge.a_paris(jour, heure, minute)
            while siens and debut > horloge.maintenant():
                dossier = siens.pop()
                with agir_comme(dossier.principal):
                    if dossier.lu(etat="en_cours") is not None:
                        parcours.planifier_visite(
                            dossier.cle, par=dossier.principal, debut=debut, duree=45,
                            participants=[dossier.principal, dossier.second],
                        )  # fmt: skip
                        break

    def _s_abonner(self) -> None:
        """One person follows her visits in her own calendar."""
        with agir_comme(self.membres[0]):
            parcours.ouvrir_abonnement(par=self.membres[0])

    def _s_absenter(self) -> None:
        """One person leaves next week: a colleague receives what she would have received."""
        partante, remplacante = self.membres[-1], self.membres[-2]
        debut = horloge.aujourdhui() + timedelta(days=4)
        with agir_comme(partante):
            avis.declarer_absence(par=partante, du=debut, au=debut + timedelta(days=8), remplacant=remplacante)
