"""Discounts that a line tells itself, and what takes off by an amount below 0."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

from tests.documents.random_orders.making import Making, NoOrder
from tests.documents.random_orders.rules import less
from tests.documents.random_orders.sale import Line, Sale

MONEY = (
    "discount", "descuento", "total_discount", "discount_amount", "valor_descuento",
    "line_discount", "rebaja", "coupon_amount", "lineDiscount", "discount_total",
    "promotion_amount",
)  # fmt: skip
PERCENT = ("discount_percentage", "discount_percent", "porcentaje_descuento", "descuento_pct")
REDUCED = ("discounted_price", "final_price", "precio_con_descuento", "price_after_discount")
COMES_TO = ("line_total", "subtotal", "total", "total_price", "final_line_price", "valor_total")
NAMES = ("Descuento", "Promo 2x1", "Cupón BIENVENIDA", "Rebaja", "Discount", "Ajuste", "Dcto. web")


class LineDiscounts(Making):
    kind = "discount of a line"
    scenarios = (
        "in money", "of each unit", "in percent", "by what it comes to", "by a reduced price",
        "with one of the order", "told again by the order", "in allocations",
    )  # fmt: skip

    def make(self) -> Sale:
        lines = [self.line(place, most=12) for place in range(self.chance.randint(1, 5))]
        chosen = self.chance.sample(range(len(lines)), self.chance.randint(1, min(2, len(lines))))
        off = [Decimal(0)] * len(lines)
        for at in chosen:
            lines[at], off[at] = self._reduced(lines[at])
        if self.scenario == "of each unit" and all(lines[at].quantity == 1 for at in chosen):
            raise NoOrder
        amounts = [line.amount - each for line, each in zip(lines, off, strict=True)]
        money: dict[str, Any] = {}
        if self.scenario == "with one of the order":
            shared = self.odd(0, int(sum(amounts)) // 4) + 10
            amounts = less(amounts, shared)
            money["discount"] = int(shared)
        elif self.scenario == "told again by the order":
            money["discount"] = int(sum(off))
        priced = self.of_lines(lines, amounts)
        total = self.total_of(priced)
        return self.sale(lines, self.document(lines, priced), total=total, money=money)

    def _reduced(self, line: Line) -> tuple[Line, Decimal]:
        """The line as it tells its discount, and what that comes to in all."""
        chance = self.chance
        match self.scenario:
            case "of each unit":
                one = self.odd(0, int(line.price) // 2)
                return replace(line, fields={chance.choice(MONEY): int(one)}), one * line.quantity
            case "in percent":
                percent = chance.choice((10, 20, 30, 50))
                told = chance.choice((percent, str(percent)))
                fields = {chance.choice(PERCENT): told}
                if chance.random() < 0.3:
                    fields = {chance.choice(("discount", "descuento")): f"{percent}%"}
                return replace(line, fields=fields), line.amount * percent / 100
            case "by a reduced price":
                one = self.odd(0, int(line.price) // 2)
                fields = {chance.choice(REDUCED): int(line.price - one)}
                return replace(line, fields=fields), one * line.quantity
            case "by what it comes to":
                whole = self.odd(0, int(line.amount) // 2)
                fields = {chance.choice(COMES_TO): int(line.amount - whole)}
                return replace(line, fields=fields), whole
            case "in allocations":
                whole = self.odd(0, int(line.amount) // 2)
                part = int(whole) // 2
                entries = [{"amount": str(part)}, {"amount": str(int(whole) - part)}]
                return replace(line, fields={"discount_allocations": entries}), whole
        whole = self.odd(0, int(line.amount) // 2)
        told = chance.choice((int(whole), str(int(whole)), {"amount": int(whole)}, -int(whole)))
        return replace(line, fields={chance.choice(MONEY): told}), whole


class Below(Making):
    kind = "amount below 0"
    scenarios = ("charge", "line of nothing", "line of one product", "charge and a discount")

    def make(self) -> Sale:
        lines = self.lines(most=4)
        name = self.chance.choice(NAMES)
        amounts = [line.amount for line in lines]
        items, charges, money = self.told(lines), [], {}
        if self.scenario == "line of one product":
            at = self.chance.randrange(len(lines))
            off = self.odd(0, int(lines[at].amount) // 2)
            amounts[at] -= off
            items.append({**items[at], "name": name, "quantity": 1, "price": -int(off)})
        else:
            off = self.odd(0, int(sum(amounts)) // 2)
            if self.scenario == "line of nothing":
                price, quantity = self.chance.choice(((-int(off), 1), (int(off), -1)))
                items.append({"name": name, "quantity": quantity, "price": price})
            else:
                charges.append({"name": name, "amount": -int(off)})
            if self.scenario == "charge and a discount":
                money["discount"] = int(self.odd(0, int(sum(amounts)) // 4)) + 10
            amounts = less(amounts, off + money.get("discount", 0))
        priced = self.of_lines(lines, amounts)
        return self.sale(
            lines, self.document(lines, priced), total=self.total_of(priced), money=money,
            items=items, charges=charges,
        )  # fmt: skip
