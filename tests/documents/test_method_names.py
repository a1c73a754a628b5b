"""A payment method is one, however it is spelled: accents, capitals, spaces and signs apart."""

from __future__ import annotations

import pytest
from django.urls import reverse

from integrations.configuration.answers import answer
from integrations.configuration.models import Answer, BankEquivalence, DocumentSettings
from integrations.configuration.questions import QUESTIONS
from integrations.configuration.questions.short_totals import SHORT_KEPT, SHORT_TOTAL
from integrations.connections.models import ReferenceEntry
from integrations.scoping.context import scope
from integrations.sending.models import Cause
from integrations.timekeeping import clock

pytestmark = pytest.mark.django_db

SPELLINGS = (
    "Tarjeta de Crédito ",
    "TARJETA DE CREDITO",
    "tarjeta-de-crédito",
    "tarjeta_de_credito",
)


@pytest.fixture
def shop(engine):
    with scope(engine.integration.organization_id):
        yield engine


def test_a_method_without_account_is_one_cause_however_it_is_spelled(shop, cast, login):
    DocumentSettings.objects.update(register_payment="on_issue")
    BankEquivalence.objects.all().delete()
    ReferenceEntry.objects.create(
        company=shop.integration.company, kind=ReferenceEntry.Kind.BANK_ACCOUNT, alegra_id="77",
        name="Bancolombia", fetched_at=clock.now(),
    )  # fmt: skip
    orders = [shop.order(method=each, status=6) for each in SPELLINGS]
    shop.run(len(orders))
    assert [shop.problems(each) for each in orders] == [{"account_missing"}] * len(orders)
    (cause,) = Cause.objects.filter(code="account_missing")
    assert cause.open_count == len(orders)

    client = login(cast.member("editor"))
    slug = cast.organization.slug
    page = client.get(reverse("attention", args=[slug])).content.decode()
    # Asked in the spelling that came last.
    assert "La forma de pago «tarjeta_de_credito» no tiene cuenta" in page
    client.post(reverse("attention_account", args=[slug, cause.pk]), {"account": "77"})
    row = BankEquivalence.objects.get()
    assert (row.method, row.family) == ("tarjeta_de_credito", "prepaid")
    shop.run(len(orders))
    assert {shop.document(each).state for each in orders} == {"created"}


def test_what_is_kept_for_a_method_is_valid_for_its_other_spellings(shop):
    first, *others = [shop.order(method=each, status=6, total=149_800) for each in SPELLINGS]
    shop.run(len(SPELLINGS))
    cause = Cause.objects.get(code=SHORT_TOTAL, subject_key=first.number)
    assert "«tarjeta de crédito»" in cause.params["kept"]
    answer(
        shop.integration, QUESTIONS[SHORT_TOTAL], first.number, "received_kept", params=cause.words
    )
    kept = Answer.objects.get(question=SHORT_KEPT)
    assert (kept.subject_key, kept.params) == (
        "method:tarjetadecredito", {"kept": "la forma de pago «tarjeta de crédito»"},
    )  # fmt: skip
    shop.run(len(SPELLINGS))
    assert {shop.document(each).state for each in (first, *others)} == {"created"}
