"""Settling whether a row is another sale of its number, or a sale that was told anew.

What was told of a row that turns out to be the same sale goes to that sale's row, part by part
and each by its own date, as if it had been told there; the row stays and says which sale it is.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime

from integrations.configuration.answers import answer_of
from integrations.configuration.questions import ANOTHER, NUMBER_TWICE
from integrations.mastershop.orders import NormalisedOrder
from integrations.mastershop.parts import CREATED
from integrations.mastershop.problems import Problem
from integrations.orders import number_twice
from integrations.orders.merge import Merge, known_telling
from integrations.orders.models import Order, OrderEvent
from integrations.orders.newest import is_newer
from integrations.orders.parts_known import PartsKnown, Source
from integrations.orders.reached import remember_status


def settle(
    order: Order, known: Iterable[Order], *, now: datetime
) -> tuple[Order, tuple[Order, ...]]:
    """After a change of an order: settle what can be known now of the rows of its number.

    `known`: those that were there before. Returns the order that it is now, which is another where
    this one was the same sale, and the other rows of which something was settled. Needs the locks
    of all rows of the number.
    """
    if all(row.may_be_id is None for row in (order, *known)):
        return order, ()
    rows = Order.objects.filter(integration=order.integration_id, number=order.number)
    open_rows = rows.exclude(may_be=None).select_related("may_be").order_by("pk")
    current, settled = order, []
    for row in open_rows:
        is_same = number_twice.is_the_same(row)
        if is_same is None or (is_same and _is_said_to_be_another(row)):
            continue
        if is_same:
            target = make_one(row, now=now)
            current = target if current.pk in (row.pk, target.pk) else current
        else:
            row.may_be = None
            row.save(update_fields=["may_be"])
            current.may_be = None if row.pk == current.pk else current.may_be
        settled.append(row)
    return current, tuple(row for row in settled if row.pk != current.pk)


def after_answer(order: Order, answered: Order, *, now: datetime) -> Order:
    """The source was asked for `order` and told of `answered`; returns the order it told of.

    It shows the newest sale of a number. Where that was created before a row that may be it,
    the row is no sale that the source knows. Needs the locks of all rows of the number.
    """
    # As it is now: recording the answer may have settled it.
    row = Order.objects.select_related("may_be").get(pk=order.pk)
    row.integration = order.integration
    if row.may_be_id != answered.pk or _is_said_to_be_another(row):
        return answered
    is_later = number_twice.begins(row) > number_twice.begins(answered)
    return make_one(row, now=now) if is_later else answered


def make_one(row: Order, *, now: datetime) -> Order:
    """The row is the sale that it may be: what was told of it counts there. Returns that order.

    Needs the locks of both.
    """
    target = row.may_be
    assert target is not None  # noqa: S101 - only such rows are asked about
    while target.same_as is not None:
        target = target.same_as
    target.integration = row.integration
    _pour(row, target, now=now)
    for time in row.status_times.all():
        told_at = time.at if time.from_event else None
        remember_status(target, status=time.status, told_at=told_at, received_at=time.seen_at)
    target.rank_max = max(target.rank_max, row.rank_max)
    target.created_as = [*row.created_as, *target.created_as]
    target.changed_at = now
    target.save()
    OrderEvent.objects.filter(order=row).update(order=target)
    row.same_as, row.may_be = target, None
    row.reread_next_at, row.changed_at = None, now
    row.save(update_fields=["same_as", "may_be", "reread_next_at", "changed_at"])
    return target


def _is_said_to_be_another(row: Order) -> bool:
    """A person's word: it may have its own document already, which nothing would undo."""
    return answer_of(row.integration, NUMBER_TWICE, row.key) == ANOTHER


def _pour(row: Order, target: Order, *, now: datetime) -> None:
    by_source: dict[Source, list[str]] = defaultdict(list)
    for name, part in PartsKnown.from_json(row.parts).parts.items():
        if name != CREATED and part.aside is None:
            by_source[part.source].append(name)
    known, told = known_telling(target), known_telling(row)
    merge = Merge(target)
    content = NormalisedOrder.from_json(row.snapshot)
    for source, names in by_source.items():
        merge.take(content, names, source)
    problems = [
        Problem(each["code"], each["sentence"], each["field"], each["blocking"])
        for each in row.problems
    ]
    newest = told if is_newer(told, known) else None
    merge.write(target.integration, newest, problems=problems, now=now)
    target.is_signed = merge.known.is_signed()
