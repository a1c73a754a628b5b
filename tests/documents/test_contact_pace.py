"""Alegra takes few contacts a minute: who needs one waits outside of the line, and says so.

The simulated Alegra counts its minutes by the test's clock.
"""

from __future__ import annotations

import re
from datetime import timedelta
from types import SimpleNamespace

import pytest
import requests
from django.urls import reverse

from integrations.connections.contact_pace import ContactPace
from integrations.documents import contact_reads
from integrations.documents.models import ContactIndex, Document, IndexedContact
from integrations.scoping.context import scope
from integrations.sending import turns
from integrations.sending.models import Work
from integrations.sending.states import State
from integrations.simulators.alegra import rate_limit
from integrations.timekeeping.timing import timing

PER_MINUTE, NEW, KNOWN = 12, 40, 10
# Where a minute has 26 calls of every kind.
MANY, FEW = 16, 6
# More than are seen first, so that a wrong limit can be told from it.
LIFE = 30


@pytest.fixture
def engine(engine, at, monkeypatch):
    by_the_clock = SimpleNamespace(monotonic=lambda: at.now().timestamp())
    monkeypatch.setattr(rate_limit, "time", by_the_clock)
    # A turn ends when nothing is due, and not because the machine is slow.
    monkeypatch.setattr(turns, "time", by_the_clock)
    contact_reads.read_due()
    # What was called so far belongs to another minute.
    at.advance(minutes=2)
    return engine


def orders_of(engine, *numbers: int) -> list[int]:
    return [engine.order(customer={"documentNumber": str(number)}).pk for number in numbers]


def created(engine, orders: list[int]) -> int:
    with scope(engine.integration.organization_id):
        return Document.objects.filter(order_id__in=orders, state=State.CREATED).count()


def contact_statuses(engine) -> list[int]:
    rows = requests.get(f"{engine.root}/_control/calls", timeout=10).json()
    return [row["status"] for row in rows if "/contacts" in row["path"]]


def page(engine, cast, login, name: str, *args) -> str:
    """What a person reads there, as one line."""
    answer = login(cast.owner).get(reverse(name, args=[cast.organization.slug, *args]))
    assert answer.status_code == 200
    return " ".join(re.sub(r"<[^>]*>", " ", answer.content.decode()).split())


@pytest.mark.one_database
def test_the_pages_say_how_many_alegra_takes_and_how_long_it_lasts(engine, cast, login):
    engine.switch(contacts_per_minute=PER_MINUTE)
    new = orders_of(engine, *range(53000001, 53000001 + 20))
    engine.run()
    left = 20 - created(engine, new)
    said = f"Alegra recibe {PER_MINUTE} clientes nuevos por minuto; faltan {left}, ≈ 1 min"
    attention = page(engine, cast, login, "attention")
    assert said in attention
    assert "pausa" not in attention
    assert "Ninguna causa detiene pedidos" in attention
    assert f"{said}. Sale solo; no tienes que hacer nada." in page(
        engine, cast, login, "order", new[-1]
    )
    assert "Alegra recibe pocos clientes nuevos por minuto" in page(engine, cast, login, "history")
    assert not engine.problems(SimpleNamespace(pk=new[-1]))
    for _ in range(30):
        engine.later(5)
    assert created(engine, new) == 20
    assert "clientes nuevos" not in page(engine, cast, login, "attention")


def test_new_buyers_are_documented_at_alegras_pace_and_known_ones_ahead_of_them(engine):
    known = range(52000001, 52000001 + KNOWN)
    orders_of(engine, *known)
    for _ in range(3):
        engine.later(30)
    engine.at.advance(minutes=2)
    # So few calls of all kinds that new buyers could use a minute up.
    engine.switch(contacts_per_minute=PER_MINUTE, rate_limit={"per_minute": 32})
    before = len(contact_statuses(engine))
    new = orders_of(engine, *range(53000001, 53000001 + NEW))
    again = orders_of(engine, *known)
    engine.run()
    began, known_done, all_done = engine.at.now(), None, None
    while all_done is None:
        passed = (engine.at.now() - began).total_seconds()
        if known_done is None and created(engine, again) == KNOWN:
            known_done = passed
        if created(engine, new) == NEW:
            all_done = passed
        assert passed < 600, f"{created(engine, new)} of {NEW}"
        engine.later(5)
    assert known_done <= 10
    # 40 at 12 a minute.
    assert 180 <= all_done <= 300
    statuses = contact_statuses(engine)[before:]
    assert statuses.count(201) == NEW
    # A limit that no header tells can only be learned by running into it.
    assert len(statuses) - NEW <= 2
    assert len(engine.invoices()) == NEW + 2 * KNOWN
    assert len({row["identification"] for row in engine.ledger()["contacts"]}) == len(
        engine.ledger()["contacts"]
    )


