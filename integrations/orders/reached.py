"""When an order reached its trigger: payment date, ageing and *Procesar pedidos desde* hang on it.

MasterShop may skip a status; an order first seen as delivered has then reached every lower
status at that moment.
"""

from __future__ import annotations

from datetime import datetime

from integrations.mastershop import statuses
from integrations.orders.models import Order, OrderStatusTime
from integrations.orders.newest import rank
from integrations.scoping.prepared import Prepared, inserted, keep_prefetched


def statuses_from(trigger_status: str) -> tuple[str, ...]:
    """The codes of the trigger status and of all that rank above it; () for one without rank."""
    least = rank(trigger_status)
    if not least:
        return ()
    return tuple(
        status.code
        for status in statuses.STATUSES
        if status.rank is not None and status.rank >= least
    )


def reached_at(order: Order, trigger_status: str) -> datetime | None:
    """The earliest moment at which the order stood at or past the trigger, or None."""
    return min(_times(order, trigger_status), default=None)


def last_step_at(order: Order, trigger_status: str) -> datetime | None:
    """The latest moment at which the order came to a status at or past the trigger, or None."""
    return max(_times(order, trigger_status), default=None)


def delivered_at(order: Order) -> datetime | None:
    """When the buyer had the parcel, or None."""
    return reached_at(order, "delivered")


def remember_status(
    order: Order,
    *,
    status: str,
    told_at: datetime | None,
    received_at: datetime,
    is_first: bool = False,
) -> None:
    """Keep the earliest moment of a status, and whether MasterShop said it.

    `is_first`: the order has no other yet. Call it with the order's row locked. A date ahead of
    our clock counts as the arrival.
    """
    from_event = told_at is not None
    at = min(told_at, received_at) if told_at is not None else received_at
    known = None
    if not is_first:
        known = OrderStatusTime.objects.filter(order=order, status=status).first()
    if known is None:
        first = OrderStatusTime(
            organization_id=order.organization_id,
            order=order,
            status=status,
            at=at,
            from_event=from_event,
            seen_at=received_at,
        )
        inserted(first)
        return
    changed = []
    if at < known.at or (at == known.at and from_event and not known.from_event):
        known.at, known.from_event = at, from_event
        changed += ["at", "from_event"]
    if received_at < known.seen_at:
        known.seen_at = received_at
        changed.append("seen_at")
    if changed:
        known.save(update_fields=changed)


_times_of = Prepared(lambda order: OrderStatusTime.objects.filter(order_id=order))


def read_times(order: Order) -> None:
    """Have them at hand, for all that is asked of this object."""
    keep_prefetched(order, "status_times", _times_of(order=order.pk))


def _times(order: Order, trigger_status: str) -> list[datetime]:
    # .all() and not a filter, so that a prefetched list serves a whole page of orders.
    wanted = statuses_from(trigger_status)
    return [time.at for time in order.status_times.all() if time.status in wanted]
