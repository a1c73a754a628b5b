"""A draft in the simulated Alegra, a person there, and a schedule that looks for drafts."""

from __future__ import annotations

import pytest

from integrations.documents import watching
from integrations.scoping.context import scope


@pytest.fixture(autouse=True)
def inside(cast):
    with scope(cast.organization.pk):
        yield


@pytest.fixture
def made(engine):
    """An order whose draft is in Alegra."""
    order = engine.order()
    engine.run()
    assert engine.document(order).state == "created"
    return order


@pytest.fixture
def read(engine):
    """read(minutes=11): time passes, and the schedule looks for drafts every five seconds."""

    def pass_time(*, minutes=0.0, seconds=0.0, every=5):
        left = minutes * 60 + seconds
        while left > 0:
            step = min(every, left)
            engine.at.advance(seconds=step)
            watching.watch_due()
            left -= step

    return pass_time


@pytest.fixture
def alegra(engine):
    """alegra("GET", "/invoices/1") as a person does it there."""

    def send(method, path, **body):
        return engine.as_person(method, path, body or None)

    return send


@pytest.fixture
def left_out(monkeypatch):
    """A list that leaves everything out: its filter is ignored, or it is cut."""
    with monkeypatch.context() as patch:
        patch.setattr(watching.invoices, "read_many", lambda client, ids: {})
        yield patch
