"""What becomes of an order once its draft is deleted: another one, none, or what was before."""

from __future__ import annotations

import pytest

from integrations.audit.models import AuditEntry
from integrations.documents import acts, beside, deleting
from integrations.documents.acts import NotPossible
from integrations.documents.models import Document
from integrations.sending import causes
from integrations.sending.about import about
from integrations.sending.states import State, Why
from integrations.timekeeping import clock
from tests.documents.changing import LATER_STILL, again, stamp
from tests.documents.changing import in_alegra as by_hand
from tests.documents.deleting.wish import RETURNED, ask, newest, shown
from tests.documents.emitting import living_by_the_clock

pytestmark = pytest.mark.django_db


# --- Made anew -----------------------------------------------------------------------------
def test_the_draft_of_a_changed_order_is_replaced(engine, changed, cast):
    ask(engine, changed, cast.editor, then=deleting.ANEW)
    engine.run(2)
    first, second = Document.objects.filter(order=changed).order_by("cycle")
    assert (first.state, second.state) == ("withdrawn", "created")
    [row] = engine.invoices()
    assert float(row["total"]) == 79_900
    assert str(row["id"]) == second.alegra_id
    assert second.marker != first.marker
    assert beside.after_of(second, newest(changed).order).changes == ()
    entry = AuditEntry.objects.get(action="document.create_anew")
    assert (entry.actor, entry.after["cycle"]) == (cast.editor, 1)


def test_a_wrong_draft_is_deleted_before_another_is_made(engine, wrong, cast):
    before = len(engine.asked())
    ask(engine, wrong, cast.editor, then=deleting.ANEW)
    assert engine.problems(wrong) == set()
    engine.run(2)
    writes = [method for method, path in engine.asked()[before:] if "/invoices" in path
              and method in ("POST", "DELETE")]  # fmt: skip
    assert writes == ["DELETE", "POST"]
    assert len(engine.invoices()) == 1
    assert newest(wrong).state == "created"
    assert newest(wrong).cycle == 1


def test_returned_while_its_draft_was_deleted_no_other_is_made(engine, changed, cast):
    ask(engine, changed, cast.editor, then=deleting.ANEW)
    again(engine, changed, updated=LATER_STILL, status=RETURNED)
    engine.run(2)
    assert engine.invoices() == []
    assert [each.state for each in Document.objects.filter(order=changed)] == ["withdrawn"]


def test_an_order_that_is_not_due_is_not_made_anew(engine, changed, cast):
    seen = shown(engine, changed)
    again(engine, changed, updated=LATER_STILL, status=RETURNED)
    with pytest.raises(NotPossible):
        deleting.ask(changed, shown=seen, then=deleting.ANEW, by=cast.editor)


# --- Put aside -----------------------------------------------------------------------------
def test_a_wrong_draft_is_deleted_and_the_order_not_invoiced(engine, wrong, cast):
    ask(engine, wrong, cast.editor, then=deleting.DISMISS, reason="Se perdió")
    engine.run()
    assert engine.invoices() == []
    document = engine.document(wrong)
    assert (document.state, document.reason_text) == ("dismissed", "Se perdió")
    assert not document.is_left_in_alegra
    entry = AuditEntry.objects.get(action="document.dismiss")
    assert (entry.actor, entry.after["text"]) == (cast.editor, "Se perdió")
    # Taken back, it is decided on anew and made once.
    acts.restore(document.order, by=cast.editor)
    engine.run()
    assert engine.document(wrong).state == "created"
    assert len(engine.invoices()) == 1


def test_a_wrong_draft_is_deleted_and_the_order_has_another_document(engine, wrong, cast):
    ask(engine, wrong, cast.accountant, then=deleting.EXTERNAL, reason="FEHA 4318")
    engine.run()
    assert engine.invoices() == []
    document = engine.document(wrong)
    assert (document.state, document.reason_text) == ("external", "FEHA 4318")
    again(engine, wrong, total=1)
    assert engine.problems(wrong) == {"changed_after"}


# --- Rejected by the DIAN ------------------------------------------------------------------
@pytest.fixture
def rejected(build_engine, at, monkeypatch):
    engine = living_by_the_clock(build_engine(mode="definitive"), at, monkeypatch)
    engine.switch({"fault": "stamp_rejected", "times": 1})
    order = engine.order()
    engine.run(2)
    engine.switch()
    assert engine.document(order).state == "rejected"
    again(engine, order, status=RETURNED)
    return engine, order


def test_a_rejected_one_of_a_returned_order_is_deleted(rejected, cast):
    engine, order = rejected
    ask(engine, order, cast.editor)
    engine.run()
    assert engine.invoices() == []
    assert engine.document(order).state == "withdrawn"
    assert engine.problems(order) == set()


def test_a_rejected_one_that_was_not_deleted_is_rejected_as_before(rejected, cast):
    engine, order = rejected
    ask(engine, order, cast.editor)
    [row] = engine.invoices()
    items = [{"id": row["items"][0]["id"], "price": 1000, "quantity": 1, "tax": []}]
    by_hand(engine, "PUT", order, items=items)
    engine.run()
    assert len(engine.invoices()) == 1
    document = engine.document(order)
    assert (document.state, document.removal) == ("rejected", None)
    assert engine.problems(order) == {"dian_rejected", "reversed_after"}


def test_one_that_was_emitted_by_hand_and_rejected_is_rejected_though_it_waited(
    engine, returned, cast, monkeypatch, at
):
    """It was blocked when its deletion was asked."""
    living_by_the_clock(engine, at, monkeypatch)
    document = engine.document(returned)
    now = clock.now()
    assert document.transition(State.BLOCKED, now=now, why=Why.PROBLEM)
    causes.open_problems(document, [about(document, "gave_up")], now=now)
    ask(engine, returned, cast.editor)
    engine.switch({"fault": "stamp_rejected", "times": 1}, rejected_status="open")
    assert "DIAN" in stamp(engine, returned)["message"]
    engine.run()
    document = engine.document(returned)
    assert (document.state, document.removal, document.failures) == ("rejected", None, 0)
    assert "dian_rejected" in engine.problems(returned)
