"""Products without a unit of measure: Alegra takes them in a draft and does not emit it.

Colombian invoicing reference, "Taxes on the line"; Alegra reference, "Business codes observed"
(1039) and open question 29. Decided by the copies: makes no call.
"""

from __future__ import annotations

from collections.abc import Iterable

from integrations.alegra.document import Document as AlegraDocument
from integrations.catalog.models import AlegraItem
from integrations.connections.models import AlegraCompany
from integrations.documents import gather_lines
from integrations.documents.models import Document
from integrations.sending.problem_kinds import Found

CODE = "item_without_unit"


def of_draft(document: Document, found: AlegraDocument) -> tuple[Found, ...]:
    """One problem for each product of the draft whose copy has no unit; () for none.

    A product of which there is no copy is taken for one that has.
    """
    ids = {line.item_id for line in found.lines if line.item_id}
    return _of(document.company, ids)


def of_order(document: Document) -> tuple[Found, ...]:
    """The same for the products that the order's document is made of."""
    order = document.order
    if order is None:
        return ()
    items = gather_lines.items_of(order, gather_lines.sold_of(order))
    return _of(document.company, {item.alegra_id for item in items})


def problem(item: AlegraItem) -> Found:
    return Found(CODE, item.alegra_id, {"item": item.name})


def _of(company: AlegraCompany, ids: Iterable[str]) -> tuple[Found, ...]:
    rows = AlegraItem.objects.present().filter(company=company, alegra_id__in=ids, unit="")
    return tuple(problem(item) for item in rows.order_by("name", "pk"))
