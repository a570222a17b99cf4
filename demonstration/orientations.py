"""The orientations of one accompagnement in the demonstration: to partners with an account, and to others by a link."""

from datetime import datetime, timedelta
from functools import partial
from typing import Any, Final
from uuid import UUID

from accompagnements import parcours
from accompagnements.enums import Contact, MotifRefus, MotifRetrait, Portee
from accompagnements.models import Orientation
from accompagnements.parcours.liens import adresse_du_lien
from demonstration import noms
from demonstration.dossiers import Dossier
from partenaires.enums import Role
from partenaires.models import Compte, Organisation, Structure
from partenaires.perimetre import agir_comme
from socle import horloge

# To which partners of the équipe (their ranks) a person is oriented; of twenty.
PARTENAIRES: dict[tuple[int, ...], int] = {(0, 2): 5, (2,): 6, (0,): 2, (2, 1): 3, (0, 2, 1): 1, (1,): 1, (): 2}
REPONSES = {"accepter": 15, "mettre_en_attente": 2, "refuser": 3}  # of twenty
PORTEES: Final = (Portee.COORDONNEES, Portee.DEMANDE)
# What a partner without an account does of the link that he receives; None: he has not answered yet.
PAR_LIEN: Final = ("accepter", "accepter", "mettre_en_attente", "accepter", "refuser")


