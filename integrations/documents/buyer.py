"""Who the document is made out to: a judged identity and the contact Alegra would get.

Rules: Colombian invoicing reference, "Identity documents" and "The buyer". Nothing is made
up: what is unusable is left out, and without a usable identification the buyer is
*Cliente no identificado*, whose contact is only ever read.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from integrations.colombia import identity, municipalities, name_noise, names
from integrations.colombia.company_names import looks_like_company
from integrations.colombia.masks import is_masked
from integrations.documents.buyer_doubts import doubt_about, judge
from integrations.documents.contact_body import contact_body, generic_body
from integrations.documents.facts import BuyerFact, Facts
from integrations.mastershop import personal
from integrations.sending.problem_kinds import Found


@dataclass(frozen=True)
class ContactFact:
    """The key by which the contact is known in Alegra, and its body should it be new."""

    doc_type: str
    number: str = field(repr=False)
    is_generic: bool = False
    body: dict[str, Any] = field(default_factory=dict, repr=False)
    notes: tuple[str, ...] = ()

    @property
    def is_company(self) -> bool:
        return self.body.get("kindOfPerson") == "LEGAL_ENTITY"

    @property
    def name(self) -> str:
        parts = self.body.get("nameObject") or {}
        return self.body.get("name") or f"{parts.get('firstName', '')} {parts.get('lastName', '')}"


def identify(facts: Facts) -> ContactFact | Found:
    """The contact of this order, or the one question a person must answer."""
    buyer = facts.buyer
    if buyer.unidentified:
        return generic_contact(facts.settings.unidentified_number)
    judged = judge(facts)
    if doubt := doubt_about(facts, judged):
        return doubt
    about = {"order": facts.number, "order_id": facts.order_id}
    if judged.verdict == "missing":
        if _name_of(buyer).numbers:
            why = "No trae identificación, y en el nombre viene un número: di cuál es."
            return Found("identity_ambiguous", facts.key, {**about, "why": why})
        note = f"{judged.sentence} Va a nombre de Cliente no identificado."
        return generic_contact(facts.settings.unidentified_number, note=note)
    name = _name_of(buyer, is_company=judged.is_company)
    if is_masked(f"{buyer.name} {buyer.first_name} {buyer.last_name}"):
        why = "El nombre del comprador llegó tapado, sin todas sus letras."
        return Found("name_unusable", facts.key, {**about, "why": why})
    if why := _unlike_a_name(name, judged):
        return Found("name_unusable", facts.key, {**about, "why": why})
    if not name.full:
        why = "El pedido no trae el nombre del comprador."
        return Found("name_unusable", facts.key, {**about, "why": why})
    if personal.names_nobody(buyer.name):
        why = "El pedido trae una identificación y no el nombre de su dueño."
        return Found("name_unusable", facts.key, {**about, "why": why})
    made = contact_body(buyer, judged, name, filler=facts.surname_filler)
    return ContactFact(
        doc_type=judged.type or "CC",
        number=judged.number,
        body=made.body,
        notes=(*_worth_a_look(buyer, judged, name), *made.notes),
    )


def _name_of(buyer: BuyerFact, *, is_company: bool = False) -> names.Name:
    return names.split_name(
        buyer.name,
        first=buyer.first_name,
        last=buyer.last_name,
        is_company=is_company,
        is_checked=buyer.name_is_checked,
    )


def _unlike_a_name(name: names.Name, judged: identity.Judgement) -> str:
    """Why a person must look at the name, in words; '' for a name."""
    if name.why:
        return name_noise.REASONS[name.why]
    own = {judged.number, f"{judged.number}{judged.dv}"}
    if any(number not in own for number in name.numbers):
        return "trae otro número de identificación que el pedido: revisa cuál es el del comprador."
    return ""


def _worth_a_look(
    buyer: BuyerFact, judged: identity.Judgement, name: names.Name
) -> tuple[str, ...]:
    """What goes as it is and deserves a glance. No note repeats what the buyer gave."""
    notes = []
    if judged.reason != "ok":
        notes.append(judged.sentence)
    if name.cut:
        cut = ", ".join(name_noise.CUTS[kind] for kind in name.cut)
        notes.append(f"Del nombre se quitó lo que no es nombre: {cut}.")
    if buyer.is_named_by_company:
        notes.append("El pedido trae el NIT y el nombre de una empresa: va a nombre de ella.")
    elif not judged.is_company and name.kind == "person" and looks_like_company(buyer.company):
        notes.append(
            "El pedido nombra además una empresa. La identificación es de una persona: va a "
            "nombre de ella."
        )
    if name.low_confidence:
        notes.append("El nombre se separó con poca certeza.")
    doubt = municipalities.doubt(
        dane_code=buyer.dane_code, city=buyer.city, department=buyer.department
    )
    if doubt:
        notes.append(municipalities.DOUBTS[doubt])
    return tuple(notes)


def generic_contact(number: str, note: str = "") -> ContactFact:
    return ContactFact(
        doc_type="CC",
        number=number,
        is_generic=True,
        body=generic_body(number),
        notes=(note,) if note else (),
    )
