"""An order at random and what must come of it. Amounts in COP."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from tests.documents.books import TAXES

CENT = Decimal("0.01")
GENERIC = "222222222222"
# Rows of charges go with the product for charges, those of another's money without its tax.
CHARGES, UNTAXED = "charges", "untaxed"
# Rates by the kind of product (`books.TAXES`), as fractions.
RATES = {
    kind: sum((Decimal(rate) for _name, rate in taxes), Decimal(0)) / 100
    for kind, taxes in TAXES.items()
} | {CHARGES: Decimal("0.19"), UNTAXED: Decimal(0)}


@dataclass(frozen=True)
class Product:
    """What a line is linked to: a product of this kind of taxes, `units` of it for one sold.

    `catalogue` is the price of one sold unit as the catalogue tells it, `usual` that of the product
    of Alegra before tax; None is not known.
    """

    kind: str = "19"
    units: int = 1
    catalogue: Decimal | None = None
    usual: Decimal | None = None
    is_linked: bool = True


@dataclass(frozen=True)
class Line:
    """A line of the order as its seller meant it. `fields` are told beside these."""

    label: str
    quantity: int
    price: Decimal
    product: Product
    fields: Mapping[str, Any] = field(default_factory=dict, hash=False)

    @property
    def amount(self) -> Decimal:
        return self.price * self.quantity

    @property
    def rate(self) -> Decimal:
        return RATES[self.product.kind]

    @property
    def units(self) -> int:
        return self.quantity * self.product.units


@dataclass(frozen=True)
class Row:
    """One line of the document as it must be: base and IVA to the cent."""

    kind: str
    base: Decimal
    tax: Decimal
    quantity: int = 1

    @property
    def total(self) -> Decimal:
        return self.base + self.tax


@dataclass(frozen=True)
class Answered:
    """An answer: the question's code, its subject, and the value. `is_kept`: it was given before
    and is valid for this order too; else this order asks it."""

    code: str
    subject: str
    value: str
    item: str = ""
    is_kept: bool = False


@dataclass(frozen=True)
class Document:
    """The document that must come of it. `value` is that of the sale, within half a peso;
    `received` is what of it was paid before."""

    rows: tuple[Row, ...]
    value: Decimal
    client: str
    received: Decimal = Decimal(0)


@dataclass(frozen=True)
class Asks:
    """No document: a person is asked exactly these, by the codes of their problems."""

    codes: frozenset[str]


@dataclass(frozen=True)
class Nothing:
    """No document and no question about one, for this reason."""

    reason: str


Outcome = Document | Asks | Nothing


@dataclass(frozen=True)
class Sale:
    """An order and what must come of it. `products` are those of the body's lines, by place."""

    seed: int
    kind: str
    scenario: str
    body: Mapping[str, Any] = field(hash=False)
    products: tuple[Product, ...]
    settings: Mapping[str, Any] = field(hash=False)
    outcome: Outcome
    answers: tuple[Answered, ...] = ()
    # Whether the products of Alegra have stock of their own.
    has_stock: bool = False

    def __str__(self) -> str:
        told = "with" if self.settings["prices_include_tax"] else "before"
        return f"seed {self.seed}: {self.kind} · {self.scenario}, prices {told} IVA"
