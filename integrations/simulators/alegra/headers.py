"""What the headers of all documents share: dates, client, seller, bodega, texts, marker."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

from integrations.simulators.alegra.books import Books, reference_to
from integrations.simulators.alegra.refusals import gone, not_in_plan, refusal, refusal_nested
from integrations.simulators.alegra.stock import principal_warehouse
from integrations.simulators.storage import Record

_MARKER = re.compile(r"\[MS1-[^\]\s]*\]")
_LONGEST = 500
_NAMED = {
    "seller": ("sellers", "El vendedor seleccionado no existe"),
    "costCenter": ("cost-centers", "El centro de costo seleccionado no existe"),
    "priceList": ("price-lists", "La lista de precios con ese id no fue encontrada"),
    "term": ("terms", "El término de pago seleccionado no existe"),
}
_TEXTS = ("observations", "anotation", "termsConditions")


def accept_date(given: Any, name: str, code: int | None = None) -> str:
    """A day as ``yyyy-MM-dd``. Raises Refused."""
    try:
        if isinstance(given, str) and len(given) == 10:
            return date.fromisoformat(given).isoformat()
    except ValueError:
        pass
    reason = "es obligatorio" if given in (None, "") else "no es una fecha válida"
    raise refusal(f"El campo {name} {reason}", code)


def accept_client(books: Books, given: Any) -> Record:
    """The existing, active contact, as the document keeps it. Raises Refused (3003)."""
    key = reference_to(given)
    if key is None:
        raise refusal_nested("El cliente es inválido: debe ser el id de un contacto", 3003)
    contact = books.look("contacts", key)
    if contact is None:
        raise refusal("El cliente seleccionado no existe")
    if contact["status"] != "active" and books.facts["inactive_contacts"] == "refused":
        raise refusal("El cliente seleccionado se encuentra inactivo")
    return {
        "id": contact["id"],
        "name": contact["name"],
        "identification": contact.get("identification"),
        "identificationObject": contact.get("identificationObject"),
        "phone": contact.get("phonePrimary"),
        "email": contact.get("email"),
        "address": contact.get("address"),
    }


def accept_named(books: Books, body: dict[str, Any], names: tuple[str, ...]) -> Record:
    """Seller, cost centre, price list, term: ``{"id", "name"}`` or None, where sent."""
    kept: Record = {}
    for name in names:
        if name not in body:
            continue
        key = reference_to(body[name])
        if key is None:
            kept[name] = None
            continue
        kind, missing = _NAMED[name]
        record = books.look(kind, key)
        if record is None:
            raise gone(missing, books.facts["gone_choice_status"])
        if is_refused(books, record):
            raise refusal(missing)
        kept[name] = {"id": record["id"], "name": record["name"]}
        if record.get("code"):
            kept[name]["code"] = record["code"]
    return kept


def accept_texts(body: dict[str, Any], names: tuple[str, ...] = _TEXTS) -> Record:
    """The free texts that were sent, at most 500 characters each."""
    kept: Record = {}
    for name in names:
        if name not in body:
            continue
        text = body[name]
        if text is not None and (not isinstance(text, str) or len(text) > _LONGEST):
            raise refusal(f"El campo {name} admite máximo {_LONGEST} caracteres")
        kept[name] = text
    return kept


def accept_warehouse(books: Books, given: Any) -> Record:
    """The bodega of a document: the one sent, or the principal one. Raises Refused."""
    principal = principal_warehouse(books)
    key = reference_to(given) or principal
    if key != principal and books.lacks("warehouses"):
        raise not_in_plan("el manejo de bodegas")
    if not books.facts["warehouse_kept"]:
        key = principal
    warehouse = books.look("warehouses", key)
    missing = "La bodega seleccionada no existe o está inactiva"
    if warehouse is None:
        raise gone(missing, books.facts["gone_choice_status"])
    if is_refused(books, warehouse):
        raise refusal(missing)
    return {"id": warehouse["id"], "name": warehouse["name"]}


def is_refused(books: Books, record: Record) -> bool:
    """Whether a document may not name this entry of a list because it is inactive."""
    is_active = record.get("status", "active") == "active"
    return not is_active and books.facts["inactive_choices"] == "refused"


def show_named(books: Books, kind: str, value: Record | None) -> Any:
    """``{"id", "name"}`` as an answer has it."""
    if value is None:
        return None
    return {**value, "id": books.shapes.id(kind, value["id"])}


def show_warehouse(books: Books, value: Record) -> Any:
    """A document's bodega as its answers have it, null where they do not name it."""
    return show_named(books, "warehouses", value) if books.facts["warehouse_shown"] else None


def show_client(books: Books, value: Record, form: str = "identification") -> Record:
    """The client as an answer has it; ``form`` is that of the facts ``…_client``."""
    shown = {**value, "id": books.shapes.id("contacts", value["id"])}
    if form == "name":
        return {"id": shown["id"], "name": shown["name"]}
    shown.pop("identification" if form == "object" else "identificationObject", None)
    return shown


def marker_in(observations: str | None) -> str | None:
    """The last marker of a text."""
    found = _MARKER.findall(observations or "")
    return found[-1] if found else None
