"""Payments and bank accounts. Alegra reference: money."""

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
)
from integrations.simulators.alegra.invoice_state import settled
from integrations.simulators.alegra.invoice_view import balance_of
from integrations.simulators.alegra.lines import number
from integrations.simulators.alegra.lists import Matches, contains, equals, one_of, page
from integrations.simulators.alegra.payment_view import show_payment
from integrations.simulators.alegra.refusals import not_in_plan, refusal
from integrations.simulators.alegra.shapes import plain
from integrations.simulators.control import timestamp
from integrations.simulators.server import Router
from integrations.simulators.storage import Record

MISSING = "El pago no existe"
_METHODS = ("cash", "check", "transfer", "deposit", "credit-card", "debit-card")
_FILTERS: dict[str, Matches] = {
    "type": equals("type"),
    "client_id": contains("client", "id"),
    "id": one_of("id"),
}
_ORDER = {"id": ("id",), "number": ("number",), "date": ("date",), "type": ("type",)}


def add_payment_routes(router: Router) -> None:
    router.add("GET", "/payments", list_payments)
    router.add("POST", "/payments", create_payment)
    router.add("GET", "/payments/{id}", read_payment)
    router.add("PUT", "/payments/{id}", edit_payment)
    router.add("DELETE", "/payments/{id}", delete_payment)
    router.add("POST", "/payments/{id}/void", void_payment)
    router.add("POST", "/payments/{id}/open", open_payment)
    router.add("POST", "/payments/{id}/stamp", stamp_payment)


def list_payments(call: Call) -> Any:
    return page(
        call,
        "payments",
        lambda record: show_payment(call.books, record, row=True),
        filters=_FILTERS,
        order=_ORDER,
    )


def read_payment(call: Call) -> Any:
    return show_payment(call.books, call.books.get("payments", call.key, MISSING))


def create_payment(call: Call) -> Any:
    """A payment on open invoices, or an income by categories."""
    books, body = call.books, call.body
    if books.lacks("banks"):
        raise not_in_plan("el módulo de bancos")
    if body.get("type") not in {"in", "out"}:
        raise refusal("El tipo de pago es inválido")
    given, categories = body.get("invoices") or [], body.get("categories") or []
    if not given and not categories:
        raise refusal("El pago debe tener facturas o categorías")
    amounts = [
        {
            "id": str(reference_to(entry)),
            "amount": plain(number(entry.get("amount"), "amount", least=Decimal(0), above=True)),
        }
        for entry in given
    ]
    total = sum((Decimal(entry["amount"]) for entry in amounts), Decimal(0))
    for entry in categories:
        quantity = number(entry.get("quantity", 1), "quantity")
        total += number(entry.get("price"), "price") * quantity
    client = accept_client(books, body["client"]) if body.get("client") else None
    if client is None and amounts:
        invoice = books.look("invoices", amounts[0]["id"])
        client = invoice["client"] if invoice else None
    record = _new_payment(
        call,
        day=accept_date(body.get("date"), "date"),
        kind=body["type"],
        account=body.get("bankAccount"),
        method=body.get("paymentMethod"),
        client=client,
        amount=plain(total),
        invoices=amounts,
    )
    record |= accept_named(books, body, ("costCenter",))
    record |= accept_texts(body, ("observations", "anotation"))
    record["categories"] = categories
    _apply(books, record)
    books.put("payments", record)
    call.status = books.facts["post_status"]
    return show_payment(books, record)


def pay_at_creation(call: Call, invoice: Record, given: Any) -> Record:
    """The open invoice with the ``payments`` of its own creation. Raises Refused."""
    books = call.books
    if books.lacks("banks"):
        raise not_in_plan("el módulo de bancos")
    if not isinstance(given, list):
        raise refusal("Los pagos de la factura son inválidos")
    for entry in given:
        amount = plain(number(entry.get("amount"), "payments.amount", least=Decimal(0), above=True))
        record = _new_payment(
            call,
            day=accept_date(entry.get("date"), "payments.date"),
            kind="in",
            account=entry.get("account"),
            method=entry.get("paymentMethod"),
            client=invoice["client"],
            amount=amount,
            invoices=[{"id": invoice["id"], "amount": amount}],
        )
        record |= accept_texts(entry, ("observations",))
        _apply(books, record)
        books.put("payments", record)
    return books.get("invoices", invoice["id"], "La factura no existe")


