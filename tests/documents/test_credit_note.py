"""An emitted invoice whose order is no sale any more: what to do, and the note that was made."""

from __future__ import annotations

import csv

import pytest
from django.urls import reverse

from integrations.audit.models import AuditEntry
from integrations.documents import credit_note
from integrations.documents.beside import after_of
from integrations.documents.models import Document
from integrations.scoping.context import scope
from integrations.sending.models import Cause
from tests.confirming import word_in
from tests.documents.changing import LATER_STILL, again, line
from tests.documents.emitting import living_by_the_clock

pytestmark = pytest.mark.django_db
CANCELLED, RETURNED, CLAIM = 9, 10, 11


@pytest.fixture
def engine(build_engine, at, monkeypatch):
    return living_by_the_clock(build_engine(mode="definitive"), at, monkeypatch)


@pytest.fixture
def issued(engine):
    order = engine.order()
    engine.run(2)
    assert engine.document(order).state == "issued"
    return order


@pytest.fixture
def get(cast, login):
    def read(name, *args, role="accountant"):
        url = reverse(name, args=[cast.organization.slug, *args])
        answer = login(cast.member(role)).get(url, follow=True)
        body = b"".join(answer.streaming_content) if answer.streaming else answer.content
        return body.decode()

    return read


@pytest.fixture
def post(cast, login):
    def send(order, role="accountant", **data):
        url = reverse("order_note", args=[cast.organization.slug, order.pk])
        client = login(cast.member(role))
        if "seen" not in data:
            page = client.get(url).content.decode()
            data["seen"] = page.split('name="seen" value="')[1].split('"')[0]
        return client.post(url, data, follow=True).content.decode()

    return send


def alegra(engine, method, path, **body):
    return engine.as_person(method, path, body or None)


def make_note(engine, order, *, amount=None, stamped=True, over=None):
    """What an accountant does in Alegra; returns the number of the note."""
    document = engine.document(over or order)
    invoice = alegra(engine, "GET", f"/invoices/{document.alegra_id}")
    amount = float(invoice["total"]) if amount is None else amount
    items = [
        {"id": each["id"], "price": each["price"], "quantity": each["quantity"],
         "tax": [{"id": tax["id"]} for tax in each["tax"]]}
        for each in invoice["items"]
    ]  # fmt: skip
    if amount != float(invoice["total"]):
        items = [{"id": items[0]["id"], "price": amount, "quantity": 1, "tax": []}]
    made = alegra(
        engine, "POST", "/credit-notes",
        date=engine.at.now().date().isoformat(), client={"id": invoice["client"]["id"]},
        type="VOID_ELECTRONIC_INVOICE", cause="Devolución total", items=items,
        warehouse={"id": invoice["warehouse"]["id"]},
        invoices=[{"id": invoice["id"], "amount": amount}],
        **({"stamp": {"generateStamp": True}} if stamped else {}),
    )  # fmt: skip
    held = made["numberTemplate"]
    return (held[0] if isinstance(held, list) else held)["fullNumber"]


def row_of(page, order):
    rows = csv.DictReader(page.lstrip("\ufeff").splitlines(), delimiter=";")
    return next(row for row in rows if row["Pedido"] == order.number)


# --- What to do ----------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("status", "cause"), [(CANCELLED, "Pedido cancelado"), (RETURNED, "Devolución total")]
)
def test_the_page_says_what_to_do_in_alegra(engine, issued, get, status, cause):
    again(engine, issued, status=status)
    page = get("order", issued.pk)
    number = engine.document(issued).number
    assert "La factura ya está emitida y no se puede cambiar: se corrige así." in page
    assert f"sobre la factura {number} por todo su valor" in page
    assert f"(concepto 2 de la DIAN). Causa: «{cause}»" in page
    assert "¿La plata llegó a recibirse?" in page
    assert "9030" in page
    assert "bodega a la que vuelven los productos" in page
    assert "Ya hice la nota" in page
    assert "Borrar borrador" not in page
    attention = get("attention")
    # What the invoice is worth in Alegra, to the cent.
    assert "Haz en Alegra una nota crédito por $\xa0159.799,99 y pulsa" in attention


