"""A worker may die between any two steps of intake; what was promised is still done."""

from __future__ import annotations

import pytest
import responses

from integrations.connections.models import Integration
from integrations.connections.source_account import SourceAccount
from integrations.documents.models import Document
from integrations.intake import backlog, interpret, tasks
from integrations.orders.models import Order
from integrations.scoping.context import scope, unscoped
from tests.intake.conftest import NOW

DETAIL = "https://prod.api.mastershop.com/api/orders/904417"


class Died(BaseException):
    """A killed worker: no `except Exception` sees it."""


def dies(*_args, **_named):
    raise Died


@pytest.fixture
def read_again(unsigned, post, event, monkeypatch, rows):
    """An unsigned order at its trigger that is about to be read at its source."""
    with unscoped("a key"):
        SourceAccount.objects.update(key="sk-mastershop-0001", detail_readable=True)
        unsigned.source.refresh_from_db()
    with monkeypatch.context() as patched:
        patched.setattr(interpret, "finish_reread", lambda order_id: None)
        post(unsigned, event())
        tasks.interpret_waiting()
    return rows(Order)[0]


@pytest.mark.parametrize("status", [200, 404])
def test_a_death_right_after_the_re_reading_loses_no_order(
    read_again, event, rows, monkeypatch, at, status
):
    with responses.RequestsMock() as source:
        source.get(DETAIL, status=status, json=event())
        with monkeypatch.context() as patched:
            patched.setattr(interpret, "settle", dies)
            with pytest.raises(Died):
                interpret.finish_reread(read_again.pk)
        at.advance(minutes=2)
        interpret.finish_reread(read_again.pk)
    assert len(rows(Document)) == 1


def test_an_order_its_source_denies_waits_for_a_person_and_is_not_asked_for_ever(
    read_again, rows, at
):
    with responses.RequestsMock() as source:
        source.get(DETAIL, status=404)
        for _ in range(4):
            interpret.finish_reread(read_again.pk)
            at.advance(minutes=2)
        assert len(source.calls) == 1
    assert len(rows(Document)) == 1
    assert rows(Order)[0].needs_detail


def test_a_run_that_died_in_mid_batch_keeps_the_yes_to_all_its_orders(
    integration, post, event, rows, monkeypatch, at
):
    with unscoped("switched on just now"):
        Integration.objects.update(automatic_from=NOW)
    for number in (1, 2, 3):
        post(integration, event(8, "2026-11-07T19:41:55Z", id_order=number))
    tasks.interpret_waiting()
    with scope(integration.organization_id):
        integration.refresh_from_db()
        backlog.confirm(integration, backlog.plan(integration, now=NOW), now=NOW)
    with monkeypatch.context() as patched:
        patched.setattr(backlog, "issue_document", dies)
        with pytest.raises(Died):
            backlog.work_off(integration.pk)
    at.advance(minutes=5)
    while backlog.work_off(integration.pk):
        pass
    assert len(rows(Document)) == 3
