"""The contact step: the buyer's contact in Alegra, known, created or searched for.

Alegra reference: contacts, *Known, else create, else search*. A row per buyer and company is
the lock for "ten orders, one contact". An exact match is used as it is and never modified
here; the unidentified buyer's contact is only ever read (Colombian invoicing reference,
"Consumidor final").
"""

from __future__ import annotations

import dataclasses

from integrations.alegra import contacts
from integrations.alegra.client import AlegraClient
from integrations.alegra.errors import AlegraError, NotFound, Rejected
from integrations.connections.models import AlegraCompany
from integrations.documents import contact_index, contact_refusals
from integrations.documents.buyer import ContactFact
from integrations.documents.contact_body import address_attempts
from integrations.documents.contact_memory import is_long_unseen, read_buyer
from integrations.documents.models import BuyerContact
from integrations.documents.resolved_contact import ResolvedContact, Source
from integrations.scoping.prepared import Prepared
from integrations.timekeeping import clock
from integrations.timekeeping.timing import timing

# Refusals that say something else than a repeated identification.
_NOT_REPEATED = ("2032", "2035", contacts.BAD_PLACE)


class ContactBusy(Exception):
    """Another order of the same buyer is finding or creating the contact right now."""


class CreationHeld(Exception):
    """The buyer is nowhere in Alegra, and contacts are not to be created for now."""


_known = Prepared(
    lambda company, doc_type, number: BuyerContact.objects.filter(
        company_id=company, doc_type=doc_type, number=number
    )
)


def known_contact(company: AlegraCompany, fact: ContactFact) -> BuyerContact:
    row = _known.first(company=company.pk, doc_type=fact.doc_type, number=fact.number)
    if row is None:
        row, _made = BuyerContact.objects.get_or_create(
            company=company,
            doc_type=fact.doc_type,
            number=fact.number,
            defaults={"is_generic": fact.is_generic, "organization_id": company.organization_id},
        )
    row.company = company
    return row


def resolve_contact(
    client: AlegraClient,
    row: BuyerContact,
    fact: ContactFact,
    *,
    sure: bool = False,
    may_create: bool = True,
) -> ResolvedContact:
    """The contact to invoice. Raises AlegraError, ContactBusy; CreationHeld where it would have
    to be created and may not.

    `sure`: one that Alegra told of long ago is read again first, for a document that could not
    be made again.
    """
    sure = sure and is_long_unseen(row, clock.now())
    if row.alegra_id and not sure:
        return ResolvedContact(row.alegra_id, Source.KNOWN)
    _lock(row)
    resolved = None
    try:
        if row.alegra_id:
            resolved = _read_again(client, row, row.alegra_id, Source.READ)
            if resolved is None:
                row.alegra_id, row.seen_at = "", None
        resolved = resolved or _resolve(client, row, fact, sure=sure, may_create=may_create)
        resolved = _activated(client, row, resolved)
    finally:
        _unlock(row, resolved)
    return resolved


def _resolve(
    client: AlegraClient, row: BuyerContact, fact: ContactFact, *, sure: bool, may_create: bool
) -> ResolvedContact:
    indexed = contact_index.look(row.company, fact.number, fact.doc_type)
    if len(indexed) == 1:
        only = indexed[0]
        if only.is_active and not sure:
            return ResolvedContact(only.alegra_id, Source.INDEXED, only.is_company)
        if found := _read_again(client, row, only.alegra_id, Source.INDEXED):
            return found
        indexed = []
    # Searched for first: while not all contacts are known, where several have the number, and
    # where an earlier creation's answer was lost.
    searches = (
        indexed
        or row.creation_sent_at
        or not (_was_just_absent(row) or contact_index.is_complete(row.company))
    )
    found = _search(client, row, fact) if searches else None
    if found is None and not may_create:
        raise CreationHeld
    return found or _create(client, row, fact)


def _was_just_absent(row: BuyerContact) -> bool:
    """A creation that had to wait is not searched for anew: Alegra refuses a repeated one."""
    since = clock.now() - timing().delta("contact_absent")
    return row.absent_at is not None and row.absent_at > since


def _read_again(
    client: AlegraClient, row: BuyerContact, contact_id: str, source: Source
) -> ResolvedContact | None:
    """None when it is gone or somebody else by now."""
    _hold(row, creates=False)
    told = read_buyer(client, row, contact_id)
    return ResolvedContact.read(told, source) if told else None


