"""*Reintentar* on an order's page, for the works about it that are not its document."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from integrations.documents import acts
from integrations.documents.models import Document
from integrations.orders.models import Order
from integrations.sending import look_alike, of_order
from integrations.sending.again import send_again
from integrations.sending.models import Problem, Work
from integrations.sending.problem_kinds import Retry, kind_of
from integrations.sending.states import State


def retryable(problems: Iterable[Problem]) -> list[Work]:
    """Of the works that these problems hold, those that a person may send again."""
    held = [problem for problem in problems if of_order.holds(problem)]
    found = {(type(problem), problem.work_id): problem.work for problem in held}
    for problem in held:
        if kind_of(problem.code).retry is Retry.NO:
            found.pop((type(problem), problem.work_id), None)
    return list(found.values())


@transaction.atomic
def retry(order: Order, *, by: Any, request: Any) -> None:
    """Send again what of the order waits for a person: its document, and its other works.

    Raises NotPossible.
    """
    kinds = [kind for kind in of_order.kinds_about_orders() if kind.work is not Document]
    others = retryable(of_order.open_problems([order], of=kinds).get(order.pk, []))
    document = order.document
    if document is None and not others:
        raise acts.NotPossible(_("Este pedido todavía no tiene documento."))
    # On the order's own page the questions were read.
    if document is not None and (not others or document.state in (State.BLOCKED, State.PENDING)):
        acts.retry(document, by=by, request=request, denies=True)
    for work in others:
        send_again(work, by=by, request=request, told={"denied": look_alike.deny(work)})
