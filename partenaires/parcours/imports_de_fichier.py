"""The path of a file: sent, read by a worker, shown, then written whole or not at all.

The chain is that of `socle.travaux`, twice: a worker reads what was sent, the person checks and confirms, a worker
writes. All the lines of a file are written in one transaction.
"""

from abc import abstractmethod
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, ClassVar, Generic, TypeVar
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from partenaires.droits import exiger
from partenaires.enums import Action, EtapeImport, EtatImport, Permission
from partenaires.models import Compte
from partenaires.models.imports import ImportDeFichier, ImportDeFichierQuerySet
from socle import horloge, journal
from socle.classeurs import ClasseurRefuse
from socle.transitions import Machine
from socle.travaux import Atelier, Prise

I = TypeVar("I", bound=ImportDeFichier)  # noqa: E741
L = TypeVar("L")


@dataclass(frozen=True, slots=True)
class Evenements:
    """What the journal says of a kind of file."""

    objet_type: str
    depose: Action
    enregistre: Action
    abandonne: Action
    echec: Action


class AtelierImports(Atelier[I], Generic[I, L]):
    """A kind of file `I`, and what its reader gives, `L`."""

    nom = "import"
    permission: ClassVar[Permission]
    machine: ClassVar[Machine]
    evenements: ClassVar[Evenements]
    deja_envoye: ClassVar[str]  # said to whoever sends a file at the same moment as somebody else

    @abstractmethod
    def lecteur(self, depot: I) -> Callable[[], L]:
        """What reads the file, outside any transaction; it raises ClasseurRefuse."""

    @abstractmethod
    def comparer(self, depot: I, lu: L) -> None:
        """Write on the row its lines and what the page will show."""

    @abstractmethod
    def ecrire(self, depot: I) -> dict[str, Any]:
        """Write the lines, compared again with what stands now; returns the counts."""

    def lignes(self) -> ImportDeFichierQuerySet[I]:
        lignes = super().lignes()
        assert isinstance(lignes, ImportDeFichierQuerySet)
        return lignes

    # The person who sends ----------------------------------------------------------------------------------------

    def deposer(self, nouveau: I, *, par: Compte) -> I:
        """Send a file, made with its organisation and its own fields; a previous one that was not written is given up.

        ValidationError while another file is being written. The caller has checked the right.
        """
        ouvert = self.lignes().visibles_par(par).ouverts().select_for_update(of=("self",)).first()
        if ouvert is not None:
            if ouvert.etat == EtatImport.A_ECRIRE:
                raise ValidationError("Un autre fichier est en cours d’enregistrement. Attendez qu’il soit terminé.")
            self._abandonner(ouvert)
        nouveau.par, nouveau.delegation = par, self.deleguer(par.pk, nouveau.organisation_id)
        try:
            with transaction.atomic():
                nouveau.save(force_insert=True)
        except IntegrityError as erreur:
            raise ValidationError(self.deja_envoye) from erreur
        self._noter(self.evenements.depose, nouveau)
        self.reveiller(nouveau)
        return nouveau

    def confirmer(self, pk: UUID, *, par: Compte, choisir: Callable[[I], None] | None = None) -> I:
        """Ask for the writing of what the page showed, with what the person chose there.

        PermissionDenied, TransitionInterdite, ObjectDoesNotExist.
        """
        organisation_id = exiger(par, self.permission)
        depot = self._verrouille(pk, par)
        self.machine.verifier("confirmer", etat=depot.etat, roles=par.roles)
        depot.etat = EtatImport.A_ECRIRE
        if choisir is not None:
            choisir(depot)
        self.redemander(depot, par.pk, organisation_id)
        depot.save()
        self.reveiller(depot)
        return depot

    def abandonner(self, pk: UUID, *, par: Compte) -> I:
        """Give up a file before it is written: nothing was. Same errors as `confirmer`."""
        exiger(par, self.permission)
        depot = self._verrouille(pk, par)
        self.machine.verifier_role("abandonner", roles=par.roles)
        self._abandonner(depot)
        return depot

    # What a worker does, acting as the person who asked ----------------------------------------------------------

    def travailler(self, pk: UUID, delegation: UUID) -> bool:
        """Read or write the file, whichever is due, if nobody else does; whether this call did it.

        Safe to run twice and by two workers at once.
        """
        return self.conduire(pk, delegation, self._faire)

    def _faire(self, prise: Prise[I], delegation: UUID) -> None:
        if prise.objet.etat == EtatImport.DEPOSE:
            self._lire(prise, delegation)
        else:
            self._ecrire(prise, delegation)

    def _lire(self, prise: Prise[I], delegation: UUID) -> None:
        with self.agir(delegation):
            lire = self.lecteur(self.tenu(prise))
        try:
            lu = lire()
        except ClasseurRefuse as refus:
            with self.agir(delegation):
                depot = self.tenu(prise)
                depot.erreur = str(refus)[:300]
                self._finir(depot, "refuser", EtatImport.REFUSE)
            return
        self._avancer(prise, delegation, EtapeImport.COMPARAISON)
        with self.agir(delegation):
            depot = self.tenu(prise)
            self.machine.verifier_etat("lire", etat=depot.etat)
            self.comparer(depot, lu)
            depot.etat, depot.fichier, depot.jeton = EtatImport.LU, None, None
            depot.save()

    def _ecrire(self, prise: Prise[I], delegation: UUID) -> None:
        self._avancer(prise, delegation, EtapeImport.ECRITURE)
        with self.agir(delegation):
            depot = self.tenu(prise)
            depot.bilan = {**depot.bilan, "ecrites": self.ecrire(depot)}
            self._finir(depot, "ecrire", EtatImport.FAIT)
            self._noter(self.evenements.enregistre, depot)

    def _avancer(self, prise: Prise[I], delegation: UUID, etape: EtapeImport) -> None:
        """In a transaction of its own: the page sees it."""
        with self.agir(delegation):
            self.avancer(prise, etape)

    # Its ends ----------------------------------------------------------------------------------------------------

    def echouer(self, objet: I, erreur: str) -> None:
        objet.erreur = erreur[:300]
        self._finir(objet, "echouer", EtatImport.ECHEC)
        self._noter(self.evenements.echec, objet)

    def _abandonner(self, depot: I) -> None:
        self._finir(depot, "abandonner", EtatImport.ABANDONNE)
        self._noter(self.evenements.abandonne, depot)

    def _finir(self, depot: I, transition: str, etat: EtatImport) -> None:
        """The end of a file, whichever it is: nothing of it stays but its counts."""
        self.machine.verifier_etat(transition, etat=depot.etat)
        depot.etat, depot.fini_le = etat, horloge.maintenant()
        depot.jeton = None
        depot.vider()
        depot.save()

    def _noter(self, action: Action, depot: I) -> None:
        journal.noter(
            action, organisation_id=depot.organisation_id, objet_type=self.evenements.objet_type, objets=[depot.pk]
        )

    def _verrouille(self, pk: UUID, par: Compte) -> I:
        return self.lignes().visibles_par(par).select_for_update(of=("self",)).get(pk=pk)
