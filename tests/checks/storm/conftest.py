from __future__ import annotations

import shutil

import pytest

from tests.checks import kept
from tests.flows.live import LivePortal


@pytest.fixture(scope="module")
def portal(request):
    """A portal in real time, whose logs are kept."""
    with LivePortal(divisor=1) as found:
        yield found
        folder = kept.folder() / f"log-{request.module.__name__.rpartition('.')[2]}"
        shutil.copytree(found.var / "log", folder, dirs_exist_ok=True)
