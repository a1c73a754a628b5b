"""What tests of followed drafts ask and do: their lines, what was found, the calls."""

from __future__ import annotations

import requests


def items_of(engine, **changes):
    """The lines of the only invoice as one sends them, with these changes."""
    [row] = engine.invoices()
    return [
        {"id": item["id"], "price": item["price"], "quantity": item["quantity"],
         "tax": [{"id": tax["id"]} for tax in item["tax"]], **changes}
        for item in row["items"]
    ]  # fmt: skip


def what(document):
    return [change["what"] for change in (document.edited or {}).get("changes", [])]


def reads(engine):
    """Calls that read many."""
    rows = requests.get(f"{engine.root}/_control/calls", timeout=10).json()
    return sum("/invoices?id=" in row["path"] for row in rows)
