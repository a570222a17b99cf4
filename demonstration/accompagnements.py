"""The story of an accompagnement in the demonstration: visits, contract, orientations, end."""

import random
from datetime import datetime, timedelta
from uuid import UUID

from accompagnements import parcours
from accompagnements.enums import (
    Axe,
    Contact,
    EtatObjectif,
    EtatVisite,
    Lieu,
    MotifArret,
    MotifRefus,
    MotifSansSuite,
    Portee,
    SituationDuLogement,
)
from accompagnements.models import Accompagnement, Orientation, Visite
from demonstration import noms
from demonstration.fiches import Signalement
from demonstration.scene import Scene
from partenaires.enums import Role
from partenaires.models import Compte, Organisation
from partenaires.perimetre import agir_comme
from signalements.models import Fiche
from socle import horloge

TRACE = "M20 120L60 60L90 140L130 70L170 130L220 80"
MANQUEES = (EtatVisite.ABSENT, EtatVisite.ABSENT, EtatVisite.REFUSEE)
AXES = (Axe.LOGEMENT, Axe.ENVIRONNEMENT, Axe.RESSOURCES, Axe.SOMATIQUE)


class Suivi:
    """One accompagnement: each act plans the next, and stops when the situation is over."""

    def __init__(self, scene: Scene, alea: random.Random, fiche: Fiche, signalement: Signalement) -> None:
        self.scene, self.alea, self.fiche, self.s = scene, alea, fiche, signalement
        equipe = signalement.monde.de(signalement.equipe, Role.SOIGNANT, Role.SOCIAL)
        self.principal, self.second = alea.sample(equipe, 2)
        self.pk: UUID | None = None
        self.visites = 0
        self.a_deux = alea.random() < 0.1

    def ouvrir(self) -> None:
        if self.s.etat() != "a_visiter":
            return
        with agir_comme(self.principal):
            accompagnement = parcours.ouvrir(
                self.fiche.pk,
                par=self.principal,
                intervenants=[self.principal, self.second],
                ne_pas_y_aller_seul=self.a_deux,
            )
            self.pk = accompagnement.pk
            six_mois = accompagnement.logement_du_le
        self.scene.le(
            self.scene.heure_de_bureau(six_mois + timedelta(days=self.alea.randint(0, 12))), self.noter_logement
        )
        self._planifier((2, 9), premiere=True)

    def noter_logement(self) -> None:
        """Six months after the opening: what became of the home, whatever followed."""
        with agir_comme(self.principal):
            vu = Accompagnement.objects.visibles_par(self.principal).filter(pk=self._pk).first()
            if vu is None or vu.etat == "sans_suite" or self.alea.random() < 0.06:
                return
            situation = SituationDuLogement.MAINTENU
            if self.alea.random() < 0.12:
                situation = self.alea.choice((SituationDuLogement.PARTI, SituationDuLogement.MUTE))
            parcours.noter_logement(self._pk, par=self.principal, situation=situation, le=horloge.aujourdhui())

    # Visits ----------------------------------------------------------------------------------------------------

    def _planifier(self, jours: tuple[int, int], *, premiere: bool = False) -> None:
        """Plan a visit on the agenda now, and tell it on its day."""
        debut = self.scene.heure_de_bureau(horloge.aujourdhui() + timedelta(days=self.alea.randint(*jours) + 1))
        with agir_comme(self.principal):
            if not self._ouvert():
                return
            visite = parcours.planifier_visite(
                self._pk,
                par=self.principal,
                debut=debut,
                duree=self.alea.choice((30, 45, 60)),
                lieu=Lieu.DOMICILE if premiere or self.alea.random() < 0.7 else Lieu.BUREAU,
                participants=[self.principal, self.second] if premiere or self.a_deux else [self.principal],
                conjointe=premiere,
            )
        if self.alea.random() < 0.94:
            fin = debut + timedelta(hours=2)
            self.scene.le(fin, lambda: self.rendre_compte(visite.pk, premiere=premiere))

    def rendre_compte(self, visite_pk: UUID, *, premiere: bool) -> None:
        with agir_comme(self.principal):
            visite = Visite.objects.visibles_par(self.principal).filter(pk=visite_pk).first()
            if visite is None or visite.etat != EtatVisite.PLANIFIEE or not self._ouvert():
                return
            faite = self.alea.random() < (0.86 if premiere else 0.9)
            parcours.rendre_compte(
                visite.pk,
                par=self.principal,
                version=visite.version,
                issue=EtatVisite.FAITE
                if faite
                else self.alea.choice((EtatVisite.ABSENT, EtatVisite.ABSENT, EtatVisite.REFUSEE)),
                compte_rendu=self.alea.choice(noms.COMPTES_RENDUS) if faite else "",
            )
            if faite and premiere:
                parcours.coter_depart(self._pk, par=self.principal, cotations=self.s.cotations())
            if self.alea.random() < 0.3:
                self._noter()
        self.visites += 1
        if premiere and not faite:
            if self.visites >= 3:
                self.scene.dans((1, 4), lambda: self.cloturer(MotifSansSuite.NON_ADHESION))
            else:
                self._planifier((4, 10), premiere=True)
        elif premiere:
            self.scene.dans((3, 12), self.evaluer)
        elif self.visites < 10:
            self._planifier((12, 30))

    def _noter(self) -> None:
        niveau = "clinique" if self.principal.a_role(Role.SOIGNANT) and self.alea.random() < 0.4 else "equipe"
        parcours.ecrire_note(self._pk, par=self.principal, niveau=niveau, texte=self.alea.choice(noms.NOTES))

    # Contract --------------------------------------------------------------------------------------------------

    def evaluer(self) -> None:
        with agir_comme(self.principal):
            if not self._ouvert():
                return
            axes = self.alea.sample(AXES, 2)
            parcours.ecrire_diagnostic(
                self._pk,
                par=self.principal,
                version=0,
                textes={axe.value: "À travailler avec la personne, elle est d’accord." for axe in axes},
                axes=[axe.value for axe in axes],
            )
            for axe, texte in self.alea.sample(noms.OBJECTIFS, self.alea.choice((1, 2, 3))):
                parcours.ajouter_objectif(self._pk, par=self.principal, axe=axe, texte=texte)
            if self.alea.random() < 0.85:
                parcours.proposer(self._pk, par=self.principal)
                self.scene.dans((2, 12), self.signer)
            else:
                self.scene.dans((3, 10), lambda: self.cloturer(MotifSansSuite.ORIENTATION_DIRECTE))
        if self.alea.random() < 0.65:
            self.scene.dans((1, 8), self.orienter)

    def signer(self) -> None:
        with agir_comme(self.principal):
            if not self._ouvert():
                return
            if self.alea.random() < 0.08:
                parcours.enregistrer_refus_contrat(self._pk, par=self.principal)
                self.scene.dans((1, 5), lambda: self.cloturer(MotifSansSuite.REFUS))
                return
            parcours.signer(
                self._pk,
                par=self.principal,
                signature=parcours.Signature(lu=True, trace_personne=TRACE, trace_equipe=TRACE),
            )
        self._planifier((7, 20))
        if self.alea.random() < 0.6:
            self.scene.dans((5, 40), self.orienter)
        self.scene.dans((50, 70), self.revoir)
        self.scene.dans((75, 190), self.terminer)

    def revoir(self) -> None:
        with agir_comme(self.principal):
            if not self._ouvert():
                return
            accompagnement = Accompagnement.objects.visibles_par(self.principal).get(pk=self._pk)
            for objectif in list(accompagnement.objectifs.all()):
                etat = self.alea.choice((EtatObjectif.ATTEINT, EtatObjectif.ATTEINT, EtatObjectif.OUVERT))
                parcours.revoir_objectif(objectif.pk, par=self.principal, version=objectif.version, etat=etat)

    # Orientations ----------------------------------------------------------------------------------------------

    def orienter(self) -> None:
        destinataire = self.alea.choice(self.s.monde.partenaires[self.s.nom_equipe])
        with agir_comme(self.principal):
            if not self._ouvert():
                return
            deja = Orientation.objects.visibles_par(self.principal).filter(
                accompagnement=self._pk, destinataire=destinataire
            )
            if deja.exists():
                return
            parcours.recueillir_accord(
                self._pk,
                par=self.principal,
                organisation=destinataire,
                portees=[Portee.COORDONNEES, Portee.DEMANDE],
                mode=self.alea.choice(("oral", "ecrit")),
                le=horloge.aujourdhui(),
            )
            orientation = parcours.proposer_orientation(
                self._pk,
                par=self.principal,
                destinataire=destinataire,
                demande="Un premier rendez-vous. Préfère le matin ; nous pouvons l’accompagner la première fois.",
                contacts=[self.alea.choice(Contact.values)],
            )
            parcours.envoyer_orientation(orientation.pk, par=self.principal)
        if self.alea.random() < 0.9:
            self.scene.dans((1, 12), lambda: self.repondre(destinataire, orientation.pk))

    def repondre(self, destinataire: Organisation, pk: UUID) -> None:
        correspondant = self.s.monde.de(destinataire, Role.CORRESPONDANT)[0]
        sort = self.alea.random()
        with agir_comme(correspondant):
            if not Orientation.objects.visibles_par(correspondant).filter(pk=pk, etat="envoyee").exists():
                return
            jour = horloge.aujourdhui() + timedelta(days=self.alea.randint(5, 25))
            rendez_vous: datetime = self.scene.heure_de_bureau(jour)
            if sort < 0.65:
                parcours.repondre(pk, par=correspondant, issue="accepter", rendez_vous=rendez_vous, avec="Secrétariat")
            elif sort < 0.8:
                parcours.repondre(pk, par=correspondant, issue="mettre_en_attente", revoir_le=jour + timedelta(days=20))
            else:
                parcours.repondre(pk, par=correspondant, issue="refuser", motif=self.alea.choice(MotifRefus.values))
        if sort < 0.65 and self.alea.random() < 0.8:
            self.scene.le(rendez_vous + timedelta(hours=3), lambda: self.prendre_en_charge(correspondant, pk))

    def prendre_en_charge(self, correspondant: Compte, pk: UUID) -> None:
        with agir_comme(correspondant):
            if Orientation.objects.visibles_par(correspondant).filter(pk=pk, etat="acceptee").exists():
                parcours.prendre_en_charge(pk, par=correspondant, le=horloge.aujourdhui())

    # Ends ------------------------------------------------------------------------------------------------------

    def terminer(self) -> None:
        with agir_comme(self.principal):
            if not self._ouvert():
                return
            sort = self.alea.random()
            motif = (
                MotifArret.OBJECTIFS if sort < 0.5 else MotifArret.DROIT_COMMUN if sort < 0.75
                else self.alea.choice((MotifArret.SPECIALISE, MotifArret.DEMENAGEMENT, MotifArret.NON_ADHESION))
            )  # fmt: skip
            parti = motif == MotifArret.DEMENAGEMENT
            parcours.terminer(
                self._pk,
                par=self.principal,
                motif=motif,
                relais="Relais avec le service social et le médecin traitant.",
                situation_logement=SituationDuLogement.PARTI if parti else SituationDuLogement.MAINTENU,
            )

    def cloturer(self, motif: str) -> None:
        with agir_comme(self.principal):
            if self._ouvert():
                parcours.cloturer_sans_suite(self._pk, par=self.principal, motif=motif)

    # Reading -----------------------------------------------------------------------------------------------------

    @property
    def _pk(self) -> UUID:
        assert self.pk is not None
        return self.pk

    def _ouvert(self) -> bool:
        """Whether the team still sees it open (an opposition hides it, an end closes it)."""
        accompagnement = Accompagnement.objects.visibles_par(self.principal).filter(pk=self._pk).first()
        return accompagnement is not None and not accompagnement.est_clos
