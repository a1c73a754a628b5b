"""Webhook subscriptions: a hint that something changed, never the source of a fact.

https://developer.alegra.com/reference (webhooks)

While one is created Alegra posts an empty body to the address and wants a 2xx within 5 seconds.
Ten failures in a row delete it without a word.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from . import records
from .client import AlegraClient, Call
from .errors import OutcomeUnknown, Rejected
from .shapes import identity, objects, segment, text

PATH = "/webhooks/subscriptions"


@dataclass(frozen=True)
class Subscription:
    """``url`` may hold our secret, so it is not shown."""

    id: str
    event: str
    url: str = field(repr=False)
    raw: dict[str, Any] = field(default_factory=dict, repr=False, compare=False)


def create(client: AlegraClient, *, event: str, url: str) -> Subscription:
    """Subscribe to an event, or return the subscription that already exists.

    Sources disagree on whether the address carries its scheme: it is sent without, and once
    more with it when the refusal speaks of the scheme.
    """
    bare = _bare(url)
    try:
        return _create(client, event, bare)
    except Rejected as refusal:
        existing = _existing(client, event, url)
        if existing is not None:
            return existing
        if "http" not in refusal.message.lower() or bare == url:
            raise
        return _create(client, event, url)


def every(client: AlegraClient) -> tuple[Subscription, ...]:
    """All of them; this list has no pages."""
    call = Call("GET", PATH)
    body = client.send(call).body
    rows = body.get("subscriptions", body.get("data")) if isinstance(body, dict) else body
    if not isinstance(rows, list):
        raise OutcomeUnknown("Alegra respondió algo que no es una lista.", call=call)
    return tuple(map(from_row, objects(rows)))


def delete(client: AlegraClient, subscription_id: str) -> None:
    client.send(Call("DELETE", f"{PATH}/{segment(subscription_id)}"))


def from_row(row: dict[str, Any]) -> Subscription:
    return Subscription(
        id=identity(row), event=text(row.get("event")), url=text(row.get("url")), raw=row
    )


def _create(client: AlegraClient, event: str, url: str) -> Subscription:
    body = {"event": event, "url": url}
    return from_row(records.create(client, PATH, body, under=("subscription",)))


def _existing(client: AlegraClient, event: str, url: str) -> Subscription | None:
    wanted = (event, _bare(url))
    return next((each for each in every(client) if (each.event, _bare(each.url)) == wanted), None)


def _bare(url: str) -> str:
    return url.removeprefix("https://").removeprefix("http://")