def test_of_a_prepaid_order_nobody_asks_whether_the_carrier_brought_the_money(engine, get):
    order = engine.order(method="transfer", status=6)
    engine.run(2)
    with scope(order.organization_id):
        Document.objects.filter(order=order).update(alegra_status="open")
    again(engine, order, method="transfer", status=RETURNED)
    page = get("order", order.pk)
    assert "concepto 2" in page
    assert "¿La plata llegó a recibirse?" not in page
    assert "anúlalo antes de la nota" in page


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"total": 79_900, "lines": [line(quantity=1)]}, "«Devolución parcial» (concepto 1"),
        ({"total": 149_800}, "«Rebaja o descuento» (concepto 3"),
        ({"total": 189_800}, "haz en Alegra otra factura por la diferencia"),
        ({"customer": {"documentNumber": "1020334455"}}, "otra factura a nombre del comprador"),
        ({"method": "addi"}, "no cambia el valor de la factura"),
    ],
)
def test_what_changed_has_a_correction_of_its_own(engine, issued, get, changes, says):
    again(engine, issued, **changes)
    assert says in get("order", issued.pk)


def test_a_claim_waits_and_asks_for_no_note(engine, issued, get):
    again(engine, issued, status=CLAIM)
    page = get("order", issued.pk)
    assert "espera la decisión de MasterShop" in page
    assert "Ya hice la nota" not in page


def test_emitted_with_something_beside_it_por_atender_says_the_note(engine, get):
    """It changed while the DIAN had it."""
    engine.switch({"fault": "stamp_pending", "seconds": 60})
    order = engine.order()
    engine.run(2)
    assert engine.document(order).state == "emitting"
    again(engine, order, status=RETURNED)
    with scope(order.organization_id):
        assert "todo" not in Cause.objects.get(code="reversed_after").params
    engine.switch()
    for _ in range(6):
        engine.later(60)
    assert engine.document(order).state == "issued"
    assert "Haz en Alegra una nota crédito" in get("attention")


# --- The note ------------------------------------------------------------------------------
def test_the_note_is_read_shown_confirmed_and_kept(engine, issued, get, post, cast):
    again(engine, issued, status=RETURNED)
    number = make_note(engine, issued)
    asked = post(issued, number=number.lower())
    assert number in asked
    assert "Es lo que falta" in asked
    assert "Aceptada" in asked
    assert engine.problems(issued) == {"reversed_after"}, "shown first"
    told = post(issued, number=number, confirmed=word_in(asked))
    assert "Guardada con la factura. El aviso se cerró." in told
    assert engine.problems(issued) == set()
    document = engine.document(issued)
    assert document.state == "issued"
    [kept] = document.credit_notes
    assert (kept["number"], kept["is_accepted"], kept["confirmed"]) == (number, True, False)
    with scope(issued.organization_id):
        entry = AuditEntry.objects.get(action="document.credit_note")
    assert entry.actor == cast.accountant
    assert entry.after["alegra"]["number"] == number
    page = get("order", issued.pk)
    assert f"Luz Arboleda dijo que está bien así: «nota crédito {number}»" in page
    assert "dijo qué nota crédito hizo" in page
    assert f"nota crédito {number}" in get("history")
    assert row_of(get("history_export"), issued)["Nota crédito"] == number
    assert "Luz Arboleda la resolvió" in get("attention").split("Resueltas hoy")[1]


def test_a_further_change_is_asked_about_again(engine, issued, post):
    again(engine, issued, total=149_800)
    number = make_note(engine, issued, amount=10_000)
    post(issued, number=number, confirmed=word_in(post(issued, number=number)))
    assert engine.problems(issued) == set()
    again(engine, issued, updated=LATER_STILL, total=139_800)
    assert engine.problems(issued) == {"changed_after"}
    # Both together are what the order is worth less.
    second = make_note(engine, issued, amount=10_000)
    asked = post(issued, number=second)
    assert "Es lo que falta" in asked
    post(issued, number=second, confirmed=word_in(asked))
    assert [each["number"] for each in engine.document(issued).credit_notes] == [number, second]


