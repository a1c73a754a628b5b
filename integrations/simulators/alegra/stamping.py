"""Emission before the DIAN: by id in groups, or within the creation. Alegra reference: stamp.

Emitting is not idempotent, a rejection uses no number, and a failed emission leaves the
invoice as a draft whose data stands in the body of the refusal.
"""

from __future__ import annotations

import hashlib
from datetime import timedelta
from typing import Any

from integrations.simulators.alegra.books import Books, Call
from integrations.simulators.alegra.invoice_state import is_stamped, moved, settled
from integrations.simulators.alegra.invoice_view import full_number, show_invoice, show_stamp
from integrations.simulators.alegra.numbering import is_electronic, take_number, why_not
from integrations.simulators.alegra.refusals import Refused, refusal
from integrations.simulators.control import timestamp
from integrations.simulators.faults import DOCUMENT_FAULTS
from integrations.simulators.server import Response, Router
from integrations.simulators.storage import Record

_STAMP_FAULTS = DOCUMENT_FAULTS - {"hidden_for"}
_DECIDES_AFTER_SECONDS = 30.0
_MISSING = "La factura no existe"


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
    and 400 with the same list beside ``code`` and ``message`` when none could be emitted.
    """
    books = call.books
    keys = call.body.get("ids")
    if not isinstance(keys, list) or not keys:
        raise refusal("Debes enviar los ids de las facturas")
    if len(keys) > books.facts["stamp_max"]:
        raise refusal(f"Solo puedes emitir {books.facts['stamp_max']} facturas a la vez")
    settle_stamps(books)
    results = []
    for key in dict.fromkeys(str(one) for one in keys):
        code, message, stamp = 200, "La factura fue emitida", None
        try:
            stamp = show_stamp(_emit(call, key))
        except (Unstamped, Refused) as error:
            code = 404 if isinstance(error, Refused) else 400
            message = str(error) if isinstance(error, Unstamped) else _MISSING
            record = books.look("invoices", key)
            stamp = show_stamp(record) if record else None
        shown = books.shapes.id("invoices", key)
        results.append({"id": shown, "code": code, "message": message, "stamp": stamp})
    if books.facts["stamp_answer"] == "data":
        told = [
            {"id": one["id"], "success": one["code"] == 200, "message": one["message"]}
            for one in results
        ]
        return {"data": told}
    if all(result["code"] != 200 for result in results):
        first = results[0]
        body = {"code": 400, "message": first["message"], "invoices": results}
        return Response.json(body, 400)
    return {"invoices": results}


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


def settle_stamps(books: Books) -> None:
    """Let the DIAN decide what it has had long enough."""
    now = timestamp(books.now)
    for waiting in books.all("waiting-stamps"):
        if waiting["until"] > now:
            continue
        record = books.look("invoices", waiting["id"])
        books.store.drop(books.nit, "waiting-stamps", waiting["id"])
        if record is not None:
            stamp = _accepted(books, record)
            books.put("invoices", {**record, "stamp": stamp})


def _emit(call: Call, key: str) -> Record:
    books = call.books
    record = books.get("invoices", key, _MISSING)
    if is_stamped(record):
        raise Unstamped("AEP2011", "El documento ya fue enviado o está en proceso")
    if record["status"] not in {"draft", "open", "closed"}:
        raise Unstamped("", "La factura se encuentra anulada")
    _check(books, record)
    fault = call.draw(_STAMP_FAULTS)
    name = fault.name if fault else ""
    if name == "stamp_failed_with_draft":
        raise Unstamped("EPR503", "La DIAN no respondió; intenta de nuevo más tarde")
    if name == "stamp_rejected":
        reason = "Regla FAK24: el código del municipio del adquiriente no es válido"
        stamp = {"legalStatus": "STAMPED_AND_REJECTED", "date": books.datetime, "warnings": []}
        books.put("invoices", {**record, "stamp": {**stamp, "errors": [reason]}})
        raise Unstamped("", f"La DIAN rechazó el documento. {reason}")
    record = take_number(books, "invoices", record)
    if record["status"] == "draft":
        record["status"] = "open"
    record = settled(moved(books, record))
    if name == "stamp_pending" and fault is not None:
        seconds = fault.seconds(_DECIDES_AFTER_SECONDS)
        until = timestamp(books.now + timedelta(seconds=seconds))
        record["stamp"] = {"legalStatus": "STAMPED_AND_WAITING_RESPONSE", "date": books.datetime}
        books.put("waiting-stamps", {"id": key, "until": until})
    else:
        record["stamp"] = _accepted(books, record)
    books.put("invoices", record)
    books.announce("edit-invoice", "invoice", show_invoice(books, record))
    return record


def _check(books: Books, record: Record) -> None:
    """What Alegra and its provider look at before the DIAN does. Raises Unstamped."""
    if not is_electronic(books, record):
        raise Unstamped("AEP6008", "La numeración de la factura no es electrónica")
    if record["date"] != books.today and books.facts["stamp_old_date"] == "refused":
        raise Unstamped("", "La fecha de la factura debe ser la fecha de emisión")
    if not record["template"].get("taken"):
        reason = why_not(books, record["template"]["id"], record["date"])
        if reason:
            raise Unstamped("AEP6011", reason)
    contact = books.look("contacts", record["client"]["id"]) or {}
    if not contact.get("kindOfPerson"):
        raise Unstamped("AEP6012", "Falta el tipo de persona del cliente")
    if not contact.get("identificationObject"):
        raise Unstamped("AEP6013", "Falta la identificación del cliente")
    if not contact.get("regime"):
        raise Unstamped("AEP6015", "Falta el régimen del cliente")
    for place, line in enumerate(record["lines"]):
        if not line.get("unit"):
            raise Unstamped("", f"items.{place}.unit es requerido")


def _accepted(books: Books, record: Record) -> Record:
    warnings = [
        {"code": "FAZ09", "message": f"El ítem {line['name']} no tiene código de producto"}
        for line in record["lines"]
        if not line.get("productKey")
    ]
    status = "STAMPED_AND_ACCEPTED"
    words = f"{books.nit}|{full_number(record)}|{record['date']}|{record['total']}|{record['id']}"
    return {
        "legalStatus": f"{status}_WITH_OBSERVATIONS" if warnings else status,
        "cufe": hashlib.sha384(words.encode()).hexdigest(),
        "barCodeContent": f"NumFac: {full_number(record)} FecFac: {record['date']}"
        f" NitFac: {books.nit} ValTolFac: {record['total']}",
        "date": books.datetime,
        "warnings": warnings,
    }
