"""What an order tells of its amounts beside its lines and charges. Makes no call."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from decimal import Decimal

from integrations.documents.facts import ChargeFact, LineFact, MoneyReceived
from integrations.documents.line_answers import unread_places
from integrations.mastershop.charge_names import DISCOUNT, RECEIVED
from integrations.mastershop.doubtful_words import doubt_in
from integrations.mastershop.money_told import received_by_name
from integrations.mastershop.orders import NormalisedOrder, Received
from integrations.mastershop.paid_words import DEPOSIT, word_in
from integrations.orders.models import Order

Named = tuple[tuple[str, Decimal], ...]


@dataclass(frozen=True)
class AmountsTold:
    lines: tuple[LineFact, ...]
    left_out: tuple[str, ...]
    # Name and units of what the same order gives back.
    returned: Named
    charges: tuple[ChargeFact, ...]
    cuts: Named
    freight: Named
    received: tuple[MoneyReceived, ...]


def amounts_told(
    order: Order,
    known: NormalisedOrder,
    lines: tuple[LineFact, ...],
    charges: tuple[ChargeFact, ...],
) -> AmountsTold:
    """The amounts of an order; `lines` are its lines in their order, with those of quantity 0,
    and `charges` those above 0 with their kinds.

    What takes off is a discount, unless its name says that the money was received before; a name
    that may be of either stands in both, so that it is asked about (`received.as_payment`).
    """
    cuts: list[tuple[str, Decimal]] = []
    paid: list[Received] = []
    on_line: dict[int, Decimal] = {}
    for cut in known.cuts:
        if label := word_in(cut.name):
            paid.append(Received(label, (cut.amount,)))
            continue
        paid += _doubted(cut.name, cut.amount)
        if cut.position is not None and cut.position < len(lines):
            on_line[cut.position] = on_line.get(cut.position, Decimal(0)) + cut.amount
        else:
            cuts.append((cut.name, cut.amount))
    for stated in charges:
        if stated.kind == DISCOUNT:
            cuts.append((stated.name, stated.amount))
        elif stated.kind == RECEIVED:
            paid.append(Received(word_in(stated.name) or DEPOSIT, (stated.amount,)))
    for charge in known.charges:
        if charge.amount >= 0:
            continue
        if label := word_in(charge.name):
            paid.append(Received(label, (-charge.amount,)))
        else:
            paid += _doubted(charge.name, -charge.amount)
            cuts.append((charge.name, -charge.amount))
    kept, left_out, returned = [], [], []
    unread = unread_places(order, "quantity_invalid")
    for position, line in enumerate(lines):
        told = known.lines[position] if position < len(known.lines) else None
        if told is not None and told.returned:
            returned.append((line.label, told.returned))
        if not line.quantity and line.item is None and position not in unread:
            if told is None or not told.returned:
                left_out.append(line.label)
            continue
        kept.append(
            replace(
                line,
                discounts=told.discounts if told else (),
                told_total=told.told_total if told else None,
                cut=on_line.get(position, Decimal(0)),
            )
        )
    return AmountsTold(
        lines=tuple(kept),
        left_out=tuple(left_out),
        returned=tuple(returned),
        charges=tuple(each for each in charges if each.kind not in (DISCOUNT, RECEIVED)),
        cuts=tuple(cuts),
        freight=tuple((each.name, each.amount) for each in known.freight),
        received=_received(order, known, paid),
    )


def _doubted(name: str, amount: Decimal) -> list[Received]:
    label = doubt_in(name, of_payment=True)
    return [Received(label, (amount,))] if label else []


def _received(
    order: Order, known: NormalisedOrder, paid: list[Received]
) -> tuple[MoneyReceived, ...]:
    """Each money once, however often it is told; the clearest telling of it first."""
    found = (
        *_of("field", paid),
        *_of("field", known.received),
        *_of("name", known.received_named),
        *_of("name", received_by_name(order.method)),
        *_of("note", known.received_noted),
    )
    kept: list[MoneyReceived] = []
    for each in sorted(found, key=lambda one: not one.amounts):
        amounts = {amount for other in kept for amount in other.amounts}
        if each.amounts and amounts & set(each.amounts):
            continue
        if not each.amounts and any(each.label == other.label for other in kept):
            continue
        kept.append(each)
    return tuple(kept)


def _of(where: str, told: Iterable[Received]) -> list[MoneyReceived]:
    return [MoneyReceived(each.label, each.amounts, where) for each in told]