def _activated(
    client: AlegraClient, row: BuyerContact, resolved: ResolvedContact
) -> ResolvedContact:
    """The only contact with this number must not be inactive: another one would be refused.

    The unidentified buyer's is nobody's to change.
    """
    if resolved.is_active or row.is_generic:
        return resolved
    _hold(row, creates=False)
    changed = contacts.update(client, resolved.id, {"status": "active"})
    changed = changed or dataclasses.replace(resolved.contact, status="active")
    contact_index.keep(row.company, [changed])
    return ResolvedContact.read(changed, Source.ACTIVATED)


def _create(client: AlegraClient, row: BuyerContact, fact: ContactFact) -> ResolvedContact:
    """Made with the first spelling of its city that Alegra takes, at last without address; of
    what else is refused and may be missing, once without it."""
    town, attempts = address_attempts(
        fact.body, accepted=lambda code: contact_index.spelling_of(row.company, code)
    )
    for number, (spelling, body) in enumerate(attempts):
        _hold(row)
        try:
            made = contacts.create(client, body)
        except AlegraError as error:
            if error.is_definite_no:
                row.creation_sent_at = None
            if not isinstance(error, Rejected):
                raise
            if error.code == contacts.BAD_PLACE and number + 1 < len(attempts):
                continue
            names_what = contact_refusals.names_optional(error, body)
            if not names_what and (found := _repeated(client, row, fact, error)):
                return found
            if made := _created_without(client, row, body, error):
                return made
            raise
        row.creation_sent_at = row.absent_at = None
        if number:
            contact_index.remember_spelling(row.company, town, spelling)
        contact_index.keep(row.company, [made])
        lost_address = "address" in fact.body and "address" not in body
        return ResolvedContact.read(
            made, Source.WITHOUT_ADDRESS if lost_address else Source.CREATED
        )
    raise AssertionError("there is always one attempt")


def _created_without(
    client: AlegraClient, row: BuyerContact, body: dict, refused: Rejected
) -> ResolvedContact | None:
    """None where nothing may be left out, or Alegra refuses what is left as well."""
    lighter, left_out = contact_refusals.without_refused(refused, body)
    if not lighter:
        return None
    _hold(row)
    try:
        made = contacts.create(client, lighter)
    except AlegraError as error:
        if error.is_definite_no:
            row.creation_sent_at = None
        if not isinstance(error, Rejected):
            raise
        return None
    row.creation_sent_at = row.absent_at = None
    contact_index.keep(row.company, [made])
    return ResolvedContact.read(made, Source.CREATED_WITHOUT, left_out)


def _repeated(
    client: AlegraClient, row: BuyerContact, fact: ContactFact, error: Rejected
) -> ResolvedContact | None:
    """The contact for whose sake a creation was refused: the one named, else searched for."""
    if error.code in _NOT_REPEATED:
        return None
    row.absent_at = None
    if error.contact_id:
        _hold(row, creates=False)
        try:
            named = contacts.read(client, error.contact_id)
        except NotFound:
            named = None
        if named is not None and contacts.bare(named.number) == contacts.bare(fact.number):
            contact_index.keep(row.company, [named])
            return ResolvedContact.read(named, Source.FOUND)
    return _search(client, row, fact, with_dots=True)


def _search(
    client: AlegraClient, row: BuyerContact, fact: ContactFact, *, with_dots: bool = False
) -> ResolvedContact | None:
    """Exactly this number; of several an active one, of this document type, the oldest."""
    _hold(row, creates=False)
    found = contacts.find_by_number(client, fact.number, with_dots=with_dots)
    contact_index.keep(row.company, found)
    for fits in (lambda each: each.is_active, lambda each: each.number_type == fact.doc_type):
        found = [each for each in found if fits(each)] or found
    row.creation_sent_at = None
    row.absent_at = None if found else clock.now()
    if not found:
        return None
    return ResolvedContact.read(found[0], Source.FOUND)


# --- The lock ------------------------------------------------------------------------------


def _lock(row: BuyerContact) -> None:
    if not row.lease.acquire(row, now=clock.now()):
        raise ContactBusy


def _hold(row: BuyerContact, *, creates: bool = True) -> None:
    """Right before a call: the lease lasts for it, and a creation is known to have left."""
    now = clock.now()
    columns = {"creation_sent_at": now} if creates else {}
    if not row.lease.renew(row, now=now, **columns):
        raise ContactBusy


def _unlock(row: BuyerContact, resolved: ResolvedContact | None) -> None:
    """Without a `resolved` what was known before stays: a call that failed denies nothing."""
    if resolved is not None:
        row.alegra_id = resolved.id
        # What the index alone knows, Alegra told of some time ago.
        row.seen_at = clock.now() if resolved.contact else None
    row.lease.release(
        row,
        alegra_id=row.alegra_id,
        seen_at=row.seen_at,
        creation_sent_at=row.creation_sent_at,
        absent_at=row.absent_at,
    )
