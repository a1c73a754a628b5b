"""An order that was named as documented elsewhere, and changed or came back since, says so."""

from __future__ import annotations

import re

import pytest
from django.urls import reverse

from integrations.documents import acts, beside, beside_acts
from integrations.documents.acts import NotPossible
from integrations.documents.fate import Fate
from integrations.sending.models import Cause
from integrations.sending.states import State, Why
from tests.documents.changing import LATER_STILL, again, line, what_changed

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("inside")]
CHANGED, REVERSED = beside.CHANGED, beside.REVERSED


def mark(engine, order, by, number="FV-9") -> None:
    acts.mark_external(order, number=number, by=by)


@pytest.fixture
def marked(engine, cast):
    """Short of its trigger, and somebody else's document is named for it."""
    order = engine.order(status=3)
    mark(engine, order, cast.accountant)
    return order


@pytest.fixture
def page(cast, login):
    """What a person reads there, as one line."""

    def read(name: str, *args, **query) -> str:
        address = reverse(name, args=[cast.organization.slug, *args])
        answer = login(cast.accountant).get(address, query)
        assert answer.status_code == 200
        return " ".join(re.sub(r"<[^>]*>", " ", answer.content.decode()).split())

    return read


@pytest.mark.parametrize(
    ("changes", "what"),
    [
        ({"total": 6_990_000}, ["total"]),
        ({"lines": [line(quantity=1)], "total": 79_900}, ["total", "lines"]),
        ({"customer": {"full_name": "Carlos Mario Duque"}}, ["buyer"]),
        ({"method": "addi"}, ["payment"]),
    ],
)
def test_what_changes_after_it_was_marked_stands_beside_it(engine, marked, changes, what):
    again(engine, marked, status=3, **changes)
    assert what_changed(engine, marked) == what
    assert engine.problems(marked) == {CHANGED}
    assert engine.document(marked).state == "external"
    engine.run()
    assert not engine.invoices()


@pytest.mark.parametrize(
    ("status", "happened"), [(10, "se devolvió"), (11, "está en reclamaciones"), (9, "se canceló")]
)
def test_what_comes_back_after_it_was_marked_stands_beside_it(
    engine, marked, page, status, happened
):
    again(engine, marked, status=status)
    assert engine.problems(marked) == {REVERSED}
    said = f"El pedido {happened} y su documento, hecho por fuera, sigue en pie"
    body = page("order", marked.pk)
    assert said in body
    assert "Está bien así" in body
    # Nothing of it can be read in Alegra.
    assert "Ya lo arreglé en Alegra" not in body
    assert "su documento, hecho por fuera, sigue en pie" in page("history")
    assert f"El pedido {marked.number} {happened} y su documento" in page("attention")
    assert Cause.objects.get(code=REVERSED).open_count == 1


def test_a_step_on_its_way_is_no_change(engine, marked):
    again(engine, marked, status=6)
    again(engine, marked, status=8, updated=LATER_STILL)
    assert engine.problems(marked) == set()


def test_a_later_body_that_restores_it_closes_it(engine, marked):
    again(engine, marked, status=3, total=6_990_000)
    again(engine, marked, status=3, updated=LATER_STILL)
    assert engine.problems(marked) == set()


def test_who_marked_an_order_that_had_come_back_knew_it(engine, cast):
    order = engine.order(status=10)
    mark(engine, order, cast.accountant)
    again(engine, order, status=10)
    assert engine.problems(order) == set()
    again(engine, order, status=10, updated=LATER_STILL, total=1_000)
    assert engine.problems(order) == {CHANGED}


def test_it_is_fine_when_a_person_says_so(engine, marked, cast, page):
    again(engine, marked, status=10)
    document = engine.document(marked)
    seen = beside.after_of(document, document.order).seen
    beside_acts.say_fine(marked, seen=seen, reason="Nota crédito NC-4", by=cast.accountant)
    assert engine.problems(marked) == set()
    assert "«Nota crédito NC-4»" in page("order", marked.pk)


def test_undoing_the_mark_closes_what_stood_beside_it(engine, marked, cast):
    again(engine, marked, status=3, total=6_990_000)
    order = engine.document(marked).order
    acts.restore(order, by=cast.editor)
    assert engine.problems(marked) == set()
    again(engine, marked, status=8, updated=LATER_STILL, total=6_990_000)
    assert CHANGED not in engine.problems(marked)


def test_nobody_can_say_that_it_was_mended_in_alegra(engine, marked, cast):
    again(engine, marked, status=10)
    with pytest.raises(NotPossible):
        beside_acts.read_again(engine.document(marked).order, by=cast.accountant)


def test_what_our_own_document_was_made_of_is_kept_while_another_is_named(engine, cast):
    """Ours is wrong, another one is named, and then that is taken back."""
    order = engine.order()
    engine.run()
    made_of = engine.document(order).made_of
    again(engine, order, total=6_990_000)
    document = engine.document(order)
    assert document.transition(State.BLOCKED, now=engine.at.now(), why=Why.PROBLEM)
    fate = Fate(status="draft")
    acts.mark_external(order, number="FV-9", by=cast.editor, fate=fate, leaves_it=True)
    assert engine.problems(order) == set()
    mark(engine, engine.document(order).order, cast.editor, number="FV-10")
    acts.restore(engine.document(order).order, by=cast.editor)
    assert engine.document(order).made_of == made_of
    engine.run()
    assert CHANGED in engine.problems(order)
