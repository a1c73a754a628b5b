"""The kinds of work. A room that writes to Alegra registers its model and its first step; steps,
attempts, problems and changes of state are the tables that point at that model."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from django.db import models

from integrations.sending.decided import StepFunction
from integrations.sending.models import Attempt, Problem, StateChange, Step, Work
from integrations.sending.safe_start.lists import AlegraList

if TYPE_CHECKING:
    from integrations.sending.far_side import FarSide


@dataclass(frozen=True)
class WorkKind:
    """`perform(turn, work)` decides on a claimed row; its decision names what follows. `far(work)`:
    how Alegra knows a work, None for kinds of which Alegra is not asked for a second one. `lists`:
    the lists in which forgotten works are found after a restore (safe start)."""

    work: type[Work]
    perform: StepFunction
    far: Callable[[Any], FarSide[Any, Any]] | None = None
    lists: tuple[AlegraList, ...] = ()

    @property
    def name(self) -> str:
        return self.work._meta.model_name

    @cached_property
    def step(self) -> type[Step]:
        return _pointing_at(self.work, "steps")

    @cached_property
    def change(self) -> type[StateChange]:
        return _pointing_at(self.work, "changes")

    @cached_property
    def attempt(self) -> type[Attempt]:
        return _pointing_at(self.step, "attempts")

    @cached_property
    def problem(self) -> type[Problem]:
        return _pointing_at(self.work, "problems")


_kinds: dict[type[Work], WorkKind] = {}


def register(
    model: type[Work],
    perform: StepFunction,
    *,
    far: Callable[[Any], FarSide[Any, Any]] | None = None,
    lists: tuple[AlegraList, ...] = (),
) -> None:
    _kinds[model] = WorkKind(model, perform, far, lists)


def lists() -> list[AlegraList]:
    """Every list of Alegra's in which works of any kind are found."""
    return [each for kind in kinds() for each in kind.lists]


def kinds() -> list[WorkKind]:
    return list(_kinds.values())


def kind_of_work(work: Work) -> WorkKind:
    return _kinds[type(work)]


def _pointing_at(model: type[models.Model], name: str) -> type[models.Model]:
    return model._meta.get_field(name).related_model
