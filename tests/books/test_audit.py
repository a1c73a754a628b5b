"""Alegra is compared with what the portal made: each difference is named, none is invented."""

from __future__ import annotations

from datetime import timedelta

import pytest

from integrations.books import audits, findings, reading
from integrations.books.models import BooksAudit, BooksFinding
from integrations.documents.models import Document
from integrations.scoping.context import scope
from integrations.timekeeping import clock

pytestmark = pytest.mark.django_db


def plant(shop, documents) -> dict[str, Document]:
    """One missing, one doubled, one with another total, one typed for an order of ours."""
    missing, doubled, total, foreign = documents[:4]
    shop.deleted(missing)
    shop.copied(doubled, "8000001")
    shop.change(total, total="175000.00")
    shop.copied(foreign, "8000002", observations=f"Pedido {foreign.order.number}, a mano")
    return {"missing": missing, "doubled": doubled, "wrong_total": total, "foreign": foreign}


@pytest.mark.one_database
@pytest.mark.parametrize("run", range(30))
def test_every_planted_difference_is_found_and_named(shop, run):
    documents = shop.many(12)
    turned = documents[run % 8 :] + documents[: run % 8]
    planted = plant(shop, turned)
    audit = shop.audit()
    found = shop.open()
    assert {code: [each.order_number for each in rows] for code, rows in found.items()} == {
        code: [document.order.number] for code, document in planted.items()
    }
    assert (audit.ours, audit.right) == (12, 10)
    assert [each.alegra_id for each in found["doubled"]] == ["8000001"]
    assert [each.alegra_id for each in found["foreign"]] == ["8000002"]


@pytest.mark.one_database
@pytest.mark.timeout(600)
def test_nothing_is_invented_in_five_thousand_right_documents(shop):
    documents = shop.many(5_000)
    # The stand-in counts by the machine's clock, which does not go as fast as the test's.
    limit = {"per_minute": 100_000, "window": "fixed", "per": "user", "headers": True}
    shop.engine.switch(rate_limit=limit)
    before = len(shop.engine.asked())
    audit = shop.audit()
    assert shop.open() == {}
    assert (audit.counted, audit.ours, audit.right) == (5_000, 5_000, 5_000)
    assert len(shop.engine.asked()) - before == audit.calls <= 5 * 40
    planted = plant(shop, documents)
    before = len(shop.engine.asked())
    audit = shop.audit()
    assert {code: rows[0].order_number for code, rows in shop.open().items()} == {
        code: document.order.number for code, document in planted.items()
    }
    assert len(shop.engine.asked()) - before <= 5 * 40


@pytest.mark.one_database
def test_forty_calls_are_enough_for_a_thousand(shop):
    plant(shop, shop.many(1_000))
    before = len(shop.engine.asked())
    audit = shop.audit()
    assert len(shop.engine.asked()) - before == audit.calls <= 40
    assert len(shop.open()) == 4


def test_lists_without_observations_are_enough(shop):
    documents = shop.many(40)
    shop.engine.switch(list_has_observations=False)
    planted = plant(shop, documents)
    audit = shop.audit()
    assert {code: rows[0].order_number for code, rows in shop.open().items()} == {
        code: document.order.number for code, document in planted.items()
    }
    # Two pages, the two that are not ours, and the missing one.
    assert audit.calls <= 2 + 2 + 3


def test_what_a_late_list_does_not_show_is_read_before_it_is_called_missing(shop):
    documents = shop.many(5)
    shop.change(documents[2], visible_from="2999-01-01T00:00:00.000Z")
    audit = shop.audit()
    assert shop.open() == {}
    assert (audit.ours, audit.right) == (5, 5)


def test_what_is_made_while_the_audit_reads_is_neither_missing_nor_doubled(shop):
    shop.many(70)
    shop.engine.at.advance(minutes=30)
    audit = audits._begin(shop.company, timedelta(days=45), by="Ana", now=clock.now())
    # One whose answer is lost, and that is being looked for …
    fault = {"fault": "answer_lost_after_commit", "method": "POST", "path": "/invoices"}
    shop.engine.switch({**fault, "times": 1})
    lost = shop.engine.order()
    shop.engine.run()
    assert shop.engine.document(lost).state == "unconfirmed"
    shop.engine.at.advance(seconds=1)
    reading.read_due(clock.now())
    # … and one that is made behind the page that was read.
    shop.made()
    shop.read(audit)
    assert shop.open() == {}
    assert audit.counted == 71


def test_what_is_cured_in_alegra_closes_by_itself(shop):
    documents = shop.many(6)
    total = shop.store.look(shop.engine.company["nit"], "invoices", documents[2].alegra_id)["total"]
    plant(shop, documents)
    shop.audit()
    assert len(shop.open()) == 4
    shop.change(documents[0], deleted_at=None)
    shop.change(documents[2], total=total)
    nit = shop.engine.company["nit"]
    with shop.store.transaction():
        shop.store.drop(nit, "invoices", "8000001")
        shop.store.drop(nit, "invoices", "8000002")
    shop.audit()
    assert shop.open() == {}
    assert set(BooksFinding.objects.values_list("closed_how", flat=True)) == {"gone"}


