"""A problem of one work: its code, its order as the culprit where it has one, what it is called,
and more to say."""

from __future__ import annotations

from typing import Any

from integrations.sending.models import Work
from integrations.sending.problem_kinds import Found


def about(work: Work, code: str, **params: Any) -> Found:
    order, params = work.order, {"called": work.called, **params}
    if order is None:
        # Ids of two kinds may be the same.
        return Found(code, f"{work._meta.model_name} {work.pk}", params)
    return Found(code, order.key, {"order": order.number, "order_id": order.pk, **params})
