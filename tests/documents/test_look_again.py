"""A document that was sent again is looked for once more: a late first one is named beside it."""

from __future__ import annotations

import pytest

from integrations.scoping.context import scope
from integrations.sending import look_again
from integrations.timekeeping import clock
from integrations.timekeeping.timing import timing

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(("kind", "mode"), [("invoice", "draft"), ("remission", "definitive")])
def test_a_late_first_one_is_named_beside_the_document(build_engine, kind, mode):
    engine, path = build_engine(kind=kind, mode=mode), f"/{kind}s"
    engine.switch(
        {"fault": "reset_before_commit", "method": "POST", "path": path, "times": 1},
        list_has_observations=False,
    )
    order = engine.order()
    engine.run()
    for _ in range(4):
        engine.later(timing().between_look_ups + 1)
    document = engine.document(order)
    assert (document.state, document.sends) == ("created", 2)
    row = engine.as_person("GET", f"{path}/{document.alegra_id}")
    body = {name: row[name] for name in ("date", "dueDate", "observations", "items")}
    body |= {"client": {"id": row["client"]["id"]}}
    if kind == "invoice":
        body |= {"paymentForm": "CASH", "paymentMethod": "CASH"}
    late = str(engine.as_person("POST", path, body)["id"])
    engine.at.advance(seconds=timing().look_again)
    assert look_again.look_due(clock.now()) == 1
    assert engine.document(order).copies == [late]
    assert engine.problems(order) == {"copied_in_alegra"}
    # It is deleted there, and an hour later nothing is said of it any more.
    engine.as_person("DELETE", f"{path}/{late}")
    engine.at.advance(seconds=timing().look_again_every)
    look_again.look_due(clock.now())
    with scope(engine.integration.organization_id):
        assert engine.document(order).copies is None
    assert engine.problems(order) == set()
