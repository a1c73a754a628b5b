"""An order that changed after its document, or came back, is said so; nothing becomes due."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest
from django.db import connection

from integrations.alegra.errors import AlegraError
from integrations.audit.models import AuditEntry
from integrations.documents import acts, beside, beside_acts, endpoints
from integrations.documents.acts import NotPossible
from integrations.documents.models import Document
from integrations.documents.steps import contact as contact_step
from integrations.inventory.models import Bodega
from integrations.sending import causes, release
from integrations.sending.models import Cause
from integrations.sending.problem_kinds import Found
from integrations.sending.states import State, Why
from tests.documents.changing import (
    LATER_STILL,
    again,
    emit,
    in_alegra,
    line,
    read_again,
    what_changed,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("inside")]
CHANGED, REVERSED = beside.CHANGED, beside.REVERSED


# --- What changed --------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("changes", "what"),
    [
        ({"total": 6_990_000}, ["total"]),
        ({"lines": [line(quantity=1), line(id_variant=12, quantity=1)]}, ["lines"]),
        ({"lines": [line(quantity=1)], "total": 79_900}, ["total", "lines"]),
        ({"customer": {"documentNumber": "1020334455"}}, ["buyer"]),
        ({"customer": {"full_name": "Carlos Mario Duque"}}, ["buyer"]),
        ({"method": "addi"}, ["payment"]),
    ],
)
def test_whatever_changes_after_the_document_stands_beside_it(engine, made, changes, what):
    again(engine, made, **changes)
    assert what_changed(engine, made) == what
    assert engine.problems(made) == {CHANGED}
    document = engine.document(made)
    assert (document.state, document.next_attempt_at) == ("created", None)
    cause = Cause.objects.get(code=CHANGED)
    assert (cause.state, cause.open_count) == ("open", 1)
    assert cause.pesos == int(changes.get("total", 159_800))


def test_another_bodega_is_a_change_where_alegra_would_take_the_goods_from_another(engine):
    order = engine.order(id_warehouse="61")
    engine.run()
    Bodega.objects.create(
        integration=engine.integration,
        source_id="62",
        name="Bodega Itagüí",
        seen_at=engine.at.now(),
    )
    again(engine, order, id_warehouse="62")
    assert what_changed(engine, order) == ["bodega"]
    again(engine, order, updated=LATER_STILL, id_warehouse="61")
    assert engine.problems(order) == set()


@pytest.mark.parametrize(
    "changes",
    [
        {"customer": {"full_name": "MARTA ELENA  ROJAS PINTO", "documentNumber": "52.998.117"}},
        {"customer": {"phone": "3001112233"}},
        {"lines": [line(quantity=1), line(quantity=1)]},
        {"lines": [line(name="Termo de acero")]},
        {"method": "Contraentrega"},
        {"status": 8},
    ],
    ids=["spelling", "phone", "split", "name", "method", "nothing"],
)
def test_what_makes_no_other_document_is_no_change(engine, made, changes):
    again(engine, made, **changes)
    assert what_changed(engine, made) == []
    assert engine.problems(made) == set()


def test_a_later_body_that_restores_what_was_closes_it(engine, made):
    again(engine, made, total=6_990_000)
    again(engine, made, updated=LATER_STILL)
    assert engine.problems(made) == set()
    assert Cause.objects.get(code=CHANGED).state == "solved"
    assert engine.document(made).state == "created"


def test_a_further_change_is_told_in_its_own_words(engine, made):
    again(engine, made, total=6_990_000)
    again(engine, made, updated=LATER_STILL, total=200_000)
    problem = engine.document(made).problems.get(closed_at=None)
    assert "ahora es $\xa0200.000" in problem.params["difference"]
    cause = Cause.objects.get(code=CHANGED, state="open")
    assert (cause.pesos, cause.open_count) == (200_000, 1)
    assert "ahora es $\xa0200.000" in cause.label


def test_an_order_that_changes_while_its_document_is_on_its_way_is_seen(engine, monkeypatch):
    """Its new total arrives between the building and Alegra's answer."""
    resolve = contact_step.contacts.resolve_contact
    order = engine.order()

    def meanwhile(*args, **more):
        again(engine, order, total=6_990_000)
        return resolve(*args, **more)

    monkeypatch.setattr(contact_step.contacts, "resolve_contact", meanwhile)
    engine.run()
    assert round(engine.invoices()[0]["total"]) == 159_800
    assert engine.problems(order) == {CHANGED}
    assert what_changed(engine, order) == ["total"]


def test_the_document_keeps_no_data_of_the_buyer_in_clear(engine, made):
    again(engine, made, customer={"full_name": "Carlos Mario Duque", "documentNumber": "71222333"})
    document = engine.document(made)
    kept = f"{document.made_of} {[p.params for p in document.problems.all()]}"
    for secret in ("Rojas", "52998117", "Duque", "71222333"):
        assert secret not in kept
    assert "***8117" in kept
    assert "***2333" in kept


