"""Whether a contact that was there before is the buyer of this order.

The number is the same. A company for a person, or the reverse, and no given name or surname in
common are asked about; the same person under another spelling is only noted (Colombian invoicing
reference, "Finding and updating contacts"). A contact is read for it only where what we know
leaves a doubt.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from integrations.alegra.client import AlegraClient
from integrations.alegra.contacts import Contact
from integrations.colombia.same_buyer import is_company, is_written_alike, share_a_name
from integrations.documents import contact_index
from integrations.documents.buyer import ContactFact
from integrations.documents.contact_memory import read_buyer, was_seen
from integrations.documents.models import BuyerContact
from integrations.documents.resolved_contact import ResolvedContact
from integrations.documents.same_person import answer_about_name
from integrations.orders.buyer import effective_buyer
from integrations.orders.models import Order
from integrations.sending.problem_kinds import Found

_OTHERWISE = "En Alegra su nombre está escrito de otra manera. No se modificó."
_KINDS = {True: "una empresa", False: "una persona"}


@dataclass(frozen=True)
class Look:
    """Either a `question` or, where there is something to say, a `note` for the page."""

    question: Found | None = None
    note: str = ""


def look_at(
    client: AlegraClient,
    row: BuyerContact,
    fact: ContactFact,
    resolved: ResolvedContact,
    order: Order,
) -> Look:
    """What the contact says against being this buyer. Raises AlegraError."""
    if fact.is_generic or resolved.is_new:
        return Look()
    name = effective_buyer(order).name
    answer = answer_about_name(resolved.id, name)
    contact = resolved.contact
    if contact is None:
        known = contact_index.known(row.company, resolved.id)
        if known is None or answer in row.same_as:
            return Look()
        names = frozenset(known.names.split())
        ours = contact_index.name_digests(row.company, fact.name)
        is_alike = not names or not ours or bool(names & ours)
        if is_alike and known.is_company == fact.is_company:
            return Look(note="" if names == ours or not (names and ours) else _OTHERWISE)
        contact = read_buyer(client, row, resolved.id)
        if contact is None:
            # Gone or somebody else: the answer to the document says so, and it is made anew.
            return Look()
        was_seen(row)
    return _judged(row, fact, contact, order, answer)


def _judged(
    row: BuyerContact, fact: ContactFact, contact: Contact, order: Order, answer: str
) -> Look:
    theirs = is_company(
        kind_of_person=contact.kind_of_person,
        doc_type=contact.number_type,
        number=contact.number,
        name=contact.name,
    )
    if answer in row.same_as:
        return Look()
    about: dict[str, Any] = {
        "order": order.number,
        "order_id": order.pk,
        "contact": contact.id,
        "answers": [answer],
    }
    # All orders of this buyer wait for the same answer.
    subject = f"{row.pk}:{answer[:16]}"
    if theirs is not None and theirs != fact.is_company:
        kinds = {"theirs": _KINDS[theirs], "ours": _KINDS[fact.is_company]}
        return Look(Found("contact_other_kind", subject, {**about, **kinds}))
    if share_a_name(fact.name, contact.name) is False:
        return Look(Found("contact_other_name", subject, about))
    return Look(note="" if is_written_alike(fact.name, contact.name) else _OTHERWISE)
