"""Who the document is made out to: a judged identity and the contact Alegra would get.

Rules: Colombian invoicing reference, "Identity documents" and "The buyer". Nothing is made
up: what is unusable is left out, and without a usable identification the buyer is
*Cliente no identificado*, whose contact is only ever read.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from integrations.colombia import contact_details, identity, municipalities, names
from integrations.documents.facts import BuyerFact, Facts
from integrations.sending.problem_kinds import Found


@dataclass(frozen=True)
class ContactFact:
    """The key by which the contact is known in Alegra, and its body should it be new."""

    doc_type: str
    number: str = field(repr=False)
    is_generic: bool = False
    body: dict[str, Any] = field(default_factory=dict, repr=False)
    notes: tuple[str, ...] = ()


def identify(facts: Facts) -> ContactFact | Found:
    """The contact of this order, or the one question a person must answer."""
    buyer = facts.buyer
    if buyer.unidentified:
        return generic_contact(facts.settings.unidentified_number)
    judged = identity.judge(buyer.doc_type, buyer.doc_number, phone=buyer.phone)
    about = {"order": facts.number, "order_id": facts.order_id}
    match judged.verdict:
        case "missing":
            return generic_contact(facts.settings.unidentified_number, note=judged.sentence)
        case "ask":
            return Found("identity_ambiguous", facts.number, about)
        case "wrong":
            return Found("identity_wrong", facts.number, {**about, "why": judged.sentence})
    name = names.split_name(
        buyer.name, first=buyer.first_name, last=buyer.last_name, is_company=judged.is_company
    )
    if not name.full:
        why = "El pedido no trae el nombre del comprador."
        return Found("identity_wrong", facts.number, {**about, "why": why})
    return ContactFact(
        doc_type=judged.type or "CC",
        number=judged.number,
        body=_body(buyer, judged, name),
        notes=("El nombre se separó con poca certeza.",) if name.low_confidence else (),
    )


def generic_contact(number: str, note: str = "") -> ContactFact:
    return ContactFact(
        doc_type="CC",
        number=number,
        is_generic=True,
        body={
            "nameObject": {"firstName": "Consumidor", "lastName": "Final"},
            "identificationObject": {"type": "CC", "number": number},
            "kindOfPerson": "PERSON_ENTITY",
            "regime": "SIMPLIFIED_REGIME",
            "type": ["client"],
        },
        notes=(note,) if note else (),
    )


def _body(buyer: BuyerFact, judged: identity.Judgement, name: names.Name) -> dict[str, Any]:
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
    if is_company or not name.last:
        body["name"] = name.full
    else:
        body["nameObject"] = {"firstName": name.first, "lastName": name.last}
    town = municipalities.find(
        dane_code=buyer.dane_code, city=buyer.city, department=buyer.department
    )
    address = {"address": buyer.address, "country": "Colombia"}
    if town is not None:
        address |= {"city": town.name, "department": town.department}
    if buyer.address or town:
        body["address"] = {key: value for key, value in address.items() if value}
    if phone := contact_details.clean_phone(buyer.phone):
        body["phonePrimary"] = phone
        if phone.startswith("3"):
            body["mobile"] = phone
    if email := contact_details.clean_email(buyer.email):
        body["email"] = email
    return body
