"""Every way in which an order can be asked to be wrong, by name.

MasterShop reference: data quality, amounts, events.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from integrations.simulators import catalogue
from integrations.simulators.mastershop import buyer_traps
from integrations.simulators.mastershop.drafts import Draft, invent_lines, line_of

Trap = Callable[[Draft], None]


class UnknownTrap(ValueError):
    """There is no trap of that name; the text lists those there are."""


def _payment(word: Any, gateway: str = "Pasarela") -> Trap:
    def change(draft: Draft) -> None:
        draft.quirks["payment_fixed"] = True
        draft.body["order_transaction"].update(payment_method=word, payment_gateway=gateway)

    return change


def _no_payment(draft: Draft) -> None:
    """The transaction holds no word about the payment, not even null."""
    draft.quirks["payment_fixed"] = True
    for name in ("payment_method", "payment_gateway"):
        draft.body["order_transaction"].pop(name, None)


def _first_line(**fields: Any) -> Trap:
    return lambda draft: draft.body["order_items"][0].update(fields)


def _quirk(**quirks: Any) -> Trap:
    return lambda draft: draft.quirks.update(quirks)


def _field(**fields: Any) -> Trap:
    return lambda draft: draft.body.update(fields)


def _charges(written: Any, *, paid: int) -> Trap:
    def change(draft: Draft) -> None:
        draft.body["additional_charge"] = []
        draft.add_up()
        draft.body["additional_charge"] = written
        draft.body["order_transaction"]["total"] += paid

    return change


def _total(move: int) -> Trap:
    """Takes what the lines come to and says another total, with nothing that explains it."""
    return _charges([], paid=move)


def _lines_of(simple: bool) -> Trap:
    """The variation left out: of a simple product, or of one that has several."""

    def change(draft: Draft) -> None:
        products = [p for p in catalogue.products() if p.is_simple == simple]
        linked = [v for p in products for v in p.variations if v.alegra is not None]
        line = line_of(draft.chance.choice(linked))
        draft.body["order_items"] = [line]
        draft.add_up()
        line.update(id_variant=None, variant_name=None)

    return change


def _unlinked(draft: Draft) -> None:
    draft.body["order_items"] = invent_lines(draft.chance, unlinked=True)
    draft.add_up()


def _unknown_product(draft: Draft) -> None:
    _first_line(id_product=990001, id_variant=990002, sku="NUEVO", name="Producto nuevo")(draft)


def _another_name(draft: Draft) -> None:
    for line in draft.body["order_items"]:
        line["name_product"] = line.pop("name")


def _gift(draft: Draft) -> None:
    gift = line_of(catalogue.variations()[0]) | {"name": "Obsequio sorpresa", "price": 1000}
    draft.body["order_items"].append(gift)
    draft.add_up()


def _free_gift(draft: Draft) -> None:
    draft.body["order_items"].append(line_of(catalogue.variations()[0]) | {"price": 0})


def _freight_in_line(draft: Draft) -> None:
    draft.body["additional_charge"] = []
    draft.body["order_items"][0]["price"] += 12000
    draft.add_up()


def _discount(draft: Draft) -> None:
    draft.body["order_transaction"]["discount"] = 7000
    draft.add_up()


def _amounts_as_text(draft: Draft) -> None:
    money = draft.body["order_transaction"]
    money["total"] = f"{money['total']:,}".replace(",", ".")
    for line in draft.body["order_items"]:
        line.update(price=f"{line['price']:,}".replace(",", "."), quantity=str(line["quantity"]))


def _no_total(draft: Draft) -> None:
    del draft.body["order_transaction"]["total"]


def _split(draft: Draft) -> None:
    draft.body["external_order_id"] += "-1"


def _other_country(draft: Draft) -> None:
    draft.body["shipping_address"].update(country="PE", city="Lima", state="Lima")
    draft.body["order_transaction"]["currency"] = "PEN"


def _other_currency(draft: Draft) -> None:
    draft.body["order_transaction"]["currency"] = "USD"


def _other_business(draft: Draft) -> None:
    draft.quirks["event_business"] = draft.body["id_business"] + 1


TRAPS: dict[str, Trap] = buyer_traps.TRAPS | {
    "order_Items": _quirk(items_key="order_Items"),
    "camel_case": _quirk(camel_case=True),
    "null_variant": _lines_of(simple=True),
    "null_variant_of_many": _lines_of(simple=False),
    "unlinked_product": _unlinked,
    "unknown_product": _unknown_product,
    "no_product_id": _first_line(id_product=None, id_variant=None),
    "name_product": _another_name,
    "sku_missing": _first_line(sku=None),
    "quantity_zero": _first_line(quantity=0),
    "quantity_negative": _first_line(quantity=-1),
    "quantity_fraction": _first_line(quantity=1.5),
    "price_missing": _first_line(price=None),
    "no_lines": _field(order_items=[]),
    "gateway_name": _payment("Mercado Pago", "Mercado Pago"),
    "payment_capitals": _payment("COD", "COD"),
    "payment_phrase": _payment("Pago contra entrega", "COD"),
    "payment_prepaid": _payment("prepaid"),
    "payment_pia": _payment("pia"),
    "payment_bank": _payment("bank"),
    "payment_missing": _payment(None, ""),
    "payment_absent": _no_payment,
    "payment_in_gateway": _payment(None, "Contraentrega"),
    "payment_words": _payment("Cash on Delivery (COD)", "Contraentrega - Coordinadora"),
    "payment_of_its_own": _payment("Addi", "Addi"),
    "total_differs": _total(5000),
    "total_less": _total(-3000),
    "total_far": _total(480_000),
    "total_missing": _no_total,
    "charge": _charges([{"name": "Envío", "amount": 15100}], paid=15100),
    "charge_named_otherwise": _charges([{"description": "Flete", "value": 15100}], paid=15100),
    "charge_bare": _charges([15100], paid=15100),
    "charge_unreadable": _charges([{"name": "Envío", "amount": "por definir"}], paid=15100),
    "discount": _discount,
    "discount_folded_in": _total(-7000),
    "gift_line": _gift,
    "gift_free": _free_gift,
    "freight_in_line": _freight_in_line,
    "amounts_as_text": _amounts_as_text,
    "split_reference": _split,
    "no_reference": _field(external_order_id=None),
    "test_order": _field(is_test=True),
    "other_country": _other_country,
    "other_currency": _other_currency,
    "other_business": _other_business,
    "warehouse_unknown": _field(warehouse={"idWarehouse": 99, "name": "Bodega Sin Relación"}),
    "warehouse_missing": _field(warehouse=None),
    "unknown_status": _quirk(status=99),
    "status_seven": _quirk(status=7),
    "no_dates": _quirk(no_dates=True),
    "dates_without_zone": _quirk(dates_without_zone=True),
}

# The ones a shop sees every week; demo traffic draws from these.
ORDINARY = (
    "no_document", "document_zero", "document_is_phone", "document_in_company", "nit_glued",
    "document_sin_datos", "city_sin_datos", "phone_number", "null_variant", "gift_line",
    "freight_in_line", "discount", "gateway_name", "total_differs", "unlinked_product",
    "order_Items", "email_missing", "name_capitals",
)  # fmt: skip


def spring(name: str, draft: Draft) -> None:
    """Makes the draft wrong in the named way. Raises UnknownTrap."""
    trap = TRAPS.get(name)
    if trap is None:
        raise UnknownTrap(f"Unknown trap: {name}. Known: {', '.join(sorted(TRAPS))}")
    trap(draft)
