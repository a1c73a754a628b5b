"""Amounts of another size than pesos have: they ask, whatever they add up to."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from tests.documents.random_orders.making import Making
from tests.documents.random_orders.sale import RATES, Answered, Asks, Line, Product, Sale

OF_ORDER, OF_PRICE = "amounts_unlikely", "price_unlikely"


class Sizes(Making):
    kind = "another size"
    scenarios = (
        "dollars with cents", "thousands left out", "a tenth of the catalogue's price",
        "ten times the catalogue's price", "a tenth of the product's price",
        "ten times the product's price", "a price that no parcel has", "freight of no parcel",
        "freight of many times", "a tenth, answered", "a ninth", "nine times",
    )  # fmt: skip
    always_with_iva = True

    def make(self) -> Sale:
        lines = [replace(line, quantity=min(line.quantity, 3)) for line in self.lines(most=3)]
        if "freight" in self.scenario:
            return self._freight(lines)
        at = self.chance.randrange(len(lines))
        if self.scenario in ("dollars with cents", "thousands left out"):
            of = Decimal(1000) if self.scenario == "thousands left out" else Decimal(4_000)
            lines = [
                replace(line, price=((line.price + 50) / of).quantize(Decimal("0.01")))
                for line in lines
            ]
        else:
            lines[at] = self._priced(lines[at])
        priced = self.of_lines(lines)
        total = sum((base + tax for base, tax in priced), Decimal(0))
        is_near = self.scenario in ("a ninth", "nine times")
        if is_near or self.scenario == "a tenth, answered":
            answers = []
            if not is_near:
                key = f"8{at}/8{at}@{lines[at].price.normalize():f}"
                answers = [Answered(OF_PRICE, key, "right")]
            outcome = self.document(lines, priced)
            return self.sale(lines, outcome, total=total, answers=answers)
        code = OF_PRICE
        if lines[at].price < 1_000 or self.scenario in ("dollars with cents", "thousands left out"):
            code = OF_ORDER
        return self.sale(lines, Asks(frozenset({code})), total=total)

    def _priced(self, line: Line) -> Line:
        """A line whose product usually costs something else."""
        kind, units = line.product.kind, line.product.units
        paid = Decimal(50 * self.chance.randint(60, 900))
        match self.scenario.partition(",")[0]:
            case "a price that no parcel has":
                return replace(line, price=paid * 100_000, quantity=1)
            case "a tenth of the catalogue's price" | "a tenth":
                product = Product(kind, units, catalogue=paid * 10 + 50)
            case "ten times the catalogue's price":
                product = Product(kind, units, catalogue=(paid - 10) / 10)
            case "a ninth":
                product = Product(kind, units, catalogue=paid * 9)
            case "nine times":
                product = Product(kind, units, catalogue=(paid / 9).quantize(Decimal("0.01")))
            case told:
                usual = paid * 11 if told.startswith("a tenth") else paid / 11
                # Of one unit before tax: what Alegra keeps.
                net = (usual / units / (1 + RATES[kind])).quantize(Decimal("0.01"))
                product = Product(kind, units, usual=net)
        return replace(line, price=paid, product=product)

    def _freight(self, lines: list[Line]) -> Sale:
        priced = self.of_lines(lines)
        worth = int(self.total_of(priced))
        cost = self.odd(50, 900)
        if self.scenario == "freight of many times":
            least = max(100_000, 3 * worth)
            cost = self.odd(least + 50, least * 4)
        charges = [{"name": "Envío", "amount": int(cost)}]
        outcome = Asks(frozenset({OF_ORDER}))
        return self.sale(lines, outcome, total=worth + cost, charges=charges)