class Orientations:
    """To whom the person of one accompagnement is oriented, and what they answer."""

    def __init__(self, dossier: Dossier) -> None:
        self.d, self.s, self.scene, self.alea = dossier, dossier.s, dossier.scene, dossier.s.alea

    def prevoir(self) -> None:
        """To the partners drawn, in the weeks that follow the diagnostic."""
        destinataires: tuple[int, ...] = self.s.tirages.tirer("partenaires", PARTENAIRES)
        for rang, destinataire in enumerate(destinataires):
            if rang < len(self.s.monde.partenaires[self.s.nom_equipe]):
                self.scene.dans((1 + 8 * rang, 8 + 12 * rang), partial(self.orienter, destinataire))
        if self.s.rang % 4 == 1:
            self.scene.vers(self.d.hasard.randint(9, 25), lambda: self.d.si_ouvert(self.par_lien))

    # To a partner with an account ------------------------------------------------------------------------------

    def orienter(self, rang: int) -> None:
        destinataire = self.s.monde.partenaires[self.s.nom_equipe][rang]
        with agir_comme(self.d.principal):
            if not self.d.ouvert():
                return
            deja = Orientation.objects.visibles_par(self.d.principal).filter(
                accompagnement=self.d.cle, destinataire=destinataire
            )
            if deja.exists():
                return
            mode, demande = self.alea.choice(("oral", "ecrit")), self.alea.choice(noms.DEMANDES)
            orientation = self._proposer(destinataire, mode, demande, self.alea.choice(Contact.values))
        if not (self.scene.est_recent(20) and (self.alea.random() < 0.3 or self.s.rang % 2)):
            self.scene.dans((1, 9), lambda: self.repondre(destinataire, orientation.pk))

    def _proposer(self, vers: Organisation | Structure, mode: str, demande: str, contact: str) -> Orientation:
        """The accord of the person, then the orientation, sent."""
        par = self.d.principal
        parcours.recueillir_accord(
            self.d.cle, par=par, organisation=vers, portees=PORTEES, mode=mode, le=horloge.aujourdhui()
        )
        orientation = parcours.proposer_orientation(
            self.d.cle, par=par, destinataire=vers, demande=demande, contacts=[contact]
        )
        return parcours.envoyer_orientation(orientation.pk, par=par)

    def repondre(self, destinataire: Organisation, pk: UUID) -> None:
        correspondant = self.s.monde.de(destinataire, Role.CORRESPONDANT)[0]
        sort = self.s.tirages.tirer("réponse", REPONSES)
        with agir_comme(correspondant):
            if not Orientation.objects.visibles_par(correspondant).filter(pk=pk, etat="envoyee").exists():
                return
            jour = horloge.aujourdhui() + timedelta(days=self.alea.randint(5, 25))
            rendez_vous: datetime = self.scene.heure_de_bureau(jour)
            revoir = jour + timedelta(days=20)
            if sort == "accepter":
                parcours.repondre(pk, par=correspondant, issue=sort, rendez_vous=rendez_vous, avec="Secrétariat")
            elif sort == "mettre_en_attente":
                parcours.repondre(pk, par=correspondant, issue=sort, revoir_le=revoir)
            else:
                motif = self.alea.choice((MotifRefus.HORS_SECTEUR, MotifRefus.HORS_MISSIONS, MotifRefus.SANS_PLACE))
                parcours.repondre(pk, par=correspondant, issue=sort, motif=motif)
        if sort == "refuser":
            self.scene.dans((1, 4), partial(self.donner_suite, pk))
        elif sort == "accepter" and self.s.tirages.oui("rendez-vous manqué", 1, 12):
            self.scene.le(rendez_vous + timedelta(days=2), partial(self.retirer, pk))
        else:
            le = rendez_vous + timedelta(hours=3) if sort == "accepter" else self.scene.heure_de_bureau(revoir)
            self.scene.le(le, lambda: self.prendre_en_charge(correspondant, pk))

    def prendre_en_charge(self, par: Compte, pk: UUID) -> None:
        with agir_comme(par):
            suivies = Orientation.objects.visibles_par(par).filter(pk=pk)
            if suivies.filter(etat__in=("acceptee", "liste_attente")).exists():
                parcours.prendre_en_charge(pk, par=par, le=horloge.aujourdhui())
        if self.s.rang % 3 == 2:
            self.scene.vers(self.d.hasard.randint(50, 110), partial(self.terminer, par, pk), heure=15)

    def terminer(self, par: Compte, pk: UUID) -> None:
        """The partner's work is over."""
        with agir_comme(par):
            if Orientation.objects.visibles_par(par).filter(pk=pk, etat="prise_en_charge", retiree_le=None).exists():
                parcours.terminer_orientation(pk, par=par, le=horloge.aujourdhui())

    def donner_suite(self, pk: UUID) -> None:
        with agir_comme(self.d.principal):
            if Orientation.objects.visibles_par(self.d.principal).filter(pk=pk, etat="refusee").exists():
                parcours.traiter_refus(pk, par=self.d.principal)

    def retirer(self, pk: UUID) -> None:
        """The person did not go and does not wish to any more."""
        with agir_comme(self.d.principal):
            if Orientation.objects.visibles_par(self.d.principal).filter(pk=pk, etat="acceptee").exists():
                parcours.retirer(pk, par=self.d.principal, motif=MotifRetrait.REFUS_PERSONNE)

    # To a structure without an account ----------------------------------------------------------------------------

    def par_lien(self) -> None:
        """A letter, and a link for those that have an address; the others answer by telephone."""
        structures = self.s.monde.structures[self.s.nom_equipe]
        structure = structures[self.s.rang // 4 % len(structures)]
        demande = noms.DEMANDES[self.s.rang % len(noms.DEMANDES)]
        orientation = self._proposer(structure, "ecrit", demande, Contact.TELEPHONE)
        attendue = self.scene.est_recent(9)  # they have not answered yet
        sort = "" if attendue else PAR_LIEN[self.s.rang // 4 % len(PAR_LIEN)]
        if not (structure.courriel or structure.mssante):
            if sort:
                faire = partial(self._repondre_par_telephone, orientation.pk, sort)
                self.scene.vers(self.d.hasard.randint(2, 8), lambda: self.d.si_ouvert(faire))
            return
        remis = parcours.remettre_lien(orientation.pk, par=self.d.principal)
        if sort:
            lien = adresse_du_lien(remis.lien.pk)
            faire = partial(self._repondre_par_lien, lien, remis.code, orientation.pk, sort)
            self.scene.vers(self.d.hasard.randint(1, 7), faire, heure=11)

    def _repondre_par_lien(self, lien: str, code: str, pk: UUID, sort: str) -> None:
        try:
            acces = parcours.ouvrir_lien(lien, code)
        except parcours.LienFerme:  # withdrawn meanwhile
            return
        version = parcours.orientation_du_lien(acces).o.version
        parcours.repondre_par_lien(acces, version=version, issue=sort, **self._contenu(sort))
        self._suivre(pk, sort)

    def _repondre_par_telephone(self, pk: UUID, sort: str) -> None:
        if Orientation.objects.visibles_par(self.d.principal).filter(pk=pk, etat="envoyee").exists():
            parcours.repondre(pk, par=self.d.principal, issue=sort, **self._contenu(sort))
            self._suivre(pk, sort)

    def _contenu(self, sort: str) -> dict[str, Any]:
        jour = horloge.aujourdhui() + timedelta(days=8)
        if sort == "accepter":
            return {"rendez_vous": horloge.a_paris(self.scene.ouvre(jour), 14, 30), "avec": "Accueil"}
        if sort == "mettre_en_attente":
            return {"revoir_le": jour + timedelta(days=20)}
        return {"motif": MotifRefus.HORS_SECTEUR}

    def _suivre(self, pk: UUID, sort: str) -> None:
        """What the équipe hears afterwards, by telephone."""
        if sort == "accepter":
            self.scene.vers(10, partial(self.prendre_en_charge, self.d.principal, pk), heure=16)
        elif sort == "mettre_en_attente":
            self.scene.vers(24, partial(self.prendre_en_charge, self.d.principal, pk), heure=16)
        else:
            self.scene.vers(2, partial(self.donner_suite, pk))
