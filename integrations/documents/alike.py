"""Documents in Alegra that look like an order's own: which do, and in what words a person is
asked about one of them (`sending/look_alike.py`)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext as _

from integrations.alegra.document import VOID
from integrations.alegra.document import Document as AlegraDocument
from integrations.colombia.money import is_right
from integrations.colombia.peso_text import pesos
from integrations.documents.endpoints import ENDPOINTS
from integrations.documents.models import Document
from integrations.sending import look_alike
from integrations.sending.marker import any_marker
from integrations.sending.problem_kinds import Found


def likeness(row: AlegraDocument, document: Document, payload: dict[str, Any] | None) -> int:
    """3 for our client and our total, 2 for the total alone, 1 for the client alone."""
    client = str((payload or {}).get("client", {}).get("id", ""))
    same_client = bool(client) and row.client_id == client
    same_total = document.total is not None and is_right(row.total, document.total)
    return 2 * same_total + same_client


def is_alike(row: AlegraDocument, document: Document, payload: dict[str, Any] | None) -> bool:
    """The same client and total, and not ours; a person may have typed it in other lines."""
    return (
        row.status != VOID
        and not any_marker(row.observations)
        and likeness(row, document, payload) == 3
    )


def among(rows: Iterable[AlegraDocument], document: Document) -> list[AlegraDocument]:
    """Those of a day's documents that look the same, with as many lines as were sent where the
    list tells any."""
    sent = len((document.payload or {}).get("items", []))
    return [
        row
        for row in rows
        if is_alike(row, document, document.payload) and len(row.lines) in (0, sent)
    ]


def question(document: Document, rows: Iterable[AlegraDocument]) -> Found | None:
    """What to ask a person about the first of them that was not denied before."""
    denied = look_alike.denied(document)
    row = next((row for row in rows if (row.kind, row.id) not in denied), None)
    if row is None:
        return None
    words = {
        "noun": ENDPOINTS[row.kind].noun,
        "number": row.number or _("sin número, id %(id)s,") % {"id": row.id},
        "day": row.date.strftime("%d/%m/%Y") if row.date else "—",
        "total": pesos(document.total),
    }
    name = _("la %(noun)s %(number)s del %(day)s por %(total)s") % words
    number = row.number or ""
    return look_alike.asked_about(document, row.id, kind=row.kind, name=name, number=number)


def number_asked_about(document: Document | None) -> str:
    """The number of what a person is being asked about, '' without a question or a number."""
    if document is None:
        return ""
    asked = document.problems.filter(code=look_alike.CODE, closed_at=None).first()
    return str(asked.params.get("number", "")) if asked else ""
