"""Receiving an event: checked, stored, answered. MasterShop reference: receiving contract.

Nothing is interpreted here. What is answered with 200 is durable; what cannot be made durable
is answered with 503, so that the sender keeps it.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.http import HttpRequest

from integrations.colombia.masking import mask_text
from integrations.connections.models import Integration
from integrations.connections.source_account import SourceAccount
from integrations.intake import body, hints, refusals
from integrations.intake.business import settle_business
from integrations.intake.models import RefusedEvents
from integrations.mastershop import parser, signature, values
from integrations.mastershop.identifying import as_body, identifying
from integrations.orders.deliveries import Kept, keep_delivery
from integrations.orders.models import OrderEvent
from integrations.orders.reread import body_text
from integrations.scoping.context import scope, unscoped
from integrations.scoping.prepared import Prepared
from integrations.timekeeping.timing import timing

_KEPT_HEADERS = ("Content-Type", "User-Agent", "Date")
_LONGEST_HEADER = 200
Verdict = OrderEvent.Verdict
Why = RefusedEvents.Why


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    received: bool


_integration = Prepared(
    lambda digest: (
        Integration.objects.active()
        .select_related("source")
        .filter(source__webhook_token_digest=digest)[:1]
    )
)


def integration_of(digest: str) -> Integration | None:
    """The integration whose address has this digest; None where there is none, or it is
    archived."""
    with unscoped("the token of a webhook address"):
        return _integration.first(digest=digest)


def receive_event(integration: Integration, request: HttpRequest, *, now: datetime) -> Answer:
    """Store one delivery and say how to answer it. Raises `django.db.Error` when it could not
    be made durable."""
    with scope(integration.organization_id):
        try:
            raw = body.read_body(request)
        except body.TooLarge:
            refusals.count_refused(integration, Why.TOO_LARGE, now=now)
            return Answer(413, received=False)
        except body.Incomplete:
            return Answer(400, received=False)
        secrets = secrets_of(integration.source, now=now)
        told = request.headers.get(signature.HEADER)
        if secrets and not signature.is_valid(told, raw, secrets):
            why = Why.SIGNATURE if (told or "").strip() else Why.UNSIGNED
            refusals.count_refused(integration, why, now=now)
            return Answer(401, received=False)
        return _store(integration, raw, request, is_signed=bool(secrets), now=now)


def secrets_of(source: SourceAccount, *, now: datetime) -> list[str]:
    """The secrets in force, two while one is being replaced; [] when none is set."""
    if not source.secret:
        return []
    previous_until = source.previous_secret_until
    previous_counts = previous_until is not None and previous_until > now
    return [
        source.secret,
        *([source.previous_secret] if previous_counts and source.previous_secret else []),
    ]


def _store(
    integration: Integration, raw: bytes, request: HttpRequest, *, is_signed: bool, now: datetime
) -> Answer:
    delivery = {
        "digest": hashlib.sha256(raw).hexdigest(),
        "source": OrderEvent.Source.WEBHOOK,
        "is_signed": is_signed,
        "headers": {
            name.lower(): request.headers[name][:_LONGEST_HEADER]
            for name in _KEPT_HEADERS
            if name in request.headers
        },
        "now": now,
    }
    try:
        found = body.read_object(raw)
    except body.Unreadable as why:
        # Nothing of the body: it may be anybody's, and there is no order in it.
        if refusals.may_keep(integration, now=now):
            keep_delivery(
                integration, body="", verdict=Verdict.UNREADABLE, problem=str(why), **delivery
            )
        refusals.count_refused(integration, Why.UNREADABLE, now=now)
        return Answer(400, received=False)
    # A name that is none may hold anything.
    name = mask_text(values.text(values.Fields(found).first("event_name", "event"), limit=80))
    business = parser.business_of(found)
    with transaction.atomic():
        integration, objection = settle_business(integration, business, now=now)
        if not objection:
            kept = keep_delivery(
                integration, body=raw.decode("utf-8-sig"), event_name=name, **delivery
            )
            _note_event(integration.source, now=now)
        elif refusals.may_keep(integration, now=now):
            # The buyer is another business's: kept is what finds the order, and no more.
            keep_delivery(
                integration,
                body=body_text(as_body(identifying(found))),
                event_name=name,
                verdict=Verdict.OTHER_BUSINESS,
                problem=objection,
                **delivery,
            )
    if objection:
        refusals.count_refused(integration, Why.OTHER_BUSINESS, now=now, business=business)
        return Answer(403, received=False)
    _wake(kept)
    return Answer(200, received=True)


def _note_event(source: SourceAccount, *, now: datetime) -> None:
    # Not with every delivery: fifty at once would wait for each other on one row.
    last = source.last_event_at
    if last is None or now - last >= timing().delta("last_event_every"):
        SourceAccount.objects.filter(pk=source.pk).update(last_event_at=now)


def _wake(kept: Kept) -> None:
    if kept.is_due:
        hints.hint(kept.event.integration_id)
