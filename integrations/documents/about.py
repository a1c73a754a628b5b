"""A problem of one order's document: its code, its order as the culprit, and more to say."""

from __future__ import annotations

from typing import Any

from integrations.documents.models import Document
from integrations.sending.problem_kinds import Found


def about(document: Document, code: str, **params: Any) -> Found:
    order = document.order
    return Found(code, order.key, {"order": order.number, "order_id": order.pk, **params})
