"""Finds rows of Alegra's that are not ours and name one of our orders: a person typed them.

A number alone proves little: other shops count from 1,001 too. So a second sign is needed: the
text calls the number an order, the number is in the field for the buyer's order, or the row's total
is the order's.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Any

from integrations.alegra.shapes import text as told
from integrations.colombia.money import is_right
from integrations.connections.models import AlegraCompany, Integration
from integrations.documents.models import Document
from integrations.orders.models import Order
from integrations.sending import look_alike
from integrations.sending.marker import MARKER, make_marker
from integrations.sending.states import State

# The fields in which people write an order's number.
_TEXTS = ("observations", "anotation", "termsConditions")
_BUYERS_ORDER = "purchaseOrderNumber"
_WORD = re.compile(r"[0-9A-Za-z][0-9A-Za-z_\-/.]*[0-9A-Za-z]|[0-9A-Za-z]")
_CALLED = re.compile(
    r"(?:pedidos?|[oó]rden(?:es)?|orders?|mastershop|venta|compra|ref(?:erencia)?\.?|gu[ií]a"
    r"|n[°ºo]\.?|#)\W*(?:n[°ºo]\.?|n[uú]mero|#|de|web|mastershop)?\W*$",
    re.IGNORECASE,
)
_SHORTEST, _LONGEST, _MOST_WORDS = 4, 64, 60
_CYCLES = range(4)


def orders_named(company: AlegraCompany, rows: Sequence[Any]) -> list[tuple[Any, Order, bool]]:
    """(row, order, whether the portal made the row) for each row that names an order of the
    company. The number of queries grows with the number of words by hundreds only."""
    words = {id(row): _words(row) for row in rows}
    asked = {word for found in words.values() for word in found}
    if not asked:
        return []
    orders = _orders(company, asked)
    found = []
    for row in rows:
        for word in words[id(row)]:
            for order in orders.get(word, ()):
                if _is_ours(row, order):
                    found.append((row, order, True))
                elif _is_meant(row, word, order) and not _is_known(row, order):
                    found.append((row, order, False))
                else:
                    continue
                break
            else:
                continue
            break
    return found


def _orders(company: AlegraCompany, words: Iterable[str]) -> dict[str, list[Order]]:
    mine = list(Integration.objects.filter(company=company).values_list("pk", flat=True))
    rows = Order.objects.filter(integration__in=mine).select_related("document", "integration")
    found: dict[str, list[Order]] = {}
    asked = sorted(words)
    for start in range(0, len(asked), 300):
        some = asked[start : start + 300]
        for column in ("number", "external_number"):
            for order in rows.filter(**{f"{column}__in": some}).defer("snapshot").order_by("pk"):
                found.setdefault(getattr(order, column), []).append(order)
    return found


def _words(row: Any) -> list[str]:
    texts = [row.observations or "", *(told(row.raw.get(name)) for name in (*_TEXTS[1:],))]
    said = [MARKER.sub(" ", each) for each in texts]
    found = [word for each in said for word in _WORD.findall(each)]
    found.append(told(row.raw.get(_BUYERS_ORDER)).strip())
    words = [word for word in found if _SHORTEST <= len(word) <= _LONGEST]
    return list(dict.fromkeys(words))[:_MOST_WORDS]


def _is_ours(row: Any, order: Order) -> bool:
    """Whether its marker is made of this order."""
    key = order.integration.source_key
    sales = {"", order.occurrence}
    return any(
        make_marker(key, number, cycle, occurrence=sale) in (row.observations or "")
        for number in (order.number, f"payment {order.number}")
        for cycle in _CYCLES
        for sale in sales
    )


def _is_meant(row: Any, word: str, order: Order) -> bool:
    if told(row.raw.get(_BUYERS_ORDER)).strip() == word:
        return True
    total = getattr(row, "total", None)
    if total is not None and order.total is not None and is_right(total, order.total):
        return True
    return any(
        _CALLED.search(each[max(0, match.start() - 30) : match.start()])
        for each in (row.observations or "", *(told(row.raw.get(name)) for name in _TEXTS[1:]))
        for match in re.finditer(re.escape(word), each)
    )


def _is_known(row: Any, order: Order) -> bool:
    """Whether a person said that the row is the order's document, or that it is not."""
    document: Document | None = order.document
    if document is None:
        return False
    if document.state == State.EXTERNAL and row.number:
        return _plain(document.number) == _plain(row.number)
    kind = getattr(row, "kind", "")
    if (kind, row.id) in look_alike.denied(document):
        return True
    return row.id in {each["id"] for each in document.doubles or ()}


def _plain(number: str) -> str:
    return re.sub(r"\W", "", number).upper()
