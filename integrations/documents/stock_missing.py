"""*Sin existencias*: whether Alegra refused a document because it has too few units.

No code and no words of that refusal are known (Alegra reference, "Business codes observed"), so
that each product is read there, and it is said only where more was asked than is available.
Alegra reference, "Items": the units of one bodega are `inventory.warehouses[].availableQuantity`;
a bodega that is not named never held the product.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from django.core.cache import cache

from integrations.alegra import items as alegra_items
from integrations.alegra.client import AlegraClient
from integrations.alegra.document import Document as AlegraDocument
from integrations.alegra.errors import AlegraError, BudgetExhausted, RateLimited
from integrations.alegra.shapes import amount, flag, identity, money, objects, one
from integrations.catalog.models import AlegraItem
from integrations.connections.models import ReferenceEntry
from integrations.documents.models import Document
from integrations.sending.frozen import thaw
from integrations.sending.problem_kinds import Found
from integrations.timekeeping.timing import timing

CODE = "stock_missing"
# A document of a hundred lines must not spend a minute's calls.
MOST_READ = 10


@dataclass(frozen=True)
class Held:
    """What Alegra has of one product. `left`: units in the bodega asked about; None where they
    are not counted, or may be sold without being there."""

    alegra_id: str
    name: str
    left: Decimal | None
    parts: tuple[tuple[str, Decimal], ...] = ()


def look(
    client: AlegraClient, document: Document, found: AlegraDocument | None = None
) -> tuple[Found, ...]:
    """One problem for each product of which more is asked than is there; () for none.

    `found`: the document as Alegra has it; without, what was about to be sent. One call a
    product, at most ten, none for a service or for what was read some seconds ago. What cannot
    be read is taken for enough. Raises BudgetExhausted and RateLimited. No transaction may be
    open.
    """
    asked, warehouse = _asked_of(document, found)
    for alegra_id in _uncounted(document.company_id, asked):
        del asked[alegra_id]
    place = _Place.of(document, warehouse)
    missing: list[Found] = []
    wanted: dict[str, Decimal] = {}
    for alegra_id, quantity in list(asked.items())[:MOST_READ]:
        held = read_one(client, document.company_id, alegra_id, place.alegra_id)
        if held is not None and held.parts:
            # A kit has no stock of its own: its components have.
            for part, each in held.parts:
                wanted[part] = wanted.get(part, Decimal(0)) + each * quantity
        else:
            wanted[alegra_id] = wanted.get(alegra_id, Decimal(0)) + quantity
    for alegra_id, quantity in list(wanted.items())[:MOST_READ]:
        held = read_one(client, document.company_id, alegra_id, place.alegra_id)
        if held is not None and held.left is not None and held.left < quantity:
            missing.append(_problem(held, quantity, place))
    return tuple(missing)


def _uncounted(company_id: int, ids: Iterable[str]) -> list[str]:
    """Those that the copies know as without stock; a kit has that of its components."""
    rows = AlegraItem.objects.filter(company=company_id, alegra_id__in=list(ids), has_stock=False)
    return list(rows.exclude(type="kit").values_list("alegra_id", flat=True))


def read_one(
    client: AlegraClient, company_id: int, alegra_id: str, warehouse_id: str, *, fresh: bool = False
) -> Held | None:
    """What Alegra has of it in that bodega ('' is all of them); None where it cannot be read.

    Raises BudgetExhausted and RateLimited. One read some seconds ago is believed, unless `fresh`.
    """
    key = f"stock:{company_id}:{alegra_id}:{warehouse_id}"
    held = None if fresh else cache.get(key)
    if held is None:
        try:
            item = alegra_items.read(client, alegra_id)
        except (BudgetExhausted, RateLimited):
            raise
        except AlegraError:
            return None
        held = _held(item, warehouse_id)
        cache.set(key, held, timing().refusal_copy)
    return held


@dataclass(frozen=True)
class _Place:
    alegra_id: str
    name: str

    @classmethod
    def of(cls, document: Document, alegra_id: str) -> _Place:
        rows = ReferenceEntry.objects.filter(
            company=document.company_id, kind=ReferenceEntry.Kind.WAREHOUSE
        )
        if alegra_id:
            entry = rows.filter(alegra_id=alegra_id).first()
        else:
            entry = next((row for row in rows if row.data.get("is_default")), None)
        if entry is None:
            return cls(alegra_id, alegra_id or "la bodega principal")
        return cls(entry.alegra_id, entry.name)


def _asked_of(document: Document, found: AlegraDocument | None) -> tuple[dict[str, Decimal], str]:
    """Units by product, and the bodega; those of one product in several lines together."""
    payload = thaw(document.payload) if document.payload else {}
    if found is not None:
        rows = [(line.item_id, line.quantity) for line in found.lines]
        warehouse = found.warehouse_id
    else:
        rows = [(identity(row), amount(row.get("quantity"))) for row in payload.get("items", [])]
        warehouse = ""
    warehouse = warehouse or identity(payload.get("warehouse"))
    return _together(rows), warehouse or str((document.built or {}).get("warehouse") or "")


def _together(rows: Iterable[tuple[str, Decimal]]) -> dict[str, Decimal]:
    units: dict[str, Decimal] = {}
    for alegra_id, quantity in rows:
        if alegra_id:
            units[alegra_id] = units.get(alegra_id, Decimal(0)) + Decimal(quantity)
    return units


def _held(item: alegra_items.Item, warehouse_id: str) -> Held:
    inventory = one(item.raw.get("inventory"))
    parts = tuple(
        (identity(part.get("item")) or identity(part), amount(part.get("quantity")))
        for part in objects(item.raw.get("subitems"))
    )
    left = None
    if item.has_stock and not flag(inventory.get("negativeSale")):
        # An account without bodegas tells the sum alone.
        left = money(inventory.get("availableQuantity"))
        if item.stock and warehouse_id:
            left = item.stock.get(warehouse_id, Decimal(0))
    return Held(item.id, item.name, left, parts if item.type == "kit" else ())


def _problem(held: Held, asked: Decimal, place: _Place) -> Found:
    return Found(
        CODE,
        f"{held.alegra_id}:{place.alegra_id}",
        {
            "item": held.name,
            "warehouse": place.name,
            "asked": _units(asked),
            "left": _units(held.left or Decimal(0)),
        },
    )


def _units(quantity: Decimal) -> str:
    return f"{quantity.normalize():,f}".translate(str.maketrans(",.", ".,"))
