"""Inventory adjustments and transfers between bodegas. Alegra reference: stock."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from integrations.simulators.alegra.books import Books, Call, reference_to
from integrations.simulators.alegra.headers import (
    accept_date,
    accept_named,
    accept_texts,
    accept_warehouse,
    show_named,
)
from integrations.simulators.alegra.lines import number
from integrations.simulators.alegra.lists import equals, page
from integrations.simulators.alegra.refusals import not_in_plan, refusal
from integrations.simulators.alegra.shapes import plain
from integrations.simulators.alegra.stock import Movements, with_movements
from integrations.simulators.control import timestamp
from integrations.simulators.server import Router
from integrations.simulators.storage import Record

_MISSING = {
    "inventory-adjustments": "El ajuste de inventario no existe",
    "warehouse-transfers": "La transferencia entre bodegas no existe",
}
_ORDER = {"id": ("id",), "number": ("number",), "date": ("date",)}


def add_adjustment_routes(router: Router) -> None:
    router.add("GET", "/inventory-adjustments/numerations", list_numerations)
    for kind, create, edit in (
        ("inventory-adjustments", create_adjustment, edit_adjustment),
        ("warehouse-transfers", create_transfer, edit_transfer),
    ):
        router.add("GET", f"/{kind}", _list)
        router.add("POST", f"/{kind}", create)
        router.add("GET", f"/{kind}/{{id}}", _read)
        router.add("PUT", f"/{kind}/{{id}}", edit)
        router.add("DELETE", f"/{kind}/{{id}}", _delete)


def show_movement(books: Books, record: Record, *, row: bool = False) -> Record:
    """An adjustment or a transfer as the API shows it."""
    shapes, kind, key = books.shapes, record["kind"], record["id"]
    shown: Record = {
        "id": shapes.id(kind, key),
        "date": record["date"],
        "number": record["number"],
        "prefix": "",
        "idResolution": "1",
        "observations": record["observations"],
        "costCenter": show_named(books, "cost-centers", record["costCenter"]),
        "items": [
            {
                **{name: line[name] for name in ("type",) if name in line},
                "id": shapes.id("items", line["id"]),
                "name": line["name"],
                "reference": line["reference"],
                "quantity": shapes.money(line["quantity"], kind, key, line["id"]),
                **(
                    {"unitCost": shapes.money(line["unitCost"], kind, key, line["id"], "cost")}
                    if "unitCost" in line
                    else {}
                ),
            }
            for line in record["lines"]
        ],
    }
    for name in ("warehouse", "origin", "destination"):
        if name in record:
            shown[name] = show_named(books, "warehouses", record[name])
    if row and not books.facts["list_has_observations"]:
        del shown["observations"]
    return shown


def list_numerations(call: Call) -> Any:
    return [{"id": "1", "name": "Principal", "prefix": "", "isDefault": True, "status": "active"}]


def create_adjustment(call: Call) -> Any:
    books, body = call.books, call.body
    record = _header(call, "inventory-adjustments", "adjustment number")
    record["warehouse"] = accept_warehouse(books, body.get("warehouse"))
    record["lines"] = _adjustment_lines(books, body.get("items"))
    return _keep(call, record, _adjusted(record))


def edit_adjustment(call: Call) -> Any:
    books, body = call.books, call.body
    record = _edited(call, "inventory-adjustments")
    if "warehouse" in body:
        record["warehouse"] = accept_warehouse(books, body["warehouse"])
    if "items" in body:
        record["lines"] = _adjustment_lines(books, body["items"])
    return _keep(call, record, _adjusted(record), new=False)


def create_transfer(call: Call) -> Any:
    books, body = call.books, call.body
    if books.lacks("warehouses"):
        raise not_in_plan("el manejo de bodegas")
    record = _header(call, "warehouse-transfers", "transfer number")
    for name in ("origin", "destination"):
        if reference_to(body.get(name)) is None:
            raise refusal(f"El campo {name} es obligatorio")
        record[name] = accept_warehouse(books, body[name])
    if record["origin"]["id"] == record["destination"]["id"]:
        raise refusal("La bodega de origen y la de destino deben ser distintas")
    record["lines"] = [_line(books, sent) for sent in _sent(body.get("items"))]
    return _keep(call, record, _transferred(record))


def edit_transfer(call: Call) -> Any:
    books, body = call.books, call.body
    record = _edited(call, "warehouse-transfers")
    if "items" in body:
        record["lines"] = [_line(books, sent) for sent in _sent(body["items"])]
    return _keep(call, record, _transferred(record), new=False)


def _list(call: Call) -> Any:
    kind = call.path.split("/")[1]
    return page(
        call,
        kind,
        lambda record: show_movement(call.books, record, row=True),
        filters={
            "number": equals("number"),
            "date": equals("date"),
            "warehouse_id": equals("warehouse", "id"),
        },
        order=_ORDER,
    )


def _read(call: Call) -> Any:
    kind = call.path.split("/")[1]
    return show_movement(call.books, call.books.get(kind, call.key, _MISSING[kind]))


def _delete(call: Call) -> Any:
    kind = call.path.split("/")[1]
    record = call.books.get(kind, call.key, _MISSING[kind])
    record = with_movements(call.books, record, {})
    call.books.put(kind, {**record, "deleted_at": timestamp(call.books.now)})
    return {"code": 200, "message": "El documento fue eliminado correctamente."}


def _header(call: Call, kind: str, counter: str) -> Record:
    books, body = call.books, call.body
    record = {
        "id": books.mint(kind),
        "kind": kind,
        "number": str(books.store.next_number(books.nit, counter)),
        "date": accept_date(body.get("date"), "date"),
        "observations": None,
        "costCenter": None,
        **accept_texts(body, ("observations",)),
        **accept_named(books, body, ("costCenter",)),
        "stock": [],
    }
    return call.sign(record)


def _edited(call: Call, kind: str) -> Record:
    record = call.books.get(kind, call.key, _MISSING[kind])
    if "date" in call.body:
        record["date"] = accept_date(call.body["date"], "date")
    record |= accept_texts(call.body, ("observations",))
    record |= accept_named(call.books, call.body, ("costCenter",))
    return record


def _keep(call: Call, record: Record, wanted: Movements, *, new: bool = True) -> Any:
    record = with_movements(call.books, record, wanted)
    call.books.put(record["kind"], record)
    if new:
        call.status = call.books.facts["post_status"]
    return show_movement(call.books, record)


def _sent(given: Any) -> list[dict[str, Any]]:
    if not isinstance(given, list) or not given:
        raise refusal("El documento debe tener al menos un ítem")
    return given


def _line(books: Books, sent: dict[str, Any]) -> Record:
    item = books.look("items", reference_to(sent.get("id")))
    if item is None:
        raise refusal("El producto no existe", 404, 400)
    if "stock" not in item:
        raise refusal(f"El producto {item['name']} no maneja inventario")
    quantity = number(sent.get("quantity"), "items.quantity", least=Decimal(0), above=True)
    return {
        "id": item["id"],
        "name": item["name"],
        "reference": item.get("reference"),
        "quantity": plain(quantity),
    }


def _adjustment_lines(books: Books, given: Any) -> list[Record]:
    lines = []
    for sent in _sent(given):
        if sent.get("type") not in {"in", "out"}:
            raise refusal("El tipo de movimiento del ítem debe ser in u out")
        cost = number(sent.get("unitCost"), "items.unitCost", least=Decimal(0))
        lines.append({**_line(books, sent), "type": sent["type"], "unitCost": plain(cost)})
    return lines


def _adjusted(record: Record) -> Movements:
    wanted: Movements = {}
    for line in record["lines"]:
        place = (line["id"], record["warehouse"]["id"])
        sign = 1 if line["type"] == "in" else -1
        wanted[place] = wanted.get(place, Decimal(0)) + sign * Decimal(line["quantity"])
    return wanted


def _transferred(record: Record) -> Movements:
    wanted: Movements = {}
    for line in record["lines"]:
        for name, sign in (("origin", -1), ("destination", 1)):
            place = (line["id"], record[name]["id"])
            wanted[place] = wanted.get(place, Decimal(0)) + sign * Decimal(line["quantity"])
    return wanted
