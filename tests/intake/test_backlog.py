from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse

from integrations.audit.models import AuditEntry
from integrations.configuration.answers import answer
from integrations.configuration.questions import QUESTIONS
from integrations.connections.models import Integration
from integrations.documents.models import Document, DocumentProblem
from integrations.intake import backlog, tasks
from integrations.orders.models import Order
from integrations.scoping.context import scope, unscoped
from integrations.timekeeping.timing import timing
from integrations.triggers.models import TriggerRule
from tests.intake.conftest import NOW


@pytest.fixture
def past(integration, post, event):
    """past(number, **changes): an order that was delivered before the integration was on."""
    with unscoped("switched on a minute ago"):
        Integration.objects.update(automatic_from=NOW - timedelta(minutes=1))

    def made(number, status=8, at="2026-11-07T19:41:55Z", **changes):
        post(integration, event(status, at, id_order=number, **changes))
        tasks.interpret_waiting()

    return made


@pytest.fixture
def planned(integration):
    def made():
        with scope(integration.organization_id):
            integration.refresh_from_db()
            return backlog.plan(integration, now=NOW)

    return made


def test_past_orders_wait_for_a_yes(past, planned, rows):
    past(1)
    past(2)
    assert rows(Document) == []
    plan = planned()
    assert (plan.new.count, plan.new.pesos) == (2, 349800)
    assert (plan.done.count, plan.excluded) == (0, [])


def test_the_plan_says_what_is_excluded_and_why(past, planned, integration):
    with unscoped("set-up"):
        Integration.objects.update(process_from=NOW - timedelta(days=3))
    past(1)
    past(2, 8, "2026-11-04T10:00:00Z")
    past(3, is_test=True)
    past(4, 8)
    past(4, 10, "2026-11-07T22:00:00Z")
    past(5, 6, "2026-11-07T22:00:00Z")
    past(6, order_transaction={"total": 5, "currency": "PEN", "payment_method": "cod"})
    plan = planned()
    assert plan.new.count == 1
    assert {group.code: group.count for group in plan.excluded} == {
        "before_start": 1,
        "test": 1,
        "returned": 1,
        "currency": 1,
    }
    assert all(group.label != group.code for group in plan.excluded)


def test_the_yes_documents_exactly_those(past, planned, integration, rows, login, cast, hinted):
    past(1)
    past(2)
    with unscoped("already documented"):
        first = Order.objects.get(number="1")
    with scope(integration.organization_id):
        backlog.issue_document(first, now=NOW, confirmed=True)
    past(3, 6, "2026-11-07T22:00:00Z")
    page = reverse("backlog", args=[cast.organization.slug, integration.pk])
    answer = login(cast.editor).post(page)
    assert answer.status_code == 302
    assert ("intake.issue_backlog", {"integration_id": integration.pk}) in hinted
    tasks.issue_backlog(integration.pk)
    tasks.issue_backlog(integration.pk)
    assert {document.order_id for document in rows(Document)} == {
        order.pk for order in rows(Order) if order.number in ("1", "2")
    }
    assert planned().new.count == 0
    assert rows(Integration)[0].backlog is None
    [entry] = rows(AuditEntry, action="backlog.confirm")
    assert (entry.actor_id, entry.after["orders"]) == (cast.editor.pk, 1)


def test_a_lost_hint_is_found_by_the_sweep(past, integration, rows, login, cast, hinted):
    past(1)
    login(cast.editor).post(reverse("backlog", args=[cast.organization.slug, integration.pk]))
    hinted.clear()
    tasks.interpret_waiting()
    assert ("intake.issue_backlog", {"integration_id": integration.pk}) in hinted


@pytest.fixture
def held_run(past, planned, integration):
    """A run that has just taken the confirmed orders."""
    past(1)
    with scope(integration.organization_id):
        integration.refresh_from_db()
        backlog.confirm(integration, planned(), now=NOW)
        assert integration.working_off.acquire(integration, now=NOW)
    return integration


