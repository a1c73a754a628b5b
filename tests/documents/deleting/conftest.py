"""Orders whose draft is in Alegra and should not be: returned, changed, or wrong there."""

from __future__ import annotations

import pytest

from integrations.configuration.tasks import read_again_what_orders_wait_for
from tests.documents.changing import again, line
from tests.documents.deleting.wish import RETURNED


@pytest.fixture(autouse=True)
def _inside(inside):
    """All that is done here is done in the shop's own scope."""


@pytest.fixture
def returned(engine, made):
    again(engine, made, status=RETURNED)
    return made


@pytest.fixture
def changed(engine, made):
    """One unit less than its draft says."""
    again(engine, made, total=79_900, lines=[line(quantity=1)])
    return made


@pytest.fixture
def wrong(engine):
    """An order whose draft Alegra keeps with another total than was sent."""
    engine.switch(rounding={"at": "unit", "how": "truncate"}, decimal_precision=0)
    order = engine.order(total=159_800)
    engine.run()
    engine.switch(rounding={"at": "line", "how": "half_even"}, decimal_precision=2)
    read_again_what_orders_wait_for()
    assert engine.problems(order) == {"total_differs"}
    return order