def test_a_buyer_alegra_knows_does_not_wait_for_those_it_does_not_know(engine):
    """Orders that come while many wait, not only those that came with them."""
    orders_of(engine, 52000001)
    engine.run()
    engine.at.advance(minutes=2)
    engine.switch(contacts_per_minute=5)
    new = orders_of(engine, *range(53000001, 53000016))
    engine.run()
    assert created(engine, new) == 5
    later = orders_of(engine, 52000001)
    engine.run()
    assert created(engine, later) == 1
    assert created(engine, new) == 5


def test_known_buyers_find_room_in_a_minute_that_new_ones_would_have_used_up(engine):
    """They come after the new ones, and Alegra's calls of every kind are few."""
    known = range(52000001, 52000001 + FEW)
    orders_of(engine, *known)
    for _ in range(3):
        engine.later(30)
    engine.at.advance(minutes=2)
    engine.switch(rate_limit={"per_minute": 30})
    new = orders_of(engine, *range(53000001, 53000001 + MANY))
    engine.run()
    assert 0 < created(engine, new) < MANY
    again = orders_of(engine, *known)
    engine.run()
    assert created(engine, again) == FEW
    for _ in range(36):
        engine.later(5)
    # Two calls for each, of 26 in a minute.
    assert created(engine, new) == MANY
    assert 429 not in contact_statuses(engine)


@pytest.mark.one_database
def test_orders_of_past_sales_leave_room_for_those_of_today(engine):
    known = range(52000001, 52000001 + FEW)
    orders_of(engine, *known)
    for _ in range(3):
        engine.later(30)
    engine.at.advance(minutes=2)
    engine.switch(rate_limit={"per_minute": 30})
    past = orders_of(engine, *[52000001] * MANY)
    with scope(engine.integration.organization_id):
        Document.objects.filter(order_id__in=past).update(priority=Work.Priority.BACKFILL)
    engine.run()
    assert 0 < created(engine, past) < MANY
    today = orders_of(engine, *known)
    engine.run()
    assert created(engine, today) == FEW
    for _ in range(14):
        engine.later(5)
    assert created(engine, past) == MANY


@pytest.mark.one_database
def test_the_pages_say_how_many_new_buyers_wait_for_the_calls_of_a_minute(engine, cast, login):
    engine.switch(rate_limit={"per_minute": 30})
    new = orders_of(engine, *range(53000001, 53000001 + MANY))
    engine.run()
    left = MANY - created(engine, new)
    said = f"Alegra recibe pocas llamadas por minuto; faltan {left} clientes nuevos, ≈ 1 min"
    assert said in page(engine, cast, login, "attention")
    assert said in page(engine, cast, login, "order", new[-1])
    for _ in range(36):
        engine.later(5)
    assert "clientes nuevos" not in page(engine, cast, login, "attention")


def test_the_pages_promise_no_pace_where_contacts_are_not_allowed(engine, cast, login):
    refused = {"fault": "status", "status": 403, "method": "POST", "path": "/contacts"}
    engine.switch({**refused, "probability": 1})
    orders_of(engine, 53000001)
    engine.run()
    waiting = orders_of(engine, 53000002, 53000003)
    with scope(engine.integration.organization_id):
        # As those behind which the minute's calls ran out.
        Document.objects.filter(order_id__in=waiting).update(
            next_attempt_at=engine.at.now() + timedelta(minutes=1)
        )
    body = page(engine, cast, login, "attention")
    assert "no tiene permiso para crear contactos" in body
    assert "clientes nuevos, ≈" not in body


