"""An order of which another kind of work waits for a person: every screen, file and mail says so.

The kind is one that no room of the product knows; nothing but its registration tells of it.
"""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.core import mail
from django.urls import reverse

from integrations.attention.news import PortalNews
from integrations.attention.waiting import Amount, Waiting, doubted
from integrations.notifications import outbox
from integrations.notifications.news import CauseNews
from integrations.notifications.telling import tell
from integrations.scoping.context import scope
from integrations.sending import causes, registry
from integrations.sending.models import Cause
from integrations.sending.problem_kinds import Found
from integrations.sending.states import State, StepState, Why
from integrations.sending.transition import begin
from integrations.timekeeping import clock
from tests.history.factories import NOW, make_document, make_order, make_problem
from tests.sending.toy.models import Toy, ToyAttempt, ToyStep

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("half_past_ten")]
REFUSED = Found("rejected", "nota", {"message": "la nota no tiene valor"})
SENTENCE = "Alegra no lo aceptó: la nota no tiene valor"
BESIDE = Found("reversed_after", "x", {"order": "1", "happened": "se devolvió", "stays": "sigue"})


@pytest.fixture(autouse=True)
def _a_second_kind(monkeypatch):
    monkeypatch.setattr(registry, "_kinds", dict(registry._kinds))
    registry.register(Toy, lambda turn, toy: None)


def make_note(order, *found: Found, state=State.BLOCKED) -> Toy:
    """A note about the order that went from the queue to `state`, with these problems."""
    shop = order.integration
    with scope(order.organization_id):
        note = begin(
            Toy, State.PENDING, now=NOW - timedelta(seconds=40), why=Why.DECIDED,
            integration=shop, company=shop.company,
            alegra_user=shop.credential.alegra_user, marker=f"nota {order.pk}", order=order,
            text="Nota",
        )  # fmt: skip
        if state != State.PENDING:
            note.transition(state, now=NOW, why=Why.PROBLEM)
        causes.open_problems(note, [each for each in found if each is not BESIDE], now=NOW)
        causes.set_beside(note, [each for each in found if each is BESIDE], now=NOW)
    return note


@pytest.fixture
def order(shop):
    """In Alegra as a draft; its note was refused."""
    found = make_order(shop, total=80_000)
    make_document(found, State.CREATED, alegra_id="31")
    make_note(found, REFUSED)
    return found


@pytest.fixture
def see(cast, login):
    """see("history", estado="borrador") → the page's text."""

    def get(name, *args, role="editor", **query) -> str:
        address = reverse(name, args=[cast.organization.slug, *args])
        response = login(cast.member(role)).get(address, query)
        assert response.status_code == 200
        return b"".join(response).decode()

    return get


# --- The history -----------------------------------------------------------------------------
def test_the_list_says_that_the_order_waits_and_for_what(see, order):
    body = see("history")
    assert "Por atender" in body
    assert SENTENCE in body
    assert "Borrador en Alegra ·" not in body


def test_an_order_without_a_document_waits_too(see, shop):
    make_note(make_order(shop), REFUSED)
    assert SENTENCE in see("history")


def test_the_order_is_in_the_bucket_of_what_waits_and_in_no_other(see, shop, order):
    quiet = make_order(shop)
    make_document(quiet, State.CREATED, alegra_id="32")
    blocked = make_order(shop)
    make_problem(blocked, "cod_disabled")

    def found(bucket: str) -> set[str]:
        body = see("history_export", estado=bucket)
        return {each.number for each in (order, quiet, blocked) if each.number in body}

    assert found("por-atender") == {order.number, blocked.number}
    assert found("borrador") == {quiet.number}
    assert found("en-espera") == set()


def test_the_orders_of_a_cause_are_found_whatever_waits(see, shop, order):
    other = make_order(shop)
    make_problem(other, REFUSED.code, REFUSED.subject_key, REFUSED.params)
    make_problem(make_order(shop, number="777333"), "cod_disabled")
    with scope(shop.organization_id):
        cause = Cause.objects.get(code=REFUSED.code)
    for asked in (cause.pk, REFUSED.code):
        body = see("history_export", causa=asked)
        assert order.number in body
        assert other.number in body
        assert "777333" not in body


def test_the_file_says_why(see, order):
    (line,) = [each for each in see("history_export").splitlines() if order.number in each]
    assert "Por atender" in line
    assert SENTENCE in line


def test_what_is_beside_another_work_warns_in_list_filter_and_page(see, shop):
    order = make_order(shop)
    make_document(order, State.CREATED, alegra_id="31")
    make_note(order, BESIDE, state=State.PENDING)
    assert "se devolvió" in see("history")
    assert order.number in see("history_export", cambio="no-es-venta")
    assert "se devolvió" in see("order", order.pk)
    with scope(shop.organization_id):
        assert doubted().orders == 1


def test_what_alegra_has_twice_warns_in_list_page_and_por_atender(see, shop):
    order = make_order(shop)
    make_document(order, State.CREATED, alegra_id="31")
    twice = Found("made_twice", order.number, {"order": order.number, "order_id": order.pk,
                                               "ids": "712"})  # fmt: skip
    note = make_note(order, state=State.PENDING)
    with scope(shop.organization_id):
        causes.set_beside(note, [twice], now=NOW)
    said = f"En Alegra hay otro igual al del pedido {order.number}, con su misma marca: id 712"
    assert "Alegra lo tiene dos veces" in see("history")
    for page in (see("order", order.pk), see("attention")):
        assert said in page
    assert order.number in see("history_export", causa="made_twice")


