"""A draft that a person wants deleted is read, and deleted once; an emitted invoice never is."""

from __future__ import annotations

from datetime import date

import pytest

from integrations.audit.models import AuditEntry
from integrations.connections.models import AlegraCompany, Integration
from integrations.documents import acts, deleting, emission, in_alegra, may_emit
from integrations.documents.acts import NotPossible
from integrations.documents.models import Document
from integrations.documents.steps import delete as step
from tests.documents.changing import LATER_STILL, again, emit, line
from tests.documents.changing import in_alegra as by_hand
from tests.documents.deleting.wish import CANCELLED, RETURNED, ask, deletions, newest, shown

pytestmark = pytest.mark.django_db


# --- The draft of an order that is no sale any more ----------------------------------------
@pytest.mark.parametrize("status", [CANCELLED, RETURNED])
def test_the_draft_of_an_undone_order_is_deleted_and_its_document_withdrawn(
    engine, made, cast, status
):
    again(engine, made, status=status)
    ask(engine, made, cast.editor)
    assert len(engine.invoices()) == 1, "nothing is deleted in the request"
    engine.run()
    assert engine.invoices() == []
    document = engine.document(made)
    assert (document.state, document.removal, document.live) == ("withdrawn", None, False)
    assert document.reason_text.startswith("Se borró su borrador: el pedido se ")
    assert engine.problems(made) == set()
    assert engine.steps(made)["delete"] == "done"
    entry = AuditEntry.objects.get(action="document.remove_withdraw")
    assert (entry.actor, entry.after["alegra_id"]) == (cast.editor, document.alegra_id)


def test_it_is_read_right_before_it_is_deleted(engine, returned, cast):
    ask(engine, returned, cast.editor)
    before = len(engine.asked())
    engine.run()
    path = f"/invoices/{engine.document(returned).alegra_id}"
    mine = [(method, where[-len(path) :]) for method, where in engine.asked()[before:]]
    assert mine == [("GET", path), ("DELETE", path)]


def test_a_draft_of_a_sale_is_not_deleted(engine, made, cast):
    with pytest.raises(NotPossible):
        ask(engine, made, cast.editor)
    again(engine, made, status=11)
    with pytest.raises(NotPossible):
        ask(engine, made, cast.editor)


def test_asked_twice_it_is_deleted_once(engine, returned, cast):
    seen = shown(engine, returned)
    deleting.ask(returned, shown=seen, then=deleting.WITHDRAW, by=cast.editor)
    with pytest.raises(NotPossible):
        deleting.ask(returned, shown=seen, then=deleting.WITHDRAW, by=cast.owner)
    engine.run(2)
    assert deletions(engine) == 1
    with pytest.raises(NotPossible):
        deleting.ask(returned, shown=seen, then=deleting.WITHDRAW, by=cast.editor)


def test_a_sale_again_before_it_was_deleted_asks_before_another_is_made(engine, returned, cast):
    ask(engine, returned, cast.editor)
    again(engine, returned, updated=LATER_STILL)
    engine.run()
    assert engine.invoices() == []
    assert newest(returned).cycle == 1
    assert newest(returned).state == "blocked"
    assert set(newest(returned).problems.values_list("code", flat=True)) == {"sale_again"}


# --- What is no draft any more -------------------------------------------------------------
def test_what_was_emitted_since_it_was_shown_is_never_deleted(engine, returned, cast):
    ask(engine, returned, cast.editor)
    emit(engine, returned)
    engine.run()
    [row] = engine.invoices()
    assert row["stamp"]["legalStatus"].startswith("STAMPED_AND_ACCEPTED")
    assert deletions(engine) == 0
    document = engine.document(returned)
    assert document.removal is None
    assert document.alegra_status in ("open", "closed")
    assert engine.steps(returned)["delete"] == "failed"
    assert engine.problems(returned) == {"reversed_after"}


