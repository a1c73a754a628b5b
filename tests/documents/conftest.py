"""The simulated Alegra, once for all tests of this folder; a fresh company for each."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
import requests

from integrations.simulators.local import start_local
from integrations.timekeeping import clock
from tests.documents.engine import make_engine


@pytest.fixture(scope="session")
def simulators(tmp_path_factory):
    running = start_local(tmp_path_factory.mktemp("simulators"))
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
    requests.post(f"{simulators.alegra_root}/_control/reset", timeout=10)

    def build(**choices):
        return make_engine(cast, simulators, at, **choices)

    return build


@pytest.fixture
def engine(build_engine):
    return build_engine()
