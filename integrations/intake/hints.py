"""Waking a worker for the deliveries of one integration."""

from __future__ import annotations

from integrations.timekeeping import waking

TURN_TASK = "intake.serve"
waking.gather(TURN_TASK)


def hint(integration_id: int) -> None:
    """Ask, once this transaction is committed, for a turn of this integration."""
    waking.wake(TURN_TASK, integration_id=integration_id)
