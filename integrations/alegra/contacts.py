"""Buyers. https://developer.alegra.com/reference (contacts)"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

from . import pages, records
from .client import MOST_ROWS, AlegraClient
from .errors import Rejected
from .shapes import identity, one, person_name, segment, text

# The code of a refusal: the city does not lie in the department, or is spelled otherwise.
BAD_PLACE = "2112"
_SET_BY_ALEGRA = frozenset({"id", "created_at", "updated_at", "createdAt", "updatedAt"})
# No identification is longer, and the time of its search grows with the square of the length.
_LONGEST_NUMBER = 200
# Both forms of a name, or of an identification, are answered; only one may be sent (2039).
_SAME_FACT = (("nameObject", "name"), ("identificationObject", "identification"))


@dataclass(frozen=True)
class Contact:
    """``number`` as Alegra keeps it; ``types`` holds "client", "provider" or both."""

    id: str
    name: str = field(repr=False)
    number: str = field(repr=False)
    number_type: str
    dv: str
    kind_of_person: str
    regime: str
    email: str = field(repr=False)
    types: tuple[str, ...]
    status: str
    raw: dict[str, Any] = field(default_factory=dict, repr=False, compare=False)

    @property
    def is_company(self) -> bool:
        return self.kind_of_person == "LEGAL_ENTITY"

    @property
    def is_active(self) -> bool:
        """Alegra takes no inactive contact for a document; one without a status is taken."""
        return self.status.casefold() != "inactive"


def find_by_number(client: AlegraClient, number: str, *, with_dots: bool = False) -> list[Contact]:
    """The contacts with exactly this identification; several when Alegra holds it twice.

    Alegra's own filter means *contains*: 1020 also finds 110203, and 1020304 does not find
    1.020.304. ``with_dots`` asks for that too where the first question found nothing.
    """
    wanted = bare(number)
    spellings = [wanted] if wanted else []
    if with_dots and wanted.isdecimal():
        spellings.append(f"{int(wanted):,}".replace(",", "."))
    for asked in dict.fromkeys(spellings):
        rows = pages.every(client, "/contacts", {"identification": asked})
        found = [from_row(row) for row in rows]
        if found := [contact for contact in found if bare(contact.number) == wanted]:
            return found
    return []


def newest_page(client: AlegraClient, start: int) -> tuple[list[Contact], bool]:
    """(one page of all contacts, newest first, from this row on; whether it is the last)."""
    newest = {"order_field": "id", "order_direction": "DESC"}
    rows, total = pages.page(client, "/contacts", newest, start=start)
    reached = start + len(rows)
    is_last = not rows or (reached >= total if total is not None else len(rows) < MOST_ROWS)
    return [from_row(row) for row in rows], is_last


def read(client: AlegraClient, contact_id: str) -> Contact:
    return from_row(records.read(client, f"/contacts/{segment(contact_id)}"))


def create(client: AlegraClient, body: dict[str, Any]) -> Contact:
    """A repeated identification is Rejected (2006), and names the contact that has it."""
    return from_row(records.create(client, "/contacts", body, under=("contact",)))


def update(client: AlegraClient, contact_id: str, changes: dict[str, Any]) -> Contact | None:
    """Read, merge, send everything back: a PUT was seen to replace the whole record.

    None when the change succeeded and the answer did not carry the contact.
    """
    path = f"/contacts/{segment(contact_id)}"
    merged = merge(records.read(client, path), changes)
    row = records.change(client, "PUT", path, merged)
    return from_row(row) if row else None


def put(client: AlegraClient, contact: Contact, changes: dict[str, Any]) -> None:
    """Send back a contact that was just read, with the changes laid over it.

    A PUT needs the name and the identification even where they stay as they are. Rejected,
    before anything is sent, where the contact was told without either.
    """
    body = merge(contact.raw, changes)
    if isinstance(contact.raw.get("name"), str):
        body["name"] = contact.raw["name"]
    if not (body.get("name") and body.get("identificationObject")):
        raise Rejected("Alegra no dijo el nombre o el tipo de identificación del contacto.")
    records.change(client, "PUT", f"/contacts/{segment(contact.id)}", body)


def merge(row: dict[str, Any], changes: dict[str, Any]) -> dict[str, Any]:
    """The body of a PUT: the record as it is, with the changes laid over it, objects by key."""
    body = {key: value for key, value in row.items() if key not in _SET_BY_ALEGRA}
    for structured, plain in _SAME_FACT:
        if structured in changes or (plain not in changes and body.get(structured)):
            body.pop(plain, None)
        else:
            body.pop(structured, None)
    for key, value in changes.items():
        if any(key == plain and structured in changes for structured, plain in _SAME_FACT):
            continue
        held = body.get(key)
        body[key] = (
            {**held, **value} if isinstance(held, dict) and isinstance(value, dict) else value
        )
    return body


def bare(number: str) -> str:
    """An identification without dots, commas, spaces and the check digit behind a hyphen."""
    without_check_digit = re.sub(r"\s*-\s*\d\s*$", "", number[:_LONGEST_NUMBER])
    return re.sub(r"[^0-9A-Za-z]", "", without_check_digit).upper()


def from_row(row: dict[str, Any]) -> Contact:
    proof = one(row.get("identificationObject"))
    types = row.get("type")
    return Contact(
        id=identity(row),
        name=person_name(row.get("name")) or person_name(row.get("nameObject")),
        number=text(proof.get("number")) or text(row.get("identification")),
        number_type=text(proof.get("type")),
        dv=text(proof.get("dv")),
        kind_of_person=text(row.get("kindOfPerson")),
        regime=text(row.get("regime")),
        email=text(row.get("email")),
        types=tuple(map(text, types))
        if isinstance(types, list)
        else tuple(filter(None, [text(types)])),
        status=text(row.get("status")),
        raw=row,
    )
