"""Credit notes: what they take off an invoice and bring back to stock."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from integrations.simulators.alegra.books import Books, Call, reference_to
from integrations.simulators.alegra.closing import refuse_closed
from integrations.simulators.alegra.headers import (
    accept_client,
    accept_date,
    accept_named,
    accept_texts,
    accept_warehouse,
    show_client,
    show_named,
)
from integrations.simulators.alegra.invoice_state import settled
from integrations.simulators.alegra.invoice_view import balance_of
from integrations.simulators.alegra.lines import accept_lines, number, show_lines
from integrations.simulators.alegra.lists import Matches, contains, equals, one_of, page
from integrations.simulators.alegra.numbering import (
    choose_template,
    is_electronic,
    show_template,
    take_number,
)
from integrations.simulators.alegra.refusals import refusal
from integrations.simulators.alegra.shapes import plain
from integrations.simulators.alegra.stock import movements_of, with_movements
from integrations.simulators.control import timestamp
from integrations.simulators.server import Router
from integrations.simulators.storage import Record

MISSING = "La nota crédito no existe"
_RETURNS_STOCK = ("PARTIALL_DEVOLUTION", "VOID_ELECTRONIC_INVOICE")
_TYPES = (
    *_RETURNS_STOCK,
    "REDUCTION_DISCOUNT_PARTIAL_TOTAL",
    "PRICE_ADJUSTMENT",
    "OTHER",
)
_FILTERS: dict[str, Matches] = {
    "id": one_of("id"),
    "date": equals("date"),
    "client_id": contains("client", "id"),
    "status": one_of("status"),
}
_ORDER = {"id": ("id",), "date": ("date",), "status": ("status",)}


def add_credit_note_routes(router: Router) -> None:
    router.add("GET", "/credit-notes", list_notes)
    router.add("POST", "/credit-notes", create_note)
    router.add("GET", "/credit-notes/{id}", read_note)
    router.add("PUT", "/credit-notes/{id}", edit_note)
    router.add("DELETE", "/credit-notes/{id}", delete_note)


def show_note(books: Books, record: Record, *, row: bool = False) -> Record:
    shapes, kind, key = books.shapes, "credit-notes", record["id"]
    left = Decimal(record["total"]) - _applied(record)
    shown = {
        "id": shapes.id(kind, key),
        "date": record["date"],
        "datetime": record["datetime"],
        "status": record["status"],
        "client": show_client(books, record["client"]),
        "numberTemplate": show_template(books, record, "creditNote"),
        "type": record["type"],
        "cause": record["cause"],
        "observations": record["observations"],
        "warehouse": show_named(books, "warehouses", record["warehouse"]),
        "costCenter": show_named(books, "cost-centers", record["costCenter"]),
        "items": show_lines(books, record),
        "invoices": [
            {
                "id": shapes.id("invoices", entry["id"]),
                "amount": shapes.money(entry["amount"], kind, key, entry["id"]),
            }
            for entry in record["invoices"]
        ],
        "subtotal": shapes.money(record["subtotal"], kind, key, "subtotal"),
        "total": shapes.money(record["total"], kind, key, "total"),
        "balance": shapes.money(left, kind, key, "balance"),
        "stamp": record["stamp"],
    }
    if row and not books.facts["list_has_observations"]:
        del shown["observations"]
    return shown


def list_notes(call: Call) -> Any:
    return page(
        call,
        "credit-notes",
        lambda record: show_note(call.books, record, row=True),
        filters=_FILTERS,
        order=_ORDER,
    )


def read_note(call: Call) -> Any:
    return show_note(call.books, call.books.get("credit-notes", call.key, MISSING))


def create_note(call: Call) -> Any:
    """A note on open or paid invoices; electronic numbering needs type and cause (9070)."""
    books, body = call.books, call.body
    day = accept_date(body.get("date"), "date")
    refuse_closed(books, day)
    lines, totals = accept_lines(books, body.get("items"), is_credit_note=True)
    record: Record = {
        "id": books.mint("credit-notes"),
        "kind": "credit-notes",
        "date": day,
        "datetime": books.datetime,
        "status": "open",
        "client": accept_client(books, body.get("client")),
        "template": choose_template(books, body.get("numberTemplate"), "creditNote"),
        "type": body.get("type"),
        "cause": body.get("cause"),
        "lines": lines,
        **totals,
        "warehouse": accept_warehouse(books, body.get("warehouse")),
        "costCenter": None,
        "observations": None,
        **accept_named(books, body, ("costCenter",)),
        **accept_texts(body, ("observations",)),
        "invoices": [],
        "stamp": None,
        "stock": [],
    }
    if is_electronic(books, record) and not (record["type"] and record["cause"]):
        raise refusal("El tipo y la causa de la nota crédito son obligatorios", 9070)
    if record["type"] is not None and record["type"] not in _TYPES:
        raise refusal("El tipo de nota crédito es inválido", 9070)
    record = take_number(books, "credit-notes", call.sign(record))
    record = _credit(books, record, body.get("invoices") or [])
    record["status"] = "closed" if _applied(record) == Decimal(record["total"]) else "open"
    if record["type"] in _RETURNS_STOCK:
        wanted = movements_of(books, lines, record["warehouse"]["id"], sign=1)
        record = with_movements(books, record, wanted)
    if isinstance(body.get("stamp"), dict) and body["stamp"].get("generateStamp"):
        record["stamp"] = {
            "legalStatus": "STAMPED_AND_ACCEPTED",
            "cufe": record["id"].replace("-", "").rjust(96, "0"),
            "date": books.datetime,
            "warnings": [],
        }
    books.put("credit-notes", record)
    call.status = books.facts["post_status"]
    return show_note(books, record)


def edit_note(call: Call) -> Any:
    books, body = call.books, call.body
    record = books.get("credit-notes", call.key, MISSING)
    if record["stamp"]:
        raise refusal("La nota crédito fue emitida ante la DIAN y no se puede editar")
    if "date" in body:
        record["date"] = accept_date(body["date"], "date")
    if "cause" in body:
        record["cause"] = body["cause"]
    record |= accept_texts(body, ("observations",))
    record |= accept_named(books, body, ("costCenter",))
    books.put("credit-notes", record)
    return show_note(books, record)


def delete_note(call: Call) -> Any:
    books = call.books
    record = books.get("credit-notes", call.key, MISSING)
    if record["stamp"]:
        raise refusal("La nota crédito fue emitida ante la DIAN y no se puede eliminar")
    for entry in record["invoices"]:
        invoice = books.store.get(books.nit, "invoices", entry["id"])
        if invoice is not None:
            invoice["credits"] = [one for one in invoice["credits"] if one["id"] != record["id"]]
            books.put("invoices", settled(invoice))
    record = with_movements(books, record, {})
    books.put("credit-notes", {**record, "deleted_at": timestamp(books.now)})
    return {"code": 200, "message": "La nota crédito fue eliminada correctamente."}


def _credit(books: Books, record: Record, given: list[Any]) -> Record:
    """The note with the invoices it is applied to; each owes less from now on.

    A paid invoice may be credited up to what was invoiced: the money is then owed to the
    buyer, and the invoice stays closed.
    """
    applied = []
    for entry in given:
        invoice = books.get("invoices", str(reference_to(entry)), "La factura no existe")
        amount = number(entry.get("amount"), "invoices.amount", least=Decimal(0), above=True)
        if invoice["status"] not in {"open", "closed"}:
            raise refusal("Solo se pueden acreditar facturas abiertas o pagadas")
        if invoice["client"]["id"] != record["client"]["id"]:
            raise refusal("La factura es de otro cliente")
        credited = sum((Decimal(one["amount"]) for one in invoice["credits"]), Decimal(0))
        if amount + credited > Decimal(invoice["total"]):
            raise refusal("El valor de la nota es mayor que el de la factura")
        owed = min(amount, balance_of(invoice))
        applied.append({"id": invoice["id"], "amount": plain(amount)})
        invoice["credits"].append({"id": record["id"], "amount": plain(owed)})
        books.put("invoices", settled(invoice))
    record = {**record, "invoices": applied}
    if _applied(record) > Decimal(record["total"]):
        raise refusal("El valor aplicado es mayor que el total de la nota crédito")
    return record


def _applied(record: Record) -> Decimal:
    return sum((Decimal(entry["amount"]) for entry in record["invoices"]), Decimal(0))
