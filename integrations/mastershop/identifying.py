"""What a delivery without an order still says of the order it meant.

Only what a person needs to look it up in MasterShop: nothing of the buyer's is read.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from . import values
from .parser import ORDER_NUMBER, top_total, unwrap

# As much of a number as fits on a line and is still recognised.
_LONGEST = 40


@dataclass(frozen=True, slots=True)
class Identifying:
    """Texts are '' and `total` (in `currency`, COP where none is named) None when not told."""

    number: str = ""
    external_id: str = ""
    total: Decimal | None = None
    currency: str = "COP"
    event_name: str = ""


def identifying(body: Any) -> Identifying:
    """What the body says, as it came; long texts are cut and end in "…". Never raises."""
    opened = unwrap(body) if isinstance(body, Mapping | list) else None
    if opened is None:
        return Identifying()
    transaction = opened.object("order_transaction", "transaction")
    total = transaction.first("total")
    currency = values.text(transaction.first("currency") or opened.first("currency"), limit=10)
    return Identifying(
        number=_cut(opened.first(*ORDER_NUMBER)),
        external_id=_cut(opened.first("external_order_id", "external_id")),
        total=values.number(top_total(opened) if total is None else total),
        currency=currency.upper() or "COP",
        event_name=_cut(opened.first("event_name", "event")),
    )


def as_body(found: Identifying) -> dict[str, Any]:
    """The least body of which `identifying` reads the same again."""
    return {
        "id_order": found.number,
        "external_order_id": found.external_id,
        "event_name": found.event_name,
        "order_transaction": {"total": found.total, "currency": found.currency},
    }


def _cut(told: Any) -> str:
    text = values.text(told, limit=_LONGEST + 1)
    return f"{text[:_LONGEST]}…" if len(text) > _LONGEST else text
