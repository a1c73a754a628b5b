"""How much waits, for what: one query over the documents that are not through."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count, Sum
from django.db.models.functions import Coalesce

from integrations.documents.models import Document, DocumentProblem
from integrations.orders.models import Order
from integrations.sending.problem_kinds import BESIDE
from integrations.sending.states import State

_NOT_THROUGH = (State.BLOCKED, State.AWAITING_APPROVAL, State.PENDING, State.UNCONFIRMED)


@dataclass(frozen=True)
class Amount:
    orders: int = 0
    pesos: int = 0

    def __add__(self, other: Amount) -> Amount:
        return Amount(self.orders + other.orders, self.pesos + other.pesos)

    def __bool__(self) -> bool:
        return self.orders > 0


class Waiting:
    """What waits, by integration and state; every order has one live document at most."""

    def __init__(self) -> None:
        rows = (
            Document.objects.filter(state__in=_NOT_THROUGH)
            .order_by()
            .values_list("integration_id", "state")
            .annotate(orders=Count("id"), pesos=Coalesce(Sum("order__total_pesos"), 0))
        )
        self._by = {(row[0], row[1]): Amount(row[2], row[3]) for row in rows}

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
        return self.of(State.BLOCKED)

    @property
    def for_approval(self) -> Amount:
        return self.of(State.AWAITING_APPROVAL)


def doubted() -> Amount:
    """Orders that changed, or came back, after their document, and are not answered: they hold
    nothing. One that is blocked as well counts there. One query."""
    problems = DocumentProblem.objects.filter(closed_at=None, code__in=BESIDE)
    rows = Order.objects.filter(pk__in=problems.values("order")).exclude(
        document__state=State.BLOCKED
    )
    told = rows.aggregate(orders=Count("pk"), pesos=Coalesce(Sum("total_pesos"), 0))
    return Amount(told["orders"], told["pesos"])
