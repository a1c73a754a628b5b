"""Problems open and close; those that one act repairs share a cause.

A cause counts its open problems, of every kind of work, and their pesos. It opens with its
first problem and closes, by itself, with its last. Some problems block their work; others are
beside it, and each sort is kept without touching the other.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from functools import cache
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Count, F, Sum

from integrations.scoping.prepared import Prepared
from integrations.sending.models import Cause, Problem, Work
from integrations.sending.problem_kinds import BESIDE, Found, sentence
from integrations.sending.registry import kinds

_LONGEST = Cause._meta.get_field("label").max_length


def open_problems(work: Work, found: Sequence[Found], *, now: datetime) -> None:
    """Make the problems that block the work exactly these. In one transaction of the caller's.

    What stands beside it is another matter (`set_beside`), and stays.
    """
    current = {_own_key(each): each for each in open_of(work) if each.code not in BESIDE}
    wanted = {(each.code, each.subject_key): each for each in found}
    close([each for key, each in current.items() if key not in wanted], now=now)
    # In one order for everybody: two works with the same problems the other way round would
    # wait for each other's causes.
    for key, each in sorted(wanted.items()):
        problem = current.get(key)
        if problem is None:
            _open_one(work, each, now=now)
        elif each.params.get("said", problem.params.get("said")) != problem.params.get("said"):
            _say_anew(problem, each)


def _say_anew(problem: Problem, found: Found) -> None:
    """Alegra said something else this time: page, list and mails say the newest."""
    type(problem).objects.filter(pk=problem.pk).update(params=found.params)
    Cause.objects.filter(pk=problem.cause_id).update(label=_label(found), params=found.params)


def _label(found: Found) -> str:
    """Its sentence, cut to the length of the column."""
    text = sentence(found.code, found.params)
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1].rstrip()}…"


def set_beside(
    work: Work,
    found: Sequence[Found],
    *,
    now: datetime,
    by: str = "",
    among: Collection[str] = BESIDE,
) -> None:
    """Make these the problems beside the work, with the sentences of this moment.

    The work keeps its state and what blocks it. `among`: the codes that the caller decides about;
    problems with other codes stay. Needs a transaction of the caller's.
    """
    current = {_own_key(each): each for each in open_of(work) if each.code in among}
    wanted = {(each.code, each.subject_key): each for each in found}
    close([each for key, each in current.items() if key not in wanted], now=now, by=by)
    for key, each in sorted(wanted.items()):
        problem = current.get(key)
        if problem is None:
            problem = _open_one(work, each, now=now)
        elif problem.params != each.params:
            _say_anew(problem, each)
        else:
            continue
        # The order is worth something else by now.
        recount(problem.cause_id, now=now)


def close_problems(work: Work, *, now: datetime, by: str = "", but: Iterable[str] = ()) -> None:
    """What blocked the work is over; what stands beside it stays, and so do the codes of `but`:
    whether they are over is yet to be seen."""
    stays = {*BESIDE, *but}
    close([each for each in open_of(work) if each.code not in stays], now=now, by=by)


def close_beside(work: Work, *, now: datetime, by: str = "") -> None:
    close([each for each in open_of(work) if each.code in BESIDE], now=now, by=by)


def open_of(work: Work) -> list[Problem]:
    """What is open of the work, whether it blocks it or not."""
    return _open_of(type(work)._meta.get_field("problems").related_model)(work=work.pk)


@cache
def _open_of(model: type[Problem]) -> Prepared:
    return Prepared(lambda work: model.objects.filter(work_id=work, closed_at=None))


def _own_key(problem: Problem) -> tuple[str, str]:
    return problem.code, problem.subject_key


def _open_one(work: Work, found: Found, *, now: datetime) -> Problem:
    return work.problems.create(
        organization_id=work.organization_id,
        order=work.order,
        cause=_open_cause(work, found, pesos=work.worth, now=now),
        code=found.code,
        subject_key=found.subject_key,
        params=found.params,
        opened_at=now,
    )


def close(problems: Iterable[Problem], *, now: datetime, by: str = "") -> None:
    """Close these problems of one work."""
    problems = list(problems)
    if not problems:
        return
    ids = [problem.pk for problem in problems]
    type(problems[0]).objects.filter(pk__in=ids).update(closed_at=now)
    for cause_id in sorted({problem.cause_id for problem in problems}):
        recount(cause_id, now=now, by=by)


def recount(cause_id: int, *, now: datetime, by: str = "") -> None:
    """Count the cause's open problems again, of all kinds of work; without any it is solved."""
    cause = Cause.objects.select_for_update().get(pk=cause_id)
    count, pesos = _counted("id", cause_id=cause_id, closed_at=None)
    changes: dict[str, Any] = {"open_count": count, "pesos": pesos}
    if not count and cause.is_open:
        works, worth = _counted("work", cause_id=cause_id)
        changes |= {
            "state": Cause.State.SOLVED,
            "solved_at": now,
            "solved_by": by,
            "solved_count": works,
            "solved_pesos": worth,
        }
    Cause.objects.filter(pk=cause_id).update(**changes)


def _counted(what: str, **which: Any) -> tuple[int, int]:
    """How many of `what` the problems of all kinds have, and what they are worth in pesos."""
    count = pesos = 0
    for kind in kinds():
        sums = {"pesos": Sum(f"work__{kind.work.WORTH}")} if kind.work.WORTH else {}
        found = kind.problem.objects.filter(**which)
        row = found.aggregate(count=Count(what, distinct=True), **sums)
        count += row["count"]
        pesos += row.get("pesos") or 0
    return count, pesos


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
        "label": _label(found),
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