@pytest.mark.parametrize(
    ("how", "says"),
    [
        ({"amount": 10_000}, "Deberían sumar"),
        ({"stamped": False}, "ante ella la factura sigue valiendo completa"),
        ({"over": True}, "Es de otra factura"),
    ],
)
def test_what_does_not_fit_needs_a_yes_to_exactly_that(engine, issued, post, how, says):
    if "over" in how:
        other = engine.order()
        engine.run(2)
        how = {"over": other}
    again(engine, issued, status=RETURNED)
    number = make_note(engine, issued, **how)
    asked = post(issued, number=number)
    assert says in asked
    assert "Todavía no se guardó" in asked
    # A yes to something else is none.
    assert "Todavía no se guardó" in post(issued, number=number, confirmed="0" * 64)
    assert engine.problems(issued) == {"reversed_after"}
    post(issued, number=number, confirmed=word_in(asked))
    assert engine.problems(issued) == set()
    assert engine.document(issued).credit_notes[0]["confirmed"] is True


def test_a_number_that_alegra_does_not_know_is_said_so(engine, issued, post):
    again(engine, issued, status=RETURNED)
    asked = post(issued, number="NC 999")
    assert "No encontramos esa nota" in asked
    assert engine.problems(issued) == {"reversed_after"}


def test_without_alegra_nothing_is_believed(engine, issued, post):
    again(engine, issued, status=RETURNED)
    number = make_note(engine, issued)
    engine.switch({"fault": "status", "method": "GET", "path": "/credit-notes", "status": 503})
    asked = post(issued, number=number)
    assert "No pudimos comprobarlo en Alegra" in asked
    assert "Guardar de todas formas" in asked


def test_said_twice_at_the_same_time_it_is_kept_once(engine, issued, post):
    again(engine, issued, status=RETURNED)
    number = make_note(engine, issued)
    asked = post(issued, number=number)
    seen = asked.split('name="seen" value="')[1].split('"')[0]
    answers = [
        post(issued, number=number, seen=seen, confirmed=word_in(asked), role=role)
        for role in ("accountant", "owner")
    ]
    assert "Mientras tanto ya se resolvió." in answers[1]
    assert len(engine.document(issued).credit_notes) == 1


def test_an_answer_to_what_was_not_shown_is_not_taken(engine, issued, post):
    again(engine, issued, total=149_800)
    number = make_note(engine, issued, amount=10_000)
    asked = post(issued, number=number)
    seen = asked.split('name="seen" value="')[1].split('"')[0]
    again(engine, issued, updated=LATER_STILL, total=149_800, status=RETURNED)
    told = post(issued, number=number, seen=seen, confirmed=word_in(asked))
    assert "Guardada" not in told
    assert "reversed_after" in engine.problems(issued)


def test_who_only_reads_and_who_is_outside_say_nothing(engine, issued, get, login, cast):
    again(engine, issued, status=RETURNED)
    url = reverse("order_note", args=[cast.organization.slug, issued.pk])
    assert "Ya hice la nota" not in get("order", issued.pk, role="viewer").split("<ol")[0]
    assert login(cast.viewer).post(url, {"number": "NC 1"}).status_code == 403
    other = reverse("order_note", args=[cast.other.slug, issued.pk])
    assert login(cast.outsider).post(other, {"number": "NC 1"}).status_code == 404


def test_a_draft_and_what_agrees_have_no_note(engine, issued, cast):
    with scope(cast.organization.pk):
        document = engine.document(issued)
        assert not credit_note.may_be_said(document, after_of(document, document.order))


def test_a_remission_that_was_voided_is_read_and_closes(build_engine, get, login, cast):
    engine = build_engine(kind="remission", mode="definitive")
    order = engine.order()
    engine.run()
    again(engine, order, status=RETURNED)
    assert "Ya la anulé" in get("order", order.pk)
    document = engine.document(order)
    alegra(engine, "POST", f"/remissions/{document.alegra_id}/void")
    url = reverse("order_mended", args=[cast.organization.slug, order.pk])
    login(cast.accountant).post(url)
    assert engine.document(order).state == "withdrawn"
    assert engine.problems(order) == set()