# --- It holds nothing ----------------------------------------------------------------------
def test_its_cure_never_makes_the_document_due(engine, made):
    again(engine, made, total=6_990_000)
    assert release.release(CHANGED, made.number, integration=engine.integration) == 0
    engine.later(60)
    assert engine.document(made).state == "created"
    assert len(engine.invoices()) == 1


def test_what_blocks_and_what_stands_beside_do_not_close_each_other(engine, made):
    """Somebody changed the draft before it was read, and its order changed as well."""
    about = {"order": made.number}
    document, now = engine.document(made), engine.at.now()
    assert document.transition(State.BLOCKED, now=now, why=Why.PROBLEM)
    causes.open_problems(document, [Found("total_differs", made.number, about)], now=now)
    again(engine, made, total=6_990_000)
    assert engine.problems(made) == {"total_differs", CHANGED}
    again(engine, made, updated=LATER_STILL)
    assert engine.problems(made) == {"total_differs"}
    again(engine, made, updated="2026-11-20T20:30:00Z", total=6_990_000)
    release.release("total_differs", made.number, integration=engine.integration)
    assert engine.problems(made) == {CHANGED}
    assert engine.document(made).state == "pending"


def test_what_blocks_is_read_again_and_what_stands_beside_stays(engine, made, cast):
    document, now = engine.document(made), engine.at.now()
    assert document.transition(State.BLOCKED, now=now, why=Why.PROBLEM)
    causes.open_problems(document, [Found("gone", made.number)], now=now)
    again(engine, made, total=6_990_000)
    acts.retry(engine.document(made), by=cast.editor)
    engine.run()
    assert engine.document(made).state == "created"
    assert engine.problems(made) == {CHANGED}


# --- Cancelled, returned, claimed ----------------------------------------------------------
@pytest.mark.parametrize(
    ("status", "says"), [(9, "se canceló"), (10, "se devolvió"), (11, "está en reclamaciones")]
)
def test_the_draft_of_an_order_that_is_no_sale_any_more_is_asked_about(engine, made, status, says):
    again(engine, made, status=status)
    assert engine.problems(made) == {REVERSED}
    document = engine.document(made)
    assert document.state == "created"
    problem = document.problems.get(closed_at=None)
    assert problem.params["happened"] == says
    told = "y su borrador sigue en Alegra"
    assert Cause.objects.get(code=REVERSED).label.endswith(told)


def test_a_remission_of_a_returned_order_is_asked_about_too(build_engine):
    engine = build_engine(kind="remission", mode="definitive")
    order = engine.order()
    engine.run()
    again(engine, order, status=10)
    assert engine.problems(order) == {REVERSED}
    assert Cause.objects.get(code=REVERSED).label.endswith("y su remisión sigue en Alegra")


# --- Está bien así -------------------------------------------------------------------------
def say_fine(engine, order, by, reason="Lo acordamos con el cliente"):
    document = engine.document(order)
    seen = beside.after_of(document, document.order).seen
    return beside_acts.say_fine(document.order, seen=seen, reason=reason, by=by)


def test_said_to_be_fine_it_rests_until_something_further_changes(engine, made, cast):
    again(engine, made, total=6_990_000)
    say_fine(engine, made, cast.editor)
    assert engine.problems(made) == set()
    assert engine.document(made).state == "created"
    entry = AuditEntry.objects.get(action="document.fine")
    assert (entry.actor, entry.after["text"]) == (cast.editor, "Lo acordamos con el cliente")
    # The same difference told again is the one that was answered.
    again(engine, made, updated=LATER_STILL, total=6_990_000, status=8)
    assert engine.problems(made) == set()
    again(engine, made, updated="2026-11-20T20:30:00Z", total=7_000_000)
    assert engine.problems(made) == {CHANGED}


def test_only_what_was_shown_is_said_to_be_fine(engine, made, cast):
    again(engine, made, total=6_990_000)
    seen = beside.after_of(engine.document(made), engine.document(made).order).seen
    again(engine, made, updated=LATER_STILL, total=7_000_000)
    with pytest.raises(NotPossible):
        beside_acts.say_fine(made, seen=seen, reason="Sí", by=cast.editor)
    assert engine.problems(made) == {CHANGED}


def test_a_return_is_asked_about_although_the_change_before_it_was_fine(engine, made, cast):
    again(engine, made, total=6_990_000)
    say_fine(engine, made, cast.editor)
    again(engine, made, updated=LATER_STILL, total=6_990_000, status=10)
    assert engine.problems(made) == {REVERSED}


# --- Ya lo arreglé en Alegra ---------------------------------------------------------------
def test_mended_in_alegra_it_is_read_there_and_agrees_again(engine, made, cast):
    again(engine, made, total=79_900, lines=[line(quantity=1)])
    row = engine.invoices()[0]
    items = [{**item, "quantity": 1} for item in row["items"]]
    in_alegra(engine, "PUT", made, items=[
        {"id": item["id"], "price": item["price"], "quantity": 1,
         "tax": [{"id": tax["id"]} for tax in item["tax"]]}
        for item in items
    ])  # fmt: skip
    engine.at.advance(seconds=60)
    result = read_again(engine, made, cast.accountant)
    assert result.agrees, result.left
    assert engine.problems(made) == set()
    document = engine.document(made)
    assert (document.state, document.total) == ("created", Decimal("79900.00"))
    assert what_changed(engine, made) == []
    assert Cause.objects.get(code=CHANGED).solved_by == "Luz Arboleda"
    assert AuditEntry.objects.get(action="document.read_again").after["agrees"] is True
    # Alegra was only read.
    assert len(engine.invoices()) == 1


