"""Which identifications a company's contacts in Alegra have, without keeping any of them.

Alegra reference: contacts, *Known, else create, else search*. A contact is found by a keyed
digest of its number, written the way numbers are compared: no dots, spaces or check digit.
So a buyer who is stored as 1.019.937.122 is the one who types 1019937122, whatever Alegra
itself thinks of dots.
"""

from __future__ import annotations

from collections.abc import Iterable

from django.db import transaction

from integrations.alegra.contacts import Contact, bare
from integrations.colombia.company_names import looks_like_company
from integrations.colombia.same_buyer import name_words
from integrations.connections.alegra_users import keyed_digest
from integrations.connections.models import AlegraCompany
from integrations.documents.models import ContactIndex, IndexedContact
from integrations.scoping.prepared import Prepared

MOST_NAMES, NAME_DIGITS = 12, 12


def digest_of(company: AlegraCompany, number: str) -> str:
    """Of one company: the same person in two companies has two digests."""
    return keyed_digest("contact-number", f"{company.pk}|{bare(number)}")


def name_digests(company: AlegraCompany, name: str) -> frozenset[str]:
    """A short keyed digest of each word of a name: enough to tell whether two have one in common.

    At most so many as fit into the row; nobody has more names.
    """
    words = sorted(name_words(name))[:MOST_NAMES]
    return frozenset(
        keyed_digest("contact-name", f"{company.pk}|{word}")[:NAME_DIGITS] for word in words
    )


def known(company: AlegraCompany, alegra_id: str) -> IndexedContact | None:
    return _known.first(company=company.pk, alegra_id=alegra_id)


_known = Prepared(
    lambda company, alegra_id: IndexedContact.objects.filter(
        company_id=company, alegra_id=alegra_id
    )
)
_having = Prepared(
    lambda company, digest: IndexedContact.objects.filter(company_id=company, digest=digest)
)


def keep(company: AlegraCompany, contacts: Iterable[Contact]) -> None:
    """Write down contacts that Alegra just told of; who has no number any more is let go."""
    contacts = [contact for contact in contacts if contact.id]
    nameless = [contact.id for contact in contacts if not bare(contact.number)]
    if nameless:
        IndexedContact.objects.filter(company=company, alegra_id__in=nameless).delete()
    rows = {
        contact.id: IndexedContact(
            organization_id=company.organization_id,
            company=company,
            digest=digest_of(company, contact.number),
            alegra_id=contact.id,
            number_type=contact.number_type[:12],
            is_company=contact.is_company,
            names=" ".join(sorted(name_digests(company, contact.name))),
            is_active=contact.is_active,
        )
        for contact in contacts
        if bare(contact.number)
    }
    if rows:
        IndexedContact.objects.bulk_create(
            rows.values(),
            update_conflicts=True,
            unique_fields=["company", "alegra_id"],
            update_fields=["digest", "number_type", "is_company", "names", "is_active"],
        )


def drop(company: AlegraCompany, alegra_id: str) -> None:
    """Alegra did not know this id, or knows it otherwise: it is looked for anew."""
    IndexedContact.objects.filter(company=company, alegra_id=alegra_id).delete()


def doubt(company: AlegraCompany, alegra_id: str, name: str) -> None:
    """It has this name by now, and its kind is what that name says until it is read again."""
    names = " ".join(sorted(name_digests(company, name)))
    rows = IndexedContact.objects.filter(company=company, alegra_id=alegra_id)
    rows.exclude(names=names).update(names=names, is_company=looks_like_company(name))


def look(company: AlegraCompany, number: str, number_type: str) -> list[IndexedContact]:
    """The contacts that would serve for this identification: active ones before inactive ones,
    then those of its type. Several only where Alegra holds it twice."""
    rows = _having(company=company.pk, digest=digest_of(company, number))
    for fits in (lambda row: row.is_active, lambda row: row.number_type == number_type):
        rows = [row for row in rows if fits(row)] or rows
    return rows


def is_stranger(company: AlegraCompany, number: str) -> bool:
    """Whether a buyer with this identification, as typed, would have to be asked for. A guess
    for the order of the line; who gives none is *Cliente no identificado*, whom all have."""
    if not bare(number):
        return False
    return not _having(company=company.pk, digest=digest_of(company, number))


def is_complete(company: AlegraCompany) -> bool:
    """Whether who is not in it is not in Alegra either, as far as anybody could tell."""
    return ContactIndex.objects.filter(company=company, completed_at__isnull=False).exists()


def index_of(company: AlegraCompany) -> ContactIndex:
    row, _made = ContactIndex.objects.get_or_create(
        company=company, defaults={"organization_id": company.organization_id}
    )
    return row


def spelling_of(company: AlegraCompany, code: str) -> list[str] | None:
    """How this company's Alegra takes a city: [city, department], [] for not at all, None while
    nothing was refused. `code` is the DANE code."""
    kept = ContactIndex.objects.filter(company=company).values_list("spellings", flat=True).first()
    return (kept or {}).get(code)


def remember_spelling(company: AlegraCompany, code: str, spelling: Iterable[str]) -> None:
    index_of(company)
    with transaction.atomic():
        row = ContactIndex.objects.select_for_update().get(company=company)
        row.spellings[code] = list(spelling)
        row.save(update_fields=["spellings"])
