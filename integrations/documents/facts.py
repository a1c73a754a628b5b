"""What a document is built from: plain values, read once, so that building is pure.

Money in COP. Rates are percentages as Alegra tells them (`Decimal("19")`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal

from integrations.mastershop import charge_names
from integrations.sending.problem_kinds import Found


@dataclass(frozen=True)
class TaxFact:
    alegra_id: str
    name: str
    percentage: Decimal


@dataclass(frozen=True)
class ItemFact:
    """A product or service of Alegra. `why` says what keeps it from being invoiced, or ''."""

    alegra_id: str
    name: str
    reference: str
    taxes: tuple[TaxFact, ...]
    why: str = ""
    # Of one unit before tax; None where Alegra tells none.
    price: Decimal | None = None
    # It has stock of its own, or is a kit: selling it moves some.
    moves_stock: bool = True
    # What one of it is, in Alegra's word ("unit", "service" …); '' where it has none.
    unit: str = ""

    @property
    def tax_ids(self) -> tuple[str, ...]:
        return tuple(sorted(tax.alegra_id for tax in self.taxes))

    @property
    def rate(self) -> Decimal:
        """Of all its taxes together, as a fraction of the base."""
        return sum(self.rates, Decimal(0))

    @property
    def rates(self) -> tuple[Decimal, ...]:
        """Of each tax: several are told apart, and each may be rounded by itself."""
        return tuple(tax.percentage / 100 for tax in self.taxes)


@dataclass(frozen=True)
class LineFact:
    """One line of the order and what it is linked to."""

    label: str
    sku: str
    variant_key: str
    variant_id: int | None
    product_id: str
    quantity: Decimal
    unit_price: Decimal
    item: ItemFact | None = None
    units_per_sale: int = 1
    # The catalogue's price of the variant, for gift lines that share the order's value.
    list_price: Decimal | None = None
    # The same where the catalogue itself told it, and not merely an order.
    catalogue_price: Decimal | None = None
    # The bundle it is part of, as the order names it; '' for none.
    bundle: str = ""
    # Part of a bundle whose line has the price: in $ 0, and no gift.
    is_component: bool = False
    # Its place in the order.
    position: int = 0
    # Which variation was sold, in the order's words; '' where it does not say.
    variation: str = ""
    # The exact amount of the line, where its unit price has no end.
    whole: Decimal | None = None
    # What its own fields tell as a discount, each of one unit or of the line, and what it comes
    # to by its own field; `cut` is taken off by lines below 0 that belong to it.
    discounts: tuple[Decimal, ...] = ()
    told_total: Decimal | None = None
    cut: Decimal = Decimal(0)

    @property
    def is_gift(self) -> bool:
        return self.unit_price == 0 and not self.is_component

    @property
    def amount(self) -> Decimal:
        return self.unit_price * self.quantity if self.whole is None else self.whole

    @property
    def rate(self) -> Decimal:
        return self.item.rate if self.item else Decimal(0)

    @property
    def taxes(self) -> tuple[str, ...]:
        """The ids of its taxes: what value may not move away from unasked."""
        return self.item.tax_ids if self.item else ()


@dataclass(frozen=True)
class ChargeFact:
    """An amount that the order states beside its lines, in COP, and what kind it is.

    `item` is the product of Alegra that a person chose for it; all others take the product for
    charges of the settings.
    """

    name: str
    amount: Decimal
    kind: charge_names.Kind = charge_names.OWN
    item: ItemFact | None = None

    @property
    def is_paid(self) -> bool:
        """It can be a row of the document, on top of the lines."""
        return self.kind != charge_names.TAX


@dataclass(frozen=True)
class BuyerFact:
    """The buyer with a person's corrections applied. `unidentified`: chosen by a person."""

    name: str = field(default="", repr=False)
    first_name: str = field(default="", repr=False)
    last_name: str = field(default="", repr=False)
    # A person wrote it, or said that it is right as it arrived.
    name_is_checked: bool = False
    doc_type: str = ""
    doc_number: str = field(default="", repr=False)
    email: str = field(default="", repr=False)
    # The shop's, typed for a buyer who gave none.
    email_is_shops_own: bool = False
    phone: str = field(default="", repr=False)
    address: str = field(default="", repr=False)
    city: str = ""
    department: str = ""
    dane_code: str = ""
    unidentified: bool = False
    # What the company field names, and whether `name` comes from there.
    company: str = field(default="", repr=False)
    is_named_by_company: bool = False
    # A person said what the identification is.
    is_certain: bool = False
    # (type, number) that stand in another field, and of a buyer who was known before.
    elsewhere: tuple[str, str] = field(default=("", ""), repr=False)
    lost: tuple[str, str] = field(default=("", ""), repr=False)


