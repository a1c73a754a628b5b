"""When drafts are read in Alegra, with how many calls, and what a reading that fails leaves."""

from __future__ import annotations

import copy
from dataclasses import replace
from datetime import timedelta

import pytest

from integrations.alegra import invoices
from integrations.alegra.errors import AlegraError
from integrations.connections import background
from integrations.connections.clients import alegra_client
from integrations.connections.models import AlegraUser, Credential, Integration
from integrations.documents import edited, followed, may_emit, watching
from integrations.documents.draft_reading import DraftReading
from integrations.documents.models import Document
from integrations.orders.models import Order
from integrations.sending import going_first, rows
from tests.documents.changing import in_alegra
from tests.documents.drafts.watched import items_of, reads, what

pytestmark = pytest.mark.django_db


# --- When --------------------------------------------------------------------------------------
def test_a_young_draft_is_read_every_ten_minutes_and_an_old_one_hourly(engine, made, read):
    read(minutes=60)
    assert 6 <= reads(engine) <= 7
    engine.at.advance(seconds=2 * 24 * 3600)
    read(minutes=1)
    before = reads(engine)
    read(minutes=120)
    assert reads(engine) - before in (2, 3)


def test_a_draft_that_nobody_touched_stays_as_it_is_and_its_reading_is_new(engine, made, read):
    before = engine.document(made)
    read(minutes=10)
    document = engine.document(made)
    assert document.last_read_at > before.last_read_at
    assert engine.at.now() - document.last_read_at <= timedelta(minutes=10)
    assert (document.state, document.generation) == ("created", before.generation)
    assert engine.problems(made) == set()


def test_thirty_are_read_in_one_call(engine, read):
    orders = [engine.order() for _ in range(4)]
    engine.run(4)
    read(minutes=9.5)
    assert reads(engine) == 1
    assert all(
        engine.at.now() - engine.document(order).last_read_at < timedelta(minutes=2)
        for order in orders
    )


@pytest.mark.parametrize(
    ("changes", "is_read"),
    [
        ({"state": Integration.State.OFF}, True),
        ({"paused_reason": Integration.Pause.PRECISION}, True),
        ({"state": Integration.State.ARCHIVED}, False),
    ],
    ids=["off", "paused", "archived"],
)
def test_reading_goes_on_while_nothing_is_sent_but_not_once_it_is_archived(
    engine, made, read, changes, is_read
):
    Integration.objects.filter(pk=engine.integration.pk).update(**changes)
    read(minutes=11)
    assert bool(reads(engine)) is is_read


def test_nothing_is_read_with_credentials_that_alegra_refused(engine, made, read):
    Credential.objects.update(state=Credential.State.PAUSED)
    read(minutes=30)
    assert reads(engine) == 0


def test_documents_go_first_for_a_minute(engine, made, read, monkeypatch):
    read(minutes=8.5)
    monkeypatch.setattr(going_first, "due_rows", lambda model, now: Document.objects.all())
    read(seconds=60)
    assert reads(engine) == 0
    read(seconds=60)
    assert reads(engine) == 1


# --- The budget --------------------------------------------------------------------------------
def two_thousand_of(order, first, as_it_is, *, now):
    """Of one draft: read one after the other, as they were made."""
    copies = [copy.copy(order) for _ in range(1999)]
    for n, each in enumerate(copies):
        each.pk, each.number = None, f"8{n:06}"
    form = edited.shown(as_it_is, is_right=True)
    documents = [first]
    for n, each in enumerate(Order.objects.bulk_create(copies)):
        document = copy.copy(first)
        document.pk, document.order = None, each
        document.marker, document.alegra_id = f"[MS1-{n:016}]", f"9{n:06}"
        documents.append(document)
    for n, document in enumerate(documents):
        document.number, document.alegra_status = "", as_it_is.status
        document.as_verified = {**form, "id": document.alegra_id}
        document.last_read_at = now - n % 540 * timedelta(seconds=1)
    first.save(update_fields=["number", "alegra_status", "as_verified", "last_read_at"])
    Document.objects.bulk_create(documents[1:])


@pytest.mark.one_database
def test_two_thousand_drafts_are_read_within_ten_minutes_with_a_tenth_of_the_calls(
    engine, made, read, monkeypatch
):
    """However often the schedule looks: in no minute are more calls made than a tenth of the
    limit, and each draft is read once."""
    first = engine.document(made)
    with alegra_client(engine.integration.credential) as client:
        as_it_is = invoices.read(client, first.alegra_id)
    two_thousand_of(made, first, as_it_is, now=engine.at.now())
    asked = []

    def answer(_client, ids):
        asked.append((engine.at.now(), list(ids)))
        return {each: replace(as_it_is, id=each, observations=None) for each in ids}

    monkeypatch.setattr(watching.invoices, "read_many", answer)
    read(minutes=10, every=2)
    assert {each for _at, ids in asked for each in ids} == set(
        Document.objects.values_list("alegra_id", flat=True)
    )
    read(minutes=10, every=2)
    oldest = Document.objects.order_by("last_read_at").first().last_read_at
    assert engine.at.now() - oldest <= timedelta(minutes=10)
    asked_at = [at for at, _ids in asked]
    limit = AlegraUser.objects.get(pk=first.alegra_user_id).limit
    for start in asked_at:
        within = [at for at in asked_at if start <= at < start + timedelta(seconds=60)]
        assert len(within) <= limit / 10
    Document.objects.exclude(pk=first.pk).delete()


