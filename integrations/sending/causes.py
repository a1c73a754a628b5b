"""Problems open and close; those that one act repairs share a cause.

A cause counts its open problems and their pesos. It opens with its first problem and
closes, by itself, with its last. Some problems block their work; others stand beside it, and
each sort is kept without touching the other.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models import Count, F, Sum
from django.db.models.functions import Coalesce

from integrations.sending.models import Cause, Problem, Work
from integrations.sending.problem_kinds import BESIDE, Found, sentence
from integrations.sending.registry import WorkKind, kind_of_work


def open_problems(work: Work, found: Sequence[Found], *, now: datetime) -> None:
    """Make the problems that block the work exactly these. In one transaction of the caller's.

    What stands beside it is another matter (`set_beside`), and stays.
    """
    kind = kind_of_work(work)
    current = {_own_key(problem): problem for problem in _open(work).exclude(code__in=BESIDE)}
    wanted = {(each.code, each.subject_key): each for each in found}
    close(kind, [each for key, each in current.items() if key not in wanted], now=now)
    # In one order for everybody: two works with the same problems the other way round would
    # wait for each other's causes.
    for key, each in sorted(wanted.items()):
        problem = current.get(key)
        if problem is None:
            _open_one(kind, work, each, now=now)
        elif each.params.get("said", problem.params.get("said")) != problem.params.get("said"):
            _say_anew(kind, problem, each)


def _say_anew(kind: WorkKind, problem: Problem, found: Found) -> None:
    """Alegra said something else this time: page, list and mails say the newest."""
    kind.problem.objects.filter(pk=problem.pk).update(params=found.params)
    words = sentence(found.code, found.params)[:300]
    Cause.objects.filter(pk=problem.cause_id).update(label=words, params=found.params)


def set_beside(work: Work, found: Sequence[Found], *, now: datetime, by: str = "") -> None:
    """Make what stands beside the work exactly these, in the words of this moment.

    The work keeps its state and what blocks it. In one transaction of the caller's.
    """
    kind = kind_of_work(work)
    current = {_own_key(problem): problem for problem in _open(work).filter(code__in=BESIDE)}
    wanted = {(each.code, each.subject_key): each for each in found}
    close(kind, [each for key, each in current.items() if key not in wanted], now=now, by=by)
    for key, each in sorted(wanted.items()):
        problem = current.get(key)
        if problem is None:
            problem = _open_one(kind, work, each, now=now)
        elif problem.params != each.params:
            _say_anew(kind, problem, each)
        else:
            continue
        # The order is worth something else by now.
        recount(kind, problem.cause_id, now=now)


def close_problems(work: Work, *, now: datetime, by: str = "", but: Iterable[str] = ()) -> None:
    """What blocked the work is over; what stands beside it stays, and so do the codes of `but`:
    whether they are over is yet to be seen."""
    stays = {*BESIDE, *but}
    close(kind_of_work(work), _open(work).exclude(code__in=stays), now=now, by=by)


def close_beside(work: Work, *, now: datetime, by: str = "") -> None:
    close(kind_of_work(work), _open(work).filter(code__in=BESIDE), now=now, by=by)


def _open(work: Work):
    return kind_of_work(work).problem.objects.filter(work=work, closed_at=None)


def _own_key(problem: Problem) -> tuple[str, str]:
    return problem.code, problem.subject_key


def _open_one(kind: WorkKind, work: Work, found: Found, *, now: datetime) -> Problem:
    return kind.problem.objects.create(
        work=work,
        order=work.order,
        cause=_open_cause(work, found, pesos=work.worth, now=now),
        code=found.code,
        subject_key=found.subject_key,
        params=found.params,
        opened_at=now,
    )


def close(kind: WorkKind, problems: Iterable[Problem], *, now: datetime, by: str = "") -> None:
    problems = list(problems)
    if not problems:
        return
    kind.problem.objects.filter(pk__in=[problem.pk for problem in problems]).update(closed_at=now)
    for cause_id in sorted({problem.cause_id for problem in problems}):
        recount(kind, cause_id, now=now, by=by)


def recount(kind: WorkKind, cause_id: int, *, now: datetime, by: str = "") -> None:
    """Count the cause's open problems again; without any it is solved."""
    cause = Cause.objects.select_for_update().get(pk=cause_id)
    left = kind.problem.objects.filter(cause_id=cause_id, closed_at=None).aggregate(
        count=Count("id"), pesos=Coalesce(Sum("order__total_pesos"), 0)
    )
    changes = {"open_count": left["count"], "pesos": left["pesos"]}
    if not left["count"] and cause.is_open:
        closed = kind.problem.objects.filter(cause_id=cause_id).aggregate(
            count=Count("work", distinct=True), pesos=Coalesce(Sum("order__total_pesos"), 0)
        )
        changes |= {
            "state": Cause.State.SOLVED,
            "solved_at": now,
            "solved_by": by,
            "solved_count": closed["count"],
            "solved_pesos": closed["pesos"],
        }
    Cause.objects.filter(pk=cause_id).update(**changes)


def _open_cause(work: Work, found: Found, *, pesos: int, now: datetime) -> Cause:
    key = {
        "integration_id": work.integration_id,
        "code": found.code,
        "subject_key": found.subject_key,
        "state": Cause.State.OPEN,
    }
    counted = {
        "open_count": F("open_count") + 1,
        "pesos": F("pesos") + pesos,
        "last_at": now,
        "label": sentence(found.code, found.params)[:300],
        "params": found.params,
    }
    if not Cause.objects.filter(**key).update(**counted):
        try:
            with transaction.atomic():
                return Cause.objects.create(
                    organization_id=work.organization_id,
                    **key,
                    label=counted["label"],
                    params=found.params,
                    first_at=now,
                    last_at=now,
                    open_count=1,
                    pesos=pesos,
                )
        except IntegrityError:
            # Another worker opened it between the two statements.
            Cause.objects.filter(**key).update(**counted)
    return Cause.objects.get(**key)
