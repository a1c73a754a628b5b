"""Recording what MasterShop says of an order.

A merge: whatever the order of arrival, however often, the same deliveries leave the same row.
Writers of one order come one after the other (row lock on PostgreSQL, IMMEDIATE transactions
on SQLite), and of two first writers both succeed.
"""

from __future__ import annotations

import copy
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db import IntegrityError, transaction

from integrations.connections.models import Integration
from integrations.mastershop import texts
from integrations.mastershop.orders import ListRow, NormalisedOrder
from integrations.mastershop.parts import CREATED, LINES, STATUS
from integrations.mastershop.problems import Problem
from integrations.orders import contradiction
from integrations.orders.columns import columns_of, content_of, empty_order, order_from_row
from integrations.orders.lines import replace_lines
from integrations.orders.models import Order, OrderEvent
from integrations.orders.newest import Telling, believed_date, is_newer, rank, weight
from integrations.orders.parser_problems import problems_of
from integrations.orders.parts_known import PartsKnown, Source
from integrations.orders.payment import family_of
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
    """Merge one telling of an order into its row, part by part.

    `signed`: its signature was checked. `source`: one of `OrderEvent.Source`; what MasterShop's
    API answered is believed like a signed delivery, and what it leaves empty is empty.
    `problems`: what the parser found wrong. `received_at`: when it arrived, if earlier than now.
    """
    arrived = received_at or now
    from_api = source != OrderEvent.Source.WEBHOOK
    believed = signed or from_api
    with transaction.atomic():
        order, is_new = _locked(integration, normalised.order_id, now=arrived)
        says_status = STATUS in normalised.told
        created_at = believed_date(normalised.created_at, arrived)
        told = Telling(
            believed_date(normalised.updated_at, arrived, created_at=created_at),
            normalised.status if says_status else order.status,
            arrived,
            answered_at=arrived if from_api else None,
        )
        known = _known(order)
        newer = is_new or is_newer(told, known)
        if believed:
            # What its source denied is made good by a signature or by the source itself.
            order.reread_outcome, order.reread_next_at = "", None
        merge = _Merge(order)
        if newer or believed or not _is_denied(order):
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
            changed |= _note_status(order, told, known, newer=newer)
        if changed:
            order.changed_at = now
        order.save()
    return Recorded(order, changed=changed, is_new=is_new, outdated=not (newer or merge.taken))


def record_row(integration: Integration, row: ListRow, *, now: datetime) -> Recorded:
    """Merge a row of the order list whose detail could not be read.

    Its status counts like any telling's; the rest only where no body has said it. An order
    without lines, or whose total the row contradicts, needs its detail.
    """
    normalised = order_from_row(row)
    with transaction.atomic():
        order, is_new = _locked(integration, row.order_id, now=now)
        # Of two answers of the same list without a date the one that went further is the later.
        answered = now if weight(row.status) > weight(order.status) else None
        told = Telling(believed_date(row.updated_at, now), row.status, now, answered_at=answered)
        known = _known(order)
        merge = _Merge(order)
        open_before = is_new or order.needs_detail
        newer = is_new or ((open_before or row.status != order.status) and is_newer(told, known))
        if newer:
            merge.take(normalised, normalised.told & {STATUS}, Source(told, signed=True))
        if not _is_denied(order):
            rest = normalised.told - {STATUS}
            merge.take(normalised, rest, Source(told, signed=True, weak=True))
        if row.total is not None and (newer or open_before):
            merge.known.note_row_total(str(row.total), Source(told, signed=True, weak=True))
        changed = is_new | merge.write(integration, told if newer else None, problems=[], now=now)
        order.is_signed = merge.known.is_signed()
        changed |= _note_status(order, told, known, newer=newer)
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
        answered_at=order.answered_at,
    )


class _Merge:
    """One telling on its way into the row of an order that is locked."""

    def __init__(self, order: Order) -> None:
        self._order = order
        self._snapshot = empty_order(order.number).to_json() | copy.deepcopy(order.snapshot)
        self.known = PartsKnown.from_json(order.parts)
        self.taken: set[str] = set()

    def take(self, normalised: NormalisedOrder, names: Iterable[str], source: Source) -> None:
        told = normalised.to_json()
        self._snapshot["arrived"] |= told["arrived"]
        self.taken |= self.known.take(self._snapshot, told, names, source)

    def write(
        self,
        integration: Integration,
        newest: Telling | None,
        *,
        problems: list[Problem],
        now: datetime,
    ) -> bool:
        """Write what stands now to the row. `newest`: the telling, where no later one is known.
        Returns whether anything differs."""
        order, snapshot = self._order, self._snapshot
        if newest is not None:
            # A telling without a date leaves the newest date known, or an old one could come
            # back.
            snapshot["updated_at"] = newest.updated_at and newest.updated_at.isoformat()
            order.source_updated_at = newest.updated_at or order.source_updated_at
            order.received_at = newest.received_at
            order.answered_at = newest.answered_at
        snapshot["arrived"] = texts.still_said(snapshot)
        merged = NormalisedOrder.from_json(snapshot)
        columns = columns_of(merged)
        columns["family"] = family_of(order, columns["method"], columns["family"])
        content_changed = content_of(order.snapshot) != content_of(snapshot)
        needs_detail = (
            bool(self.known.lacks())
            or self.known.is_total_in_doubt(snapshot["total"])
            or _is_denied(order)
        )
        before = {name: getattr(order, name) for name in columns}
        differs = (
            content_changed
            or before != columns
            or order.needs_detail != needs_detail
            or order.snapshot.get("tracking") != snapshot["tracking"]
        )
        for name, value in columns.items():
            setattr(order, name, value)
        order.problems = problems_of(
            merged, problems, taken=self.taken, known=order.problems, most_units=_MOST_UNITS
        )
        order.snapshot = snapshot
        order.parts = self.known.to_json()
        order.source_created_at = merged.created_at
        order.needs_detail = needs_detail
        if content_changed:
            # What was read again at its source is no longer what stands here.
            order.reread_at = None
        if LINES in self.taken:
            replace_lines(order, integration, merged.lines, most_units=_MOST_UNITS, now=now)
        return differs


def _is_denied(order: Order) -> bool:
    """Its source was asked and does not know it: only another answer of the source counts."""
    return order.reread_outcome == "unreadable"


def _note_status(order: Order, told: Telling, known: Telling, *, newer: bool) -> bool:
    """What a telling's status says beyond the newest truth; whether anything differs."""
    before = order.contradiction
    contradiction.note(order, told, known, newer=newer)
    remember_status(
        order, status=told.status, told_at=told.updated_at, received_at=told.received_at
    )
    reached = rank(told.status)
    if reached <= order.rank_max:
        return order.contradiction != before
    order.rank_max = reached
    return True
