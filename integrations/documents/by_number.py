"""A document that a person names by its number, read in Alegra and compared with the order."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import F, Q, Value
from django.db.models.functions import Replace

from integrations.alegra import contacts
from integrations.alegra.client import AlegraClient
from integrations.alegra.document import VOID
from integrations.alegra.document import Document as AlegraDocument
from integrations.alegra.errors import AlegraError, Forbidden, PlanExcludes, Unauthorized
from integrations.alegra.shapes import plain_number
from integrations.colombia.masking import mask_name, mask_number
from integrations.colombia.money import is_right
from integrations.colombia.same_buyer import same_identification
from integrations.configuration.lookup import settings_of
from integrations.connections.alegra_users import keyed_digest
from integrations.connections.clients import NoStandIn, alegra_client
from integrations.connections.pace import Pace
from integrations.documents.buyer import ContactFact, identify
from integrations.documents.endpoints import ENDPOINTS
from integrations.documents.gather import gather
from integrations.documents.models import Document
from integrations.orders.buyer import effective_buyer
from integrations.orders.models import Order
from integrations.scoping.search_key import normalised
from integrations.sending.states import State
from integrations.timekeeping import clock

_SIGNS = " -_./#"
_MOST_OTHERS = 5


@dataclass(frozen=True)
class Named:
    """What Alegra has under that number.

    `has_our_client` and `has_our_total`: it is made out to the order's buyer, it is worth what
    the order is. None where Alegra does not tell whose it is. `client_number` is masked, and so
    is the name of anybody but the order's own buyer.
    """

    kind: str
    alegra_id: str
    noun: str
    number: str
    day: date | None
    client_name: str = field(repr=False)
    client_number: str = field(repr=False)
    total: Decimal
    has_our_client: bool | None
    has_our_total: bool
    is_void: bool

    @property
    def fits(self) -> bool:
        return self.has_our_client is True and self.has_our_total and not self.is_void


@dataclass(frozen=True)
class Answer:
    """What Alegra said of a number; `found` is None where it could not be asked.

    `others`: orders of the same company that have this document already.
    """

    number: str
    found: tuple[Named, ...] | None
    others: tuple[Order, ...] = ()

    @property
    def has_own(self) -> bool:
        """One of them is the order's own as far as client and total tell."""
        return any(one.fits for one in self.found or ())

    @property
    def fits(self) -> bool:
        """It can be saved without a second yes."""
        return self.has_own and not self.others

    @property
    def word(self) -> str:
        """What a person sends back to confirm this answer and no other."""
        said = json.dumps([plain_number(self.number) or self.number.strip(), self.evidence()])
        return keyed_digest("external-document", said)

    def evidence(self) -> dict[str, Any]:
        """For the trail: what was compared and how it ended, without the client's data."""
        also = {"also_of": [each.number for each in self.others]} if self.others else {}
        if self.found is None:
            return {"alegra": "not asked", **also}
        return {
            **also,
            "alegra": [
                {
                    "kind": one.kind,
                    "id": one.alegra_id,
                    "number": one.number,
                    "total": str(one.total),
                    "same_client": one.has_our_client,
                    "same_total": one.has_our_total,
                    "void": one.is_void,
                }
                for one in self.found
            ],
        }


def ask_about(order: Order, number: str) -> Answer:
    """What Alegra has under a number, beside the order, and which other orders have it already.

    Raises nothing of Alegra's.
    """
    try:
        found = tuple(named(order, number))
    except (AlegraError, NoStandIn):
        found = None
    return Answer(number, found, others_with(order, number, found or ()))


def named(order: Order, number: str) -> list[Named]:
    """Invoices and remissions with that number, none for text without a sign of one.

    A few calls, at a person's pace. Raises AlegraError, NoStandIn. A plan or a user without
    remissions still shows the invoice; that there is none is said only of what could be read.
    """
    if not plain_number(number):
        return []
    credential = order.integration.credential
    pace = Pace(credential.alegra_user_id, for_person=True)
    with alegra_client(credential, pace=pace) as client:
        found: list[Named] = []
        refusals = []
        for side in ENDPOINTS.values():
            try:
                rows = side.with_number(client, number)
            except (Forbidden, PlanExcludes, Unauthorized) as refusal:
                refusals.append(refusal)
                continue
            found += (_named(order, side.noun, row, client) for row in rows)
    if refusals and not found:
        raise refusals[0]
    return found


def _named(order: Order, noun: str, row: AlegraDocument, client: AlegraClient) -> Named:
    number = _client_number(row, client)
    is_ours = same_identification(_buyers_number(order), number) if number else None
    # The unidentified buyer, which is a name of nobody.
    unidentified = settings_of(order.integration).unidentified_number
    is_nobody = bool(number) and same_identification(unidentified, number)
    return Named(
        kind=row.kind,
        alegra_id=row.id,
        noun=noun,
        number=row.number or "",
        day=row.date,
        client_name=row.client_name if is_ours or is_nobody else mask_name(row.client_name),
        client_number=mask_number(number),
        total=row.total,
        has_our_client=is_ours,
        has_our_total=order.total is not None and is_right(row.total, order.total),
        is_void=row.status == VOID,
    )


def _client_number(row: AlegraDocument, client: AlegraClient) -> str:
    """The identification of its client, '' where Alegra does not tell it."""
    if row.client_number is not None or not row.client_id:
        return row.client_number or ""
    try:
        return contacts.read(client, row.client_id).number
    except AlegraError:
        return ""


def _buyers_number(order: Order) -> str:
    """Whom the order's own document would be made out to."""
    contact = identify(gather(order, now=clock.now()))
    if isinstance(contact, ContactFact):
        return contact.number
    return effective_buyer(order).doc_number


def others_with(order: Order, number: str, found: tuple[Named, ...] = ()) -> tuple[Order, ...]:
    """Other orders of the company whose document it is, the oldest first and a few at most.

    Known by its number, ours or one that a person named, however it is written; or by its id
    in Alegra, where ours was issued there and not read since. Makes no call.
    """
    same = Q(number_key=normalised(number))
    written = {plain_number(normalised(text)) for text in (number, *(one.number for one in found))}
    same |= Q(plain_key__in=[text.lower() for text in written if text])
    ours = Q()
    for one in found:
        ours |= Q(kind=one.kind, alegra_id=one.alegra_id)
    in_alegra = ~Q(alegra_id="") & ~Q(state=State.EXTERNAL)
    has_it = same & (Q(state=State.EXTERNAL) | in_alegra)
    if ours:
        has_it |= ours & in_alegra
    rows = (
        Document.objects.filter(company=order.integration.company_id, live=True)
        .exclude(order=order)
        .annotate(plain_key=_without_signs("number_key"))
        .filter(has_it)
        .select_related("order")
        .order_by("pk")[:_MOST_OTHERS]
    )
    return tuple(row.order for row in rows)


def _without_signs(field: str) -> Replace | F:
    """The key without what people write between the letters and the digits of a number."""
    key: Replace | F = F(field)
    for sign in _SIGNS:
        key = Replace(key, Value(sign), Value(""))
    return key
