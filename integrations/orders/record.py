"""Recording what MasterShop says of an order.

A merge: whatever the order of arrival, however often, the same deliveries leave the same row.
Writers of one order come one after the other (row lock on PostgreSQL, IMMEDIATE transactions
on SQLite), and of two first writers both succeed.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import IntegrityError, transaction

from integrations.connections.models import Integration
from integrations.mastershop.orders import ListRow, NormalisedOrder
from integrations.mastershop.problems import Problem, problem
from integrations.orders.columns import columns_of, content_of, order_from_row
from integrations.orders.lines import replace_lines
from integrations.orders.models import Order, OrderEvent
from integrations.orders.newest import Telling, believed_date, is_newer, rank
from integrations.orders.reached import remember_status
from integrations.scoping.search_key import normalised as search_key

# More of one thing than any parcel holds; the column ends before the parser does.
_MOST_UNITS = Decimal(1_000_000)


@dataclass(frozen=True, slots=True)
class Recorded:
    """`changed` tells whether anything of the order is other than before; `outdated` that what
    was told is older than what was known (it may still have raised the highest rank)."""

    order: Order
    changed: bool
    is_new: bool
    outdated: bool


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
    """Merge one telling of an order into its row.

    `signed`: its signature was checked. `source`: one of `OrderEvent.Source`; what MasterShop's
    API answered is believed like a signed delivery. `problems`: what the parser found wrong.
    `received_at`: when it arrived, if that is earlier than now.
    """
    arrived = received_at or now
    believed = signed or source != OrderEvent.Source.WEBHOOK
    told = Telling(believed_date(normalised.updated_at, arrived), normalised.status, arrived)
    with transaction.atomic():
        order, is_new = _locked(integration, normalised.order_id, now=arrived)
        newer = is_new or is_newer(told, _known(order))
        changed = is_new
        if newer or (order.needs_detail and (believed or not _is_denied(order))):
            before = None if newer else _standing(order)
            changed |= _apply(
                order, integration, normalised, told, problems=list(problems), now=now
            )
            if before is not None:
                _keep_standing(order, before)
            _settle_belief(order, believed=believed, changed=changed)
        changed |= _raise_rank(order, told)
        if changed:
            order.changed_at = now
        order.save()
    return Recorded(order, changed=changed, is_new=is_new, outdated=not newer)


def record_row(integration: Integration, row: ListRow, *, now: datetime) -> Recorded:
    """Merge a row of the order list whose detail could not be read.

    An order that is known in full takes the row's status and keeps its content, unless the
    totals differ: then, as for an order nobody has seen, its detail is needed.
    """
    told = Telling(believed_date(row.updated_at, now), row.status, now)
    with transaction.atomic():
        order, is_new = _locked(integration, row.order_id, now=now)
        if is_new or (order.needs_detail and not _is_denied(order)):
            known = is_new or is_newer(told, _known(order))
            changed = is_new
            if known:
                changed |= _apply(
                    order, integration, order_from_row(row), told, problems=[], now=now
                )
            order.needs_detail = True
            order.is_signed = True
            newer = known
        else:
            newer = row.status != order.status and is_newer(told, _known(order))
            changed = newer
            if newer:
                order.status, order.status_raw, order.substatus = row.status, row.status_raw, ""
                order.received_at = now
                order.source_updated_at = told.updated_at or order.source_updated_at
                order.snapshot["updated_at"] = row.updated_at and row.updated_at.isoformat()
                order.needs_detail |= row.total is not None and row.total != order.total
        changed |= _raise_rank(order, told)
        if changed:
            order.changed_at = now
        order.save()
    return Recorded(order, changed=changed, is_new=is_new, outdated=not newer)


def _locked(integration: Integration, number: str, *, now: datetime) -> tuple[Order, bool]:
    """The order's row, locked until the transaction ends, and whether this made it."""
    rows = Order.objects.select_for_update().filter(integration=integration, number=number)
    order = rows.first()
    if order is not None:
        order.integration = integration
        return order, False
    try:
        with transaction.atomic():
            return (
                Order.objects.create(
                    organization_id=integration.organization_id,
                    integration=integration,
                    number=number,
                    search_key=search_key(number),
                    first_seen_at=now,
                    changed_at=now,
                ),
                True,
            )
    except IntegrityError:
        # Another delivery of the same new order was first; its row is the one.
        order = rows.get()
        order.integration = integration
        return order, False


