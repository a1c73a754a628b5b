"""The way of one quiet order through the rooms: sending asks documents once a step.

Each time the walk goes down to sending and climbs to documents again, whoever follows it has to
keep two rooms in mind. A step returns a value; it does not call the engine in between.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import pairwise
from pathlib import Path

import pytest

import integrations

pytestmark = pytest.mark.django_db

PACKAGE = Path(integrations.__file__).parent
# Start, whether it waits, making it, its contact, whether it still may go, the comparison, what is
# noted with it, and what follows.
MOST_CLIMBS = 8


@contextmanager
def walk() -> Iterator[list[tuple[str, str]]]:
    """(room, function) of each call into one of the two rooms, in order."""
    stays: list[tuple[str, str]] = []
    folders = {str(PACKAGE / room) + "/": room for room in ("sending", "documents")}

    def note(frame, event, _arg):
        if event != "call":
            return
        code = frame.f_code
        for folder, room in folders.items():
            if code.co_filename.startswith(folder):
                stays.append((room, f"{code.co_filename.removeprefix(folder)}:{code.co_name}"))

    sys.setprofile(note)
    try:
        yield stays
    finally:
        sys.setprofile(None)


def test_a_quiet_order_climbs_from_sending_to_documents_once_a_step(engine):
    engine.order()
    engine.run()
    # Its buyer is known by now: one call, and nothing is asked.
    order = engine.order()
    with walk() as stays:
        engine.run()
    assert engine.document(order).state == "created"
    pairs = pairwise(stays)
    climbs = [to for (left, _), (came, to) in pairs if (left, came) == ("sending", "documents")]
    print(f"climbs of a quiet order: {len(climbs)}")
    assert any(where.endswith(":start") for where in climbs)
    assert len(climbs) <= MOST_CLIMBS, climbs
