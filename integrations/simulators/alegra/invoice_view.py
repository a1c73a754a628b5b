"""How an invoice looks in an answer, and how lists of them are filtered."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from integrations.simulators.alegra.books import Books
from integrations.simulators.alegra.headers import show_client, show_named, show_warehouse
from integrations.simulators.alegra.lines import show_lines
from integrations.simulators.alegra.lists import Matches, contains, equals, one_of
from integrations.simulators.alegra.numbering import show_template
from integrations.simulators.alegra.shapes import plain
from integrations.simulators.alegra.stamp_view import show_stamp
from integrations.simulators.storage import Record

INVOICE_ORDER = {
    "id": ("id",),
    "name": ("client", "name"),
    "date": ("date",),
    "dueDate": ("dueDate",),
    "status": ("status",),
}


def balance_of(record: Record) -> Decimal:
    """What is still owed: the total less payments and credit notes."""
    left = Decimal(record["total"])
    for entry in (*record["payments"], *record["credits"]):
        left -= Decimal(entry["amount"])
    return left


def paid_of(record: Record) -> Decimal:
    return sum((Decimal(entry["amount"]) for entry in record["payments"]), Decimal(0))


def full_number(record: Record) -> str:
    chosen = record["template"]
    return f"{chosen['prefix']}{chosen['number']}" if chosen.get("taken") else ""


def has_item(record: Record, value: str) -> bool:
    return any(line["id"] == value for line in record["lines"])


def _ranges(name: str) -> dict[str, Matches]:
    return {
        f"{name}_after": lambda record, value: record[name] > value,
        f"{name}_afterOrNow": lambda record, value: record[name] >= value,
        f"{name}_before": lambda record, value: record[name] < value,
        f"{name}_beforeOrNow": lambda record, value: record[name] <= value,
    }


INVOICE_FILTERS: dict[str, Matches] = {
    "date": equals("date"),
    "dueDate": equals("dueDate"),
    **_ranges("date"),
    **_ranges("dueDate"),
    "status": one_of("status"),
    "client_id": contains("client", "id"),
    "client_name": contains("client", "name"),
    "client_identification": contains("client", "identification"),
    "numberTemplate_fullNumber": lambda record, value: value in full_number(record),
    "item_id": has_item,
}


def show_invoice(books: Books, record: Record, *, row: bool = False) -> Record:
    """The invoice as the API shows it; ``row`` as a list does."""
    shapes, kind, key = books.shapes, "invoices", record["id"]

    def money(value: str | Decimal, name: str) -> Any:
        return shapes.money(value, kind, key, name)

    shown: Record = {
        "id": shapes.id(kind, key),
        "date": record["date"],
        "dueDate": record["dueDate"],
        "datetime": record["datetime"],
        "observations": record["observations"],
        "anotation": record["anotation"],
        "termsConditions": record["termsConditions"],
        "status": record["status"],
        "client": show_client(books, record["client"], books.facts["invoice_client"]),
        "numberTemplate": show_template(books, record, "invoice"),
        "subtotal": money(record["subtotal"], "subtotal"),
        "discount": money(record["discount"], "discount"),
        "tax": money(record["tax"], "tax"),
        "total": money(record["total"], "total"),
        "totalPaid": money(plain(paid_of(record)), "totalPaid"),
        "balance": money(plain(balance_of(record)), "balance"),
        "decimalPrecision": str(books.precision),
        "warehouse": show_warehouse(books, record["warehouse"]),
        "seller": show_named(books, "sellers", record["seller"]),
        "costCenter": shapes.one_or_list(
            show_named(books, "cost-centers", record["costCenter"]), kind, key, "costCenter"
        )
        if record["costCenter"]
        else None,
        "priceList": show_named(books, "price-lists", record["priceList"]),
        "term": show_named(books, "terms", record["term"]),
        "paymentForm": record["paymentForm"],
        "paymentMethod": record["paymentMethod"],
        "type": record["type"],
        "operationType": record["operationType"],
        "purchaseOrderNumber": record["purchaseOrderNumber"],
        "items": show_lines(books, record),
        "payments": _show_payments(books, record),
        "printingTemplate": {"id": "1", "name": "Clásica"},
    }
    stamp = show_stamp(books, record)
    if stamp is not None or not shapes.varied or shapes.turn(2, kind, key, "stamp"):
        shown["stamp"] = stamp  # absent or null where there is none: both were seen
    if record.get("remissions"):
        shown["remissions"] = [{"id": one} for one in record["remissions"]]
    if row and not books.facts["list_has_observations"]:
        del shown["observations"]
    return shown


def _show_payments(books: Books, record: Record) -> list[Record]:
    shapes, key = books.shapes, record["id"]
    shown = []
    for entry in record["payments"]:
        amount = shapes.money(entry["amount"], "invoices", key, f"payment {entry['id']}")
        row = {**entry, "id": shapes.id("payments", entry["id"]), "amount": amount}
        if not books.facts["invoice_payment_ids"]:
            del row["id"]
        shown.append(row)
    return shown
