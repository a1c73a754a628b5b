"""Doing what a claimed row needs: a step decides, its decision is written, the next one follows."""

from __future__ import annotations

from contextlib import ExitStack
from typing import TYPE_CHECKING

import structlog

from integrations.alegra.errors import AlegraError
from integrations.sending import failures
from integrations.sending.apply import apply
from integrations.sending.asking import Asked
from integrations.sending.decided import Next, StepFunction
from integrations.sending.models import Work
from integrations.sending.transition import LeaseLost

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
    step: StepFunction | None = first
    with ExitStack() as held:
        turn.held = held
        while step is not None:
            try:
                step = _one(turn, work, step).then
            except LeaseLost:
                raise
            except Exception as error:
                _as_stored(work)
                step = apply(work, failures.after(turn, work, error, Asked())).then


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
