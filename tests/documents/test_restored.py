"""A database that went back to an older copy while Alegra moved on: nothing is made twice."""

from __future__ import annotations

import pytest

from integrations.connections.models import AlegraCompany
from integrations.connections.source_read import SourceRead
from integrations.documents import anew
from integrations.documents.fate import Fate, fate_of
from integrations.documents.models import Document
from integrations.scoping.context import scope
from integrations.sending.safe_start import checking, process
from integrations.sending.safe_start.models import CompanyLook, Forgotten
from integrations.sending.states import State
from integrations.timekeeping import clock
from integrations.timekeeping.timing import timing
from tests.restoring import Copy

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]


@pytest.fixture(
    params=[("invoice", "draft"), ("remission", "definitive")], ids=lambda each: each[0]
)
def engine(request, build_engine):
    kind, mode = request.param
    made = build_engine(kind=kind, mode=mode)
    process.looks_first = True
    process.begin_anew(clock.now())
    return made


@pytest.fixture
def invoices_only(build_engine):
    made = build_engine()
    process.looks_first = True
    process.begin_anew(clock.now())
    return made


def books(engine) -> list[dict]:
    return [*engine.invoices(), *engine.remissions()]


def holding(engine, order) -> list[dict]:
    """The documents in Alegra that are of this order."""
    return [row for row in books(engine) if f"Pedido {order.number} " in row["observations"]]


def later(engine, seconds: float) -> None:
    engine.at.advance(seconds=seconds)
    checking.check_due(clock.now())
    engine.run()


def check_ends(engine) -> None:
    later(engine, timing().first_look_up)
    later(engine, timing().between_look_ups)
    with scope(engine.integration.organization_id):
        assert not CompanyLook.objects.get().is_checking


def forgotten(engine) -> int:
    with scope(engine.integration.organization_id):
        return Forgotten.objects.count()


def test_a_document_that_waited_in_the_copy_and_was_made_since_is_adopted(engine):
    engine.order()
    engine.run()
    order = engine.order()
    copy = Copy()
    engine.run()
    made = engine.document(order)
    assert made.state == State.CREATED
    copy.restore(engine.at)
    engine.run()
    assert engine.document(order).state == State.PENDING
    check_ends(engine)
    again = engine.document(order)
    assert (again.state, again.alegra_id) == (State.CREATED, made.alegra_id)
    assert (again.total, again.number, again.doc_date) == (made.total, made.number, made.doc_date)
    assert len(books(engine)) == 2
    assert len(holding(engine, order)) == 1


def test_an_order_that_is_told_again_gets_the_document_that_it_has(engine):
    """The copy knows nothing of it: neither the order nor its document."""
    engine.order()
    engine.run()
    copy = Copy()
    number = 77_001
    engine.order(number=number)
    engine.run()
    other = 77_002
    copy.restore(engine.at)
    engine.order(number=other)
    engine.run()
    check_ends(engine)
    assert len(books(engine)) == 3
    order = engine.order(number=number)
    engine.run()
    assert engine.document(order).state == State.CREATED
    assert len(holding(engine, order)) == 1
    assert len(books(engine)) == 3
    with scope(engine.integration.organization_id):
        assert Forgotten.objects.get().adopted_at is not None


def test_fifty_more_documents_with_events_waiting_in_the_copy(engine):
    """None is doubled, none is lost, and what is new leaves when the check is over."""
    for _ in range(3):
        engine.order()
    engine.run()
    waiting = [engine.order() for _ in range(4)]
    copy = Copy()
    since = [engine.order() for _ in range(46)]
    bodies = {order.number: order for order in since}
    for _ in range(3):
        later(engine, timing().contacts_window)
    assert len(books(engine)) == 53
    copy.restore(engine.at)
    fresh = engine.order()
    told = [engine.order(number=int(number)) for number in bodies]
    engine.run(turns_taken=2)
    assert len(books(engine)) == 53
    check_ends(engine)
    for _ in range(4):
        # Alegra takes so many calls a minute.
        later(engine, timing().contacts_window)
    for order in (*waiting, *told, fresh):
        assert len(holding(engine, order)) == 1
        assert engine.document(order).state == State.CREATED
    assert len(books(engine)) == 54


def test_the_order_lists_are_read_back_at_once(invoices_only):
    engine = invoices_only
    order = engine.order()
    with scope(engine.integration.organization_id):
        SourceRead.objects.create(
            kind="orders", integration=engine.integration, read_at=clock.now(),
            passes={"full": clock.now().isoformat()}, organization_id=order.organization_id,
        )  # fmt: skip
    copy = Copy()
    engine.run()
    copy.restore(engine.at)
    engine.run()
    with scope(engine.integration.organization_id):
        assert SourceRead.objects.get().passes == {}


