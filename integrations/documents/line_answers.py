"""What a person said of the lines of one order that cannot be read, each by itself.

An answer is valid for the line as it was told when it was asked about: told otherwise, it is
asked about anew, and told well, it is read.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from django.utils.translation import gettext as _

from integrations.catalog.models import AlegraItem
from integrations.colombia.peso_text import number
from integrations.configuration.models import Answer
from integrations.configuration.questions import totals
from integrations.documents.facts import ChargeFact, LineFact
from integrations.documents.item_facts import item_fact
from integrations.mastershop.charge_names import PRODUCT
from integrations.orders.models import Order
from integrations.sending.problem_kinds import Found

QUANTITY, PRICE = "quantity_invalid", "price_missing"
_PLACE = re.compile(r"order_items\[(\d+)\]\.")
# Answers whose line is worth what is left of the total: only one line of an order can be.
_BY_REST = (totals.THE_REST, PRODUCT)


@dataclass(frozen=True)
class LinesSaid:
    """The lines that go on the document, and what replaces the others: `rest` is what the
    remainder is, `cuts` what is taken off, `gone` the lines that stay out. `asked` holds the
    questions without an answer."""

    lines: tuple[LineFact, ...]
    asked: tuple[Found, ...] = ()
    rest: ChargeFact | None = None
    cuts: tuple[tuple[str, Decimal], ...] = ()
    gone: tuple[LineFact, ...] = ()
    # Of these, those that are not on the document at all.
    not_read: tuple[str, ...] = ()


def unread_places(order: Order, code: str) -> set[int]:
    """The places of the lines that the parser found this wrong with."""
    return {
        int(place[1])
        for problem in order.problems
        if problem["code"] == code and (place := _PLACE.match(problem["field"]))
    }


def is_of_a_line(problem: Mapping[str, str]) -> bool:
    return problem["code"] in (QUANTITY, PRICE) and bool(_PLACE.match(problem["field"]))


def why_wrong(line: LineFact) -> str:
    """Why a line of these amounts cannot be on a document, '' where it can."""
    if line.quantity < 0:
        return _("devuelve %(n)s, y no hay de dónde restarlas") % {"n": number(-line.quantity)}
    if line.quantity == 0 or line.quantity != int(line.quantity):
        return _("la cantidad debe ser un número entero mayor que cero")
    return _("el precio es negativo") if line.unit_price < 0 else ""


def line_key(order_key: str, position: int) -> str:
    return f"{order_key}/{position}"


def line_question(
    order_number: str,
    order_key: str,
    order_id: int,
    line: LineFact,
    why: str,
    *,
    offers: Sequence[str] = (),
) -> Found:
    about = {
        "order": order_number,
        "order_id": order_id,
        "position": line.position,
        "why": f"«{line.label}»: {why}.",
        "told": _told(line),
        "offers": list(offers or _offers(line)),
    }
    return Found(totals.LINE_WRONG, line_key(order_key, line.position), about)


def with_answers(order: Order, lines: tuple[LineFact, ...]) -> LinesSaid:
    """The lines with what was said of those that cannot be read. One query where there are any."""
    no_quantity, no_price = unread_places(order, QUANTITY), unread_places(order, PRICE)
    wrong: dict[int, str] = {}
    for line in lines:
        if why := why_wrong(line):
            wrong[line.position] = why
        elif line.position in no_price:
            wrong[line.position] = _("no trae un precio que se pueda leer")
        elif line.position in no_quantity:
            wrong[line.position] = _("trae más unidades de las que se pueden procesar")
    if not wrong:
        return LinesSaid(lines)
    answers = {
        row.subject_key: row
        for row in Answer.objects.filter(
            integration=order.integration_id,
            question=totals.LINE_WRONG,
            subject_key__in=[line_key(order.key, place) for place in wrong],
        )
    }
    said = LinesSaid(())
    for line in lines:
        if line.position not in wrong:
            said = replace(said, lines=(*said.lines, line))
            continue
        row = answers.get(line_key(order.key, line.position))
        if row is not None and row.params.get("told") != _told(line):
            row = None
        said = _with(said, order, line, row, wrong[line.position])
    return said


def _with(said: LinesSaid, order: Order, line: LineFact, row: Answer | None, why: str) -> LinesSaid:
    value = row.value if row is not None else ""
    offers = _offers(line)
    if value in _BY_REST and said.rest is not None:
        why = _("%(why)s, y otra línea ya vale lo que falta") % {"why": why}
        offers = [each for each in offers if each not in _BY_REST]
        value = ""
    if row is None or value not in offers:
        asked = line_question(order.number, order.key, order.pk, line, why, offers=offers)
        return replace(said, lines=(*said.lines, line), asked=(*said.asked, asked))
    if value == totals.WORTH:
        worth = replace(
            line, quantity=Decimal(1), unit_price=Decimal(row.picked["pesos"]),
            discounts=(), told_total=None,
        )  # fmt: skip
        return replace(said, lines=(*said.lines, worth))
    if value == totals.THE_REST and line.item is None:
        # Its product is not linked yet: that is asked about, and then it is worth the rest.
        return replace(said, lines=(*said.lines, replace(line, quantity=Decimal(1))))
    gone = (*said.gone, line)
    match value:
        case totals.THE_REST:
            rest = ChargeFact(line.label, Decimal(0), PRODUCT, line.item)
            return replace(said, rest=rest, gone=gone)
        case totals.GIVEN_BACK:
            cut = (line.label, line.unit_price * -line.quantity)
            return replace(said, cuts=(*said.cuts, cut), gone=gone)
        case totals.WITHOUT:
            return replace(said, gone=gone, not_read=(*said.not_read, line.label))
    item = AlegraItem.objects.filter(
        company=order.integration.company_id, alegra_id=row.picked.get("item", "")
    ).first()
    name = row.picked.get("name", "")
    rest = ChargeFact(name, Decimal(0), PRODUCT, item_fact(item) if item else None)
    return replace(said, rest=rest, gone=gone)


def _offers(line: LineFact) -> list[str]:
    if line.quantity < 0:
        return [*([totals.GIVEN_BACK] if line.unit_price > 0 else []), totals.WITHOUT]
    return [totals.THE_REST, PRODUCT, totals.WORTH, totals.WITHOUT]


def _told(line: LineFact) -> str:
    """The line's product, quantity and price: an answer counts only while these are the same."""
    return f"{line.variant_key}|{line.quantity.normalize():f}|{line.unit_price.normalize():f}"
