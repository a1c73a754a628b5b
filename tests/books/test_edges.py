"""What an audit cannot read it says nothing of, and what it said before stays; it always ends."""

from __future__ import annotations

import dataclasses
from datetime import timedelta

import pytest

from integrations.books import audits, lists, reading
from integrations.books.models import BooksAudit, BooksFinding
from integrations.documents.models import Document
from integrations.timekeeping import clock
from integrations.timekeeping.timing import BOOKS_LONGEST

pytestmark = pytest.mark.django_db


def test_a_day_moved_out_of_the_window_and_back_closes_by_itself(shop):
    document = shop.many(4)[1]
    day = shop.store.look(shop.engine.company["nit"], "invoices", document.alegra_id)["date"]
    shop.change(document, date="2020-01-01")
    shop.audit()
    assert list(shop.open()) == ["edited"]
    shop.change(document, date=day)
    shop.audit()
    assert shop.open() == {}


@pytest.mark.parametrize("shown", ["by id", "not at all"])
def test_a_list_that_the_login_is_not_shown_is_left_out_and_its_findings_stay(shop, shown):
    shop.change(shop.many(4)[1], total="175000.00")
    shop.audit()
    path = {"path": "/invoices"} if shown == "by id" else {}
    shop.engine.switch({"fault": "status", "method": "GET", "status": 403, **path})
    audit = shop.audit()
    assert (audit.state, audit.left_out, audit.unread) == ("compared", ["invoice"], 0)
    assert list(shop.open()) == ["wrong_total"]


def test_rows_that_may_not_be_read_by_id_end_no_audit(shop):
    documents = shop.many(4)
    shop.deleted(documents[0])
    shop.audit()
    shop.engine.switch({"fault": "status", "method": "GET", "status": 403,
                        "path": f"/invoices/{documents[0].alegra_id}"})  # fmt: skip
    audit = shop.audit()
    assert (audit.state, audit.left_out) == ("compared", ["invoice"])
    assert list(shop.open()) == ["missing"]


def test_what_there_was_no_room_to_look_for_stays_open(shop, monkeypatch):
    documents = shop.many(6)
    for each in documents[2:4]:
        shop.deleted(each)
    shop.audit()
    assert len(shop.open()["missing"]) == 2
    shop.deleted(documents[0])
    monkeypatch.setattr(reading, "MOST_MISSING", 1)
    audit = shop.audit()
    assert audit.unread == 2
    assert len(shop.open()["missing"]) == 3
    assert not BooksFinding.objects.filter(closed_how="gone").exists()


def test_what_there_was_no_room_to_read_stays_open(shop, monkeypatch):
    shop.engine.switch(list_has_observations=False)
    shop.copied(shop.many(3)[0], "8000001")
    shop.audit()
    assert list(shop.open()) == ["doubled"]
    monkeypatch.setattr(reading, "MOST_READ", 0)
    audit = shop.audit()
    assert audit.unread == 1
    assert list(shop.open()) == ["doubled"]


def test_a_page_of_one_old_day_ends_no_list_whose_order_is_not_known(shop, monkeypatch):
    documents = shop.many(40)
    shop.copied(documents[3], "8000001")
    for place in range(31):
        shop.copied(documents[0], str(9_000_000 + place), observations="-", date="2025-01-01")

    def oldest_first(client, day, start):
        params = {"order_field": "date", "order_direction": "ASC"}
        rows, is_last = lists.invoices.pages.page_since(client, "/invoices", params, start)
        return [lists.invoices.from_row(row) for row in rows], is_last

    changed = dataclasses.replace(lists.LISTS["invoice"], page=oldest_first)
    monkeypatch.setitem(lists.LISTS, "invoice", changed)
    audit = shop.audit()
    assert (audit.ours, audit.right) == (40, 40)
    assert list(shop.open()) == ["doubled"]


def test_an_invoice_that_a_person_made_of_our_remission_is_no_difference(shop):
    document = shop.many(3)[0]
    nit = shop.engine.company["nit"]
    # The document is a remission, with a number of its own; the invoice has taken its text over.
    record = shop.store.look(nit, "invoices", document.alegra_id)
    shop.copied(document, "8000001")
    with shop.store.transaction():
        shop.store.drop(nit, "invoices", document.alegra_id)
        remission = {**record, "kind": "remissions", "status": "closed", "number": "77"}
        shop.store.put(nit, "remissions", document.alegra_id, remission)
    Document.objects.filter(pk=document.pk).update(kind="remission")
    shop.audit()
    assert "unknown" not in shop.open()
    assert "foreign" not in shop.open()


def test_an_audit_that_comes_to_no_end_is_given_up(shop, monkeypatch):
    shop.many(2)
    audit = audits._begin(shop.company, timedelta(days=45), by="", now=clock.now())
    monkeypatch.setattr(reading, "_read_page", lambda *_: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        reading.read_due(clock.now())
    shop.engine.at.advance(seconds=(BOOKS_LONGEST + timedelta(minutes=1)).total_seconds())
    reading.read_due(clock.now())
    audit.refresh_from_db()
    assert (audit.state, audit.error) == (BooksAudit.State.FAILED, "too_long")
