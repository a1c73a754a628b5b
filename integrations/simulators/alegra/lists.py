"""Lists: pages of at most 30, order, bare array or metadata. Alegra reference: lists."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from integrations.simulators.alegra.books import Call
from integrations.simulators.alegra.refusals import refusal
from integrations.simulators.storage import Record

MAX_LIMIT = 30
# The definition lists 404 for these, 400 for the others.
_LIMIT_IS_404 = frozenset({"invoices", "payments", "estimates"})

Matches = Callable[[Record, str], bool]


def contains(*path: str) -> Matches:
    """A filter that takes rows whose field contains the value, as Alegra's do."""

    def matches(record: Record, value: str) -> bool:
        return value.lower() in text_at(record, path).lower()

    return matches


def equals(*path: str) -> Matches:
    """A filter on equality."""
    return lambda record, value: text_at(record, path) == value


def one_of(*path: str) -> Matches:
    """A filter on a comma list of values."""
    return lambda record, value: text_at(record, path) in value.split(",")


def text_at(record: Any, path: Sequence[str]) -> str:
    for name in path:
        record = record.get(name) if isinstance(record, dict) else None
    return "" if record is None else str(record)


def page(
    call: Call,
    kind: str,
    render: Callable[[Record], Any],
    *,
    filters: Mapping[str, Matches] | None = None,
    order: Mapping[str, tuple[str, ...]] | None = None,
    rows: list[Record] | None = None,
    newest_first: bool = False,
    default_limit: int = MAX_LIMIT,
) -> Any:
    """One page of a kind. Unknown parameters are ignored.

    ``filters`` maps a parameter to its test, ``order`` an ``order_field`` to the path of the
    value. Raises Refused 903 for a limit above 30.
    """
    query = call.query
    limit = _whole(query.get("limit"), default_limit)
    if limit > MAX_LIMIT:
        status = 404 if kind in _LIMIT_IS_404 else 400
        raise refusal(f"El límite debe ser menor o igual a {MAX_LIMIT}", 903, status)
    start = _whole(query.get("start"), 0)
    found = call.books.listed(kind) if rows is None else rows
    for name, matches in (filters or {}).items():
        if value := query.get(name):
            found = [record for record in found if matches(record, value)]
    found = _sorted(call, found, order or {}, newest_first)
    shown = [render(record) for record in found[start : start + limit]]
    if query.get("metadata") != "true":
        return shown
    shapes = call.books.shapes
    total: Any = len(found)
    if shapes.varied and shapes.turn(2, kind) == 0:
        total = str(total)
    return {"metadata": {"total": total}, "data": shown}


def _sorted(
    call: Call, rows: list[Record], order: Mapping[str, tuple[str, ...]], newest_first: bool
) -> list[Record]:
    path = order.get(call.query.get("order_field", ""))
    descending = call.query.get("order_direction", "").upper() == "DESC"
    if path is None:
        if newest_first:
            rows = sorted(rows, key=lambda record: str(record["date"]))[::-1]
        elif descending:
            rows = rows[::-1]
        return rows
    if path == ("id",):  # numbers before UUIDs, as two kinds of id sort badly
        return sorted(
            rows, key=lambda r: (not r["id"].isdigit(), len(r["id"]), r["id"]), reverse=descending
        )
    ordered = sorted(rows, key=lambda record: text_at(record, path).lower())
    return ordered[::-1] if descending else ordered


def _whole(value: str | None, otherwise: int) -> int:
    if value is None or value == "":
        return otherwise
    if not value.isdigit():
        raise refusal("Los parámetros start y limit deben ser números enteros")
    return int(value)
