"""A document that a person names by its number, read in Alegra to be shown beside the order."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from integrations.alegra.document import Document as AlegraDocument
from integrations.alegra.errors import Forbidden, PlanExcludes, Unauthorized
from integrations.alegra.shapes import plain_number
from integrations.colombia.money import is_right
from integrations.connections.clients import alegra_client
from integrations.connections.pace import Pace
from integrations.documents.far_side import FAR_SIDES
from integrations.orders.models import Order

VOID = "void"


@dataclass(frozen=True)
class Named:
    """What Alegra has under that number. `has_our_total`: it is worth what the order is."""

    noun: str
    number: str
    day: date | None
    client_name: str
    total: Decimal
    has_our_total: bool
    is_void: bool


def named(order: Order, number: str) -> list[Named]:
    """Invoices and remissions with that number, none for text without a sign of one.

    A few calls, at a person's pace. Raises AlegraError, NoStandIn. A plan or a user without
    remissions still shows the invoice; that there is none is said only of what could be read.
    """
    if not plain_number(number):
        return []
    credential = order.integration.credential
    pace = Pace(credential.alegra_user_id, for_person=True)
    with alegra_client(credential, pace=pace) as client:
        found: list[Named] = []
        refusals = []
        for side in FAR_SIDES.values():
            try:
                rows = side.with_number(client, number)
            except (Forbidden, PlanExcludes, Unauthorized) as refusal:
                refusals.append(refusal)
                continue
            found += (_named(order, side.noun, row) for row in rows)
    if refusals and not found:
        raise refusals[0]
    return found


def _named(order: Order, noun: str, row: AlegraDocument) -> Named:
    return Named(
        noun=noun,
        number=row.number or "",
        day=row.date,
        client_name=row.client_name,
        total=row.total,
        has_our_total=order.total is not None and is_right(row.total, order.total),
        is_void=row.status == VOID,
    )
