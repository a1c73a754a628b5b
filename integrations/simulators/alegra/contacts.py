"""Contacts. Alegra reference: contacts."""

from __future__ import annotations

import re
from typing import Any

from integrations.simulators.alegra.books import Books, Call
from integrations.simulators.alegra.lists import Matches, contains, page, text_at
from integrations.simulators.alegra.places import check_place
from integrations.simulators.alegra.refusals import refusal
from integrations.simulators.control import timestamp
from integrations.simulators.server import Router
from integrations.simulators.storage import Record

MISSING = "El contacto no existe"
_ID_TYPES = ("RC", "TI", "CC", "TE", "CE", "NIT", "PP", "PEP", "DIE", "NUIP", "FOREIGN_NIT")
_KINDS_OF_PERSON = ("PERSON_ENTITY", "LEGAL_ENTITY")
_REGIMES = (
    "SIMPLIFIED_REGIME",
    "COMMON_REGIME",
    "SPECIAL_REGIME",
    "NATIONAL_CONSUMPTION_TAX",
    "NOT_REPONSIBLE_FOR_CONSUMPTION",
    "INC_IVA_RESPONSIBLE",
)
_TEXTS = ("phonePrimary", "phoneSecondary", "mobile", "email", "observations")
EMPTY_CONTACT: Record = {
    **dict.fromkeys(_TEXTS),
    "identification": None,
    "identificationObject": None,
    "kindOfPerson": None,
    "regime": None,
    "address": None,
    "seller": None,
    "term": None,
    "priceList": None,
    "nameObject": None,
    "type": [],
    "internalContacts": [],
    "statementAttached": False,
}


def _matches_query(record: Record, value: str) -> bool:
    words = (record["name"], record["identification"] or "", record["email"] or "")
    return any(value.lower() in word.lower() for word in words)


_FILTERS: dict[str, Matches] = {
    "query": _matches_query,
    "identification": contains("identification"),
    "name": contains("name"),
    "type": lambda record, value: value in record["type"],
}
_ORDER = {"id": ("id",), "name": ("name",), "email": ("email",)}


def add_contact_routes(router: Router) -> None:
    router.add("GET", "/contacts", list_contacts)
    router.add("POST", "/contacts", create_contact)
    router.add("GET", "/contacts/{id}", read_contact)
    router.add("PUT", "/contacts/{id}", edit_contact)
    router.add("DELETE", "/contacts/{id}", delete_contact)


def show_contact(books: Books, record: Record) -> Record:
    shapes, key = books.shapes, record["id"]
    shown = {name: record[name] for name in EMPTY_CONTACT if name not in {"type", "nameObject"}}
    identity = record["identificationObject"]
    if identity and identity.get("dv") is not None:
        dv = str(identity["dv"])
        as_number = shapes.varied and shapes.turn(2, "dv", key) == 0
        shown["identificationObject"] = {**identity, "dv": int(dv) if as_number else dv}
    kinds = record["type"]
    as_text = shapes.varied and len(kinds) == 1 and shapes.turn(2, "type", key) == 0
    return {
        "id": shapes.id("contacts", key),
        "name": record["name"],
        **shown,
        "type": kinds[0] if as_text else kinds,
        "status": record["status"],
        "created_at": record["created_at"],
        "updated_at": record["updated_at"],
    }


def list_contacts(call: Call) -> Any:
    return page(
        call,
        "contacts",
        lambda record: show_contact(call.books, record),
        filters=_FILTERS,
        order=_ORDER,
    )


def read_contact(call: Call) -> Any:
    return show_contact(call.books, call.books.get("contacts", call.key, MISSING))


