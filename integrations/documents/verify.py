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

# Base and IVA may each be rounded by Alegra in its own way, as long as the total is right.
TAX_TOLERANCE = Decimal(2)


def differences(found: AlegraDocument, built: dict[str, Any]) -> list[str]:
    """Spanish sentences, one for each difference; empty when all is right.

    `built` is the summary kept on the row with its last send (`build.summary`).
    """
    wrong = []
    if not is_right(found.total, Decimal(built["value"])):
        wrong.append(f"el total es {pesos(found.total)}")
    if _differ(built.get("client"), found.client_id):
        wrong.append("el cliente es otro")
    if _differ(built.get("warehouse"), found.warehouse_id):
        wrong.append("la bodega es otra")
    if found.lines and len(found.lines) != built["rows"]:
        wrong.append(f"tiene {len(found.lines)} líneas en vez de {built['rows']}")
    if found.tax is not None and abs(found.tax - Decimal(built["tax"])) > TAX_TOLERANCE:
        wrong.append(f"el IVA es {pesos(found.tax)} en vez de {pesos(Decimal(built['tax']))}")
    return wrong


def _differ(wanted: str | None, told: str) -> bool:
    return bool(wanted) and bool(told) and wanted != told


def is_complete(found: AlegraDocument) -> bool:
    """A create answer may be a receipt only; then the document must be read."""
    return bool(found.lines)
