"""Remissions: goods delivered, not yet invoiced.

https://developer.alegra.com/reference (remissions)

They have no draft and no stamp. The reading by id always says that there is no cost centre;
only list rows tell it. Functions that change one return it as answered, or None when the answer
carried no remission: read it then.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from itertools import islice
from typing import Any, ClassVar

from . import document, pages, records
from .client import AlegraClient, Call, Deadlines
from .shapes import segment


@dataclass(frozen=True, kw_only=True)
class Remission(document.Document):
    """``status``: open, void or closed (invoiced). Its ``tax`` is not told: None."""

    kind: ClassVar[str] = "remission"


def create(
    client: AlegraClient, body: dict[str, Any], *, deadlines: Deadlines | None = None
) -> Remission:
    """POST once. OutcomeUnknown: look it up by its marker before anything else."""
    row = records.create(client, "/remissions", body, under=("remission",), deadlines=deadlines)
    return from_row(row)


def read(client: AlegraClient, remission_id: str) -> Remission:
    return from_row(records.read(client, f"/remissions/{segment(remission_id)}"))


def on_day(client: AlegraClient, day: date) -> Iterator[Remission]:
    """Every remission dated that day; the number is not unique and cannot be looked up by."""
    rows = pages.every(client, "/remissions", {"date": day.isoformat()}, overlap=1)
    for row in rows:
        remission = from_row(row)
        # Alegra ignores filters it does not understand.
        if remission.date in {day, None}:
            yield remission


def since(client: AlegraClient, day: date) -> Iterator[Remission]:
    """Every remission dated that day or later, whatever its status, newest first.

    No filter takes a range, and an order by date is accepted and ignored; the list comes newest
    date first by itself (Alegra reference, remissions).
    """
    rows = map(from_row, pages.every(client, "/remissions", overlap=1))
    return pages.newest_until(rows, day)


def page_since(client: AlegraClient, day: date, start: int) -> tuple[list[Remission], bool]:
    """One page of all remissions, newest first, and whether it is the last. The caller decides
    where that day ends."""
    rows, is_last = pages.page_since(client, "/remissions", None, start)
    return [from_row(row) for row in rows], is_last


def of_client(client: AlegraClient, client_id: str, *, most: int) -> tuple[Remission, ...]:
    """The remissions of one contact among the `most` newest rows that Alegra finds for it."""
    rows = pages.every(client, "/remissions", {"client_id": client_id, **pages.NEWEST_FIRST})
    found = (from_row(row) for row in islice(rows, most))
    return tuple(one for one in found if one.client_id == client_id)


def with_number(client: AlegraClient, number: str) -> tuple[Remission, ...]:
    """Those with this number; it is not unique. Raises OutcomeUnknown as for invoices."""
    rows = pages.like(client, "/remissions", "number", number)
    return document.with_number(map(from_row, rows), number)


def void(client: AlegraClient, remission_id: str) -> Remission | None:
    return _changed(client, f"/remissions/{segment(remission_id)}/void")


def open(client: AlegraClient, remission_id: str) -> Remission | None:
    """Undo a void."""
    return _changed(client, f"/remissions/{segment(remission_id)}/open")


def delete(client: AlegraClient, remission_id: str) -> None:
    """Rejected when an invoice was made from it."""
    client.send(Call("DELETE", f"/remissions/{segment(remission_id)}"))


def from_row(row: dict[str, Any]) -> Remission:
    return Remission(number=document.number(row), tax=None, **document.common(row))


def _changed(client: AlegraClient, path: str) -> Remission | None:
    row = records.change(client, "POST", path, {})
    return from_row(row) if row and "status" in row and "date" in row else None