def test_not_mended_it_says_what_still_differs(engine, made, cast):
    again(engine, made, total=79_900, lines=[line(quantity=1)])
    result = read_again(engine, made, cast.editor)
    assert not result.agrees
    assert any(each.startswith("el total es $\xa0159.") for each in result.left)
    assert "los productos o sus cantidades no son los del pedido" in result.left
    assert engine.problems(made) == {CHANGED}


def test_another_buyer_is_still_another_buyer(engine, made, cast):
    again(engine, made, customer={"full_name": "Carlos Duque", "documentNumber": "71222333"})
    assert read_again(engine, made, cast.editor).left == ("el cliente es otro",)


def test_deleted_in_alegra_the_draft_of_a_returned_order_is_withdrawn(engine, made, cast):
    again(engine, made, status=10)
    in_alegra(engine, "DELETE", made)
    assert read_again(engine, made, cast.editor).withdrawn
    document = engine.document(made)
    assert (document.state, document.live) == ("withdrawn", False)
    assert engine.problems(made) == set()
    engine.later(60)
    assert engine.invoices() == []


def test_an_order_that_is_a_sale_again_after_its_draft_was_deleted_asks(engine, made, cast):
    again(engine, made, status=11)
    in_alegra(engine, "DELETE", made)
    assert read_again(engine, made, cast.editor).withdrawn
    again(engine, made, updated=LATER_STILL, status=8)
    engine.run()
    document = Document.objects.get(order=made, live=True)
    assert (document.state, engine.invoices()) == ("blocked", [])
    asked = document.problems.filter(closed_at=None)
    assert list(asked.values_list("code", flat=True)) == ["sale_again"]
    acts.retry(document, by=cast.editor)
    engine.run()
    (invoice,) = engine.invoices()
    document.refresh_from_db()
    assert (document.state, document.alegra_id) == ("created", str(invoice["id"]))
    assert document.marker in invoice["observations"]


def test_still_no_sale_nothing_is_asked_of_an_order_whose_draft_was_deleted(engine, made, cast):
    again(engine, made, status=11)
    in_alegra(engine, "DELETE", made)
    assert read_again(engine, made, cast.editor).withdrawn
    again(engine, made, updated=LATER_STILL, status=10)
    assert engine.document(made).state == "withdrawn"


def test_still_there_the_draft_of_a_returned_order_still_warns(engine, made, cast):
    again(engine, made, status=10)
    result = read_again(engine, made, cast.editor)
    assert result.left == ("el pedido se devolvió y su borrador sigue en Alegra",)
    assert engine.problems(made) == {REVERSED}


def test_emitted_in_alegra_it_is_an_emitted_invoice_once_it_is_read(engine, made, cast):
    assert engine.document(made).alegra_status == "draft"
    emit(engine, made)
    again(engine, made, status=10)
    result = read_again(engine, made, cast.editor)
    assert result.left == ("el pedido se devolvió y su factura emitida sigue en Alegra",)
    assert engine.document(made).alegra_status == "open"
    cause = Cause.objects.get(code=REVERSED)
    assert cause.label.endswith("y su factura emitida sigue en Alegra")


def test_emitted_as_it_was_built_it_is_kept_so_although_it_differs(engine, made, cast):
    emit(engine, made)
    again(engine, made, total=79_900, lines=[line(quantity=1)])
    assert read_again(engine, made, cast.editor).left
    assert engine.document(made).alegra_status == "open"


def test_deleted_although_the_order_is_still_a_sale_it_waits_for_a_decision(engine, made, cast):
    again(engine, made, total=6_990_000)
    in_alegra(engine, "DELETE", made)
    assert read_again(engine, made, cast.editor).lost
    assert engine.document(made).state == "blocked"
    assert engine.problems(made) == {"gone", CHANGED}


def test_alegra_does_not_answer_and_nothing_is_believed(engine, made, cast):
    again(engine, made, status=10)
    engine.switch({"fault": "status", "method": "GET", "path": "/invoices", "status": 503})
    with pytest.raises(AlegraError):
        read_again(engine, made, cast.editor)
    assert engine.problems(made) == {REVERSED}
    assert engine.document(made).state == "created"


def test_no_transaction_is_open_while_alegra_is_read(engine, made, cast, monkeypatch):
    again(engine, made, status=10)
    depth = len(connection.savepoint_ids)
    seen = []
    side = endpoints.ENDPOINTS["invoice"]

    def read(*args):
        seen.append(len(connection.savepoint_ids))
        return side.read(*args)

    replaced = {**endpoints.ENDPOINTS, "invoice": replace(side, read=read)}
    monkeypatch.setattr(endpoints, "ENDPOINTS", replaced)
    read_again(engine, made, cast.editor)
    assert seen == [depth]
