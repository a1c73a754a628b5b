"""A worker that was stopped on its way to a write does not go on with it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db.models import Value

from integrations.alegra.watchdog import Watchdog
from integrations.scoping.context import scope
from integrations.sending import sweep
from integrations.timekeeping.timing import timing

pytestmark = pytest.mark.django_db


@pytest.fixture(params=["invoice", "remission"])
def merchant(request, build_engine):
    mode = "definitive" if request.param == "remission" else "draft"
    engine = build_engine(kind=request.param, mode=mode)
    with scope(engine.integration.organization_id):
        yield engine


def made(merchant) -> int:
    return len(merchant.invoices()) + len(merchant.remissions())


def creates(merchant) -> int:
    return merchant.calls("POST", "/invoices") + merchant.calls("POST", "/remissions")


def test_after_its_machine_was_paused_a_worker_sends_only_what_the_database_calls_its_own(
    merchant, monkeypatch
):
    """The machine's clock stopped with it: only the database's knows."""
    paused = [timing().delta("lease")]

    def in_database(plus):
        return Value(merchant.at.now() + paused[0] + plus)

    def read_again():
        merchant.at.at += paused[0]
        paused[0] = timedelta()

    monkeypatch.setattr(merchant.at, "in_database", in_database)
    monkeypatch.setattr(merchant.at, "read_again", read_again)
    order = merchant.order()
    merchant.run()
    assert creates(merchant) == 0
    document = merchant.document(order)
    assert (document.state, document.sends) == ("pending", 0)
    merchant.later(1)
    assert merchant.document(order).state == "created"
    assert made(merchant) == 1


def test_who_lost_its_row_right_before_the_first_byte_sends_nothing(merchant, monkeypatch):
    hold, lost = Watchdog.hold, []

    def loses(dog, sock):
        hold(dog, sock)
        with_intention = merchant.document(order).state == "sending"
        if with_intention and not lost:
            lost.append(True)
            merchant.at.advance(seconds=timing().lease + 1)
            sweep.sweep()

    monkeypatch.setattr(Watchdog, "hold", loses)
    order = merchant.order()
    merchant.run()
    assert lost
    assert creates(merchant) == 0
    assert merchant.document(order).state == "unconfirmed"
    for _ in range(6):
        merchant.later(timing().between_look_ups + 1)
    assert merchant.document(order).state == "created"
    assert made(merchant) == 1
