"""Bodegas, levels and movements of stock.

MasterShop publishes nothing about stock: these are the types of the contract the portal speaks
until a real account says otherwise. MasterShop reference: bodegas; the stock contract.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from . import values
from .values import Fields

REASONS = ("sale", "return", "adjustment", "purchase", "transfer")

_MOST_ITEMS = 1000


@dataclass(frozen=True, slots=True)
class Warehouse:
    id: str
    name: str
    city: str
    department: str
    dane_code: str
    is_active: bool


@dataclass(frozen=True, slots=True)
class StockLevel:
    product_id: str
    variant_id: str
    stock: Decimal


@dataclass(frozen=True, slots=True)
class MovedItem:
    """`quantity` is signed; `stock` is the level afterwards, None when not told."""

    variant_id: str
    quantity: Decimal
    stock: Decimal | None


@dataclass(frozen=True, slots=True)
class Movement:
    """One movement as the event reports it; `order_id` is '' when no order caused it.

    `is_complete` is False when an item could not be read, so that a level must be read instead.
    """

    movement_id: str
    warehouse_id: str
    business_id: str
    reason: str
    order_id: str
    items: tuple[MovedItem, ...]
    moved_at: datetime | None
    is_complete: bool


def read_warehouse(entry: Any) -> Warehouse | None:
    """A bodega of the list; None without a usable id. One that does not say is active."""
    fields = Fields(entry)
    number = values.key(fields.first("id_warehouse", "warehouse_id", "id"))
    if not number:
        return None
    active = fields.first("is_active", "is_enable")
    return Warehouse(
        id=number,
        name=values.text(fields.first("name"), limit=150),
        city=values.text(fields.first("city"), limit=100),
        department=values.text(fields.first("state", "department"), limit=100),
        dane_code=values.text(fields.first("city_dane_code", "dane_code"), limit=20),
        is_active=active is None or values.flag(active),
    )


def read_level(entry: Any) -> StockLevel | None:
    """A level of the list; None when the variation or the level is not told."""
    fields = Fields(entry)
    variant = values.key(fields.first("id_variant", "variant_id"))
    stock = values.quantity(fields.first("stock", "quantity"))
    if not variant or stock is None:
        return None
    return StockLevel(values.key(fields.first("id_product", "product_id")), variant, stock)


def parse_movement(body: Any) -> Movement | None:
    """The movement a delivery reports; None when it names no bodega or no movement."""
    fields = Fields(body)
    wrapped = fields.first("data")
    if isinstance(wrapped, Mapping) and not fields.has("movement_id"):
        fields = Fields({**body, **wrapped})
    movement_id = values.key(fields.first("movement_id", "id_movement"))
    warehouse_id = values.key(fields.first("id_warehouse", "warehouse_id"))
    if not movement_id or not warehouse_id:
        return None
    told = fields.first("items")
    entries = told if isinstance(told, list) else []
    items = [_read_item(Fields(entry)) for entry in entries[:_MOST_ITEMS]]
    read = tuple(item for item in items if item is not None)
    return Movement(
        movement_id=movement_id,
        warehouse_id=warehouse_id,
        business_id=values.key(fields.first("id_business", "business_id")),
        reason=values.text(fields.first("reason"), limit=40).lower(),
        order_id=values.key(fields.first("id_order", "order_id")),
        items=read,
        moved_at=values.moment(fields.first("date", "created_at")),
        is_complete=bool(entries) and len(read) == len(entries),
    )


def _read_item(fields: Fields) -> MovedItem | None:
    variant = values.key(fields.first("id_variant", "variant_id"))
    quantity = values.quantity(fields.first("quantity"))
    if not variant or quantity is None:
        return None
    return MovedItem(variant, quantity, values.quantity(fields.first("stock")))
