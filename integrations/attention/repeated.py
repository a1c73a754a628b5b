"""Orders that belong to several causes, for mails that add causes up."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable

from django.db.models import F, IntegerField, Q, Value

from integrations.notifications.news import CauseNews, Repeated
from integrations.sending.models import Cause
from integrations.sending.registry import WorkKind, kinds


def repeated(causes: Collection[CauseNews]) -> Repeated:
    """What a sum over these causes counts more than once. One query for each kind of work.

    As in the figures of the causes, an open cause counts its open problems and a solved one all
    that it had.
    """
    holds = {cause.cause_id: cause.holds for cause in causes}
    if len(holds) < 2:
        return Repeated()
    worths: defaultdict[int, list[int]] = defaultdict(list)
    waiting: defaultdict[int, int] = defaultdict(int)
    for kind in kinds():
        for cause_id, order_id, worth in _rows(kind, list(holds)):
            worths[order_id].append(worth or 0)
            waiting[order_id] += holds[cause_id]
    return Repeated(
        orders=sum(len(each) - 1 for each in worths.values()),
        holding=sum(max(0, times - 1) for times in waiting.values()),
        pesos=sum(sum(each) - max(each) for each in worths.values()),
    )


def _rows(kind: WorkKind, causes: list[int]) -> Iterable[tuple[int, int, int | None]]:
    """Cause, order and worth in pesos, once for each work of a cause."""
    worth = F(f"work__{kind.work.WORTH}") if kind.work.WORTH else Value(0, IntegerField())
    rows = kind.problem.objects.filter(
        Q(closed_at=None) | Q(cause__state=Cause.State.SOLVED), cause__in=causes
    )
    counted = rows.exclude(order=None).order_by().annotate(worth=worth)
    found = counted.values_list("cause_id", "order_id", "worth", "work_id").distinct()
    return [(cause_id, order_id, pesos) for cause_id, order_id, pesos, _work in found]
