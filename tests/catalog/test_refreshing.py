from __future__ import annotations

from datetime import timedelta

import pytest
import responses

from integrations.alegra.errors import BudgetExhausted, Unauthorized
from integrations.catalog import refreshing, tasks
from integrations.catalog.models import AlegraItem, Variant
from integrations.connections import reads
from integrations.connections.models import Credential
from integrations.connections.source_read import SourceRead
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
    state = reads.state_of(reads.Kind.ITEMS, integration.company)
    assert (state.rows, state.error, state.lease_until) == (70, "", None)


def test_what_is_gone_is_marked_only_after_a_whole_read(integration, alegra):
    with clock.frozen(NOW) as time:
        refreshing.refresh_items(integration.company, integration.credential)
        time.advance(hours=7)
        alegra.names = alegra.names[:69]
        alegra.replace(responses.GET, ITEMS, status=401, json={"message": "Unauthorized"})
        assert "token" in refreshing.refresh_items(integration.company, integration.credential)
    assert not AlegraItem.objects.filter(missing_since__isnull=False).exists()


def test_one_reader_at_a_time(integration, alegra):
    reads.begin(reads.Kind.ITEMS, integration.company, now=clock.now())
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
    state = reads.state_of(reads.Kind.VARIANTS, integration)
    assert (state.error, state.read_at) == ("MasterShop no acepta la llave de API.", None)


def test_a_list_is_due_when_old_asked_for_or_failed_a_while_ago(company):
    kind = reads.Kind.ITEMS

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


@pytest.mark.parametrize("kind", [reads.Kind.ITEMS, reads.Kind.REFERENCES])
@pytest.mark.parametrize("hours", [0.1, 0.6, 1.1, 5, 7])
@pytest.mark.parametrize("past", ["never", "read", "failed", "failed later", "asked", "in hand"])
def test_the_database_calls_due_what_the_code_does(company, kind, hours, past):
    if past != "never":
        row = reads.begin(kind, company, now=NOW - timedelta(hours=hours))
        if past in ("read", "failed later", "asked"):
            reads.end(row, now=NOW - timedelta(hours=hours))
        if past == "failed later":
            row = reads.begin(kind, company, now=NOW - timedelta(hours=hours))
        if past in ("failed", "failed later"):
            reads.end(row, now=NOW - timedelta(hours=hours), error="Alegra no respondió.")
        if past == "asked":
            reads.ask(kind, company, now=NOW)
    row = reads.row_of(kind, company)
    found = SourceRead.objects.filter(reads.due(kind, NOW), company=company)
    assert found.exists() == reads.is_due(row, NOW)


def test_a_read_that_broke_off_is_no_read(integration, alegra, monkeypatch):
    def breaks(*_args):
        raise ZeroDivisionError

    monkeypatch.setattr(refreshing.items, "copy_of", breaks)
    with pytest.raises(ZeroDivisionError):
        refreshing.refresh_items(integration.company, integration.credential)
    state = reads.state_of(reads.Kind.ITEMS, integration.company)
    assert (state.read_at, state.lease_until) == (None, None)
    assert "no llegó a su final" in state.error


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
