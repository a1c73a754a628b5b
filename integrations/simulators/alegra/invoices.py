"""Invoices: create, read, edit, delete, void, open. Alegra reference: invoices."""

from __future__ import annotations

from typing import Any

from integrations.simulators.alegra.books import Call
from integrations.simulators.alegra.closing import refuse_closed
from integrations.simulators.alegra.dian import settle_stamps
from integrations.simulators.alegra.headers import (
    accept_client,
    accept_date,
    accept_named,
    accept_texts,
    accept_warehouse,
)
from integrations.simulators.alegra.invoice_state import is_stamped, moved, settled
from integrations.simulators.alegra.invoice_view import (
    INVOICE_FILTERS,
    INVOICE_ORDER,
    balance_of,
    show_invoice,
)
from integrations.simulators.alegra.lines import accept_lines
from integrations.simulators.alegra.lists import page
from integrations.simulators.alegra.numbering import choose_template, take_number
from integrations.simulators.alegra.payments import pay_at_creation
from integrations.simulators.alegra.refusals import refusal
from integrations.simulators.alegra.remissions import link_remissions, unlink_remissions
from integrations.simulators.alegra.stamping import stamp_one
from integrations.simulators.alegra.stock import with_movements
from integrations.simulators.control import timestamp
from integrations.simulators.server import Response, Router
from integrations.simulators.storage import Record

MISSING = "La factura no existe"
_NAMED = ("seller", "costCenter", "priceList", "term")
_CODES: dict[str, tuple[str, ...]] = {
    "paymentForm": ("CASH", "CREDIT"),
    "type": ("NATIONAL", "EXPORT"),
    "operationType": ("STANDARD", "AIU_SERVICE", "THIRD_PARTY_INCOME"),
}
_PAYMENT_MEANS = frozenset(
    {
        "INSTRUMENT_NOT_DEFINED",
        "CASH",
        "CHECK",
        "CREDIT_TRANSFER",
        "DEBIT_TRANSFER",
        "BANK_DEPOSIT",
        "CREDIT_TRANSFER_BANK",
        "DEBIT_TRANSFER_INTERBANK",
        "DEBIT_TRANSFER_BANK",
        "CREDIT_CARD",
        "DEBIT_CARD",
        "BONDS",
        "VOUCHERS",
        "MUTUAL_AGREEMENT",
    }
)


def add_invoice_routes(router: Router) -> None:
    router.add("GET", "/invoices", list_invoices)
    router.add("POST", "/invoices", create_invoice)
    router.add("GET", "/invoices/{id}", read_invoice)
    router.add("PUT", "/invoices/{id}", edit_invoice)
    router.add("DELETE", "/invoices/{id}", delete_invoice)
    router.add("POST", "/invoices/{id}/void", void_invoice)
    router.add("POST", "/invoices/{id}/open", open_invoice)


def list_invoices(call: Call) -> Any:
    books = call.books
    settle_stamps(books)
    rows = None
    filters = INVOICE_FILTERS
    if wanted := call.query.get("id"):
        keys = wanted.split(",")
        if len(keys) > 30:
            raise refusal("Solo puedes consultar 30 ids a la vez")
        rows = [record for record in books.listed("invoices") if record["id"] in keys]
        filters = {}
    return page(
        call,
        "invoices",
        lambda record: show_invoice(books, record, row=True),
        filters=filters,
        order=INVOICE_ORDER,
        rows=rows,
    )


def read_invoice(call: Call) -> Any:
    books = call.books
    settle_stamps(books)
    record = books.get("invoices", call.key, MISSING)
    shown = show_invoice(books, record)
    extra = call.query.get("fields", "").split(",")
    root = f"{call.request.headers.get('host', '')}/app/invoice/{record['id']}"
    for name in {"pdf", "xml"} & set(extra):
        shown[name] = f"http://{root}?file={name}"
    for name in {"comments", "events", "attachedDocument"} & set(extra):
        shown[name] = record.get(name, [])
    return shown


def create_invoice(call: Call) -> Any:
    """A new draft or open invoice, stamped in the same call when asked for."""
    books, body = call.books, call.body
    day = accept_date(body.get("date"), "date")
    due = accept_date(body.get("dueDate"), "dueDate", 3007)
    refuse_closed(books, day)
    client = accept_client(books, body.get("client"))
    lines, totals = accept_lines(books, body.get("items"))
    status = body.get("status") or "draft"
    if status not in {"draft", "open"}:
        raise refusal("El estado de la factura es inválido")
    stamp = _asks_for_stamp(body)
    if body.get("payments"):
        status = "open"
    if not body.get("paymentForm"):
        raise refusal("El campo paymentForm es obligatorio")
    record: Record = {
        "id": books.mint("invoices"),
        "kind": "invoices",
        "date": day,
        "dueDate": due,
        "datetime": books.datetime,
        "status": "draft",
        "client": client,
        "template": choose_template(books, body.get("numberTemplate"), "invoice"),
        "lines": lines,
        **totals,
        "warehouse": accept_warehouse(books, body.get("warehouse")),
        **dict.fromkeys((*_NAMED, "observations", "anotation", "termsConditions")),
        **accept_named(books, body, _NAMED),
        **accept_texts(body),
        **_accept_codes(body),
        "purchaseOrderNumber": body.get("purchaseOrderNumber"),
        "payments": [],
        "credits": [],
        "stamp": None,
        "stock": [],
    }
    _check(record)
    record = call.sign(record)
    record = link_remissions(books, record, body.get("remissions"))
    if status == "open" and not stamp:
        record = take_number(books, "invoices", record)
        record["status"] = "open"
    record = moved(books, record)
    books.put("invoices", record)
    failure: Response | None = None
    if stamp:
        failure = stamp_one(call, record["id"])
        record = books.get("invoices", record["id"], MISSING)
    if body.get("payments") and failure is None:
        record = pay_at_creation(call, record, body["payments"])
    books.announce("new-invoice", "invoice", show_invoice(books, record))
    if failure is not None:
        return failure
    call.status = books.facts["post_status"]
    return show_invoice(books, record)


