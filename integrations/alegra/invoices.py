"""Invoices. https://developer.alegra.com/reference (invoices)

A stamped invoice is immutable: it is corrected by a credit note. Functions that change one
return it as answered, or None when the answer carried no invoice: read it then.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import islice
from typing import Any, ClassVar

from . import document, envelope, pages, records
from .client import MOST_ROWS, AlegraClient, Call, Deadlines
from .error_in_success import error_inside
from .errors import NotFound, Rejected
from .shapes import flag, identity, money, objects, one, segment, text, whole

MOST_STAMPED = 10


@dataclass(frozen=True, kw_only=True)
class Invoice(document.Document):
    """``status``: draft, open, closed (paid) or void."""

    kind: ClassVar[str] = "invoice"

    @property
    def legal_outcome(self) -> str | None:
        return legal_outcome(self.legal_status)


@dataclass(frozen=True)
class StampReport:
    """What a stamping said of one invoice: a hint, the invoice itself is the truth.

    ``success`` is None where the answer does not say; False is a refusal, whatever the status.
    Where it is told as the number of a status (200, 400), that number is no ``code``.
    """

    id: str
    legal_status: str | None
    message: str
    code: str
    success: bool | None = None
    raw: dict[str, Any] = field(default_factory=dict, repr=False, compare=False)


def create(
    client: AlegraClient, body: dict[str, Any], *, deadlines: Deadlines | None = None
) -> Invoice:
    """POST once. OutcomeUnknown: look it up by its marker before anything else."""
    row = records.create(client, "/invoices", body, under=("invoice",), deadlines=deadlines)
    return from_row(row)


def read(client: AlegraClient, invoice_id: str) -> Invoice:
    return from_row(records.read(client, f"/invoices/{segment(invoice_id)}"))


def read_many(client: AlegraClient, ids: Sequence[str]) -> dict[str, Invoice]:
    """Those of at most 30 ids that exist, by their id, in one request."""
    if len(ids) > MOST_ROWS:
        raise ValueError(f"at most {MOST_ROWS} invoices are read at once")
    if not ids:
        return {}
    wanted = {identity(each) for each in ids}
    rows, _ = pages.page(client, "/invoices", {"id": ",".join(map(identity, ids))})
    return {identity(row): from_row(row) for row in rows if identity(row) in wanted}


def on_day(client: AlegraClient, day: date) -> Iterator[Invoice]:
    """Every invoice dated that day, whatever its status and client: the look-up after a lost
    answer. Pages overlap, because others keep writing while we read."""
    params = {"date": day.isoformat(), **pages.NEWEST_FIRST}
    for row in pages.every(client, "/invoices", params, overlap=1):
        invoice = from_row(row)
        # Alegra ignores filters it does not understand.
        if invoice.date in {day, None}:
            yield invoice


def since(client: AlegraClient, day: date) -> Iterator[Invoice]:
    """Every invoice dated that day or later, whatever its status and client, newest first."""
    params = {"date_afterOrNow": day.isoformat(), **pages.NEWEST_FIRST}
    rows = map(from_row, pages.every(client, "/invoices", params, overlap=1))
    # Alegra ignores a filter that it does not know; the list is then ended by its order.
    return pages.newest_until(rows, day)


def page_since(client: AlegraClient, day: date, start: int) -> tuple[list[Invoice], bool]:
    """One page of `since`, and whether it is the last. It may hold rows from before that day."""
    params = {"date_afterOrNow": day.isoformat(), **pages.NEWEST_FIRST}
    rows, is_last = pages.page_since(client, "/invoices", params, start)
    return [from_row(row) for row in rows], is_last


def page_of_day(client: AlegraClient, day: date, start: int) -> tuple[tuple[Invoice, ...], bool]:
    """Those dated that day from this place on, and whether they are the last: one request."""
    params = {"date": day.isoformat(), **pages.NEWEST_FIRST}
    rows, _total = pages.page(client, "/invoices", params, start=start)
    found = tuple(from_row(row) for row in rows)
    return tuple(one for one in found if one.date in {day, None}), len(rows) < MOST_ROWS


def of_client(client: AlegraClient, client_id: str, *, most: int) -> tuple[Invoice, ...]:
    """The invoices of one contact among the `most` newest rows that Alegra finds for it.

    The filter is one of *contains*, so that the rows read, not those kept, are counted: a short
    id is in a large part of all others.
    """
    rows = pages.every(client, "/invoices", {"client_id": client_id, **pages.NEWEST_FIRST})
    found = (from_row(row) for row in islice(rows, most))
    return tuple(one for one in found if one.client_id == client_id)


def with_number(client: AlegraClient, number: str) -> tuple[Invoice, ...]:
    """Those with this prefix and number, written as anybody writes it: ``FE 318``, ``fe318``.

    Raises OutcomeUnknown when there are too many like it to say that there is none.
    """
    rows = pages.like(client, "/invoices", "numberTemplate_fullNumber", number)
    return document.with_number(map(from_row, rows), number)


def update(client: AlegraClient, invoice_id: str, body: dict[str, Any]) -> Invoice | None:
    """PUT: what is absent stays, None clears."""
    return _changed(client, "PUT", f"/invoices/{segment(invoice_id)}", body)


def open(client: AlegraClient, invoice_id: str) -> Invoice | None:
    """Make a draft open, without stamping it.

    ``/open`` is documented for voided invoices only; where it is refused for a draft, the same
    is asked for by PUT.
    """
    path = f"/invoices/{segment(invoice_id)}"
    try:
        return _changed(client, "POST", f"{path}/open", {})
    except (Rejected, NotFound):
        return _changed(client, "PUT", path, {"status": "open"})


def void(client: AlegraClient, invoice_id: str, *, cause: str) -> Invoice | None:
    path = f"/invoices/{segment(invoice_id)}/void"
    return _changed(client, "POST", path, {"cause": cause})


def delete(client: AlegraClient, invoice_id: str) -> None:
    """Drafts only; Alegra refuses the rest."""
    client.send(Call("DELETE", f"/invoices/{segment(invoice_id)}"))


def stamp(
    client: AlegraClient, ids: Sequence[str], *, deadlines: Deadlines | None = None
) -> tuple[StampReport, ...]:
    """Ask for the legal emission of at most ten invoices, by id.

    The shape of the answer is not documented: ``data`` with ``success`` was seen live, also
    with 200 when all are refused, and ``invoices`` in other clients. What can be recognised
    comes back, perhaps nothing. Read each invoice before believing it, and before asking again:
    emission is not idempotent. A refusal of all of them that names each comes back like any other
    answer. Raises Rejected where none is named, ErrorInSuccess for a 2xx that tells an error in
    their place.
    """
    if not 0 < len(ids) <= MOST_STAMPED:
        raise ValueError(f"between one and {MOST_STAMPED} invoices are stamped at once")
    wanted = [identity(each) for each in ids]
    call = Call("POST", "/invoices/stamp", json={"ids": wanted}, deadlines=deadlines)
    try:
        answer = client.send(call)
    except Rejected as refused:
        reports = _reports(refused.body, wanted)
        if not reports:
            raise
        return reports
    reports = _reports(answer.body, wanted)
    if not reports and _tells_an_error(answer.body):
        error = error_inside(answer.body, answer.status, is_write=True)
        if error is not None:
            error.call = call
            raise error
    return reports


def pdf_url(client: AlegraClient, invoice_id: str) -> str | None:
    """A pre-signed address that expires; fetch it without the credential. None when absent."""
    row = records.read(client, f"/invoices/{segment(invoice_id)}", params={"fields": "pdf"})
    for key in ("pdf", "pdfUrl", "url"):
        value = row.get(key)
        address = text(one(value).get("url")) if isinstance(value, dict | list) else text(value)
        if address.startswith(("https://", "http://")):
            return address
    return None


def legal_outcome(legal_status: str | None) -> str | None:
    """accepted, rejected or waiting, from any of the words Alegra uses; None for none."""
    word = (legal_status or "").upper()
    if "REJECT" in word:
        return "rejected"
    if "WAIT" in word or "PENDING" in word:
        return "waiting"
    return "accepted" if "ACCEPT" in word else None


def from_row(row: dict[str, Any]) -> Invoice:
    legal_status, cufe = document.stamp(row)
    return Invoice(
        number=document.number(row),
        tax=money(row.get("tax")),
        legal_status=legal_status,
        cufe=cufe,
        **document.common(row),
    )


def _changed(client: AlegraClient, method: str, path: str, body: dict[str, Any]) -> Invoice | None:
    row = records.change(client, method, path, body)
    # An answer of {"id": …, "message": …} is a receipt, not an invoice.
    return from_row(row) if row and "status" in row and "date" in row else None


def _reported(body: Any) -> list[dict[str, Any]]:
    if isinstance(body, list):
        return objects(body)
    found = objects(body)
    for each in list(found):
        for value in each.values():
            if isinstance(value, list | dict):
                found += objects(value)
    return found


def _tells_an_error(body: Any) -> bool:
    """A sentence alone may tell a success as well."""
    return isinstance(body, dict) and ("error" in body or envelope.told_status(body) is not None)


def _reports(body: Any, wanted: list[str]) -> tuple[StampReport, ...]:
    found = (_report(row) for row in _reported(body))
    return tuple(report for report in found if report.id in wanted)


def _report(row: dict[str, Any]) -> StampReport:
    inner = one(row.get("invoice"))
    error = row.get("error")
    held = one(error) if isinstance(error, dict) else {}
    legal_status = document.stamp(row)[0] or document.stamp(inner)[0]
    code = text(row.get("code")) or text(held.get("code"))
    status = whole(code)
    is_status = status is not None and 200 <= status < 600
    success = status < 300 if is_status else None
    return StampReport(
        id=identity(row) or identity(inner) or identity(row.get("idInvoice")),
        legal_status=legal_status or text(row.get("legalStatus")) or None,
        message=text(row.get("message")) or text(held.get("message")) or text(error),
        code="" if is_status else code,
        success=success if row.get("success") is None else flag(row["success"]),
        raw=row,
    )
