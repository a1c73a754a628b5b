"""The plainest cases of one order, one document: each is what one line of the product is for."""

from __future__ import annotations

from dataclasses import replace

import pytest
from django.db import IntegrityError, transaction

from integrations.alegra.client import AlegraClient
from integrations.documents.models import Document
from integrations.sending import sweep
from integrations.timekeeping.timing import timing

pytestmark = pytest.mark.django_db
CREATE = {"method": "POST", "path": "/invoices"}


class Killed(BaseException):
    """Nothing of the process goes on."""


def test_the_database_keeps_no_second_live_document_of_an_order(engine, inside):
    order = engine.order()
    engine.run()
    first = engine.document(order)
    second = Document(**{name: value for name, value in vars(first).items() if name[0] != "_"})
    second.pk, second.cycle = None, first.cycle + 1
    second.marker, second.alegra_id = "[MS1-ANOTHERONE234567]", ""
    with pytest.raises(IntegrityError), transaction.atomic():
        second.save()
    assert Document.objects.filter(order=order).count() == 1


def test_what_a_killed_worker_sent_is_found_and_not_sent_again(engine, inside, monkeypatch):
    exchange = AlegraClient._exchange

    def dies(client, call, request):
        answer = exchange(client, call, request)
        if call.is_write and call.path == "/invoices":
            raise Killed
        return answer

    order = engine.order()
    monkeypatch.setattr(AlegraClient, "_exchange", dies)
    with pytest.raises(Killed):
        engine.run()
    monkeypatch.setattr(AlegraClient, "_exchange", exchange)
    engine.at.advance(seconds=timing().slot_lease + 1)
    sweep.sweep()
    for _ in range(4):
        engine.later(timing().between_look_ups + 1)
    assert engine.document(order).state == "created"
    assert engine.calls("POST", "/invoices") == 1
    assert len(engine.invoices()) == 1


def test_alegra_gets_its_time_before_each_look_for_what_was_lost(engine, inside):
    """Not found too early proves nothing: it may still be writing."""
    engine.switch({**CREATE, "fault": "reset_before_commit", "times": 1})
    order = engine.order()
    engine.run()
    engine.later(timing().first_look_up - 5)
    assert engine.document(order).probes == 0
    engine.later(6)
    assert engine.document(order).probes == 1
    engine.later(timing().between_look_ups - 5)
    assert (engine.document(order).state, engine.document(order).probes) == ("unconfirmed", 1)
    engine.later(6)
    assert engine.document(order).probes == 2
    assert engine.calls("POST", "/invoices") == 1


def test_a_worker_whose_row_was_taken_meanwhile_writes_nothing_over_it(engine, inside, monkeypatch):
    """It comes back with an answer when another one has already found the document."""
    exchange, order = AlegraClient._exchange, engine.order()

    def sleeps(client, call, request):
        answer = exchange(client, call, request)
        if call.is_write and call.path == "/invoices":
            monkeypatch.setattr(AlegraClient, "_exchange", exchange)
            engine.at.advance(seconds=timing().slot_lease + 1)
            sweep.sweep()
            for _ in range(2):
                engine.later(timing().between_look_ups + 1)
            assert engine.document(order).state == "created"
            # Nobody may believe what a worker says that was away for so long.
            return replace(answer, body={**answer.body, "id": "999999"})
        return answer

    monkeypatch.setattr(AlegraClient, "_exchange", sleeps)
    engine.run()
    [made] = engine.invoices()
    assert engine.document(order).alegra_id == str(made["id"])
    assert engine.document(order).state == "created"
