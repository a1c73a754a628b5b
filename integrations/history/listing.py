"""One page of the history: orders with or without a document, the newest first."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, OuterRef, QuerySet, Subquery, Sum, Value
from django.db.models.functions import Coalesce

from integrations.connections.lookup import integrations as all_integrations
from integrations.connections.models import Integration
from integrations.documents import emission, may_emit
from integrations.history import cursor
from integrations.history.after import badge, beside_of, still_edited
from integrations.history.labels import Label, Labels, document_name
from integrations.orders.models import Order, OrderLine
from integrations.sending.models import Problem
from integrations.sending.states import State

PAGE = 25
# Counting goes no further: at a million rows nobody reads the exact number.
COUNT_CAP = 10_001


@dataclass(frozen=True)
class Row:
    """An order as a line of the ledger."""

    order: Order
    label: Label
    # What warns before the state, and the problems behind it.
    warnings: tuple[Label, ...]
    beside: tuple[Problem, ...]
    document: str
    goods: str
    more_goods: int

    @property
    def may_be_approved(self) -> bool:
        document = self.order.document
        return document is not None and document.state == State.AWAITING_APPROVAL

    @property
    def may_be_emitted(self) -> bool:
        """A draft that nothing speaks against; whether it may go is looked at in its plan."""
        document = self.order.document
        return (
            document is not None
            and not self.beside
            and not emission.is_wanted(document)
            and may_emit.by_its_state(document) is None
        )


@dataclass(frozen=True)
class Page:
    """`next` is the cursor of the older orders, '' on the last page."""

    rows: list[Row]
    first: int
    next: str

    @property
    def last(self) -> int:
        return self.first + len(self.rows) - 1


@dataclass(frozen=True)
class Totals:
    """`count` is exact up to the cap; `pesos` is None beyond it."""

    count: int
    pesos: int | None

    @property
    def is_capped(self) -> bool:
        return self.count >= COUNT_CAP


def orders() -> QuerySet[Order]:
    """What a list of orders needs: no snapshot, no payload, one query."""
    first_line = OrderLine.objects.filter(order=OuterRef("pk")).order_by("position")
    lines = first_line.order_by().values("order").annotate(n=Count("pk")).values("n")
    return (
        Order.objects.select_related("document")
        .defer(
            "snapshot",
            "problems",
            "document__payload",
            "document__built",
            "document__settings_snapshot",
            "document__made_of",
            "document__said_fine",
            "document__as_verified",
        )
        .annotate(
            first_goods=Coalesce(Subquery(first_line.values("name")[:1]), Value("")),
            line_count=Coalesce(Subquery(lines), 0),
        )
    )


def integrations_by_id() -> dict[int, Integration]:
    """The organization's, archived ones too: their orders stay in the history."""
    return {each.pk: each for each in all_integrations().order_by("name", "pk")}


def page_of(
    rows: QuerySet[Order],
    *,
    after: cursor.Cursor | None,
    integrations: dict[int, Integration],
    organization_id: int,
    now: datetime,
    size: int = PAGE,
) -> Page:
    shown = 0
    if after is not None:
        rows, shown = cursor.after(rows, after.at, after.pk), after.shown
    # One more than is shown tells whether there are older ones.
    found = list(cursor.newest_first(rows)[: size + 1])
    has_more, found = len(found) > size, found[:size]
    following = ""
    if has_more:
        last = found[-1]
        following = cursor.Cursor(last.first_seen_at, last.pk, shown + size).text(organization_id)
    return Page(rows_of(found, integrations, now), shown + 1, following)


def rows_of(found: list[Order], integrations: dict[int, Integration], now: datetime) -> list[Row]:
    labels = Labels(found, integrations=integrations, now=now)
    return [_row(order, labels) for order in found]


def _row(order: Order, labels: Labels) -> Row:
    beside = beside_of(labels.problems_of(order))
    return Row(
        order=order,
        label=labels.of(order),
        warnings=(
            *(badge(problem) for problem in beside),
            *still_edited(order.document, beside),
        ),
        beside=tuple(beside),
        document=document_name(order.document),
        goods=order.first_goods if order.line_count else "",
        more_goods=max(0, order.line_count - 1),
    )


def totals(rows: QuerySet[Order]) -> Totals:
    told = (
        rows.order_by()
        .values("pk", "total_pesos")[:COUNT_CAP]
        .aggregate(count=Count("pk"), pesos=Coalesce(Sum("total_pesos"), 0))
    )
    is_capped = told["count"] >= COUNT_CAP
    return Totals(told["count"], None if is_capped else told["pesos"])
