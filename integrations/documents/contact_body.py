"""What a buyer who is new to Alegra is created with. Alegra reference: contacts.

Pure. Nothing is made up but the stated filler for a surname that the order lacks: Alegra takes
a natural person only with both names. What Alegra would refuse is left out whole.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from integrations.colombia import contact_details, identity, municipalities, names
from integrations.documents.facts import BuyerFact

DEFAULT_FILLER = "."
_DAMAGED_ADDRESS = (
    "La dirección no va en el cliente: trae letras que se perdieron en el camino. Se puede "
    "corregir en este pedido."
)


@dataclass(frozen=True)
class ContactBody:
    """The body of `POST /contacts`, and what the preview says of it."""

    body: dict[str, Any] = field(repr=False)
    notes: tuple[str, ...] = ()


def contact_body(
    buyer: BuyerFact,
    judged: identity.Judgement,
    name: names.Name,
    *,
    filler: str = DEFAULT_FILLER,
) -> ContactBody:
    """The body for an identified buyer. `filler` is sent as the surname of a one-word name."""
    identification: dict[str, Any] = {"type": judged.type, "number": judged.number}
    if judged.dv is not None:
        identification["dv"] = judged.dv
    is_company = judged.is_company or name.kind == "company"
    body: dict[str, Any] = {
        "identificationObject": identification,
        "kindOfPerson": "LEGAL_ENTITY" if is_company else "PERSON_ENTITY",
        "regime": "COMMON_REGIME" if is_company else "SIMPLIFIED_REGIME",
        "type": ["client"],
    }
    notes = []
    if is_company:
        body["name"] = name.full
    else:
        # Never `name` beside it: one source says that Alegra refuses both (2039).
        body["nameObject"] = {"firstName": name.first, "lastName": name.last or filler}
        if not name.last:
            notes.append(
                "El nombre tiene una sola palabra y Alegra exige apellido: como apellido va "
                f"«{filler}»."
            )
    if address := _address(buyer):
        body["address"] = address
    if buyer.address and is_damaged(buyer.address):
        notes.append(_DAMAGED_ADDRESS)
    phone_told = contact_details.read_phone(buyer.phone)
    if phone := phone_told.value:
        body["phonePrimary"] = phone
        if phone.startswith("3"):
            body["mobile"] = phone
    if buyer.email_is_shops_own:
        notes.append(
            "El correo del pedido es de la tienda o se repite en muchos compradores: no va como "
            "suyo."
        )
    else:
        email_told = contact_details.read_email(buyer.email)
        if email_told.value:
            body["email"] = email_told.value
        notes += filter(None, [contact_details.NOTES.get(email_told.note)])
    notes += filter(None, [contact_details.NOTES.get(phone_told.note)])
    return ContactBody(body, tuple(notes))


def generic_body(number: str) -> dict[str, Any]:
    """The unidentified buyer's. Colombian invoicing reference, "Consumidor final"."""
    return {
        "nameObject": {"firstName": "Consumidor", "lastName": "Final"},
        "identificationObject": {"type": "CC", "number": number},
        "kindOfPerson": "PERSON_ENTITY",
        "regime": "SIMPLIFIED_REGIME",
        "type": ["client"],
    }


def _address(buyer: BuyerFact) -> dict[str, str]:
    """City and department by their official names, or nothing at all: Alegra refuses an address
    without department, and one that does not fit the city (2112)."""
    town = municipalities.find(
        dane_code=buyer.dane_code, city=buyer.city, department=buyer.department
    )
    if town is None:
        return {}
    address = {"city": town.name, "department": town.department, "country": "Colombia"}
    if not buyer.address or is_damaged(buyer.address):
        return address
    return {"address": buyer.address, **address}


def is_damaged(text: str) -> bool:
    """Letters were lost on the way: a sign stands in their place."""
    return bool(re.search("\ufffd|[^\\W\\d_][?]+[^\\W\\d_]", text))


Attempt = tuple[tuple[str, ...], dict[str, Any]]


def address_attempts(
    body: dict[str, Any], *, accepted: Callable[[str], Sequence[str] | None]
) -> tuple[str, list[Attempt]]:
    """(DANE code of the body's city, what to send in turn until Alegra takes its address).

    Each attempt is ((city, department) as spelled, the body); the last has no address and no
    spelling. `accepted(code)` is the spelling that was taken before, [] for none, None for not
    known: with it there is nothing to try.
    """
    address = body.get("address")
    if not address:
        return "", [((), body)]
    code, spellings = municipalities.spellings(address["city"], address["department"])
    taken = accepted(code)
    if taken is not None:
        spellings = [tuple(taken)] if taken else []
    attempts: list[Attempt] = [
        (pair, {**body, "address": {**address, "city": pair[0], "department": pair[1]}})
        for pair in spellings
    ]
    without = {key: value for key, value in body.items() if key != "address"}
    return code, [*attempts, ((), without)]
