"""Everything a company holds, for whoever checks the outcome: ``GET /_control/ledger``."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from integrations.simulators.alegra.adjustments import show_movement
from integrations.simulators.alegra.books import Books
from integrations.simulators.alegra.contacts import show_contact
from integrations.simulators.alegra.credit_notes import show_note
from integrations.simulators.alegra.headers import marker_in
from integrations.simulators.alegra.invoice_view import show_invoice
from integrations.simulators.alegra.payment_view import show_payment
from integrations.simulators.alegra.remissions import show_remission
from integrations.simulators.messages import encode
from integrations.simulators.storage import Record


def _as_a_list_shows_it(books: Books, record: Record) -> Record:
    """A remission's cost centre is only in list rows, its observations always by id."""
    shown = show_remission(books, record, row=True)
    return {**shown, "observations": record["observations"]}


_SHOWN: tuple[tuple[str, str, Callable[[Books, Record], Record]], ...] = (
    ("invoices", "invoices", show_invoice),
    ("remissions", "remissions", _as_a_list_shows_it),
    ("contacts", "contacts", show_contact),
    ("payments", "payments", show_payment),
    ("credit_notes", "credit-notes", show_note),
    ("adjustments", "inventory-adjustments", show_movement),
)


def company_ledger(books: Books) -> bytes:
    """One company of the ledger as JSON. Documents are rendered once and then remembered."""
    parts = [
        b'"nit":' + encode(books.nit),
        b'"name":' + encode(books.company["name"]),
        b'"users":' + encode([user["email"] for user in books.all("user")]),
    ]
    for name, kind, show in _SHOWN:
        records = books.store.all(books.nit, kind)
        entries = b",".join(_entry(books, kind, record, show) for record in records)
        parts.append(encode(name) + b":[" + entries + b"]")
    parts.append(b'"stock":' + encode(_stock(books)))
    return b"{" + b",".join(parts) + b"}"


def _entry(
    books: Books, kind: str, record: Record, show: Callable[[Books, Record], Record]
) -> bytes:
    memo, place = books.store.memo, (books.nit, kind, record["id"])
    version = books.facts.version
    kept = memo.get(place)
    # A payment shows what its invoice still owes, so it is never remembered.
    if kept is not None and kept[0] == version and kind != "payments":
        return bytes(kept[1])
    text = encode(
        {
            **show(books, record),
            "_made_by": record.get("made_by"),
            "_made_at": record.get("made_at"),
            "_visible_from": record.get("visible_from"),
            "_marker": marker_in(record.get("observations")),
            "_stock": record.get("stock", []),
            "_deleted_at": record.get("deleted_at"),
        }
    )
    memo[place] = (version, text)
    return text


def _stock(books: Books) -> list[dict[str, Any]]:
    """The units of every item in every bodega, now and at the beginning, as text."""
    return [
        {
            "item": item["id"],
            "reference": item.get("reference"),
            "warehouse": warehouse,
            "quantity": quantity,
            "initial": item["initial"].get(warehouse, "0"),
        }
        for item in books.all("items")
        for warehouse, quantity in item.get("stock", {}).items()
    ]
