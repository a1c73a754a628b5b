"""Doing what a claimed row needs: a step decides, its decision is written, the next one follows."""

from __future__ import annotations

from contextlib import ExitStack
from typing import TYPE_CHECKING

import structlog
from django.db import InterfaceError, OperationalError

from integrations.alegra.errors import AlegraError
from integrations.sending import failures, healing
from integrations.sending.apply import apply
from integrations.sending.asking import Asked
from integrations.sending.decided import Decided, Next, StepFunction, give_back
from integrations.sending.models import Work
from integrations.sending.states import IN_FLIGHT
from integrations.sending.transition import LeaseLost
from integrations.timekeeping import clock

if TYPE_CHECKING:
    from integrations.sending.turns import Turn

log = structlog.get_logger("sending")

# What a transaction that was rolled back may have written on the object.
_WRITTEN = (
    "generation", "state", "sends", "payload", "alegra_id", "failures", "failing_since",
    "sent_at", "probes", "deaths", "lease_until",
)  # fmt: skip


def perform(turn: Turn, work: Work, first: StepFunction) -> None:
    """Step after step until one gives the row back. Raises LeaseLost, and what keeps the outcome
    from being written: a database that went away."""
    with ExitStack() as held:
        turn.held = held
        try:
            _walk(turn, work, first)
        finally:
            for other in turn.alike():
                _walk_alike(turn, other, _undecided)


def _walk(turn: Turn, work: Work, first: StepFunction) -> None:
    step: StepFunction | None = first
    while step is not None:
        try:
            written = _one(turn, work, step)
        except LeaseLost:
            raise
        except Exception as error:
            _as_stored(work)
            written = apply(work, failures.after(turn, work, error, Asked()))
        for other, decided in written.others:
            _walk_alike(turn, other, _as_decided(decided))
        step = written.then


def _walk_alike(turn: Turn, work: Work, first: StepFunction) -> None:
    """A work that was claimed with the one that is served: what befalls one befalls no other."""
    turn.leave(work)
    try:
        _walk(turn, work, first)
    except LeaseLost:
        healing.note_left(work)
    except (OperationalError, InterfaceError):
        healing.note_left(work)
        log.warning("a row is left to the sweep", exc_info=True)


def _as_decided(decided: Decided) -> StepFunction:
    return lambda _turn, _work: decided


def _undecided(_turn: Turn, work: Work) -> Decided:
    """Claimed with another work that ended without a word about this one."""
    if work.state in IN_FLIGHT:
        return failures.lost(work, None)
    return give_back(work, at=clock.now())


def _one(turn: Turn, work: Work, step: StepFunction) -> Next:
    """One step, or what follows from Alegra's failure in it."""
    turn.asked = Asked()
    try:
        decided = step(turn, work)
    except AlegraError as error:
        decided = failures.after(turn, work, error, turn.asked)
    return apply(work, decided)


def _as_stored(work: Work) -> None:
    """What a transaction that was rolled back had written on the object is not so.

    Raises LeaseLost where the row has moved on: nothing is left to settle.
    """
    generation = work.generation
    work.refresh_from_db(fields=_WRITTEN)
    if work.generation != generation or work.lease_until is None:
        log.error("failed after the row was settled", exc_info=True)
        raise LeaseLost
