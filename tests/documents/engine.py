"""An integration joined to the simulated Alegra, and orders to push through it.

The engine runs in the test's own thread, with a frozen clock that the test moves: what a
worker and the sweep would do is called in plain sight.
"""

from __future__ import annotations

import hashlib
import itertools
import json
from dataclasses import dataclass
from typing import Any

import requests

from integrations.alegra import items
from integrations.catalog.items import copy_of
from integrations.catalog.models import AlegraItem, ProductLink, Variant
from integrations.configuration.models import BankEquivalence
from integrations.connections.alegra_users import alegra_user_for
from integrations.connections.clients import alegra_client
from integrations.connections.models import Integration
from integrations.documents.issue import issue_document
from integrations.documents.models import Document
from integrations.inventory.models import Bodega, WarehouseLink
from integrations.mastershop.parser import parse_order
from integrations.orders.deliveries import keep_delivery
from integrations.orders.models import Order
from integrations.orders.record import Recorded, record_order
from integrations.scoping.context import scope
from integrations.sending import sweep, turns
from integrations.simulators.local import Running
from integrations.timekeeping import clock
from integrations.triggers.models import TriggerRule
from tests.cast import LONG_AGO, make_company, make_credential, make_integration

_numbers = itertools.count(900001)


@dataclass
class Engine:
    """One merchant with one integration; `at` is the frozen clock."""

    running: Running
    at: clock.FrozenClock
    integration: Integration
    company: dict[str, Any]
    items: dict[str, str]  # variant id → Alegra item id

    @property
    def root(self) -> str:
        return self.running.alegra_root

    def order(self, **changes: Any) -> Order:
        """Record a delivered COD order as MasterShop would tell it, and decide on it."""
        recorded = self.recorded(**changes)
        with scope(self.integration.organization_id):
            for order in (recorded.order, *recorded.others):
                issue_document(order, now=clock.now())
        return recorded.order

    def told(self, **changes: Any) -> Order:
        return self.recorded(**changes).order

    def recorded(self, **changes: Any) -> Recorded:
        body = event(**changes)
        parsed = parse_order(body)
        with scope(self.integration.organization_id):
            return record_order(
                self.integration,
                parsed.order,
                now=clock.now(),
                signed=True,
                source="webhook",
                problems=parsed.problems,
            )

    def kept_event(self, **changes: Any) -> int:
        """The id of an event that was received and is not interpreted yet."""
        body = json.dumps(event(**changes))
        with scope(self.integration.organization_id):
            kept = keep_delivery(
                self.integration,
                body=body,
                digest=hashlib.sha256(body.encode()).hexdigest(),
                source="webhook",
                is_signed=True,
                now=clock.now(),
            )
        return kept.event.pk

    def run(self, turns_taken: int = 1) -> None:
        """Let a worker serve this Alegra user."""
        for _ in range(turns_taken):
            turns.serve(self.integration.credential.alegra_user_id)

    def later(self, seconds: float) -> None:
        """Time passes, the sweep runs, a worker serves."""
        self.at.advance(seconds=seconds)
        sweep.sweep()
        self.run()

    def document(self, order: Order) -> Document:
        with scope(self.integration.organization_id):
            return Document.objects.select_related("order").get(order_id=order.pk)

    def problems(self, order: Order) -> set[str]:
        with scope(self.integration.organization_id):
            document = Document.objects.get(order_id=order.pk)
            return set(document.problems.filter(closed_at=None).values_list("code", flat=True))

    def steps(self, order: Order) -> dict[str, str]:
        with scope(self.integration.organization_id):
            document = Document.objects.get(order_id=order.pk)
            return dict(document.steps.values_list("name", "state"))

    def link(self, product_id: str, variant_id: str, *, rate: str) -> AlegraItem:
        """Link a variant to some product with this IVA ("" is excluido), which has no usual price:
        a test may sell it at any."""
        with scope(self.integration.organization_id):
            variant, is_made_up = Variant.objects.get_or_create(
                integration=self.integration,
                product_id=product_id,
                variant_id=variant_id,
                defaults={"product_name": f"Producto {product_id}", "seen_at": clock.now()},
            )
            taken = ProductLink.objects.filter(integration=self.integration).values("item")
            item = next(
                item
                for item in AlegraItem.objects.exclude(pk__in=taken).order_by("pk")
                if item.can_be_invoiced and item.has_stock and _rate(item) == rate
            )
            link = ProductLink(
                integration=self.integration, variant=variant, item=item, created_at=clock.now()
            )
            if not is_made_up:
                link.keep_words()
            link.save()
            AlegraItem.objects.filter(pk=item.pk).update(price=None)
            self.items[variant_id] = item.alegra_id
            return item

    # --- The far side ----------------------------------------------------------------------

    def ledger(self) -> dict[str, Any]:
        books = requests.get(f"{self.root}/_control/ledger", timeout=10).json()
        return next(
            each for each in books["companies"] if str(each["nit"]) == str(self.company["nit"])
        )

    def invoices(self) -> list[dict[str, Any]]:
        return [row for row in self.ledger()["invoices"] if not row.get("_deleted_at")]

    def as_person(self, method: str, path: str, body: dict[str, Any] | None = None) -> Any:
        """What a person of the company does there, in Alegra's own screens."""
        auth = (self.company["alegra_user"], self.company["alegra_token"])
        url = self.running.alegra_url + path
        answer = requests.request(method, url, json=body, auth=auth, timeout=10)
        assert answer.ok, answer.text
        return answer.json()

    def warehouses(self) -> list[dict[str, Any]]:
        return self.as_person("GET", "/warehouses")

    def remissions(self) -> list[dict[str, Any]]:
        return [row for row in self.ledger()["remissions"] if not row.get("_deleted_at")]

    def switch(self, *faults: dict[str, Any], **facts: Any) -> None:
        answer = requests.post(
            f"{self.root}/_control/switches",
            json={"facts": facts, "faults": list(faults)},
            timeout=10,
        )
        assert answer.ok, answer.text

    def asked(self) -> list[tuple[str, str]]:
        """Every request so far: method, and path without its question."""
        rows = requests.get(f"{self.root}/_control/calls", timeout=10).json()
        return [(row["method"], row["path"].partition("?")[0]) for row in rows]

    def calls(self, method: str, path: str) -> int:
        return sum(asked == method and path in where for asked, where in self.asked())


