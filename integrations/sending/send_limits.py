"""How often a work may be sent again after it was proven absent."""

from __future__ import annotations

from datetime import datetime
from functools import cache

from django.db.models import Max, Q

from integrations.scoping.prepared import Prepared
from integrations.sending.about import about
from integrations.sending.decided import Next, blocked, give_back
from integrations.sending.far_side import CREATE
from integrations.sending.models import Attempt, Work
from integrations.sending.registry import kind_of_work
from integrations.sending.states import Outcome
from integrations.timekeeping import clock
from integrations.timekeeping.timing import MAX_SENDS, MAX_SENDS_AN_HOUR, timing


@cache
def _lost_of(model: type[Attempt]) -> Prepared:
    return Prepared(
        lambda work: model.objects.filter(
            # Without an outcome: the worker died over it.
            Q(outcome=Outcome.UNCONFIRMED) | Q(outcome=None),
            step__work_id=work,
            step__name=CREATE,
            method="POST",
        ).values_list("started_at")
    )


def too_many_sends(work: Work) -> Next | None:
    """After proven absence: at most three sends in an hour and twelve in all."""
    now = clock.now()
    lost = [at for (at,) in _lost_of(kind_of_work(work).attempt)(work=work.pk)]
    if len(lost) >= MAX_SENDS:
        lost = _since_a_person_said_yes(work, lost)
    if len(lost) >= MAX_SENDS:
        return blocked([about(work, "gave_up")], unfreeze=False)
    window = timing().delta("resend_window")
    recent = sorted(at for at in lost if at > now - window)
    if len(recent) >= MAX_SENDS_AN_HOUR:
        return give_back(work, at=recent[0] + window)
    return None


def _since_a_person_said_yes(work: Work, lost: list[datetime]) -> list[datetime]:
    """*Reintentar* after giving up is good for as many sends again."""
    problems = kind_of_work(work).problem.objects.filter(work=work, code="gave_up")
    asked = problems.aggregate(at=Max("closed_at"))["at"]
    return lost if asked is None else [at for at in lost if at > asked]
