"""What is wrong with the order as it is known, of all that its bodies were reproached with.

A problem belongs to the part it is about and goes when that part is told anew. That something
is missing is asked of the whole order: a body that leaves it out is not wrong.
"""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from integrations.mastershop.orders import NormalisedOrder
from integrations.mastershop.parts import LINES, part_of_problem
from integrations.mastershop.problems import Problem, problem

_MISSING = {
    "lines_missing": "order_items",
    "total_missing": "order_transaction.total",
    "payment_method_missing": "order_transaction.payment_method",
}


def problems_of(
    order: NormalisedOrder,
    told: Iterable[Problem],
    *,
    taken: set[str],
    known: list[dict[str, Any]],
    most_units: Decimal,
) -> list[dict[str, Any]]:
    """The problems as they are kept with the order. `told`: those of the body whose parts were
    `taken`; `known`: those kept before. `most_units`: more of one thing than a line holds."""
    found = [one for one in known if part_of_problem(one["field"]) not in taken | {""}]
    found += [_kept(one) for one in told if part_of_problem(one.field) in taken | {""}]
    if LINES in taken:
        found += [
            _kept(problem("quantity_invalid", f"order_items[{position}].quantity"))
            for position, line in enumerate(order.lines)
            if line.qty > most_units
        ]
    found = [one for one in found if one["code"] not in _MISSING]
    missing = {
        "lines_missing": not order.lines,
        "total_missing": order.total is None,
        "payment_method_missing": not order.payment_raw,
    }
    return found + [
        _kept(problem(code, _MISSING[code])) for code, is_missing in missing.items() if is_missing
    ]


def _kept(one: Problem) -> dict[str, Any]:
    return {
        "code": one.code,
        "field": one.field,
        "sentence": one.sentence_es,
        "blocking": one.blocking,
    }
