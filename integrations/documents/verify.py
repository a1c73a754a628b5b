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


def differences(found: AlegraDocument, payload: dict[str, Any], built: dict[str, Any]) -> list[str]:
    """Spanish sentences, one for each difference; empty when all is right."""
    wrong = []
    if not is_right(found.total, Decimal(built["value"])):
        wrong.append(f"el total es {pesos(found.total)}")
    client = _id(payload.get("client"))
    if client and found.client_id and found.client_id != client:
        wrong.append("el cliente es otro")
    warehouse = _id(payload.get("warehouse"))
    if warehouse and found.warehouse_id and found.warehouse_id != warehouse:
        wrong.append("la bodega es otra")
    if found.lines and len(found.lines) != len(payload["items"]):
        wrong.append(f"tiene {len(found.lines)} líneas en vez de {len(payload['items'])}")
    if found.tax is not None and abs(found.tax - Decimal(built["tax"])) > TAX_TOLERANCE:
        wrong.append(f"el IVA es {pesos(found.tax)} en vez de {pesos(Decimal(built['tax']))}")
    return wrong


def is_complete(found: AlegraDocument) -> bool:
    """A create answer may be a receipt only; then the document must be read."""
    return bool(found.lines)


def _id(value: Any) -> str:
    return str(value["id"]) if isinstance(value, dict) and value.get("id") else ""
