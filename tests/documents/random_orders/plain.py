"""Everyday orders: charges paid or not, a discount, gifts, a total that is more or less."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

from tests.documents.random_orders.making import Charged, Making, NoOrder
from tests.documents.random_orders.rules import before_iva, less, paid_less, shares, with_iva
from tests.documents.random_orders.sale import CHARGES, RATES, Answered, Line, Product, Sale

ENVIO, SEGURO = "Envío", "Seguro"
WITH_CHARGES = (
    "charges", "one charge unpaid", "no charge paid", "discount and charges", "free freight",
    "freight as it is paid",
)  # fmt: skip
KEPT = {"short is discount": "discount", "short is paid": "received"}
GIFTS = {"gift in zero": "zero", "gift left out": "leave_out", "gift shares": "spread"}


class Plain(Making):
    kind = "everyday"
    scenarios = (
        "plain", "charges", "one charge unpaid", "no charge paid", "discount",
        "discount and charges", "free freight", "remainder", "short is discount", "short is paid",
        "gift in zero", "gift left out", "gift shares",
    )  # fmt: skip
    before_iva_only = ("discount of what is paid", "freight as it is paid")

    def make(self) -> Sale:
        lines = self.lines()
        if self.scenario in GIFTS:
            lines.insert(self.chance.randint(0, len(lines)), self._gift(lines))
        charges = self._charges()
        worth = sum(int(line.amount) for line in lines)
        discount = 0
        if "discount" in self.scenario and self.scenario not in KEPT:
            discount = 10 + 50 * self.chance.randint(1, max(1, worth // 250))
        if self.scenario == "free freight":
            discount = charges[0][1]
        sold, priced, extra, total, received = self._meant(lines, charges, Decimal(discount))
        answers = []
        if kept := KEPT.get(self.scenario):
            answers.append(Answered("short_total_kept", "method:cod", kept, is_kept=True))
        return self.sale(
            lines,
            self.document(sold, priced, extra, received=received, value=total + received),
            total=total,
            money={"discount": discount},
            charges=[{"name": name, "amount": cost} for name, cost in charges],
            answers=answers,
            settings=self._settings(),
        )

    def _settings(self) -> dict[str, Any]:
        unexplained = self.scenario == "remainder" or self.scenario in KEPT
        return {"prices_told": unexplained, "gift_lines": GIFTS.get(self.scenario, "")}

    def _charges(self) -> list[tuple[str, int]]:
        if self.scenario not in WITH_CHARGES:
            return []
        charges = [(ENVIO, 50 * self.chance.randint(100, 400))]
        if self.scenario != "free freight" and self.chance.random() < 0.5:
            charges.append((SEGURO, 50 * self.chance.randint(20, 90)))
        if self.scenario == "one charge unpaid" and len(charges) == 1:
            charges.append((SEGURO, 50 * self.chance.randint(20, 90)))
        return charges

    def _meant(
        self, lines: list[Line], charges: Sequence[tuple[str, int]], discount: Decimal
    ) -> tuple[list[Line], list, list[Charged], Decimal, Decimal]:
        """Lines and charges of the document, the total that the order says, and what was paid."""
        if self.scenario == "gift left out":
            lines = [line for line in lines if line.price]
        amounts = [line.amount for line in lines]
        if self.scenario == "gift shares":
            amounts = _with_gift(lines)
        if self.scenario in ("discount", "discount and charges"):
            amounts = less(amounts, discount)
        if self.scenario == "one charge unpaid":
            charges = [charges[self.chance.randint(0, len(charges) - 1)]]
        elif self.scenario in ("no charge paid", "free freight"):
            charges = []
        rates = [line.rate for line in lines]
        priced = self.of_lines(lines, amounts)
        if self.scenario == "discount of what is paid":
            priced = paid_less(priced, discount, rates)
        with_tax = self.includes_tax or self.scenario == "freight as it is paid"
        of_charge = with_iva if with_tax else before_iva
        extra = [(CHARGES, of_charge(Decimal(cost), RATES[CHARGES])) for _name, cost in charges]
        both = [*priced, *(each for _kind, each in extra)]
        exact = sum((base + tax for base, tax in both), Decimal(0))
        total = self.total_of(both)
        odd = Decimal(37 + 100 * self.chance.randint(0, int(min(exact // 500, 450))))
        if odd > exact // 4 and (self.scenario == "remainder" or self.scenario in KEPT):
            raise NoOrder
        received = Decimal(0)
        if self.scenario == "remainder":
            total += odd
            extra.append((CHARGES, with_iva(total - exact, RATES[CHARGES])))
        elif self.scenario == "short is discount":
            total -= odd
            priced = paid_less(priced, exact - total, rates)
        elif self.scenario == "short is paid":
            total -= odd
            received = exact - total
        return lines, priced, extra, total, received

    def _gift(self, lines: list[Line]) -> Line:
        own = self.chance.choice(lines).product.kind
        any_kind = self.chance.choice(list(RATES)[:6])
        price = self.chance.choice((None, Decimal(50 * self.chance.randint(100, 900))))
        gift = replace(
            self.line(len(lines)),
            label="Obsequio",
            price=Decimal(0),
            quantity=self.chance.choice((1, 1, 2, 3)),
        )
        kind = own if self.scenario == "gift shares" else any_kind
        return replace(gift, product=Product(kind, gift.product.units, catalogue=price))


def _with_gift(lines: list[Line]) -> list[Decimal]:
    """The gift takes its part of the lines with its own taxes."""
    (gift,) = (line for line in lines if not line.price)
    same = [at for at, line in enumerate(lines) if line.product.kind == gift.product.kind]
    least = min(lines[at].price for at in same if lines[at].price)
    weights = [
        lines[at].amount or (lines[at].product.catalogue or least) * lines[at].quantity
        for at in same
    ]
    worth = sum(int(lines[at].amount) for at in same)
    amounts = [line.amount for line in lines]
    for at, share in zip(same, shares(worth, weights), strict=True):
        amounts[at] = Decimal(share)
    return amounts
