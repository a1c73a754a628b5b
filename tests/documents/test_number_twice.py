"""A number that comes twice: each sale has its own document, page and marker, and where nobody
can know whether it is another sale a person is asked."""

from __future__ import annotations

import csv
import re

import pytest
from django.urls import reverse

from integrations.configuration.answers import AnsweredTooLate, answer, answer_of, take_back
from integrations.configuration.models import Answer
from integrations.configuration.questions import ANOTHER, NUMBER_TWICE, QUESTIONS, THE_SAME
from integrations.documents.acts import retry
from integrations.documents.models import Document
from integrations.history import answer_views
from integrations.orders.models import Order
from integrations.sending import rows
from integrations.sending.marker import make_marker
from tests.documents.engine import event

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("inside")]

# The engine's orders were created on 18 November and its clock stands at the 20th, 20:00.
AGAIN, DELIVERED = "2026-11-20T15:30:00Z", "2026-11-20T19:55:00Z"
ERNESTO = {"full_name": "Ernesto Villa Díaz", "documentNumber": "1051721977"}
ONE_TERMO = [{**event()["order_items"][0], "quantity": 1}]


@pytest.fixture
def first(engine):
    order = engine.order()
    engine.run()
    return order


@pytest.fixture
def again(engine, first):
    """again(**changes) is an event of the first one's number with another date of creation."""

    def told(**changes):
        engine.at.advance(seconds=5)
        changes = {"date_created_order": AGAIN, "updated": DELIVERED, **changes}
        return engine.order(number=int(first.number), **changes)

    return told


@pytest.fixture
def page(cast, login):
    def text(order, name="order", role="editor"):
        url = reverse(name, args=[cast.organization.slug, order.pk])
        return login(cast.member(role)).get(url).content.decode()

    return text


def bought(engine) -> list[tuple[int, str]]:
    """Total and buyer's identification of each invoice in Alegra, the oldest first."""
    contacts = {str(each["id"]): each for each in engine.ledger()["contacts"]}
    return [
        (round(row["total"]), contacts[str(row["client"]["id"])]["identificationObject"]["number"])
        for row in sorted(engine.invoices(), key=lambda row: int(row["id"]))
    ]


def say(engine, order, value, code=NUMBER_TWICE):
    params = engine.document(order).problems.get(closed_at=None, code=code).params
    return answer(engine.integration, QUESTIONS[code], order.key, value, params=params)


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"customer": ERNESTO, "lines": ONE_TERMO, "total": 79900}, (79900, "1051721977")),
        ({"customer": ERNESTO}, (159800, "1051721977")),
        ({"lines": ONE_TERMO, "total": 79900}, (79900, "52998117")),
    ],
)
def test_each_sale_of_a_number_has_its_own_invoice(engine, again, first, changes, expected):
    order = again(status=2, **changes)
    assert order.pk != first.pk
    again(**changes)
    engine.run(2)
    assert bought(engine) == [(159800, "52998117"), expected]
    assert engine.problems(first) == engine.problems(order) == set()


def test_the_marker_of_each_is_its_own_and_can_be_made_again(engine, again, first):
    order = again(customer=ERNESTO)
    engine.run(2)
    key = engine.integration.source_key
    mine, other = engine.document(first).marker, engine.document(order).marker
    assert mine == make_marker(key, first.number, 0)
    assert other == make_marker(key, first.number, 0, occurrence="202611201530") != mine
    markers = [re.search(r"\[MS1-\w+\]", row["observations"])[0] for row in engine.invoices()]
    assert sorted(markers) == sorted([mine, other])


def test_a_lost_answer_never_gives_the_second_sale_the_first_ones_invoice(engine, again, first):
    engine.switch(
        {"fault": "answer_lost_after_commit", "path": "/invoices", "method": "POST", "times": 1}
    )
    order = again(customer=ERNESTO)
    engine.run()
    for _ in range(8):
        engine.later(240)
    assert engine.document(order).state == "created"
    assert engine.document(order).alegra_id != engine.document(first).alegra_id
    assert bought(engine) == [(159800, "52998117"), (159800, "1051721977")]


