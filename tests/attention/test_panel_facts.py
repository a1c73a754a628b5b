"""*Integraciones*: the figures under each pair, and what a pause holds back."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.urls import reverse

from integrations.connections.models import Credential
from integrations.scoping.context import scope
from integrations.sending.states import State
from tests import cast as casting
from tests.history.factories import NOW, make_document, make_order, make_problem

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("half_past_ten")]
TODAY = date(2026, 11, 21)


@pytest.fixture
def shop(cast):
    return casting.make_integration(cast.organization, activated_at=NOW - timedelta(days=9))


@pytest.fixture
def page(cast, login):
    def get() -> str:
        response = login(cast.owner).get(reverse("integrations", args=[cast.organization.slug]))
        return response.content.decode().replace("\xa0", " ")

    return get


def test_each_says_its_document_today_what_waits_and_what_holds(page, shop, cast):
    make_document(make_order(shop), State.CREATED, doc_date=TODAY)
    make_document(
        make_order(shop),
        State.CREATED,
        doc_date=TODAY - timedelta(days=1),
        state_since=NOW - timedelta(days=1),
    )
    for _each in range(2):
        make_order(shop)
    for _each in range(3):
        make_problem(make_order(shop), "cod_disabled")
    shown = page()
    history = reverse("history", args=[cast.organization.slug]) + f"?integracion={shop.pk}"
    assert "Factura electrónica, en borrador" in shown
    assert "<dt>Hoy</dt><dd>1 borrador</dd>" in shown
    assert f'{history}&amp;estado=en-espera">2 pedidos</a>' in shown
    assert f'{history}&amp;estado=por-atender">3 pedidos</a>' in shown


def test_a_draft_is_not_counted_as_an_invoice(page, shop):
    for kind, state in (
        ("invoice", State.CREATED),
        ("invoice", State.CREATED),
        ("invoice", State.ISSUED),
        ("remission", State.CREATED),
    ):
        make_document(make_order(shop), state, kind=kind, doc_date=TODAY)
    assert "<dt>Hoy</dt><dd>1 factura aceptada · 2 borradores · 1 remisión</dd>" in page()


def test_a_day_without_documents_says_so(page, shop):
    assert "<dt>Hoy</dt><dd>ningún documento</dd>" in page()


def test_what_was_never_on_has_no_figures(page, cast):
    casting.make_integration(cast.organization, state="setup", activated_at=None)
    assert "<dt>Hoy</dt>" not in page()


def test_a_pause_says_what_it_holds_back(page, shop):
    for total in (1_000_000, 204_600):
        make_document(make_order(shop, total=total), State.PENDING)
    with scope(shop.organization_id):
        Credential.objects.update(state="paused", paused_code="unauthorized", paused_since=NOW)
    assert "2 pedidos esperan por $ 1.204.600." in page()


def test_figures_cost_the_same_for_many_integrations(
    cast, shop, login, django_assert_max_num_queries
):
    for _each in range(11):
        casting.make_integration(cast.organization, activated_at=NOW)
    with scope(cast.organization.pk):
        Credential.objects.update(state="paused", paused_code="unauthorized", paused_since=NOW)
    owner = login(cast.owner)
    url = reverse("integrations", args=[cast.organization.slug])
    owner.get(url)
    with django_assert_max_num_queries(15):
        owner.get(url)
