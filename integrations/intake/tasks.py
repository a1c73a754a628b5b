"""What the workers do for intake. A task is a hint: the rows say what is to be done."""

from __future__ import annotations

import time

from celery import shared_task

from integrations.intake import backlog, pull, refused
from integrations.intake.interpret import finish_reread, interpret
from integrations.orders.models import Order, OrderEvent
from integrations.scoping.context import unscoped
from integrations.timekeeping import clock, waking
from integrations.timekeeping.timing import timing

_BATCH = 500


@shared_task(name="intake.interpret_event")
def interpret_event(event_id: int) -> None:
    interpret(event_id)


@shared_task(name="intake.interpret_waiting")
def interpret_waiting() -> int:
    """Interpret what waits, in order of arrival: hints may be lost, rows are not.

    Returns how many deliveries were looked at.
    """
    ends_at = time.monotonic() + timing().event_sweep
    now = clock.now()
    with unscoped("deliveries that wait to be interpreted"):
        events = list(
            OrderEvent.objects.filter(verdict=OrderEvent.Verdict.WAITING)
            .filter(OrderEvent.lease.free(now))
            .order_by("received_at", "id")
            .values_list("pk", flat=True)[:_BATCH]
        )
        orders = list(
            Order.objects.filter(reread_next_at__lte=now)
            .order_by("reread_next_at")
            .values_list("pk", flat=True)[:_BATCH]
        )
    for order_id in orders:
        waking.wake("intake.finish_reread", order_id=order_id)
    for integration_id in backlog.waiting_backlogs():
        waking.wake("intake.issue_backlog", integration_id=integration_id)
    done = 0
    for event_id in events:
        if time.monotonic() > ends_at:
            break
        interpret(event_id)
        done += 1
    return done


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
