"""Emission before the DIAN: by id in groups, or within the creation. Alegra reference: stamp.

Emitting is not idempotent, a rejection uses no number, and a failed emission leaves the
invoice as a draft whose data stands in the body of the refusal.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from integrations.simulators.alegra.books import Books, Call
from integrations.simulators.alegra.closing import refuse_closed
from integrations.simulators.alegra.dian import (
    CHECK_DIGIT,
    accept,
    reject,
    settle_stamps,
    wait,
    words_of,
)
from integrations.simulators.alegra.invoice_state import is_stamped, moved, moves_when, settled
from integrations.simulators.alegra.invoice_view import show_invoice
from integrations.simulators.alegra.numbering import is_electronic, take_number, why_not
from integrations.simulators.alegra.refusals import Refused, refusal
from integrations.simulators.alegra.stamp_view import show_stamp, told
from integrations.simulators.alegra.stock import refuse_shortage
from integrations.simulators.control import timestamp
from integrations.simulators.faults import DOCUMENT_FAULTS, Fault
from integrations.simulators.server import Response, Router
from integrations.simulators.storage import Record

_STAMP_FAULTS = DOCUMENT_FAULTS - {"hidden_for"}
_DECIDES_AFTER_SECONDS = 30.0
_MISSING = "La factura no existe"
_SILENT = "EPR503: La DIAN no respondió; intenta de nuevo más tarde"
_REFUSED = "AEP1005: El certificado digital se encuentra vencido"


class Unstamped(Exception):
    """The invoice was not emitted; ``code`` of the provider and a sentence for people."""

    def __init__(self, code: str, sentence: str) -> None:
        super().__init__(f"{code}: {sentence}" if code else sentence)


def add_stamp_routes(router: Router) -> None:
    router.add("POST", "/invoices/stamp", stamp_group)


def stamp_group(call: Call) -> Any:
    """Emit up to ``stamp_max`` invoices by ``ids``; each has its own result.

    As the fact ``stamp_answer`` says: 200 with ``{"data": [{"id", "success", "message"}]}``
    whatever became of them; or 200 with ``{"invoices": [{"id", "code", "message", "stamp"}]}``,
    and 400 with the same list beside ``code`` and ``message`` when none could be emitted. Where
    ``stamp_bad_one`` is a status, one that cannot be emitted keeps all others from it.
    """
    books = call.books
    keys = call.body.get("ids")
    if not isinstance(keys, list) or not keys:
        raise refusal("Debes enviar los ids de las facturas")
    if len(keys) > books.facts["stamp_max"]:
        raise refusal(f"Solo puedes emitir {books.facts['stamp_max']} facturas a la vez")
    settle_stamps(books)
    if (whole := _refused_whole(call, keys)) is not None:
        return whole
    results = [_emitted(call, key) for key in dict.fromkeys(str(one) for one in keys)]
    if books.facts["stamp_answer"] == "data":
        told_of = [
            {"id": one["id"], "success": one["code"] == 200, "message": one["message"]}
            for one in results
        ]
        return {"data": told_of}
    if all(result["code"] != 200 for result in results):
        first = results[0]
        body = {"code": 400, "message": first["message"], "invoices": results}
        return Response.json(body, 400)
    return {"invoices": results}


def _refused_whole(call: Call, keys: list[Any]) -> Response | None:
    """The refusal of the whole call where one invoice cannot be emitted, which it does not name.
    None where the call is not refused."""
    status = call.books.facts["stamp_bad_one"]
    if status == "named":
        return None
    for key in keys:
        try:
            _to_emit(call.books, str(key))
        except (Unstamped, Refused) as error:
            message = error.message if isinstance(error, Refused) else str(error)
            return Response.json({"error": {"code": max(status, 400), "message": message}}, status)
    return None


def _emitted(call: Call, key: str) -> Record:
    """What the answer says of one invoice."""
    books = call.books
    code, message = 200, "La factura fue emitida"
    try:
        _emit(call, key)
    except Unstamped as error:
        code, message = 400, str(error)
    except Refused as refused:
        code, message = refused.status, refused.message
    record = books.look("invoices", key)
    return {
        "id": books.shapes.id("invoices", key),
        "code": code,
        "message": message,
        "stamp": show_stamp(books, record) if record else None,
    }


def stamp_one(call: Call, key: str) -> Response | None:
    """Emit a draft that has just been made or opened; the refusal to answer, or None.

    The refusal carries the invoice in one of the places that clients have reported.
    """
    try:
        _emit(call, key)
    except Unstamped as error:
        books = call.books
        shown = show_invoice(books, books.get("invoices", key, _MISSING))
        message = f"No fue posible emitir la factura. {error}"
        place = books.shapes.turn(4, "failed stamp", key)
        if place == 0:
            body: dict[str, Any] = {**shown, "code": 400, "message": message}
        elif place == 1:
            body = {"error": {"code": 400, "message": message, "invoice": shown}}
        else:
            body = {"code": 400, "message": message, ("invoice", "data")[place - 2]: shown}
        return Response.json(body, 400)
    return None


def _emit(call: Call, key: str) -> Record:
    books = call.books
    record = _to_emit(books, key)
    fault = call.draw(_STAMP_FAULTS)
    name = fault.name if fault else ""
    if name == "stamp_failed_with_draft":
        raise Unstamped("", _told_by(fault, _SILENT))
    if name == "stamp_refused":
        raise Unstamped("", _told_by(fault, _REFUSED))
    if name == "stamp_rejected":
        words = words_of(fault.body if fault else None) or CHECK_DIGIT
        if books.facts["rejected_status"] == "open":
            record = _entered(books, record)
        books.put("invoices", reject(books, record, words))
        said = "" if books.facts["rejection_told"] == "read" else "; ".join(told(words, "Rechazo"))
        raise Unstamped("", f"La DIAN rechazó el documento. {said}".strip())
    record = _entered(books, record)
    refused = ""
    if name == "stamp_pending" and fault is not None:
        record, refused = _pending(books, record, fault)
    else:
        seen = words_of(fault.body) if fault and name == "stamp_observed" else []
        record = accept(books, record, seen)
    books.put("invoices", record)
    books.announce("edit-invoice", "invoice", show_invoice(books, record))
    if refused:
        raise Unstamped("", refused)
    return record


def _to_emit(books: Books, key: str) -> Record:
    """The invoice, if it can be emitted. Raises Refused, Unstamped."""
    record = books.get("invoices", key, _MISSING)
    if is_stamped(record):
        raise Unstamped("AEP2011", "El documento ya fue enviado o está en proceso")
    if record["status"] not in {"draft", "open", "closed"}:
        raise Unstamped("", "La factura se encuentra anulada")
    _check(books, record)
    return record


def _told_by(fault: Fault | None, otherwise: str) -> str:
    """The words of a refusal: the fault's text, or its ``{"code", "message"}``."""
    body = fault.body if fault else None
    if isinstance(body, dict):
        code, message = str(body.get("code") or ""), str(body.get("message") or "")
        return ": ".join(filter(None, [code, message])) or otherwise
    return str(body) if body else otherwise