def test_the_next_cycle_that_the_copy_forgot_is_taken_when_it_is_asked_for(invoices_only, cast):
    """Deleted in Alegra and made again since the copy, which knows the first one alone."""
    engine = invoices_only
    order = engine.order()
    engine.run()
    first = engine.document(order)
    copy = Copy()
    engine.as_person("DELETE", f"/invoices/{first.alegra_id}")
    engine.at.advance(seconds=300)

    def make_anew():
        with scope(order.organization_id):
            fate = Fate(is_gone=True)
            anew.create_anew(order, fate=fate, by=cast.owner)
        engine.run()

    make_anew()
    assert len(books(engine)) == 1
    copy.restore(engine.at)
    engine.order()
    engine.run()
    check_ends(engine)
    assert len(books(engine)) == 2
    make_anew()
    with scope(order.organization_id):
        documents = Document.objects.filter(order=order).order_by("cycle")
        assert [each.cycle for each in documents] == [0, 1]
        assert documents[1].state == State.CREATED
    assert len(books(engine)) == 2


@pytest.mark.parametrize("is_known", [True, False], ids=["waits in the copy", "told again"])
def test_the_next_cycle_is_taken_where_the_copy_forgot_the_first_one_too(
    invoices_only, cast, is_known
):
    """Made, deleted in Alegra and made anew since the copy, which knows of none of it."""
    engine = invoices_only
    engine.order()
    engine.run()
    if is_known:
        order = engine.order(number=77_030)
        copy = Copy()
    else:
        copy = Copy()
        order = engine.order(number=77_030)
    engine.run()
    engine.as_person("DELETE", f"/invoices/{engine.document(order).alegra_id}")
    engine.at.advance(seconds=300)
    with scope(order.organization_id):
        anew.create_anew(order, fate=Fate(is_gone=True), by=cast.owner)
        engine.run()
        made = Document.objects.get(order=order, cycle=1)
    assert len(books(engine)) == 2
    copy.restore(engine.at)
    engine.order()
    order = engine.order(number=77_030)
    engine.run()
    check_ends(engine)
    later(engine, timing().between_look_ups)
    again = engine.document(order)
    assert (again.alegra_id, again.marker, again.cycle) == (made.alegra_id, made.marker, 1)
    assert again.state == State.CREATED
    assert len(books(engine)) == 3


def test_a_draft_that_was_emitted_since_the_copy_is_not_emitted_again(invoices_only):
    """Its creation was verified a moment before the copy was made: it is read all the same."""
    engine = invoices_only
    engine.switch(stamp_old_date="accepted")
    order = engine.order()
    engine.run()
    document = engine.document(order)
    with scope(order.organization_id):
        Document.objects.filter(pk=document.pk).update(
            emit_since=clock.now(), next_attempt_at=clock.now(), emit_by=""
        )
    copy = Copy()
    engine.as_person("POST", "/invoices/stamp", {"ids": [document.alegra_id]})
    engine.at.advance(seconds=11)
    copy.restore(engine.at)
    engine.run()
    engine.later(15)
    assert engine.document(order).state == State.ISSUED
    stamps = [path for method, path in engine.asked() if path.endswith("/stamp")]
    assert len(stamps) == 1


def test_what_the_buyer_deleted_since_it_was_found_is_not_made_again(invoices_only, cast):
    engine = invoices_only
    order = engine.order()
    copy = Copy()
    engine.run()
    made = engine.document(order)
    copy.restore(engine.at)
    engine.run()
    engine.as_person("DELETE", f"/invoices/{made.alegra_id}")
    check_ends(engine)
    assert engine.problems(order) == {"gone"}
    assert books(engine) == []
    # As any other that was deleted there it is made anew where a person says so.
    again = engine.document(order)
    assert (again.alegra_id, again.doc_date) == (made.alegra_id, made.doc_date)
    with scope(order.organization_id):
        anew.create_anew(order, fate=fate_of(again), by=cast.owner)
    engine.run()
    assert len(holding(engine, order)) == 1


def test_an_ordinary_start_costs_a_page_a_list(invoices_only):
    engine = invoices_only
    for _ in range(12):
        engine.order()
    engine.run(turns_taken=3)
    Copy().restore(engine.at)
    before = len(engine.asked())
    order = engine.order()
    engine.run()
    assert engine.document(order).state == State.CREATED
    reads = [path for method, path in engine.asked()[before:] if method == "GET"]
    assert sum(path.endswith("/invoices") for path in reads) == 1
    assert sum(path.endswith("/payments") for path in reads) <= 1
    with scope(engine.integration.organization_id):
        assert CompanyLook.objects.get().calls <= 5
        assert AlegraCompany.objects.get(pk=engine.integration.company_id).checking_since is None
