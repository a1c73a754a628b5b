"""Thousands of drafts are planned in pieces: as much memory and as many queries for each piece."""

from __future__ import annotations

import tracemalloc
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from integrations.documents.models import Document
from integrations.orders.models import Order, OrderLine
from integrations.scoping.context import scope
from integrations.sending.bulk import runs, worker
from integrations.sending.bulk.models import BulkRun
from integrations.timekeeping import clock
from tests import cast as casting
from tests.history.factories import NOW

pytestmark = pytest.mark.django_db

# Two whole pieces and one more.
MANY = 2 * runs.PIECE + 1


def make_drafts(integration, count: int) -> None:
    """Drafts that Alegra showed just now, each of an order of one line."""
    with scope(integration.organization_id):
        orders = Order.objects.bulk_create(
            Order(
                integration=integration, number=str(n), search_key=str(n), status="delivered",
                rank_max=8, family="cod", method="cod", total=Decimal(1000 + n),
                total_pesos=1000 + n, buyer_name="Yuliana Restrepo", buyer_doc_type="CC",
                buyer_doc_number="1020334455", snapshot={"customer": {}}, first_seen_at=NOW,
                changed_at=NOW, decision="due",
            )
            for n in range(count)
        )  # fmt: skip
        OrderLine.objects.bulk_create(
            OrderLine(order=order, position=0, name="Termo", quantity=1, unit_price=order.total)
            for order in orders
        )
        documents = Document.objects.bulk_create(
            Document(
                integration=integration, company=integration.company, order=order,
                alegra_user=integration.credential.alegra_user, kind="invoice", mode="draft",
                state="created", state_since=NOW, created_at=NOW, marker=f"marca-{order.number}",
                total=order.total, total_pesos=order.total_pesos, alegra_id=order.number,
                alegra_status="draft", last_read_at=NOW,
            )
            for order in orders
        )  # fmt: skip
        for document in documents:
            document.order.document = document
        Order.objects.bulk_update((each.order for each in documents), ["document"], batch_size=400)


def test_thousands_are_planned_piece_by_piece(cast, login):
    with clock.frozen(NOW):
        shop = casting.make_integration(cast.organization)
        make_drafts(shop, MANY)
        client, slug = login(cast.editor), cast.organization.slug
        client.post(reverse("history_emit", args=[slug]), {"todos": "1"})
        with scope(cast.organization.pk):
            run = BulkRun.objects.get()
        peaks, queries = [], []
        pieces = run_pieces(run, peaks, queries)
        with scope(cast.organization.pk):
            run.refresh_from_db()
        assert (run.state, run.count) == ("ready", MANY)
        assert run.pesos == sum(1000 + n for n in range(MANY))
        assert pieces == MANY // runs.PIECE + 1
        assert max(queries) <= 14
        # A later piece needs no more memory than the first.
        assert max(peaks[1:]) < 1.5 * peaks[0]
        page = client.get(reverse("history_run", args=[slug, run.pk])).content.decode()
        assert "Emitir 1.001 facturas por" in page


def run_pieces(run, peaks, queries):
    """Each piece of the plan by itself, with the memory and the queries that it takes."""
    pieces, done = 0, False
    with scope(run.organization_id):
        while not done:
            tracemalloc.start()
            with CaptureQueriesContext(connection) as asked:
                done = runs.plan(run, now=clock.now())
            if not done:
                pieces += 1
                queries.append(len(asked))
                peaks.append(tracemalloc.get_traced_memory()[1])
            tracemalloc.stop()
    return pieces


def test_choosing_thousands_keeps_a_piece_in_memory_at_a_time(cast, login):
    with clock.frozen(NOW):
        shop = casting.make_integration(cast.organization)
        make_drafts(shop, MANY)
        client, url = login(cast.editor), reverse("history_emit", args=[cast.organization.slug])
        with CaptureQueriesContext(connection) as asked:
            client.post(url, {"todos": "1"})
        inserts = [each for each in asked if "bulkitem" in each["sql"].lower()]
        assert worker.due_runs(clock.now())
        # SQLite takes fewer values in a statement than PostgreSQL.
        assert len(inserts) <= 3 * (MANY // 100)
        assert len(asked) - len(inserts) <= 14
