"""A draft in the simulated Alegra, a person there, and a schedule that looks for drafts."""

from __future__ import annotations

import math

import pytest
from django.db.models import Min

from integrations.documents import watching
from integrations.documents.draft_reading import DraftReading

# The schedule's own rhythm.
EVERY = 5


@pytest.fixture(autouse=True)
def _inside(inside):
    """All that is done here is done in the shop's own scope."""


@pytest.fixture
def read(engine):
    """read(minutes=11): time passes, and the schedule looks for drafts every five seconds.

    While no company's time has come, the looks that would pass over all of them are left out.
    """

    def pass_time(*, minutes=0.0, seconds=0.0, every=EVERY):
        left = minutes * 60 + seconds
        while left > 0:
            step = min(left, every * max(1, math.ceil(_seconds_until_due(engine) / every)))
            engine.at.advance(seconds=step)
            watching.watch_due()
            left -= step

    return pass_time


def _seconds_until_due(engine) -> float:
    first = DraftReading.objects.aggregate(first=Min("next_at"))["first"]
    return 0.0 if first is None else (first - engine.at.now()).total_seconds()


@pytest.fixture
def left_out(monkeypatch):
    """A list that leaves everything out: its filter is ignored, or it is cut."""
    with monkeypatch.context() as patch:
        patch.setattr(watching.invoices, "read_many", lambda client, ids: {})
        yield patch
