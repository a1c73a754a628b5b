"""A real portal for whole stories: `manage.py up` as a process of its own, driven from outside.

Only what outsiders may rely on is used: `$VAR/demo.json`, the portal's pages over HTTP, the
webhook, and the control interface of the simulators.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar

import requests

from tests.flows.browsing import Session
from tests.flows.surroundings import Surroundings, free_ports

ROOT = Path(__file__).resolve().parents[2]
Found = TypeVar("Found")

# What a test run says about itself is nothing to a portal that stands alone.
_NOT_PASSED_ON = (
    *("SECRET_KEY", "FIELD_KEYS", "MARKER_KEY", "TEST_SQLITE", "TEST_DATABASE", "LOG_LEVEL"),
    *("BASE_URL", "EMAIL_URL", "HOST", "DJANGO_SETTINGS_MODULE", "DATABASE_URL"),
    *("DATABASE_OWNER_URL", "REDIS_URL", "EXPECT_VENDOR"),
)


class TooLate(AssertionError):
    """What was waited for did not come."""


class LivePortal:
    """`with LivePortal() as portal:` — a fresh world on free ports, gone afterwards.

    Under `pgbox` it has a PostgreSQL database of its own and a Redis number of its own. Times
    are divided by `divisor`; no order comes by itself.
    """

    def __init__(
        self, *, divisor: float = 20, empty: bool = False, environment: dict[str, str] | None = None
    ) -> None:
        self.var = Path(tempfile.mkdtemp(prefix="live-portal-"))
        self.port = free_ports()
        self.is_empty = empty
        self.output = self.var / "up.out"
        self.process: subprocess.Popen | None = None
        self.demo: dict[str, Any] = {}
        self._surroundings = Surroundings()
        self._environment = {
            name: value
            for name, value in os.environ.items()
            if name not in _NOT_PASSED_ON and not name.startswith(("PYTEST_", "COV_"))
        }
        self._environment |= {
            "VAR": str(self.var),
            "PORT": str(self.port),
            "TIMING_DIVISOR": str(divisor),
            "DEMO_TRAFFIC": "0",
            **self._surroundings.environment,
            **(environment or {}),
        }

    @property
    def database(self) -> str:
        """The name of its PostgreSQL database, '' on SQLite."""
        return self._surroundings.database

    # --- Its life ------------------------------------------------------------------------

    def __enter__(self) -> LivePortal:
        try:
            self.start()
        except BaseException:
            self.discard()
            raise
        return self

    def __exit__(self, *exc: object) -> None:
        self.discard()

    def start(self, *, patience: float = 90) -> LivePortal:
        """Start and wait until `demo.json` is there. Raises TooLate with what was said."""
        arguments = ["--empty"] if self.is_empty else []
        with self.output.open("ab") as output:
            self.process = subprocess.Popen(
                [sys.executable, "manage.py", "up", *arguments],
                cwd=ROOT,
                env=self._environment,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        path = self.var / "demo.json"
        deadline = time.monotonic() + patience
        while not path.exists() or path.stat().st_mtime < self._born():
            if self.process.poll() is not None or time.monotonic() > deadline:
                raise TooLate(f"The portal did not start:\n{self.said()}")
            time.sleep(0.05)
        self.demo = json.loads(path.read_text())
        return self

    def _born(self) -> float:
        """When this process began: an older `demo.json` is the last run's."""
        return Path(f"/proc/{self.process.pid}").stat().st_mtime - 1 if self.process else 0.0

    def stop(self, *, patience: float = 15) -> int:
        """TERM; the exit code."""
        if self.process is None:
            return 0
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        try:
            return self.process.wait(timeout=patience)
        finally:
            if self.process.poll() is None:
                self.process.kill()
                self.process.wait()

    def restart(self) -> LivePortal:
        self.stop()
        return self.start()

    def discard(self) -> None:
        """Stop and forget everything."""
        self.stop()
        self._surroundings.remove()
        shutil.rmtree(self.var, ignore_errors=True)

    def said(self) -> str:
        """The end of what the portal printed."""
        text = self.output.read_text(errors="replace") if self.output.exists() else ""
        return text[-4000:]

    def log(self, name: str) -> str:
        """A child's log: web, worker, beat or simulators."""
        path = self.var / "log" / f"{name}.log"
        return path.read_text(errors="replace") if path.exists() else ""

    def pids(self) -> dict[str, int]:
        return json.loads((self.var / "pids.json").read_text())

    def kill(self, name: str = "worker") -> int:
        """kill -9 a child; its pid."""
        pid = self.pids()[name]
        os.kill(pid, signal.SIGKILL)
        return pid

    def kill_worker(self) -> int:
        """kill -9 the worker and wait until another one is there; the new pid."""
        old = self.kill("worker")
        return self.wait_for(
            lambda: (pid := self.pids().get("worker")) != old and pid, "a new worker"
        )

    # --- Pages ---------------------------------------------------------------------------

    @property
    def url(self) -> str:
        return self.demo["portal_url"]

    @property
    def owner_url(self) -> str:
        """Its database as the owner of the tables; "" where that is a file in `var`."""
        return self._surroundings.environment.get("DATABASE_OWNER_URL", "")

    def user(self, role: str, *, organization: str | None = None) -> dict[str, str]:
        """The demo's user of a role; `outsider` owns the other organization, `admin` is staff."""
        if role == "admin":
            return self.demo["admin"]
        mine = self.demo["organization"]
        if role == "outsider":
            role = "owner"
            wanted = [u for u in self.demo["users"] if u["organization"] != mine]
        else:
            wanted = [u for u in self.demo["users"] if u["organization"] == (organization or mine)]
        return next(user for user in wanted if user["role"] == role)

    def login(self, role: str) -> Session:
        """A signed-in session of the demo's user of this role."""
        user = self.user(role)
        session = Session(self.url)
        page = session.get(self.demo["login_url"])
        assert page.status_code == 200, page.status_code
        answer = session.post(
            self.demo["login_url"], {"login": user["email"], "password": user["password"]}
        )
        assert answer.status_code == 302, f"{role} cannot sign in: {answer.status_code}"
        return session

    # --- Orders --------------------------------------------------------------------------

    def integration(self, kind: str = "invoice") -> dict[str, Any]:
        """`kind`: invoice (drafts), remission, or definitive (invoices that are emitted)."""
        made = self.demo["integrations"]
        if kind == "definitive":
            return next(i for i in made if (i["document_kind"], i["mode"]) == ("invoice", kind))
        return next(i for i in made if i["document_kind"] == kind)

    def products(
        self, *, iva: str | None = "19", linked: bool = True, kind: str = "invoice"
    ) -> list[dict[str, Any]]:
        return [
            product
            for product in self.integration(kind)["products"]
            if (product["alegra_item"] is not None) == linked and iva in (None, product["iva"])
        ]

    def order(self, number: int | str, *, kind: str = "invoice", **changes: Any) -> dict[str, Any]:
        """An event's body: a delivered COD order of one linked product, unless changed."""
        integration = self.integration(kind)
        product = self.products(kind=kind)[0]
        now = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        place = {"address1": "Calle 45 No 12 30", "city": "Medellín", "state": "Antioquia"}
        body: dict[str, Any] = {
            "eventName": "Cambio de Estado del Pedido",
            "id_order": number,
            "external_order_id": f"WEB-{number}",
            "id_business": integration["business_id"],
            "id_status": 8,
            "is_test": False,
            "date_created_order": now,
            "date_update_order": now,
            "customer": {
                "full_name": "Luz Dary Peña Ávila",
                "first_name": "Luz Dary",
                "last_name": "Peña Ávila",
                "email": "luz.dary@example.com",
                "phone": "3005550134",
                "documentType": "CC",
                "documentNumber": "52447813",
            },
            "shipping_address": {"country": "CO", "cityDaneCode": "05001000", **place},
            "warehouse": {"idWarehouse": integration["warehouse_id"]},
            "order_transaction": {"currency": "COP", "payment_method": "cod", "discount": 0},
            "order_items": [line(product, price=50_000)],
            "additional_charge": [],
        }
        _merge(body, changes)
        money = body["order_transaction"]
        if "total" not in money:
            lines = sum(each["price"] * each["quantity"] for each in body["order_items"])
            charges = sum(each["amount"] for each in body["additional_charge"])
            money["total"] = lines + charges - money["discount"]
        return body

    def post_event(
        self,
        body: dict[str, Any] | bytes,
        *,
        kind: str = "invoice",
        secret: str | None = "",
        url: str = "",
        patience: float = 30,
    ) -> requests.Response:
        """Deliver a body, signed with the integration's secret; None signs nothing."""
        integration = self.integration(kind)
        raw = body if isinstance(body, bytes) else json.dumps(body, ensure_ascii=False).encode()
        headers = {"Content-Type": "application/json"}
        if secret is not None:
            key = (secret or integration["webhook_secret"]).encode()
            headers["X-Mastershop-Signature"] = hmac.new(key, raw, hashlib.sha256).hexdigest()
        return requests.post(
            url or integration["webhook_url"], data=raw, headers=headers, timeout=patience
        )

    def post_order(self, number: int | str, *, kind: str = "invoice", **changes: Any) -> None:
        answer = self.post_event(self.order(number, kind=kind, **changes), kind=kind)
        assert answer.status_code == 200, answer.text

    # --- The simulators ------------------------------------------------------------------

    def control(self, what: str, body: Any = None, *, side: str = "alegra") -> Any:
        """GET, or POST when there is a body, of `/_control/` of one side."""
        root = f"http://127.0.0.1:{self.port + (1 if side == 'alegra' else 2)}/_control/"
        try:
            if body is None:
                answer = requests.get(root + what, timeout=60)
            else:
                answer = requests.post(root + what, json=body, timeout=60)
        except requests.ConnectionError:
            raise TooLate(f"The simulators are gone:\n{self.said()}") from None
        assert answer.ok, f"{what}: {answer.status_code} {answer.text[:300]}"
        return answer.json()

    def switches(self, *, side: str = "alegra", faults: list | None = None, **facts: Any) -> Any:
        """Merge facts and, if given, replace the list of faults."""
        body: dict[str, Any] = {"facts": facts}
        if faults is not None:
            body["faults"] = faults
        return self.control("switches", body, side=side)

    def ledger(self, kind: str = "invoice") -> dict[str, Any]:
        """What the simulated Alegra holds for the company of an integration."""
        email = self.integration(kind)["alegra_user"]
        companies = self.control("ledger")["companies"]
        return next(company for company in companies if email in company["users"])

    def documents(self, number: int | str, *, kind: str = "invoice") -> list[dict[str, Any]]:
        """The documents in the ledger that name the order; deleted ones are not among them."""
        rows = self.ledger(kind)["remissions" if kind == "remission" else "invoices"]
        return [
            row
            for row in rows
            if not row["_deleted_at"] and names_order(row["observations"] or "", number)
        ]

    def alegra(self, method: str, path: str, *, kind: str = "invoice", **options: Any) -> Any:
        """A call of the simulated API as the integration's user; the decoded answer."""
        integration = self.integration(kind)
        answer = requests.request(
            method,
            integration["alegra_url"] + path,
            auth=(integration["alegra_user"], integration["alegra_token"]),
            timeout=30,
            **options,
        )
        assert answer.ok, f"{method} {path}: {answer.status_code} {answer.text[:300]}"
        return answer.json()

    def calls(self, *, method: str = "", path: str = "") -> list[dict[str, Any]]:
        """The simulated Alegra's log of requests; `path` is a prefix below /api/v1."""
        return [
            call
            for call in self.control("calls")
            if method in ("", call["method"]) and call["path"].startswith(f"/api/v1{path}")
        ]

    # --- Waiting -------------------------------------------------------------------------

    def wait_for(
        self, look: Callable[[], Found | None], what: str = "", *, seconds: float = 20
    ) -> Found:
        """What `look` finds, asked until it is true. Raises TooLate with the portal's words."""
        deadline = time.monotonic() + seconds
        while True:
            found = look()
            if found:
                return found
            if time.monotonic() > deadline:
                raise TooLate(f"Waited {seconds:g} s for {what or look}.\n{self.said()}")
            time.sleep(0.1)

    def wait_for_document(
        self, number: int | str, *, kind: str = "invoice", seconds: float = 20
    ) -> dict[str, Any]:
        """The one document of the order. Two of them fail at once."""
        found = self.wait_for(
            lambda: self.documents(number, kind=kind), f"a document of {number}", seconds=seconds
        )
        assert len(found) == 1, f"order {number} has {len(found)} documents"
        return found[0]


def line(product: dict[str, Any], *, price: int, quantity: int = 1) -> dict[str, Any]:
    """A line of an order."""
    known = ("id_product", "id_variant", "sku", "name")
    return {**{name: product[name] for name in known}, "quantity": quantity, "price": price}


def names_order(text: str, number: int | str) -> bool:
    """Whether the number stands alone in the text, not inside a longer one."""
    words = "".join(letter if letter.isalnum() or letter == "-" else " " for letter in text)
    return str(number) in words.split()


def _merge(into: dict[str, Any], changes: dict[str, Any]) -> None:
    for name, value in changes.items():
        if isinstance(value, dict) and isinstance(into.get(name), dict):
            _merge(into[name], value)
        else:
            into[name] = value
