"""Sending again all orders of one cause, after a person repaired it elsewhere."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from integrations.audit import trail
from integrations.documents import acts
from integrations.documents.models import Document
from integrations.sending import trying
from integrations.sending.again import send_again
from integrations.sending.models import Cause, Work
from integrations.sending.of_order import kinds_about_orders
from integrations.sending.registry import kinds
from integrations.sending.states import State
from integrations.timekeeping import clock

# As many as one click carries; the cause stays open for the rest.
MOST_AT_ONCE = 300


@dataclass(frozen=True)
class Retried:
    sent: int
    left: int


def works_of(cause: Cause) -> Iterator[Work]:
    """The works this cause blocks, as many as one click carries; of each kind the oldest first."""
    left = MOST_AT_ONCE
    for kind in kinds():
        rows = kind.work.objects.filter(
            state=State.BLOCKED, problems__cause=cause, problems__closed_at=None
        ).order_by("created_at", "pk")
        about = ["order"] if kind in kinds_about_orders() else []
        for work in rows.select_related("integration__credential", *about)[:left]:
            left -= 1
            yield work


def try_now(cause: Cause, *, by, request) -> Work | None:
    """*Probar otra vez*: one order of a cause that Alegra alone ends; None where one is under
    way already or something holds them all."""
    work = trying.try_again(cause, clock.now())
    if work is not None:
        trail.record(
            action="cause.try",
            target=cause,
            actor=by,
            request=request,
            after={"order": work.order.number if work.order else ""},
        )
    return work


def retry_all(cause: Cause, *, by, request) -> Retried:
    """Each in its own transaction: one that moved on meanwhile holds up no other."""
    sent = 0
    for work in works_of(cause):
        sent += _sent(work, by=by, request=request)
    cause.refresh_from_db()
    return Retried(sent, cause.open_count)


def _sent(work: Work, *, by, request) -> bool:
    if not isinstance(work, Document):
        return send_again(work, by=by, request=request)
    try:
        acts.retry(work, by=by, request=request)
    except acts.NotPossible:
        return False
    return True
