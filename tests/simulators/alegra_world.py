"""A simulated Alegra on a free port with one company, and a client that speaks to it."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from decimal import Decimal
from pathlib import Path
from typing import Any

import requests

from integrations.simulators.alegra.site import build_site
from integrations.simulators.server import Server

CLIENT = "151"


def today() -> str:
    return datetime.now(timezone(timedelta(hours=-5))).date().isoformat()


def yesterday() -> str:
    return (datetime.now(timezone(timedelta(hours=-5))).date() - timedelta(days=1)).isoformat()


class AlegraWorld:
    """The server, its control interface, and calls as the company's user.

    Ids and amounts are plain (``numeric``, ``number``) unless a test asks for more.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.session = requests.Session()
        self.start()
        self.switch(ids="numeric", money="number", rate_limit={"per_minute": 100_000})
        self.made = self.company()
        self.log_in(self.made)

    def start(self) -> None:
        self.server = Server("127.0.0.1", 0)
        self.site = build_site(self.folder, control=True, mastershop_url="")
        self.server.start(self.site)
        self.api = self.server.url + "/api/v1"

    def stop(self) -> None:
        self.session.close()
        self.server.stop()

    def log_in(self, company: dict[str, Any]) -> None:
        self.session.auth = (company["alegra_user"], company["alegra_token"])

    # Control ---------------------------------------------------------------------------

    def control(self, path: str, body: Any = None) -> requests.Response:
        address = f"{self.server.url}/_control/{path}"
        if body is None:
            return self.session.get(address, timeout=10)
        return self.session.post(address, json=body, timeout=10)

    def switch(self, **facts: Any) -> None:
        assert self.control("switches", {"facts": facts}).status_code == 200

    def fault(self, *faults: dict[str, Any]) -> None:
        assert self.control("switches", {"faults": list(faults)}).status_code == 200

    def company(self, **chosen: Any) -> dict[str, Any]:
        answer = self.control("companies", chosen)
        assert answer.status_code == 201, answer.text
        return answer.json()

    def ledger(self, nit: str | None = None) -> dict[str, Any]:
        companies = self.control("ledger").json()["companies"]
        return next(one for one in companies if one["nit"] == (nit or self.made["nit"]))

    def stock(self, item: str, warehouse: str = "1") -> Decimal:
        return next(
            Decimal(row["quantity"])
            for row in self.ledger()["stock"]
            if (row["item"], row["warehouse"]) == (item, warehouse)
        )

    # The API ---------------------------------------------------------------------------

    def call(self, method: str, path: str, body: Any = None, **options: Any) -> requests.Response:
        options = {"timeout": 10, **options}
        return self.session.request(method, self.api + path, json=body, **options)

    def get(self, path: str) -> Any:
        answer = self.call("GET", path)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def post(self, path: str, body: Any = None) -> Any:
        answer = self.call("POST", path, body if body is not None else {})
        assert answer.status_code in {200, 201}, answer.text
        return answer.json()

    def refused(self, method: str, path: str, body: Any = None) -> requests.Response:
        answer = self.call(method, path, body)
        assert 400 <= answer.status_code < 500, answer.text
        return answer

    def tax(self, percentage: str = "19") -> str:
        return next(
            one["id"]
            for one in self.get("/taxes")
            if one["percentage"] == percentage and one["type"] == "IVA"
        )

    def document(self, *lines: dict[str, Any], **header: Any) -> dict[str, Any]:
        """A body for an invoice or remission; without lines, one unit of item 101."""
        return {
            "date": today(),
            "dueDate": today(),
            "client": {"id": CLIENT},
            "items": list(lines) or [self.line()],
            "paymentForm": "CASH",
            "paymentMethod": "CASH",
            **header,
        }

    def line(self, item: str = "101", price: Any = 10000, **more: Any) -> dict[str, Any]:
        return {"id": item, "price": price, "quantity": 1, "tax": [], **more}

    def invoice(self, *lines: dict[str, Any], **header: Any) -> dict[str, Any]:
        return self.post("/invoices", self.document(*lines, **header))

    def remission(self, *lines: dict[str, Any], **header: Any) -> dict[str, Any]:
        return self.post("/remissions", self.document(*lines, **header))

    def clone(self, key: str) -> dict[str, Any]:
        answer = self.control("copies", {"nit": self.made["nit"], "invoice": key})
        assert answer.status_code == 201, answer.text
        return answer.json()

    def item_of_type(self, kind: str) -> dict[str, Any]:
        return self.get(f"/items?type={kind}&limit=1")[0]
