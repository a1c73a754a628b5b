"""What Alegra answers about documents, as the tests of this folder need it."""

from __future__ import annotations

from datetime import date

DAY = date(2026, 11, 20)
MARKER = "[MS1-7QK2M4XBTRCZHD6N]"
UUID = "0199aa10-4c1e-7b52-9d3f-5e0c7a41b206"


def invoice(**changes):
    row = {
        "id": "5821",
        "date": "2026-11-20",
        "dueDate": "2026-11-21",
        "datetime": "2026-11-20 10:14:03",
        "observations": f"Pedido 100245 {MARKER}",
        "status": "draft",
        "client": {"id": 154, "name": {"firstName": "Ana", "lastName": "Ruiz"}},
        "numberTemplate": [{"id": "12", "prefix": "FE", "number": "318", "fullNumber": "FE318"}],
        "tax": "15966.3900000000",
        "total": "112000.0100000000",
        "totalPaid": 0,
        "balance": 112000,
        "warehouse": {"id": "1"},
        "seller": {"id": "3"},
        "costCenter": [{"id": "2"}],
        "stamp": None,
        "items": [
            {
                "id": 881,
                "name": "Camiseta",
                "price": "42016.8100000000",
                "quantity": "2",
                "tax": [{"id": "3", "percentage": "19.00"}],
                "total": "100000.01",
            }
        ],
    }
    return row | changes


def remission(**changes):
    row = {
        "id": UUID,
        "number": "77",
        "date": "2026-11-20",
        "status": "open",
        "observations": MARKER,
        "client": {"id": "154", "name": "Ana Ruiz"},
        "costCenter": None,
        "items": [{"id": "881", "price": 42016.81, "quantity": 2}],
        "total": 100000.01,
    }
    return row | changes
