"""Whether a document in Alegra is made out to somebody else, and may be deleted for it.

A contact whose number was changed in Alegra is somebody else under an id that we know. Only an
unedited draft invoice is deleted, once for each row (product rules, *Verify*). All else is a
question.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

from integrations.alegra import contacts
from integrations.alegra.client import AlegraClient
from integrations.alegra.document import DRAFT
from integrations.alegra.document import Document as AlegraDocument
from integrations.alegra.errors import NotFound
from integrations.documents import contact_memory, verify
from integrations.documents.models import Document
from integrations.sending.frozen import thaw
from integrations.sending.marker import carries
from integrations.timekeeping import clock


def is_doubtful(document: Document, found: AlegraDocument) -> bool:
    """Whether an answer about the client must be followed by a reading before it is believed."""
    if verify.is_another_client(found, document.built, document.buyer_contact):
        return is_removable(document, found)
    return _names_nobody(document, found)


def with_its_number(
    client: AlegraClient, document: Document, found: AlegraDocument
) -> AlegraDocument:
    """The document with its client's number, read from the contact where it is in doubt.

    Raises AlegraError.
    """
    if not _names_nobody(document, found):
        return found
    try:
        contact = contacts.read(client, found.client_id)
    except NotFound:
        return found
    contact_memory.was_seen(document.buyer_contact)
    return replace(found, client_number=contact.number or None)


def _names_nobody(document: Document, found: AlegraDocument) -> bool:
    """No number in the answer, and the contact was last seen too long ago to be sure of it.

    Of a remission nothing could be mended: its contact is read before it is made.
    """
    return (
        document.kind == "invoice"
        and found.client_number is None
        and bool(found.client_id)
        and contact_memory.is_long_unseen(document.buyer_contact, clock.now())
    )


def is_removable(document: Document, found: AlegraDocument) -> bool:
    """An unedited draft of ours, and the first that this row deletes."""
    return (
        document.kind == "invoice"
        and found.status == DRAFT
        and document.removed_id in ("", found.id)
        and _is_as_it_was_sent(document, found)
    )


def _is_as_it_was_sent(document: Document, found: AlegraDocument) -> bool:
    if document.payload is None or not carries(found.observations, document.marker):
        return False
    sent = thaw(document.payload)
    lines = [(str(line["id"]), Decimal(str(line["quantity"]))) for line in sent["items"]]
    return (
        found.observations == sent["observations"]
        and found.client_id == str(sent["client"]["id"])
        and found.date == date.fromisoformat(sent["date"])
        and found.due_date in (None, date.fromisoformat(sent["dueDate"]))
        and [(line.item_id, line.quantity) for line in found.lines] == lines
        and not found.total_paid
        and not verify.differences(found, document.built)
    )


def was_removed(document: Document) -> bool:
    """The document that Alegra does not have any more is the draft that this row deleted."""
    return bool(document.removed_id) and document.removed_id == document.alegra_id
