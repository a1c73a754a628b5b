"""Alegra's answers as these tests need them, over the `responses` library."""

from __future__ import annotations

import responses

BASE = "https://api.alegra.com/api/v1"
LEFT = {"X-Rate-Limit-Limit": "150", "X-Rate-Limit-Remaining": "140", "X-Rate-Limit-Reset": "40"}
NIT = "901482337"


def company(**changes) -> dict:
    body = {
        "id": "1",
        "name": "Hogar Andino S.A.S.",
        "identification": NIT,
        "identificationObject": {"type": "NIT", "number": NIT, "dv": "2"},
        "regime": "COMMON_REGIME",
        "address": {"city": "Bogotá, D.C."},
        "currency": {"code": "COP"},
        "decimalPrecision": "2",
        "applicationVersion": "colombia",
    }
    return {**body, **changes}


NUMBERING = {
    "id": "7",
    "name": "Factura electrónica",
    "prefix": "FEHA",
    "documentType": "invoice",
    "isDefault": True,
    "isElectronic": True,
    "status": "active",
    "autoincrement": True,
    "nextInvoiceNumber": 4319,
    "maxInvoiceNumber": 50000,
    "endDate": "2028-02-14",
}
LISTS = {
    "/number-templates": [NUMBERING],
    "/warehouses": [{"id": "1", "name": "Principal", "status": "active", "isDefault": True}],
    "/bank-accounts": [
        {"id": "1", "name": "Bancolombia", "type": "bank", "status": "active"},
        {"id": "2", "name": "Billetera Mastershop", "type": "bank", "status": "active"},
    ],
    "/sellers": [{"id": "3", "name": "Julián Ortiz", "status": "active"}],
    "/cost-centers": [{"id": "4", "name": "Ventas en línea", "status": "active"}],
    "/taxes": [{"id": "5", "name": "IVA", "percentage": "19.00", "status": "active"}],
}


def answer_everything(mock: responses.RequestsMock, *, base: str = BASE, **changes) -> None:
    """All reading calls of a validation and of a refresh. A list given as an int is a status."""
    mock.get(f"{base}/company", json=changes.pop("company", company()), headers=LEFT)
    user = {"id": "9", "name": "Diana Marcela", "lastName": "Ospina", "status": "active"}
    mock.get(f"{base}/users/self", json=user, headers=LEFT)
    for path, rows in {
        **LISTS,
        **{f"/{k.replace('_', '-')}": v for k, v in changes.items()},
    }.items():
        if isinstance(rows, int):
            mock.get(base + path, status=rows, json={"message": "No"}, headers=LEFT)
        else:
            mock.get(base + path, json=rows, headers=LEFT)