@dataclass(frozen=True)
class SettingsFact:
    """The settings a document is built with; the snapshot kept beside it is made of these."""

    version: int
    kind: str
    mode: str
    number_template: str
    seller: str
    cost_center: str
    prices_include_tax: bool
    prices_told: bool
    charges_enabled: bool
    remainder_limit_pesos: int
    remainder_limit_percent: Decimal
    unidentified_number: str
    payment_term: str
    credit_days: int
    cod_enabled: bool
    register_payment: str
    gift_lines: str

    @property
    def is_definitive(self) -> bool:
        """An invoice that is sent to the DIAN without a person's look."""
        return (self.kind, self.mode) == ("invoice", "definitive")


@dataclass(frozen=True)
class MoneyReceived:
    """Money the seller had before. `amounts` are what it may have been (COP), empty where only
    the word is told; `where` is field · note · name (of the method or the gateway)."""

    label: str
    amounts: tuple[Decimal, ...] = ()
    where: str = "field"


@dataclass(frozen=True)
class AmountAnswers:
    """What a person said of this order's amounts, '' for nothing.

    `short`: discount · received, of this order; `short_kept`: the same, of its method or of a
    word in it. `zero`: exchange · received · discount. `two_ways`: the reading that was chosen.
    `…_about`: the amounts it was said of, () for any; of others it says nothing.
    """

    short: str = ""
    short_about: tuple[str, ...] = ()
    short_kept: str = ""
    zero: str = ""
    zero_about: tuple[str, ...] = ()
    two_ways: str = ""


@dataclass(frozen=True)
class Facts:
    order_id: int
    number: str
    external_number: str
    family: str
    method: str
    total: Decimal | None
    discount: Decimal
    # Without those that are a discount (`cuts`) or money received before (`received`).
    charges: tuple[ChargeFact, ...]
    # Without those of quantity 0: `left_out` names them.
    lines: tuple[LineFact, ...]
    buyer: BuyerFact
    settings: SettingsFact
    precision: int
    today: date
    charges_item: ItemFact | None = None
    # As the order tells them, where `lines` are without those that cannot be read.
    lines_told: tuple[LineFact, ...] = ()
    # What a person said of this order: what the remainder over the lines is (as it was shown
    # when it was asked about, '' for any), and that the buyer paid what the lines come to.
    rest: ChargeFact | None = None
    rest_asked: str = ""
    as_lines: bool = False
    left_out: tuple[str, ...] = ()
    # Lines that could not be read and that a person left out, by name; and name and units of
    # what the same order gives back.
    not_read: tuple[str, ...] = ()
    returned: tuple[tuple[str, Decimal], ...] = ()
    # Charges and lines below 0, as positive amounts with their names: discounts of the order.
    cuts: tuple[tuple[str, Decimal], ...] = ()
    # Freight told outside of the charges: it counts where the sum is exact with it.
    freight: tuple[tuple[str, Decimal], ...] = ()
    # Amounts that the order names without saying what they are: one may be a remainder.
    named: tuple[ChargeFact, ...] = ()
    received: tuple[MoneyReceived, ...] = ()
    answers: AmountAnswers = AmountAnswers()
    # None: the account has no warehouses, none is sent.
    warehouse_id: str | None = None
    payment_means: str = ""
    # What a buyer of one word gets as surname: a choice of the platform.
    surname_filler: str = "."
    # The NIT of the company that sells, without check digit.
    seller_nit: str = ""
    # What was answered to questions that the builder asks, by code and subject.
    said: Mapping[tuple[str, str], str] = field(default_factory=dict, hash=False)
    # What was found missing while reading: links, accounts, choices gone from Alegra.
    problems: tuple[Found, ...] = ()
    # Where another order has the same number too.
    order_key: str = ""

    @property
    def key(self) -> str:
        """The subject of what is asked about this order alone (`Order.key`)."""
        return self.order_key or self.number

    def item_of(self, charge: ChargeFact) -> ItemFact | None:
        """What the charge is invoiced with; another's money without any tax."""
        if charge.kind == charge_names.PRODUCT:
            return charge.item
        if charge.kind == charge_names.THIRD_PARTY and self.charges_item is not None:
            return replace(self.charges_item, taxes=())
        return self.charges_item
