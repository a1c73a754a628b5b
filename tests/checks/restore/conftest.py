"""A PostgreSQL and a Redis of their own."""

from __future__ import annotations

import pytest

from tests.pgbox import Servers


@pytest.fixture
def servers(monkeypatch):
    made = Servers()
    try:
        for name, value in made.start(keeps_commits=True).items():
            monkeypatch.setenv(name, value)
        yield made
    finally:
        made.stop()
