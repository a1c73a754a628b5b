"""How often a document may be sent again after it was proven absent."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Max, Q

from integrations.documents.about import about
from integrations.documents.models import Document, DocumentAttempt
from integrations.documents.step_rows import CREATE
from integrations.sending.decided import Next, blocked, give_back
from integrations.sending.states import Outcome
from integrations.timekeeping import clock
from integrations.timekeeping.timing import MAX_SENDS, MAX_SENDS_AN_HOUR, timing


def too_many_sends(document: Document) -> Next | None:
    """After proven absence: at most three sends in an hour and twelve in all."""
    now = clock.now()
    lost = list(
        DocumentAttempt.objects.filter(
            # Without an outcome: the worker died over it.
            Q(outcome=Outcome.UNCONFIRMED) | Q(outcome=None),
            step__work=document,
            step__name=CREATE,
            method="POST",
        ).values_list("started_at", flat=True)
    )
    if len(lost) >= MAX_SENDS:
        lost = _since_a_person_said_yes(document, lost)
    if len(lost) >= MAX_SENDS:
        return blocked([about(document, "gave_up")], unfreeze=False)
    window = timing().delta("resend_window")
    recent = sorted(at for at in lost if at > now - window)
    if len(recent) >= MAX_SENDS_AN_HOUR:
        return give_back(document, at=recent[0] + window)
    return None


def _since_a_person_said_yes(document: Document, lost: list[datetime]) -> list[datetime]:
    """*Reintentar* after giving up is good for as many sends again."""
    asked = document.problems.filter(code="gave_up").aggregate(at=Max("closed_at"))["at"]
    return lost if asked is None else [at for at in lost if at > asked]
