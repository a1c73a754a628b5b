"""What the works about an order say of it, whatever their kinds.

Screens, filters, files and mails read steps and problems here: a new kind of work is on all of
them as soon as it is registered. One query for each kind, and none for one that has nothing to say.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.db.models import F, QuerySet

from integrations.sending.models import Problem, Step, Work
from integrations.sending.problem_kinds import kind_of
from integrations.sending.registry import WorkKind, kinds
from integrations.sending.states import ATTENDED, State


def kinds_about_orders() -> list[WorkKind]:
    """Those whose works name an order."""
    return [kind for kind in kinds() if "order" in _columns(kind.work)]


def _columns(model: type[Work]) -> set[str]:
    return {field.name for field in model._meta.concrete_fields}


def works_of(order: Any) -> dict[WorkKind, list[int]]:
    """Every work about the order, as ids, also those that another one replaced."""
    found = {kind: kind.work.ids_of(order) for kind in kinds_about_orders()}
    return {kind: ids for kind, ids in found.items() if ids}


def steps_of(works: Mapping[WorkKind, Sequence[int]]) -> list[Step]:
    """Their steps with their attempts, kind by kind; each has the state of its work as
    `work_state`."""
    return [
        step
        for kind, ids in works.items()
        for step in kind.step.objects.filter(work__in=ids)
        .annotate(work_state=F("work__state"))
        .prefetch_related("attempts")
        .order_by("cycle", "position", "pk")
    ]


def open_problems(
    orders: Iterable[Any], *, of: Iterable[WorkKind] | None = None
) -> dict[int, list[Problem]]:
    """By id of the order: the open problems of its works, the oldest first.

    Each has the state of its work as `work_state`. `of`: of these kinds only.
    """
    orders = list(orders)
    found: dict[int, list[Problem]] = {}
    for kind in kinds_about_orders() if of is None else of:
        ids = [order.pk for order in orders if kind.work.may_have_problems(order)]
        if not ids:
            continue
        rows = kind.problem.objects.filter(order__in=ids, closed_at=None)
        for problem in rows.annotate(work_state=F("work__state")):
            found.setdefault(problem.order_id, []).append(problem)
    for problems in found.values():
        problems.sort(key=lambda problem: (problem.opened_at, problem.pk))
    return found


def holds(problem: Problem) -> bool:
    """Its work goes no further before a person has acted; of one read by `open_problems`."""
    return problem.work_state in ATTENDED and kind_of(problem.code).blocks


def orders_with_problem(**which: Any) -> QuerySet:
    """Ids of the orders with a problem like this, for `pk__in`: a union over the kinds, so that
    each part has its index."""
    first, *others = [
        kind.problem.objects.filter(**which).order_by().values("order") for kind in kinds()
    ]
    return first.union(*others, all=True) if others else first


def orders_held(*, but: type[Work]) -> QuerySet | None:
    """Ids of the orders of which a work of another kind than `but` waits for a person; None where
    there is no such kind."""
    parts = [
        kind.work.objects.filter(state=State.BLOCKED, order__isnull=False)
        .order_by()
        .values("order")
        for kind in kinds_about_orders()
        if kind.work is not but
    ]
    if not parts:
        return None
    return parts[0].union(*parts[1:], all=True) if len(parts) > 1 else parts[0]
