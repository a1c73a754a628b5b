"""The parts of one event or answer, while they are merged into the locked row of its order."""

from __future__ import annotations

import copy
from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal

from integrations.connections.models import Integration
from integrations.mastershop import texts
from integrations.mastershop.orders import NormalisedOrder
from integrations.mastershop.parts import LINES
from integrations.mastershop.problems import Problem
from integrations.orders import contradiction
from integrations.orders.columns import columns_of, content_of, empty_order
from integrations.orders.lines import replace_lines
from integrations.orders.models import Order
from integrations.orders.newest import Telling, rank
from integrations.orders.parser_problems import problems_of
from integrations.orders.parts_known import PartsKnown, Source
from integrations.orders.payment import family_of
from integrations.orders.reached import remember_status

# More of one thing than any parcel holds; the column ends before the parser does.
_MOST_UNITS = Decimal(1_000_000)


def known_telling(order: Order) -> Telling:
    """The newest telling of the order, with the status that it told itself: that of the order
    may come from another."""
    own_date = order.source_updated_at if order.snapshot.get("updated_at") else None
    kept = PartsKnown.from_json(order.parts).newest
    return Telling(
        own_date,
        order.status if kept is None else kept.status,
        order.received_at or order.first_seen_at,
        not_before=order.source_updated_at,
        answered_at=order.answered_at,
    )


class Merge:
    """The parts of one event or answer, while they are merged into the locked row of its order."""

    def __init__(self, order: Order, *, is_new: bool = False) -> None:
        """`is_new`: the row was made for this event and has no lines yet."""
        self._order, self._is_new = order, is_new
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
            self.known.newest = newest
        snapshot["arrived"] = texts.still_said(snapshot)
        merged = NormalisedOrder.from_json(snapshot)
        columns = columns_of(merged)
        columns["family"] = family_of(order, columns["method"], columns["family"])
        content_changed = content_of(order.snapshot) != content_of(snapshot)
        needs_detail = (
            bool(self.known.lacks())
            or self.known.is_total_in_doubt(snapshot["total"])
            or is_denied(order)
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
            replace_lines(
                order, integration, merged.lines,
                is_new=self._is_new, most_units=_MOST_UNITS, now=now,
            )  # fmt: skip
        return differs


def is_denied(order: Order) -> bool:
    """Its source was asked and does not know it: only another answer of the source counts."""
    return order.reread_outcome == "unreadable"


def note_status(
    order: Order, told: Telling, known: Telling, *, newer: bool, is_new: bool = False
) -> bool:
    """What a telling's status says beyond the newest truth; whether anything differs."""
    before = order.contradiction
    contradiction.note(order, told, known, newer=newer)
    remember_status(
        order, status=told.status, told_at=told.updated_at, received_at=told.received_at,
        is_first=is_new,
    )  # fmt: skip
    reached = rank(told.status)
    if reached <= order.rank_max:
        return order.contradiction != before
    order.rank_max = reached
    return True