def test_what_is_emitted_after_it_was_read_stays_too(engine, returned, cast, monkeypatch):
    ask(engine, returned, cast.editor)
    read = step.read

    def read_then_emitted(*asked):
        found = read(*asked)
        emit(engine, returned)
        monkeypatch.setattr(step, "read", read)
        return found

    monkeypatch.setattr(step, "read", read_then_emitted)
    engine.run()
    assert deletions(engine) == 1
    assert len(engine.invoices()) == 1
    document = engine.document(returned)
    assert document.state != "withdrawn"
    note = document.steps.get(name="delete").note
    assert "Solo se pueden eliminar facturas en borrador" in note


def test_an_emitted_one_is_not_even_asked_to_be_deleted(engine, returned, cast):
    emit(engine, returned)
    with pytest.raises(NotPossible, match="ya no es un borrador"):
        ask(engine, returned, cast.editor)
    assert engine.document(returned).removal is None


def test_what_a_person_changed_since_it_was_shown_stays(engine, returned, cast):
    ask(engine, returned, cast.editor)
    [row] = engine.invoices()
    items = [
        {"id": each["id"], "price": 1000, "quantity": 1, "tax": []} for each in row["items"][:1]
    ]
    by_hand(engine, "PUT", returned, items=items)
    engine.run()
    assert deletions(engine) == 0
    assert engine.document(returned).removal is None
    assert engine.problems(returned) == {"total_differs", "reversed_after"}


@pytest.mark.parametrize("change", ["price", "seller", "text"])
def test_what_was_changed_at_the_same_total_stays_too(engine, returned, cast, change):
    """The page promises that what somebody changed since then stays."""
    ask(engine, returned, cast.owner)
    [row] = engine.invoices()
    [told] = row["items"]
    item = {"id": told["id"], "tax": [{"id": tax["id"]} for tax in told["tax"]]}
    worth = float(told["price"]) * float(told["quantity"])
    body = {
        "price": {"items": [{**item, "price": worth, "quantity": 1}]},
        "seller": {"seller": "2"},
        "text": {"observations": f"Lo revisa Marta. {row['observations']}"},
    }[change]
    by_hand(engine, "PUT", returned, **body)
    assert engine.invoices()[0]["total"] == row["total"]
    engine.run()
    assert deletions(engine) == 0
    document = newest(returned)
    assert document.removal is None
    assert document.state == "created"


def test_only_the_stored_id_is_deleted(engine, returned, cast):
    seen = shown(engine, returned)
    other = in_alegra.InAlegra("999", status="draft", total=seen.total)
    with pytest.raises(NotPossible):
        deleting.ask(returned, shown=other, then=deleting.WITHDRAW, by=cast.editor)


# --- Lost answers and dead workers ---------------------------------------------------------
LOST = [
    {"fault": "reset_before_commit", "method": "DELETE", "path": "/invoices/", "times": 1},
    {"fault": "answer_lost_after_commit", "method": "DELETE", "path": "/invoices/", "times": 1},
    {"fault": "status_after_commit", "method": "DELETE", "path": "/invoices/", "times": 1},
    {"fault": "answer_cut", "method": "DELETE", "path": "/invoices/", "times": 1},
    {"fault": "status", "method": "DELETE", "path": "/invoices/", "status": 503, "times": 1},
]


@pytest.mark.parametrize("fault", LOST, ids=lambda fault: f"{fault['fault']}")
@pytest.mark.parametrize("then", [deleting.WITHDRAW, deleting.ANEW])
def test_a_lost_answer_is_looked_for_by_id_and_nothing_is_left_twice(
    engine, made, cast, fault, then
):
    change = {"status": RETURNED} if then == deleting.WITHDRAW else {"total": 79_900}
    again(engine, made, lines=[line(quantity=1)], **change)
    ask(engine, made, cast.editor, then=then)
    engine.switch(fault)
    engine.run()
    engine.switch()
    for _ in range(3):
        engine.later(600)
    first = Document.objects.get(order=made, cycle=0)
    assert (first.state, first.removal) == ("withdrawn", None)
    assert len(engine.invoices()) == (0 if then == deleting.WITHDRAW else 1)


