"""Where MasterShop's dates and its statuses contradict each other.

*Entregada* that arrives after *En Tránsito* and is dated before it: either the delivery was put
right afterwards, or one of the two clocks is wrong. What the dates say stays, the other is kept
beside it, and the order is read again at its source; what that answers is the newest truth.
Where it cannot be read a person is asked, and only where the document depends on it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from integrations.mastershop import statuses
from integrations.mastershop.orders import NormalisedOrder
from integrations.mastershop.parts import STATUS, put, value_of
from integrations.orders.models import Order, OrderStatusTime
from integrations.orders.newest import Telling, rank, weight
from integrations.orders.parts_known import Part, PartsKnown, Source


@dataclass(frozen=True, slots=True)
class Contradiction:
    """`status` arrived at `arrived_at`, after the newest truth, with the older date `at`."""

    status: str
    at: datetime
    arrived_at: datetime

    @property
    def label(self) -> str:
        return statuses.by_code(self.status).label


def contradiction_of(order: Order) -> Contradiction | None:
    kept = order.contradiction
    if not kept:
        return None
    at, arrived = (datetime.fromisoformat(kept[name]) for name in ("at", "arrived_at"))
    return Contradiction(kept["status"], at, arrived)


def note(order: Order, told: Telling, known: Telling, *, newer: bool) -> None:
    """Remember, or forget, what contradicts the newest truth. `known` is what stood before
    `told`, `newer` whether `told` replaced it. Needs the order's lock, before the status's
    moment is remembered."""
    before = contradiction_of(order)
    if newer:
        is_answer = told.answered_at is not None
        if before and (is_answer or weight(told.status) >= weight(before.status)):
            order.contradiction = {}
        return
    if (
        told.updated_at is None
        or told.received_at <= known.received_at
        or weight(told.status) <= weight(order.status)
        or (before and weight(told.status) <= weight(before.status))
        or _was_told(order, told)
    ):
        return
    order.contradiction = {
        "status": told.status,
        "at": told.updated_at.isoformat(),
        "arrived_at": told.received_at.isoformat(),
    }


def is_to_be_read(order: Order) -> bool:
    """Whether its source has not been asked since the order was told to stand behind a status
    that it had reached, against the dates or with them."""
    asked_at = order.reread_at
    contradiction = contradiction_of(order)
    if contradiction is not None:
        return asked_at is None or asked_at < contradiction.arrived_at
    if order.answered_at is not None or not 0 < rank(order.status) < order.rank_max:
        return False
    return asked_at is None or order.received_at is None or asked_at < order.received_at


def settle(order: Order, *, further: bool, now: datetime) -> None:
    """What a person said: `further` if the status that arrived last counts, whatever its date.
    Needs the order's lock."""
    contradiction = contradiction_of(order)
    if contradiction is None:
        return
    order.contradiction = {}
    fields = ["contradiction"]
    if further:
        status = statuses.by_code(contradiction.status)
        told = NormalisedOrder(
            order_id=order.number, status=status.code, status_id=status.id, status_raw=status.label
        )
        snapshot = dict(order.snapshot)
        put(snapshot, STATUS, value_of(told.to_json(), STATUS))
        known = PartsKnown.from_json(order.parts)
        # As good as an answer of the source: only what is told afterwards is newer.
        telling = Telling(contradiction.at, status.code, now, answered_at=now)
        known.parts[STATUS] = Part(Source(telling, signed=True))
        known.newest = telling
        order.snapshot, order.parts = snapshot, known.to_json()
        order.status, order.status_raw, order.substatus = status.code, status.label[:60], ""
        order.received_at = order.answered_at = order.changed_at = now
        fields += ["snapshot", "parts", "status", "status_raw", "substatus", "received_at",
                   "answered_at", "changed_at"]  # fmt: skip
    order.save(update_fields=fields)


def _was_told(order: Order, told: Telling) -> bool:
    """The same again, delivered once more, contradicts nothing that was not weighed before."""
    times = OrderStatusTime.objects.filter(order=order, status=told.status, at=told.updated_at)
    return times.exists()
