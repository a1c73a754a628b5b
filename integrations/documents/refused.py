"""Why Alegra refused a document: what it names is read there again.

Its errors have no known codes for an inactive seller or product (Alegra reference, "Business
codes observed"), so the answer is found by reading and never by the wording.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from integrations.alegra.client import AlegraClient
from integrations.alegra.errors import AlegraError, BudgetExhausted, RateLimited
from integrations.catalog.items import is_usable, refresh_one
from integrations.catalog.models import AlegraItem
from integrations.configuration.references import read_again
from integrations.connections.models import AlegraCompany, ReferenceEntry
from integrations.documents.contact_memory import read_buyer
from integrations.documents.models import Document
from integrations.timekeeping import clock
from integrations.timekeeping.timing import timing

if TYPE_CHECKING:
    from integrations.sending.turns import Turn

Kind = ReferenceEntry.Kind
# Where the payload names an entry of one of Alegra's lists.
_NAMED = {
    "seller": Kind.SELLER,
    "costCenter": Kind.COST_CENTER,
    "numberTemplate": Kind.NUMBER_TEMPLATE,
    "warehouse": Kind.WAREHOUSE,
}
# A document of a hundred lines must not spend a minute's calls.
MOST_ITEMS = 10


def names_something_unusable(turn: Turn, document: Document) -> bool:
    """Whether an entry or a product that the refused payload names cannot be used any more.

    Copies younger than some seconds are believed, so that many refusals in a row do not read
    the same again. What cannot be read counts as usable. Raises BudgetExhausted and
    RateLimited: then nothing is known yet. No transaction may be open.
    """
    client = turn.client(document.integration.credential)
    # All of them: whatever else is unusable is named at the same time.
    usable = list(_read(client, document))
    return not all(usable)


def names_a_lost_contact(turn: Turn, document: Document) -> bool:
    """Whether the refused payload's client is gone, inactive or somebody else by now.

    One that Alegra told of for this very payload is believed: it would be found the same again.
    The unidentified buyer's contact is only read, and an inactive one stays. What cannot be read
    counts as usable. Raises BudgetExhausted and RateLimited.
    """
    row = document.buyer_contact
    contact_id = str(((document.payload or {}).get("client") or {}).get("id") or "")
    if row is None or not contact_id or _was_just_told(document):
        return False
    client = turn.client(document.integration.credential)

    def is_usable() -> bool:
        told = read_buyer(client, row, contact_id)
        return told is not None and (told.is_active or row.is_generic)

    return not _unless_unread(is_usable)


def _was_just_told(document: Document) -> bool:
    seen_at = document.buyer_contact.seen_at
    asked = document.steps.filter(name="contact", cycle=document.cycle).first()
    return seen_at is not None and asked is not None and seen_at > asked.intent_at


def _read(client: AlegraClient, document: Document) -> Iterator[bool]:
    payload, company = document.payload or {}, document.company
    for name, kind in _NAMED.items():
        if alegra_id := str((payload.get(name) or {}).get("id") or ""):
            yield _entry_is_usable(client, company, kind, alegra_id)
    ids = list(dict.fromkeys(str(row["id"]) for row in payload.get("items", [])))
    for alegra_id in ids[:MOST_ITEMS]:
        yield _item_is_usable(client, company, alegra_id)


def _entry_is_usable(
    client: AlegraClient, company: AlegraCompany, kind: Kind, alegra_id: str
) -> bool:
    copies = ReferenceEntry.objects.filter(company=company, kind=kind, alegra_id=alegra_id)
    if copies.filter(fetched_at__gt=_young()).exists():
        return not copies.unusable().exists()
    return _unless_unread(lambda: read_again(company, client, kind, alegra_id))


def _item_is_usable(client: AlegraClient, company: AlegraCompany, alegra_id: str) -> bool:
    copy = AlegraItem.objects.filter(company=company, alegra_id=alegra_id).first()
    if copy is not None and copy.fetched_at > _young():
        return is_usable(copy)
    return _unless_unread(lambda: is_usable(refresh_one(company, client, alegra_id)))


def _young():
    return clock.now() - timing().delta("refusal_copy")


def _unless_unread(ask: Callable[[], bool]) -> bool:
    try:
        return ask()
    except (BudgetExhausted, RateLimited):
        raise
    except AlegraError:
        # Not allowed to this user, or not answered: it explains nothing.
        return True
