"""A believable Colombian company: lists, items with stock, contacts. All of it is invented.

The same company gets the same ids every time, so that what was linked to them before a reset
is linked to them after it. Taxes have other ids in every company, as in life.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import ROUND_HALF_EVEN, Decimal
from typing import Any
from zlib import crc32

from integrations.simulators.alegra.books import BOGOTA
from integrations.simulators.alegra.catalogues import DEFAULTS
from integrations.simulators.alegra.contacts import EMPTY_CONTACT, accept_contact
from integrations.simulators.alegra.seed_data import (
    BANK_ACCOUNTS,
    CONTACTS,
    COST_CENTERS,
    OTHER_GOODS,
    SELLERS,
    SERVICES,
    WAREHOUSES,
)
from integrations.simulators.alegra.shapes import plain, seeded_uuid7
from integrations.simulators.catalogue import products, variations
from integrations.simulators.control import timestamp
from integrations.simulators.storage import Record, Store

_RATES = {"19": 19, "5": 5, "exempt": 0, "excluded": 0}
_FIRST_ITEM = 101
# Every so many items one has a UUID, one lacks the code that the DIAN asks for.
_UUID_EVERY, _NO_KEY_EVERY = 9, 11


def seed_company(store: Store, nit: str, catalogue: str) -> None:
    """Fill a company's books. ``catalogue`` is ``demo`` or ``empty`` (no items, one contact).

    Call it inside a transaction.
    """
    seed = _Seed(store, nit)
    seed.lists()
    seed.numberings()
    seed.contacts(CONTACTS if catalogue == "demo" else CONTACTS[:1])
    if catalogue == "demo":
        seed.items()


class _Seed:
    def __init__(self, store: Store, nit: str) -> None:
        self._store = store
        self._nit = nit
        self._now = datetime.now(UTC)
        self._places: list[str] = []
        self._taxes: dict[str, list[str]] = {}
        self._categories: dict[str, Record] = {}
        self._next_item = _FIRST_ITEM

    def _put(self, kind: str, key: str, values: Record) -> Record:
        made_at = timestamp(self._now)
        record = {
            "id": key,
            "kind": kind,
            **DEFAULTS.get(kind, {}),
            **values,
            "made_by": None,
            "made_at": made_at,
            "visible_from": made_at,
        }
        self._store.put(self._nit, kind, key, record)
        return record

    def lists(self) -> None:
        """Everything a set-up screen offers."""
        for place, (name, city) in enumerate(WAREHOUSES):
            key = str(place + 1) if place < 2 else seeded_uuid7(f"{self._nit} {name}")
            values = {"name": name, "isDefault": not place, "address": city}
            self._places.append(self._put("warehouses", key, values)["id"])
        for place, (name, identification) in enumerate(SELLERS):
            last = place == len(SELLERS) - 1
            key = seeded_uuid7(f"{self._nit} {name}") if last else str(place + 1)
            self._put("sellers", key, {"name": name, "identification": identification})
        for place, (code, name) in enumerate(COST_CENTERS):
            self._put("cost-centers", str(place + 1), {"code": code, "name": name})
        for place, (name, kind, number, status) in enumerate(BANK_ACCOUNTS):
            values = {"name": name, "type": kind, "number": number, "status": status}
            self._put("bank-accounts", str(place + 1), values)
        self._put("price-lists", "1", {"name": "General"})
        self._put("terms", "1", {"name": "De contado", "days": "0"})
        self._put("terms", "2", {"name": "30 días", "days": "30"})
        self._put("currencies", "COP", {"code": "COP", "name": "Peso colombiano"})
        dollar = {"code": "USD", "name": "Dólar estadounidense", "exchangeRate": "4000"}
        self._put("currencies", "USD", dollar)
        children = [{"id": "5056", "name": "Ventas", "type": "income", "children": []}]
        self._put("categories", "5001", {"name": "Ingresos", "children": children})
        for place, (name, rate) in enumerate((("Retefuente compras", "2.5"), ("Reteica", "0.414"))):
            self._put("retentions", str(place + 1), {"name": name, "percentage": rate})
        names = dict.fromkeys(product.category for product in products())
        for place, name in enumerate(names):
            self._categories[name] = self._put("item-categories", str(place + 1), {"name": name})
        self._seed_taxes()

    def _seed_taxes(self) -> None:
        first = 3 if self._nit == "901482337" else 13 + 10 * (crc32(self._nit.encode()) % 60)
        for place, (iva, name, rate, kind) in enumerate(
            (
                ("19", "IVA", "19", "IVA"),
                ("5", "IVA", "5", "IVA"),
                ("exempt", "IVA exento", "0", "IVA"),
                ("inc", "Impoconsumo", "8", "INC"),
            )
        ):
            key = str(first + place)
            values = {"name": name, "percentage": rate, "rate": rate, "type": kind}
            self._put("taxes", key, values)
            self._taxes[iva] = [key]
        self._taxes["excluded"] = []

    def numberings(self) -> None:
        """An electronic numbering in force and preferred, an expired one, a plain, a manual one."""
        today = self._now.astimezone(BOGOTA).date()
        in_force = {
            "startDate": (today - timedelta(days=310)).isoformat(),
            "endDate": (today + timedelta(days=420)).isoformat(),
            "resolutionNumber": "18764081234567",
        }
        expired = {
            "startDate": (today - timedelta(days=900)).isoformat(),
            "endDate": (today - timedelta(days=170)).isoformat(),
            "resolutionNumber": "18764049876543",
        }
        for key, values in (
            ("12", {"name": "Factura electrónica", "prefix": "FEHA", "isElectronic": True,
                    "isDefault": True, "minInvoiceNumber": 1, "maxInvoiceNumber": 20_000,
                    "nextInvoiceNumber": 1249, **in_force}),
            ("9", {"name": "Factura electrónica anterior", "prefix": "FEHX", "isElectronic": True,
                   "minInvoiceNumber": 1, "maxInvoiceNumber": 5000, "nextInvoiceNumber": 4211,
                   **expired}),
            ("11", {"name": "Factura de venta", "prefix": "FV", "nextInvoiceNumber": 318}),
            ("15", {"name": "Manual", "prefix": "MP", "autoincrement": False}),
            ("16", {"name": "Talonario antiguo", "prefix": "TA", "status": "inactive"}),
            ("18", {"name": "Nota crédito electrónica", "prefix": "NC", "isElectronic": True,
                    "isDefault": True, "documentType": "creditNote", "nextInvoiceNumber": 41}),
            ("20", {"name": "Cotización", "prefix": "COT", "documentType": "estimate",
                    "isDefault": True}),
            ("21", {"name": "Remisión", "prefix": "", "documentType": "remission",
                    "isDefault": True, "nextInvoiceNumber": 5001}),
        ):  # fmt: skip
            number = values.get("resolutionNumber")
            text = f"Resolución DIAN {number} autoriza {values['prefix']}" if number else None
            self._put("number-templates", key, {**values, "invoiceText": text})

    def contacts(self, wanted: list[dict[str, Any]]) -> None:
        for place, given in enumerate(wanted):
            body = {"type": ["client"], **given}
            moment = (self._now - timedelta(days=90 - place)).astimezone(BOGOTA)
            values = {
                **EMPTY_CONTACT,
                **accept_contact(body),
                "status": given.get("status", "active"),
                "created_at": moment.strftime("%Y-%m-%d %H:%M:%S"),
                "updated_at": moment.strftime("%Y-%m-%d %H:%M:%S"),
                "stock": [],
            }
            self._put("contacts", str(150 + place), values)

    def items(self) -> None:
        """What MasterShop sells and Alegra knows, what only the shop sells, and odd ones."""
        category = {product.id_product: product.category for product in products()}
        for variation in variations():
            if variation.alegra is None:
                continue
            net = Decimal(variation.price) * 100 / (100 + _RATES[variation.iva])
            self._item(
                variation.alegra.name,
                variation.alegra.reference,
                net,
                variation.iva,
                stock=variation.stock,
                cost=variation.unit_cost,
                category=category[variation.id_product],
            )
        for name, reference, price in SERVICES:
            self._item(name, reference, Decimal(price), "19", type="service", unit="service")
        for place, (name, reference, price) in enumerate(OTHER_GOODS):
            status = "inactive" if place % 13 == 5 else "active"
            self._item(name, reference, Decimal(price), "19", stock=15 + place, status=status)
        self._family()

    def _family(self) -> None:
        """A variantParent with its variants, and a kit of two of them."""
        parent = self._item("Camiseta polo", "POLO", Decimal(50000), "19", type="variantParent")
        variants = [
            self._item(
                f"Camiseta polo / {size}",
                f"POLO-{size}",
                Decimal(50000),
                "19",
                stock=30,
                type="variant",
                parent=parent["id"],
            )
            for size in ("S", "M", "L")
        ]
        options = [{"id": str(n + 1), "value": size} for n, size in enumerate(("S", "M", "L"))]
        self._put("variant-attributes", "1", {"name": "Talla", "options": options})
        attributes = [{"id": "1", "options": [{"id": option["id"]} for option in options]}]
        family = {"variants": [one["id"] for one in variants], "variantAttributes": attributes}
        self._put("items", parent["id"], {**parent, **family})
        parts = [{"id": one["id"], "quantity": "1"} for one in variants[:2]]
        self._item("Combo polo S + M", "KIT-POLO", Decimal(90000), "19", type="kit", subitems=parts)

    def _item(
        self,
        name: str,
        reference: str,
        price: Decimal,
        iva: str,
        *,
        stock: int | None = None,
        cost: int | None = None,
        category: str = "",
        **values: Any,
    ) -> Record:
        number = self._next_item
        self._next_item += 1
        has_uuid = number % _UUID_EVERY == 0
        key = seeded_uuid7(f"{self._nit} item {number}") if has_uuid else str(number)
        found = self._categories.get(category)
        record: Record = {
            "name": name,
            "description": None,
            "reference": reference,
            "status": "active",
            "type": "product",
            "productKey": None if number % _NO_KEY_EVERY == 0 else str(53_100_000 + number),
            "itemCategory": found and {"id": found["id"], "name": found["name"]},
            "tax": self._taxes[iva],
            "price": plain(price.quantize(Decimal("0.01"), ROUND_HALF_EVEN)),
            "unit": "unit",
            **values,
        }
        if stock is not None:
            places = _spread(stock, self._places)
            unit_cost = str(cost if cost is not None else round(int(price) * 0.4))
            record |= {"unitCost": unit_cost, "initial": places, "stock": dict(places)}
            record["negativeSale"] = False
        return self._put("items", key, record)


def _spread(units: int, places: list[str]) -> dict[str, str]:
    """Most units in the first bodega; every third item was never in the last one."""
    first, second = units * 6 // 10, units * 3 // 10
    spread = {places[0]: str(first), places[1]: str(second)}
    left = units - first - second
    if units % 3:
        spread[places[2]] = str(left)
    else:
        spread[places[0]] = str(first + left)
    return spread