def _pending(books: Books, record: Record, fault: Fault) -> tuple[Record, str]:
    """The invoice that waits for the DIAN, and how the answer refuses it, or "".

    The fault's ``body``: ``{"end": "accepted" | "rejected", "words": …, "answer": …}``, each of
    them optional.
    """
    plan = fault.body if isinstance(fault.body, dict) else {}
    seconds = fault.seconds(_DECIDES_AFTER_SECONDS)
    until = timestamp(books.now + timedelta(seconds=seconds))
    end, words = plan.get("end", "accepted"), words_of(plan.get("words"))
    waiting = wait(books, record, until=until, end=end, words=words)
    return waiting, str(plan.get("answer") or "")


def _entered(books: Books, record: Record) -> Record:
    """The invoice with its number, open, its stock moved."""
    try:
        record = take_number(books, "invoices", record)
    except Refused as refused:
        raise Unstamped("AEP6009", refused.message) from refused
    if record["status"] == "draft":
        record["status"] = "open"
    return settled(moved(books, record))


def _check(books: Books, record: Record) -> None:
    """What Alegra and its provider look at before the DIAN does. Raises Unstamped."""
    if not is_electronic(books, record):
        raise Unstamped("AEP6008", "La numeración de la factura no es electrónica")
    if record["date"] != books.today and books.facts["stamp_old_date"] == "refused":
        raise Unstamped("", "La fecha de la factura debe ser la fecha de emisión")
    try:
        refuse_closed(books, record["date"])
        refuse_shortage(books, record, moves_when(books, record, "open"))
    except Refused as refused:
        raise Unstamped("", refused.message) from refused
    if not record["template"].get("taken"):
        reason = why_not(books, record["template"]["id"], record["date"])
        if reason:
            is_coded = books.facts["numbering_refusal"] == "coded"
            raise Unstamped("AEP6011" if is_coded else "", reason)
    contact = books.look("contacts", record["client"]["id"]) or {}
    if not contact.get("kindOfPerson"):
        raise Unstamped("AEP6012", "Falta el tipo de persona del cliente")
    if not contact.get("identificationObject"):
        raise Unstamped("AEP6013", "Falta la identificación del cliente")
    if not contact.get("regime"):
        raise Unstamped("AEP6015", "Falta el régimen del cliente")
    for place, line in enumerate(record["lines"]):
        if not _unit_of(books, line):
            raise Unstamped("", f"items.{place}.unit es requerido")


def _unit_of(books: Books, line: Record) -> Any:
    """The unit that counts at emission: the item's of now, or the line's own."""
    item = books.look("items", line["id"]) if books.facts["stamp_unit"] == "item" else None
    return item.get("unit") if item else line.get("unit")
