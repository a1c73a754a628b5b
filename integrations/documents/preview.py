"""What would be sent, without sending: the same function that builds the real document."""

from __future__ import annotations

from dataclasses import dataclass

from integrations.documents.build import Built, build
from integrations.documents.buyer import ContactFact, identify
from integrations.documents.facts import BuyerFact, Facts
from integrations.documents.gather import gather
from integrations.orders.models import Order
from integrations.sending.marker import make_marker
from integrations.sending.problem_kinds import Found
from integrations.timekeeping import clock


@dataclass(frozen=True)
class Preview:
    """`built` is None where problems stand in the way; `buyer` is as it would be used."""

    buyer: BuyerFact
    built: Built | None = None
    problems: tuple[Found, ...] = ()

    @property
    def notes(self) -> tuple[str, ...]:
        return self.built.notes if self.built else ()


def preview(order: Order) -> Preview:
    """Needs the order with its integration and company; makes no call and writes nothing."""
    facts = _facts(order)
    result = build(facts)
    return Preview(facts.buyer, result.built, result.problems)


def client_of(order: Order) -> ContactFact | None:
    """Whom the order's document is made out to; None where that is a question."""
    found = identify(_facts(order))
    return found if isinstance(found, ContactFact) else None


def _facts(order: Order) -> Facts:
    cycle = order.document.cycle if order.document_id else 0
    marker = make_marker(
        order.integration.source_key, order.number, cycle, occurrence=order.occurrence
    )
    return gather(order, marker=marker, now=clock.now())
