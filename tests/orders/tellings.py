"""Event bodies for the tests of orders and intake; every person in them is invented."""

from __future__ import annotations

import copy
from datetime import UTC, datetime
from typing import Any

from integrations.mastershop.parser import Parsed, parse_order

EVENT: dict[str, Any] = {
    "eventName": "Pedido Entregado",
    "id_order": 904417,
    "external_order_id": "WEB-20881",
    "id_status": 8,
    "confirmation_status_name": "Entregada",
    "is_test": False,
    "date_created_order": "2026-11-03T14:05:12Z",
    "date_update_order": "2026-11-07T19:41:55Z",
    "customer": {
        "full_name": "Luz Dary Peña Ávila",
        "email": "luz.pena@example.com",
        "phone": 3105550142,
        "documentType": "CC",
        "documentNumber": "52998117",
    },
    "shipping_address": {
        "country": "CO",
        "state": "Antioquia",
        "city": "Medellín",
        "cityDaneCode": "05001000",
        "address1": "Carrera 43 No 20 15",
    },
    "warehouse": {"idWarehouse": 61, "name": "Bodega Fontibón"},
    "order_transaction": {"total": 174900, "currency": "COP", "payment_method": "cod"},
    "order_items": [
        {
            "id_product": 118203,
            "id_variant": 430771,
            "sku": "TERMO-750-NEG",
            "name": "Termo acero 750 ml",
            "variant_name": "Negro",
            "quantity": 2,
            "price": 79900,
        }
    ],
    "additional_charge": [{"name": "Envío", "amount": 15100}],
}
LABELS = {1: "Por Confirmar", 3: "Por Alistar", 6: "En Tránsito", 8: "Entregada", 10: "Devuelta"}


def telling(status: int = 8, at: str | None = "2026-11-07T19:41:55Z", **changes: Any) -> dict:
    """An event body with this status and date; `changes` replace whole fields."""
    body = copy.deepcopy(EVENT)
    body |= {"id_status": status, "confirmation_status_name": LABELS.get(status, "")}
    body |= {"date_update_order": at, "eventName": "Cambio de Estado del Pedido"}
    return body | changes


def parsed(status: int = 8, at: str | None = "2026-11-07T19:41:55Z", **changes: Any) -> Parsed:
    return parse_order(telling(status, at, **changes))


def moment(text: str) -> datetime:
    """'7 19:41' is the seventh of November 2026, 19:41 UTC."""
    day, time = text.split()
    hour, minute = time.split(":")
    return datetime(2026, 11, int(day), int(hour), int(minute), tzinfo=UTC)