def full_number(invoice: dict[str, Any]) -> str:
    """Prefix and number; Alegra shows the numbering as an object or as a list of one."""
    found = invoice["numberTemplate"]
    return (found[0] if isinstance(found, list) else found)["fullNumber"]


def event(**changes: Any) -> dict[str, Any]:
    """A COD order, delivered, of two units of one product and freight, as an event body."""
    number = changes.pop("number", next(_numbers))
    body: dict[str, Any] = {
        "eventName": "Pedido Entregado",
        "id_order": number,
        "external_order_id": f"WEB-{number}",
        "id_business": 48213,
        "id_status": changes.pop("status", 8),
        "is_test": False,
        "date_created_order": "2026-11-18T14:05:12Z",
        "date_update_order": changes.pop("updated", "2026-11-20T19:41:55Z"),
        "customer": {
            "full_name": "Marta Elena Rojas Pinto",
            "email": "marta.rojas@example.com",
            "phone": "3105550142",
            "documentType": "CC",
            "documentNumber": "52998117",
        },
        "shipping_address": {
            "country": "CO",
            "state": "Antioquia",
            "city": "Medellín",
            "address1": "Carrera 43 No 20 15",
        },
        "order_transaction": {
            "total": changes.pop("total", 159800),
            "currency": "COP",
            "payment_method": changes.pop("method", "cod"),
        },
        "order_items": changes.pop(
            "lines",
            [
                {
                    "id_product": 1,
                    "id_variant": 11,
                    "sku": "TERMO-750-NEG",
                    "name": "Termo acero 750 ml",
                    "variant_name": "Negro",
                    "quantity": 2,
                    "price": 79900,
                }
            ],
        ),
        "additional_charge": changes.pop("charges", []),
    }
    customer = changes.pop("customer", {})
    body["customer"] |= customer
    body |= changes
    return body


def make_engine(
    cast, running: Running, at: clock.FrozenClock, kind: str = "invoice", mode: str = "draft"
) -> Engine:
    """A company of its own in the simulated Alegra, its items copied, one product linked."""
    # One connection for all that is asked here.
    alegra = requests.Session()
    made = alegra.post(
        f"{running.alegra_root}/_control/companies", json={"catalogue": "demo"}, timeout=20
    ).json()
    alegra.auth = (made["alegra_user"], made["alegra_token"])

    def fetch(path: str, **params: Any) -> Any:
        return alegra.get(running.alegra_url + path, params=params, timeout=10).json()

    numbering = next(
        row
        for row in fetch("/number-templates", documentType="invoice")
        if row["isElectronic"] and row["status"] == "active" and row["isDefault"]
    )
    accounts = {row["name"]: str(row["id"]) for row in fetch("/bank-accounts")}
    company = make_company(cast.organization, nit=str(made["nit"]), name=made["name"])
    credential = make_credential(
        cast.organization,
        company,
        alegra_user=alegra_user_for(made["alegra_user"], mode=Integration.Mode.TRIAL),
        email=made["alegra_user"],
        token=made["alegra_token"],
        mode=Integration.Mode.TRIAL,
    )
    integration = make_integration(
        cast.organization,
        kind,
        mode,
        company=company,
        credential=credential,
        business_id="48213",
        settings={
            "number_template": str(numbering["id"]) if kind == "invoice" else "",
            "seller": str(fetch("/sellers")[0]["id"]),
            "cost_center": str(fetch("/cost-centers")[0]["id"]),
            "cod_account": accounts["Billetera Mastershop"],
        },
    )
    engine = Engine(running, at, integration, made, items={})
    with scope(cast.organization.pk):
        for family, status in (("cod", "delivered"), ("prepaid", "in_transit")):
            TriggerRule.objects.create(
                integration=integration, family=family, status=status, changed_at=LONG_AGO
            )
        BankEquivalence.objects.create(
            integration=integration, method="*", family="prepaid", account=accounts["Caja general"]
        )
        bodega = Bodega.objects.create(
            integration=integration, source_id="61", name="Bodega Fontibón", seen_at=LONG_AGO
        )
        warehouse = next(row for row in fetch("/warehouses") if row["isDefault"])
        WarehouseLink.objects.create(
            integration=integration, company=company, bodega=bodega,
            warehouse=str(warehouse["id"]), is_default=True, created_at=LONG_AGO,
        )  # fmt: skip
        with alegra_client(credential) as client:
            copy_of(company, items.page(client))
        engine.link("1", "11", rate="19")
    alegra.close()
    return engine


def _rate(item: AlegraItem) -> str:
    return str(int(float(item.taxes[0]["percentage"]))) if item.taxes else ""