@pytest.mark.parametrize("moment", ["before", "after"])
def test_a_worker_killed_around_the_deletion_leaves_none(
    engine, returned, cast, monkeypatch, moment
):
    ask(engine, returned, cast.editor)
    send = step.delete_draft

    def killed(*asked):
        if moment == "after":
            send(*asked)
        raise KeyboardInterrupt

    monkeypatch.setattr(step, "delete_draft", killed)
    with pytest.raises(KeyboardInterrupt):
        engine.run()
    assert engine.document(returned).removal["sent"]
    with pytest.raises(NotPossible, match="Ya le pedimos"):
        deleting.take_back(returned, by=cast.editor)
    monkeypatch.setattr(step, "delete_draft", send)
    engine.later(300)
    engine.later(30)
    assert engine.invoices() == []
    assert engine.document(returned).state == "withdrawn"


def test_without_the_intention_before_the_call_nothing_leaves(engine, returned, cast, monkeypatch):
    """The wish says that it was sent, before it is sent."""
    ask(engine, returned, cast.editor)
    send, kept = step.delete_draft, []

    def look(*asked):
        kept.append(Document.objects.get(order=returned).removal.get("sent"))
        send(*asked)

    monkeypatch.setattr(step, "delete_draft", look)
    engine.run()
    assert len(kept) == 1
    assert kept[0]


def test_refused_for_a_permission_it_waits_and_goes_on_when_alegra_allows_it(
    engine, returned, cast
):
    engine.switch(
        {"fault": "status", "method": "DELETE", "path": "/invoices/", "status": 403,
         "body": {"code": 403, "message": "No tienes permiso"}}
    )  # fmt: skip
    ask(engine, returned, cast.editor)
    engine.run()
    document = engine.document(returned)
    assert document.state == "blocked"
    assert engine.problems(returned) == {"forbidden", "reversed_after"}
    engine.switch()
    acts.retry(document, by=cast.editor)
    engine.run()
    assert engine.invoices() == []
    assert engine.document(returned).state == "withdrawn"


# --- The gate ------------------------------------------------------------------------------
def test_in_closed_books_nothing_is_deleted(engine, returned, cast):
    seen = shown(engine, returned)
    AlegraCompany.objects.update(books_closed_until=date(2026, 11, 30))
    with pytest.raises(NotPossible, match="libros están cerrados"):
        deleting.ask(returned, shown=seen, then=deleting.WITHDRAW, by=cast.editor)
    assert engine.document(returned).removal is None


def test_books_closed_after_it_was_asked_hold_it_until_they_are_opened(engine, returned, cast):
    ask(engine, returned, cast.editor)
    AlegraCompany.objects.update(books_closed_until=date(2026, 11, 30))
    engine.run()
    assert deletions(engine) == 0
    AlegraCompany.objects.update(books_closed_until=None)
    engine.later(600)
    assert engine.invoices() == []


def test_while_the_integration_is_off_nothing_is_deleted(engine, returned, cast):
    ask(engine, returned, cast.editor)
    Integration.objects.update(state="off")
    engine.run()
    assert len(engine.invoices()) == 1
    deleting.take_back(returned, by=cast.editor)
    Integration.objects.update(state="on")
    engine.later(600)
    assert len(engine.invoices()) == 1
    assert engine.problems(returned) == {"reversed_after"}


# --- Emission ------------------------------------------------------------------------------
def test_what_is_being_deleted_is_not_emitted(engine, returned, cast):
    since = engine.at.now()
    Document.objects.update(emit_since=since, emit_by="Ana")
    ask(engine, returned, cast.editor)
    document = engine.document(returned)
    assert document.emit_since is None
    assert may_emit.by_its_order(document) == "deleting"
    deleting.take_back(returned, by=cast.editor)
    document = engine.document(returned)
    assert (document.emit_since, document.emit_by, document.removal) == (since, "Ana", None)


def test_nobody_asks_for_the_emission_of_what_is_being_deleted(engine, returned, cast):
    ask(engine, returned, cast.editor)
    document = engine.document(returned)
    assert emission.ask(document, by="Ana", now=engine.at.now()) is False
    engine.run()
    assert engine.invoices() == []
