"""What would be sent, without sending: the same function that builds the real document."""

from __future__ import annotations

from dataclasses import dataclass, replace

from integrations.documents.build import Built, build
from integrations.documents.buyer import ContactFact, identify
from integrations.documents.facts import BuyerFact, Facts
from integrations.documents.gather import gather
from integrations.orders.models import Order
from integrations.sending.marker import make_marker, signed
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
    built = result.built
    if built is not None and built.payload:
        built = replace(built, payload=signed(built.payload, _marker_of(order)))
    return Preview(facts.buyer, built, result.problems)


def client_of(order: Order) -> ContactFact | None:
    """Whom the order's document is made out to; None where that is a question."""
    found = identify(_facts(order))
    return found if isinstance(found, ContactFact) else None


def _marker_of(order: Order) -> str:
    cycle = order.document.cycle if order.document_id else 0
    key = order.integration.source_key
    return make_marker(key, order.number, cycle, occurrence=order.occurrence)


def _facts(order: Order) -> Facts:
    return gather(order, now=clock.now())
