"""State machines as frozen tables: the same table makes the Python check and the database trigger.

A transition has five beats, in this order: lock the row, check role and state, write the fields, write the
journal, schedule the effects after commit. Only the `parcours` modules assign a state.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.core.exceptions import PermissionDenied

from socle.rls import SYSTEME, _RegleSQL


class TransitionInterdite(Exception):
    """The state of the object does not allow this transition (the role may)."""

    def __init__(self, transition: str, etat: str) -> None:
        self.transition, self.etat = transition, etat
        super().__init__(f"« {transition} » n’est pas possible dans l’état « {etat} ».")


@dataclass(frozen=True, slots=True)
class Transition:
    """One named way from states to states, and the roles that may take it.

    `roles` are role codes; an empty set with `systeme` means the clock alone (never by hand).
    """

    nom: str
    depuis: frozenset[str]
    vers: frozenset[str]
    roles: frozenset[str]
    systeme: bool = False


def transition(
    nom: str, depuis: Iterable[str], vers: str | Iterable[str], roles: Iterable[str], *, systeme: bool = False
) -> Transition:
    """A transition written shortly: `vers` is one state or several."""
    arrivees = frozenset([str(vers)]) if isinstance(vers, str) else frozenset(str(v) for v in vers)
    return Transition(nom, frozenset(str(d) for d in depuis), arrivees, frozenset(str(r) for r in roles), systeme)


@dataclass(frozen=True)
class Machine:
    """A named set of transitions over the states of one column."""

    nom: str
    etats: tuple[str, ...]
    initiaux: frozenset[str]
    transitions: tuple[Transition, ...]

    @cached_property
    def par_nom(self) -> dict[str, Transition]:
        """Transitions by name; names are unique in a machine."""
        return {t.nom: t for t in self.transitions}

    @property
    def finaux(self) -> frozenset[str]:
        """States that no transition leaves."""
        partants = {d for t in self.transitions for d in t.depuis}
        return frozenset(self.etats) - partants

    def verifier(self, nom: str, *, etat: str, roles: Iterable[str]) -> Transition:
        """Check role, then state.

        Raises PermissionDenied when none of the roles may ever do this, TransitionInterdite when the state
        does not allow it. A transition of the clock refuses every role.
        """
        self.verifier_role(nom, roles=roles)
        return self.verifier_etat(nom, etat=etat)

    def verifier_role(self, nom: str, *, roles: Iterable[str]) -> Transition:
        """Check the role only, before the row is locked: PermissionDenied."""
        t = self.par_nom[nom]
        if t.systeme or not t.roles & frozenset(roles):
            raise PermissionDenied(f"« {nom} » n’est pas ouvert à ce rôle.")
        return t

    def verifier_etat(self, nom: str, *, etat: str) -> Transition:
        """Check the state only: for the clock, and for doors that checked the right themselves."""
        t = self.par_nom[nom]
        if etat not in t.depuis:
            raise TransitionInterdite(nom, etat)
        return t

    def possibles(self, *, etat: str, roles: Iterable[str]) -> frozenset[str]:
        """Names of the transitions open from this state to these roles."""
        acteurs = frozenset(roles)
        return frozenset(t.nom for t in self.transitions if etat in t.depuis and t.roles & acteurs and not t.systeme)

    def passages(self) -> list[tuple[str, str, bool]]:
        """(from, to, by the clock only) for every legal change, sorted."""
        passages: dict[tuple[str, str], bool] = {}
        for t in self.transitions:
            for depuis in t.depuis:
                for vers in t.vers:
                    cle = (depuis, vers)
                    passages[cle] = passages.get(cle, True) and t.systeme
        return sorted((depuis, vers, systeme) for (depuis, vers), systeme in passages.items())


class MachineEtat(_RegleSQL):
    """The database trigger made from a machine: an illegal `.update()` or raw SQL is refused.

    INSERT must start in an initial state; UPDATE must follow a passage; a passage of the clock is refused to
    every login but `palier_systeme`. `colonne` is immutable otherwise.
    """

    def __init__(
        self,
        *,
        name: str,
        colonne: str,
        initiaux: Iterable[str],
        passages: Iterable[tuple[str, str, bool]],
    ) -> None:
        self.colonne = colonne
        self.initiaux = tuple(sorted(initiaux))
        self.passages = tuple(sorted(tuple(p) for p in passages))
        super().__init__(name=name)

    @classmethod
    def de(cls, machine: Machine, *, name: str, colonne: str = "etat") -> "MachineEtat":
        """The trigger of a machine on its state column."""
        return cls(name=name, colonne=colonne, initiaux=machine.initiaux, passages=machine.passages())

    def _creation(self, table: str, quote: Any) -> str:
        initiaux = ", ".join(f"'{i}'" for i in self.initiaux)
        libres = ", ".join(f"('{d}', '{v}')" for d, v, systeme in self.passages if not systeme) or "(NULL, NULL)"
        horloge = ", ".join(f"('{d}', '{v}')" for d, v, systeme in self.passages if systeme) or "(NULL, NULL)"
        c = quote(self.colonne)
        fonction = f"droit.{quote(self.name)}"
        return f"""
CREATE OR REPLACE FUNCTION {fonction}() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF TG_OP = 'INSERT' THEN
    IF NEW.{c} NOT IN ({initiaux}) THEN
      RAISE EXCEPTION '{self.name}: % is not an initial state', NEW.{c} USING ERRCODE = 'check_violation';
    END IF;
  ELSIF NEW.{c} IS DISTINCT FROM OLD.{c} THEN
    IF (OLD.{c}, NEW.{c}) IN ({libres}) THEN RETURN NEW; END IF;
    IF (OLD.{c}, NEW.{c}) IN ({horloge}) AND current_user = '{SYSTEME}' THEN RETURN NEW; END IF;
    RAISE EXCEPTION '{self.name}: % to % is refused', OLD.{c}, NEW.{c} USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER {quote(self.name)} BEFORE INSERT OR UPDATE OF {c} ON {table}
  FOR EACH ROW EXECUTE FUNCTION {fonction}()"""

    def _retrait(self, table: str, quote: Any) -> str:
        return f"DROP TRIGGER {quote(self.name)} ON {table}; DROP FUNCTION droit.{quote(self.name)}()"

    def deconstruct(self) -> Any:
        return (
            "socle.transitions.MachineEtat",
            (),
            {
                "name": self.name,
                "colonne": self.colonne,
                "initiaux": self.initiaux,
                "passages": self.passages,
            },
        )
