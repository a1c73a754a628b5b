"""What the workers do for intake. A task is a hint: the rows say what is to be done."""

from __future__ import annotations

import time

from celery import shared_task

from integrations.intake import backlog, hints, pull, refused, turns
from integrations.intake.interpret import finish_reread
from integrations.orders.models import Order
from integrations.scoping.context import unscoped
from integrations.timekeeping import clock, waking
from integrations.timekeeping.timing import timing

_BATCH = 500


@shared_task(name=hints.TURN_TASK)
def serve(integration_id: int, again: int = 0) -> None:
    turns.serve(integration_id, is_next=bool(again))


@shared_task(name="intake.interpret_waiting")
def interpret_waiting() -> int:
    """Interpret the waiting deliveries, one of each integration in turn, in case a hint was lost.

    Returns how many deliveries were looked at.
    """
    ends_at = time.monotonic() + timing().event_sweep
    now = clock.now()
    with unscoped("orders that wait to be read at their source"):
        orders = list(
            Order.objects.filter(reread_next_at__lte=now)
            .order_by("reread_next_at")
            .values_list("pk", flat=True)[:_BATCH]
        )
    for order_id in orders:
        waking.wake("intake.finish_reread", order_id=order_id)
    for integration_id in backlog.waiting_backlogs():
        waking.wake("intake.issue_backlog", integration_id=integration_id)
    return turns.serve_round(turns.who_waits(now), ends_at=ends_at)


@shared_task(name="intake.finish_reread")
def finish_reread_task(order_id: int) -> None:
    finish_reread(order_id)


@shared_task(name="intake.issue_backlog")
def issue_backlog(integration_id: int) -> None:
    if backlog.work_off(integration_id):
        waking.wake("intake.issue_backlog", integration_id=integration_id)


@shared_task(name="intake.pull_due")
def pull_due() -> int:
    """Start the passes that are due, each in a worker of its own; returns how many."""
    refused.close_due(clock.now())
    due = pull.due_integrations(now=clock.now())
    for integration_id in due:
        waking.wake("intake.pull_integration", integration_id=integration_id)
    return len(due)


@shared_task(name="intake.pull_integration")
def pull_integration(integration_id: int) -> None:
    pull.pull(integration_id)