def create_contact(call: Call) -> Any:
    """A new contact; a repeated identification is refused unless ``ignoreRepeated``."""
    books, body = call.books, call.body
    _refuse_incomplete(books, body)
    _refuse_data(books, body, EMPTY_CONTACT)
    record = {
        "id": books.mint("contacts"),
        "kind": "contacts",
        "status": "active",
        "stock": [],
        **EMPTY_CONTACT,
        **accept_contact(body),
        "created_at": books.datetime,
        "updated_at": books.datetime,
    }
    if not body.get("ignoreRepeated"):
        _refuse_repeated(books, record)
    record = call.sign(record)
    books.put("contacts", record)
    shown = show_contact(books, record)
    books.announce("new-client", "client", {**shown, "name": record["nameObject"] or shown["name"]})
    call.status = books.facts["post_status"]
    return shown


def edit_contact(call: Call) -> Any:
    """Replaces the whole record, or merges, as the fact ``contact_put`` says."""
    books, body = call.books, call.body
    _check_address(books, body)
    before = books.get("contacts", call.key, MISSING)
    _refuse_data(books, body, before)
    if books.facts["contact_put"] == "replace":
        sent = {**EMPTY_CONTACT, **accept_contact(body)}
    else:
        sent = accept_contact({"name": before["name"], **body} if not _named(body) else body)
    record = {**before, **sent, "updated_at": books.datetime}
    if body.get("status") in {"active", "inactive"}:
        record["status"] = body["status"]
    if record["identification"] != before["identification"]:
        _refuse_repeated(books, record)
    books.put("contacts", record)
    shown = show_contact(books, record)
    books.announce("edit-client", "client", shown)
    return shown


def delete_contact(call: Call) -> Any:
    books = call.books
    record = books.get("contacts", call.key, MISSING)
    for kind in ("invoices", "remissions", "estimates", "credit-notes", "payments"):
        if any(text_at(one, ("client", "id")) == record["id"] for one in books.all(kind)):
            raise refusal("El contacto tiene documentos asociados y no se puede eliminar")
    books.put("contacts", {**record, "deleted_at": timestamp(books.now)})
    books.announce("delete-client", "client", {"id": books.shapes.id("contacts", record["id"])})
    return {"code": 200, "message": "El contacto fue eliminado correctamente."}


def accept_contact(body: dict[str, Any]) -> Record:
    """What is kept of a body. Raises Refused (2035 for a number without type)."""
    kept: Record = {name: _text(body[name]) for name in _TEXTS if name in body}
    kept |= _accept_name(body)
    if "identificationObject" in body or "identification" in body:
        kept |= _accept_identity(body)
    for name, allowed in (("kindOfPerson", _KINDS_OF_PERSON), ("regime", _REGIMES)):
        if name in body:
            if body[name] is not None and body[name] not in allowed:
                raise refusal(f"El campo {name} es inválido")
            kept[name] = body[name]
    if "type" in body:
        kinds = body["type"] if isinstance(body["type"], list) else [body["type"]]
        if set(kinds) - {"client", "provider"}:
            raise refusal("El tipo de contacto es inválido")
        kept["type"] = kinds
    if "address" in body:
        if body["address"] is not None and not isinstance(body["address"], dict):
            raise refusal("La dirección del contacto es inválida")
        kept["address"] = body["address"]
    for name in ("seller", "term", "priceList", "internalContacts", "statementAttached"):
        if name in body:
            kept[name] = body[name]
    return kept


def _named(body: dict[str, Any]) -> bool:
    return bool(body.get("name") or body.get("nameObject"))


def _accept_name(body: dict[str, Any]) -> Record:
    parts = body.get("nameObject")
    if isinstance(parts, dict):
        order = ("firstName", "secondName", "lastName", "secondLastName")
        words = [str(parts[name]).strip() for name in order if parts.get(name)]
        if not parts.get("firstName"):
            raise refusal("El primer nombre del contacto es obligatorio")
        return {"name": " ".join(words), "nameObject": parts}
    name = body.get("name")
    if not isinstance(name, str) or not name.strip():
        raise refusal("El nombre del contacto es obligatorio")
    return {"name": name.strip(), "nameObject": None}


