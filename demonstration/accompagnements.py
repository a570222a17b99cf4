"""The story of an accompagnement in the demonstration: visits, contract, orientations, end."""

import random
from dataclasses import replace
from datetime import date, datetime, timedelta
from uuid import UUID

from accompagnements import parcours
from accompagnements.enums import (
    Axe,
    EtatObjectif,
    EtatVisite,
    Lieu,
    ModeSignature,
    MotifArret,
    MotifSansSuite,
    MotifSuspension,
    Signataire,
    SituationDuLogement,
)
from accompagnements.models import Accompagnement, Visite
from demonstration import noms
from demonstration.dossiers import Dossier, Pieces, feuille
from demonstration.fiches import Signalement
from demonstration.orientations import Orientations
from demonstration.scene import Scene
from demonstration.suites import Suites
from partenaires.enums import Role
from partenaires.models import Compte
from partenaires.perimetre import agir_comme
from signalements.models import Fiche
from socle import horloge

TRACE = (
    "M70 160L90 96L104 70L116 74L112 120L108 162L126 118L142 92L152 96L150 136L158 150L176 112L188 92L196 98L192 138"
    "L202 148L222 108L234 96L240 104L236 140L248 146L272 104L290 84L298 92L292 132L302 142L330 128L372 108L420 96"
)
SIGNATURE = parcours.Signature(lu=True, trace_personne=TRACE, trace_equipe=TRACE)
MANQUEES = (EtatVisite.ABSENT, EtatVisite.ABSENT, EtatVisite.REFUSEE)
LOGEMENT = {SituationDuLogement.MAINTENU: 17, SituationDuLogement.MUTE: 1, SituationDuLogement.PARTI: 2}  # of twenty
AXES = (Axe.LOGEMENT, Axe.ENVIRONNEMENT, Axe.RESSOURCES, Axe.SOMATIQUE)


