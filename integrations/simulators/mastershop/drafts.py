"""A new order: who buys what, before anything is done to it on purpose."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from typing import Any

from integrations.simulators import catalogue
from integrations.simulators.catalogue import DEFAULT_VARIANT, Variation
from integrations.simulators.mastershop.people import invent_buyer
from integrations.simulators.mastershop.vocabulary import CARRIERS

WAREHOUSES: dict[int, dict[str, Any]] = {
    61: {
        "idWarehouse": 61,
        "name": "Bodega Fontibón",
        "city": "Bogota",
        "state": "Cundinamarca",
        "cityDaneCode": "11001000",
        "isActive": True,
    },
    62: {
        "idWarehouse": 62,
        "name": "Bodega Itagüí",
        "city": "Itagüí",
        "state": "Antioquia",
        "cityDaneCode": "05360000",
        "isActive": True,
    },
}
_FREIGHT = (0, 9900, 12500, 15100, 17900)


class UnknownProduct(ValueError):
    """An order asks for a variation the catalogue does not have."""


@dataclass
class Draft:
    """An order on its way into the store.

    ``body`` is the order in the words of an event, prices with IVA. ``quirks`` change how it is
    shown: ``items_key``, ``event_business``, ``payment_fixed``, ``status`` and the like.
    """

    body: dict[str, Any]
    chance: random.Random
    quirks: dict[str, Any] = field(default_factory=dict)

    def add_up(self) -> None:
        """Makes the total what lines, charges and discount come to."""
        money = self.body["order_transaction"]
        lines = sum(item["price"] * item["quantity"] for item in self.body["order_items"])
        charges = sum(charge["amount"] for charge in self.body["additional_charge"])
        money["total"] = lines + charges - money["discount"]


def compose(
    business_id: int,
    number: int,
    *,
    overrides: dict[str, Any] | None = None,
    prepaid: bool | None = None,
) -> Draft:
    """A believable order, the same for the same numbers, with the overrides merged into it.

    ``overrides`` speaks the words of an event. Its ``order_items`` replace the lines; of a line
    only ``id_variant`` is needed, the rest comes from the catalogue. The total follows from the
    rest unless it is given. Raises UnknownProduct.
    """
    chance = random.Random(f"{business_id}:{number}")  # noqa: S311 - repeatable on purpose
    given = dict(overrides or {})
    lines = given.pop("order_items", given.pop("order_Items", None))
    if prepaid is None:
        prepaid = chance.random() < 0.25
    freight = chance.choice(_FREIGHT)
    draft = Draft(
        {
            "id_order": number,
            "external_order_id": f"WEB-{20_000 + number % 80_000}",
            "id_user": 5000 + business_id % 1000,
            "id_business": business_id,
            "is_test": False,
            **invent_buyer(chance),
            "billing_address": {"country": "CO"},
            "origin_address": {"country": "CO", "state": "Cundinamarca", "city": "Bogotá"},
            "warehouse": {"idWarehouse": 61, "name": WAREHOUSES[61]["name"]},
            "package": {"weight": 1.0, "units": 1},
            "order_transaction": {
                "total": 0,
                "currency": "COP",
                "payment_method": "prepaid" if prepaid else "cod",
                "payment_gateway": "Pasarela" if prepaid else "Contraentrega",
                "discount": 0,
            },
            "order_items": [],
            "additional_charge": [{"name": "Envío", "amount": freight}] if freight else [],
            "order_logistics": {
                "carrier_name": chance.choice(CARRIERS),
                "carrier_tracking_code": str(70_000_000_000 + number),
                "url_tracking": f"https://tracking.example.com/{70_000_000_000 + number}",
            },
            "notes": [],
            "tags": [],
        },
        chance,
    )
    if "payment_method" in (given.get("order_transaction") or {}):
        draft.quirks["payment_fixed"] = True
    _merge(draft.body, given)
    draft.body["order_items"] = (
        invent_lines(chance) if lines is None else [complete_line(line) for line in lines]
    )
    draft.body["package"]["units"] = len(draft.body["order_items"])
    if "total" not in (given.get("order_transaction") or {}):
        draft.add_up()
    return draft


def invent_lines(chance: random.Random, *, unlinked: bool = False) -> list[dict[str, Any]]:
    """One to three lines of products that Alegra has too; with ``unlinked`` of one it has not."""
    known = [v for v in catalogue.variations() if (v.alegra is None) == unlinked]
    count = 1 if unlinked else chance.choices((1, 2, 3), (70, 22, 8))[0]
    return [
        line_of(v, chance.choices((1, 2, 3), (80, 15, 5))[0]) for v in chance.sample(known, count)
    ]


def line_of(variation: Variation, quantity: int = 1) -> dict[str, Any]:
    simple = variation.variant_name == DEFAULT_VARIANT
    return {
        "id_product": variation.id_product,
        "id_variant": variation.id_variant,
        "sku": variation.sku,
        "name": variation.name,
        "variant_name": None if simple else variation.variant_name,
        "quantity": quantity,
        "price": variation.price,
        "weight": 0.5,
    }


def complete_line(given: dict[str, Any]) -> dict[str, Any]:
    """The line with what the catalogue knows of its variation put under what was given."""
    if not isinstance(given, dict):
        raise UnknownProduct("A line of order_items must be an object")
    by_id = {v.id_variant: v for v in catalogue.variations()}
    variation = by_id.get(given.get("id_variant", 0) or 0)
    if variation is None and given.get("id_product"):
        variation = next((v for v in by_id.values() if v.id_product == given["id_product"]), None)
        if variation is not None:
            return {**line_of(variation), "id_variant": None, **given}
    if variation is None:
        if not {"quantity", "price"} <= given.keys():
            raise UnknownProduct(f"No variation {given.get('id_variant')}: name quantity and price")
        return {"id_product": None, "id_variant": None, "sku": "", "name": "", **given}
    return {**line_of(variation), **given}


def _merge(into: dict[str, Any], given: dict[str, Any]) -> None:
    for name, value in given.items():
        if isinstance(value, dict) and isinstance(into.get(name), dict):
            _merge(into[name], value)
        else:
            into[name] = value
