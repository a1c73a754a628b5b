"""One door for the tests of a file."""

from __future__ import annotations

import pytest

from tests.mastershop_alegra.served import Served


@pytest.fixture(scope="module")
def door(tmp_path_factory):
    served = Served(tmp_path_factory.mktemp("door"))
    yield served
    served.end()
