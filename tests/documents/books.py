"""A company of the simulated Alegra, written to with the very bodies that were built."""

from __future__ import annotations

from decimal import Decimal
from itertools import product
from typing import Any

import requests

from integrations.alegra import wire
from integrations.documents.facts import ItemFact, TaxFact

# What the products of the books are taxed with, by the kind of product.
TAXES = {
    "19": [("IVA", 19)],
    "5": [("IVA", 5)],
    "exempt": [("IVA", 0)],
    "excluded": [],
    "inc": [("INC", 8)],
    "both": [("IVA", 19), ("INC", 8)],
}
# Every way the simulated Alegra may round.
ROUNDINGS = [
    {"at": at, "how": how}
    for at, how in product(("unit", "line", "document"), ("half_even", "half_up", "truncate"))
]


class Books:
    """A company of its own in the simulated Alegra, spoken to without the portal."""

    def __init__(self, root: str, made: dict[str, Any]) -> None:
        self.root, self.nit = root, str(made["nit"])
        self.session = requests.Session()
        self.session.auth = (made["alegra_user"], made["alegra_token"])
        self.contacts: dict[tuple[str, str], str] = {}
        taxes = {
            (tax["type"], int(float(tax["percentage"]))): tax["id"]
            for tax in self.call("GET", "/taxes")
        }
        self.rows = [
            self.item(f"Artículo {kind}", [taxes[each] for each in TAXES[kind]]) for kind in TAXES
        ]
        self.rows.append(self.item("Envío a domicilio", [taxes["IVA", 19]]))
        *goods, self.freight = [_item_fact(row) for row in self.rows]
        self.items = dict(zip(TAXES, goods, strict=True))

    def item(self, name: str, taxes: list[str]) -> dict[str, Any]:
        body = {"name": name, "price": 20_000, "tax": [{"id": tax} for tax in taxes]}
        return self.call("POST", "/items", json={**body, "inventory": {"unit": "unit"}})

    def call(self, method: str, path: str, **options: Any) -> Any:
        answer = self.session.request(method, f"{self.root}/api/v1{path}", timeout=10, **options)
        assert answer.ok, f"{method} {path}: {answer.text}"
        return answer.json()

    def client(self, contact) -> str:
        """The contact's id: found, or made with the very body that was built."""
        key = (contact.doc_type, contact.number)
        if key not in self.contacts:
            rows = self.call("GET", "/contacts", params={"identification": contact.number})
            # The search finds whatever contains the number.
            same = [row for row in rows if str(row["identification"]) == contact.number]
            made = same[0] if same else self.call("POST", "/contacts", json=contact.body)
            self.contacts[key] = str(made["id"])
        return self.contacts[key]

    def post(self, kind: str, body: dict[str, Any]) -> str:
        path = "/invoices" if kind == "invoice" else "/remissions"
        return str(self.call("POST", path, data=wire.encode(body))["id"])

    def documents(self) -> dict[tuple[str, str], dict[str, Any]]:
        companies = requests.get(f"{self.root}/_control/ledger", timeout=30).json()["companies"]
        held = next(each for each in companies if str(each["nit"]) == self.nit)
        return {
            (kind, str(row["id"])): row
            for kind in ("invoice", "remission")
            for row in held[f"{kind}s"]
        }


def _item_fact(row: dict[str, Any]) -> ItemFact:
    taxes = tuple(
        TaxFact(str(tax["id"]), tax["name"], Decimal(str(tax["percentage"]))) for tax in row["tax"]
    )
    return ItemFact(str(row["id"]), row["name"], str(row.get("reference") or ""), taxes)


def make_company(root: str, precision: int) -> dict[str, Any]:
    chosen = {"catalogue": "demo", "precision": precision}
    answer = requests.post(f"{root}/_control/companies", json=chosen, timeout=20)
    assert answer.ok, answer.text
    return answer.json()


def switch(root: str, **facts: Any) -> None:
    answer = requests.post(f"{root}/_control/switches", json={"facts": facts}, timeout=10)
    assert answer.ok, answer.text
