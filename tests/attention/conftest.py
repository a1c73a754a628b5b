"""A shop, and its clock."""

from __future__ import annotations

import pytest

from integrations.timekeeping import clock
from tests import cast as casting
from tests.history.factories import NOW


@pytest.fixture
def half_past_ten():
    with clock.frozen(NOW):
        yield


@pytest.fixture
def shop(cast):
    return casting.make_integration(cast.organization)
