"""A simulated Alegra of its own for every test: what others left would only slow it down."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from integrations.configuration.answers import answer
from integrations.configuration.questions import QUESTIONS
from integrations.documents.models import Document
from integrations.scoping.context import scope, unscoped
from integrations.simulators.local import start_local
from integrations.timekeeping import clock
from tests.documents.asked_buyers import asked_of
from tests.documents.engine import make_engine


@pytest.fixture
def simulators():
    running = start_local()
    yield running
    running.stop()


@pytest.fixture
def at():
    with clock.frozen(datetime(2026, 11, 20, 20, 0, tzinfo=UTC)) as frozen:
        yield frozen


@pytest.fixture
def build_engine(cast, simulators, at, settings):
    settings.SIMULATED_ALEGRA_URL = simulators.alegra_url
    settings.SIMULATED_MASTERSHOP_URL = simulators.mastershop_url

    def build(**choices):
        return make_engine(cast, simulators, at, **choices)

    yield build
    each_state_was_told()


def each_state_was_told() -> None:
    """Whatever a test did: a document's changes follow one another and end at its state."""
    with unscoped("all documents of a test"):
        for document in Document.objects.prefetch_related("changes"):
            changes = sorted(document.changes.all(), key=lambda change: change.pk)
            came = [change.from_state for change in changes]
            went = [change.to_state for change in changes]
            assert came == ["", *went[:-1]]
            assert went[-1] == document.state


@pytest.fixture
def engine(build_engine):
    return build_engine()


@pytest.fixture
def inside(cast):
    """In the scope of the shop, as its own code is."""
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
def alegra(engine):
    """alegra("GET", "/invoices/1") as a person does it there."""

    def send(method, path, **body):
        return engine.as_person(method, path, body or None)

    return send


@pytest.fixture
def say(engine, inside):
    """say(order, value): a person answers what the order asks."""

    def said(order, value):
        asked = asked_of(order)
        return answer(
            engine.integration, QUESTIONS[asked.code], order.number, value, params=asked.params
        )

    return said