def edit_payment(call: Call) -> Any:
    books, body = call.books, call.body
    record = books.get("payments", call.key, MISSING)
    refuse_closed(books, record["date"])
    if body.get("type") not in (None, record["type"]):
        raise refusal("El tipo de pago no se puede cambiar")
    if "date" in body:
        record["date"] = accept_date(body["date"], "date")
        refuse_closed(books, record["date"])
    if "bankAccount" in body:
        record["bankAccount"] = _account(books, body["bankAccount"])
    if "paymentMethod" in body:
        record["paymentMethod"] = _method(body["paymentMethod"])
    record |= accept_named(books, body, ("costCenter",))
    record |= accept_texts(body, ("observations", "anotation"))
    books.put("payments", record)
    return show_payment(books, record)


def delete_payment(call: Call) -> Any:
    books = call.books
    record = books.get("payments", call.key, MISSING)
    refuse_closed(books, record["date"])
    if record["status"] != "void":
        _withdraw(books, record)
    books.put("payments", {**record, "deleted_at": timestamp(books.now)})
    return {"code": 200, "message": "El pago fue eliminado correctamente."}


def void_payment(call: Call) -> Any:
    books = call.books
    record = books.get("payments", call.key, MISSING)
    if record["status"] == "void":
        raise refusal("El pago ya se encuentra anulado")
    refuse_closed(books, record["date"])
    _withdraw(books, record)
    record["status"] = "void"
    books.put("payments", record)
    return show_payment(books, record)


def open_payment(call: Call) -> Any:
    books = call.books
    record = books.get("payments", call.key, MISSING)
    if record["status"] != "void":
        raise refusal("El pago ya se encuentra abierto")
    refuse_closed(books, record["date"])
    record["status"] = "open"
    _apply(books, record)
    books.put("payments", record)
    return show_payment(books, record)


def stamp_payment(call: Call) -> Any:
    call.books.get("payments", call.key, MISSING)
    raise refusal("Los pagos no se emiten electrónicamente en Colombia")


def _new_payment(
    call: Call,
    *,
    day: str,
    kind: str,
    account: Any,
    method: Any,
    client: Record | None,
    amount: str,
    invoices: list[Record],
) -> Record:
    books = call.books
    refuse_closed(books, day)
    return call.sign(
        {
            "id": books.mint("payments"),
            "kind": "payments",
            "number": str(books.store.next_number(books.nit, "payment number", 701)),
            "date": day,
            "amount": amount,
            "type": kind,
            "status": "open",
            "paymentMethod": _method(method),
            "observations": None,
            "anotation": None,
            "client": client,
            "bankAccount": _account(books, account),
            "costCenter": None,
            "invoices": invoices,
            "categories": [],
            "stock": [],
        }
    )


def _account(books: Books, given: Any) -> Record:
    account = books.look("bank-accounts", reference_to(given))
    if account is None or account["status"] != "active":
        raise refusal("La cuenta bancaria no existe o está inactiva")
    return {"id": account["id"], "name": account["name"], "type": account["type"]}


def _method(given: Any) -> str | None:
    if given is not None and given not in _METHODS:
        raise refusal("El método de pago no es válido")
    return given


def _apply(books: Books, record: Record) -> None:
    for entry in record["invoices"]:
        invoice = books.store.get(books.nit, "invoices", entry["id"])
        if invoice is None or invoice.get("deleted_at"):
            raise refusal("La factura que se quiere pagar no existe")
        if invoice["status"] not in {"open", "closed"}:
            raise refusal("Solo se pueden pagar facturas abiertas")
        if record["client"] and invoice["client"]["id"] != record["client"]["id"]:
            raise refusal("La factura es de otro cliente")
        if Decimal(entry["amount"]) > balance_of(invoice):
            raise refusal("El valor del pago es mayor que el saldo de la factura")
        invoice["payments"].append(
            {
                "id": record["id"],
                "date": record["date"],
                "amount": entry["amount"],
                "paymentMethod": record["paymentMethod"],
                "status": "open",
            }
        )
        books.put("invoices", settled(invoice))


def _withdraw(books: Books, record: Record) -> None:
    for entry in record["invoices"]:
        invoice = books.store.get(books.nit, "invoices", entry["id"])
        if invoice is None:
            continue
        invoice["payments"] = [one for one in invoice["payments"] if one["id"] != record["id"]]
        books.put("invoices", settled(invoice))
