"""What follows from an invoice's state: its stock, and whether it is paid."""

from __future__ import annotations

from integrations.simulators.alegra.books import Books
from integrations.simulators.alegra.invoice_view import balance_of
from integrations.simulators.alegra.stock import Movements, movements_of, with_movements
from integrations.simulators.storage import Record


def is_stamped(record: Record) -> bool:
    """Whether the DIAN has it or is deciding: from then on it cannot change."""
    status = (record.get("stamp") or {}).get("legalStatus", "")
    return "ACCEPT" in status or "WAIT" in status or status == "PENDING"


def moves_when(books: Books, record: Record, status: str) -> Movements:
    """What the invoice moves in that state.

    One made from remissions moves nothing: they have moved it already.
    """
    moves = status in {"open", "closed"} or (status == "draft" and books.facts["draft_moves_stock"])
    if not moves or record.get("remissions"):
        return {}
    return movements_of(books, record["lines"], record["warehouse"]["id"])


def moved(books: Books, record: Record) -> Record:
    """The invoice with the stock it moves in its present state."""
    return with_movements(books, record, moves_when(books, record, record["status"]))


def settled(record: Record) -> Record:
    """``closed`` when nothing is owed, ``open`` otherwise; drafts and voids stay."""
    if record["status"] not in {"open", "closed"}:
        return record
    return {**record, "status": "closed" if balance_of(record) == 0 else "open"}