def test_users_and_companies_share_one_tenth(engine):
    user = AlegraUser.objects.get(pk=engine.integration.credential.alegra_user_id)
    now = engine.at.now()
    assert background.take(user, 1, now=now)
    assert not background.take(user, 1, now=now)
    assert background.take(user, 1, now=now + background.rest_of(user))
    # Three at once must have been saved up.
    later = now + 2 * background.rest_of(user)
    assert not background.take(user, 3, now=later)
    assert background.take(user, 3, now=later + 2 * background.rest_of(user))


# --- Answers that are lost, others at work -----------------------------------------------------
@pytest.mark.parametrize(
    "fault",
    [
        {"fault": "status", "status": 503},
        {"fault": "status", "status": 429},
        {"fault": "answer_cut"},
        {"fault": "status", "status": 200, "body": {"message": "Algo"}},
    ],
    ids=["down", "429", "cut", "no list"],
)
def test_a_batch_without_an_answer_changes_nothing_and_is_asked_again(engine, made, read, fault):
    in_alegra(engine, "PUT", made, items=items_of(engine, quantity=3))
    engine.switch({"method": "GET", "path": "/invoices", **fault})
    before = engine.document(made)
    read(minutes=11)
    document = engine.document(made)
    assert (document.edited, document.last_read_at) == (None, before.last_read_at)
    reading = DraftReading.objects.get()
    assert reading.error
    engine.switch()
    read(minutes=3)
    assert what(engine.document(made)) == ["total", "lines"]
    reading.refresh_from_db()
    assert reading.error == ""


def test_a_draft_in_a_workers_hands_is_left_alone(engine, made, read):
    in_alegra(engine, "PUT", made, items=items_of(engine, quantity=3))
    engine.at.advance(seconds=560)
    document = engine.document(made)
    Document.objects.filter(pk=document.pk).update(next_attempt_at=engine.at.now())
    assert rows.claim(document, engine.at.now())
    engine.at.advance(seconds=5)
    watching.watch_due()
    held = engine.document(made)
    assert held.edited is None
    assert held.generation == document.generation
    rows.renew(document, engine.at.now())


def test_a_row_that_moved_on_while_it_was_read_is_left_alone(engine, made, monkeypatch):
    in_alegra(engine, "PUT", made, items=items_of(engine, quantity=3))
    read_many = watching.invoices.read_many

    def meanwhile(client, ids):
        found = read_many(client, ids)
        assert rows.claim(engine.document(made), engine.at.now())
        return found

    monkeypatch.setattr(watching.invoices, "read_many", meanwhile)
    engine.at.advance(seconds=560)
    watching.watch_due()
    assert engine.document(made).edited is None
    assert engine.problems(made) == set()


def test_two_workers_read_a_company_once(engine, made, monkeypatch):
    read_many = watching.invoices.read_many
    others = []

    def meanwhile(client, ids):
        others.append(watching.watch_due())
        return read_many(client, ids)

    monkeypatch.setattr(watching.invoices, "read_many", meanwhile)
    engine.at.advance(seconds=560)
    assert watching.watch_due() == 1
    assert others == [0]
    assert reads(engine) == 1


def test_a_reader_that_died_keeps_nobody_from_reading(engine, made, read, monkeypatch):
    def die(client, ids):
        raise SystemExit

    with monkeypatch.context() as patch:
        patch.setattr(watching.invoices, "read_many", die)
        engine.at.advance(seconds=560)
        with pytest.raises(SystemExit):
            watching.watch_due()
    read(minutes=1)
    assert reads(engine) == 0
    read(minutes=3)
    assert reads(engine) == 1


def test_one_that_cannot_be_settled_keeps_no_other_from_being_read(engine, read, monkeypatch):
    bad, good = engine.order(), engine.order()
    engine.run(2)
    for order in (bad, good):
        in_alegra(engine, "PUT", order, paymentMethod="CHECK")
    after_reading = followed.after_reading
    broken = engine.document(bad).pk

    def fail(document, *args, **more):
        if document.pk == broken:
            raise ValueError("a fault of ours")
        return after_reading(document, *args, **more)

    monkeypatch.setattr(followed, "after_reading", fail)
    read(minutes=11)
    assert what(engine.document(good)) == ["means"]
    assert engine.document(bad).edited is None


# --- For a person who waits --------------------------------------------------------------------
def test_chosen_drafts_are_read_now_with_their_progress(engine):
    orders = [engine.order() for _ in range(3)]
    engine.run(3)
    touched, deleted, left = orders
    in_alegra(engine, "DELETE", deleted)
    in_alegra(engine, "PUT", touched, paymentMethod="CHECK")
    ids = [engine.document(order).pk for order in orders]
    engine.at.advance(seconds=5)
    company = engine.document(left).company
    steps = list(watching.read_now(company, ids, credential=engine.integration.credential))
    assert [(each.read, each.of) for each in steps] == [(3, 3)]
    assert what(engine.document(touched)) == ["means"]
    assert engine.problems(deleted) == {"gone"}
    assert engine.document(left).last_read_at == engine.at.now()
    assert [may_emit.why_not(engine.document(each)) for each in orders] == [
        "edited", "deleted", None,
    ]  # fmt: skip


def test_what_could_not_be_read_is_said_and_not_believed(engine, made):
    engine.switch({"fault": "status", "method": "GET", "path": "/invoices", "status": 503})
    document = engine.document(made)
    with pytest.raises(AlegraError):
        list(
            watching.read_now(
                document.company, [document.pk], credential=engine.integration.credential
            )
        )
