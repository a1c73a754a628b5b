"""What the portal's own worker says when it can let nobody in."""

from __future__ import annotations

import errno

import pytest
from structlog.testing import capture_logs

from integrations.scoping import lacking
from mastershop_alegra.web_worker import Worker


@pytest.fixture(autouse=True)
def _anew():
    lacking.forget()
    yield
    lacking.forget()


@pytest.mark.parametrize(
    ("number", "said"),
    [
        (errno.EMFILE, "no file handle left"),
        (errno.ENFILE, "no file handle left in the whole system"),
        (errno.ENOBUFS, "no memory left"),
    ],
)
def test_what_is_missing_is_told_once_with_the_limit(number, said):
    with capture_logs() as lines:
        for _ in range(3):
            Worker.tell_no_room(None, OSError(number, "nothing"))
    [line] = lines
    assert line["event"] == said
    assert line["advice"]
