"""Sample bodies, composed for the tests; every person in them is invented."""

from __future__ import annotations

import copy
from typing import Any

import pytest

EVENT: dict[str, Any] = {
    "eventName": "Pedido Entregado",
    "id_order": 904417,
    "external_order_id": "WEB-20881",
    "id_user": 5120,
    "id_business": 7331,
    "id_status": 8,
    "confirmation_status_name": "Entregada",
    "is_test": False,
    "date_created_order": "2026-11-03T14:05:12Z",
    "date_update_order": "2026-11-07T19:41:55Z",
    "customer": {
        "full_name": "Luz Dary Peña Ávila",
        "first_name": "Luz Dary",
        "last_name": "Peña Ávila",
        "email": "luz.pena@example.com",
        "phone": "3105550142",
        "documentType": "CC",
        "documentNumber": "52998117",
        "default_address": {"address1": "Calle 1 No 2 3", "city": "Cali", "state": "Valle"},
    },
    "shipping_address": {
        "country": "CO",
        "state": "Antioquia",
        "city": "Medellín",
        "cityDaneCode": "05001000",
        "address1": "Carrera 43 No 20 15",
        "address2": "Apto 302",
        "company": None,
    },
    "warehouse": {"idWarehouse": 61, "name": "Bodega Fontibón"},
    "order_transaction": {
        "total": 174900,
        "currency": "COP",
        "payment_method": "cod",
        "payment_gateway": "Contraentrega",
        "discount": 0,
    },
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
    "order_logistics": {
        "carrier_name": "Coordinadora",
        "carrier_tracking_code": "70001234567",
        "url_tracking": "https://tracking.example.com/70001234567",
    },
    "carrier_status_info": {"carrier_status": "Entregado", "carrier_status_code": "DELIVERED"},
    "carrier_novelty": None,
    "notes": ["Llamar antes de entregar"],
    "tags": ["whatsapp"],
}


@pytest.fixture
def event() -> dict[str, Any]:
    return copy.deepcopy(EVENT)
