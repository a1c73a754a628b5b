from __future__ import annotations

from datetime import timedelta

import pytest
import responses

from integrations.alegra.errors import BudgetExhausted, Unauthorized
from integrations.catalog import reads, refreshing, tasks
from integrations.catalog.models import AlegraItem, SourceRead, Variant
from integrations.connections.models import Credential
from integrations.scoping import context
from integrations.timekeeping import clock
from tests.catalog.conftest import NOW

ITEMS = "https://api.alegra.com/api/v1/items"
PRODUCTS = "https://prod.api.mastershop.com/api/products"


@pytest.fixture(autouse=True)
def no_naps(monkeypatch):
    naps = []
    monkeypatch.setattr(refreshing.time, "sleep", naps.append)
    return naps


@pytest.fixture
def alegra():
    """Alegra with so many items: `alegra.names`, served in pages as asked."""
    with responses.RequestsMock(assert_all_requests_are_fired=False) as mock:
        mock.names = [f"Producto {number:03}" for number in range(70)]

        def page(request):
            start, limit = int(request.params["start"]), int(request.params["limit"])
            rows = [
                {"id": str(number), "name": name, "status": "active", "type": "simple"}
                for number, name in enumerate(mock.names)
            ]
            import json

            body = {"metadata": {"total": len(rows)}, "data": rows[start : start + limit]}
            return 200, {}, json.dumps(body)

        mock.add_callback(responses.GET, ITEMS, callback=page)
        yield mock


def test_every_page_is_copied_once(integration, alegra):
    assert refreshing.refresh_items(integration.company, integration.credential) == ""
    assert AlegraItem.objects.count() == 70
    state = reads.state_of(SourceRead.Kind.ITEMS, integration.company)
    assert (state.rows, state.error, state.started_at) == (70, "", None)


def test_what_is_gone_is_marked_only_after_a_whole_read(integration, alegra):
    with clock.frozen(NOW) as time:
        refreshing.refresh_items(integration.company, integration.credential)
        time.advance(hours=7)
        alegra.names = alegra.names[:69]
        alegra.replace(responses.GET, ITEMS, status=401, json={"message": "Unauthorized"})
        assert "token" in refreshing.refresh_items(integration.company, integration.credential)
    assert not AlegraItem.objects.filter(missing_since__isnull=False).exists()


def test_one_reader_at_a_time(integration, alegra):
    reads.begin(SourceRead.Kind.ITEMS, integration.company, now=clock.now())
    assert refreshing.refresh_items(integration.company, integration.credential) is None
    assert len(alegra.calls) == 0


def test_our_own_budget_is_waited_for(no_naps):
    answers = iter([BudgetExhausted(7.0), BudgetExhausted(3.0), "page"])

    def call():
        answer = next(answers)
        if isinstance(answer, Exception):
            raise answer
        return answer

    assert refreshing._patiently(call) == "page"
    assert no_naps == [7.0, 3.0]


def test_a_refusal_is_not_tried_again(no_naps):
    def call():
        raise Unauthorized("no")

    with pytest.raises(Unauthorized):
        refreshing._patiently(call)
    assert no_naps == []


def test_mastershop_products_become_variants(integration):
    with responses.RequestsMock() as mock:
        row = {"idProduct": 7, "name": "Faja", "variation": [{"idVariant": 71, "name": "S"}]}
        mock.get(PRODUCTS, json={"results": [row]})
        integration.source.key = "llave"
        assert refreshing.refresh_variants(integration) == ""
    assert Variant.objects.get().label == "Faja · S"


def test_a_refused_key_is_said_in_a_sentence(integration):
    with responses.RequestsMock() as mock:
        mock.get(PRODUCTS, status=403, json={})
        integration.source.key = "llave"
        assert refreshing.refresh_variants(integration) == "MasterShop no acepta la llave de API."
    state = reads.state_of(SourceRead.Kind.VARIANTS, integration)
    assert (state.error, state.succeeded_at) == ("MasterShop no acepta la llave de API.", None)


def test_a_list_is_due_when_old_asked_for_or_failed_a_while_ago(company):
    kind = SourceRead.Kind.ITEMS

    def due(at):
        return reads.is_due(reads.state_of(kind, company), at)

    assert due(NOW)
    row = reads.begin(kind, company, now=NOW)
    assert not due(NOW + timedelta(minutes=30))
    assert due(NOW + timedelta(hours=1)), "a reader that died gives its right back"
    reads.end(row, now=NOW, rows=3)
    assert not due(NOW + timedelta(hours=5))
    assert due(NOW + timedelta(hours=7))
    reads.ask(kind, company, now=NOW)
    assert due(NOW + timedelta(minutes=1))
    row = reads.begin(kind, company, now=NOW)
    reads.end(row, now=NOW, error="Alegra no respondió.")
    assert not due(NOW + timedelta(minutes=10))
    assert due(NOW + timedelta(minutes=40))


def test_the_task_reads_what_is_due_in_the_scope_of_its_row(integration, monkeypatch):
    read = []
    integration.source.key = "llave"
    integration.source.save()
    monkeypatch.setattr(tasks, "refresh_items", lambda company, _: read.append(company.pk))
    monkeypatch.setattr(tasks, "refresh_variants", lambda row: read.append(row.pk))
    with context.unscoped("as a worker starts"):
        tasks.refresh_due()
    assert read == [integration.pk, integration.company_id]


def test_a_paused_credential_is_not_asked(integration, monkeypatch):
    Credential.objects.update(state="paused")
    monkeypatch.setattr(tasks, "refresh_items", lambda *args: pytest.fail("asked"))
    tasks.refresh_if_due(integration.pk)
