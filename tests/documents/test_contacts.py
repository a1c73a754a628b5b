"""The buyer's contact, as the simulated Alegra sees it: made once, found again, never guessed."""

from __future__ import annotations

import pytest

from integrations.scoping.context import scope

TOO_MANY = {"code": 429, "message": "Too many requests"}


def refuse(method: str, times: int, **changes):
    return {
        "fault": "status",
        "method": method,
        "path": "/contacts",
        "times": times,
        "status": 400,
        "body": TOO_MANY,
    } | changes


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_rate_limit_told_as_400_makes_the_order_wait_and_nothing_else(engine, method):
    engine.switch(refuse(method, 2))
    order = engine.order()
    engine.run()
    assert engine.problems(order) == set()
    assert engine.document(order).state == "pending"
    for _ in range(4):
        engine.later(65)
    assert engine.document(order).state == "created"
    assert len(engine.invoices()) == 1


def test_what_alegra_says_in_a_list_of_errors_is_what_the_merchant_reads(engine, cast):
    body = {"error": [{"code": "2099", "message": "El correo del cliente no es válido"}]}
    engine.switch(refuse("POST", 9, body=body))
    order = engine.order()
    engine.run()
    document = engine.document(order)
    assert document.state == "blocked"
    with scope(cast.organization.pk):
        problem = document.problems.get(closed_at=None)
    assert problem.params["message"] == "El correo del cliente no es válido"
