"""What all kinds of random orders are made with: lines, a buyer, a body, and its document.

Amounts are multiples of fifty pesos, and what only one reading may explain never is
(`Making.odd`), so that no order reads by chance in a second way.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from decimal import Decimal
from random import Random
from typing import Any

from tests.documents.engine import event
from tests.documents.random_orders.rules import Priced, before_iva, whole, with_iva
from tests.documents.random_orders.sale import (
    CHARGES,
    GENERIC,
    RATES,
    Answered,
    Document,
    Line,
    Outcome,
    Product,
    Row,
    Sale,
)

# How often each kind of product is bought (`books.TAXES`).
KINDS = {"19": 6, "5": 2, "exempt": 1, "excluded": 1, "inc": 1, "both": 1}
QUANTITIES = (1, 1, 1, 1, 2, 2, 3, 4, 6, 12, 25, 60, 144, 400)
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
Charged = tuple[str, Priced]


class NoOrder(Exception):
    """These chances give no order with one meaning: others are tried."""


class Making:
    """One order being made. Subclasses say what it is about: `kind`, `scenarios` and `make`."""

    kind = ""
    scenarios: tuple[str, ...] = ()
    # Those that only prices before IVA have.
    before_iva_only: tuple[str, ...] = ()
    always_with_iva = False

    def __init__(self, chance: Random, seed: int) -> None:
        self.chance, self.seed = chance, seed
        self.includes_tax = chance.random() < 0.65 or self.always_with_iva
        more = () if self.includes_tax else self.before_iva_only
        self.scenario = chance.choice(self.scenarios + more)

    def make(self) -> Sale:
        raise NotImplementedError

    # --- What is sold -----------------------------------------------------------------------

    def lines(self, least: int = 1, most: int = 6) -> list[Line]:
        return [self.line(place) for place in range(self.chance.randint(least, most))]

    def line(self, place: int, most: int = 400) -> Line:
        chance = self.chance
        kind = chance.choices(list(KINDS), weights=KINDS.values())[0]
        price = 50 * chance.choice((chance.randint(20, 400), chance.randint(200, 8000)))
        quantity = chance.choice([each for each in QUANTITIES if each <= most])
        units = chance.choice((1, 1, 1, 1, 2, 3, 6, 12))
        return Line(f"Producto {place}", quantity, Decimal(price), Product(kind, units))

    def odd(self, least: int, most: int) -> Decimal:
        """Pesos between these that no sum of prices gives."""
        if most < least + 100:
            raise NoOrder
        return Decimal(50 * self.chance.randint(-(-least // 50), most // 50 - 1) + 20)

    # --- What the rules make of it ----------------------------------------------------------

    def priced(self, amount: Decimal, rate: Decimal) -> Priced:
        return (with_iva if self.includes_tax else before_iva)(amount, rate)

    def of_lines(self, lines: Sequence[Line], amounts: Iterable[Decimal] = ()) -> list[Priced]:
        amounts = list(amounts) or [line.amount for line in lines]
        return [self.priced(amount, line.rate) for amount, line in zip(amounts, lines, strict=True)]

    def charged(self, amount: Decimal, kind: str = CHARGES) -> tuple[str, Priced]:
        return kind, self.priced(amount, RATES[kind])

    def total_of(self, priced: Iterable[Priced]) -> Decimal:
        """What the buyer pays: whole pesos, where one of two is nearer."""
        exact = sum((base + tax for base, tax in priced), Decimal(0))
        total = whole(exact)
        if abs(exact - total) == Decimal("0.5"):
            raise NoOrder
        return total

    def document(
        self,
        lines: Sequence[Line],
        priced: Sequence[Priced],
        charges: Sequence[Charged] = (),
        *,
        received: Decimal = Decimal(0),
        value: Decimal | None = None,
    ) -> Document:
        """The document of these, worth whole pesos unless `value` says else; its client is that
        of the body (`sale`)."""
        rows = [
            Row(line.product.kind, base, tax, line.units)
            for line, (base, tax) in zip(lines, priced, strict=True)
        ]
        rows += [Row(kind, base, tax) for kind, (base, tax) in charges]
        if value is None:
            value = whole(sum((row.total for row in rows), Decimal(0)))
        return Document(tuple(rows), value, client="", received=received)

    # --- What the order says ----------------------------------------------------------------

    def told(self, lines: Sequence[Line]) -> list[dict[str, Any]]:
        return [
            {
                "id_product": f"8{at}", "id_variant": f"8{at}", "sku": f"SKU-8{at}",
                "name": line.label, "quantity": line.quantity, "price": amount(line.price),
                **line.fields,
            }
            for at, line in enumerate(lines)
        ]  # fmt: skip

    def sale(
        self,
        lines: Sequence[Line],
        outcome: Outcome,
        *,
        total: Decimal,
        money: dict[str, Any] | None = None,
        items: list[dict[str, Any]] | None = None,
        answers: Sequence[Answered] = (),
        settings: dict[str, Any] | None = None,
        has_stock: bool = False,
        **body: Any,
    ) -> Sale:
        """`money` stands with the total, `items` in place of the lines' own, `body` at the top."""
        doc_type, number, client = self.chance.choice(BUYERS)
        is_company = doc_type == "NIT"
        kind = self.chance.choice(("invoice", "invoice", "invoice", "remission"))
        told = event(
            number=700_000 + self.seed,
            lines=self.told(lines) if items is None else items,
            customer={
                "full_name": "Distribuciones La Loma SAS" if is_company
                else "Marta Elena Rojas Pinto",
                "documentType": doc_type, "documentNumber": number,
            },
            total=amount(total),
            **body,
        )  # fmt: skip
        told["order_transaction"] |= money or {}
        if isinstance(outcome, Document):
            outcome = replace(outcome, client=client)
        return Sale(
            seed=self.seed,
            kind=self.kind,
            scenario=self.scenario,
            body=told,
            products=tuple(line.product for line in lines),
            settings={
                "kind": kind, "prices_include_tax": self.includes_tax, "prices_told": True,
                "gift_lines": "", **(settings or {}),
            },
            outcome=outcome,
            answers=tuple(answers),
            has_stock=has_stock,
        )  # fmt: skip


def amount(value: Decimal) -> int | float:
    """As JSON brings it."""
    return int(value) if value == int(value) else float(value)
