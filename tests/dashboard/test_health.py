from datetime import timedelta
from unittest.mock import patch

import pytest
from django.db import DatabaseError
from django.test import Client

from integrations.connections.models import PlatformState
from integrations.timekeeping import clock

pytestmark = pytest.mark.django_db


def _swept(seconds: float) -> None:
    PlatformState.objects.update_or_create(
        pk=1, defaults={"last_sweep_at": clock.now() - timedelta(seconds=seconds)}
    )


def test_the_process_says_that_it_is_up(django_assert_num_queries):
    with django_assert_num_queries(0):
        assert Client().get("/healthz").status_code == 200


def test_it_is_ready_while_the_sweep_runs():
    _swept(3)
    page = Client().get("/readyz")
    assert page.status_code == 200
    assert page.json()["database"] == "ok"
    assert page.json()["sweep_age_seconds"] >= 3


@pytest.mark.parametrize("seconds", [None, 3600])
def test_it_is_not_ready_when_nothing_sweeps(seconds):
    if seconds:
        _swept(seconds)
    assert Client().get("/readyz").status_code == 503


def test_it_is_not_ready_without_its_database():
    with patch.object(PlatformState.objects, "filter", side_effect=DatabaseError):
        page = Client().get("/readyz")
    assert page.status_code == 503
    assert page.json()["database"] == "unreachable"
