"""The kinds of work: each room that writes to Alegra registers its own tables and acts."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from integrations.sending.models import Attempt, Problem, Step, Work


@dataclass(frozen=True)
class WorkKind:
    """`first_step(turn, work)` decides on a claimed row; its decision names what follows.

    `pesos(work)` is what the work is worth to the merchant, for the order of causes.
    """

    name: str
    work: type[Work]
    step: type[Step]
    attempt: type[Attempt]
    problem: type[Problem]
    first_step: Callable[[Any, Any], Any]
    order_of: Callable[[Work], Any]
    pesos: Callable[[Work], int]


_kinds: dict[str, WorkKind] = {}


def register(kind: WorkKind) -> None:
    _kinds[kind.name] = kind


def kinds() -> list[WorkKind]:
    return list(_kinds.values())


def kind_of_work(work: Work) -> WorkKind:
    return next(kind for kind in _kinds.values() if isinstance(work, kind.work))
