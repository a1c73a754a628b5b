"""*Ventas viejas*: one question, and one answer, for all that took too long to their trigger.

Product, settings: *Procesar pedidos desde* compares the moment of the trigger, so that orders on
the road are documented. A shop's past that is told anew passes it as well: what was created more
than 60 days before (`decide.is_old_sale`) is asked about, as a plan.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import F, Max, Min

from integrations.configuration import answers
from integrations.configuration.questions import CREATE, OLD_SALES
from integrations.connections.models import Integration
from integrations.documents.models import Document, DocumentProblem
from integrations.orders.models import Order
from integrations.sending import hints
from integrations.sending.states import State, Why
from integrations.sending.transition import move_all
from integrations.timekeeping import clock
from integrations.timekeeping.words import day


def connect() -> None:
    if _answered not in answers.followers[OLD_SALES]:
        answers.followers[OLD_SALES].append(_answered)


def words(order: Order) -> dict[str, Any]:
    """From when to when the sales were created that wait for the answer, this one among them."""
    waiting = DocumentProblem.objects.filter(
        work__integration=order.integration_id, code=OLD_SALES, closed_at=None
    ).aggregate(first=Min("order__source_created_at"), last=Max("order__source_created_at"))
    known: list[datetime] = [at for at in waiting.values() if at is not None]
    created = [*known, *filter(None, [order.source_created_at])]
    return {"first": day(min(created)), "last": day(max(created))}


def _answered(integration: Integration, _subject: str, value: str) -> None:
    """Of another answer than before, what was left out goes after all; what is not sent yet and
    what waits for the answer is decided anew when its turn comes."""
    if value != CREATE:
        return
    now = clock.now()
    left_out = Document.objects.filter(
        integration=integration, state=State.SKIPPED, reason=OLD_SALES, order__document=F("pk")
    )
    freed = move_all(
        left_out, State.SKIPPED, State.PENDING, now=now, why=Why.CURED, reason="",
        next_attempt_at=now,
    )  # fmt: skip
    if freed:
        hints.hint(integration.credential.alegra_user_id)
