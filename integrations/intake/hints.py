"""Waking a worker for the deliveries of one integration."""

from __future__ import annotations

from integrations.timekeeping import waking

TURN_TASK = "intake.serve"
waking.gather(TURN_TASK)


def hint(integration_id: int) -> None:
    """Ask for a turn of this integration, once this transaction is committed."""
    waking.wake(TURN_TASK, integration_id=integration_id)


def next_turn(integration_id: int) -> None:
    """Ask for the next turn of an integration whose turn left something, at the end of the line."""
    waking.wake(TURN_TASK, integration_id=integration_id, again=1)
