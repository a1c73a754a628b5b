"""What a step decides: a value. The engine writes it (`apply`): of the work's row a step itself
writes nothing but its lease."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

from integrations.sending.models import Step, Work
from integrations.sending.problem_kinds import Found, sentence
from integrations.sending.states import Outcome, State, StepState, Why

if TYPE_CHECKING:
    from integrations.sending.turns import Turn


@dataclass(frozen=True)
class Begin:
    """A step that begins: its name, its place on the page and what is shown as its input."""

    name: str
    position: int
    input: Any = None
    cycle: int = 0


@dataclass(frozen=True)
class StepEnd:
    """How a step ended, or why it waits. `step`: its row, or what begins and ends at once."""

    step: Step | Begin
    state: StepState
    outcome: Outcome | str = ""
    note: str = ""
    output: Any = None


@dataclass(frozen=True)
class Next:
    """Where a row goes, and what is kept with it in the same transaction.

    `at`: when it is due again. `problems`: what it is blocked on, () for nothing any more, None
    for as it was; `spares`: codes that stay open all the same. `also` is run inside of the
    transaction, `after` once it is committed. With `then` the lease is kept and the turn goes on
    with that step. `others`: what a call that several works shared decides about the others.
    """

    state: State
    # None only where the state stays as it is.
    why: Why | None = None
    at: datetime | None = None
    problems: Sequence[Found] | None = None
    spares: frozenset[str] = frozenset()
    columns: Mapping[str, Any] = field(default_factory=dict)
    ended: tuple[StepEnd, ...] = ()
    also: tuple[Callable[[], Any], ...] = ()
    after: tuple[Callable[[], Any], ...] = ()
    then: StepFunction | None = None
    others: tuple[tuple[Work, Decided], ...] = ()


@dataclass(frozen=True)
class Locked:
    """A decision that takes locks: made inside of the transaction that writes it."""

    decide: Callable[[], Next]


Decided = Next | Locked
# What does one step: `step(turn, work)`. It calls the far side, with no transaction open.
StepFunction = Callable[["Turn", Any], Decided]


def give_back(work: Work, *, at: datetime, **more: Any) -> Next:
    """The row as it is, due again at this moment."""
    return Next(State(work.state), at=at, **more)


def go_on(work: Work, then: StepFunction, **more: Any) -> Next:
    """The row as it is, still in this worker's hands; `more` is kept with it."""
    return Next(State(work.state), then=then, **more)


def blocked(
    found: Sequence[Found],
    step: Step | None = None,
    *,
    outcome: Outcome = Outcome.CONFIGURATION,
    unfreeze: bool = True,
) -> Next:
    """A person is needed. Built anew after the cure, unless it may exist in Alegra already:
    then the payload stays as it was sent (`unfreeze=False`)."""
    columns: dict[str, Any] = {"failures": 0, "failing_since": None, "deaths": 0}
    if unfreeze:
        columns["payload"] = None
    ended: tuple[StepEnd, ...] = ()
    if step is not None:
        words = sentence(found[0].code, found[0].params)
        ended = (StepEnd(step, StepState.FAILED, outcome, words),)
    return Next(State.BLOCKED, Why.PROBLEM, problems=found, columns=columns, ended=ended)
