"""Products without a unit of measure: Alegra accepts them in a draft and does not emit it.

Colombian invoicing reference, "Taxes on the line"; Alegra reference, "Business codes observed"
(1039) and open question 29. Decided by the copies, which are read again after a refusal.
"""

from __future__ import annotations

from collections.abc import Iterable

from integrations.alegra.client import AlegraClient
from integrations.alegra.document import Document as AlegraDocument
from integrations.alegra.errors import AlegraError, BudgetExhausted, RateLimited
from integrations.catalog.items import refresh_one
from integrations.catalog.models import AlegraItem
from integrations.connections.models import AlegraCompany
from integrations.documents import gather_lines
from integrations.documents.models import Document
from integrations.sending.problem_kinds import Found

CODE = "item_without_unit"
MOST_READ = 10


def of_draft(document: Document, found: AlegraDocument) -> tuple[Found, ...]:
    """One problem for each product of the draft whose copy has no unit; () for none.

    A product of which there is no copy is taken for one that has.
    """
    return _of(document.company, _ids(found))


def look(
    client: AlegraClient, document: Document, found: AlegraDocument | None
) -> tuple[Found, ...]:
    """The same, read from Alegra where no copy lacks a unit: a product may have lost it since. One
    call a product, at most ten; of a product that cannot be read its copy counts. Raises
    BudgetExhausted and RateLimited. No transaction may be open.
    """
    known = of_draft(document, found) if found is not None else of_order(document)
    if known:
        return known
    ids = _ids(found) if found is not None else _ids_of_order(document)
    for alegra_id in sorted(ids)[:MOST_READ]:
        try:
            refresh_one(document.company, client, alegra_id)
        except (BudgetExhausted, RateLimited):
            raise
        except AlegraError:
            continue
    return _of(document.company, ids)


def of_order(document: Document) -> tuple[Found, ...]:
    """The same for the products that the order's document is made of."""
    return _of(document.company, _ids_of_order(document))


def _ids(found: AlegraDocument) -> set[str]:
    return {line.item_id for line in found.lines if line.item_id}


def _ids_of_order(document: Document) -> set[str]:
    order = document.order
    if order is None:
        return set()
    items = gather_lines.items_of(order, gather_lines.sold_of(order))
    return {item.alegra_id for item in items}


def problem(item: AlegraItem) -> Found:
    return Found(CODE, item.alegra_id, {"item": item.name})


def _of(company: AlegraCompany, ids: Iterable[str]) -> tuple[Found, ...]:
    rows = AlegraItem.objects.present().filter(company=company, alegra_id__in=ids, unit="")
    return tuple(problem(item) for item in rows.order_by("name", "pk"))
