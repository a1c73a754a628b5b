"""What goes to Alegra, field by field. Alegra reference: invoices, POST body. Pure."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from integrations.documents.built_line import BuiltLine
from integrations.documents.facts import Facts
from integrations.documents.printed import Delivery, description, reference


def payload_of(
    facts: Facts, lines: tuple[BuiltLine, ...], *, delivered: Delivery
) -> dict[str, Any]:
    """All but the client's id, which is known after the contact step. `observations` is for the
    shop and not printed; `anotation` is printed."""
    settings = facts.settings
    due = facts.today
    if settings.payment_term == "credit":
        due += timedelta(days=settings.credit_days)
    rows = [row for line in lines for row in _rows(line)]
    people = f"Pedido {facts.number}"
    if facts.external_number:
        people += f" · {facts.external_number}"
    payload: dict[str, Any] = {
        "date": facts.today.isoformat(),
        "dueDate": due.isoformat(),
        "observations": people,
        "items": rows,
    }
    if settings.kind == "invoice":
        payload |= {
            "status": "draft",
            "type": "NATIONAL",
            "operationType": "STANDARD",
            "paymentForm": "CREDIT" if settings.payment_term == "credit" else "CASH",
            "paymentMethod": facts.payment_means,
        }
        if delivered.text:
            payload["anotation"] = delivered.text
        if settings.number_template:
            payload["numberTemplate"] = {"id": settings.number_template}
    if facts.warehouse_id:
        payload["warehouse"] = {"id": facts.warehouse_id}
    if settings.seller:
        payload["seller"] = {"id": settings.seller}
    if settings.cost_center:
        payload["costCenter"] = {"id": settings.cost_center}
    return payload


def _rows(line: BuiltLine) -> list[dict[str, Any]]:
    texts = {
        "reference": reference(line.item, line.sku),
        "description": description(
            line.label,
            variation=line.variation,
            item=line.item,
            is_charge=line.is_charge,
            quantity=int(line.quantity),
            units_per_sale=line.units_per_sale,
            discount=line.discount,
            is_one_of_several=len(line.parts) > 1,
        ),
    }
    return [
        {
            "id": line.item.alegra_id,
            "price": part.unit_price,
            "quantity": part.quantity,
            "discount": 0,
            # Sent even when empty: what Alegra does without it is not known.
            "tax": [{"id": tax.alegra_id} for tax in line.item.taxes],
            **{name: text for name, text in texts.items() if text},
        }
        for part in line.parts
    ]
