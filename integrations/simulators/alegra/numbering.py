"""Number templates: which one a document takes, and the number it uses up.

A number is used when a document becomes open, never by a draft and never by a rejection.
"""

from __future__ import annotations

from typing import Any

from integrations.simulators.alegra.books import Books, reference_to
from integrations.simulators.alegra.headers import is_refused
from integrations.simulators.alegra.refusals import gone, refusal
from integrations.simulators.storage import Record

_NOT_FOUND = "La numeración seleccionada no existe"


def choose_template(books: Books, given: Any, document_type: str) -> Record:
    """What the document keeps of its template: ``{"id", "prefix"?, "number"?}``.

    Without one given the preferred active one is taken. A manual numbering needs a number
    that nobody has. Raises Refused.
    """
    key = reference_to(given)
    if key is None:
        for template in books.all("number-templates"):
            if (
                template["documentType"] == document_type
                and template["isDefault"]
                and template["status"] == "active"
            ):
                return {"id": template["id"]}
        raise refusal("No hay una numeración preferida para este documento")
    template_found = books.look("number-templates", key)
    if template_found is None or template_found["documentType"] != document_type:
        raise gone(_NOT_FOUND, books.facts["gone_choice_status"])
    if is_refused(books, template_found):
        raise refusal(f"La numeración {template_found['name']} se encuentra inactiva")
    if template_found["autoincrement"]:
        return {"id": key}
    if not isinstance(given, dict) or not given.get("number"):
        raise refusal("La numeración manual necesita un número")
    prefix = str(given.get("prefix") or template_found["prefix"] or "")
    return {"id": key, "prefix": prefix, "number": str(given["number"])}


def why_not(books: Books, key: str, date: str) -> str | None:
    """Why a template gives no number on that day, or None."""
    template = books.look("number-templates", key)
    if template is None:
        return _NOT_FOUND
    if template["status"] != "active":
        return f"La numeración {template['name']} se encuentra inactiva"
    if template.get("endDate") and template["endDate"] < date:
        return f"La resolución de la numeración {template['name']} se encuentra vencida"
    last = template.get("maxInvoiceNumber")
    if last and template["autoincrement"] and template["nextInvoiceNumber"] > last:
        return f"La numeración {template['name']} está agotada"
    return None


def take_number(books: Books, kind: str, record: Record) -> Record:
    """The document with its number; the template moves on. Raises Refused."""
    chosen = record["template"]
    if chosen.get("taken"):
        return record
    reason = why_not(books, chosen["id"], record["date"])
    if reason:
        raise refusal(reason)
    template = books.get("number-templates", chosen["id"], _NOT_FOUND)
    if template["autoincrement"]:
        prefix, number = template["prefix"] or "", str(template["nextInvoiceNumber"])
        template["nextInvoiceNumber"] += 1
        books.put("number-templates", template)
    else:
        prefix, number = chosen["prefix"], chosen["number"]
        for other in books.all(kind):
            taken = other["template"]
            if taken.get("taken") and (taken["prefix"], taken["number"]) == (prefix, number):
                raise refusal(f"El número {prefix}{number} ya fue usado en otro documento")
    return {
        **record,
        "template": {"id": chosen["id"], "prefix": prefix, "number": number, "taken": True},
    }


def show_template(books: Books, record: Record, document_type: str) -> Any:
    """The numberTemplate of a document: an object, or an array of one; a draft has no number."""
    chosen = record["template"]
    template = books.look("number-templates", chosen["id"]) or {}
    shown: dict[str, Any] = {
        "id": books.shapes.id("number-templates", chosen["id"]),
        "prefix": chosen.get("prefix", template.get("prefix")),
        "text": template.get("invoiceText"),
        "documentType": document_type,
        "isElectronic": template.get("isElectronic", False),
    }
    if chosen.get("taken"):
        number = chosen["number"]
        shown |= {
            "number": number,
            "fullNumber": f"{chosen['prefix']}{number}",
            "formattedNumber": number.zfill(8),
        }
    return books.shapes.one_or_list(shown, record["kind"], record["id"], "template")


def is_electronic(books: Books, record: Record) -> bool:
    template = books.look("number-templates", record["template"]["id"])
    return bool(template and template["isElectronic"])
