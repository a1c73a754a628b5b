"""Asking the far side for a work: what its requests belong to, and the write-ahead of a write."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.db import transaction

from integrations.alegra.client import AlegraClient
from integrations.sending import steps, trying
from integrations.sending.decided import Begin, Decided, StepFunction, blocked
from integrations.sending.models import Step, Work
from integrations.sending.problem_kinds import Found
from integrations.sending.rows import renew
from integrations.sending.states import State, Why
from integrations.timekeeping import clock

if TYPE_CHECKING:
    from integrations.sending.turns import Turn


@dataclass(frozen=True)
class Ahead:
    """What is committed before the first byte of a write leaves. `creates`: a lost answer may
    mean that something was made."""

    state: State
    why: Why
    columns: Mapping[str, Any] = field(default_factory=dict)
    creates: bool = True


@dataclass(frozen=True)
class Asked:
    """What a failed call was for: its step, whether it might have made something, and what the
    plan or a permission may lack ("crear facturas")."""

    step: Step | None = None
    creates: bool = False
    action: str = ""


@dataclass(frozen=True)
class Call:
    client: AlegraClient
    begun: Step | None

    @property
    def step(self) -> Step:
        if self.begun is None:
            raise ValueError("these requests are kept with no step")
        return self.begun


@contextmanager
def asking(
    turn: Turn,
    work: Work,
    step: Step | Begin | None,
    *,
    action: str = "",
    ahead: Ahead | None = None,
) -> Iterator[Call]:
    """A client whose requests are kept with `step`. Raises LeaseLost, AlegraError.

    Without `step` they are kept with nothing. What is raised inside leaves `turn.asked` for
    whoever decides what becomes of the row.
    """
    begun = _commit_ahead(work, step, ahead)
    creates = ahead is not None and ahead.creates
    turn.asked = Asked(begun, creates, action)
    if begun is None:
        turn.journal.rest()
    else:
        turn.journal.follow(work, begun, creates=creates, is_ahead=ahead is not None)
    yield Call(turn.client(work.integration.credential), begun)
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


def _commit_ahead(work: Work, step: Step | Begin | None, ahead: Ahead | None) -> Step | None:
    """The only write between a decision and its call: intention and payload, before a byte."""
    if not isinstance(step, Begin):
        return step
    now = clock.now()
    with transaction.atomic():
        if ahead is not None:
            renew(work, now)
            work.move(ahead.state, now=now, why=ahead.why, keep_lease=True, **ahead.columns)
        return steps.begin(work, step, now=now)
