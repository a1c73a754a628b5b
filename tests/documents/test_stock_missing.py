"""A document that Alegra refuses for lack of units says of which product, where and how many."""

from __future__ import annotations

import pytest

from integrations.catalog.models import AlegraItem
from integrations.documents.stock_again import read_what_orders_wait_for
from integrations.scoping.context import scope
from integrations.sending.problem_kinds import sentence

pytestmark = pytest.mark.django_db


@pytest.fixture
def remission_engine(build_engine):
    return build_engine(kind="remission", mode="definitive")


def left(engine, item):
    rows = engine.ledger()["stock"]
    return next(float(r["quantity"]) for r in rows if (r["item"], r["warehouse"]) == (item, "1"))


def move(engine, item, delta):
    line = {"id": item, "type": "in" if delta > 0 else "out", "quantity": abs(delta)}
    body = {"date": "2026-11-20", "warehouse": {"id": "1"}, "items": [{**line, "unitCost": 1}]}
    engine.as_person("POST", "/inventory-adjustments", body)


def why(engine, order):
    (problem,) = engine.document(order).problems.filter(closed_at=None)
    return sentence(problem.code, problem.params)


@pytest.mark.parametrize("words", ["named", "bare"])
def test_a_remission_waits_for_stock_and_goes_when_there_is_some(remission_engine, words):
    engine = remission_engine
    item = engine.items["11"]
    move(engine, item, 1 - left(engine, item))
    engine.switch(negative_stock="refused", stock_refusal=words)
    order = engine.order()
    engine.run()
    assert engine.problems(order) == {"stock_missing"}
    with scope(engine.integration.organization_id):
        name = AlegraItem.objects.get(alegra_id=item).name
        assert f"de «{name}» se piden 2 y en Bodega Bogotá hay 1" in why(engine, order)
    assert engine.remissions() == []
    assert left(engine, item) == 1
    assert read_what_orders_wait_for() == 0
    move(engine, item, 4)
    assert read_what_orders_wait_for() == 1
    engine.run()
    assert engine.document(order).state == "created"
    assert len(engine.remissions()) == 1
    assert left(engine, item) == 3


def test_a_refusal_for_another_reason_is_not_told_as_stock(remission_engine):
    engine = remission_engine
    engine.switch(
        {
            "fault": "status", "method": "POST", "path": "/remissions", "status": 400,
            "body": {"code": 400, "message": "Algo que nadie conoce"},
        }
    )  # fmt: skip
    order = engine.order()
    engine.run()
    assert engine.problems(order) == {"rejected"}


def test_what_the_account_does_not_allow_reads_no_product(remission_engine):
    engine = remission_engine
    before = engine.calls("GET", "/items/")
    engine.switch(
        {
            "fault": "status", "method": "POST", "path": "/remissions", "status": 400,
            "body": {"code": 400, "message": "Superaste el límite de documentos de tu plan"},
        }
    )  # fmt: skip
    order = engine.order()
    engine.run()
    assert engine.problems(order) == {"limit"}
    reads = engine.calls("GET", "/items/") - before
    move(engine, engine.items["11"], -left(engine, engine.items["11"]))
    other = engine.order()
    engine.run()
    assert engine.problems(other) == {"limit"}
    assert engine.calls("GET", "/items/") - before == reads
