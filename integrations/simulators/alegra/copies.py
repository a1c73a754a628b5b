"""What a person does with *clonar*: a new draft like an invoice, its observations with it."""

from __future__ import annotations

from typing import Any

from integrations.simulators.alegra.books import Books
from integrations.simulators.alegra.invoice_state import moved
from integrations.simulators.alegra.invoice_view import show_invoice
from integrations.simulators.control import CannotMake, timestamp
from integrations.simulators.storage import Record

_OF_ITS_OWN = ("stamp", "deleted_at", "voidCause", "remissions", "attachments")


def clone_invoice(books: Books, key: str) -> Any:
    """The copy as the API shows it: a draft of today, without number, stamp or payments.

    Raises CannotMake when there is no such invoice.
    """
    origin = books.store.get(books.nit, "invoices", key)
    if origin is None:
        raise CannotMake(f"Unknown invoice: {key}")
    template = {"id": origin["template"]["id"]}
    now = timestamp(books.now)
    copy: Record = {
        **{name: value for name, value in origin.items() if name not in _OF_ITS_OWN},
        "id": books.mint("invoices"),
        "date": books.today,
        "dueDate": books.today,
        "datetime": books.datetime,
        "status": "draft",
        "template": template,
        "payments": [],
        "credits": [],
        "stamp": None,
        "stock": [],
        "made_at": now,
        "visible_from": now,
    }
    copy = moved(books, copy)
    books.put("invoices", copy)
    shown = show_invoice(books, copy)
    books.announce("new-invoice", "invoice", shown)
    return shown
