"""Lines of no units, prices of a whole line, and prices of more decimals than pesos have."""

from __future__ import annotations

from dataclasses import replace
from decimal import ROUND_HALF_EVEN, Decimal
from typing import Any

from tests.documents.random_orders.making import Making, NoOrder, amount
from tests.documents.random_orders.sale import Sale

MICRO = Decimal("0.000001")
TOTALS = ("line_total", "total", "subtotal", "total_price")


class Quantities(Making):
    kind = "quantity or price"
    scenarios = (
        "a line of none", "a line of none with a price", "the price of the whole line",
        "the price of every line", "six decimals", "only the line's total",
    )  # fmt: skip

    def make(self) -> Sale:
        lines = [self.line(place, most=60) for place in range(self.chance.randint(1, 4))]
        several = [at for at, line in enumerate(lines) if line.quantity > 1]
        if "none" in self.scenario:
            return self._with_none()
        if not several:
            raise NoOrder
        amounts = [line.amount for line in lines]
        items: list[dict[str, Any]] | None = None
        if self.scenario == "the price of every line":
            amounts = [
                line.price if line.quantity > 1 else line.amount
                for line in lines
            ]  # fmt: skip
        elif self.scenario == "the price of the whole line":
            at = self.chance.choice(several)
            named = self.chance.choice(TOTALS)
            amounts[at] = lines[at].price
            if self.chance.random() < 0.5:
                lines[at] = replace(lines[at], fields={named: amount(lines[at].price)})
        elif self.scenario == "six decimals":
            at = self.chance.choice(several)
            paid = self.odd(2_000 * lines[at].quantity, 40_000 * lines[at].quantity)
            if not self.includes_tax:
                paid /= 1 + lines[at].rate
            price = (paid / lines[at].quantity).quantize(MICRO, ROUND_HALF_EVEN)
            lines[at] = replace(lines[at], price=price)
            # Of a price told to a millionth the line is worth whole pesos; before IVA its cents.
            amounts[at] = paid if self.includes_tax else lines[at].amount
        else:
            items = self.told(lines)
            at = self.chance.choice(several)
            items[at].pop("price")
            items[at][self.chance.choice(TOTALS)] = amount(lines[at].amount)
        priced = self.of_lines(lines, amounts)
        outcome = self.document(lines, priced)
        return self.sale(lines, outcome, total=self.total_of(priced), items=items)

    def _with_none(self) -> Sale:
        lines = self.lines(most=4)
        priced = self.of_lines(lines)
        price = int(self.odd(5_000, 90_000)) if self.scenario.endswith("price") else 0
        none = {
            "id_product": "999", "id_variant": "999", "name": "Gorra agotada", "quantity": 0,
            "price": price,
        }  # fmt: skip
        items = self.told(lines)
        items.insert(self.chance.randint(0, len(items)), none)
        outcome = self.document(lines, priced)
        return self.sale(lines, outcome, total=self.total_of(priced), items=items)
