"""Keeping what was received, before anybody interprets it.

The key is the digest of the raw body, unique per integration and never forgotten, because no
id comes with a delivery and senders repeat for days (MasterShop reference: receiving contract).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models import F

from integrations.connections.models import Integration
from integrations.orders.models import OrderEvent
from integrations.timekeeping.timing import timing

Verdict = OrderEvent.Verdict


@dataclass(frozen=True, slots=True)
class Kept:
    """`is_due`: it waits to be interpreted."""

    event: OrderEvent
    is_new: bool
    is_due: bool


def keep_delivery(
    integration: Integration,
    *,
    body: str,
    digest: str,
    source: str,
    is_signed: bool,
    now: datetime,
    headers: dict[str, str] | None = None,
    event_name: str = "",
    verdict: str = Verdict.WAITING,
    problem: str = "",
) -> Kept:
    """Store a delivery, or count the copy of one that is stored. One short transaction.

    A copy is interpreted again only if another body of its order came in between, or if it
    could not be interpreted an hour ago.
    """
    with transaction.atomic():
        try:
            with transaction.atomic():
                event = OrderEvent.objects.create(
                    organization_id=integration.organization_id,
                    integration=integration,
                    body_digest=digest,
                    body=body,
                    source=source,
                    is_signed=is_signed,
                    headers=headers or {},
                    event_name=event_name[:80],
                    verdict=verdict,
                    problem=problem[:300],
                    received_at=now,
                    last_received_at=now,
                    interpreted_at=None if verdict == Verdict.WAITING else now,
                )
            return Kept(event, is_new=True, is_due=verdict == Verdict.WAITING)
        except IntegrityError:
            return _count_copy(
                integration, digest, body=body, verdict=verdict, signed=is_signed, now=now
            )


def _count_copy(
    integration: Integration,
    digest: str,
    *,
    body: str,
    verdict: str,
    signed: bool,
    now: datetime,
) -> Kept:
    event = (
        OrderEvent.objects.select_for_update()
        .defer("body")
        .get(integration=integration, body_digest=digest)
    )
    changes: dict[str, object] = {"copies": F("copies") + 1, "last_received_at": now}
    if signed and not event.is_signed:
        changes["is_signed"] = True
    if verdict != event.verdict and _counts_again(event, verdict, now=now):
        changes |= {"verdict": verdict, "tries": 0, "lease_until": None, "problem": ""}
        # Of a refused one not all was kept.
        changes["body"] = body
        event.verdict = verdict
    OrderEvent.objects.filter(pk=event.pk).update(**changes)
    event.refresh_from_db(fields=["copies", "last_received_at"])
    return Kept(event, is_new=False, is_due=event.verdict == Verdict.WAITING)


def _counts_again(event: OrderEvent, verdict: str, *, now: datetime) -> bool:
    if verdict != Verdict.WAITING:
        return False
    if event.verdict == Verdict.OTHER_BUSINESS:
        # It was refused before the business was known or after it was another one.
        return True
    rested = now - timing().delta("failed_event_rests")
    if event.verdict == Verdict.FAILED and event.interpreted_at <= rested:
        # The failure was ours, and may be mended by now.
        return True
    return (
        event.order_id is not None
        and OrderEvent.objects.filter(
            order_id=event.order_id, last_received_at__gte=event.last_received_at
        )
        .exclude(pk=event.pk)
        .exists()
    )
