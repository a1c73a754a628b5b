"""How an item looks in an answer."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from integrations.simulators.alegra.books import Books
from integrations.simulators.alegra.shapes import plain
from integrations.simulators.storage import Record


def show_item(books: Books, record: Record, *, simple: bool = False) -> Record:
    """The item as the API shows it; ``simple`` leaves the stock out.

    A product reads as ``product`` or ``simple``; services and items without inventory have
    no ``inventory`` at all.
    """
    shapes, key = books.shapes, record["id"]
    kind = record["type"]
    if kind == "product" and shapes.varied and shapes.turn(2, "item type", key):
        kind = "simple"
    shown: Record = {
        "id": shapes.id("items", key),
        "name": record["name"],
        "description": record.get("description"),
        "reference": record.get("reference"),
        "status": record["status"],
        "type": kind,
        "productKey": record.get("productKey"),
        "itemCategory": record.get("itemCategory"),
        "category": {"id": "5056", "name": "Ventas"},
        "tax": [_show_tax(books, tax) for tax in record["tax"]],
        "price": [
            {
                "idPriceList": "1",
                "name": "General",
                "type": "amount",
                "price": shapes.money(record["price"], "items", key, "price"),
            }
        ],
    }
    if kind == "variantParent":
        variants = [books.look("items", one) for one in record.get("variants", [])]
        shown["variantAttributes"] = record.get("variantAttributes", [])
        shown["itemVariants"] = [
            {
                "id": shapes.id("items", one["id"]),
                "name": one["name"],
                "reference": one["reference"],
            }
            for one in variants
            if one
        ]
    if kind == "variant":
        shown["itemVariantParent"] = {"id": shapes.id("items", record["parent"])}
    if kind == "kit":
        shown["subitems"] = [
            {"item": {"id": shapes.id("items", part["id"])}, "quantity": part["quantity"]}
            for part in record.get("subitems", [])
        ]
    if simple:
        return shown
    if "stock" in record:
        shown["inventory"] = _show_inventory(books, record)
    elif record.get("unit"):
        shown["unit"] = record["unit"]
    return shown


def _show_tax(books: Books, key: str) -> Record:
    tax = books.look("taxes", key) or {"name": None, "percentage": "0"}
    return {
        "id": books.shapes.id("taxes", key),
        "name": tax["name"],
        "percentage": f"{Decimal(tax['percentage']):.2f}",
    }


def _show_inventory(books: Books, record: Record) -> Record:
    shapes, key = books.shapes, record["id"]

    def amount(value: str | Decimal, name: str) -> Any:
        return shapes.money(value, "items", key, name)

    stock, initial = record["stock"], record["initial"]
    places = []
    for warehouse_key, quantity in stock.items():
        warehouse = books.look("warehouses", warehouse_key)
        if warehouse is not None:
            places.append(
                {
                    "id": shapes.id("warehouses", warehouse_key),
                    "name": warehouse["name"],
                    "initialQuantity": initial.get(warehouse_key, "0"),
                    "availableQuantity": amount(quantity, warehouse_key),
                    "minQuantity": None,
                    "maxQuantity": None,
                }
            )
    total = sum((Decimal(quantity) for quantity in stock.values()), Decimal(0))
    started = sum((Decimal(quantity) for quantity in initial.values()), Decimal(0))
    return {
        "unit": record["unit"],
        "availableQuantity": amount(total, "available"),
        "unitCost": amount(record["unitCost"], "cost"),
        "initialQuantity": plain(started),
        "negativeSale": bool(record.get("negativeSale")),
        "warehouses": places,
    }
