"""Remissions: open, void, closed by an invoice; never a draft. Alegra reference: remissions."""

from __future__ import annotations

from typing import Any

from integrations.simulators.alegra.books import Books, Call, reference_to
from integrations.simulators.alegra.headers import (
    accept_client,
    accept_date,
    accept_named,
    accept_texts,
    accept_warehouse,
    show_client,
    show_named,
    show_warehouse,
)
from integrations.simulators.alegra.lines import accept_lines, show_lines
from integrations.simulators.alegra.lists import Matches, contains, equals, one_of, page
from integrations.simulators.alegra.numbering import choose_template, take_number
from integrations.simulators.alegra.refusals import refusal
from integrations.simulators.alegra.stock import movements_of, with_movements
from integrations.simulators.control import timestamp
from integrations.simulators.server import Router
from integrations.simulators.storage import Record

MISSING = "La remisión no existe"
_NAMED = ("seller", "costCenter", "priceList")
_TEXTS = ("observations", "anotation")
_ORDER = {
    "number": ("number",),
    "dueDate": ("dueDate",),
    "status": ("status",),
    "name": ("client", "name"),
}


def _same_digits(record: Record, value: str) -> bool:
    digits = "".join(filter(str.isdigit, value)).lstrip("0")
    return "".join(filter(str.isdigit, record["number"])).lstrip("0") == digits


_FILTERS: dict[str, Matches] = {
    "client_id": contains("client", "id"),
    "client_name": contains("client", "name"),
    "status": one_of("status"),
    "warehouse_id": equals("warehouse", "id"),
    "priceList_id": equals("priceList", "id"),
    "date": equals("date"),
    "dueDate": equals("dueDate"),
    "number": _same_digits,
    "item_id": lambda record, value: any(line["id"] == value for line in record["lines"]),
}


def add_remission_routes(router: Router) -> None:
    router.add("GET", "/remissions", list_remissions)
    router.add("POST", "/remissions", create_remission)
    router.add("GET", "/remissions/{id}", read_remission)
    router.add("PUT", "/remissions/{id}", edit_remission)
    router.add("DELETE", "/remissions/{id}", delete_remission)
    router.add("POST", "/remissions/{id}/void", void_remission)
    router.add("POST", "/remissions/{id}/open", open_remission)


def show_remission(books: Books, record: Record, *, row: bool = False) -> Record:
    """The remission as the API shows it. Only a list's row carries the cost centre."""
    shapes, key = books.shapes, record["id"]
    cost_center = record["costCenter"] if row else None
    shown: Record = {
        "id": shapes.id("remissions", key),
        "number": record["number"],
        "documentName": "remission",
        "date": record["date"],
        "dueDate": record["dueDate"],
        "status": record["status"],
        "observations": record["observations"],
        "anotation": record["anotation"],
        "client": show_client(books, record["client"], books.facts["remission_client"]),
        "warehouse": show_warehouse(books, record["warehouse"]),
        "seller": show_named(books, "sellers", record["seller"]),
        "priceList": show_named(books, "price-lists", record["priceList"]),
        "costCenter": show_named(books, "cost-centers", cost_center),
        "currency": None,
        "items": show_lines(books, record),
        "total": shapes.money(record["total"], "remissions", key, "total"),
    }
    if row and not books.facts["list_has_observations"]:
        del shown["observations"]
    return shown


def list_remissions(call: Call) -> Any:
    return page(
        call,
        "remissions",
        lambda record: show_remission(call.books, record, row=True),
        filters=_FILTERS,
        order=_ORDER,
        newest_first=True,
    )


def read_remission(call: Call) -> Any:
    record = call.books.get("remissions", call.key, MISSING)
    shown = show_remission(call.books, record)
    fields = call.query.get("fields", "").split(",")
    if "invoices" in fields:
        shown["invoices"] = [{"id": key} for key in record["invoices"]]
    if "comments" in fields:
        shown["comments"] = []
    if "pdf" in fields:
        host = call.request.headers.get("host", "")
        shown["pdf"] = f"http://{host}/app/remission/{record['id']}"
    return shown


