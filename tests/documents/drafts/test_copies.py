"""A copy made with *clonar* carries our marker: ours stays ours, and the other is reported."""

from __future__ import annotations

import pytest

from tests.documents.drafts.watched import items_of

pytestmark = pytest.mark.django_db


def clone(engine, order, alegra, *, day="2026-11-20"):
    """*Clonar*: the same again, marker and all."""
    document = engine.document(order)
    row = alegra("GET", f"/invoices/{document.alegra_id}")
    return str(
        alegra(
            "POST", "/invoices", date=day, dueDate=day, client={"id": row["client"]["id"]},
            items=items_of(engine), paymentForm="CASH", paymentMethod="CASH",
            observations=row["observations"],
        )["id"]
    )  # fmt: skip


def test_a_copy_that_carries_our_marker_is_reported_and_ours_stays_ours(engine, made, read, alegra):
    ours = engine.document(made).alegra_id
    copy = clone(engine, made, alegra)
    read(minutes=10)
    assert engine.problems(made) == set()
    engine.at.advance(seconds=24 * 3600)
    read(minutes=5)
    document = engine.document(made)
    assert (document.alegra_id, document.copies) == (ours, [copy])
    assert engine.problems(made) == {"copied_in_alegra"}
    alegra("DELETE", f"/invoices/{copy}")
    read(minutes=65)
    assert engine.document(made).copies is None
    assert engine.problems(made) == set()


def test_a_copy_is_seen_where_a_day_is_listed_for_a_lost_answer(engine, made, alegra):
    copy = clone(engine, made, alegra)
    engine.switch(
        {"fault": "answer_lost_after_commit", "method": "POST", "path": "/invoices", "times": 1}
    )
    lost = engine.order()
    engine.run()
    engine.switch()
    for _ in range(4):
        engine.later(80)
    assert engine.document(lost).state == "created"
    assert engine.document(made).copies == [copy]
    assert engine.document(lost).copies is None
