"""One kind of work as Alegra knows it: all that the core of exactly-once asks of it.

The core (`exactly_once`, `create_once`, `lost_answer`, `confirm`) creates a thing at most once,
finds it again after a lost answer and compares it with what was sent. What the thing is, how it
is read and what a person is asked about it, a kind says here. It returns values; the core writes.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any, Generic, Protocol, TypeVar

from integrations.alegra.client import AlegraClient
from integrations.alegra.errors import AlegraError
from integrations.connections.models import Integration
from integrations.sending.about import about
from integrations.sending.asking import Asked
from integrations.sending.decided import Begin, Decided, Next, StepEnd, StepFunction, blocked
from integrations.sending.models import Step, Work
from integrations.sending.problem_kinds import Found

if TYPE_CHECKING:
    from integrations.sending.turns import Turn

# The steps of the core, as a page names them.
CREATE, VERIFY = "create", "verify"


class Made(Protocol):
    """A thing in Alegra. `observations` is the text that carries our marker, None where a list
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

    `problems` are what a person is asked, and without any it is right; `words` name for the step
    what differs, `note` and `output` what it shows where nothing does. `columns` and `also` are
    kept with it in the same transaction.
    """

    problems: Sequence[Found] = ()
    words: Sequence[str] = ()
    note: str = ""
    output: Any = None
    columns: Mapping[str, Any] = field(default_factory=dict)
    also: tuple[Callable[[], Any], ...] = ()


class FarSide(ABC, Generic[W, T]):
    """Whatever calls Alegra raises AlegraError; no transaction is open then."""

    # Where the steps of the core stand on the page.
    positions: Mapping[str, int] = {CREATE: 1, VERIFY: 2}
    # What a permission may lack to look for it, as a merchant calls it ("leer documentos").
    reading: str

    # --- The thing in Alegra -----------------------------------------------------------------

    @abstractmethod
    def creating(self, work: W) -> str:
        """What a plan or a permission may lack to make it ("crear facturas de venta")."""

    @abstractmethod
    def create(self, work: W, client: AlegraClient, body: dict[str, Any]) -> T:
        """The one call that is never made twice without a look."""

    @abstractmethod
    def read(self, work: W, client: AlegraClient, alegra_id: str) -> T:
        """As it is now; raises NotFound."""

    @abstractmethod
    def candidates(self, work: W, client: AlegraClient) -> Iterable[T]:
        """All that may be it, whatever became of it: those of the day that it was sent with."""

    @abstractmethod
    def differences(self, work: W, found: T) -> Differences:
        """Compare it with what was sent; inside of the transaction that writes the outcome."""

    @abstractmethod
    def question(self, work: W, rows: Iterable[T]) -> Found | None:
        """What to ask a person about one of these that looks the same and carries no marker of
        ours: it is never adopted silently. None where none does, or all were denied."""

    # --- Before it is made -------------------------------------------------------------------

    @abstractmethod
    def make(self, turn: Turn, work: W) -> Decided:
        """Build what is to be sent; comes to its end in `create_once`."""

    def waits(self, turn: Turn, work: W, again: StepFunction) -> Decided | None:
        """What becomes of a work that is not to be sent now; None where it is.

        Whoever overrides it reads the integration with all that the gate asks of it. `again`:
        the step that asks, for a work that is written on the way.
        """
        work.integration = Integration.objects.select_related(
            "company", "credential__alegra_user"
        ).get(pk=work.integration_id)
        return None

    def is_outdated(self, payload: Mapping[str, Any]) -> bool:
        """Built for another day than this one, and not sent yet: to be built again."""
        return False

    def day_of(self, payload: Mapping[str, Any]) -> date:
        """The day that the payload names: there it is looked for."""
        return date.fromisoformat(payload["date"])

    # --- While it is looked for --------------------------------------------------------------

    def kin(self, work: W) -> dict[str, Any]:
        """The columns of all works whose things Alegra numbers and lists together."""
        return {"company_id": work.company_id}

    def likeness(self, work: W, row: T) -> int:
        """Which candidates are read first where their list leaves the marker out."""
        return 0

    # --- Once it is there --------------------------------------------------------------------

    def is_sure(self, work: W, found: T) -> bool:
        """Whether this answer is enough to compare; else it is read by its id first."""
        return True

    def completed(self, work: W, client: AlegraClient, found: T) -> T:
        """What was read, with what else it takes to compare it."""
        return found

    def expected(self, work: W) -> Any:
        """What the comparison shows as its input."""
        return None

    def put_right(
        self, turn: Turn, work: W, step: Step, found: T
    ) -> Next | tuple[StepEnd, ...]:  # fmt: skip
        """Mend in Alegra what was just read, where that can be done: where the work goes then,
        or the steps that ended on the way to the comparison."""
        return ()

    def gone(self, turn: Turn, work: W, step: Step) -> Decided:
        """Alegra had it and does not have it any more."""
        return blocked([about(work, "gone")], step, unfreeze=False)

    def follow(self, turn: Turn, work: W) -> None:
        """After the outcome of a comparison was written."""

    # --- When it is refused ------------------------------------------------------------------

    def refused(self, turn: Turn, work: W, error: AlegraError, asked: Asked) -> Decided | None:
        """What follows from a definite no whose reason was found; None for the ordinary way."""
        return None

    # --- Its steps ---------------------------------------------------------------------------

    def begin(self, work: W, name: str, *, input: Any = None) -> Begin:
        return Begin(name, self.positions[name], input)