def create_remission(call: Call) -> Any:
    books, body = call.books, call.body
    lines, totals = accept_lines(books, body.get("items"))
    record: Record = {
        "id": books.mint("remissions"),
        "kind": "remissions",
        "date": accept_date(body.get("date"), "date"),
        "dueDate": accept_date(body.get("dueDate"), "dueDate"),
        "datetime": books.datetime,
        "status": "open",
        "client": accept_client(books, body.get("client")),
        "template": None,
        "lines": lines,
        **totals,
        "warehouse": accept_warehouse(books, body.get("warehouse")),
        **dict.fromkeys((*_NAMED, *_TEXTS)),
        **accept_named(books, body, _NAMED),
        **accept_texts(body, _TEXTS),
        "invoices": [],
        "stock": [],
    }
    if reference_to(body.get("numberTemplate")):
        record["template"] = choose_template(books, body["numberTemplate"], "remission")
        record = take_number(books, "remissions", record)
        record["number"] = record["template"]["number"]
    else:
        record["number"] = str(books.store.next_number(books.nit, "remission number", 77))
    record = _moved(books, call.sign(record))
    books.put("remissions", record)
    call.status = books.facts["post_status"]
    return show_remission(books, record)


def edit_remission(call: Call) -> Any:
    books, body = call.books, call.body
    record = books.get("remissions", call.key, MISSING)
    if record["status"] != "open":
        raise refusal("Solo se pueden editar remisiones abiertas")
    for name in ("date", "dueDate"):
        if name in body:
            record[name] = accept_date(body[name], name)
    if "client" in body:
        record["client"] = accept_client(books, body["client"])
    if "items" in body:
        lines, totals = accept_lines(books, body["items"])
        record |= {"lines": lines, **totals}
    if "warehouse" in body:
        record["warehouse"] = accept_warehouse(books, body["warehouse"])
    record |= accept_named(books, body, _NAMED) | accept_texts(body, _TEXTS)
    record = _moved(books, record)
    books.put("remissions", record)
    return show_remission(books, record)


def delete_remission(call: Call) -> Any:
    books = call.books
    record = _unlinked(books, call.key)
    record = with_movements(books, record, {})
    books.put("remissions", {**record, "deleted_at": timestamp(books.now)})
    return {"code": 200, "message": "La remisión fue eliminada correctamente."}


def void_remission(call: Call) -> Any:
    books = call.books
    record = _unlinked(books, call.key)
    if record["status"] == "void":
        raise refusal("La remisión ya se encuentra anulada")
    record = with_movements(books, {**record, "status": "void"}, {})
    books.put("remissions", record)
    return show_remission(books, record)


def open_remission(call: Call) -> Any:
    books = call.books
    record = books.get("remissions", call.key, MISSING)
    if record["status"] != "void":
        raise refusal("Solo se pueden abrir remisiones anuladas")
    record = _moved(books, {**record, "status": "open"})
    books.put("remissions", record)
    return show_remission(books, record)


def link_remissions(books: Books, invoice: Record, given: Any) -> Record:
    """The invoice of these open remissions, which become closed; unchanged without any."""
    if not given:
        return invoice
    keys = [reference_to(one) for one in (given if isinstance(given, list) else [given])]
    for key in keys:
        remission = books.get("remissions", str(key), MISSING)
        if remission["status"] != "open":
            raise refusal(f"La remisión {remission['number']} no está abierta")
        remission |= {"status": "closed", "invoices": [invoice["id"]]}
        books.put("remissions", remission)
    lines = [{**line, "remission": {"id": keys[0]}} for line in invoice["lines"]]
    return {**invoice, "remissions": keys, "lines": lines}


def unlink_remissions(books: Books, invoice: Record) -> Record:
    """Give its remissions back when an invoice is voided or deleted."""
    for key in invoice.get("remissions", []):
        remission = books.get("remissions", key, MISSING)
        books.put("remissions", {**remission, "status": "open", "invoices": []})
    return {**invoice, "remissions": []}


def _unlinked(books: Books, key: str) -> Record:
    record = books.get("remissions", key, MISSING)
    if record["invoices"]:
        raise refusal("La remisión tiene facturas asociadas")
    return record


def _moved(books: Books, record: Record) -> Record:
    if not books.facts["remission_moves_stock"]:
        return with_movements(books, record, {})
    wanted = movements_of(books, record["lines"], record["warehouse"]["id"])
    return with_movements(books, record, wanted)
