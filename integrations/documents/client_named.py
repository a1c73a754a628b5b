"""Whether the client that Alegra names in a document can be the buyer, by name and kind.

A contact that we know keeps its number and may be given another name, or become a company: the
number of the answer is right then, and the document is somebody else's all the same. It is the
same doubt as about a contact that was found (Colombian invoicing reference, "Finding and updating
contacts"); only here the document exists.
"""

from __future__ import annotations

from integrations.alegra.document import Document as AlegraDocument
from integrations.colombia.company_names import looks_like_company
from integrations.colombia.same_buyer import (
    is_company,
    is_plainly_of_a_person,
    is_written_alike,
    share_a_name,
)
from integrations.connections.models import Integration
from integrations.documents import contact_index
from integrations.documents.models import BuyerContact, Document
from integrations.documents.same_person import answer_about_name
from integrations.orders.buyer import Buyer, effective_buyer


def is_somebody_else(buyer: BuyerContact | None, called: Buyer, found: AlegraDocument) -> bool:
    """No given name or surname in common, or a company for a person or the reverse.

    `called` is the buyer as the order has it. False where nobody is named, for the unidentified
    buyer, and where a person said that it is the same one.
    """
    theirs = found.client_name
    if buyer is None or buyer.is_generic or not theirs or not found.client_id:
        return False
    if answer_about_name(found.client_id, called.name) in buyer.same_as:
        return False
    ours = called.called
    if share_a_name(ours, theirs) is False:
        return True
    return not is_written_alike(ours, theirs) and _is_other_kind(buyer, ours, found)


def _is_other_kind(buyer: BuyerContact, ours: str, found: AlegraDocument) -> bool:
    """By the contact's kind where we know it under this name; else by what the names say."""
    theirs = found.client_name
    wanted = is_company(
        kind_of_person="", doc_type=buyer.doc_type, number=buyer.number, name=ours
    )  # fmt: skip
    known = contact_index.known(buyer.company, found.client_id)
    if known is not None:
        names = contact_index.name_digests(buyer.company, theirs)
        if names == frozenset(known.names.split()):
            return wanted is not None and known.is_company != wanted
    if looks_like_company(theirs):
        return not wanted
    return looks_like_company(ours) and is_plainly_of_a_person(theirs, beside=ours)


def is_asked(document: Document, found: AlegraDocument) -> bool:
    """Whether a person must say who it is; in a transaction that holds the order.

    Who answers holds the integration: either this document is seen there, or the answer is seen
    here. The contact is not believed any more: the next order asks before it is sent.
    """
    called = effective_buyer(document.order)
    buyer = document.buyer_contact
    if not is_somebody_else(buyer, called, found):
        return False
    Integration.objects.select_for_update(no_key=True).get(pk=document.integration_id)
    buyer.refresh_from_db(fields=["same_as"])
    if not is_somebody_else(buyer, called, found):
        return False
    contact_index.doubt(buyer.company, found.client_id, found.client_name)
    believed = BuyerContact.objects.filter(pk=buyer.pk, alegra_id=found.client_id)
    believed.update(alegra_id="", seen_at=None)
    return True


def subject_of(document: Document, found: AlegraDocument) -> str:
    """All documents of this buyer under this name wait for the same answer."""
    answer = answer_about_name(found.client_id, effective_buyer(document.order).name)
    return f"{document.buyer_contact_id}:{answer[:16]}"
