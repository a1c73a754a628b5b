"""Orders at random, each with what the rules make of it, worked out without the builder.

A seed is an order. Amounts are multiples of fifty pesos, and what nobody explains never is, so
that no order reads by chance in a second way. Rules: Colombian invoicing reference, "Money".
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import ROUND_HALF_EVEN, Decimal
from fractions import Fraction
from random import Random

from integrations.documents.facts import (
    AmountAnswers,
    BuyerFact,
    ChargeFact,
    Facts,
    ItemFact,
    LineFact,
    SettingsFact,
)

CENT = Decimal("0.01")
ENVIO, SEGURO = "Envío", "Seguro"
GENERIC = "222222222222"
# How often each kind of product is bought (`books.TAXES`).
KINDS = {"19": 6, "5": 2, "exempt": 1, "excluded": 1, "inc": 1, "both": 1}
EVERY_DAY = (
    "plain", "charges", "one charge unpaid", "no charge paid", "discount",
    "discount and charges", "free freight", "remainder", "short is discount", "short is paid",
    "gift in zero", "gift left out", "gift shares",
)  # fmt: skip
BEFORE_IVA = ("discount of what is paid", "freight as it is paid")

# As an order brings it: type, number; and whom the document is made out to.
BUYERS = (
    ("CC", "52998117", "52998117"),
    ("CC", "1.020.304.061", "1020304061"),
    ("cedula", "C.C. 79.654.112", "79654112"),
    (None, "41778902", "41778902"),
    ("CE", "482913", "482913"),
    ("PPT", "5821934", "5821934"),
    ("PP", "av 482913", "AV482913"),
    ("NIT", "900559088-2", "900559088"),
    ("NIT", "8909039388", "890903938"),
    ("CC", "", GENERIC),
    ("CC", "1234", GENERIC),
    ("CC", "3105550142", GENERIC),
    (None, "Sin datos", GENERIC),
)


@dataclass(frozen=True)
class Row:
    """One line of the document as it must be, in cents."""

    label: str
    base: Decimal
    tax: Decimal
    quantity: int

    @property
    def total(self) -> Decimal:
        return self.base + self.tax


@dataclass(frozen=True)
class Sale:
    """An order, and what must come of it."""

    seed: int
    scenario: str
    facts: Facts
    value: Decimal
    rows: tuple[Row, ...]
    client: str

    def __str__(self) -> str:
        return f"seed {self.seed}: {self.scenario}, IVA {self.facts.settings.prices_include_tax}"


def random_sale(seed: int, items: Mapping[str, ItemFact], freight: ItemFact) -> Sale:
    """The order of this seed. `items` has one product for each of KINDS."""
    for attempt in range(100):
        sale = _Maker(Random(f"{seed}.{attempt}"), items, freight).make(seed)
        if sale is not None:
            return sale
    raise AssertionError(f"no order for seed {seed}")


class _Maker:
    def __init__(self, chance: Random, items: Mapping[str, ItemFact], freight: ItemFact) -> None:
        self.chance, self.items, self.freight = chance, items, freight
        self.includes_tax = chance.random() < 0.65
        scenarios = EVERY_DAY if self.includes_tax else EVERY_DAY + BEFORE_IVA
        self.scenario = chance.choice(scenarios)

    def make(self, seed: int) -> Sale | None:
        lines = [self._line(place) for place in range(self.chance.randint(1, 6))]
        if self.scenario.startswith("gift"):
            lines.insert(self.chance.randint(0, len(lines)), self._gift(lines))
        charges: list[tuple[str, int]] = []
        if self.scenario in (
            "charges", "one charge unpaid", "no charge paid", "discount and charges",
            "free freight", "freight as it is paid",
        ):  # fmt: skip
            charges = [(ENVIO, 50 * self.chance.randint(100, 400))]
            if self.scenario != "free freight" and self.chance.random() < 0.5:
                charges.append((SEGURO, 50 * self.chance.randint(20, 90)))
            if self.scenario == "one charge unpaid" and len(charges) == 1:
                charges.append((SEGURO, 50 * self.chance.randint(20, 90)))
        worth = sum(int(line.amount) for line in lines)
        discount = 0
        if "discount" in self.scenario and not self.scenario.startswith("short"):
            discount = 10 + 50 * self.chance.randint(1, max(1, worth // 250))
        if self.scenario == "free freight":
            discount = charges[0][1]
        rows, total, value = self._written(lines, charges, discount)
        if total is None:
            return None
        doc_type, number, client = self.chance.choice(BUYERS)
        is_company = doc_type == "NIT"
        return Sale(
            seed=seed,
            scenario=self.scenario,
            value=value,
            rows=tuple(rows),
            client=client,
            facts=Facts(
                order_id=seed,
                number=str(700_000 + seed),
                external_number=f"WEB-{seed}",
                family="cod",
                method="cod",
                total=total,
                discount=Decimal(discount),
                charges=tuple(ChargeFact(name, Decimal(amount)) for name, amount in charges),
                lines=tuple(lines),
                buyer=BuyerFact(
                    name="Distribuciones La Loma SAS" if is_company else "Marta Elena Rojas Pinto",
                    doc_type=doc_type or "",
                    doc_number=number,
                    phone="3105550142",
                    city="Medellín",
                    department="Antioquia",
                    address="Carrera 43 No 20 15",
                ),
                settings=self._settings(),
                precision=2,
                marker=f"[MS1-RANDOM{seed:010}]",
                today=date(2026, 11, 20),
                charges_item=self.freight,
                payment_means="CASH",
                answers=AmountAnswers(
                    short_kept={"short is discount": "discount", "short is paid": "received"}.get(
                        self.scenario, ""
                    )
                ),
            ),
        )

    # --- What the rules say ---------------------------------------------------------------

    def _written(
        self, lines: list[LineFact], charges: list[tuple[str, int]], discount: int
    ) -> tuple[list[Row], Decimal | None, Decimal]:
        """The rows, the total that the order says, and the value of the sale."""
        if self.scenario == "gift left out":
            lines = [line for line in lines if not line.is_gift]
        amounts = [line.amount for line in lines]
        if self.scenario == "gift shares":
            amounts = self._with_gift(lines)
        if self.scenario in ("discount", "discount and charges"):
            amounts = _less(amounts, Decimal(discount))
        if self.scenario == "one charge unpaid":
            charges = [charges[self.chance.randint(0, len(charges) - 1)]]
        elif self.scenario in ("no charge paid", "free freight"):
            charges = []
        priced = [
            self._priced(amount, line.rate) for amount, line in zip(amounts, lines, strict=True)
        ]
        if self.scenario == "discount of what is paid":
            priced = _paid_less(priced, Decimal(discount), lines)
        with_tax = self.includes_tax or self.scenario == "freight as it is paid"
        extra = [
            (name, (_with_iva if with_tax else _before_iva)(Decimal(amount), self.freight.rate))
            for name, amount in charges
        ]
        exact = sum((base + tax for base, tax in priced), Decimal(0))
        exact += sum((base + tax for _name, (base, tax) in extra), Decimal(0))
        total = exact.quantize(Decimal(1), ROUND_HALF_EVEN)
        if abs(exact - total) == Decimal("0.5"):
            return [], None, exact  # neither peso is nearer
        value = total
        odd = Decimal(37 + 100 * self.chance.randint(0, int(min(exact // 500, 450))))
        if odd > exact // 4 and self.scenario in (
            "remainder", "short is discount", "short is paid",
        ):  # fmt: skip
            return [], None, exact
        if self.scenario == "remainder":
            value = total = total + odd
            name = "Otros cargos del pedido"
            extra.append((name, _with_iva(total - exact, self.freight.rate)))
        elif self.scenario == "short is discount":
            value = total = total - odd
            priced = _paid_less(priced, exact - total, lines)
        elif self.scenario == "short is paid":
            value, total = exact, total - odd
        rows = [
            Row(line.label, base, tax, int(line.quantity) * line.units_per_sale)
            for line, (base, tax) in zip(lines, priced, strict=True)
        ]
        rows += [Row(name, base, tax, 1) for name, (base, tax) in extra]
        return rows, total, value

    def _priced(self, amount: Decimal, rate: Decimal) -> tuple[Decimal, Decimal]:
        return (_with_iva if self.includes_tax else _before_iva)(amount, rate)

    def _with_gift(self, lines: list[LineFact]) -> list[Decimal]:
        """The gift takes its part of the lines with its own taxes."""
        (gift,) = (line for line in lines if line.is_gift)
        same = [at for at, line in enumerate(lines) if line.item == gift.item]
        least = min(lines[at].unit_price for at in same if not lines[at].is_gift)
        weights = [
            lines[at].amount or (lines[at].list_price or least) * lines[at].quantity for at in same
        ]
        whole = sum(int(lines[at].amount) for at in same)
        amounts = [line.amount for line in lines]
        for at, share in zip(same, _shares(whole, weights), strict=True):
            amounts[at] = Decimal(share)
        return amounts

    # --- What the order says --------------------------------------------------------------

    def _line(self, place: int) -> LineFact:
        chance = self.chance
        kind = chance.choices(list(KINDS), weights=KINDS.values())[0]
        price = 50 * chance.choice((chance.randint(20, 400), chance.randint(200, 8000)))
        few = (1, 1, 1, 1, 2, 2, 3, 4, 6, 12, 25, 60, 144, 400)
        return LineFact(
            label=f"Producto {place}",
            sku=f"SKU-{place}",
            variant_key=f"{place}/{place}",
            variant_id=place,
            product_id=str(place),
            quantity=Decimal(chance.choice(few)),
            unit_price=Decimal(price),
            item=self.items[kind],
            units_per_sale=chance.choice((1, 1, 1, 1, 2, 3, 6, 12)),
        )

    def _gift(self, lines: list[LineFact]) -> LineFact:
        own = self.chance.choice(lines).item
        any_item = self.items[self.chance.choice(list(KINDS))]
        price = self.chance.choice((None, Decimal(50 * self.chance.randint(100, 900))))
        return replace(
            self._line(len(lines)),
            label="Obsequio",
            unit_price=Decimal(0),
            list_price=price,
            quantity=Decimal(self.chance.choice((1, 1, 2, 3))),
            item=own if self.scenario == "gift shares" else any_item,
        )

    def _settings(self) -> SettingsFact:
        unexplained = self.scenario == "remainder" or self.scenario.startswith("short")
        return SettingsFact(
            version=1,
            kind=self.chance.choice(("invoice", "invoice", "invoice", "remission")),
            mode="draft",
            number_template="",
            seller="",
            cost_center="",
            prices_include_tax=self.includes_tax,
            prices_told=unexplained,
            charges_enabled=True,
            remainder_limit_pesos=50_000,
            remainder_limit_percent=Decimal(30),
            unidentified_number=GENERIC,
            payment_term="cash",
            credit_days=0,
            cod_enabled=True,
            register_payment="never",
            gift_lines={
                "gift in zero": "zero",
                "gift left out": "leave_out",
                "gift shares": "spread",
            }.get(self.scenario, ""),
        )


def _with_iva(gross: Decimal, rate: Decimal) -> tuple[Decimal, Decimal]:
    base = _half_even(Fraction(gross) / (1 + Fraction(rate)))
    return base, gross - base


def _before_iva(net: Decimal, rate: Decimal) -> tuple[Decimal, Decimal]:
    return net, _half_even(Fraction(net) * Fraction(rate))


def _half_even(amount: Fraction) -> Decimal:
    # round() of a fraction is half-even.
    return (Decimal(round(amount * 100)) * CENT).quantize(CENT)


def _less(amounts: list[Decimal], discount: Decimal) -> list[Decimal]:
    """Amounts with their shares of a discount taken off: whole pesos, or cents."""
    unit = Decimal(1) if discount == int(discount) else CENT
    shares = _shares(int(discount / unit), amounts)
    return [amount - share * unit for amount, share in zip(amounts, shares, strict=True)]


def _paid_less(
    priced: list[tuple[Decimal, Decimal]], discount: Decimal, lines: list[LineFact]
) -> list[tuple[Decimal, Decimal]]:
    """The same off what is paid, IVA included."""
    paid = _less([base + tax for base, tax in priced], discount)
    return [_with_iva(amount, line.rate) for amount, line in zip(paid, lines, strict=True)]


def _shares(amount: int, weights: list[Decimal]) -> list[int]:
    """Largest remainder first, of equal ones the earlier."""
    total = sum(Fraction(weight) for weight in weights)
    due = [amount * Fraction(weight) / total for weight in weights]
    shares = [int(each) for each in due]
    ranked = sorted(range(len(due)), key=lambda at: (shares[at] - due[at], at))
    for at in ranked[: amount - sum(shares)]:
        shares[at] += 1
    return shares
