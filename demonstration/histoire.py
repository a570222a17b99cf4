"""The whole story: the world, then every fiche in the order of its dates, then the bilans."""

import random
from collections.abc import Callable
from datetime import date, datetime, timedelta
from functools import partial
from uuid import UUID

from django.db import connection

from accompagnements.models import Document, DossierConcertation
from accompagnements.parcours import pieces, suites_concertation
from demonstration import annuaire, bilans, lectures, seances
from demonstration.accompagnements import Suivi
from demonstration.calendrier import jours
from demonstration.concertations import Concertations
from demonstration.dossiers import Dossier
from demonstration.equipe import VieDEquipe
from demonstration.fiches import Signalement
from demonstration.monde import EST, Batisseur, Monde
from demonstration.roles import en_tant_que_systeme
from demonstration.scene import Scene
from demonstration.tirages import Tirages
from indicateurs.parcours import echeances
from partenaires.enums import Role
from partenaires.models import Compte
from partenaires.perimetre import agir_comme
from signalements import parcours as parcours_fiche
from signalements.enums import MotifNonEvaluable
from signalements.models import Fiche, Instruction, Releve
from socle import horloge
from socle.perimetre import deleguer

GRAINE = 20260922
DUREE = timedelta(days=548)
BROUILLONS = 6
RELEVES = {"rendu": 17, "non_evaluable": 2, "oublie": 1}  # of twenty relevés at six months


def deja_racontee() -> bool:
    """Whether somebody has an account: the story is told once."""
    return Compte.objects.exists()


def raconter(dire: Callable[[str], object] = print) -> str:
    """Tell the story from eighteen months ago to now; returns one French line of counts."""
    alea = random.Random(GRAINE)  # noqa: S311  a story, not a secret
    fin = horloge.maintenant().replace(microsecond=0)
    debut = horloge.a_paris(horloge.paris(fin - DUREE).date(), 9)
    monde = Batisseur(debut, alea).batir()
    annuaire.remplir(monde)
    dire("Organisations, conventions et comptes : faits.")
    conteur = Conteur(monde, alea, fin, dire)
    conteur.planifier(debut.date() + timedelta(days=7))
    bilans.planifier(conteur.scene, monde, debut.date())
    seances.planifier(conteur.scene, monde, debut.date())
    conteur.scene.jouer()
    lectures.lire_les_fils(monde, fin)
    conteur.ouvrir_releves()
    lectures.traiter_les_envois()
    conteur.confier_les_documents()  # after the outbox: it wakes the worker for those of the last days only
    with connection.cursor() as curseur:
        curseur.execute("RESET ROLE")
    return f"{len(conteur.signalements)} fiches, {conteur.scene.joues} actes"


