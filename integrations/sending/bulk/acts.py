"""What can be done with many works at once. A room registers each act by its name."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet

from integrations.sending.bulk.models import BulkRun
from integrations.sending.models import Work


def nothing_to_read(_run: BulkRun, _keep: Callable[[], bool], _now: datetime) -> datetime | None:
    return None


def never(_work: Work, _run: BulkRun, _now: datetime) -> bool:
    return False


NONE = Q(pk__in=[])


@dataclass(frozen=True)
class Act:
    """`plan(works, run, now)` gives for each work of a query why it is left out, '' for one that
    goes, with a number of queries that does not depend on the number of works. `do(work, run,
    now)` does it with one, inside of a transaction; False where that one moved on.

    `under_way` finds works that were asked for and have not come to an end. `waits_for_cure`
    finds those at rest that go on by themselves once a person has acted; `take_back` ends the
    wish for one of these, False where it is too late. `read(run, keep, now)` reads the chosen
    works from Alegra before they are planned, a piece at a time. It returns when the next piece
    is due, None once all is read; `keep()` renews the worker's lease, False where it is lost.
    """

    name: str
    work: type[Work]
    plan: Callable[[QuerySet[Any], BulkRun, datetime], Iterable[tuple[Any, str]]]
    do: Callable[[Any, BulkRun, datetime], bool]
    # The path from a work to what it is worth in pesos.
    pesos: str
    under_way: Q
    waits_for_cure: Q = NONE
    take_back: Callable[[Any, BulkRun, datetime], bool] = never
    read: Callable[[BulkRun, Callable[[], bool], datetime], datetime | None] = nothing_to_read


_acts: dict[str, Act] = {}


def register(act: Act) -> None:
    _acts[act.name] = act


def named(name: str) -> Act:
    """Raises KeyError."""
    return _acts[name]


def act_of(run: BulkRun) -> Act:
    return named(run.act)