def test_each_page_says_that_the_number_came_twice_and_leads_to_the_other(
    cast, engine, again, first, page
):
    assert "Cuadra al peso" in page(first)
    order = again(customer=ERNESTO, lines=ONE_TERMO, total=79900)
    engine.run(2)
    for mine, other, name, others in (
        (first, order, "Marta Elena", "Ernesto"),
        (order, first, "Ernesto", "Marta Elena"),
    ):
        text = page(mine)
        assert f"El número {first.number} llegó dos veces" in text
        assert reverse("order", args=[cast.organization.slug, other.pk]) in text
        assert name in text
        assert others not in text
        assert "Cuadra al peso" not in text
        assert "Es el total de esta venta" in text


def test_the_history_and_its_file_show_both(cast, engine, again, first, login):
    again(customer=ERNESTO, lines=ONE_TERMO, total=79900)
    engine.run(2)
    client = login(cast.member("editor"))
    history = reverse("history", args=[cast.organization.slug])
    assert client.get(f"{history}?q={first.number}").content.decode().count('class="first"') == 2
    answered = client.get(f"{history}exportar.csv?q={first.number}")
    text = b"".join(answered.streaming_content).decode("utf-8-sig")
    rows = list(csv.DictReader(text.splitlines(), delimiter=";"))
    assert [(row["Pedido"], row["Valor del pedido"]) for row in rows] == [
        (first.number, "79900"),
        (first.number, "159800"),
    ]


def test_what_was_answered_of_one_sale_is_not_of_the_other(engine, again, first):
    """A short total is asked of both, and the answer frees exactly one."""
    paid = {"total": 100000, "lines": event()["order_items"]}
    order, third = again(customer=ERNESTO, **paid), {"full_name": "Rosa Amelia Cano"}
    other = again(
        customer={**third, "documentNumber": "1051721975"},
        date_created_order="2026-11-20T18:30:00Z", **paid,
    )  # fmt: skip
    engine.run(2)
    assert engine.problems(order) == engine.problems(other) == {"short_total"}
    assert say(engine, order, "discount", code="short_total") == 1
    engine.run()
    assert engine.problems(order) == set()
    assert engine.problems(other) == {"short_total"}


# --- Where nobody can know -----------------------------------------------------------------------

HIDDEN = {
    "customer": {"full_name": "M*** R***", "documentNumber": "52******", "phone": "310*******"}
}


@pytest.fixture
def hidden(engine, again):
    """Its buyer is covered: it may be another sale, or the same one."""
    order = again(**HIDDEN)
    engine.run()
    return order


def test_a_covered_buyer_with_the_same_lines_is_asked_about(engine, hidden, first, page):
    assert engine.problems(hidden) == {NUMBER_TWICE}
    assert bought(engine) == [(159800, "52998117")]
    text = page(hidden)
    assert "¿Es otra venta, o la misma corregida?" in text
    assert "Puede ser otra venta, o la misma corregida" in page(first)
    assert Order.objects.get(pk=first.pk).buyer_doc_number == "52998117"


def test_another_sale_goes_on_to_its_own_document(engine, hidden):
    say(engine, hidden, ANOTHER)
    engine.run()
    assert NUMBER_TWICE not in engine.problems(hidden)
    # Its buyer is still covered, which is a question of its own.
    assert engine.problems(hidden)


def test_a_persons_word_that_it_is_another_sale_outweighs_what_is_told_later(
    cast, engine, hidden, again, first
):
    """The buyer ordered the same once more: each sale keeps its own invoice."""
    say(engine, hidden, ANOTHER)
    assert again(updated="2026-11-20T19:58:00Z") == hidden
    engine.run(2)
    # Asked about like any two alike, and never left out without a word.
    assert engine.problems(hidden) == {"same_sale"}
    retry(engine.document(hidden), by=cast.editor, denies=True)
    engine.run(2)
    assert bought(engine) == [(159800, "52998117")] * 2
    again(updated="2026-11-20T19:59:00Z")
    engine.run()
    assert {engine.document(each).state for each in (first, hidden)} == {"created"}
    assert Order.objects.get(pk=hidden.pk).same_as is None