def test_two_runs_at_once_share_nothing(held_run, rows):
    assert backlog.work_off(held_run.pk) == 0
    assert rows(Document) == []
    with scope(held_run.organization_id):
        assert len(backlog._next_batch(held_run, now=NOW)) == 1


def test_a_run_that_overran_its_time_gets_no_more_orders(held_run, rows, at):
    at.advance(seconds=timing().backlog_lease)
    assert backlog.work_off(held_run.pk) == 1
    with scope(held_run.organization_id):
        assert backlog._next_batch(held_run, now=at.now()) == []
    assert len(rows(Document)) == 1


def test_an_integration_that_is_off_documents_nothing(
    past, planned, integration, login, cast, rows
):
    past(1)
    with unscoped("off"):
        Integration.objects.update(state="off")
    assert planned().new.count == 1
    page = reverse("backlog", args=[cast.organization.slug, integration.pk])
    login(cast.editor).post(page)
    tasks.issue_backlog(integration.pk)
    assert rows(Document) == []


def test_another_trigger_makes_past_orders_wait_and_not_leave(past, planned, integration, rows):
    with unscoped("always on"):
        Integration.objects.update(automatic_from=NOW - timedelta(days=300))
        TriggerRule.objects.filter(family="cod").update(status="to_pack", changed_at=NOW)
    past(1, 3, "2026-11-07T22:00:00Z")
    assert rows(Document) == []
    assert planned().new.count == 1


@pytest.mark.parametrize(
    ("who", "read", "write"),
    [("editor", 200, 302), ("viewer", 200, 403), ("accountant", 200, 403), ("outsider", 404, 404)],
)
def test_who_may_see_and_confirm_the_plan(past, integration, cast, login, who, read, write):
    past(1)
    page = reverse("backlog", args=[cast.organization.slug, integration.pk])
    client = login(cast.member(who))
    assert client.get(page).status_code == read
    assert client.post(page).status_code == write


def test_the_page_says_how_many_and_how_much(past, integration, cast, login):
    past(1)
    past(2)
    page = reverse("backlog", args=[cast.organization.slug, integration.pk])
    text = login(cast.editor).get(page).content.decode()
    assert "Documentar 2 pedidos anteriores" in text
    assert "$\u00a0349.800" in text
    assert "Documentar" not in login(cast.viewer).get(page).content.decode()


@pytest.mark.parametrize("orders", [10, 30])
def test_the_page_needs_few_queries_however_many_orders(
    past, integration, cast, login, orders, django_assert_max_num_queries
):
    for number in range(orders):
        past(number + 1)
    page = reverse("backlog", args=[cast.organization.slug, integration.pk])
    client = login(cast.editor)
    with django_assert_max_num_queries(10):
        client.get(page)


def test_past_orders_of_unknown_payment_are_asked_about_after_the_yes(
    past, planned, integration, rows, login, cast
):
    addi = {"total": 174900, "currency": "COP", "payment_method": "Addi"}
    past(1, order_transaction=addi)
    past(2, 3, "2026-11-07T22:00:00Z", order_transaction=addi)
    plan = planned()
    assert (plan.new.count, plan.asked.count, rows(Document)) == (0, 1, [])
    page = reverse("backlog", args=[cast.organization.slug, integration.pk])
    assert "Documentar 1 pedido anterior" in login(cast.editor).get(page).content.decode()
    login(cast.editor).post(page)
    tasks.issue_backlog(integration.pk)
    [problem] = rows(DocumentProblem)
    [first, _second] = rows(Order)
    assert (problem.code, problem.order_id) == ("payment_method_unknown", first.pk)
    # Confirmed already: the answer is all that is missing.
    with scope(integration.organization_id):
        answer(integration, QUESTIONS["payment_method_unknown"], "addi", "cod")
    [document] = rows(Document)
    assert (document.state, document.reason) == ("pending", "")
    assert planned().to_confirm == 0
