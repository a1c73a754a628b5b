"""Products and services. https://developer.alegra.com/reference (items)"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from . import pages, records, taxes
from .client import MOST_ROWS, AlegraClient
from .shapes import amount, identity, money, objects, one, segment, text


@dataclass(frozen=True)
class Item:
    """``has_stock`` False means the item is not counted, which is not a stock of zero.

    ``stock`` holds units by warehouse id; a warehouse that is missing never held the item.
    ``price`` is of the first list of plain amounts, before tax.
    """

    id: str
    name: str
    reference: str
    type: str
    status: str
    taxes: tuple[taxes.Tax, ...]
    unit: str
    has_stock: bool
    unit_cost: Decimal | None
    price: Decimal | None
    barcode: str | None
    product_key: str
    stock: dict[str, Decimal] = field(hash=False)
    is_variant_parent: bool
    raw: dict[str, Any] = field(default_factory=dict, repr=False, compare=False)


@dataclass(frozen=True)
class Page:
    """One page of items; iterates over its rows. ``total`` is None when Alegra does not tell."""

    rows: tuple[Item, ...]
    total: int | None
    is_last: bool

    def __iter__(self) -> Iterator[Item]:
        return iter(self.rows)

    def __len__(self) -> int:
        return len(self.rows)


def page(
    client: AlegraClient,
    *,
    start: int = 0,
    limit: int = MOST_ROWS,
    query: str | None = None,
    status: str | None = None,
    warehouse_id: str | None = None,
) -> Page:
    """Items by offset, ordered by name. ``query`` looks in name and reference, as *contains*."""
    rows, total = pages.page(
        client, "/items", _filters(query, status, warehouse_id), start=start, limit=limit
    )
    reached = start + len(rows)
    ended = len(rows) < limit and (total is None or reached >= total)
    return Page(tuple(map(from_row, rows)), total, is_last=ended or not rows)


def every(
    client: AlegraClient,
    *,
    query: str | None = None,
    status: str | None = None,
    warehouse_id: str | None = None,
) -> Iterator[Item]:
    """All items, one request for each thirty."""
    filters = _filters(query, status, warehouse_id)
    return map(from_row, pages.every(client, "/items", filters, overlap=1))


def read(client: AlegraClient, item_id: str) -> Item:
    return from_row(records.read(client, f"/items/{segment(item_id)}"))


def create(client: AlegraClient, body: dict[str, Any]) -> Item:
    return from_row(records.create(client, "/items", body, under=("item",)))


def _filters(query: str | None, status: str | None, warehouse_id: str | None) -> dict[str, Any]:
    # "simple", the other mode, leaves the stock out.
    return {
        "query": query or None,
        "status": status,
        "idWarehouse": warehouse_id,
        "mode": "advanced",
        "order_field": "name",
    }


def from_row(row: dict[str, Any]) -> Item:
    inventory = row.get("inventory")
    held = inventory if isinstance(inventory, dict) else {}
    return Item(
        id=identity(row),
        name=text(row.get("name")),
        reference=_reference(row.get("reference")),
        type=text(row.get("type")),
        status=text(row.get("status")).lower(),
        taxes=tuple(map(taxes.from_row, objects(row.get("tax")))),
        unit=text(held.get("unit")) or text(row.get("unit")),
        has_stock=bool(held),
        unit_cost=money(held.get("unitCost")),
        price=_price(row.get("price")),
        barcode=_barcode(row),
        product_key=text(row.get("productKey")),
        stock={
            identity(warehouse): amount(warehouse.get("availableQuantity"))
            for warehouse in objects(held.get("warehouses"))
        },
        is_variant_parent=text(row.get("type")) == "variantParent",
        raw=row,
    )


def _reference(value: Any) -> str:
    # Some countries' accounts answer an object here.
    return text(one(value).get("reference")) if isinstance(value, dict | list) else text(value)


def _price(value: Any) -> Decimal | None:
    if not isinstance(value, list | dict):
        return money(value)
    prices = objects(value)
    amounts = [each for each in prices if text(each.get("type")) in {"", "amount"}] or prices
    return money(amounts[0].get("price")) if amounts else None


def _barcode(row: dict[str, Any]) -> str | None:
    """Of its own key, or of the custom field that Alegra's screens use for it."""
    if text(row.get("barcode")):
        return text(row["barcode"])
    for extra in objects(row.get("customFields")):
        label = f"{text(extra.get('key'))} {text(extra.get('name'))}".lower()
        if "barcode" in label or "código de barras" in label or "codigo de barras" in label:
            return text(extra.get("value")) or None
    return None