class Conteur:
    """Keeps the signalements by fiche, and does each night what the clock does."""

    def __init__(self, monde: Monde, alea: random.Random, fin: datetime, dire: Callable[[str], object]) -> None:
        self.monde, self.alea, self.dire = monde, alea, dire
        self.scene = Scene(fin, alea, self.nuit)
        self.lectures = lectures.Lectures(monde, horloge.paris(fin).date())
        self.signalements: list[Signalement] = []
        self.par_fiche: dict[UUID, Signalement] = {}
        self.releves_connus: set[UUID] = set()
        self.tirages: dict[str, Tirages] = {}
        self.suivis: dict[str, list[Dossier]] = {equipe: [] for equipe in monde.equipes}

    def planifier(self, premier: date) -> None:
        """240 fiches on the days that `calendrier` says, the last ones left as drafts; the meetings of each équipe."""
        dernier = horloge.paris(self.scene.fin).date()
        for equipe, siens in jours(premier, dernier, self.alea).items():
            self.tirages[equipe] = Tirages(self.alea)
            for rang, jour in enumerate(siens):
                self._planifier_une(equipe, jour, brouillon=rang >= len(siens) - BROUILLONS // 2)
            Concertations(self.scene, self.monde, equipe, self.suivis[equipe]).planifier()
        VieDEquipe(self.scene, self.monde, self.suivis[EST]).planifier()

    def _planifier_une(self, equipe: str, jour: date, *, brouillon: bool) -> None:
        def acte() -> None:
            rang = len(self.signalements)
            signalement = Signalement(self.scene, self.monde, self.tirages[equipe], equipe, self.suite, rang)
            self.signalements.append(signalement)
            signalement.signaler(laisser_en_brouillon=brouillon)
            assert signalement.fiche is not None
            self.par_fiche[signalement.fiche.pk] = signalement

        instant = min(self.scene.heure_de_bureau(jour), self.scene.fin - timedelta(minutes=30))
        self.scene.le(instant, acte)

    def nuit(self, jour: date) -> None:
        """What the clock does every night."""
        with en_tant_que_systeme():
            dus = set(Instruction.objects.all().delai_passe().values_list("pk", flat=True))
            leves = [s for s in self.signalements if s.cle in dus and parcours_fiche.lever_delai(s.cle)]
        if jour.weekday() == 0:
            self.ouvrir_releves()
        self.lectures.chaque_nuit(jour)
        for signalement in leves:
            self.scene.dans((0, 3), signalement.delai_leve)
        if jour.day == 1:
            self.dire(f"  {jour:%m/%Y} : {len(self.signalements)} fiches")

    def ouvrir_releves(self) -> None:
        """Six months after: the relevés that became due, most of them rated in the following weeks."""
        with en_tant_que_systeme():
            echeances.rendre_caducs()
            echeances.ouvrir_releves_dus()
            attendus = list(Releve.objects.all().attendus().values_list("pk", "type_evaluateur", "fiche"))
        nouveaux = [du for du in attendus if du[0] not in self.releves_connus]
        self.releves_connus |= {pk for pk, _, _ in attendus}
        for pk, genre, fiche in sorted(nouveaux, key=lambda du: (du[1], self.par_fiche[du[2]].rang)):
            sort = self.par_fiche[fiche].tirages.tirer(("relevé", genre), RELEVES)
            if sort != "oublie":
                self.scene.dans((3, 16), partial(self.coter, pk, evaluable=sort == "rendu"))

    def coter(self, pk: UUID, *, evaluable: bool) -> None:
        """The rater, or a référent, or somebody of the équipe, gives the relevé back."""
        with en_tant_que_systeme():
            releve = Releve.objects.select_related("evaluateur").get(pk=pk)
        signalement = self.par_fiche[releve.fiche_id]
        par = signalement.evaluateur_de(releve)
        with agir_comme(par):
            if not Releve.objects.visibles_par(par).filter(pk=pk, etat="attendu").exists():
                return
            if evaluable:
                parcours_fiche.coter(pk, par=par, cotations=signalement.cotations_a_six_mois())
            else:
                parcours_fiche.declarer_non_evaluable(pk, par=par, motif=self.alea.choice(MotifNonEvaluable.values))

    def confier_les_documents(self) -> None:
        """The sweep makes the old documents, behind what people ask for: the rights given long ago are over."""
        for equipe in self.monde.equipes.values():
            coordination = self.monde.de(equipe, Role.COORDINATION)[0]
            with agir_comme(coordination):
                for document in (
                    *Document.objects.visibles_par(coordination).a_produire().sans_contenu(),
                    *DossierConcertation.objects.visibles_par(coordination).a_produire().sans_contenu(),
                ):
                    module = pieces if isinstance(document, Document) else suites_concertation
                    document.delegation_id = deleguer(coordination.pk, equipe.pk, module.TACHE, heures=module.HEURES)
                    document.save(update_fields=["delegation_id"])

    def suite(self, fiche: Fiche, signalement: Signalement) -> None:
        """The accompagnement takes over, most of the time; a few are filed away because nobody could be reached."""
        if signalement.tirages.oui("joignable", 19, 20):
            suivi = Suivi(self.scene, self.alea, fiche, signalement)
            signalement.suivie_par = suivi.principal
            self.suivis[signalement.nom_equipe].append(suivi)
            suivi.ouvrir()
        else:
            self.scene.dans((8, 20), signalement.classer_injoignable)
