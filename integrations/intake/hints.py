"""Waking a worker for the deliveries of one integration."""

from __future__ import annotations

from integrations.timekeeping import waking

TURN_TASK = "intake.serve"
waking.gather(TURN_TASK)


def hint(integration_id: int) -> None:
    """Ask, once this transaction is committed, for a turn of this integration."""
    waking.wake(TURN_TASK, integration_id=integration_id)


def next_turn(integration_id: int) -> None:
    """The same at the end of a turn that left something: the one line in which it waits again."""
    waking.wake(TURN_TASK, integration_id=integration_id, again=1)
