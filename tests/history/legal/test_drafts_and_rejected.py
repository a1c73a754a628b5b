"""What is said of drafts that are to go, of a rejected invoice, and of a document in full."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

import pytest

from integrations.sending.states import State
from tests import cast as casting
from tests.history.factories import NOW, make_document, make_order, make_problem
from tests.history.legal.cases import CUFE, DRAFT, REFUSED

pytestmark = pytest.mark.django_db


# --- Drafts ---------------------------------------------------------------------------------
def test_the_drafts_say_how_much_how_old_and_which_are_not_to_be_emitted(make, shop, read, in_file):
    old = make_order(shop, total=1_000_000)
    fields = {**DRAFT, "alegra_id": "1"}
    make_document(old, State.CREATED, **fields, state_since=NOW - timedelta(days=3))
    make("draft to be emitted")
    back = make("draft")
    make_problem(
        back, "reversed_after", back.key,
        {"order": back.number, "order_id": back.pk, "status": "returned"},
    )  # fmt: skip
    body = read("attention")
    panel = body.split('id="t-borradores"')[1].split("</article>")[0]
    for said in (
        "<b>3 borradores</b>", "$ 1.349.800", "18 nov 10:31", "1 sale solo para la DIAN.",
        "1 no se debe emitir así",
    ):  # fmt: skip
        assert said in panel
    numbers = Counter(row["Documento"] for row in in_file(estado="borrador"))
    assert numbers == {"Borrador de factura": 3}


@pytest.mark.parametrize(
    ("state", "says"),
    [("off", "Se emite sola cuando termine la pausa."), ("on", "Sale para la DIAN en un momento")],
)
def test_a_draft_to_be_emitted_says_what_holds_it(cast, read, state, says):
    shop = casting.make_integration(cast.organization, state=state)
    order = make_order(shop)
    make_document(order, State.CREATED, **DRAFT, emit_since=NOW)
    assert says in read("order", order.pk)
    row = read("history").split("<tbody>")[1]
    assert ("La integración está apagada." in row) == (state == "off")
    attention = read("attention")
    assert ("1 pedido espera por $ 174.900" in attention) == (state == "off")


def test_a_draft_to_be_emitted_that_failed_says_when_it_is_tried_again(shop, read):
    order = make_order(shop)
    make_document(
        order, State.CREATED, **DRAFT, emit_since=NOW, failures=1,
        next_attempt_at=NOW + timedelta(minutes=15),
    )  # fmt: skip
    assert "La emisión se intenta otra vez a las 10:46" in read("order", order.pk)
    assert "la emisión se intenta otra vez 10:46" in read("history")


# --- Rejected: the only document of its order, and a person is needed -------------------------
def test_a_rejected_invoice_is_attended_with_its_problem_and_is_no_other_document(make, read):
    order = make("rejected")
    make_problem(order, "internal")
    page = read("order", order.pk)
    note = page.split('id="t-ahora"')[1].split("</section>")[0]
    assert note.startswith(">Rechazada por la DIAN<")
    assert "Algo falló de nuestro lado" in note
    row = read("history").split("<tbody>")[1]
    assert "</svg>Rechazada por la DIAN</span>\n<small>Algo falló" in row
    attention = read("attention")
    assert "1 causa detiene" in attention
    assert '<em>1 pedido por <span class="num">$ 174.900</span></em>' in attention
    # The rail counts it too.
    assert "Por atender" in page
    assert 'class="count">1<' in page.replace(" num", "")


# --- The document in full ------------------------------------------------------------------
@pytest.mark.parametrize("name", ["draft", "accepted", "rejected"])
def test_the_document_in_full_is_called_what_it_is(make, read, name):
    order = make(name)
    assert ("El borrador de factura que se envió" in read("order_document", order.pk)) == (
        name == "draft"
    )


def test_a_rejected_one_that_is_sent_again_no_longer_says_what_it_was_refused_for(shop, read):
    refused = {**DRAFT, "alegra_status": "open", "legal_words": REFUSED, "cufe": CUFE}
    order = make_order(shop)
    make_document(order, State.CREATED, **refused, emit_since=NOW)
    body = read("order", order.pk)
    assert "Sale para la DIAN en un momento" in body
    again = make_order(shop)
    make_document(again, State.EMITTING, **{**refused, "alegra_id": "42"}, stamp_sent_at=NOW)
    for text in (body, read("order", again.pk), read("history_export")):
        assert "FAD06" not in text
        assert CUFE not in text


def test_a_draft_that_was_deleted_has_no_page_there_and_no_word_of_the_dian(shop, read):
    there, gone = make_order(shop), make_order(shop)
    make_document(there, State.CREATED, **{**DRAFT, "alegra_id": "71", "last_read_at": NOW})
    columns = {**DRAFT, "alegra_id": "72", "alegra_status": "", "last_read_at": NOW}
    make_document(gone, State.WITHDRAWN, reason="draft_deleted", **columns)
    assert "/invoice/view/id/71" in read("order", there.pk)
    page = read("order", gone.pk)
    assert "/invoice/view/id/72" not in page
    assert "Por comprobar" not in page
    assert "Ante la DIAN" not in page
