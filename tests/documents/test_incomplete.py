"""An order whose events left its lines out makes no document until somebody has told them."""

from __future__ import annotations

import pytest

from integrations.connections.models import Integration
from integrations.connections.source_account import SourceAccount
from integrations.documents import acts
from integrations.orders.models import Order

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("inside")]


@pytest.fixture
def incomplete(engine):
    order = engine.order(lines=[])
    engine.run()
    assert engine.invoices() == []
    return order


def test_it_waits_and_goes_with_the_next_event_that_tells_them(engine, incomplete):
    assert "order_unreadable" in engine.problems(incomplete)
    engine.order(number=int(incomplete.number), updated="2026-11-20T19:30:00Z")
    engine.run()
    assert engine.document(incomplete).state == "created"
    assert len(engine.invoices()) == 1


def test_reintentar_reads_it_in_mastershop(engine, incomplete, cast):
    SourceAccount.objects.update(key_last4="lave")
    integration = Integration.objects.get(pk=engine.integration.pk)
    integration.source.key = "llave"
    integration.source.save()
    acts.retry(engine.document(incomplete), by=cast.editor)
    assert Order.objects.get(pk=incomplete.pk).reread_next_at is not None


def test_without_a_key_it_says_what_is_missing(engine, incomplete, cast):
    acts.retry(engine.document(incomplete), by=cast.editor)
    engine.run()
    assert engine.problems(incomplete) == {"no_lines"}
