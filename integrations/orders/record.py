"""Recording what MasterShop says of an order.

A merge: whatever the order of arrival, however often, the same deliveries leave the same row.
Writers of one order come one after the other (row lock on PostgreSQL, IMMEDIATE transactions
on SQLite), and of two first writers both succeed.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError, transaction

from integrations.connections.models import Integration
from integrations.mastershop.orders import ListRow, NormalisedOrder
from integrations.mastershop.parts import CREATED, STATUS
from integrations.mastershop.problems import Problem
from integrations.orders import number_twice, told_again
from integrations.orders.columns import order_from_row
from integrations.orders.merge import Merge, is_denied, known_telling, note_status
from integrations.orders.models import Order, OrderEvent
from integrations.orders.newest import Telling, is_newer, weight
from integrations.orders.parts_known import Source
from integrations.scoping.prepared import Prepared, inserted, saved
from integrations.scoping.search_key import normalised as search_key


@dataclass(frozen=True, slots=True)
class Recorded:
    """`changed` tells whether anything of the order is other than before; `outdated` that what
    was told is older than what was known (it may still have raised the highest rank).

    `others`: orders of the same number of which it is settled now whether they are another sale.
    """

    order: Order
    changed: bool
    is_new: bool
    outdated: bool
    others: tuple[Order, ...] = ()


def record_order(
    integration: Integration,
    normalised: NormalisedOrder,
    *,
    now: datetime,
    signed: bool,
    source: str,
    problems: Iterable[Problem] = (),
    received_at: datetime | None = None,
) -> Recorded:
    """Merge one telling of an order into its row, part by part.

    `signed`: its signature was checked. `source`: one of `OrderEvent.Source`; what MasterShop's
    API answered is believed like a signed delivery, and what it leaves empty is empty.
    `problems`: what the parser found wrong. `received_at`: when it arrived, if earlier than now.
    """
    arrived = received_at or now
    from_api = source != OrderEvent.Source.WEBHOOK
    believed = signed or from_api
    with transaction.atomic(savepoint=False):
        about = number_twice.told_of(normalised, arrived_at=arrived)
        order, sales = _locked(integration, normalised.order_id, about)
        is_new = order not in sales
        says_status = STATUS in normalised.told
        created_at = about.created_at
        told = Telling(
            about.updated_at,
            normalised.status if says_status else "",
            arrived,
            answered_at=arrived if from_api else None,
        )
        known = known_telling(order)
        newer = is_new or is_newer(told, known)
        if believed:
            # What its source denied is made good by a signature or by the source itself.
            order.reread_outcome, order.reread_next_at = "", None
        merge = Merge(order, is_new=is_new)
        if newer or believed or not is_denied(order):
            names = normalised.told | (normalised.emptied if from_api else frozenset())
            if created_at is None:
                names -= {CREATED}
            merge.take(normalised, names, Source(told, believed))
            merge.take(normalised, normalised.hinted, Source(told, believed, weak=True))
        changed = is_new | merge.write(
            integration, told if newer else None, problems=list(problems), now=now
        )
        if believed or changed:
            # Read at its source and nothing newer known: the whole of it was looked at there.
            order.is_signed = (from_api and newer) or merge.known.is_signed()
        if says_status:
            changed |= note_status(order, told, known, newer=newer, is_new=is_new)
        if changed:
            order.changed_at = now
        number_twice.remember_date(order, created_at)
        saved(order)
        order, others = told_again.settle(order, sales, now=now)
    return Recorded(
        order,
        changed=changed,
        is_new=is_new,
        outdated=not (newer or merge.taken),
        others=others,
    )


def record_row(integration: Integration, row: ListRow, *, now: datetime) -> Recorded:
    """Merge a row of the order list whose detail could not be read.

    Its status counts like any telling's; the rest only where no body has said it. An order
    without lines, or whose total the row contradicts, needs its detail.
    """
    normalised = order_from_row(row)
    with transaction.atomic(savepoint=False):
        about = number_twice.told_of(normalised, arrived_at=now)
        order, sales = _locked(integration, row.order_id, about)
        is_new = order not in sales
        # Of two answers of the same list without a date the one that went further is the later.
        answered = now if weight(row.status) > weight(order.status) else None
        told = Telling(about.updated_at, row.status, now, answered_at=answered)
        known = known_telling(order)
        merge = Merge(order, is_new=is_new)
        open_before = is_new or order.needs_detail
        newer = is_new or ((open_before or row.status != order.status) and is_newer(told, known))
        if newer:
            merge.take(normalised, normalised.told & {STATUS}, Source(told, signed=True))
        if not is_denied(order):
            rest = normalised.told - {STATUS}
            merge.take(normalised, rest, Source(told, signed=True, weak=True))
        if row.total is not None and (newer or open_before):
            merge.known.note_row_total(str(row.total), Source(told, signed=True, weak=True))
        changed = is_new | merge.write(integration, told if newer else None, problems=[], now=now)
        order.is_signed = merge.known.is_signed()
        changed |= note_status(order, told, known, newer=newer, is_new=is_new)
        if changed:
            order.changed_at = now
        if is_new:
            # The list may tell a day without its time: only its own row goes by that.
            number_twice.remember_date(order, about.created_at)
        saved(order)
        order, others = told_again.settle(order, sales, now=now)
    return Recorded(order, changed=changed, is_new=is_new, outdated=not newer, others=others)


# All sales of a number, locked until the transaction ends.
_sales = Prepared(
    lambda integration, number: (
        Order.objects.select_for_update()
        .filter(integration_id=integration, number=number)
        # As the index of numbers holds them: in another order SQLite reads all orders instead.
        .order_by("occurrence")
    )
)


def _sales_of(integration: Integration, number: str) -> list[Order]:
    """The oldest row first."""
    return sorted(_sales(integration=integration.pk, number=number), key=lambda order: order.pk)


def _locked(
    integration: Integration, number: str, about: number_twice.Told
) -> tuple[Order, list[Order]]:
    """The row of the event's sale, and all known sales of its number, locked until the transaction
    ends. A row that is not among the known sales was made by this call."""
    sales = _sales_of(integration, number)
    if not sales:
        try:
            with transaction.atomic():
                return _made(integration, number, about), []
        except IntegrityError:
            # Another delivery of the same new order was first.
            sales = _sales_of(integration, number)
    place = number_twice.place(sales, about)
    if place.sale is None:
        # Another worker may have made a sale while this one waited for the locks.
        sales = _sales_of(integration, number)
        place = number_twice.place(sales, about)
    if place.sale is not None:
        place.sale.integration = integration
        return place.sale, sales
    occurrence = number_twice.free_occurrence(sales, about)
    return _made(integration, number, about, occurrence=occurrence, may_be=place.may_be), sales


def _made(
    integration: Integration, number: str, about: number_twice.Told, **columns: object
) -> Order:
    order = Order(
        organization_id=integration.organization_id,
        integration=integration,
        number=number,
        search_key=search_key(number),
        first_seen_at=about.arrived_at,
        changed_at=about.arrived_at,
        **columns,
    )
    return inserted(order)