class Suivi(Dossier):
    """One accompagnement: each act plans the next, and stops when the situation is over."""

    def __init__(self, scene: Scene, alea: random.Random, fiche: Fiche, signalement: Signalement) -> None:
        equipe = signalement.monde.de(signalement.equipe, Role.SOIGNANT, Role.SOCIAL)
        super().__init__(scene, fiche, signalement, *alea.sample(equipe, 2))
        self.alea = alea
        self.suites = Suites(self)
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
                raison_pas_seul="Un grand chien, souvent sans laisse, sur le palier." if self.a_deux else "",
            )
            self.pk = accompagnement.pk
            six_mois = accompagnement.logement_du_le
        self.scene.le(
            self.scene.heure_de_bureau(six_mois + timedelta(days=self.alea.randint(0, 3))), self.noter_logement
        )
        self._planifier((2, 9), premiere=True)

    def noter_logement(self) -> None:
        """Six months after the opening: what became of the home, whatever followed."""
        with agir_comme(self.principal):
            vu = Accompagnement.objects.visibles_par(self.principal).filter(pk=self.cle).first()
            if vu is None or vu.etat == "sans_suite" or (self.scene.est_recent(10) and self.alea.random() < 0.15):
                return
            situation = self.s.tirages.tirer("logement", LOGEMENT)
            parcours.noter_logement(self.cle, par=self.principal, situation=situation, le=horloge.aujourdhui())

    # Visits ----------------------------------------------------------------------------------------------------

    def _planifier(self, jours: tuple[int, int], *, premiere: bool = False) -> None:
        """Plan a visit on the agenda now, and tell it on its day."""
        jour = horloge.aujourdhui() + timedelta(days=self.alea.randint(*jours) + 1)
        debut = self.scene.creneau(jour, (self.principal.pk, self.second.pk))
        with agir_comme(self.principal):
            if not self.ouvert():
                return
            duree = self.alea.choice((30, 45, 60))
            lieu = Lieu.DOMICILE if premiere or self.alea.random() < 0.7 else Lieu.BUREAU
            visite = None
            if not premiere:
                qui = [self.principal, self.second] if self.a_deux else [self.principal]
                visite = parcours.planifier_visite(
                    self.cle, par=self.principal, debut=debut, duree=duree, lieu=lieu, participants=qui
                )
        prevue = visite or self._convenir(debut, duree)
        if prevue is None:
            return
        if not (self.scene.est_recent(8) and self.alea.random() < 0.3):
            fin = prevue.debut + timedelta(hours=2)
            self.scene.le(fin, lambda: self.rendre_compte(prevue.pk, premiere=premiere))

    def _convenir(self, debut: datetime, duree: int) -> Visite | None:
        """Two dates for the first visit, of which a référent takes one; None while he has not answered."""
        with agir_comme(self.principal):
            proposition = parcours.proposer_creneaux(
                self.cle, par=self.principal, creneaux=[debut, self._autre_jour(debut)], duree=duree,
                telephone="01 00 00 00 00",
            )  # fmt: skip
        if self.scene.est_recent(3):
            return None
        referent = self.s.referent()
        if self.s.rang % 15 == 8 and not self.visites:
            return self._decliner(proposition.pk, referent, debut, duree)
        with agir_comme(referent):
            parcours.accepter_creneau(proposition.pk, par=referent, creneau=debut)
        with agir_comme(self.principal):
            return Visite.objects.visibles_par(self.principal).planifiees().premieres().get(accompagnement=self.cle)

    def _decliner(self, pk: UUID, referent: Compte, debut: datetime, duree: int) -> Visite | None:
        """None of the dates fits the référent, who says when: the équipe agrees with him by telephone, and plans it."""
        with agir_comme(referent):
            parcours.decliner_creneaux(pk, par=referent, message=noms.AUTRES_JOURS)
        if self.scene.est_recent(6):
            return None
        with agir_comme(self.principal):
            return parcours.planifier_visite(
                self.cle, par=self.principal, debut=self._autre_jour(debut, 3), duree=duree, conjointe=True,
                participants=[self.principal],
            )  # fmt: skip

    def _autre_jour(self, debut: datetime, jours: int = 1) -> datetime:
        """The same hour, some days later, on a working day."""
        heure = horloge.paris(debut)
        return horloge.a_paris(self.scene.ouvre(heure.date() + timedelta(days=jours)), heure.hour, heure.minute)

    def rendre_compte(self, visite_pk: UUID, *, premiere: bool) -> None:
        with agir_comme(self.principal):
            visite = Visite.objects.visibles_par(self.principal).filter(pk=visite_pk).first()
            if visite is None or visite.etat != EtatVisite.PLANIFIEE or not self.ouvert():
                return
            faite = self.s.tirages.oui(("faite", premiere), 17, 19)
            parcours.rendre_compte(
                visite.pk,
                par=self.principal,
                version=visite.version,
                issue=EtatVisite.FAITE if faite else self.alea.choice(MANQUEES),
                compte_rendu=self._ecrit(noms.COMPTES_RENDUS) if faite else "",
            )
            if faite and premiere:
                parcours.coter_depart(self.cle, par=self.principal, cotations=self.s.cotations())
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
        else:
            self._planifier((17, 34))

    def _noter(self) -> None:
        niveau = "clinique" if self.principal.a_role(Role.SOIGNANT) and self.alea.random() < 0.4 else "equipe"
        parcours.ecrire_note(self.cle, par=self.principal, niveau=niveau, texte=self._ecrit(noms.NOTES))

    def _ecrit(self, phrases: tuple[str, ...]) -> str:
        """Each sentence once before any comes back."""
        return self.s.tirages.tirer(phrases, dict.fromkeys(phrases, 1))

    # Contract --------------------------------------------------------------------------------------------------

    def evaluer(self) -> None:
        with agir_comme(self.principal):
            if not self.ouvert():
                return
            axes = self.alea.sample(AXES, 2)
            parcours.ecrire_diagnostic(
                self.cle,
                par=self.principal,
                version=0,
                textes={axe.value: noms.DIAGNOSTICS[axe.value] for axe in axes},
                axes=[axe.value for axe in axes],
            )
            for axe, texte in self.alea.sample(noms.OBJECTIFS, self.alea.choice((1, 2, 3))):
                parcours.ajouter_objectif(self.cle, par=self.principal, axe=axe, texte=texte)
            if self.s.tirages.oui("contrat", 18, 20):
                parcours.proposer(self.cle, par=self.principal)
                self.scene.dans((2, 12), self.signer)
            else:
                self.scene.dans((3, 10), lambda: self.cloturer(MotifSansSuite.ORIENTATION_DIRECTE))
        Orientations(self).prevoir()

    def signer(self) -> None:
        if self.scene.est_recent(9):
            return  # the person thinks it over: contracts to sign, today
        with agir_comme(self.principal):
            if not self.ouvert():
                return
            if self.s.tirages.oui("refus du contrat", 1, 20):
                parcours.enregistrer_refus_contrat(self.cle, par=self.principal)
                self.scene.dans((1, 5), lambda: self.cloturer(MotifSansSuite.REFUS))
                return
            contrat = parcours.signer(self.cle, par=self.principal, signature=self._signature())
        self._planifier((7, 20))
        self.suites.prevoir()
        Pieces(self).prevoir()
        self.scene.dans((40, 58), self.revoir)
        self.scene.dans((75, 190), self.terminer)
        assert contrat.jusqu_au is not None
        self._prevoir_renouvellement(contrat.jusqu_au)
        if self.s.tirages.oui("suspension", 1, 5):
            self.scene.dans((15, 60), self.suspendre)

    def _signature(self) -> parcours.Signature:
        """Drawn on the screen; one contract in ten is signed on paper, one in twelve by the mandate-holder."""
        if self.s.rang % 10 == 7:
            papier = feuille("Contrat d’engagement, signé", "JPEG")
            return parcours.Signature(mode=ModeSignature.PAPIER, lu=True, scan=papier)
        if self.s.rang % 12 == 3:
            return replace(SIGNATURE, signataire=Signataire.MANDATAIRE, mandataire=noms.MANDATAIRE)
        return SIGNATURE

    def _prevoir_renouvellement(self, terme: date) -> None:
        self.scene.le(self.scene.heure_de_bureau(terme - timedelta(days=self.alea.randint(3, 10))), self.renouveler)

    def renouveler(self) -> None:
        """A new version, with what is still open, or with one more objective."""
        with agir_comme(self.principal):
            a = Accompagnement.objects.visibles_par(self.principal).filter(pk=self.cle, etat="en_cours").first()
            if a is None:
                return
            if not a.objectifs.filter(etat=EtatObjectif.OUVERT).exists():
                deja = set(a.objectifs.values_list("axe", flat=True))
                axe, texte = self.alea.choice([o for o in noms.OBJECTIFS if o[0] not in deja] or noms.OBJECTIFS)
                parcours.ajouter_objectif(self.cle, par=self.principal, axe=axe, texte=texte)
            for objectif in a.objectifs.filter(etat=EtatObjectif.OUVERT):
                parcours.revoir_objectif(
                    objectif.pk, par=self.principal, version=objectif.version, etat=EtatObjectif.OUVERT,
                    commentaire=self.alea.choice(noms.REVUES),
                )  # fmt: skip
            contrat = parcours.renouveler(self.cle, par=self.principal, signature=SIGNATURE)
        assert contrat.jusqu_au is not None
        self._prevoir_renouvellement(contrat.jusqu_au)

    def suspendre(self) -> None:
        with agir_comme(self.principal):
            if not Accompagnement.objects.visibles_par(self.principal).filter(pk=self.cle, etat="en_cours").exists():
                return
            parcours.suspendre(self.cle, par=self.principal, motif=self.alea.choice(MotifSuspension.values))
        self.scene.dans((10, 30), self.reprendre)

    def reprendre(self) -> None:
        with agir_comme(self.principal):
            if Accompagnement.objects.visibles_par(self.principal).filter(pk=self.cle, etat="suspendu").exists():
                parcours.reprendre(self.cle, par=self.principal)

    def revoir(self) -> None:
        """Every quarter, what became of the objectives."""
        with agir_comme(self.principal):
            if not self.ouvert():
                return
            accompagnement = Accompagnement.objects.visibles_par(self.principal).get(pk=self.cle)
            for objectif in list(accompagnement.objectifs.all()):
                etat = self.alea.choice((EtatObjectif.ATTEINT, EtatObjectif.ATTEINT, EtatObjectif.OUVERT))
                dit = self.alea.choice(noms.REVUES) if etat == EtatObjectif.OUVERT else ""
                if objectif.etat != EtatObjectif.OUVERT:
                    continue  # what was reached is reached
                parcours.revoir_objectif(
                    objectif.pk, par=self.principal, version=objectif.version, etat=etat, commentaire=dit
                )
        self.scene.dans((40, 58), self.revoir)

    # Ends ------------------------------------------------------------------------------------------------------

    def terminer(self) -> None:
        with agir_comme(self.principal):
            if not self.ouvert():
                return
            sort = self.alea.random()
            motif = (
                MotifArret.OBJECTIFS if sort < 0.5 else MotifArret.DROIT_COMMUN if sort < 0.75
                else self.alea.choice((MotifArret.SPECIALISE, MotifArret.DEMENAGEMENT, MotifArret.NON_ADHESION))
            )  # fmt: skip
            parti = motif == MotifArret.DEMENAGEMENT
            if motif == MotifArret.OBJECTIFS:
                self._tout_atteindre()
            parcours.terminer(
                self.cle,
                par=self.principal,
                motif=motif,
                relais=noms.RELAIS,
                situation_logement=SituationDuLogement.PARTI if parti else SituationDuLogement.MAINTENU,
            )
        self.suites.apres_la_fin()

    def _tout_atteindre(self) -> None:
        """The last review before an end by objectives reached."""
        accompagnement = Accompagnement.objects.visibles_par(self.principal).get(pk=self.cle)
        for objectif in accompagnement.objectifs.filter(etat=EtatObjectif.OUVERT):
            parcours.revoir_objectif(
                objectif.pk, par=self.principal, version=objectif.version, etat=EtatObjectif.ATTEINT
            )

    def cloturer(self, motif: str) -> None:
        with agir_comme(self.principal):
            if self.ouvert():
                parcours.cloturer_sans_suite(self.cle, par=self.principal, motif=motif)