@pytest.mark.parametrize("count", [1, 20])
def test_the_list_asks_once_more_however_many_orders(
    cast, login, shop, count, django_assert_max_num_queries
):
    for number in range(count):
        order = make_order(shop)
        make_document(order, State.CREATED, alegra_id=str(number))
        make_note(order, REFUSED)
    client = login(cast.editor)
    with django_assert_max_num_queries(11):
        client.get(reverse("history", args=[cast.organization.slug]))


# --- The order's page ------------------------------------------------------------------------
def test_the_page_says_what_waits_beside_what_became_of_the_document(see, order):
    body = see("order", order.pk)
    assert f"{SENTENCE}." in body
    assert "Es un borrador en Alegra: todavía no es una factura." in body


def test_the_story_tells_its_steps_and_its_changes(see, order):
    with scope(order.organization_id):
        note = Toy.objects.get()
        step = ToyStep.objects.create(
            work=note, name="write", position=1, state=StepState.FAILED,
            intent_at=NOW - timedelta(seconds=20), note="Alegra dijo que no.",
        )  # fmt: skip
        ToyAttempt.objects.create(
            step=step, call_id="llamada", generation=1, method="POST", path="/notas",
            started_at=NOW, deadline_at=NOW, outcome="rejected", response_excerpt="sin valor",
        )  # fmt: skip
    body = see("order", order.pk)
    story = body[body.index("Paso a paso") :]
    told = ("Toy: En cola", "1. Escribir la nota", "Alegra dijo que no.", "Toy: Por atender")
    places = [story.index(text) for text in told]
    assert places == sorted(places)
    assert "sin valor" in story


def test_it_is_sent_again_from_the_page_and_the_document_stays(see, cast, login, order):
    address = reverse("order_retry", args=[cast.organization.slug, order.pk])
    assert address in see("order", order.pk)
    login(cast.editor).post(address)
    with scope(order.organization_id):
        assert Toy.objects.get().state == State.PENDING
        order.document.refresh_from_db()
        assert order.document.state == State.CREATED
        assert not Cause.objects.open().exists()
    body = see("order", order.pk)
    assert "pidió reintentar" in body
    assert address not in body


def test_a_question_is_not_answered_by_sending_again(see, cast, order):
    with scope(order.organization_id):
        asks = Found("warehouse_not_kept", "b", {"sent": "B"})
        causes.open_problems(Toy.objects.get(), [REFUSED, asks], now=NOW)
    address = reverse("order_retry", args=[cast.organization.slug, order.pk])
    assert address not in see("order", order.pk)


# --- Por atender -----------------------------------------------------------------------------
def test_it_is_attended_with_its_cause_and_counted_once(see, shop, order):
    # Both wait of this one: it is one order.
    twice = make_order(shop, total=20_000)
    make_problem(twice, REFUSED.code, REFUSED.subject_key, REFUSED.params)
    make_note(twice, REFUSED)
    body = see("attention")
    assert SENTENCE in body
    with scope(shop.organization_id):
        assert Waiting().blocked == Amount(2, 100_000)
    assert re.search(r'Por atender<span class="count is-fail">2<', body)


def test_all_of_a_cause_are_sent_again_at_once(cast, login, shop, order):
    other = make_order(shop)
    make_problem(other, REFUSED.code, REFUSED.subject_key, REFUSED.params)
    with scope(shop.organization_id):
        cause = Cause.objects.get()
    address = reverse("attention_retry", args=[cast.organization.slug, cause.pk])
    body = login(cast.editor).post(address, follow=True).content.decode()
    assert "2 pedidos salen otra vez ahora" in body
    with scope(shop.organization_id):
        assert Toy.objects.get().state == State.PENDING
        other.document.refresh_from_db()
        assert other.document.state == State.PENDING


def test_the_mail_names_the_order(settings, order):
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    with clock.frozen(NOW) as at:
        for _round in range(3):
            at.advance(hours=1)
            tell(clock.now())
            outbox.send_due()
    sent = [letter for letter in mail.outbox if SENTENCE in letter.body]
    assert sent
    assert f"Pedido {order.number}" in sent[0].body or order.number in sent[0].body


def test_the_news_count_what_is_new_of_every_kind(shop, order):
    make_problem(make_order(shop), REFUSED.code, REFUSED.subject_key, REFUSED.params)
    with scope(shop.organization_id):
        found = PortalNews().news(shop.organization_id, NOW)
        (news,) = [each for each in found if isinstance(each, CauseNews)]
    assert (news.orders, news.new_orders, news.new_since) == (2, 2, NOW)


def test_a_merchant_of_another_comercio_sees_nothing_of_it(see, cast, login, order):
    address = reverse("history", args=[cast.organization.slug])
    assert login(cast.outsider).get(address).status_code == 404
    with scope(cast.other.pk):
        assert Waiting().blocked == Amount()
