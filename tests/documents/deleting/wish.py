"""A person has seen a draft in Alegra and wants it deleted."""

from __future__ import annotations

from integrations.documents import deleting, in_alegra
from integrations.documents.models import Document

RETURNED, CANCELLED = 10, 9


def newest(order) -> Document:
    return Document.objects.select_related("order").filter(order=order).latest("cycle")


def shown(engine, order):
    document = newest(order)
    [found] = in_alegra.look(document, [document.alegra_id])
    return found


def ask(engine, order, by, then=deleting.WITHDRAW, **more):
    return deleting.ask(order, shown=shown(engine, order), then=then, by=by, **more)


def deletions(engine) -> int:
    return engine.calls("DELETE", "/invoices/")
