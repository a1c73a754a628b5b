"""What Alegra does not allow for now, and how it is noticed that it allows it again.

A refusal that concerns the account (its plan, a limit, a permission) stops the trying after the
first order: the others wait with the same cause. Where no reading can tell that it is over, one
of them is tried every two minutes in the first hour and then every fifteen; when Alegra takes it,
all leave. Its problem stays open until then, so that the cause keeps its age and is mailed once.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from operator import attrgetter
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet

from integrations.connections.models import Credential, Integration
from integrations.scoping.context import scope, unscoped
from integrations.scoping.prepared import Prepared
from integrations.sending import causes, hints
from integrations.sending.models import Cause, Work
from integrations.sending.problem_kinds import BESIDE, KINDS, Found, is_tried_again
from integrations.sending.registry import WorkKind, kinds
from integrations.sending.release import release
from integrations.sending.rows import after_a_cure
from integrations.sending.states import DUE, IN_FLIGHT, State, Why
from integrations.timekeeping.timing import timing

TRIED = frozenset(code for code in KINDS if is_tried_again(code))
_UNDER_WAY = DUE | IN_FLIGHT
_NEXT_FIRST = ("sends", "state_since", "pk")


_cause_of = Prepared(
    lambda integration, action: (
        _open_causes().filter(integration_id=integration, subject_key=action).order_by("pk")
    )
)
_causes_of = Prepared(
    lambda integration, actions: _open_causes().filter(
        integration_id=integration, subject_key__in=actions
    )
)


def held_by(work: Work, action: str) -> Found | None:
    """The open cause for which this action is not to be tried with this work; None to go on.

    `action` as the problem names it ("crear facturas de venta"). The one that is being tried has
    its own problem of the cause still open, and goes on.
    """
    cause = _cause_of.first(integration=work.integration_id, action=action)
    if cause is None or _own_open(work).exists():
        return None
    return Found(cause.code, cause.subject_key, dict(cause.params))


def actions_tried_with(work: Work) -> set[str]:
    """What this work is tried for: the actions of its own open problems of this sort."""
    return {problem.subject_key for problem in causes.open_of(work) if problem.code in TRIED}


def accepted(integration: Integration, actions: Iterable[str]) -> int:
    """Alegra did one of these just now: all that waited for it leave. Returns how many."""
    waiting = _causes_of(integration=integration.pk, actions=sorted(set(actions)))
    return sum(release(cause.code, cause.subject_key, integration=integration) for cause in waiting)


def try_due(now: datetime) -> int:
    """Try one work of each cause whose time has come; returns how many are tried."""
    with unscoped("causes that are tried again"):
        due = list(_due(_open_causes(), now).values_list("pk", "organization_id"))
    tried = 0
    for pk, organization_id in due:
        with scope(organization_id):
            tried += try_again(Cause.objects.get(pk=pk), now) is not None
    return tried


@transaction.atomic
def try_again(cause: Cause, now: datetime) -> Work | None:
    """Send one work of the cause, or look for it first; None where one is under way already,
    something holds all of them, or another problem does too."""
    integration = Integration.objects.select_related("company", "credential").get(
        pk=cause.integration_id
    )
    if integration.hold(now) is not None:
        return None
    if not Cause.objects.filter(pk=cause.pk, tried_at=cause.tried_at).update(tried_at=now):
        return None
    if any(_waiting(kind, cause).filter(state__in=_UNDER_WAY).exists() for kind in kinds()):
        return None
    for work in _next_ones(cause):
        state, at = after_a_cure(work, now)
        if not work.transition(
            state,
            now=now,
            why=Why.TRIED,
            next_attempt_at=at,
            priority=Work.Priority.PERSON,
            failures=0,
            failing_since=None,
            deaths=0,
            probes=0,
        ):
            continue
        hints.hint(work.alegra_user_id)
        return work
    return None


def next_try_at(cause: Cause) -> datetime:
    """When one order of it is tried again by itself."""
    times = timing()
    last = cause.tried_at or cause.first_at
    is_young = last - cause.first_at < times.delta("order_tried_young")
    return last + times.delta("order_tried_every" if is_young else "order_tried_late")


def _due(causes: QuerySet[Cause], now: datetime) -> QuerySet[Cause]:
    times = timing()
    young = Q(first_at__gt=now - times.delta("order_tried_young"))
    return causes.filter(
        young & _before(now - times.delta("order_tried_every"))
        | ~young & _before(now - times.delta("order_tried_late"))
    ).filter(
        integration__state=Integration.State.ON,
        integration__paused_reason="",
        integration__credential__state=Credential.State.VALID,
    )


def _before(moment: datetime) -> Q:
    return Q(tried_at__lte=moment) | Q(tried_at=None, first_at__lte=moment)


def _open_causes() -> QuerySet[Cause]:
    return Cause.objects.open().filter(code__in=TRIED)


def _own_open(work: Work) -> QuerySet:
    return work.problems.filter(code__in=TRIED, closed_at=None)


def _waiting(kind: WorkKind, cause: Cause) -> QuerySet[Work]:
    mine = kind.problem.objects.filter(work=OuterRef("pk"), cause=cause, closed_at=None)
    return kind.work.objects.filter(Exists(mine))


def _next_ones(cause: Cause) -> list[Work]:
    """One of each kind that nothing else blocks: rather one that was not refused yet, then the
    one that was tried longest ago. A refusal may be of one work alone."""
    found = [work for kind in kinds() for work in _tryable(kind, cause).order_by(*_NEXT_FIRST)[:1]]
    return sorted(found, key=attrgetter(*_NEXT_FIRST))


def _tryable(kind: WorkKind, cause: Cause) -> QuerySet[Work]:
    others: Any = kind.problem.objects.filter(work=OuterRef("pk"), closed_at=None)
    others = others.exclude(cause=cause).exclude(code__in=BESIDE)
    return _waiting(kind, cause).filter(~Exists(others), state=State.BLOCKED)
