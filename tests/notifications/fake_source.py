"""News without the rooms above: what a test says, marked as the real source marks it."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from django.http import Http404

from integrations.connections.models import Integration
from integrations.notifications.news import (
    BooksNews,
    CauseNews,
    CredentialNews,
    OrderRow,
    PauseNews,
    Repeated,
    RestoreNews,
    Told,
)


class FakeSource:
    def __init__(self) -> None:
        self.by_organization: dict[int, list] = {}

    def put(self, organization, *news) -> None:
        self.by_organization[organization.pk] = list(news)

    def organizations(self, now):
        return list(self.by_organization)

    def news(self, organization_id, now):
        return list(self.by_organization[organization_id])

    def rows(self, news, limit):
        shown = min(limit, news.orders)
        return tuple(
            OrderRow(f"MS-10488{n:02}", 174900, f"/c/hogar-andino/pedidos/{n}/")
            for n in range(shown)
        )

    def repeated(self, causes):
        return Repeated()

    def mark(self, news, told, now):
        for rows in self.by_organization.values():
            for index, each in enumerate(rows):
                if each == news:
                    rows[index] = _marked(each, told, now)
                    return True
        return False

    def integration(self, integration_id):
        found = Integration.objects.filter(pk=integration_id).first()
        if found is None:
            raise Http404
        return found


def _marked(news, told, now):
    match news, told:
        case CauseNews(), Told.OPENED:
            return replace(news, mailed_at=now, new_orders=0, new_since=None)
        case CauseNews(), Told.DIGEST:
            return replace(news, digested_at=now, new_orders=0, new_since=None)
        case CauseNews(), Told.SOLVED:
            return replace(news, solved_mailed_at=now)
        case CauseNews(), _:
            # Told to its end: the real source does not bring it again.
            return replace(news, orders=0, solved_at=None, mailed_at=None, digested_at=None)
        case CredentialNews(), Told.PAUSED:
            return replace(news, mailed_at=now)
        case CredentialNews(), Told.REMINDED:
            return replace(news, reminded_at=now)
        case CredentialNews(), _:
            return replace(news, mailed_at=None, since=now)
        case BooksNews(), _:
            return replace(news, mailed_at=now)
        case PauseNews(), Told.PAUSED:
            return replace(news, mailed_at=now)
        case PauseNews(), _:
            return replace(news, mailed_at=None)
        case RestoreNews(), Told.PAUSED:
            return replace(news, mailed_at=now)
        case RestoreNews(), _:
            # Told to its end.
            return replace(news, ended_at=None)
    raise AssertionError(told)


def cause(number: int = 1, *, since: datetime, **fields) -> CauseNews:
    defaults = {
        "cause_id": number,
        "integration_id": 7,
        "integration_name": "Tienda principal",
        "code": "product_unlinked",
        "group": f"7/product_unlinked/{number}",
        "headline": f"Termo acero {number} no está vinculado con un producto de Alegra",
        "orders": 37,
        "pesos": 6_471_300,
        "since": since,
        "cure_label": "Vincular el producto",
        "cure_path": f"/c/hogar-andino/integraciones/7/productos/?variante={number}",
        "list_path": "/c/hogar-andino/por-atender/",
    }
    return CauseNews(**{**defaults, **fields})


def login(*, since: datetime | None, **fields) -> CredentialNews:
    defaults = {
        "credential_ids": (3, 4),
        "integration_id": 7,
        "code": "unauthorized",
        "login": "facturacion@ejemplo.test",
        "companies": ("Hogar Andino S.A.S.",),
        "integrations": ("Tienda principal", "Tienda de remisiones"),
        "orders": 11,
        "pesos": 1_204_600,
        "since": since,
        "cure_path": "/c/hogar-andino/integraciones/7/credenciales/",
    }
    return CredentialNews(**{**defaults, **fields})
