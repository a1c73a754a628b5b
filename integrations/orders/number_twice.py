"""A number that comes twice: which sale a body is about.

A shop that is reset counts its orders anew, and a deleted order's number is given again. Another
date of creation, an hour or more apart, with another buyer or other lines is another sale, with a
row of its own; the same buyer and lines are the same sale told with another clock. Where the
buyer or the lines are hidden or missing nobody can know: the row then says which sale it may be,
and a person is asked before it gets a document.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta

from django.utils.translation import gettext as _

from integrations.mastershop.orders import Customer, Line, NormalisedOrder
from integrations.mastershop.parts import LINES
from integrations.orders.likeness import Likeness, buyers, goods
from integrations.orders.models import Order
from integrations.orders.newest import believed_date
from integrations.timekeeping.timing import (
    CLOCK_AHEAD,
    SALES_APART,
    WHOLE_DAY,
    ZONE_OFF,
    ZONE_SLACK,
)
from integrations.timekeeping.words import bogota

_MOST_DATES = 20


@dataclass(frozen=True, slots=True)
class Told:
    """What a body says of the sale that it is about. `created_at`: None where it names no date
    of creation, or one of a wrong clock, which is then `unbelieved_at`."""

    customer: Customer
    lines: tuple[Line, ...]
    created_at: datetime | None
    unbelieved_at: datetime | None
    updated_at: datetime | None
    arrived_at: datetime

    @property
    def began_at(self) -> datetime:
        return self.created_at or self.updated_at or self.unbelieved_at or self.arrived_at


@dataclass(frozen=True, slots=True)
class Place:
    """`sale`: the row it belongs to, None for another sale. `may_be`: the sale that it may be."""

    sale: Order | None = None
    may_be: Order | None = None


def told_of(order: NormalisedOrder, *, arrived_at: datetime) -> Told:
    created_at = believed_date(order.created_at, arrived_at)
    return Told(
        customer=order.customer,
        lines=order.lines,
        created_at=created_at,
        unbelieved_at=order.created_at if created_at is None else None,
        updated_at=believed_date(order.updated_at, arrived_at, created_at=created_at),
        arrived_at=arrived_at,
    )


def place(sales: Sequence[Order], told: Told) -> Place:
    """Which of the rows of one number a body is about; there is at least one."""
    found = _place(sales, told)
    by_pk = {sale.pk: sale for sale in sales}

    def whole(sale: Order | None) -> Order | None:
        # What turned out to be the same sale may itself have been told anew of another.
        while sale is not None and sale.same_as_id is not None:
            sale = by_pk[sale.same_as_id]
        return sale

    return Place(whole(found.sale), whole(found.may_be))


def place_in_list(sales: Sequence[Order], order: NormalisedOrder, *, arrived_at: datetime) -> Place:
    """Which of the known rows of a number, or of none, a row of the order list is about."""
    return place(sales, told_of(order, arrived_at=arrived_at)) if sales else Place()


def free_occurrence(sales: Sequence[Order], told: Told) -> str:
    """The `Order.occurrence` of another sale: made from the body, so that it can be made again
    after a restore."""
    at, taken = told.began_at.astimezone(UTC), {sale.occurrence for sale in sales}
    while (found := at.strftime("%Y%m%d%H%M")) in taken:
        # Only where a body names no date of creation.
        at += timedelta(minutes=1)
    return found


def remember_date(order: Order, created_at: datetime | None) -> None:
    """Keep that the order was told with this date of creation."""
    if created_at is None:
        return
    text = created_at.astimezone(UTC).isoformat()
    if text not in order.created_as:
        order.created_as = [*order.created_as, text][-_MOST_DATES:]


def is_the_same(order: Order) -> bool | None:
    """Whether a row that may be another sale told anew is that sale, by what is known now."""
    assert order.may_be is not None  # noqa: S101 - asked of such rows only
    match _likeness(order.may_be, _kept(order)):
        case Likeness.SAME:
            return True
        case Likeness.OTHER if order.created_as and order.may_be.created_as:
            return False
    # Without another date of creation it may be a correction.
    return None


def _place(sales: Sequence[Order], told: Told) -> Place:
    newest_first = sorted(sales, key=begins, reverse=True)
    named = told.created_at or told.unbelieved_at
    if named is not None:
        near = min(newest_first, key=lambda sale: _distance(sale, named))
        if _distance(near, named) < SALES_APART:
            return Place(near)
    if told.created_at is not None:
        return _by_date(newest_first, told)
    return _without_date(newest_first, told)


def _by_date(newest_first: list[Order], told: Told) -> Place:
    """A date of creation that no sale of the number has been told with."""
    likeness = {sale.pk: _with_date(sale, told) for sale in newest_first}
    same = [sale for sale in newest_first if likeness[sale.pk] is Likeness.SAME]
    if same:
        return Place(same[0])
    open_ones = [
        sale
        for sale in newest_first
        if likeness[sale.pk] is Likeness.UNKNOWN and sale.may_be_id is None and not sale.same_as_id
    ]
    return Place(None, open_ones[0] if open_ones else None)


def _with_date(sale: Order, told: Told) -> Likeness:
    found = _likeness(sale, (told.customer, told.lines))
    if sale.created_as:
        if found is Likeness.UNKNOWN and told.created_at is not None:
            # Nothing speaks against a time of Bogotá that was read as one of Greenwich.
            off = abs(_distance(sale, told.created_at) - ZONE_OFF)
            return Likeness.SAME if off <= ZONE_SLACK else found
        return found
    # Nobody knows when it was created: only another buyer with other lines raises a doubt.
    return Likeness.UNKNOWN if _is_all_other(sale, told) else Likeness.SAME


def _without_date(newest_first: list[Order], told: Told) -> Place:
    """The newest sale that had begun by then and that the body does not contradict."""
    begun = [sale for sale in newest_first if _had_begun(sale, told)] or newest_first
    fits = [
        sale for sale in begun if _likeness(sale, (told.customer, told.lines)) is not Likeness.OTHER
    ]
    if fits:
        return Place(fits[0])
    newest = begun[0]
    if told.unbelieved_at is not None or (newest.created_as and _is_all_other(newest, told)):
        return Place(None, newest)
    return Place(newest)


def _had_begun(sale: Order, told: Told) -> bool:
    if told.updated_at is None or not sale.created_as:
        return True
    return min(_dates(sale)) <= told.updated_at + CLOCK_AHEAD


def _likeness(sale: Order, other: tuple[Customer, Iterable[Line]]) -> Likeness:
    """The same buyer and lines; another of one of them; or it cannot be known."""
    pair = _pair(sale, other)
    if Likeness.OTHER in pair:
        return Likeness.OTHER
    return Likeness.UNKNOWN if Likeness.UNKNOWN in pair else Likeness.SAME


def _is_all_other(sale: Order, told: Told) -> bool:
    return _pair(sale, (told.customer, told.lines)) == (Likeness.OTHER, Likeness.OTHER)


def _pair(sale: Order, other: tuple[Customer, Iterable[Line]]) -> tuple[Likeness, Likeness]:
    customer, lines = _kept(sale)
    return buyers(customer, other[0]), goods(lines, tuple(other[1]))


def _kept(sale: Order) -> tuple[Customer, tuple[Line, ...]]:
    if not sale.snapshot:
        return Customer(), ()
    known = NormalisedOrder.from_json(sale.snapshot)
    has_lines = LINES in sale.parts.get("parts", {})
    return known.customer, known.lines if has_lines else ()


def _dates(sale: Order) -> list[datetime]:
    return [datetime.fromisoformat(text) for text in sale.created_as]


def _distance(sale: Order, at: datetime) -> timedelta:
    return min((_apart(each, at) for each in _dates(sale)), default=timedelta.max)


def _apart(one: datetime, other: datetime) -> timedelta:
    apart = abs(one - other)
    if _is_whole_day(one) or _is_whole_day(other):
        return max(apart - WHOLE_DAY, timedelta(0))
    return apart


def _is_whole_day(at: datetime) -> bool:
    """Told without a time of the day: midnight in Greenwich or in Bogotá."""
    return any(each.astimezone(UTC).time() == time(0) for each in (at, at - ZONE_OFF))


def created_on(order: Order) -> str:
    """When it was created, in words; «sin fecha» where nobody told."""
    return bogota(order.source_created_at) or _("sin fecha")


def begins(sale: Order) -> tuple[datetime, int]:
    """Orders the sales of one number, the oldest first."""
    return sale.source_created_at or sale.first_seen_at, sale.pk
