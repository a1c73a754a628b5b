"""Sending again all orders of one cause, after a person repaired it elsewhere."""

from __future__ import annotations

from dataclasses import dataclass

from integrations.audit import trail
from integrations.documents import acts
from integrations.documents.models import Document
from integrations.sending import trying
from integrations.sending.models import Cause
from integrations.sending.states import State
from integrations.timekeeping import clock

# As many as one click carries; the cause stays open for the rest.
MOST_AT_ONCE = 300


@dataclass(frozen=True)
class Retried:
    sent: int
    left: int


def works_of(cause: Cause):
    """The documents this cause blocks, the oldest first."""
    return (
        Document.objects.filter(
            state=State.BLOCKED, problems__cause=cause, problems__closed_at=None
        )
        .select_related("order", "integration__credential")
        .order_by("created_at", "pk")
    )


def try_now(cause: Cause, *, by, request) -> Document | None:
    """*Probar otra vez*: one order of a cause that Alegra alone ends; None where one is under
    way already or something holds them all."""
    work = trying.try_again(cause, clock.now())
    if work is not None:
        trail.record(
            action="cause.try",
            target=cause,
            actor=by,
            request=request,
            after={"order": work.order.number},
        )
    return work


def retry_all(cause: Cause, *, by, request) -> Retried:
    """Each in its own transaction: one that moved on meanwhile holds up no other."""
    sent = 0
    for document in works_of(cause)[:MOST_AT_ONCE]:
        try:
            acts.retry(document, by=by, request=request)
        except acts.NotPossible:
            continue
        sent += 1
    cause.refresh_from_db()
    return Retried(sent, cause.open_count)
