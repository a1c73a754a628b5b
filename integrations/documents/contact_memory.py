"""What is remembered of a buyer's contact, and for how long it is believed.

A contact that we know can be renumbered, deleted or made inactive in Alegra at any time: then it
is forgotten, and found or made anew like that of a buyer who never came before.
"""

from __future__ import annotations

from datetime import datetime

from integrations.alegra import contacts
from integrations.alegra.client import AlegraClient
from integrations.alegra.contacts import Contact
from integrations.alegra.errors import NotFound
from integrations.documents import contact_index
from integrations.documents.contact_details import digest_of
from integrations.documents.models import BuyerContact
from integrations.documents.same_person import is_same_person
from integrations.orders.buyer import Buyer
from integrations.timekeeping import clock
from integrations.timekeeping.timing import timing


def forget(row: BuyerContact | None) -> None:
    """It is not the buyer, or not usable: it is looked for again next time."""
    if row is not None:
        if row.alegra_id:
            contact_index.drop(row.company, row.alegra_id)
        # Not what another order found meanwhile.
        rows = BuyerContact.objects.filter(pk=row.pk, alegra_id=row.alegra_id)
        rows.update(alegra_id="", seen_at=None)
        row.alegra_id, row.seen_at = "", None


def was_seen(row: BuyerContact | None) -> None:
    """Alegra just told of it."""
    if row is not None:
        row.seen_at = clock.now()
        BuyerContact.objects.filter(pk=row.pk).update(seen_at=row.seen_at)


def has_details_of(row: BuyerContact, buyer: Buyer) -> None:
    """It was just made with this buyer's e-mail, telephone and address."""
    row.details = digest_of(buyer)
    BuyerContact.objects.filter(pk=row.pk).update(details=row.details)


def is_long_unseen(row: BuyerContact | None, now: datetime) -> bool:
    """Alegra told of it too long ago to be sure that it still is the buyer."""
    if row is None or row.seen_at is None:
        return True
    return now - row.seen_at > timing().delta("contact_seen")


def read_buyer(client: AlegraClient, row: BuyerContact, contact_id: str) -> Contact | None:
    """The contact as Alegra has it now; None when it is gone or somebody else.

    An inactive one comes back as such. Raises AlegraError.
    """
    try:
        told = contacts.read(client, contact_id)
    except NotFound:
        contact_index.drop(row.company, contact_id)
        return None
    contact_index.keep(row.company, [told])
    return told if is_same_person(row, told.id, told.number) else None