def edit_invoice(call: Call) -> Any:
    """Absent is unchanged, null clears. A stamped or void invoice cannot be edited."""
    books, body = call.books, call.body
    settle_stamps(books)
    record = books.get("invoices", call.key, MISSING)
    if is_stamped(record):
        raise refusal("La factura fue emitida ante la DIAN y no se puede editar")
    if record["status"] == "void":
        raise refusal("La factura se encuentra anulada y no se puede editar")
    # A draft is in no account yet: only the day it is moved to counts.
    refuse_closed(books, None if record["status"] == "draft" else record["date"])
    if "date" in body:
        record["date"] = accept_date(body["date"], "date")
        refuse_closed(books, record["date"])
    if "dueDate" in body:
        record["dueDate"] = accept_date(body["dueDate"], "dueDate", 3007)
    if "client" in body:
        record["client"] = accept_client(books, body["client"])
    if "items" in body:
        lines, totals = accept_lines(books, body["items"])
        record |= {"lines": lines, **totals}
        if balance_of(record) < 0:
            raise refusal("El total de la factura no puede ser menor que lo pagado")
    if "warehouse" in body:
        record["warehouse"] = accept_warehouse(books, body["warehouse"])
    if "numberTemplate" in body and not record["template"].get("taken"):
        record["template"] = choose_template(books, body["numberTemplate"], "invoice")
    record |= accept_named(books, body, _NAMED)
    record |= accept_texts(body)
    record |= _accept_codes(body, record)
    if "purchaseOrderNumber" in body:
        record["purchaseOrderNumber"] = body["purchaseOrderNumber"]
    _check(record)
    if body.get("status") == "open" and record["status"] == "draft":
        record = take_number(books, "invoices", record)
        record["status"] = "open"
    elif body.get("status") not in (None, record["status"]):
        raise refusal("El estado de la factura no se puede cambiar así")
    record = settled(moved(books, record))
    books.put("invoices", record)
    shown = show_invoice(books, record)
    books.announce("edit-invoice", "invoice", shown)
    return shown


def delete_invoice(call: Call) -> Any:
    books = call.books
    record = books.get("invoices", call.key, MISSING)
    if record["status"] != "draft":
        raise refusal("Solo se pueden eliminar facturas en borrador")
    record = with_movements(books, unlink_remissions(books, record), {})
    books.put("invoices", {**record, "deleted_at": timestamp(books.now)})
    gone = {"id": books.shapes.id("invoices", record["id"]), "items": []}
    books.announce("delete-invoice", "invoice", gone)
    return {"code": 200, "message": "La factura fue eliminada correctamente."}


def void_invoice(call: Call) -> Any:
    books = call.books
    settle_stamps(books)
    record = books.get("invoices", call.key, MISSING)
    if is_stamped(record):
        raise refusal("La factura fue emitida ante la DIAN: anúlala con una nota crédito")
    if record["status"] == "void":
        raise refusal("La factura ya se encuentra anulada")
    refuse_closed(books, None if record["status"] == "draft" else record["date"])
    if record["payments"] or record["credits"]:
        raise refusal("La factura tiene pagos o notas crédito asociados y no se puede anular")
    record = with_movements(books, unlink_remissions(books, record), {})
    record |= {"status": "void", "voidCause": call.body.get("cause") or call.body.get("reason")}
    books.put("invoices", record)
    shown = show_invoice(books, record)
    books.announce("edit-invoice", "invoice", shown)
    return shown


def open_invoice(call: Call) -> Any:
    """Undo a void; open a draft where the fact ``open_on_draft`` allows; stamp when asked."""
    books = call.books
    record = books.get("invoices", call.key, MISSING)
    allowed = {"void", "draft"} if books.facts["open_on_draft"] else {"void"}
    if record["status"] not in allowed:
        raise refusal("La factura no se puede abrir en su estado actual")
    refuse_closed(books, record["date"])
    if _asks_for_stamp(call.body):
        failure = stamp_one(call, record["id"])
        if failure is not None:
            return failure
    else:
        record = take_number(books, "invoices", record)
        record["status"] = "open"
        books.put("invoices", settled(moved(books, record)))
    shown = show_invoice(books, books.get("invoices", record["id"], MISSING))
    books.announce("edit-invoice", "invoice", shown)
    return shown


def _asks_for_stamp(body: dict[str, Any]) -> bool:
    stamp = body.get("stamp")
    return bool(isinstance(stamp, dict) and stamp.get("generateStamp"))


def _check(record: Record) -> None:
    if record["dueDate"] < record["date"]:
        raise refusal("La fecha de vencimiento debe ser mayor o igual a la fecha de la factura")


def _accept_codes(body: dict[str, Any], before: Record | None = None) -> Record:
    kept: Record = {}
    for name, allowed in _CODES.items():
        value = body.get(name, (before or {}).get(name))
        if value is not None and value not in allowed:
            raise refusal(f"El campo {name} es inválido")
        kept[name] = value
    means = body.get("paymentMethod", (before or {}).get("paymentMethod"))
    if means is not None and means not in _PAYMENT_MEANS:
        raise refusal("El método de pago no es válido")
    if kept["paymentForm"] == "CASH" and means is None:
        raise refusal("El campo paymentMethod es obligatorio cuando paymentForm es CASH")
    return {**kept, "paymentMethod": means}
