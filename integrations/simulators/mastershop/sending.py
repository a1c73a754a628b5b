"""Sending events to a business's webhook, in every order that was ever seen or feared.

MasterShop reference: events; transition rules; simulator.
"""

from __future__ import annotations

import contextlib
import hashlib
import hmac
import http.client
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from integrations.simulators.facts import Facts
from integrations.simulators.mastershop import vocabulary
from integrations.simulators.mastershop.records import Records, stamp
from integrations.simulators.mastershop.shapes import event_body
from integrations.simulators.messages import encode

_PATIENCE = 10.0
_ANSWER_KEPT = 500


class UnknownEvent(ValueError):
    """No event and no sequence has that name."""


@dataclass(frozen=True)
class Change:
    """The order takes a status at a moment; its events are sent when its turn in the list comes,
    which need not be the order of the moments. ``partial``: they leave out most of it."""

    status: int
    at: datetime
    names: tuple[str, ...]
    partial: bool = False


def _ordinary(status: int, at: datetime) -> Change:
    return Change(status, at, tuple(vocabulary.events_of(status)))


def _same_second(status: int, now: datetime) -> list[Change]:
    return [_ordinary(6, now), _ordinary(8, now)]


def _delivered_before_transit(status: int, now: datetime) -> list[Change]:
    return [_ordinary(8, now), _ordinary(6, now - timedelta(hours=3))]


def _bounce(status: int, now: datetime) -> list[Change]:
    return [_ordinary(8, now - timedelta(days=2)), _ordinary(10, now)]


def _twice(status: int, now: datetime) -> list[Change]:
    change = _ordinary(status, now)
    return [change, change]


def _unknown_status(status: int, now: datetime) -> list[Change]:
    return [_ordinary(99, now)]


_NOVELTY = "Pedido con Novedad"


def _partial_before(status: int, now: datetime) -> list[Change]:
    return [Change(6, now - timedelta(hours=1), (_NOVELTY,), partial=True), _ordinary(status, now)]


def _partial_after(status: int, now: datetime) -> list[Change]:
    return [
        _ordinary(3, now - timedelta(hours=2)),
        Change(6, now - timedelta(hours=1), (_NOVELTY,), partial=True),
        replace(_ordinary(status, now), partial=True),
    ]


def _three_copies(status: int, now: datetime) -> list[Change]:
    split = [name for name, number in vocabulary.statuses_by_event().items() if number == status]
    return [Change(status, now, (*vocabulary.events_of(status), *split[-1:]))]


SEQUENCES: dict[str, Callable[[int, datetime], list[Change]]] = {
    "twice": _twice,
    "three_copies": _three_copies,
    "same_second": _same_second,
    "delivered_before_transit": _delivered_before_transit,
    "bounce": _bounce,
    "unknown_status": _unknown_status,
    "partial_before": _partial_before,
    "partial_after": _partial_after,
}

_WALK = (1, 2, 3, 4, 5, 6, 8)


def walk(last: int, now: datetime, *, hours: int = 6) -> list[Change]:
    """Every status up to the last one, some hours apart and ending now. Cancelled, returned and
    claimed orders walk a part of the way first."""
    before = {9: (1, 2), 10: (1, 2, 3, 4, 5, 6), 11: _WALK}
    steps = [*before[last], last] if last in before else [s for s in _WALK if s < last] + [last]
    start = now - timedelta(hours=hours * (len(steps) - 1))
    return [_ordinary(step, start + timedelta(hours=hours * n)) for n, step in enumerate(steps)]


def plan(names: list[str], status: int, now: datetime) -> list[Change]:
    """The changes for a list of event names and sequence names. Raises UnknownEvent."""
    by_event = vocabulary.statuses_by_event()
    changes: list[Change] = []
    for name in names:
        if name in SEQUENCES:
            changes += SEQUENCES[name](status, now)
        elif name in (vocabulary.GENERIC, vocabulary.CARRIER_CHANGE):
            changes.append(Change(status, now, (name,)))
        elif name in by_event:
            changes.append(Change(by_event[name], now, (name,)))
        else:
            known = ", ".join(
                [*SEQUENCES, vocabulary.GENERIC, vocabulary.CARRIER_CHANGE, *by_event]
            )
            raise UnknownEvent(f"Unknown event: {name}. Known: {known}")
    return changes


