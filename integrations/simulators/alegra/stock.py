"""How many units are where, and which document moved them. Alegra reference: what moves stock.

A document keeps the movements it causes at present; changing them moves the difference, so
voiding, reopening, editing and deleting are all the same act.
"""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from integrations.simulators.alegra.books import Books
from integrations.simulators.alegra.refusals import refusal
from integrations.simulators.alegra.shapes import plain
from integrations.simulators.storage import Record

Movements = dict[tuple[str, str], Decimal]  # (item, warehouse) -> delta


def principal_warehouse(books: Books) -> str:
    for warehouse in books.all("warehouses"):
        if warehouse.get("isDefault"):
            return str(warehouse["id"])
    return ""


def movements_of(
    books: Books, lines: Iterable[Record], warehouse: str, sign: int = -1
) -> Movements:
    """What lines with ``id`` and ``quantity`` move; a kit moves its components."""
    moved: Movements = {}
    for line in lines:
        _add(books, moved, line["id"], warehouse, sign * Decimal(line["quantity"]))
    return moved


def _add(books: Books, moved: Movements, key: str, warehouse: str, delta: Decimal) -> None:
    item = books.look("items", key)
    if item is None:
        return
    if item["type"] == "kit":
        for part in item.get("subitems", []):
            _add(books, moved, part["id"], warehouse, delta * Decimal(part["quantity"]))
    elif "stock" in item:
        place = (key, warehouse)
        moved[place] = moved.get(place, Decimal(0)) + delta


def refuse_shortage(books: Books, record: Record, wanted: Movements) -> None:
    """Raises Refused when the fact ``negative_stock`` forbids what would be left; moves nothing."""
    for (key, warehouse), delta in _change(record, wanted).items():
        item = books.store.look(books.nit, "items", key)
        if item is None or "stock" not in item:
            continue
        left = Decimal(item["stock"].get(warehouse, "0")) + delta
        may_go_below = books.facts["negative_stock"] == "allowed" or item.get("negativeSale")
        if delta < 0 and left < 0 and not may_go_below:
            if books.facts["stock_refusal"] == "bare":
                raise refusal("La cantidad ingresada supera la cantidad disponible")
            raise refusal(f"No hay unidades suficientes de {item['name']} en la bodega")


def with_movements(books: Books, record: Record, wanted: Movements) -> Record:
    """The document with its new movements; the items are changed at once.

    Raises Refused, and then has changed none, when there is not enough of one.
    """
    refuse_shortage(books, record, wanted)
    for (key, warehouse), delta in _change(record, wanted).items():
        if delta:
            _move(books, key, warehouse, delta)
    stock = [
        {"item": key, "warehouse": warehouse, "delta": plain(delta)}
        for (key, warehouse), delta in wanted.items()
        if delta
    ]
    return {**record, "stock": stock}


def _change(record: Record, wanted: Movements) -> Movements:
    """What would be moved beyond what the document moves already."""
    change: Movements = dict(wanted)
    for entry in record.get("stock", []):
        place = (entry["item"], entry["warehouse"])
        change[place] = change.get(place, Decimal(0)) - Decimal(entry["delta"])
    return change


def _move(books: Books, key: str, warehouse: str, delta: Decimal) -> None:
    item = books.store.look(books.nit, "items", key)
    if item is None or "stock" not in item:
        return
    left = Decimal(item["stock"].get(warehouse, "0")) + delta
    item = {**item, "stock": {**item["stock"], warehouse: plain(left)}}
    books.put("items", item)
    if books.facts["stock_event"]:
        from integrations.simulators.alegra.item_view import show_item

        books.announce("edit-item", "item", show_item(books, item))
