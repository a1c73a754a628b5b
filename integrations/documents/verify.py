"""Comparing what Alegra kept with what was built. Pure.

Client, warehouse, number of lines, IVA and total (product rules, *Verify*). None from
Alegra means that it did not tell, and is no difference.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from integrations.alegra.document import Document as AlegraDocument
from integrations.colombia.money import is_right
from integrations.colombia.peso_text import pesos
from integrations.documents.models import BuyerContact
from integrations.documents.same_person import is_same_person

# Base and IVA may each be rounded by Alegra in its own way, as long as the total is right.
TAX_TOLERANCE = Decimal(2)


def total_is_right(found: AlegraDocument, built: dict[str, Any]) -> bool:
    return is_right(found.total, Decimal(built["value"]))


def differences(found: AlegraDocument, built: dict[str, Any]) -> list[str]:
    """Spanish sentences, one for each difference but the client's and the warehouse's; empty
    when all is right.

    `built` is the summary kept on the row with its last send (`build.summary`).
    """
    wrong = []
    if not total_is_right(found, built):
        wrong.append(f"el total es {pesos(found.total)}")
    if found.lines and len(found.lines) != built["rows"]:
        wrong.append(f"tiene {len(found.lines)} líneas en vez de {built['rows']}")
    if found.tax is not None and abs(found.tax - Decimal(built["tax"])) > TAX_TOLERANCE:
        wrong.append(f"el IVA es {pesos(found.tax)} en vez de {pesos(Decimal(built['tax']))}")
    return wrong


def warehouse_is_kept(found: AlegraDocument, built: dict[str, Any]) -> bool:
    """False where Alegra tells another warehouse than was sent, or tells that there is none."""
    sent = built.get("warehouse")
    if not sent or found.warehouse_id == sent:
        return True
    return not found.warehouse_id and not found.tells_warehouse


def is_another_client(
    found: AlegraDocument, built: dict[str, Any], buyer: BuyerContact | None
) -> bool:
    """Whether it is made out to somebody else than the buyer.

    By the identification that Alegra tells of its client. Without one only an id can say so
    that is neither the one that was sent nor the one that a person said is the buyer's.
    """
    if buyer is None or found.client_number is None:
        believed = "" if buyer is None else buyer.alegra_id
        return _differ(built.get("client"), found.client_id) and found.client_id != believed
    return not is_same_person(buyer, found.client_id, found.client_number)


def _differ(wanted: str | None, told: str) -> bool:
    return bool(wanted) and bool(told) and wanted != told


def is_complete(found: AlegraDocument) -> bool:
    """A create answer may be a receipt only; then the document must be read."""
    return bool(found.lines)
