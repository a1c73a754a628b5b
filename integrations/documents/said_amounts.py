"""What a person said of the amounts of one order, where they could not be read to its total.

An answer is valid for what was asked: where the order comes to another total, or lacks something
else, since then, it is asked again.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from integrations.catalog.models import AlegraItem
from integrations.colombia.peso_text import pesos
from integrations.configuration.models import Answer
from integrations.configuration.questions import totals
from integrations.documents.facts import ChargeFact, LineFact
from integrations.documents.item_facts import item_fact
from integrations.mastershop.charge_names import OWN, PRODUCT, THIRD_PARTY
from integrations.orders.models import Order

_TOLD_OTHERWISE = ("lines_missing", "total_missing", "line_without_product")
_ASKED = (totals.TOTAL_MISMATCH, totals.TOTAL_MISSING, totals.NO_LINES, totals.LINE_WRONG)


@dataclass(frozen=True)
class SaidAmounts:
    """`total` in COP, in place of the order's; `as_lines`: it is what the lines come to.

    `rest` is what the remainder over the lines is; `rest_asked` the remainder, as it was shown,
    that it is valid for, '' for any. `repairs`: what is done with lines that cannot be read,
    '' where nobody has said it.
    """

    total: Decimal | None = None
    as_lines: bool = False
    rest: ChargeFact | None = None
    rest_asked: str = ""
    repairs: str = ""


def said_of(order: Order) -> SaidAmounts:
    """What was answered about this order. One query, and one for a product that was chosen."""
    rows = {
        row.question: row
        for row in Answer.objects.filter(
            integration=order.integration_id, subject_key=order.key, question__in=_ASKED
        )
    }
    if not rows:
        return SaidAmounts()
    said = SaidAmounts()
    for code, row in rows.items():
        said = _with(said, code, row, order)
    return said


def chosen_items(order: Order) -> list[AlegraItem]:
    """The products of Alegra that a person chose for this order's amounts."""
    picked = Answer.objects.filter(
        integration=order.integration_id, subject_key=order.key, question__in=_ASKED
    ).values_list("picked", flat=True)
    ids = [each["item"] for each in picked if each.get("item")]
    if not ids:
        return []
    return list(AlegraItem.objects.filter(company=order.integration.company, alegra_id__in=ids))


def unread(order: Order) -> list[Mapping[str, Any]]:
    """What the parser could not read of the order and no other problem names."""
    return [
        problem
        for problem in order.problems
        if problem["blocking"] and problem["code"] not in _TOLD_OTHERWISE
    ]


def repaired(
    lines: tuple[LineFact, ...], order: Order, said: SaidAmounts
) -> tuple[tuple[LineFact, ...], SaidAmounts]:
    """The lines without those that cannot be read, and what stands for them.

    A line that is worth the rest keeps its product; with several of them nobody knows which is
    worth how much.
    """
    if not said.repairs:
        return lines, said
    without_price = any(each["code"] == "price_missing" for each in order.problems)
    good = [line for line in lines if not _is_bad(line, without_price)]
    bad = [line for line in lines if _is_bad(line, without_price)]
    if said.repairs == totals.THE_REST and len(bad) == 1 and bad[0].item is not None:
        rest = ChargeFact(bad[0].label, Decimal(0), PRODUCT, bad[0].item)
        return tuple(good), replace(said, rest=rest, rest_asked="")
    return tuple(good), said


def _is_bad(line: LineFact, without_price: bool) -> bool:
    if line.quantity <= 0 or line.quantity != int(line.quantity) or line.unit_price < 0:
        return True
    return without_price and line.unit_price == 0


def _with(said: SaidAmounts, code: str, row: Answer, order: Order) -> SaidAmounts:
    if code == totals.LINE_WRONG:
        if not unread(order):
            # The order has been told anew, and all of it can be read.
            return said
        said = replace(said, repairs=row.value)
        return replace(said, rest=_product(row, order)) if row.value == PRODUCT else said
    if code == totals.NO_LINES:
        # It has lines by now: what they are, they say.
        return said if order.lines.exists() else replace(said, rest=_product(row, order))
    if row.params.get("total", pesos(None)) != pesos(order.total):
        return said
    match row.value:
        case totals.AS_TOLD:
            return replace(said, total=Decimal(row.picked["pesos"]))
        case totals.AS_LINES:
            return replace(said, as_lines=True)
    kinds = {OWN: _("Otros cargos del pedido"), THIRD_PARTY: _("Otros cargos sin IVA")}
    rest = (
        _product(row, order)
        if row.value == PRODUCT
        else ChargeFact(kinds[row.value], Decimal(0), row.value)
    )
    return replace(said, rest=rest, rest_asked=str(row.params.get("rest", "")))


def _product(row: Answer, order: Order) -> ChargeFact:
    item = AlegraItem.objects.filter(
        company=order.integration.company, alegra_id=row.picked.get("item", "")
    ).first()
    name = row.picked.get("name", "")
    return ChargeFact(name, Decimal(0), PRODUCT, item_fact(item) if item else None)
