"""One kind of work as Alegra knows it: all that the core of exactly-once asks of it.

The core (`exactly_once`, `create_once`, `lost_answer`, `confirm`) creates a thing at most once,
finds it again after a lost answer and compares it with what was sent. How the thing is made and
read, what differs and what a person is asked about it, a kind says here. It returns values; the
core writes.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any, Generic, Protocol, TypeVar

from integrations.alegra.client import AlegraClient
from integrations.alegra.errors import AlegraError
from integrations.sending.about import about
from integrations.sending.asking import Asked
from integrations.sending.decided import (
    Begin,
    Decided,
    Next,
    StepEnd,
    StepFunction,
    blocked,
)
from integrations.sending.models import Step, Work
from integrations.sending.problem_kinds import Found
from integrations.sending.problems.twice import MADE_TWICE

if TYPE_CHECKING:
    from integrations.sending.turns import Turn

# The steps of the core, as a page names them.
CREATE, VERIFY = "create", "verify"


class Made(Protocol):
    """A thing in Alegra. `observations` is the text whose end is our marker, None where a list
    row leaves it out."""

    @property
    def id(self) -> str: ...

    @property
    def observations(self) -> str | None: ...


W = TypeVar("W", bound=Work)
T = TypeVar("T", bound=Made)


@dataclass(frozen=True)
class Differences:
    """How a thing in Alegra compares with what was sent.

    `problems` are what a person is asked, and without any it is right. `expected` is shown as
    the input of the step, `words` name what differs, `note` and `output` what it shows where
    nothing does. `columns` and `also` are kept with it in the same transaction. `spares`: codes
    of problems that stay open where it is right, for what they are about has yet to be tried.
    """

    problems: Sequence[Found] = ()
    words: Sequence[str] = ()
    note: str = ""
    expected: Any = None
    output: Any = None
    columns: Mapping[str, Any] = field(default_factory=dict)
    also: tuple[Callable[[], Any], ...] = ()
    spares: frozenset[str] = frozenset()
    # What follows in the same turn where nothing differs.
    then: StepFunction | None = None


class FarSide(ABC, Generic[W, T]):
    """Whatever calls Alegra raises AlegraError; no transaction is open then."""

    # Whose ids Alegra counts together: columns beside the company ("kind").
    kin: Mapping[str, Any] = {}
    # What a plan or a permission may lack, as a merchant calls it: to make it ("crear facturas
    # de venta"), and to look for it ("leer documentos").
    action: str
    reading: str
    # Where its steps stand on the page.
    positions: Mapping[str, int] = {CREATE: 1, VERIFY: 2}
    # It carries the day on which it is sent: built yesterday, it is built again.
    is_of_today: bool = False
    # The deadline of its creation in seconds, where that is longer than an ordinary call's.
    takes: float | None = None

    # --- The thing in Alegra -----------------------------------------------------------------

    # The one call that is never made twice without a look.
    create: Callable[[AlegraClient, dict[str, Any]], T]
    # As it is now; raises NotFound.
    read: Callable[[AlegraClient, str], T]
    # All that may be it, whatever became of it: those of the day that it was sent with. A kind
    # that is not listed by day says where it is looked for (`place`, `looked_for`).
    candidates: Callable[[AlegraClient, date], Iterable[T]]

    @abstractmethod
    def differences(self, work: W, found: T, *, is_read: bool) -> Differences | None:
        """Compare it with what was sent; inside of the transaction that writes the outcome.

        None where an answer is not enough for that: it is read by its id first (`is_read`).
        """

    @abstractmethod
    def question(self, work: W, rows: Iterable[T]) -> Found | None:
        """What to ask a person about one of these that looks the same and carries no marker of
        ours: it is never adopted silently. None where none does, or all were denied."""

    # --- What a kind may add -----------------------------------------------------------------

    def place(self, work: W) -> Hashable:
        """Where it is looked for: works of one company and one place share what was read."""
        return work.doc_date

    def looked_for(self, client: AlegraClient, work: W) -> Iterable[T]:
        """All in that place that may be it, whatever became of it."""
        return self.candidates(client, work.doc_date)

    def before_again(self, turn: Turn, work: W) -> Decided | None:
        """Proven absent, and about to be sent again in the same words: what becomes of one that
        these fit no longer; None where they still do."""
        return None

    def likeness(self, work: W, row: T) -> int:
        """Which candidates are read first where their list leaves the marker out."""
        return 0

    # The least likeness of a row that may have been made of the same bytes.
    alike: int = 0

    def has_twice(self, work: W, others: Sequence[T]) -> Sequence[Found]:
        """The problems beside a work whose marker these other rows carry too. None of them is
        void."""
        ids = ", ".join(row.id for row in others)
        return [about(work, MADE_TWICE, ids=ids)] if others else ()

    def refused(self, turn: Turn, work: W, error: AlegraError, asked: Asked) -> Decided | None:
        """What follows from a definite no whose reason was found; None for the ordinary way."""
        return None

    def expected(self, work: W) -> Any:
        """What is shown while it is read, as what it should be."""
        return None

    def completed(self, client: AlegraClient, work: W, found: T) -> T:
        """What was read, with what else it takes to compare it."""
        return found

    def put_right(self, turn: Turn, work: W, step: Step, found: T) -> Next | tuple[StepEnd, ...]:
        """Mend in Alegra what was just read, where that can be done: where the work goes then,
        or the steps that ended on the way to the comparison."""
        return ()

    def gone(self, turn: Turn, work: W, step: Step) -> Decided:
        """Alegra had it and does not have it any more."""
        return blocked([about(work, "gone")], step, unfreeze=False)

    def follow(self, turn: Turn, work: W) -> None:
        """After the outcome of a comparison was written."""

    # --- Its steps ---------------------------------------------------------------------------

    def begin(self, work: W, name: str, *, input: Any = None) -> Begin:
        return Begin(name, self.positions[name], input, work.cycle)
