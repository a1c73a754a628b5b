"""A draft that a person deletes, voids or emits in Alegra is followed to its end."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.urls import reverse

from integrations.documents import edited, issued, may_emit
from integrations.documents.models import Document
from integrations.sending.models import Cause
from tests.documents.changing import again, emit, in_alegra, line, read_again, stamp
from tests.documents.drafts.watched import items_of, reads

pytestmark = pytest.mark.django_db


# --- Deleted, voided ---------------------------------------------------------------------------
def test_a_deleted_draft_is_asked_about_and_never_made_again(engine, made, read):
    in_alegra(engine, "DELETE", made)
    read(minutes=12)
    document = engine.document(made)
    assert document.state == "blocked"
    assert engine.problems(made) == {"gone"}
    cause = Cause.objects.get(code="gone")
    assert cause.label == f"Se borró en Alegra el borrador del pedido {made.number}"
    calls = len(engine.asked())
    for _ in range(3):
        engine.later(600)
    assert engine.invoices() == []
    # What is known to be gone costs no call of its own any more.
    read(minutes=30)
    asked = {path.partition("/api/v1")[2] for _m, path in engine.asked()[calls:]}
    assert asked <= {"/invoices"}


def test_one_that_only_a_list_left_out_is_not_gone(engine, made, read, left_out):
    read(minutes=12)
    document = engine.document(made)
    assert document.state == "created"
    assert engine.problems(made) == set()


MISSING = {"code": 404, "message": "No se encontró"}


@pytest.mark.parametrize("status", [404, 503])
def test_a_company_that_does_not_answer_has_lost_no_draft(engine, made, read, status):
    in_alegra(engine, "DELETE", made)
    engine.switch(
        {"fault": "status", "method": "GET", "path": "/company", "status": status, "body": MISSING}
    )
    read(minutes=15)
    assert engine.document(made).state == "created"
    engine.switch()
    read(minutes=15)
    assert engine.problems(made) == {"gone"}


def test_a_deleted_draft_of_an_order_that_was_cancelled_is_as_it_should_be(engine, made, read):
    again(engine, made, status=9)
    in_alegra(engine, "DELETE", made)
    read(minutes=12)
    document = engine.document(made)
    assert (document.state, document.live) == ("withdrawn", False)
    assert engine.problems(made) == set()


def test_a_voided_one_is_asked_about_and_goes_on_once_it_is_open_again(engine, made, read, alegra):
    there = f"/invoices/{engine.document(made).alegra_id}"
    alegra("POST", f"{there}/void", cause="Sobra")
    read(minutes=11)
    assert (engine.document(made).state, engine.problems(made)) == ("blocked", {"voided"})
    alegra("POST", f"{there}/open")
    read(minutes=11)
    engine.run()
    document = engine.document(made)
    assert (document.state, document.alegra_status) == ("created", "open")
    assert engine.problems(made) == {"open_unstamped"}


def test_a_voided_one_is_made_anew_by_a_person(engine, made, read, alegra, cast, login):
    alegra("POST", f"/invoices/{engine.document(made).alegra_id}/void", cause="Sobra")
    read(minutes=11)
    editor = login(cast.member("editor"))
    there = {"organization": cast.organization.slug, "order": made.pk}
    page = editor.get(reverse("order", kwargs=there)).content.decode()
    anew = reverse("order_create_anew", kwargs=there)
    assert anew in page
    editor.post(anew)
    engine.run()
    rows = Document.objects.filter(order=made).order_by("cycle")
    assert [(row.state, row.alegra_status) for row in rows] == [
        ("withdrawn", "void"), ("created", "draft"),
    ]  # fmt: skip


def test_one_that_the_dian_accepted_is_never_made_anew(engine, made, read, cast, login):
    """Whatever Alegra says of it afterwards: another one would be a second invoice of one sale."""
    emit(engine, made)
    read(minutes=11)
    assert engine.document(made).state == "issued"
    again(engine, made, total=79_900, lines=[line(quantity=1)])
    engine.switch(
        {"fault": "status", "method": "GET", "path": "/invoices/", "status": 404, "body": MISSING}
    )
    assert read_again(engine, made, cast.owner).lost
    assert engine.problems(made) >= {"gone"}
    editor = login(cast.member("editor"))
    there = {"organization": cast.organization.slug, "order": made.pk}
    anew = reverse("order_create_anew", kwargs=there)
    assert anew not in editor.get(reverse("order", kwargs=there)).content.decode()
    editor.post(anew)
    engine.switch()
    engine.run()
    assert len(engine.invoices()) == 1


def test_one_that_is_there_again_is_read_and_goes_on(engine, made, read, left_out):
    """Alegra said twice that it is not there, and was wrong."""
    engine.switch(
        {"fault": "status", "method": "GET", "path": "/invoices/", "status": 404, "body": MISSING}
    )
    read(minutes=12)
    assert engine.problems(made) == {"gone"}
    engine.switch()
    left_out.undo()
    read(minutes=11)
    engine.run()
    assert (engine.document(made).state, engine.problems(made)) == ("created", set())


# --- Emitted -----------------------------------------------------------------------------------
def test_emitted_by_hand_it_is_accepted_within_twelve_minutes(engine, made, read, monkeypatch):
    paid = []
    monkeypatch.setattr(
        issued, "followers", [*issued.followers, lambda document: paid.append(document.pk)]
    )
    read(minutes=7)
    emit(engine, made)
    read(minutes=12)
    document = engine.document(made)
    assert document.state == "issued"
    assert document.legal_state.startswith("accepted")
    assert document.number
    assert document.edited is None
    assert paid == [document.pk]
    before = reads(engine)
    read(minutes=30)
    # Its end: nothing is read of it any more.
    assert reads(engine) == before


def test_emitted_with_another_total_it_is_said_so_and_its_payment_is_held(engine, made, read):
    in_alegra(engine, "PUT", made, items=items_of(engine, quantity=3))
    emit(engine, made)
    read(minutes=11)
    document = engine.document(made)
    assert document.state == "issued"
    assert engine.problems(made) == {"emitted_otherwise"}
    assert edited.holds_payment(document)
    assert document.returned_total != document.total


def test_in_process_at_the_dian_it_is_followed_there(engine, made, read):
    engine.switch({"fault": "stamp_pending", "seconds": 3600}, stamp_old_date="accepted")
    stamp(engine, made)
    read(minutes=11)
    assert engine.document(made).state == "emitting"


def test_rejected_by_the_dian_it_is_so_here(engine, made, read):
    engine.switch({"fault": "stamp_rejected"}, stamp_old_date="accepted")
    stamp(engine, made)
    read(minutes=11)
    document = engine.document(made)
    assert document.state == "rejected"
    generation = document.generation
    read(minutes=30)
    # Told again, it is no news.
    assert engine.document(made).generation == generation
    engine.switch(stamp_old_date="accepted")
    emit(engine, made)
    read(minutes=11)
    assert engine.document(made).state == "issued"


def test_open_without_the_dian_is_said_to_be_no_invoice(engine, made, read):
    in_alegra(engine, "PUT", made, status="open")
    read(minutes=11)
    document = engine.document(made)
    assert (document.state, document.legal_state) == ("created", "unstamped")
    assert engine.problems(made) == {"open_unstamped"}
    assert may_emit.why_not(document) is not None or document.alegra_status == "open"
    emit(engine, made)
    read(minutes=11)
    assert engine.document(made).state == "issued"
    assert engine.problems(made) == set()


def test_a_numbering_that_is_not_electronic_needs_no_dian(engine, read, alegra, cast, login):
    plain = next(
        row for row in alegra("GET", "/number-templates?documentType=invoice")
        if not row["isElectronic"] and row["status"] == "active"
    )  # fmt: skip
    engine.integration.document_settings.number_template = str(plain["id"])
    engine.integration.document_settings.save()
    order = engine.order()
    engine.run()
    in_alegra(engine, "PUT", order, status="open")
    read(minutes=11)
    assert engine.document(order).alegra_status == "open"
    assert engine.problems(order) == set()
    # Nobody waits for a word of the DIAN's, nor for a payment that nobody registers.
    there = {"organization": cast.organization.slug, "order": order.pk}
    page = login(cast.member("editor")).get(reverse("order", kwargs=there)).content.decode()
    assert "Su numeración no es electrónica" in page
    assert "no va a la DIAN" in page
    assert "su pago no se registra desde aquí" in page
    assert "si la DIAN la aceptó" not in page
    assert "la DIAN aceptó la factura" not in page


def test_a_draft_that_waits_because_it_is_wrong_is_followed_too(engine, read):
    engine.switch(rounding={"at": "unit", "how": "truncate"}, decimal_precision=0)
    order = engine.order(total=159_800)
    engine.run()
    engine.switch(rounding={"at": "line", "how": "half_even"}, decimal_precision=2)
    assert engine.problems(order) == {"total_differs"}
    read(minutes=22)
    assert engine.problems(order) == {"total_differs"}
    price = float(Decimal(159_800) / 2 / Decimal("1.19"))
    in_alegra(engine, "PUT", order, items=items_of(engine, price=round(price, 2)))
    read(minutes=11)
    engine.run()
    # Put right in Alegra, it goes on without *Reintentar*.
    assert (engine.document(order).state, engine.problems(order)) == ("created", set())
    assert engine.document(order).edited is None


def test_one_that_waits_and_is_emitted_by_hand_waits_no_more(engine, read):
    engine.switch(rounding={"at": "unit", "how": "truncate"}, decimal_precision=0)
    order = engine.order(total=159_800)
    engine.run()
    assert engine.problems(order) == {"total_differs"}
    emit(engine, order)
    read(minutes=11)
    assert engine.document(order).state == "issued"
    assert "total_differs" not in engine.problems(order)
