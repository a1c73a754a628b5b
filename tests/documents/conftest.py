"""A simulated Alegra of its own for every test: what others left would only slow it down."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from integrations.simulators.local import start_local
from integrations.timekeeping import clock
from tests.documents.engine import make_engine


@pytest.fixture
def simulators(tmp_path):
    running = start_local(tmp_path)
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

    return build


@pytest.fixture
def engine(build_engine):
    return build_engine()
