"""Sending again all orders of one cause, after a person repaired it elsewhere."""

from __future__ import annotations

from dataclasses import dataclass

from integrations.documents import acts
from integrations.documents.models import Document
from integrations.sending.models import Cause
from integrations.sending.states import State

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
