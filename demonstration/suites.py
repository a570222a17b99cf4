"""What else happens to one accompagnement of the demonstration: steps by hand, a series of visits, a reopening."""

from datetime import timedelta
from typing import Final

from accompagnements import parcours
from accompagnements.enums import EtatVisite, Lieu, MotifArret, Repetition, SituationDuLogement
from accompagnements.models import Accord, Visite
from demonstration import noms
from demonstration.dossiers import Dossier
from partenaires.enums import Role
from partenaires.perimetre import agir_comme
from socle import horloge

ECHEANCE: Final = 21  # days given to a step that is written by hand
FAITE: Final = (14, 18)  # days after which it is done: before its day, nearly always
OUBLIEE: Final = 26  # days: of the steps written since, one in three is left, a few days late at the end
SERIE: Final = 6  # visits


class Suites:
    """The acts of one accompagnement under contract that its first story does not have."""

    def __init__(self, dossier: Dossier) -> None:
        self.d, self.scene = dossier, dossier.scene

    def prevoir(self) -> None:
        """From the signature on; which of them is drawn from the rank of the fiche."""
        rang = self.d.s.rang
        if rang % 4 == 0:
            self.d.si_ouvert(lambda: self._noter_une_etape(0))
        if rang % 9 == 4:
            self.scene.vers(8, lambda: self.d.si_ouvert(self._planifier_une_serie))
        if rang % 21 == 10:
            self.scene.vers(70, lambda: self.d.si_ouvert(self._retirer_un_accord))

    # Steps by hand -----------------------------------------------------------------------------------------------

    def _noter_une_etape(self, version: int) -> None:
        rang = self.d.s.rang // 4
        parcours.noter_etape(
            self.d.cle, par=self.d.principal, version=version, le=horloge.aujourdhui() + timedelta(days=ECHEANCE),
            texte=noms.ETAPES[(rang + version) % len(noms.ETAPES)],
        )  # fmt: skip
        if not (self.scene.est_recent(OUBLIEE) and rang % 3 == 0):
            self.scene.vers(self.d.hasard.randint(*FAITE), lambda: self.d.si_ouvert(self._faire_l_etape))

    def _faire_l_etape(self) -> None:
        """Done; every other time the next one is written at once."""
        etape = parcours.etape_faite(self.d.cle, par=self.d.principal)
        if self.d.s.rang % 8 == 0:
            self._noter_une_etape(etape.version)

    # Visits ------------------------------------------------------------------------------------------------------

    def _planifier_une_serie(self) -> None:
        """By telephone, every fortnight; told on their day, in one sentence."""
        jour = self.scene.ouvre(horloge.aujourdhui() + timedelta(days=7))
        debuts = parcours.occurrences(horloge.a_paris(jour, 9, 30), Repetition.QUINZAINE, SERIE)
        visites = parcours.planifier_visites(
            self.d.cle, par=self.d.principal, debuts=debuts, duree=30, lieu=Lieu.TELEPHONE,
            participants=[self.d.principal],
        )  # fmt: skip
        for visite in visites:
            self.scene.le(visite.fin + timedelta(minutes=20), lambda v=visite: self._rendre(v))  # type: ignore[misc]

    def _rendre(self, visite: Visite) -> None:
        with agir_comme(self.d.principal):
            prevue = Visite.objects.visibles_par(self.d.principal).planifiees().filter(pk=visite.pk).first()
            if prevue is not None and self.d.ouvert():
                parcours.rendre_compte(
                    prevue.pk, par=self.d.principal, version=prevue.version, issue=EtatVisite.FAITE,
                    compte_rendu=noms.APPELS[prevue.debut.day % len(noms.APPELS)],
                )  # fmt: skip

    # Accord, reopening ---------------------------------------------------------------------------------------------

    def _retirer_un_accord(self) -> None:
        """The person no longer wishes that one partner receives anything."""
        accords = Accord.objects.visibles_par(self.d.principal).filter(accompagnement=self.d.cle).en_vigueur()
        accord = accords.exclude(organisation=self.d.s.bailleur).first()
        if accord is not None:
            parcours.retirer_accord(accord.pk, par=self.d.principal)

    def apres_la_fin(self) -> None:
        """One end in sixteen is taken back a fortnight later."""
        if self.d.s.rang % 16 == 9:
            self.scene.vers(13, self._rouvrir)

    def _rouvrir(self) -> None:
        coordination = self.d.s.monde.de(self.d.s.equipe, Role.COORDINATION)[0]
        with agir_comme(coordination):
            parcours.rouvrir(self.d.cle, par=coordination, raison=noms.RAISON_DE_ROUVRIR)
        with agir_comme(self.d.principal):
            debut = horloge.a_paris(self.scene.ouvre(horloge.aujourdhui() + timedelta(days=6)), 11)
            visite = parcours.planifier_visite(
                self.d.cle, par=self.d.principal, debut=debut, duree=45, participants=[self.d.principal, self.d.second]
            )
        self.scene.le(visite.fin + timedelta(minutes=30), lambda: self._rendre(visite))
        self.scene.vers(50, lambda: self.d.si_ouvert(self._terminer))

    def _terminer(self) -> None:
        parcours.terminer(
            self.d.cle, par=self.d.principal, motif=MotifArret.DROIT_COMMUN, relais=noms.RELAIS,
            situation_logement=SituationDuLogement.MAINTENU,
        )  # fmt: skip
