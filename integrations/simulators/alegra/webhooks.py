"""Webhook subscriptions and their deliveries. Alegra reference: webhooks.

Nothing is signed, nothing is repeated, and ten failures in a row drop the subscription.
"""

from __future__ import annotations

import ipaddress
import logging
import queue
import re
import threading
import urllib.error
import urllib.request
from typing import Any

from integrations.simulators.alegra.books import Call
from integrations.simulators.alegra.refusals import refusal
from integrations.simulators.messages import encode
from integrations.simulators.server import Router
from integrations.simulators.storage import Record, Store

logger = logging.getLogger(__name__)

EVENTS = frozenset(
    f"{verb}-{resource}"
    for verb in ("new", "edit", "delete")
    for resource in ("invoice", "bill", "client", "item")
)
FAILURES_ALLOWED = 10
TIMEOUT_SECONDS = 5.0
KIND = "subscriptions"
_MISSING = "La suscripción no existe"


def add_webhook_routes(router: Router) -> None:
    router.add("GET", "/webhooks/subscriptions", list_subscriptions)
    router.add("POST", "/webhooks/subscriptions", subscribe)
    router.add("GET", "/webhooks/subscriptions/{id}", read_subscription)
    router.add("PUT", "/webhooks/subscriptions/{id}", edit_subscription)
    router.add("DELETE", "/webhooks/subscriptions/{id}", unsubscribe)


def show_subscription(record: Record) -> Record:
    return {name: record[name] for name in ("id", "event", "url")}


def list_subscriptions(call: Call) -> Any:
    return {"subscriptions": [show_subscription(record) for record in call.books.all(KIND)]}


def read_subscription(call: Call) -> Any:
    return show_subscription(call.books.get(KIND, call.key, _MISSING))


def subscribe(call: Call) -> Any:
    """A new subscription, after the empty POST to its address was answered with 2xx.

    Runs outside of a transaction: the receiver may take five seconds, and may call back.
    """
    books = call.books
    event, url = _accept(call)
    with books.store.transaction():
        for record in books.all(KIND):
            if (record["event"], record["url"]) == (event, url):
                raise refusal("Ya existe una suscripción con este evento y esta URL")
    if not post(url, b""):
        raise refusal("La URL no respondió correctamente a la petición de verificación")
    with books.store.transaction():
        key = str(books.store.next_number(books.nit, KIND))
        record = {"id": key, "kind": KIND, "event": event, "url": url, "failures": 0}
        books.put(KIND, record)
    return {
        "message": "Suscripción creada correctamente",
        "subscription": show_subscription(record),
    }


def edit_subscription(call: Call) -> Any:
    record = call.books.get(KIND, call.key, _MISSING)
    event, url = _accept(call, record)
    record |= {"event": event, "url": url, "failures": 0}
    call.books.put(KIND, record)
    return {"message": "Suscripción actualizada", "subscription": show_subscription(record)}


def unsubscribe(call: Call) -> Any:
    record = call.books.get(KIND, call.key, _MISSING)
    call.books.store.drop(call.books.nit, KIND, record["id"])
    return {"message": "Suscripción eliminada correctamente"}


def _accept(call: Call, before: Record | None = None) -> tuple[str, str]:
    body = {**(before or {}), **call.body}
    event, url = body.get("event"), body.get("url")
    if event not in EVENTS:
        raise refusal("El evento de la suscripción es inválido")
    if not isinstance(url, str) or not url.strip():
        raise refusal("La URL de la suscripción es obligatoria")
    url = url.strip()
    scheme, wanted = re.match(r"https?://", url), call.books.facts["webhook_scheme"]
    if scheme and wanted == "without":
        raise refusal("La URL no debe incluir http:// o https://")
    if not scheme and wanted == "with":
        raise refusal("La URL debe incluir https://")
    return str(event), url


def address_of(url: str) -> str:
    """Where a subscription is delivered: https, but http to this very machine."""
    bare = re.sub(r"^https?://", "", url)
    host = bare.split("/", 1)[0].rsplit(":", 1)[0].strip("[]")
    try:
        loopback = ipaddress.ip_address(host).is_loopback
    except ValueError:
        loopback = host == "localhost"
    return f"{'http' if loopback else 'https'}://{bare}"


def thin(resource: str, shown: Record) -> Record:
    """What an event carries of a record: references to be read again, no amounts of lines."""
    told = {"id": shown["id"]}
    if resource != "invoice":
        return told
    told |= {name: shown[name] for name in ("date", "status", "total") if name in shown}
    if isinstance(client := shown.get("client"), dict):
        told["client"] = {"id": client["id"]}
    names = ("id", "quantity", "remission")
    return told | {
        "items": [
            {name: line[name] for name in names if name in line} for line in shown.get("items", [])
        ]
    }


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *args: Any, **kwargs: Any) -> None:
        return None


_opener = urllib.request.build_opener(_NoRedirect)


def post(url: str, body: bytes) -> bool:
    """One POST; whether it was answered with 2xx in time."""
    request = urllib.request.Request(  # noqa: S310 - http or https by construction
        address_of(url), data=body, headers={"Content-Type": "application/json"}, method="POST"
    )
    try:
        with _opener.open(request, timeout=TIMEOUT_SECONDS) as answer:
            return 200 <= int(answer.status) < 300
    except (OSError, ValueError):
        return False


class Deliveries:
    """Sends events in a thread of its own, in the order in which they happened."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._queue: queue.Queue[tuple[str, str, bytes] | None] = queue.Queue()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def announce(self, nit: str, events: list[tuple[str, str, Any]]) -> None:
        """Queue events of committed changes: name, resource and the record as shown."""
        for event, resource, shown in events:
            if any(one["event"] == event for one in self._store.all(nit, KIND)):
                body = {"subject": event, "message": {resource: thin(resource, shown)}}
                self._queue.put((nit, event, encode(body)))

    def send_again(self, nit: str, event: str, body: bytes, copies: int) -> None:
        """Queue any body, any number of times: a doubled or a forged delivery."""
        for _ in range(copies):
            self._queue.put((nit, event, body))

    def close(self) -> None:
        self._queue.put(None)

    def _run(self) -> None:
        while (delivery := self._queue.get()) is not None:
            nit, event, body = delivery
            for record in self._store.all(nit, KIND):
                if record["event"] == event:
                    self._deliver(nit, record["id"], body)

    def _deliver(self, nit: str, key: str, body: bytes) -> None:
        record = self._store.look(nit, KIND, key)
        if record is None:
            return
        good = post(record["url"], body)
        with self._store.transaction():
            record = self._store.get(nit, KIND, key)
            if record is None:
                return
            record["failures"] = 0 if good else record["failures"] + 1
            if record["failures"] >= FAILURES_ALLOWED:
                logger.info("subscription %s dropped after ten failures", key)
                self._store.drop(nit, KIND, key)
            else:
                self._store.put(nit, KIND, key, record)
