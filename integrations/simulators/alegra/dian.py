"""What the DIAN makes of an invoice that was sent to it, and in which words that is told.

A word is kept as ``{"code", "message"}``, where ``code`` is a rule of the technical annex or "".
"""

from __future__ import annotations

import hashlib
import re
from typing import Any

from integrations.simulators.alegra.books import Books
from integrations.simulators.alegra.invoice_state import moved, settled
from integrations.simulators.alegra.invoice_view import full_number
from integrations.simulators.alegra.stamp_view import Words
from integrations.simulators.alegra.stock import with_movements
from integrations.simulators.control import timestamp
from integrations.simulators.storage import Record

# Two public clients and the DIAN's own validator name the buyer's check digit by this rule.
CHECK_DIGIT: Words = [{"code": "FAK24", "message": "DV no corresponde al NIT informado"}]
NO_PRODUCT_CODE = "Debe existir el grupo de información de identificación del bien o servicio"
_RULE = re.compile(
    r"^\s*Regla:?\s*(?P<code>[A-Za-z0-9]+)\s*,?\s*(?:(?:Rechazo|Notificaci[oó]n)\s*)?:?\s*", re.I
)


def words_of(given: Any) -> Words:
    """Words out of a fault's ``body``: a text, ``{"rule", "message"}``, or a list of these."""
    if given is None:
        return []
    if isinstance(given, list):
        return [word for each in given for word in words_of(each)]
    if isinstance(given, dict):
        code = given.get("rule") or given.get("code") or ""
        return [{"code": str(code), "message": str(given.get("message") or "")}]
    text = str(given)
    found = _RULE.match(text)
    if found is None:
        return [{"code": "", "message": text}]
    return [{"code": found["code"], "message": text[found.end() :]}]


def accept(books: Books, record: Record, observed: Words | None = None) -> Record:
    """The invoice accepted; with observations where there are any, and for every line without
    product code."""
    warnings = list(observed or [])
    if any(not line.get("productKey") for line in record["lines"]):
        warnings.append({"code": "FAZ09", "message": NO_PRODUCT_CODE})
    status = "STAMPED_AND_ACCEPTED"
    stamp = {
        "legalStatus": f"{status}_WITH_OBSERVATIONS" if warnings else status,
        **_signed(books, record),
        "date": books.datetime,
        "warnings": warnings,
    }
    return {**record, "stamp": stamp}


def reject(books: Books, record: Record, words: Words) -> Record:
    """The invoice rejected, as the facts ``rejected_status`` and ``rejected_keeps_cufe`` say."""
    if books.facts["rejected_status"] == "draft" and record["status"] in {"open", "closed"}:
        record = with_movements(books, {**record, "status": "draft"}, {})
        record = moved(books, record)
    stamp: Record = {
        "legalStatus": "STAMPED_AND_REJECTED",
        "date": books.datetime,
        "warnings": [],
        "errors": words,
    }
    if books.facts["rejected_keeps_cufe"]:
        stamp |= _signed(books, record)
    return {**record, "stamp": stamp}


def wait(books: Books, record: Record, *, until: str, end: str, words: Words) -> Record:
    """The invoice that the DIAN has and decides on at ``until``: ``end`` is accepted or
    rejected."""
    waiting = {"id": record["id"], "until": until, "end": end, "words": words}
    books.put("waiting-stamps", waiting)
    stamp = {"legalStatus": "STAMPED_AND_WAITING_RESPONSE", "date": books.datetime}
    return {**record, "stamp": stamp}


def settle_stamps(books: Books) -> None:
    """Let the DIAN decide what it has had long enough."""
    now = timestamp(books.now)
    for waiting in books.all("waiting-stamps"):
        if waiting["until"] > now:
            continue
        record = books.look("invoices", waiting["id"])
        books.store.drop(books.nit, "waiting-stamps", waiting["id"])
        if record is None:
            continue
        words = waiting.get("words", [])
        if waiting.get("end") == "rejected":
            books.put("invoices", reject(books, {**record}, words or CHECK_DIGIT))
        else:
            books.put("invoices", settled(accept(books, record, words)))


def _signed(books: Books, record: Record) -> Record:
    number = full_number(record)
    words = f"{books.nit}|{number}|{record['date']}|{record['total']}|{record['id']}"
    return {
        "cufe": hashlib.sha384(words.encode()).hexdigest(),
        "barCodeContent": f"NumFac: {number} FecFac: {record['date']}"
        f" NitFac: {books.nit} ValTolFac: {record['total']}",
    }
