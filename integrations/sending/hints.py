"""Waking a worker for the rows of one Alegra user."""

from __future__ import annotations

from integrations.timekeeping import waking

TURN_TASK = "sending.serve"
waking.gather(TURN_TASK)


def hint(alegra_user_id: int) -> None:
    """Ask, once this transaction is committed, for a turn of this Alegra user."""
    waking.wake(TURN_TASK, alegra_user_id=alegra_user_id)
