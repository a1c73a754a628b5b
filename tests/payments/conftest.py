"""A merchant whose invoices are issued in the simulated Alegra, and the payments that follow."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
import requests

from integrations.configuration.tasks import read_again_what_orders_wait_for
from integrations.documents import issued
from integrations.documents.models import Document
from integrations.orders.models import Order
from integrations.payments.models import Payment
from integrations.scoping.context import scope
from integrations.sending.again import send_again
from integrations.sending.states import State, Why
from integrations.sending.transition import TransitionError
from integrations.simulators.local import start_local
from integrations.timekeeping import clock
from integrations.timekeeping.timing import timing
from tests.documents.engine import Engine, make_engine


@dataclass
class Books:
    """The engine, and what concerns money in its books."""

    engine: Engine

    # --- The portal ----------------------------------------------------------------------------

    def issue(self, **changes: Any) -> Order:
        """An order whose invoice was made by the portal and then emitted in Alegra, by hand."""
        (order,) = self.issue_many(1, **changes)
        return order

    def issue_many(self, count: int, **changes: Any) -> list[Order]:
        """Whose payments begin together."""
        orders = [self.engine.order(**changes) for _ in range(count)]
        self.engine.run()
        for order in orders:
            document = self.engine.document(order)
            assert document.state == State.CREATED, self.engine.problems(order)
            self.call("POST", "/invoices/stamp", {"ids": [document.alegra_id]})
            self.becomes_issued(order)
        return orders

    def becomes_issued(self, order: Order) -> None:
        """What follows when the portal comes to know that the DIAN accepted it."""
        with scope(order.organization_id):
            document = Document.objects.get(order_id=order.pk)
            now = clock.now()
            if not document.transition(
                State.ISSUED, now=now, why=Why.READ, next_attempt_at=None, issued_at=now
            ):
                raise TransitionError("a worker holds it")
            issued.tell(document)

    def payment(self, order: Order) -> Payment:
        with scope(order.organization_id):
            return Payment.objects.select_related("document", "order").get(order_id=order.pk)

    def state(self, order: Order) -> str:
        return self.payment(order).state

    def problems(self, order: Order) -> dict[str, dict[str, Any]]:
        """What is open of its payment: the params by code."""
        with scope(order.organization_id):
            payment = Payment.objects.get(order_id=order.pk)
            return dict(payment.problems.filter(closed_at=None).values_list("code", "params"))

    def again(self, order: Order, by: Any) -> None:
        """*Reintentar*, and a worker serves."""
        with scope(order.organization_id):
            assert send_again(Payment.objects.get(order_id=order.pk), by=by)
        self.engine.run()

    def refused_again(self) -> None:
        """What orders wait for in Alegra is read there again."""
        read_again_what_orders_wait_for()

    def settle(self, looks: int = 4) -> None:
        for _ in range(looks):
            self.engine.later(timing().between_look_ups + 1)

    # --- The far side --------------------------------------------------------------------------

    def call(self, method: str, path: str, body: dict[str, Any] | None = None) -> Any:
        company = self.engine.company
        answer = requests.request(
            method,
            self.engine.running.alegra_url + path,
            json=body,
            auth=(company["alegra_user"], company["alegra_token"]),
            timeout=10,
        )
        assert answer.ok, f"{method} {path}: {answer.text}"
        return answer.json()

    def invoice(self, order: Order) -> dict[str, Any]:
        return self.call("GET", f"/invoices/{self.engine.document(order).alegra_id}")

    def total(self, order: Order) -> Decimal:
        """Of its invoice, which Alegra may have rounded by a cent."""
        return Decimal(str(self.invoice(order)["total"]))

    def payments(self) -> list[dict[str, Any]]:
        """All that stand in the books."""
        rows = self.engine.ledger()["payments"]
        return [row for row in rows if not row.get("_deleted_at") and row["status"] != "void"]

    def accounts(self) -> dict[str, str]:
        return {row["name"]: str(row["id"]) for row in self.call("GET", "/bank-accounts")}

    def pay_by_hand(self, order: Order, amount: float, **more: Any) -> dict[str, Any]:
        """Somebody registers a payment of the invoice in Alegra."""
        invoice = self.invoice(order)
        body = {
            "date": invoice["date"],
            "type": "in",
            "bankAccount": {"id": self.accounts()["Caja general"]},
            "client": {"id": invoice["client"]["id"]},
            "paymentMethod": "cash",
            "invoices": [{"id": invoice["id"], "amount": amount}],
        }
        return self.call("POST", "/payments", {**body, **more})

    def posts(self) -> int:
        """Payments that were sent, whatever became of them."""
        asked = self.engine.asked()
        return sum(method == "POST" and path.endswith("/payments") for method, path in asked)


@pytest.fixture
def simulators():
    running = start_local()
    yield running
    running.stop()


@pytest.fixture
def at():
    with clock.frozen(datetime(2026, 11, 20, 20, 0, tzinfo=UTC)) as frozen:
        yield frozen


@pytest.fixture
def books(cast, simulators, at, settings):
    settings.SIMULATED_ALEGRA_URL = simulators.alegra_url
    settings.SIMULATED_MASTERSHOP_URL = simulators.mastershop_url
    engine = make_engine(cast, simulators, at)
    # The day of the stand-in is another than the test's.
    engine.switch(stamp_old_date="accepted")
    return Books(engine)