def test_what_a_person_settled_comes_back_only_when_it_changes(shop, cast):
    documents = shop.many(4)
    shop.change(documents[1], total="175000.00")
    shop.audit()
    [finding] = shop.open()["wrong_total"]
    assert findings.settle(finding, reason="Lo acordamos", by=cast.owner, now=clock.now())
    audit = shop.audit()
    assert (shop.open(), audit.right) == ({}, 4)
    shop.change(documents[1], total="176000.00")
    shop.audit()
    [again] = shop.open()["wrong_total"]
    assert again.params["found"] == "$\xa0176.000"


def test_what_is_not_ours_and_names_no_order_is_left_alone(shop):
    documents = shop.many(3)
    shop.copied(documents[0], "8000003", observations="Venta de mostrador")
    shop.copied(documents[0], "8000004", observations="Pedido 99887 [MS1-AAAAAAAAAAAAAAAA]")
    shop.copied(documents[0], "8000005", observations=None, status="void")
    audit = shop.audit()
    assert shop.open() == {}
    assert (audit.counted, audit.ours) == (6, 3)


def test_one_of_another_installation_about_our_order_is_named(shop):
    documents = shop.many(3)
    number = documents[1].order.number
    shop.copied(documents[0], "8000004", observations=f"Pedido {number} [MS1-AAAAAAAAAAAAAAAA]")
    shop.audit()
    [found] = shop.open()["foreign"]
    assert (found.order_number, found.marker) == (number, "[MS1-AAAAAAAAAAAAAAAA]")


def test_a_void_one_and_a_changed_one_are_called_changed(shop):
    documents = shop.many(4)
    shop.change(documents[0], status="void")
    other = shop.made(customer={"documentNumber": "1020334455", "full_name": "Ana María Gil"})
    record = shop.store.look(shop.engine.company["nit"], "invoices", other.alegra_id)
    shop.change(documents[1], client=record["client"])
    shop.audit()
    found = {each.order_number: each.params["what"] for each in shop.open()["edited"]}
    assert found == {
        documents[0].order.number: "está anulado en Alegra",
        documents[1].order.number: "el cliente es otro",
    }


def test_remissions_are_compared_too(build_shop):
    shop = build_shop(kind="remission", mode="definitive")
    with scope(shop.organization):
        planted = plant(shop, shop.many(70))
        shop.audit()
        assert {code: rows[0].order_number for code, rows in shop.open().items()} == {
            code: document.order.number for code, document in planted.items()
        }


def test_an_audit_goes_on_where_its_worker_died(shop):
    shop.many(100)
    shop.engine.at.advance(minutes=30)
    audit = audits._begin(shop.company, timedelta(days=45), by="Ana", now=clock.now())
    reading.read_due(clock.now())
    audit.refresh_from_db()
    position = audit.position
    assert position == 29
    # It died over the next page, with the row in its hands.
    assert audit.lease.acquire(audit, now=clock.now())
    assert reading.read_due(clock.now()) == 0
    audit = shop.read(audit)
    assert (audit.state, audit.ours, audit.calls) == ("compared", 100, 4)


def test_only_one_is_under_way_and_an_empty_company_has_none(shop):
    assert audits._begin(shop.company, timedelta(days=45), by="", now=clock.now()) is None
    shop.many(2)
    assert audits._begin(shop.company, timedelta(days=45), by="", now=clock.now())
    assert audits._begin(shop.company, timedelta(days=45), by="", now=clock.now()) is None


def test_each_company_is_compared_once_a_night(shop):
    shop.many(2)
    assert audits.begin_due(clock.now()) == 1
    assert audits.begin_due(clock.now()) == 0
    shop.read(BooksAudit.objects.get())
    assert audits.begin_due(clock.now()) == 0
    shop.engine.at.advance(seconds=24 * 3600)
    assert audits.begin_due(clock.now()) == 1


def test_documents_that_are_to_leave_go_first(shop):
    shop.many(2)
    audits._begin(shop.company, timedelta(days=45), by="", now=clock.now())
    shop.engine.order()
    assert reading.read_due(clock.now()) == 0
    shop.engine.run()
    assert reading.read_due(clock.now()) == 1


def test_another_tenant_sees_nothing_of_it(shop, cast):
    documents = shop.many(3)
    planted = plant(shop, [*documents, shop.made()])
    shop.audit()
    assert len(shop.open()) == len(planted)
    with scope(cast.other.pk):
        assert not BooksFinding.objects.exists()
        assert not BooksAudit.objects.exists()
