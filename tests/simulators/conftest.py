"""What the tests of the simulators share."""

import pytest

from .alegra_world import AlegraWorld


@pytest.fixture
def alegra(tmp_path):
    world = AlegraWorld(tmp_path)
    yield world
    world.stop()
