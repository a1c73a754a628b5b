"""How much waits, for what: one query for each kind of work about orders."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from django.db.models import (
    Aggregate,
    Count,
    Exists,
    F,
    Min,
    OuterRef,
    Q,
    QuerySet,
    Sum,
    Value,
)
from django.db.models.functions import Coalesce

from integrations.documents import buckets
from integrations.documents.models import Document, DocumentProblem
from integrations.orders.models import Order
from integrations.sending.of_order import kinds_about_orders, orders_held, orders_with_problem
from integrations.sending.problem_kinds import BESIDE
from integrations.sending.states import ATTENDED, State

_NOT_THROUGH = (*ATTENDED, State.AWAITING_APPROVAL, State.PENDING, State.UNCONFIRMED)
_TO_EMIT = buckets.DRAFT.among() & Q(emit_since__isnull=False)


@dataclass(frozen=True)
class Amount:
    orders: int = 0
    pesos: int = 0

    def __add__(self, other: Amount) -> Amount:
        return Amount(self.orders + other.orders, self.pesos + other.pesos)

    def __bool__(self) -> bool:
        return self.orders > 0


class Waiting:
    """What waits, by integration and state; with what is queued, the drafts to be emitted."""

    def __init__(self, states: Iterable[State] = _NOT_THROUGH) -> None:
        self._by: dict[tuple[int, str], Amount] = {}
        states = frozenset(states)
        for rows, orders, pesos in works_by_kind(states, and_to_emit=State.PENDING in states):
            found = rows.values_list("integration_id", "state").annotate(
                orders=orders, pesos=Coalesce(pesos, 0)
            )
            for integration, state, count, worth in found:
                key = (integration, state if state in states else State.PENDING)
                self._by[key] = self._by.get(key, Amount()) + Amount(count, worth)

    @property
    def integrations(self) -> set[int]:
        return {integration for integration, _state in self._by}

    def of(self, *states: State, integrations: Iterable[int] | None = None) -> Amount:
        wanted = None if integrations is None else set(integrations)
        return sum(
            (
                amount
                for (integration, state), amount in self._by.items()
                if state in states and (wanted is None or integration in wanted)
            ),
            Amount(),
        )

    @property
    def blocked(self) -> Amount:
        """What goes no further before a person has acted, a rejected invoice too."""
        return self.of(*ATTENDED)

    @property
    def for_approval(self) -> Amount:
        return self.of(State.AWAITING_APPROVAL)


def works_by_kind(
    states: Iterable[State], *, and_to_emit: bool = False
) -> Iterator[tuple[QuerySet, Aggregate, Aggregate]]:
    """For each kind: its works in these states, and what counts their orders and what they are
    worth in pesos.

    Every order has one live document at most. One of which something else waits as well is counted
    with its document. `and_to_emit`: also the drafts whose emission is asked for.
    """
    for kind in kinds_about_orders():
        which = Q(state__in=states)
        if and_to_emit and kind.work is Document:
            which |= _TO_EMIT
        rows = kind.work.objects.filter(which).order_by()
        orders = Count("id")
        if kind.work is not Document:
            rows = rows.exclude(order__document__state=F("state"))
            orders = Count("order", distinct=True)
        yield rows, orders, Sum(kind.work.WORTH or Value(0))


def doubted() -> Amount:
    """Orders that changed, or came back, after their document, and are not answered: they hold
    nothing. One that is blocked as well counts there. One query."""
    found = orders_with_problem(closed_at=None, code__in=BESIDE)
    rows = Order.objects.filter(pk__in=found).exclude(document__state__in=ATTENDED)
    if (held := orders_held(but=Document)) is not None:
        rows = rows.exclude(pk__in=held)
    told = rows.aggregate(orders=Count("pk"), pesos=Coalesce(Sum("total_pesos"), 0))
    return Amount(told["orders"], told["pesos"])


@dataclass(frozen=True)
class Drafts:
    """Invoices that nobody has emitted. `going` of them leave for the DIAN by themselves, and
    `doubted` have an order that changed or came back: nothing invites to emit these."""

    orders: int = 0
    pesos: int = 0
    since: datetime | None = None
    going: int = 0
    doubted: int = 0


def drafts(integrations: Iterable[int]) -> Drafts:
    """Those of these integrations; one query, on the index of states."""
    beside = DocumentProblem.objects.filter(work=OuterRef("pk"), closed_at=None, code__in=BESIDE)
    found = (
        Document.objects.filter(buckets.DRAFT.among(), integration__in=list(integrations))
        .order_by()
        .annotate(is_doubted=Exists(beside))
        .aggregate(
            orders=Count("pk"),
            pesos=Coalesce(Sum("order__total_pesos"), 0),
            since=Min("state_since"),
            going=Count("emit_since"),
            doubted=Count("pk", filter=Q(is_doubted=True)),
        )
    )
    return Drafts(**found)
