"""*Corregir datos*: the buyer of one order as a person says it is, for this order alone."""

from __future__ import annotations

from typing import Any

from django.db import transaction

from integrations.audit import trail
from integrations.documents import emission
from integrations.documents.acts import build_anew, refuse_made
from integrations.documents.issue import locked_order
from integrations.documents.models import Document
from integrations.orders.buyer import effective_buyer
from integrations.orders.models import Order, OrderCorrection
from integrations.sending.states import State
from integrations.timekeeping import clock

CORRECTABLE = (
    "name", "doc_type", "doc_number", "email", "phone", "address", "city", "department",
    "unidentified",
)  # fmt: skip


@transaction.atomic
def correct(
    order: Order,
    *,
    changes: dict[str, Any],
    by,
    request=None,
    confirmed: frozenset[str] = frozenset(),
) -> Document | None:
    """*Corregir datos*: the buyer's fields for this order only; what was received stays.

    `changes` maps names of CORRECTABLE to text; "unidentified" to "yes" or "". Possible until
    `confirmed` are fields that are right as they arrived, and are not asked about again. Possible
    until the document exists, and of one whose emission was refused: it is changed under its own
    id when it is emitted again. What waited for it is built anew at once.
    """
    now = clock.now()
    order = locked_order(order)
    document = order.document
    if document is None or not emission.is_refused(document):
        refuse_made(document)
    current = _corrected(order)
    made = []
    for field in CORRECTABLE:
        is_other = field in changes and str(changes[field]) != current.get(field, "")
        if is_other or field in confirmed:
            made.append(
                OrderCorrection(
                    organization_id=order.organization_id,
                    order=order,
                    field=field,
                    before=current.get(field, "")[:300],
                    after=str(changes.get(field, current.get(field, ""))).strip()[:300],
                    by=by,
                    at=now,
                )
            )
    OrderCorrection.objects.bulk_create(made)
    # The trail says which fields, not what they hold: it is exported and seen by all roles.
    trail.record(
        action="order.correct", target=order, actor=by, request=request,
        after={"fields": [row.field for row in made]},
    )  # fmt: skip
    if document is not None and document.state == State.BLOCKED:
        build_anew(document, now=now, by=by)
    return document


def _corrected(order: Order) -> dict[str, str]:
    buyer = effective_buyer(order)
    values = {name: str(getattr(buyer, name)) for name in CORRECTABLE if name != "unidentified"}
    return {**values, "unidentified": "yes" if buyer.unidentified else ""}
