"""The whole story: the world, then every fiche in the order of its dates, then the bilans."""

import random
from collections.abc import Callable
from datetime import date, datetime, timedelta
from functools import partial
from uuid import UUID

from django.db import connection

from accompagnements import parcours as parcours_suivi
from accompagnements.models import Document
from demonstration import bilans
from demonstration.accompagnements import Suivi
from demonstration.fiches import REPARTITION, Signalement
from demonstration.monde import Batisseur, Monde
from demonstration.roles import en_tant_que_systeme
from demonstration.scene import Scene
from indicateurs.parcours import echeances
from partenaires.enums import Role
from partenaires.models import Compte
from partenaires.perimetre import agir_comme
from signalements import parcours as parcours_fiche
from signalements.enums import MotifNonEvaluable
from signalements.models import Fiche, Instruction, Releve
from socle import envois, horloge

GRAINE = 20260922
DUREE = timedelta(days=548)
BROUILLONS = 6
RECENTES = 24  # days: what the équipe has in hand today
PART_RECENTE = 0.2


def deja_racontee() -> bool:
    """Whether somebody has an account: the story is told once."""
    return Compte.objects.exists()


def raconter(dire: Callable[[str], object] = print) -> str:
    """Tell the story from eighteen months ago to now; returns one French line of counts."""
    alea = random.Random(GRAINE)  # noqa: S311  a story, not a secret
    fin = horloge.maintenant().replace(microsecond=0)
    debut = horloge.a_paris(horloge.paris(fin - DUREE).date(), 9)
    monde = Batisseur(debut, alea).batir()
    dire("Organisations, conventions et comptes : faits.")
    conteur = Conteur(monde, alea, fin, dire)
    conteur.planifier(debut.date() + timedelta(days=7))
    bilans.planifier(conteur.scene, monde, debut.date())
    conteur.scene.jouer()
    conteur.relancer_documents()
    with en_tant_que_systeme():
        while envois.traiter():
            pass
    with connection.cursor() as curseur:
        curseur.execute("RESET ROLE")
    return f"{len(conteur.signalements)} fiches, {conteur.scene.joues} actes"


class Conteur:
    """Keeps the signalements by fiche, and does each night what the clock does."""

    def __init__(self, monde: Monde, alea: random.Random, fin: datetime, dire: Callable[[str], object]) -> None:
        self.monde, self.alea, self.dire = monde, alea, dire
        self.scene = Scene(fin, alea, self.nuit)
        self.signalements: list[Signalement] = []
        self.par_fiche: dict[UUID, Signalement] = {}
        self.releves_connus: set[UUID] = set()

    def planifier(self, premier: date) -> None:
        """240 fiches spread over the period, a little more in winter, plus the drafts of the last days."""
        dernier = horloge.paris(self.scene.fin).date()
        for equipe, combien in REPARTITION.items():
            anciennes = round(combien * (1 - PART_RECENTE))
            jours = [premier + (dernier - premier) * rang / anciennes for rang in range(anciennes)]
            jours += [dernier - timedelta(days=self.alea.randint(0, RECENTES)) for _ in range(combien - anciennes)]
            for rang, jour in enumerate(sorted(jours)):
                self._planifier_une(equipe, jour, brouillon=rang >= combien - BROUILLONS // 2)

    def _planifier_une(self, equipe: str, jour: date, *, brouillon: bool) -> None:
        def acte() -> None:
            signalement = Signalement(self.scene, self.monde, self.alea, equipe, self.suite)
            signalement.signaler(laisser_en_brouillon=brouillon)
            self.signalements.append(signalement)
            assert signalement.fiche is not None
            self.par_fiche[signalement.fiche.pk] = signalement

        instant = min(self.scene.heure_de_bureau(jour), self.scene.fin - timedelta(minutes=30))
        self.scene.le(instant, acte)

    def nuit(self, jour: date) -> None:
        """What the clock does every night."""
        with en_tant_que_systeme():
            dus = list(Instruction.objects.all().delai_passe().values_list("pk", flat=True))
            leves = [pk for pk in dus if parcours_fiche.lever_delai(pk)]
        if jour.weekday() == 0:
            self.ouvrir_releves()
        for pk in leves:
            self.scene.dans((0, 3), self.par_fiche[pk].delai_leve)
        if jour.day == 1:
            self.dire(f"  {jour:%m/%Y} : {len(self.signalements)} fiches")

    def ouvrir_releves(self) -> None:
        """Six months after: the relevés that became due, most of them rated in the following weeks."""
        with en_tant_que_systeme():
            echeances.rendre_caducs()
            echeances.ouvrir_releves_dus()
            attendus = set(Releve.objects.all().attendus().values_list("pk", flat=True))
        nouveaux = sorted(attendus - self.releves_connus)
        self.releves_connus |= attendus
        for pk in nouveaux:
            if self.alea.random() < 0.85:
                self.scene.dans((5, 25), partial(self.coter, pk))

    def coter(self, pk: UUID) -> None:
        """The rater, or a référent, or somebody of the équipe, gives the relevé back."""
        with en_tant_que_systeme():
            releve = Releve.objects.select_related("evaluateur").get(pk=pk)
        signalement = self.par_fiche[releve.fiche_id]
        if releve.etat != "attendu":
            return
        par = signalement.evaluateur_de(releve)
        with agir_comme(par):
            if not Releve.objects.visibles_par(par).filter(pk=pk, etat="attendu").exists():
                return
            if self.alea.random() < 0.1:
                parcours_fiche.declarer_non_evaluable(pk, par=par, motif=self.alea.choice(MotifNonEvaluable.values))
            else:
                parcours_fiche.coter(pk, par=par, cotations=signalement.cotations(amelioration=0.5))

    def relancer_documents(self) -> None:
        """The worker of the demonstration makes the documents: the rights given long ago to make them are over."""
        for equipe in self.monde.equipes.values():
            coordination = self.monde.de(equipe, Role.COORDINATION)[0]
            with agir_comme(coordination):
                for pk in list(Document.objects.visibles_par(coordination).a_produire().values_list("pk", flat=True)):
                    parcours_suivi.relancer_document(pk, par=coordination)

    def suite(self, fiche: Fiche, signalement: Signalement) -> None:
        """The accompagnement takes over, most of the time; a few are filed away because nobody could be reached."""
        if self.alea.random() < 0.92:
            Suivi(self.scene, self.alea, fiche, signalement).ouvrir()
        else:
            self.scene.dans((8, 20), signalement.classer_injoignable)
