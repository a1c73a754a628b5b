"""The orders that are copied: forty for each comercio, in the proportions of a shop."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

from django.test.utils import override_settings

from integrations.connections.models import Integration
from integrations.orders.models import Order
from integrations.scoping.context import scope
from integrations.simulators.local import start_local
from integrations.tenancy.models import Organization, Role
from integrations.timekeeping import clock
from tests.cast import PASSWORD, join, make_organization, make_user
from tests.documents.engine import Engine, make_engine
from tests.payments.conftest import Books

# MasterShop sends the newest order at this moment.
NEWEST = datetime(2026, 11, 20, 20, 0, tzinfo=UTC)
# Earlier than the oldest copy.
_SINCE = datetime(2023, 1, 1, tzinfo=UTC)
FIRST_NUMBER = 700_000_001
# The part of a buyer's name and e-mail that each copy replaces.
FAMILY = "Semillas"

_LINE = {"id_product": 1, "id_variant": 11, "sku": "TERMO-750-NEG", "name": "Termo acero 750 ml"}
_OTHER = {"id_product": 2, "id_variant": 12, "sku": "CAMISETA-M", "name": "Camiseta algodón M"}
_UNLINKED = {"id_product": 9, "id_variant": 19, "sku": "NUEVO-1", "name": "Producto sin enlazar"}
_GIVEN = (
    "Ana",
    "Bernardo",
    "Clara",
    "Diego",
    "Elena",
    "Fabio",
    "Gloria",
    "Hernán",
    "Inés",
    "Jaime",
)
_CITIES = (("Medellín", "Antioquia"), ("Cali", "Valle del Cauca"), ("Bogotá", "Bogotá, D.C."),
           ("Barranquilla", "Atlántico"), ("Bucaramanga", "Santander"))  # fmt: skip


@dataclass
class Comercio:
    """One organization with its integration, its owner's e-mail and the ids of its orders.
    `share`: its part of all orders, in thirtieths."""

    organization: Organization
    integration: Integration
    share: int
    email: str
    orders: list[int] = field(default_factory=list)


# (Share in thirtieths, kind of document, whether its invoices are issued and paid.)
COMERCIOS = (
    (10, "invoice", True),
    (8, "invoice", False),
    (6, "remission", False),
    (4, "invoice", True),
    (2, "remission", False),
)


def make_comercios() -> list[Comercio]:
    """Make each comercio with its sample, and an owner with the password of `tests.cast`."""
    running = start_local()
    try:
        with (
            clock.frozen(NEWEST - timedelta(hours=6)) as at,
            override_settings(
                SIMULATED_ALEGRA_URL=running.alegra_url,
                SIMULATED_MASTERSHOP_URL=running.mastershop_url,
            ),
        ):
            return [
                _comercio(place, *told, running=running, at=at)
                for place, told in enumerate(COMERCIOS, 1)
            ]
    finally:
        running.stop()


def _comercio(place: int, share: int, kind: str, is_paid: bool, *, running, at) -> Comercio:
    organization = make_organization(f"Semillero {place}", f"semillero-{place}")
    email = f"semillero{place}@example.com"
    join(organization, make_user(email, name=f"Dueña {place}"), Role.OWNER)
    mode = "definitive" if kind == "remission" else "draft"
    engine = make_engine(SimpleNamespace(organization=organization), running, at, kind, mode)  # type: ignore[arg-type]
    engine.switch(
        stamp_old_date="accepted",
        rate_limit={"per_minute": 1_000_000, "window": "fixed", "per": "user", "headers": True},
    )
    engine.link("2", "12", rate="5")
    integration = engine.integration
    integration.name = f"Tienda {place}"
    integration.process_from = integration.activated_at = integration.automatic_from = _SINCE
    with scope(organization.pk):
        integration.save()
    _Sample(engine, first=FIRST_NUMBER + 100 * (place - 1), is_paid=is_paid).make()
    with scope(organization.pk):
        made = list(Order.objects.order_by("pk").values_list("pk", flat=True))
    return Comercio(organization, engine.integration, share, email, made)


class _Sample:
    """Forty orders of one comercio."""

    def __init__(self, engine: Engine, *, first: int, is_paid: bool) -> None:
        self.engine, self.books, self.is_paid = engine, Books(engine), is_paid
        self._next = first

    def make(self) -> None:
        self._documented(26)
        for _ in range(5):
            self._told(status=6)  # on its way: not reached
        for _ in range(2):
            self._told(status=9)  # cancelled
        self._told(status=10)  # returned
        for _ in range(3):
            self._told(_UNLINKED)
        self._told(customer={"documentNumber": "123"})
        self._told(method="addi")
        self._told(status=6, method="prepaid")
        self.engine.run()

    def _documented(self, count: int) -> None:
        lines: tuple[tuple[dict, ...], ...] = ((_LINE,), (_LINE, _OTHER), (_OTHER,), (_LINE,))
        all_lines = [lines[number % len(lines)] for number in range(count)]
        if not self.is_paid:
            for told in all_lines:
                self._told(*told)
            self.engine.run()
            return
        # Two of three are accepted by the DIAN, and paid where their payment came.
        for number, told in enumerate(all_lines):
            if number % 3:
                self.books.issue(**self._event(*told))
            else:
                self._told(*told)
        self.engine.run(turns_taken=2)

    def _told(self, *lines: dict[str, Any], **changes: Any) -> Order:
        return self.engine.order(**self._event(*lines, **changes))

    def _event(self, *lines: dict[str, Any], **changes: Any) -> dict[str, Any]:
        number = self._next
        self._next += 1
        city, department = _CITIES[number % len(_CITIES)]
        told = [
            {**line, "quantity": 1 + (number + place) % 3, "price": 20_000 + 1_000 * (number % 90)}
            for place, line in enumerate(lines or (_LINE,))
        ]
        then = clock.now()
        customer = {
            "full_name": f"{_GIVEN[number % len(_GIVEN)]} {FAMILY} Rojas",
            "email": f"{FAMILY.lower()}.{number}@example.com",
            "phone": f"3{number}",
            "documentType": "CC",
            "documentNumber": f"1{number}",
        }
        return {
            "number": number,
            "lines": told,
            "total": sum(line["quantity"] * line["price"] for line in told),
            "date_created_order": (then - timedelta(days=3, minutes=number % 997)).isoformat(),
            "updated": (then - timedelta(minutes=number % 997)).isoformat(),
            "shipping_address": {
                "country": "CO", "state": department, "city": city,
                "address1": f"Carrera {number % 90} No 20 15",
            },
            "warehouse": {"idWarehouse": 61},
            **changes,
            "customer": {**customer, **changes.pop("customer", {})},
        }  # fmt: skip


__all__ = ["FAMILY", "FIRST_NUMBER", "NEWEST", "PASSWORD", "Comercio", "make_comercios"]