def _accept_identity(body: dict[str, Any]) -> Record:
    identity = body.get("identificationObject")
    if identity is None and body.get("identification") is None:
        return {"identification": None, "identificationObject": None}
    if not isinstance(identity, dict) or not identity.get("type"):
        raise refusal("El tipo de identificación es obligatorio", 2035)
    if identity["type"] not in _ID_TYPES:
        raise refusal("El tipo de identificación es inválido", 2035)
    number = str(identity.get("number") or "").strip()
    if not number:
        raise refusal("El número de identificación es obligatorio")
    kept: Record = {"type": identity["type"], "number": number}
    if identity.get("dv") not in (None, ""):
        if identity["type"] != "NIT":
            raise refusal("El dígito de verificación solo aplica para NIT")
        kept["dv"] = str(identity["dv"])
        if number.isdigit() and kept["dv"] != str(check_digit(number)):
            raise refusal("El dígito de verificación no corresponde al NIT")
    elif identity["type"] == "NIT" and number.isdigit():
        kept["dv"] = str(check_digit(number))
    return {"identification": number, "identificationObject": kept}


def check_digit(base: str) -> int:
    """The NIT's check digit. Colombia reference: NIT check digit."""
    weights = (3, 7, 13, 17, 19, 23, 29, 37, 41, 43, 47, 53, 59, 67, 71)
    pairs = zip(reversed(base), weights, strict=False)
    rest = sum(int(digit) * weight for digit, weight in pairs) % 11
    return rest if rest < 2 else 11 - rest


def _text(value: Any) -> str | None:
    return None if value is None else str(value)


def _refuse_incomplete(books: Books, body: dict[str, Any]) -> None:
    """What life refuses of a new contact, as far as the facts say so."""
    if not body.get("kindOfPerson"):
        raise refusal("El tipo de persona es obligatorio", 2032)
    if books.facts["person_name"] == "object" and body["kindOfPerson"] == "PERSON_ENTITY":
        parts = body.get("nameObject")
        if not isinstance(parts, dict) or not (parts.get("firstName") and parts.get("lastName")):
            raise refusal("El campo nameObject es obligatorio")
    _check_address(books, body)


def _check_address(books: Books, body: dict[str, Any]) -> None:
    address = body.get("address")
    if books.facts["department"] == "checked" and isinstance(address, dict):
        check_place(address, spellings=books.facts["places"])


_DATA = {
    "email": (("email",), "El correo electrónico no es válido"),
    "phone": (("phonePrimary", "mobile"), "El teléfono no es válido"),
    "address": (("address",), "La dirección no es válida"),
}


def _refuse_data(books: Books, body: dict[str, Any], before: Record) -> None:
    """What the facts say that no contact may be given."""
    for name in books.facts["contact_refuses"]:
        fields, sentence = _DATA[name]
        if any(body.get(field) and body[field] != before[field] for field in fields):
            named = books.facts["contact_refusal"] == "named"
            raise refusal(sentence if named else "Los datos del contacto no son válidos")


def _refuse_repeated(books: Books, record: Record) -> None:
    """2006, with the id of the contact that has the number where the facts say so."""
    counts_dots = books.facts["repeated_counts_dots"]

    def as_compared(number: str | None) -> str:
        return _bare(number) if counts_dots else number or ""

    number = as_compared(record["identification"])
    for one in books.all("contacts"):
        if number and as_compared(one["identification"]) == number and one["id"] != record["id"]:
            refused = refusal("Ya existe un contacto con esta identificación", 2006)
            if books.facts["repeated_contact"] == "with_id":
                refused.body["contactId"] = books.shapes.id("contacts", one["id"])
            raise refused


def _bare(number: str | None) -> str:
    """Without dots, spaces and the check digit behind a hyphen."""
    return re.sub(r"[^0-9A-Za-z]", "", re.sub(r"\s*-\s*\d\s*$", "", number or "")).upper()
