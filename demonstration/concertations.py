"""The meetings of the demonstration: a commission every other month, a concertation on one situation now and then."""

from datetime import date, timedelta
from functools import partial
from typing import Final
from uuid import UUID

from accompagnements import parcours
from accompagnements.enums import ModeAccord
from accompagnements.enums.concertations import PORTEES_BAILLEUR, PORTEES_PARTENAIRE, QuiFait
from accompagnements.models import (
    ActionConvenue,
    Commission,
    Concertation,
    Decision,
    InvitationConcertation,
    PointConcertation,
)
from demonstration import noms
from demonstration.dossiers import Dossier
from demonstration.monde import Monde
from demonstration.scene import Scene
from partenaires.enums import Role
from partenaires.models import Compte, Organisation
from partenaires.perimetre import agir_comme
from socle import horloge

# Days from the end of the story to each meeting of an équipe: those of the commission, those on one situation.
SEANCES: Final = (-187, -131, -75, -19, 12)
SEULES: Final = (-96, -40, 8, 23)
AVANT: Final = 18  # days between the preparation and the meeting
A_LA_SEANCE: Final = 3  # situations of a commission


class Concertations:
    """The meetings of one équipe: prepared, convened, held, written, and what they leave to do."""

    def __init__(self, scene: Scene, monde: Monde, nom: str, suivis: list[Dossier]) -> None:
        self.scene, self.monde, self.nom, self.suivis = scene, monde, nom, suivis
        self.coordination: Compte = monde.de(monde.equipes[nom], Role.COORDINATION)[0]
        self.partenaires = monde.partenaires[nom]
        self.commission: Commission | None = None
        self.evoques: set[UUID] = set()

    def planifier(self) -> None:
        """Every meeting on the agenda of the story, eighteen days before it is held."""
        fin = horloge.paris(self.scene.fin).date()
        for jours in (*SEANCES, *SEULES):
            jour = self.scene.ouvre(fin + timedelta(days=jours))
            prepare = self.scene.ouvre(jour - timedelta(days=AVANT))
            acte = partial(self.preparer, jour, seule=jours in SEULES, dernier=jours == SEULES[-1])
            self.scene.le(horloge.a_paris(min(prepare, fin - timedelta(days=1)), 9, 40), acte)

    # Before ------------------------------------------------------------------------------------------------------

    def preparer(self, jour: date, *, seule: bool, dernier: bool = False) -> None:
        """The meeting, its situations and their accords; the last one is left in preparation."""
        choisis = self._choisir(1 if seule else A_LA_SEANCE)
        if not choisis:
            return
        debut = horloge.a_paris(jour, 14, 0 if seule else 30)
        with agir_comme(self.coordination):
            concertation = parcours.preparer_concertation(
                par=self.coordination, debut=debut, duree=60 if seule else 120, lieu=noms.LIEU_DE_REUNION,
                commission=None if seule else self._commission(), comptes=[self.coordination.pk],
            )  # fmt: skip
        for dossier in choisis:
            self._inscrire(concertation, dossier)
        bailleurs = {d.s.bailleur.pk: d.s.bailleur for d in choisis}
        with agir_comme(self.coordination):
            lignes = InvitationConcertation.objects.visibles_par(self.coordination).filter(concertation=concertation)
            deja = set(lignes.values_list("organisation", flat=True))
            for organisation in (*bailleurs.values(), self.partenaires[0], self.partenaires[-1]):
                if organisation.pk not in deja:
                    parcours.inviter_organisation(concertation.pk, par=self.coordination, organisation=organisation)
            if dernier:
                return
            parcours.convoquer(concertation.pk, par=self.coordination)
        self.scene.vers(3, partial(self.repondre, concertation.pk), heure=16)
        self.scene.le(debut - timedelta(days=4), partial(self.preparer_les_dossiers, concertation.pk))
        if seule and jour.day % 4 == 0:
            self.scene.le(debut - timedelta(days=2), partial(self.annuler, concertation.pk))
        else:
            self.scene.le(debut + timedelta(hours=3), partial(self.tenir, concertation.pk, choisis))

    def _choisir(self, combien: int) -> list[Dossier]:
        """The last situations under contract that no meeting has looked at."""
        choisis: list[Dossier] = []
        for dossier in reversed(self.suivis):
            if len(choisis) == combien:
                break
            if dossier.pk is None or dossier.pk in self.evoques:
                continue
            with agir_comme(dossier.principal):
                if dossier.lu(etat="en_cours", signe_le__isnull=False) is not None:
                    choisis.append(dossier)
        self.evoques |= {d.cle for d in choisis}
        return choisis

    def _commission(self) -> Commission:
        """Made for its first meeting, with the partners that usually come."""
        if self.commission is None:
            self.commission = parcours.creer_commission(
                par=self.coordination, nom=noms.COMMISSION, habituelles=[o.pk for o in self.partenaires]
            )
        return self.commission

    def _inscrire(self, concertation: Concertation, dossier: Dossier) -> None:
        """What the person accepts that each one reads, then her situation on the agenda."""
        par = dossier.principal
        with agir_comme(par):
            lecteurs = [(self.partenaires[0], PORTEES_PARTENAIRE), (dossier.s.bailleur, PORTEES_BAILLEUR)]
            if dossier.s.rang % 2:
                lecteurs.append((self.partenaires[-1], PORTEES_PARTENAIRE))
            for organisation, portees in lecteurs:
                parcours.recueillir_accord(
                    dossier.cle, par=par, organisation=organisation, portees=portees, mode=ModeAccord.ECRIT,
                    le=horloge.aujourdhui(),
                )  # fmt: skip
        with agir_comme(self.coordination):
            demande = noms.DEMANDES_EN_CONCERTATION[dossier.s.rang % len(noms.DEMANDES_EN_CONCERTATION)]
            parcours.inscrire_situation(concertation.pk, dossier.cle, par=self.coordination, demande=demande)

    def repondre(self, pk: UUID) -> None:
        """Each organisation says whether it comes; the second partner has not answered when the meeting is near."""
        for rang, organisation in enumerate(self._invitees(pk)):
            role = Role.CORRESPONDANT if organisation in self.partenaires else Role.REFERENT
            personne = self.monde.de(organisation, role)[0]
            with agir_comme(personne, organisation.pk):
                invitations = InvitationConcertation.objects.visibles_par(personne).filter(concertation=pk)
                invitation = invitations.first()
                if invitation is not None and not (rang % 4 == 3 and self.scene.est_recent(20)):
                    vient = rang % 4 != 2
                    qui = personne.nom_complet if vient else ""
                    parcours.repondre_invitation(invitation.pk, par=personne, vient=vient, qui_vient=qui)

    def _invitees(self, pk: UUID) -> list[Organisation]:
        with agir_comme(self.coordination):
            lignes = InvitationConcertation.objects.visibles_par(self.coordination).filter(concertation=pk)
            return [ligne.organisation for ligne in lignes.select_related("organisation").order_by("organisation")]

    def preparer_les_dossiers(self, pk: UUID) -> None:
        with agir_comme(self.coordination):
            if self._concertation(pk).est_convoquee:
                parcours.preparer_dossiers(pk, par=self.coordination)

    def annuler(self, pk: UUID) -> None:
        with agir_comme(self.coordination):
            parcours.annuler_concertation(pk, par=self.coordination)

    def _concertation(self, pk: UUID) -> Concertation:
        concertation: Concertation = Concertation.objects.visibles_par(self.coordination).get(pk=pk)
        return concertation

    # After -------------------------------------------------------------------------------------------------------

    def tenir(self, pk: UUID, dossiers: list[Dossier]) -> None:
        with agir_comme(self.coordination):
            invitations = InvitationConcertation.objects.visibles_par(self.coordination).filter(concertation=pk)
            presentes = list(invitations.exclude(reponse="declinee").values_list("pk", flat=True))
            parcours.tenir(pk, par=self.coordination, presentes=presentes, comptes=[self.coordination.pk])
            points = PointConcertation.objects.visibles_par(self.coordination).filter(concertation=pk)
            par_dossier = {p.situation.accompagnement_id: p.pk for p in points.select_related("situation")}
        for rang, dossier in enumerate(dossiers):
            if dossier.cle in par_dossier:
                ecrire = partial(self.ecrire, par_dossier[dossier.cle], dossier, rang)
                self.scene.vers(1, lambda d=dossier, e=ecrire: d.si_ouvert(e), heure=9 + rang)  # type: ignore[misc]

    def ecrire(self, point: UUID, dossier: Dossier, rang: int) -> None:
        """The minutes, a decision or two, and what was agreed with the bailleur."""
        par, n = dossier.principal, dossier.s.rang
        minutes = noms.COMPTES_RENDUS_DE_CONCERTATION
        parcours.rediger(point, par=par, version=1, compte_rendu=minutes[n % len(minutes)])
        for k in range(1 + rang % 2):
            decision = parcours.decider_en_concertation(
                point, par=par, texte=noms.DECISIONS[(n + k) % len(noms.DECISIONS)],
                avant_le=horloge.aujourdhui() + timedelta(days=14 + 7 * k),
                responsable=None if k else par.pk,
            )  # fmt: skip
            if not (rang == 0 and self.scene.est_recent(30)):  # the first one of the last meeting is late
                clore = partial(self._clore_decision, decision, faite=bool(n % 5))
                self.scene.vers(9 + 6 * k, lambda c=clore: dossier.si_ouvert(c))  # type: ignore[misc]
        texte, qui = noms.ACTIONS[n % len(noms.ACTIONS)]
        action = parcours.convenir(
            point, par=par, texte=texte, qui=QuiFait(qui), avant_le=horloge.aujourdhui() + timedelta(days=21)
        )
        self.scene.vers(24, lambda: dossier.si_ouvert(partial(self._clore_action, action, par)))

    def _clore_decision(self, decision: Decision, *, faite: bool) -> None:
        par = decision.prise_par
        if Decision.objects.visibles_par(par).filter(pk=decision.pk, etat="a_faire").exists():
            parcours.clore_decision(decision.pk, par=par, faite=faite)

    def _clore_action(self, action: ActionConvenue, par: Compte) -> None:
        if ActionConvenue.objects.visibles_par(par).filter(pk=action.pk, etat="a_faire").exists():
            parcours.clore_action(action.pk, par=par, faite=True)
