"""A mail promises what the orders of its cause wait for, and nothing else."""

from __future__ import annotations

import pytest

from integrations.attention.awaited import WORDS
from integrations.attention.news import PortalNews
from integrations.documents.models import Document
from integrations.payments.models import Payment, PaymentProblem
from integrations.scoping.context import scope
from integrations.sending.states import State
from integrations.timekeeping import clock
from tests.history.factories import NOW, make_document, make_order, make_problem

pytestmark = pytest.mark.django_db
THERE = {"alegra_id": "41", "alegra_status": "draft"}


def held(shop, state=State.BLOCKED, **fields) -> Document:
    order = make_order(shop)
    document = make_document(order, state, **fields)
    make_problem(order, "internal")
    return document


def told(shop) -> str:
    with clock.frozen(NOW), scope(shop.organization_id):
        [news] = PortalNews().news(shop.organization_id, NOW)
    return news.waits_for


@pytest.mark.parametrize(
    ("state", "fields", "code"),
    [
        (State.BLOCKED, {}, "document"),
        (State.BLOCKED, {**THERE, "emit_since": NOW}, "emission"),
        (State.REJECTED, THERE, "emission"),
        (State.BLOCKED, THERE, "decision"),
    ],
)
def test_a_document_that_is_there_is_not_waited_for(shop, state, fields, code):
    held(shop, state, **fields)
    assert told(shop) == str(WORDS[code])


def test_an_accepted_invoice_waits_for_its_payment_only(shop):
    order = make_order(shop)
    document = make_document(order, State.ISSUED, **THERE, issued_at=NOW)
    cause = make_problem(order, "internal")
    with scope(shop.organization_id):
        document.problems.all().delete()
        payment = Payment.objects.create(
            integration=shop, company=shop.company, alegra_user=shop.credential.alegra_user,
            order=order, document=document, state=State.BLOCKED, live=True, state_since=NOW,
            created_at=NOW, marker="P",
        )  # fmt: skip
        PaymentProblem.objects.create(
            work=payment, order=order, cause=cause, code="internal", opened_at=NOW
        )
    assert told(shop) == str(WORDS["payment"])


def test_one_cause_of_different_things_promises_none_of_them(shop):
    held(shop)
    held(shop, **THERE, emit_since=NOW)
    assert told(shop) == str(WORDS["you"])
