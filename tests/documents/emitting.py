"""What the tests of emission share: books that live by the frozen clock, and what became of it."""

from __future__ import annotations

from collections import Counter
from types import SimpleNamespace

from integrations.documents.models import Document
from integrations.scoping.context import scope
from tests.documents.engine import Engine


def living_by_the_clock(engine: Engine, at, monkeypatch) -> Engine:
    """The day of the books is the one of the documents, whatever the real one is."""
    in_the_books = SimpleNamespace(now=lambda _zone: at.now())
    monkeypatch.setattr("integrations.simulators.alegra.books.datetime", in_the_books)
    return engine


def states(engine: Engine) -> Counter[str]:
    with scope(engine.integration.organization_id):
        return Counter(Document.objects.values_list("state", flat=True))


def stamps(engine: Engine) -> int:
    """Calls that asked for an emission and reached Alegra."""
    return engine.calls("POST", "/invoices/stamp")


def legal(engine: Engine) -> int:
    """Invoices that the DIAN accepted, by the books."""
    return sum(
        "ACCEPTED" in (row.get("stamp") or {}).get("legalStatus", "") for row in engine.invoices()
    )


def short_of(engine: Engine, item: str, left: int) -> None:
    """Leave so many units of the item in its bodega."""
    stock = next(
        row for row in engine.ledger()["stock"] if row["item"] == item and row["warehouse"] == "1"
    )
    out = float(stock["quantity"]) - left
    line = {"id": item, "type": "out" if out > 0 else "in", "quantity": abs(out), "unitCost": 1}
    body = {"date": "2026-11-20", "warehouse": {"id": "1"}, "items": [line]}
    engine.as_person("POST", "/inventory-adjustments", body)
