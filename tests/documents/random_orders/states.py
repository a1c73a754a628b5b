"""Orders that come back, are no sale of ours, or whose payment nobody knows."""

from __future__ import annotations

from typing import Any

from tests.documents.random_orders.making import Making
from tests.documents.random_orders.sale import Asks, Nothing, Sale

# How an order says it, and why nothing comes of it.
SAYS: dict[str, tuple[dict[str, Any], Nothing]] = {
    "returned": ({"status": 10, "eventName": "Pedido Devuelto"}, Nothing("returned")),
    "cancelled": ({"status": 9, "eventName": "Pedido Cancelado"}, Nothing("cancelled")),
    "not there yet": ({"status": 6, "eventName": "Pedido En Tránsito"}, Nothing("not_reached")),
    "a status nobody knows": ({"status": 77}, Nothing("not_reached")),
    "a test": ({"is_test": True}, Nothing("test")),
}
METHODS = ("Addi", "Sistecrédito", "Pago especial", "otro", "Convenio empresa", "SuRed")


class States(Making):
    kind = "returned or unknown"
    scenarios = (*SAYS, "another currency", "another country", "a method nobody knows",
                 "no method")  # fmt: skip

    def make(self) -> Sale:
        lines = self.lines(most=3)
        total = self.total_of(self.of_lines(lines))
        body: dict[str, Any] = {}
        money: dict[str, Any] = {}
        match self.scenario:
            case "another currency":
                money, outcome = (
                    {"currency": self.chance.choice(("USD", "PEN"))},
                    Nothing("currency"),
                )
            case "another country":
                place = {"country": "PE", "state": "Lima", "city": "Lima", "address1": "Av. 1"}
                body, outcome = {"shipping_address": place}, Nothing("country")
            case "a method nobody knows":
                body = {"method": self.chance.choice(METHODS)}
                outcome = Asks(frozenset({"payment_method_unknown"}))
            case "no method":
                body, outcome = {"method": ""}, Asks(frozenset({"payment_unknown"}))
            case said:
                told, outcome = SAYS[said]
                body = dict(told)
        return self.sale(lines, outcome, total=total, money=money, **body)