def test_known_buyers_without_end_do_not_keep_a_new_one_waiting_for_ever(engine):
    orders_of(engine, 52000001)
    engine.run()
    (new,) = orders_of(engine, 53000001)
    orders_of(engine, *[52000001] * 3)
    engine.at.advance(seconds=timing().patience + 1)
    before = len(engine.asked())
    engine.run()
    assert created(engine, [new]) == 1
    assert "/contacts" in engine.asked()[before][1]


def test_a_buyer_whose_contact_was_just_made_is_a_known_one(engine):
    """Two orders of one new buyer: the second lets nobody ahead any more."""
    first, second = orders_of(engine, 53000001, 53000001)
    with scope(engine.integration.organization_id):
        Document.objects.filter(order_id=second).update(
            next_attempt_at=engine.at.now() + timedelta(minutes=2)
        )
    engine.run()
    assert created(engine, [first, second]) == 2


def test_a_buyer_whom_the_read_contacts_hold_is_a_known_one(engine):
    """Its order came before the company's contacts were read."""
    orders_of(engine, 52000001)
    engine.run()
    with scope(engine.integration.organization_id):
        IndexedContact.objects.all().delete()
        ContactIndex.objects.update(completed_at=None, position=0, next_page_at=None)
    known, new = orders_of(engine, 52000001, 53000001)
    contact_reads.read_due()
    with scope(engine.integration.organization_id):
        rows = dict(Document.objects.values_list("order_id", "needs_contact"))
    assert (rows[known], rows[new]) == (False, True)


def test_a_refused_contact_does_not_end_the_turn(engine):
    orders_of(engine, 52000001)
    engine.run()
    (new,) = orders_of(engine, 53000001)
    no = {"code": 429, "message": "Too many requests"}
    engine.switch({"fault": "status", "path": "/contacts", "status": 400, "body": no})
    known = orders_of(engine, 52000001)
    # Each waited a minute: the new buyer has the first turn.
    engine.at.advance(seconds=timing().patience + 1)
    engine.run()
    assert created(engine, known) == 1
    assert created(engine, [new]) == 0
    assert contact_statuses(engine)[-1] == 400


@pytest.mark.one_database
def test_a_limit_learned_too_low_is_forgotten_after_its_time(engine):
    """Somebody else spent the minute in which it was learned; nobody does after that."""
    new = orders_of(engine, *range(53000001, 53000001 + NEW))
    engine.switch(contacts_per_minute=LIFE)
    spend(engine, LIFE - 5)
    engine.run()
    began, learned = engine.at.now(), []
    done = {}
    while (passed := (engine.at.now() - began).total_seconds()) <= 240:
        done[passed] = created(engine, new)
        learned.append(pace_of(engine).limit(engine.at.now()))
        engine.later(5)
    assert learned[0] == 5
    assert done[60] <= 10
    # Five a minute would take eight minutes.
    assert done[180] == NEW


@pytest.mark.one_database
def test_a_limit_learned_too_low_climbs_back_to_what_alegra_takes(engine):
    new = orders_of(engine, *range(53000001, 53000001 + 3 * LIFE))
    engine.switch(contacts_per_minute=LIFE)
    spend(engine, LIFE - 5)
    engine.run()
    assert pace_of(engine).limit(engine.at.now()) == 5
    for _ in range(36):
        engine.later(5)
    assert pace_of(engine).limit(engine.at.now()) == LIFE
    for _ in range(36):
        engine.later(5)
    assert created(engine, new) == 3 * LIFE


def spend(engine, calls: int) -> None:
    """Another program of the merchant's calls contacts with the same Alegra user."""
    credential = engine.integration.credential
    for _ in range(calls):
        requests.get(
            f"{engine.root}/api/v1/contacts",
            params={"limit": 1},
            auth=(credential.email, credential.token),
            timeout=10,
        ).raise_for_status()


def pace_of(engine) -> ContactPace:
    return ContactPace(engine.integration.credential.alegra_user_id)