def test_the_answer_taken_back_asks_again(engine, hidden, cast):
    say(engine, hidden, ANOTHER)
    take_back(engine.integration, QUESTIONS[NUMBER_TWICE], hidden.key, request=None)
    engine.run()
    assert engine.problems(hidden) == {NUMBER_TWICE}


def test_the_same_corrected_makes_no_second_document(engine, hidden, first, page):
    say(engine, hidden, THE_SAME)
    engine.run()
    document = engine.document(hidden)
    assert (document.state, document.reason) == ("skipped", "told_again")
    assert len(engine.invoices()) == 1
    assert "es la misma venta" in page(hidden)
    assert "es la misma venta" in page(first)
    assert Document.objects.filter(live=True, state="created").count() == 1


@pytest.fixture
def made(cast, engine, hidden, again):
    """It was said to be another sale, and has its own invoice."""
    say(engine, hidden, ANOTHER)
    again(updated="2026-11-20T19:58:00Z")
    engine.run(2)
    retry(engine.document(hidden), by=cast.editor, denies=True)
    engine.run(2)
    assert engine.document(hidden).state == "created"
    return hidden


def test_the_same_comes_too_late_once_it_has_its_own_invoice(engine, made):
    with pytest.raises(AnsweredTooLate):
        answer(engine.integration, QUESTIONS[NUMBER_TWICE], made.key, THE_SAME)
    assert Order.objects.get(pk=made.pk).same_as_id is None
    assert answer_of(engine.integration, NUMBER_TWICE, made.key) == ANOTHER


def test_the_same_comes_too_late_while_a_worker_holds_it(engine, hidden):
    """It may be past its last look at the order."""
    say(engine, hidden, ANOTHER)
    assert rows.claim(engine.document(hidden), engine.at.now())
    with pytest.raises(AnsweredTooLate):
        answer(engine.integration, QUESTIONS[NUMBER_TWICE], hidden.key, THE_SAME)
    assert Order.objects.get(pk=hidden.pk).same_as_id is None


def test_a_page_says_that_the_answer_came_too_late(cast, engine, made, login, monkeypatch):
    """It left between the look of the page and the answer."""
    monkeypatch.setattr(answer_views, "is_changeable", lambda _order: True)
    url = reverse("order_answer", args=[cast.organization.slug, made.pk])
    form = {"pregunta": NUMBER_TWICE, "respuesta": THE_SAME, "de": made.key}
    body = login(cast.member("editor")).post(url, form, follow=True).content.decode()
    assert "El documento de este pedido ya salió: es otra venta." in body
    assert Order.objects.get(pk=made.pk).same_as_id is None


def test_what_was_told_of_it_counts_for_the_first_sale(engine):
    """The first one was on its way; only the event without a buyer said that it arrived."""
    first = engine.order(status=6)
    row = engine.order(
        number=int(first.number), date_created_order=AGAIN, updated=DELIVERED, **HIDDEN
    )
    engine.run()
    assert engine.invoices() == []
    say(engine, row, THE_SAME)
    engine.run()
    assert bought(engine) == [(159800, "52998117")]
    assert engine.document(first).state == "created"
    assert {each.order_id for each in first.events.all()} <= {first.pk}


def test_the_question_goes_by_itself_when_its_buyer_is_told(engine, hidden, again):
    again(customer=ERNESTO, updated="2026-11-20T19:58:00Z")
    engine.run(2)
    assert engine.problems(hidden) == set()
    assert bought(engine) == [(159800, "52998117"), (159800, "1051721977")]


def test_the_question_goes_by_itself_when_it_proves_to_be_the_same(engine, hidden, again, first):
    assert again(updated="2026-11-20T19:58:00Z") == first
    engine.run()
    assert engine.document(hidden).state == "skipped"
    assert len(engine.invoices()) == 1


def test_the_answer_is_given_on_its_page(cast, engine, hidden, login):
    [cause] = engine.document(hidden).problems.filter(closed_at=None)
    client = login(cast.member("editor"))
    url = reverse("attention_answer", args=[cast.organization.slug, cause.cause_id])
    client.post(url, {"respuesta": THE_SAME, "pedido": hidden.pk})
    assert Answer.objects.get(question=NUMBER_TWICE).subject_key == hidden.key
    hidden.refresh_from_db()
    assert hidden.same_as is not None
