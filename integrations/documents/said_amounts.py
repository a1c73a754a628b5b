"""What a person said of the amounts of one order, where they could not be read to its total.

An answer is valid for what was asked: where the order comes to another total, or lacks something
else, since then, it is asked again.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from integrations.catalog.models import AlegraItem
from integrations.colombia.peso_text import pesos
from integrations.configuration.models import Answer
from integrations.configuration.questions import totals
from integrations.documents.facts import ChargeFact
from integrations.documents.item_facts import item_fact
from integrations.documents.line_answers import is_of_a_line
from integrations.mastershop.charge_names import OWN, PRODUCT, THIRD_PARTY
from integrations.orders.models import Order
from integrations.scoping.prepared import Prepared
from integrations.sending.problem_kinds import Found

_LOST_LINES = ("line_unreadable", "too_many_lines")
_TOLD_OTHERWISE = ("lines_missing", "total_missing", "line_without_product")
_ASKED = (totals.TOTAL_MISMATCH, totals.TOTAL_MISSING, totals.NO_LINES, totals.LINE_WRONG)


@dataclass(frozen=True)
class SaidAmounts:
    """`total` in COP, in place of the order's; `as_lines`: it is what the lines come to.

    `rest` is what the remainder over the lines is; `rest_asked` the remainder, as it was shown,
    that it is valid for, '' for any. `repairs`: what is done with what cannot be read of the
    order itself, '' where nobody has said it.
    """

    total: Decimal | None = None
    as_lines: bool = False
    rest: ChargeFact | None = None
    rest_asked: str = ""
    repairs: str = ""


_answers = Prepared(
    lambda integration, key: Answer.objects.filter(
        integration_id=integration, subject_key=key, question__in=_ASKED
    )
)


def said_of(order: Order) -> SaidAmounts:
    """What was answered about this order. One query, and one for a product that was chosen."""
    rows = {row.question: row for row in _answers(integration=order.integration_id, key=order.key)}
    if not rows:
        return SaidAmounts()
    said = SaidAmounts()
    for code, row in rows.items():
        said = _with(said, code, row, order)
    return said


def chosen_items(order: Order) -> list[AlegraItem]:
    """The products of Alegra that a person chose for this order's amounts."""
    # One of its lines has the order's key and «/position».
    mine = Q(subject_key=order.key) | Q(subject_key__startswith=f"{order.key}/")
    picked = Answer.objects.filter(
        mine, integration=order.integration_id, question__in=_ASKED
    ).values_list("picked", flat=True)
    ids = [each["item"] for each in picked if each.get("item")]
    if not ids:
        return []
    return list(AlegraItem.objects.filter(company=order.integration.company, alegra_id__in=ids))


def unread(order: Order) -> list[Mapping[str, Any]]:
    """What the parser could not read of the order and no other problem names; what is wrong with
    a single line is asked about that line (`line_answers`)."""
    return [
        problem
        for problem in order.problems
        if problem["blocking"]
        and problem["code"] not in _TOLD_OTHERWISE
        and not is_of_a_line(problem)
    ]


def unread_question(order: Order, said: SaidAmounts) -> list[Found]:
    """What the parser could not read of the order; nothing else may notice a dropped line."""
    wrong = unread(order)
    if not wrong or said.repairs:
        return []
    # A line of which nothing is known may be any product; what else is lacking is none.
    is_line = any(problem["code"] in _LOST_LINES for problem in wrong)
    about = {
        "order": order.number,
        "order_id": order.pk,
        "why": " ".join(dict.fromkeys(problem["sentence"] for problem in wrong)),
        "offers": [*([PRODUCT] if is_line else []), totals.WITHOUT],
    }
    return [Found(totals.LINE_WRONG, order.key, about)]


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
