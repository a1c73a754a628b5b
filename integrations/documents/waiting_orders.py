"""Orders that wait because of an answer that is another one now: they are built anew."""

from __future__ import annotations

from collections.abc import Callable

from django.db.models import Exists, OuterRef

from integrations.connections.models import Integration
from integrations.documents.models import Document, DocumentProblem
from integrations.orders.models import Order
from integrations.sending import causes, hints
from integrations.sending.problem_kinds import KINDS
from integrations.sending.states import State, Why
from integrations.timekeeping import clock

# What a reading of the amounts may have ended in.
OF_AMOUNTS = frozenset(code for code, kind in KINDS.items() if kind.of_amounts)


def build_anew(
    integration: Integration, code: str, subject: str, concerns: Callable[[Order], bool]
) -> int:
    """Make due the orders that the answer concerns and that wait with other amounts than it
    would give; returns how many. In the transaction that keeps the answer.

    Those that wait for the answer itself are freed by it, and nothing that may be in Alegra is
    touched. The integration is locked as it is where orders are freed: a worker that blocks a
    row meanwhile is seen here, or sees the answer.
    """
    list(Integration.objects.select_for_update(no_key=True).filter(pk=integration.pk))
    now = clock.now()
    still_open = DocumentProblem.objects.filter(work=OuterRef("pk"), closed_at=None)
    waiting = Document.objects.filter(
        Exists(still_open.filter(code__in=OF_AMOUNTS)),
        ~Exists(still_open.filter(code=code, subject_key=subject)),
        integration=integration, state=State.BLOCKED, alegra_id="", payload__isnull=True,
    ).select_related("order")  # fmt: skip
    moved = 0
    for document in waiting:
        if concerns(document.order) and document.transition(
            State.PENDING, now=now, why=Why.CURED, next_attempt_at=now
        ):
            causes.close_problems(document, now=now)
            moved += 1
    if moved:
        hints.hint(integration.credential.alegra_user_id)
    return moved
