"""Twenty workers are stopped at every boundary of a create, for longer than others look for its
document: when they go on, none of them asks Alegra to make it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.db import connection, connections

from integrations.documents.models import Document
from integrations.scoping.context import unscoped
from integrations.timekeeping import clock
from tests.cast import make_organization
from tests.documents.engine import make_engine
from tests.documents.paused_workers import BOUNDARIES

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def at():
    """The processes know no other clock than the real one."""
    with clock.frozen(datetime.now(UTC)) as frozen:
        yield frozen


def delivered(merchant):
    then = clock.now() - timedelta(days=1)
    told = then.strftime("%Y-%m-%dT%H:%M:%SZ")
    return merchant.order(date_created_order=told, updated=told)


def test_a_worker_stopped_anywhere_on_its_way_to_a_create_asks_for_nothing(
    build_engine, simulators, at
):
    another = SimpleNamespace(organization=make_organization())
    merchants = [
        build_engine(),
        make_engine(another, simulators, at, kind="remission", mode="definitive"),
    ]
    rows = []
    for merchant in merchants:
        first = delivered(merchant)
        merchant.run()
        assert merchant.document(first).state == "created"
        for boundary in BOUNDARIES:
            rows.append((boundary, merchant.document(delivered(merchant)).pk))
    came_to = workers_are_stopped(rows, simulators)

    assert came_to == [[boundary, True] for boundary, _ in rows]
    # Nothing but the first one of each, which nobody stopped.
    assert [merchants[0].calls("POST", path) for path in ("/invoices", "/remissions")] == [1, 1]
    assert [len(merchants[0].invoices()), len(merchants[1].remissions())] == [1, 1]
    with unscoped("all documents of a test"):
        states = Counter(Document.objects.values_list("state", flat=True))
    # Before its intention was kept a row is free again at once; after it, it is looked for.
    assert states == {"created": 2, "pending": 4, "unconfirmed": 16}


def workers_are_stopped(rows, simulators) -> list:
    name = connection.settings_dict["NAME"]
    connections.close_all()
    done = subprocess.run(
        [sys.executable, "-m", "tests.documents.paused_workers", str(name)],
        input=json.dumps(rows),
        capture_output=True,
        text=True,
        timeout=60,
        cwd=Path(__file__).resolve().parents[2],
        env={
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "mastershop_alegra.settings",
            "SIMULATED_ALEGRA_URL": simulators.alegra_url,
            "SIMULATED_MASTERSHOP_URL": simulators.mastershop_url,
            "LOG_LEVEL": "CRITICAL",
        },
    )
    assert done.returncode == 0, done.stderr[-3000:]
    return json.loads(done.stdout)
