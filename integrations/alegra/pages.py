"""Lists, page by page. Alegra reference: lists."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any, Protocol, TypeVar

from .client import MOST_ROWS, AlegraClient, Call
from .errors import OutcomeUnknown
from .shapes import identity, plain_number, whole

MOST_PAGES = 2_000
NEWEST_FIRST = {"order_field": "date", "order_direction": "DESC"}


def every(
    client: AlegraClient,
    path: str,
    params: dict[str, Any] | None = None,
    *,
    limit: int = MOST_ROWS,
    overlap: int = 0,
    most_pages: int = MOST_PAGES,
    under: str = "data",
) -> Iterator[dict[str, Any]]:
    """Every row once, by id, in the order they come.

    ``overlap`` rows are asked for twice at each turn of a page, so that a row which slides up
    while we read is not missed. A short page ends the list unless ``metadata.total`` says that
    more follow (some lists cap their pages lower than asked). A list that does not end within
    ``most_pages`` raises OutcomeUnknown: half a list must never pass for proof of absence.
    """
    limit = min(limit, MOST_ROWS)
    if not 0 <= overlap < limit:
        raise ValueError("pages overlap by less than a page")
    seen: set[str] = set()
    start = 0
    for _ in range(most_pages):
        rows, total = page(client, path, params, start=start, limit=limit, under=under)
        fresh = [row for row in rows if identity(row.get("id")) not in seen]
        yield from _once(fresh, seen)
        reached = start + len(rows)
        more = len(rows) >= limit or (total is not None and reached < total)
        # A page with nothing new is a far side that ignores ``start``.
        if not fresh or not more:
            return
        start = max(start + 1, reached - overlap)
    raise OutcomeUnknown("La lista de Alegra no termina.")


def page(
    client: AlegraClient,
    path: str,
    params: dict[str, Any] | None = None,
    *,
    start: int = 0,
    limit: int = MOST_ROWS,
    under: str = "data",
) -> tuple[list[dict[str, Any]], int | None]:
    """One page and the total when told. OutcomeUnknown when the answer is no list."""
    call = Call(
        "GET",
        path,
        params={**(params or {}), "start": start, "limit": limit, "metadata": "true"},
        expects_record=True,
    )
    body = client.send(call).body
    total = None
    if isinstance(body, dict):
        metadata = body.get("metadata")
        total = whole(metadata.get("total")) if isinstance(metadata, dict) else None
        body = body.get(under)
    if not isinstance(body, list):
        raise OutcomeUnknown("Alegra respondió algo que no es una lista.", call=call)
    return [row for row in body if isinstance(row, dict)], total


def page_since(
    client: AlegraClient, path: str, params: dict[str, Any] | None, start: int
) -> tuple[list[dict[str, Any]], bool]:
    """One page that begins at row `start`, and whether the list ends with it."""
    rows, total = page(client, path, params, start=start)
    reached = start + len(rows)
    more = len(rows) >= MOST_ROWS or (total is not None and reached < total)
    return rows, not rows or not more


class Dated(Protocol):
    """``date`` is None where the row has none."""

    @property
    def date(self) -> date | None: ...


AnyDated = TypeVar("AnyDated", bound=Dated)


def newest_until(rows: Iterable[AnyDated], day: date) -> Iterator[AnyDated]:
    """The rows of a list that comes newest first which are dated this day or later, or undated.

    It ends at the first older row, provided that the rows so far came newest first: Alegra
    ignores an order that it does not know. A list in another order is read to its end.
    """
    last: date | None = None
    falls = rises = False
    for row in rows:
        if row.date is None:
            yield row
            continue
        if last is not None:
            falls, rises = falls or row.date < last, rises or row.date > last
        last = row.date
        if row.date >= day:
            yield row
        elif falls and not rises:
            return


def like(client: AlegraClient, path: str, name: str, number: str) -> list[dict[str, Any]]:
    """The rows whose number contains this one: asked with its separators and without.

    Raises OutcomeUnknown when a page does not hold them all: what is not on it may yet exist.
    """
    found: list[dict[str, Any]] = []
    for asked in dict.fromkeys((number.strip().upper(), plain_number(number))):
        rows, total = page(client, path, {name: asked})
        if len(rows) >= MOST_ROWS and (total is None or total > len(rows)):
            raise OutcomeUnknown("Hay demasiados documentos parecidos.")
        found += rows
    return found


def _once(rows: list[dict[str, Any]], seen: set[str]) -> Iterator[dict[str, Any]]:
    for row in rows:
        row_id = identity(row.get("id"))
        if row_id and row_id in seen:
            continue
        seen.add(row_id)
        yield row
