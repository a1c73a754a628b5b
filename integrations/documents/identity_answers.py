"""The answer to who a buyer is becomes a correction of the order's data.

So the page shows it beside what was received, and everything that is made of the buyer follows
it (*Corregir datos*, product rules, *The document is built*).
"""

from __future__ import annotations

from functools import partial

from integrations.colombia import identity
from integrations.configuration import answers
from integrations.configuration.questions.buyers import (
    AS_KNOWN,
    BUYER_LOST,
    COMPANY_NAME,
    IDENTITY_AMBIGUOUS,
    IDENTITY_WRONG,
    ITS_NAME,
    NAME_OF_ANOTHER,
    UNIDENTIFIED,
)
from integrations.connections.models import Integration
from integrations.documents.acts import NotPossible, refuse_made
from integrations.documents.buyer_doubts import read_of
from integrations.documents.facts import BuyerFact
from integrations.documents.gather import buyer_fact
from integrations.documents.issue import locked_order
from integrations.mastershop.orders import NormalisedOrder
from integrations.orders.buyer import Buyer, effective_buyer, received_buyer
from integrations.orders.models import Order, OrderCorrection
from integrations.timekeeping import clock

CODES = (IDENTITY_AMBIGUOUS, IDENTITY_WRONG, NAME_OF_ANOTHER, BUYER_LOST)


def connect() -> None:
    for code, follower in _FOLLOWERS.items():
        if follower not in answers.followers[code]:
            answers.followers[code].append(follower)


def _answered(code: str, integration: Integration, key: str, value: str) -> None:
    """In the transaction that keeps the answer, or takes it back (`value` is ''). An order whose
    document exists keeps its buyer."""
    order = Order.of_key(integration, key)
    if order is None:
        return
    order = locked_order(order)
    try:
        refuse_made(order.document)
    except NotPossible:
        return
    if value:
        _correct(order, code, value)
    else:
        OrderCorrection.objects.filter(order=order, question=code).delete()


_FOLLOWERS = {code: partial(_answered, code) for code in CODES}


def _correct(order: Order, code: str, value: str) -> None:
    """Of what was received, not of what an earlier answer made of it."""
    known = NormalisedOrder.from_json(order.snapshot)
    seller_nit = order.integration.company.nit
    received = buyer_fact(received_buyer(order), order, known)
    current = effective_buyer(order)
    changes = _changes(received, current, seller_nit, value)
    now = clock.now()
    OrderCorrection.objects.bulk_create(
        OrderCorrection(
            organization_id=order.organization_id,
            order=order,
            field=field,
            before=str(getattr(current, field, "") or "")[:300],
            after=after[:300],
            question=code,
            at=now,
        )
        for field, after in changes.items()
    )


def _changes(received: BuyerFact, current: Buyer, seller_nit: str, value: str) -> dict[str, str]:
    """The fields and what they become; {} where the order does not mean this any more."""
    if value == UNIDENTIFIED:
        return {"unidentified": "yes"}
    identified = {"unidentified": ""}
    if value in (ITS_NAME, COMPANY_NAME):
        name = received.name if value == ITS_NAME else received.company
        return identified | {"name": name} | _companys(received, current)
    if value == AS_KNOWN:
        doc_type, number = received.lost
        return identified | {"doc_type": doc_type, "doc_number": number}
    for reading in read_of(received, seller_nit):
        if reading.value == value:
            return identified | {"doc_type": reading.doc_type, "doc_number": reading.number}
    return {}


def _companys(received: BuyerFact, current: Buyer) -> dict[str, str]:
    """The company's identification back again, where an earlier answer had read it otherwise."""
    if _is_companys(current.doc_type, current.doc_number):
        return {}
    for doc_type, number in (received.elsewhere, (received.doc_type, received.doc_number)):
        if _is_companys(doc_type, number):
            return {"doc_type": doc_type, "doc_number": number}
    return {}


def _is_companys(doc_type: str, number: str) -> bool:
    return identity.judge(doc_type, number, phone=None, is_certain=True).is_company
