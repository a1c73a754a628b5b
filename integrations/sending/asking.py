"""Asking the far side for a work: what its requests belong to, and the write-ahead of a write."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.db import transaction

from integrations.alegra.client import AlegraClient
from integrations.sending import steps, trying
from integrations.sending.decided import Begin, Decided, StepFunction, blocked
from integrations.sending.models import Step, Work
from integrations.sending.problem_kinds import Found
from integrations.sending.rows import renew
from integrations.sending.states import State, Why
from integrations.sending.transition import LeaseLost
from integrations.timekeeping import clock
from integrations.timekeeping.timing import timing

if TYPE_CHECKING:
    from integrations.sending.turns import Turn


@dataclass(frozen=True)
class Ahead:
    """What is committed before the first byte of a write leaves. `creates`: a lost answer may
    mean that something was made. `takes`: the deadline of the write in seconds, where it is
    longer than that of an ordinary call."""

    state: State
    why: Why
    columns: Mapping[str, Any] = field(default_factory=dict)
    creates: bool = True
    takes: float | None = None


@dataclass(frozen=True)
class Part:
    """What one work has in a call that several share."""

    work: Work
    step: Step | Begin | None
    ahead: Ahead | None = None


@dataclass(frozen=True)
class Asked:
    """What a failed call was for: its step, whether it might have made something, and what the
    plan or a permission may lack ("crear facturas"). `others`: the works that shared the call."""

    step: Step | None = None
    creates: bool = False
    action: str = ""
    others: tuple[tuple[Work, Step | None], ...] = ()


@dataclass(frozen=True)
class Call:
    """`asked`: the works that the call is for, each with its step. Of several that were to share
    it those are missing which somebody else took."""

    client: AlegraClient
    asked: tuple[tuple[Work, Step | None], ...]

    @property
    def step(self) -> Step:
        step = self.asked[0][1]
        if step is None:
            raise ValueError("these requests are kept with no step")
        return step


def asking(
    turn: Turn,
    work: Work,
    step: Step | Begin | None,
    *,
    action: str = "",
    ahead: Ahead | None = None,
) -> AbstractContextManager[Call]:
    """A client whose requests are kept with `step`. Raises LeaseLost, AlegraError.

    Without `step` they are kept with nothing. What is raised inside leaves `turn.asked` for
    whoever decides what becomes of the row.
    """
    return asking_together(turn, [Part(work, step, ahead)], action=action)


@contextmanager
def asking_together(turn: Turn, parts: Sequence[Part], *, action: str = "") -> Iterator[Call]:
    """One call for several works, each with a step of its own: the one that is served, and those
    that `turn.claim_alike` took with it. Each keeps an attempt of its own, under one call id.

    What somebody else took meanwhile is left out. The decision about the first one carries those
    about the others (`Next.others`).
    """
    asked = _commit_ahead(turn, parts)
    ahead = parts[0].ahead
    creates = ahead is not None and ahead.creates
    takes = None if ahead is None else ahead.takes
    turn.asked = Asked(asked[0][1], creates, action, others=asked[1:])
    turn.journal.follow(asked, creates=creates, is_ahead=ahead is not None, takes=takes)
    if takes is not None:
        turn.keep_slot(takes)
    yield Call(turn.client(parts[0].work.integration.credential), asked)
    turn.journal.rest()
    turn.asked = Asked()


def step_that_asks(
    step: Begin,
    ask: Callable[[AlegraClient, Step, Found | None], Decided],
    *,
    action: str,
    needs: str,
) -> StepFunction:
    """A step that is one question to Alegra: `ask(client, step, held)` decides on the answer.

    `action`: what it may want done there; `held` is the problem where Alegra refuses that for
    now. `needs`: what the work is for; where that is refused it waits with the others, untried.
    """

    def asks(turn: Turn, work: Work) -> Decided:
        refused = trying.held_by(work, needs)
        if refused is not None:
            return blocked([refused])
        held = trying.held_by(work, action)
        with asking(turn, work, step, action=action) as call:
            return ask(call.client, call.step, held)

    return asks


def _commit_ahead(turn: Turn, parts: Sequence[Part]) -> tuple[tuple[Work, Step | None], ...]:
    """The only write between a decision and its call: intention and payload, before a byte."""
    if not any(isinstance(part.step, Begin) for part in parts):
        return tuple((part.work, part.step) for part in parts)
    now = clock.now()
    asked = []
    with transaction.atomic():
        for part in parts:
            try:
                asked.append((part.work, _write_ahead(part, now)))
            except LeaseLost:
                if part is parts[0]:
                    raise
                # Renewing it comes first, so that nothing of it was written.
                turn.leave(part.work)
    return tuple(asked)


def _write_ahead(part: Part, now: datetime) -> Step | None:
    work, ahead = part.work, part.ahead
    if not isinstance(part.step, Begin):
        return part.step
    if ahead is not None:
        renew(work, now, takes=ahead.takes)
        columns = dict(ahead.columns)
        if ahead.creates:
            takes = timing().call if ahead.takes is None else ahead.takes
            columns["deadline_at"] = now + timedelta(seconds=takes)
        work.move(ahead.state, now=now, why=ahead.why, keep_lease=True, **columns)
    return steps.begin(work, part.step, now=now)
