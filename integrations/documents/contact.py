"""The contact step: the buyer's id in Alegra, found by number or created once.

A row per buyer and company is the lock for "ten orders, one contact". An exact match is
used as it is and never modified; the unidentified buyer's contact is only ever read
(Colombian invoicing reference, "Consumidor final").
"""

from __future__ import annotations

from datetime import timedelta

from django.db.models import F, Q

from integrations.alegra import contacts
from integrations.alegra.client import AlegraClient
from integrations.alegra.errors import Rejected
from integrations.connections.models import AlegraCompany
from integrations.documents.buyer import ContactFact
from integrations.documents.models import BuyerContact
from integrations.timekeeping import clock
from integrations.timekeeping.timing import timing


class ContactBusy(Exception):
    """Another order of the same buyer is finding or creating the contact right now."""


def known_contact(company: AlegraCompany, fact: ContactFact) -> BuyerContact:
    row, _made = BuyerContact.objects.get_or_create(
        company=company,
        doc_type=fact.doc_type,
        number=fact.number,
        defaults={"is_generic": fact.is_generic, "organization_id": company.organization_id},
    )
    return row


def resolve_contact(client: AlegraClient, row: BuyerContact, fact: ContactFact) -> tuple[str, str]:
    """The contact's id in Alegra and a note for the step. Raises AlegraError, ContactBusy."""
    if row.alegra_id:
        return row.alegra_id, "Ya lo conocíamos. No se modificó."
    _lock(row)
    alegra_id = ""
    try:
        alegra_id, note = _find_or_create(client, fact)
    finally:
        _unlock(row, alegra_id)
    return alegra_id, note


def forget(row: BuyerContact | None) -> None:
    """Alegra did not accept the contact: it is looked for again next time."""
    if row is not None:
        BuyerContact.objects.filter(pk=row.pk).update(alegra_id="")


def _find_or_create(client: AlegraClient, fact: ContactFact) -> tuple[str, str]:
    if found := _find(client, fact):
        return found, "Ya existía en Alegra con el mismo número. No se modificó."
    try:
        return contacts.create(client, fact.body).id, "Se creó en Alegra."
    except Rejected:
        # Alegra refuses a repeated identification: somebody created it in between.
        if found := _find(client, fact):
            return found, "Ya existía en Alegra con el mismo número. No se modificó."
        raise


def _find(client: AlegraClient, fact: ContactFact) -> str:
    """Exactly this number; of several the one of this document type, then the oldest."""
    found = contacts.find_by_number(client, fact.number)
    same_type = [contact for contact in found if contact.number_type == fact.doc_type]
    chosen = (same_type or found)[:1]
    return chosen[0].id if chosen else ""


def _lock(row: BuyerContact) -> None:
    now = clock.now()
    taken = (
        BuyerContact.objects.filter(pk=row.pk, generation=row.generation)
        .filter(Q(lease_until=None) | Q(lease_until__lt=now))
        .update(
            generation=F("generation") + 1,
            # Up to three calls: search, create, search again.
            lease_until=now + timedelta(seconds=3 * timing().call),
        )
    )
    if not taken:
        raise ContactBusy
    row.generation += 1


def _unlock(row: BuyerContact, alegra_id: str) -> None:
    BuyerContact.objects.filter(pk=row.pk, generation=row.generation).update(
        lease_until=None, alegra_id=alegra_id
    )
    row.alegra_id = alegra_id
