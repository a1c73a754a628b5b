"""Items: products, services, variants and kits. Alegra reference: items."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from integrations.simulators.alegra.books import Books, Call, reference_to
from integrations.simulators.alegra.item_view import show_item
from integrations.simulators.alegra.lines import number
from integrations.simulators.alegra.lists import Matches, contains, equals, page
from integrations.simulators.alegra.refusals import not_in_plan, refusal
from integrations.simulators.alegra.shapes import plain
from integrations.simulators.alegra.stock import principal_warehouse
from integrations.simulators.control import timestamp
from integrations.simulators.server import Router
from integrations.simulators.storage import Record

MISSING = "El producto no existe"
# The units of Alegra's own list that a shop uses; any other word is refused.
UNITS = frozenset(
    {
        "unit", "piece", "service", "notApplicable", "kit", "pair", "dozen", "package", "box",
        "centimeter", "meter", "inch", "foot", "yard", "meterSquared", "centimeterSquared",
        "inchSquared", "meterCubed", "milliliter", "mililiter", "liter", "gallon", "milligram",
        "gram", "kilogram", "ton", "pound", "ounce", "hour", "minute", "day",
    }
)  # fmt: skip
_TYPES = ("product", "service", "variantParent", "kit", "simple")
_LOCKED_KINDS = ("invoices", "remissions", "estimates", "credit-notes", "inventory-adjustments")


def _matches_query(record: Record, value: str) -> bool:
    words = (record["name"], record.get("reference") or "")
    return any(value.lower() in word.lower() for word in words)


def _matches_type(record: Record, value: str) -> bool:
    return record["type"] == ("product" if value == "simple" else value)


_FILTERS: dict[str, Matches] = {
    "query": _matches_query,
    "name": contains("name"),
    "reference": contains("reference"),
    "type": _matches_type,
    "status": equals("status"),
    "idItemCategory": equals("itemCategory", "id"),
    "idWarehouse": lambda record, value: value in record.get("stock", {}),
}
_ORDER = {
    "name": ("name",),
    "id": ("id",),
    "reference": ("reference",),
    "description": ("description",),
}


def add_item_routes(router: Router) -> None:
    router.add("GET", "/items", list_items)
    router.add("POST", "/items", create_item)
    router.add("GET", "/items/{id}", read_item)
    router.add("PUT", "/items/{id}", edit_item)
    router.add("DELETE", "/items/{id}", delete_item)


def list_items(call: Call) -> Any:
    simple = call.query.get("mode") == "simple"
    return page(
        call,
        "items",
        lambda record: show_item(call.books, record, simple=simple),
        filters=_FILTERS,
        order=_ORDER,
    )


def read_item(call: Call) -> Any:
    simple = call.query.get("mode") == "simple"
    return show_item(call.books, call.books.get("items", call.key, MISSING), simple=simple)


def create_item(call: Call) -> Any:
    books, body = call.books, call.body
    kind = body.get("type") or "product"
    if kind not in _TYPES:
        raise refusal("El tipo de producto es inválido")
    record: Record = {
        "id": books.mint("items"),
        "kind": "items",
        "type": "product" if kind == "simple" else kind,
        "status": "active",
        "description": None,
        "reference": None,
        "productKey": None,
        "itemCategory": None,
        "tax": [],
        "unit": "service" if kind == "service" else None,
        **_accept(books, body, new=True),
    }
    if kind == "kit":
        record["subitems"] = _accept_parts(books, body.get("subitems"))
    elif "inventory" in body and kind != "service":
        record |= _accept_inventory(books, body["inventory"])
    _refuse_repeated(books, record)
    record = call.sign(record)
    if kind == "variantParent":
        record["variantAttributes"] = body.get("variantAttributes") or []
        record["variants"] = _create_variants(call, record, body.get("itemVariants"))
    books.put("items", record)
    shown = show_item(books, record)
    books.announce("new-item", "item", shown)
    call.status = books.facts["post_status"]
    return shown


def edit_item(call: Call) -> Any:
    """Partial. Quantities cannot be written, but an item without inventory gets one; an inactive
    item must be activated with it."""
    books, body = call.books, call.body
    record = books.get("items", call.key, MISSING)
    if record["status"] != "active" and body.get("status") != "active":
        raise refusal("El producto se encuentra inactivo y no se puede editar")
    record |= _accept(books, body, new=False)
    if "reference" in body:
        _refuse_repeated(books, record)
    if body.get("status") in {"active", "inactive"}:
        record["status"] = body["status"]
    inventory = body.get("inventory")
    if isinstance(inventory, dict) and "stock" in record:
        if "unit" in inventory:
            unit = inventory["unit"]
            record["unit"] = None if unit is None else _accept_unit(unit)
        if "unitCost" in inventory:
            record["unitCost"] = plain(number(inventory["unitCost"], "unitCost"))
        if "negativeSale" in inventory:
            record["negativeSale"] = bool(inventory["negativeSale"])
    elif isinstance(inventory, dict) and record["type"] not in {"service", "kit", "variantParent"}:
        record |= _accept_inventory(books, inventory)
    books.put("items", record)
    shown = show_item(books, record)
    books.announce("edit-item", "item", shown)
    return shown


def delete_item(call: Call) -> Any:
    """Answers 200 with a key named ``error`` that says it went well."""
    books = call.books
    record = books.get("items", call.key, MISSING)
    for kind in _LOCKED_KINDS:
        for one in books.all(kind):
            if any(line["id"] == record["id"] for line in one["lines"]):
                raise refusal("El producto tiene movimientos y no se puede eliminar")
    books.put("items", {**record, "deleted_at": timestamp(books.now)})
    books.announce("delete-item", "item", {"id": books.shapes.id("items", record["id"])})
    return {"error": "El producto fue eliminado correctamente.", "code": 200}


def _accept(books: Books, body: dict[str, Any], *, new: bool) -> Record:
    kept: Record = {}
    if new or "name" in body:
        name = body.get("name")
        if not isinstance(name, str) or not name.strip():
            raise refusal("El nombre del producto es obligatorio")
        kept["name"] = name.strip()
    if new or "price" in body:
        kept["price"] = _accept_price(books, body.get("price"))
    for field in ("description", "reference", "productKey"):
        if field in body:
            if body[field] is not None and not isinstance(body[field], str | int):
                raise refusal(f"El campo {field} es inválido", 1106)
            kept[field] = None if body[field] is None else str(body[field])
    if "itemCategory" in body:
        category = books.look("item-categories", reference_to(body["itemCategory"]))
        kept["itemCategory"] = category and {"id": category["id"], "name": category["name"]}
    if "tax" in body:
        given = body["tax"] if isinstance(body["tax"], list) else [body["tax"]]
        keys = [str(reference_to(one)) for one in given if reference_to(one)]
        if any(books.look("taxes", key) is None for key in keys):
            raise refusal("El impuesto seleccionado no existe")
        kept["tax"] = keys
    return kept


def _accept_price(books: Books, given: Any) -> str:
    if isinstance(given, list):
        sent = given[0] if given and isinstance(given[0], dict) else {}
        key = reference_to(sent.get("idPriceList"))
        if key is not None and books.look("price-lists", key) is None:
            raise refusal(f"La lista de precios con id {key} no fue encontrada")
        given = sent.get("price")
    return plain(number(given, "price", least=Decimal(0)))


def _refuse_repeated(books: Books, record: Record) -> None:
    """Two items of a company cannot have one reference; deleted ones do not count."""
    reference = record.get("reference")
    for other in books.all("items") if reference else ():
        if other["id"] != record["id"] and other.get("reference") == reference:
            raise refusal(f"Ya existe un producto con la referencia {reference}")


def _accept_unit(given: Any) -> str:
    if given not in UNITS:
        raise refusal(f"La unidad de medida {given} no es válida")
    return str(given)


def _accept_inventory(books: Books, given: Any) -> Record:
    if not isinstance(given, dict) or not given.get("unit"):
        raise refusal("La unidad de medida del inventario es obligatoria", 1039)
    initial: dict[str, str] = {}
    for place in given.get("warehouses") or []:
        key = str(reference_to(place))
        if books.look("warehouses", key) is None:
            raise refusal("La bodega seleccionada no existe")
        if books.lacks("warehouses") and key != principal_warehouse(books):
            raise not_in_plan("el manejo de bodegas")
        initial[key] = plain(number(place.get("initialQuantity", 0), "initialQuantity"))
    if not initial:
        quantity = number(given.get("initialQuantity", 0), "initialQuantity")
        initial = {principal_warehouse(books): plain(quantity)}
    return {
        "unit": _accept_unit(given["unit"]),
        "unitCost": plain(number(given.get("unitCost", 0), "unitCost")),
        "negativeSale": bool(given.get("negativeSale")),
        "initial": initial,
        "stock": dict(initial),
    }


def _accept_parts(books: Books, given: Any) -> list[Record]:
    parts = []
    for part in given or []:
        key = reference_to(part.get("item"))
        if books.look("items", key) is None:
            raise refusal("Un componente del combo no existe")
        quantity = number(part.get("quantity"), "quantity", least=Decimal(0), above=True)
        parts.append({"id": key, "quantity": plain(quantity)})
    if not parts:
        raise refusal("Un combo debe tener al menos un componente")
    return parts


def _create_variants(call: Call, parent: Record, given: Any) -> list[str]:
    books = call.books
    if not isinstance(given, list) or not given or len(given) > 100:
        raise refusal("Las opciones de las variantes son obligatorias")
    keys = []
    for sent in given:
        inventory = sent.get("inventory") or {"unit": "unit"}
        variant = call.sign(
            {
                **parent,
                "id": books.mint("items"),
                "type": "variant",
                "parent": parent["id"],
                "name": str(sent.get("name") or parent["name"]),
                "reference": sent.get("reference"),
                **_accept_inventory(books, inventory),
            }
        )
        books.put("items", variant)
        keys.append(variant["id"])
    return keys
