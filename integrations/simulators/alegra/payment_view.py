"""How a payment looks in an answer."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from integrations.simulators.alegra.books import Books
from integrations.simulators.alegra.headers import show_client, show_named
from integrations.simulators.alegra.invoice_view import balance_of
from integrations.simulators.storage import Record


def show_payment(books: Books, record: Record, *, row: bool = False) -> Record:
    shapes, key = books.shapes, record["id"]

    def money(value: str | Decimal, name: str) -> Any:
        return shapes.money(value, "payments", key, name)

    invoices = []
    for entry in record["invoices"]:
        invoice = books.look("invoices", entry["id"]) or {}
        template = invoice.get("template", {})
        total = Decimal(invoice.get("total", "0"))
        balance = balance_of(invoice) if invoice else Decimal(0)
        invoices.append(
            {
                "id": shapes.id("invoices", entry["id"]),
                "number": f"{template.get('prefix', '')}{template.get('number', '')}",
                "date": invoice.get("date"),
                "total": money(total, "total"),
                "totalPaid": money(total - balance, "totalPaid"),
                "balance": money(balance, "balance"),
                "amount": money(entry["amount"], "amount"),
            }
        )
    template = {"id": "1", "prefix": "RC", "number": record["number"]}
    shown = {
        "id": shapes.id("payments", key),
        "number": record["number"],
        "date": record["date"],
        "amount": money(record["amount"], "amount"),
        "type": record["type"],
        "status": record["status"],
        "paymentMethod": record["paymentMethod"],
        "observations": record["observations"],
        "anotation": record["anotation"],
        "client": show_client(books, record["client"]) if record["client"] else None,
        "bankAccount": {
            **record["bankAccount"],
            "id": shapes.id("bank-accounts", record["bankAccount"]["id"]),
        },
        "costCenter": show_named(books, "cost-centers", record["costCenter"]),
        "currency": {"code": "COP", "symbol": "$"},
        "invoices": invoices,
        "categories": record["categories"],
        "numberTemplate": shapes.one_or_list(template, "payments", key, "template"),
    }
    has_them = (
        books.facts["list_has_observations"] and books.facts["payment_rows_have_observations"]
    )
    if row and not has_them:
        del shown["observations"]
    return shown