class Sender:
    """Makes changes to orders and tells the webhook of their business."""

    def __init__(self, records: Records, facts: Facts) -> None:
        self._records = records
        self._facts = facts

    def carry_out(
        self,
        business_id: Any,
        number: Any,
        changes: list[Change],
        *,
        send: bool = True,
        copies: int = 1,
        url: str | None = None,
        secret: str | None = None,
    ) -> list[dict[str, Any]]:
        """What was sent, each with its answer. Without a webhook nothing is sent.

        Changes are written down in the order of their moments, sent in the order given.
        """
        moved_before = len(self._records.movements(business_id))
        known = {(step["status"], step["at"]) for step in self._history(business_id, number)}
        for change in sorted(changes, key=lambda change: change.at):
            if (change.status, stamp(change.at)) not in known:
                known.add((change.status, stamp(change.at)))
                self._records.change_status(business_id, number, change.status, change.at)
        if not send:
            return []
        order = self._records.order(business_id, number)
        sent = []
        for change in changes:
            for name in change.names * copies:
                at = stamp(change.at)
                partial = change.partial or self._is_partial(number, name, at)
                body = event_body(
                    order, self._facts, name, status=change.status, at=at, partial=partial
                )
                sent.append(self.post(business_id, body, url=url, secret=secret))
        if self._facts["movement_events"]:
            for movement in self._records.movements(business_id)[moved_before:]:
                sent.append(self.report_movement(business_id, movement, url=url, secret=secret))
        return [event for event in sent if event is not None]

    def _is_partial(self, number: Any, name: str, at: str) -> bool:
        """Whether this event is of the share that is partial: the same one every time."""
        digest = hashlib.sha256(f"{number} {name} {at}".encode()).digest()
        return int.from_bytes(digest[:4]) < self._facts["partial_events"] * 2**32

    def report_movement(
        self,
        business_id: Any,
        movement: dict[str, Any],
        *,
        url: str | None = None,
        secret: str | None = None,
    ) -> dict[str, Any] | None:
        """Sends the event *Movimiento de inventario*."""
        items = [
            {"id_variant": i["idVariant"], "quantity": i["quantity"], "stock": i["stock"]}
            for i in movement["items"]
        ]
        body = {
            "eventName": vocabulary.STOCK_MOVEMENT,
            "id_business": self._records.business(business_id)["business_id"],
            "idWarehouse": movement["idWarehouse"],
            "movementId": movement["movementId"],
            "reason": movement["reason"],
            "items": items,
            "date": movement["date"],
        }
        if movement["id_order"] is not None:
            body["id_order"] = movement["id_order"]
        return self.post(business_id, body, url=url, secret=secret)

    def post(
        self,
        business_id: Any,
        body: dict[str, Any],
        *,
        url: str | None = None,
        secret: str | None = None,
    ) -> dict[str, Any] | None:
        """Sends one body, signed if there is a secret; None when there is nowhere to send it."""
        business = self._records.business(business_id)
        if url is None:
            url, secret = business["webhook_url"], secret or business["secret"]
        elif secret is None and url == business["webhook_url"]:
            secret = business["secret"]
        if not url:
            return None
        raw = encode(body)
        headers = {"Content-Type": "application/json", "User-Agent": "MasterShop/1.0"}
        if secret and self._facts["signature"] != "none":
            digest = hmac.new(secret.encode(), raw, hashlib.sha256).hexdigest()
            prefix = "sha256=" if self._facts["signature"] == "prefixed" else ""
            headers["X-Mastershop-Signature"] = prefix + digest
        status, answer = _post(url, raw, headers)
        event = {
            "sent_at": stamp(datetime.now(UTC)),
            "eventName": body["eventName"],
            "id_order": body.get("id_order", body.get("idOrder")),
            "id_status": body.get("id_status", body.get("idStatus")),
            "sha256": hashlib.sha256(raw).hexdigest(),
            "signed": "X-Mastershop-Signature" in headers,
            "status": status,
            "answer": answer,
        }
        self._records.note_event(business_id, event)
        return event

    def _history(self, business_id: Any, number: Any) -> list[dict[str, Any]]:
        history: list[dict[str, Any]] = self._records.order(business_id, number)["history"]
        return history


def _post(url: str, raw: bytes, headers: dict[str, str]) -> tuple[int | None, str]:
    """The status and the beginning of the answer; None and the reason when there was none."""
    try:
        parts = urlsplit(url)
        secure = parts.scheme == "https"
        kind = http.client.HTTPSConnection if secure else http.client.HTTPConnection
        connection = kind(parts.hostname or "", parts.port, timeout=_PATIENCE)
        target = parts.path + (f"?{parts.query}" if parts.query else "")
        with contextlib.closing(connection):
            connection.request("POST", target or "/", raw, headers)
            response = connection.getresponse()
            return response.status, response.read(_ANSWER_KEPT).decode("utf-8", "replace")
    except (OSError, ValueError, http.client.HTTPException) as error:
        return None, type(error).__name__