def _known(order: Order) -> Telling:
    own_date = order.source_updated_at if order.snapshot.get("updated_at") else None
    return Telling(
        own_date,
        order.status,
        order.received_at or order.first_seen_at,
        not_before=order.source_updated_at,
    )


def _apply(
    order: Order,
    integration: Integration,
    normalised: NormalisedOrder,
    told: Telling,
    *,
    problems: list[Problem],
    now: datetime,
) -> bool:
    """Write the telling over the row. Returns whether anything differs."""
    problems += [
        problem("quantity_invalid", f"order_items[{position}].quantity")
        for position, line in enumerate(normalised.lines)
        if line.qty > _MOST_UNITS
    ]
    columns = columns_of(normalised)
    before = {name: getattr(order, name) for name in columns}
    snapshot = normalised.to_json()
    if told.updated_at is None:
        snapshot["updated_at"] = None  # absent, or not believed
    content_changed = content_of(order.snapshot) != content_of(snapshot)
    for name, value in columns.items():
        setattr(order, name, value)
    differs = (
        content_changed
        or before != columns
        or order.needs_detail
        or order.snapshot.get("tracking") != snapshot["tracking"]
    )
    order.snapshot = snapshot
    order.problems = [
        {
            "code": one.code,
            "field": one.field,
            "sentence": one.sentence_es,
            "blocking": one.blocking,
        }
        for one in problems
    ]
    # A telling without a date leaves the newest date known, or an old one could come back.
    order.source_updated_at = told.updated_at or order.source_updated_at
    order.source_created_at = normalised.created_at or order.source_created_at
    order.received_at = told.received_at
    # What its source denied is not made good by one more unsigned delivery.
    order.needs_detail = order.needs_detail and _is_denied(order)
    if content_changed:
        # What was read again at its source is no longer what stands here.
        order.reread_at = None
    replace_lines(order, integration, normalised.lines, most_units=_MOST_UNITS, now=now)
    return differs


def _standing(order: Order) -> dict[str, Any]:
    """Where the order stands: what an older telling that fills in its content leaves alone."""
    names = ("status", "status_raw", "substatus", "source_updated_at", "received_at", "total")
    return {name: getattr(order, name) for name in names}


def _keep_standing(order: Order, before: dict[str, Any]) -> None:
    """A row of the list told the newer status, an older telling now the lines and the buyer."""
    total = before.pop("total")
    for name, value in before.items():
        setattr(order, name, value)
    order.snapshot |= {name: before[name] for name in ("status", "status_raw", "substatus")}
    order.snapshot["updated_at"] = None
    order.needs_detail = total is not None and total != order.total


def _is_denied(order: Order) -> bool:
    """Its source was asked and does not know it: only another answer of the source counts."""
    return order.reread_outcome == "unreadable"


def _settle_belief(order: Order, *, believed: bool, changed: bool) -> None:
    """Whether the row may be documented as it stands, without reading it at its source."""
    if believed or changed:
        order.is_signed = believed
    if believed:
        order.needs_detail = order.needs_detail and not _is_denied(order)
        order.reread_next_at = None
        order.reread_outcome = ""


def _raise_rank(order: Order, told: Telling) -> bool:
    remember_status(
        order, status=told.status, told_at=told.updated_at, received_at=told.received_at
    )
    reached = rank(told.status)
    if reached <= order.rank_max:
        return False
    order.rank_max = reached
    return True
