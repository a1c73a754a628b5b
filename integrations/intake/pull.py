"""The periodic pull: what no event told is found in MasterShop's order list.

Nothing depends on events alone. Rows whose status was not processed are read in full and go
the way of an event; a row whose detail cannot be read is recorded as it is, so that its order
waits for a person at its trigger and is not lost.
"""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction

from integrations.connections import reads
from integrations.connections.clients import NoStandIn, mastershop_client
from integrations.connections.models import Integration
from integrations.connections.source_account import SourceAccount
from integrations.connections.source_read import SourceRead
from integrations.intake import fetching, pass_outcome, passes
from integrations.intake.interpret import interpret, settle_recorded
from integrations.intake.models import RefusedEvents
from integrations.intake.passes import Pass
from integrations.mastershop import errors
from integrations.mastershop.client import MasterShopClient
from integrations.mastershop.orders import ListRow
from integrations.mastershop.parser import parse_order
from integrations.orders import number_twice
from integrations.orders.columns import order_from_row
from integrations.orders.deliveries import keep_delivery
from integrations.orders.models import Order, OrderEvent
from integrations.orders.record import record_row
from integrations.orders.reread import body_text, digest_of
from integrations.scoping.context import scope, unscoped
from integrations.timekeeping import clock
from integrations.timekeeping.timing import timing

# A pass ends early rather than hold a worker and a claim for long; what is left is due at once.
MOST_DETAILS = 400
# Details that were not readable before; however many there are, a pass comes to its end.
MOST_AGAIN = 100
# Of a whole list.
_LIST_TRIES = 4
_DOWN_AFTER = 3
_CHUNK = 200


class _Stopped(Exception):
    """The pass ended before its end, for a reason that is no failure."""


@dataclass
class _Progress:
    """`unreached` counts details in a row that got no answer, `again` those tried before."""

    ends_at: float
    details: int = 0
    unreached: int = 0
    again: int = 0


def due_integrations(*, now: datetime) -> list[int]:
    """The integrations with a key for which a pass is due and nobody is at it."""
    with unscoped("which integrations are to be pulled"):
        rows = list(
            Integration.objects.active()
            .exclude(source__key_last4="")
            .select_related("source")
            .only("organization_id", "source__key_refused_at")
        )
        lists = {
            each.integration_id: each for each in SourceRead.objects.filter(kind=reads.Kind.ORDERS)
        }
    asked = fetching.waiting_integrations()
    return [
        row.pk
        for row in rows
        if not _is_being_read(known := lists.get(row.pk), now)
        and (row.pk in asked or _due(row.source, known, now=now) is not None)
    ]


def _is_being_read(known: SourceRead | None, now: datetime) -> bool:
    return known is not None and known.lease.is_held(known, now)


def pull(integration_id: int) -> bool:
    """Make the pass that is due; whether it came to its end. Open no transaction around it."""
    now = clock.now()
    with unscoped("whose integration is this"):
        integration = Integration.objects.select_related("source").filter(pk=integration_id).first()
    if integration is None or integration.is_archived:
        return False
    source = integration.source
    with scope(integration.organization_id):
        known = reads.row_of(reads.Kind.ORDERS, integration)
        fetch = fetching.asked_for(integration)
        if fetch is not None and _has_failed_since(known, fetch.fetch_asked_at, now=now):
            fetch = None
        one = fetching.pass_of(fetch, now=now) if fetch else _due(source, known, now=now)
        if one is None or not source.key or not reads.take(known, now=now):
            return False
        changes: dict[str, Any] = {}
        of_account: dict[str, Any] = {}
        completed = False
        try:
            with mastershop_client(integration) as client:
                if fetch is not None:
                    fetching.began(fetch, now=now)
                _run(integration, client, one, now=now, fetch=fetch)
            if fetch is not None:
                fetching.done(fetch, now=clock.now())
            changes = pass_outcome.completed(known, one, now=now)
            of_account = {"key_refused_at": None}
            completed = True
        except _Stopped:
            changes = {"failed_at": None, "error": ""}
        except (errors.MasterShopError, NoStandIn) as error:
            if isinstance(error, errors.KeyRefused):
                of_account = {"key_refused_at": now}
            changes = pass_outcome.failed(integration, error, now=now)
        finally:
            _give_back(source, known, changes, of_account)
    return completed


def _give_back(
    source: SourceAccount, known: SourceRead, of_list: dict[str, Any], of_account: dict[str, Any]
) -> None:
    """What came of the pass; nothing where it overran its lease, so that another has the list."""
    with transaction.atomic():
        if reads.give_back(known, **of_list) and of_account:
            SourceAccount.objects.filter(pk=source.pk).update(**of_account)


def _due(source: SourceAccount, known: SourceRead | None, *, now: datetime) -> Pass | None:
    refused = source.key_refused_at
    if refused is not None and now - refused < timing().delta("key_refused_rests"):
        return None
    if known is None:
        return passes.due_pass({}, now=now)
    failed = known.failed_at
    if failed is not None and now - failed < timing().delta("pull_rests"):
        return None
    return passes.due_pass(known.passes, now=now)


def _has_failed_since(known: SourceRead, asked_at: datetime, *, now: datetime) -> bool:
    """What a person asked for is tried at once, and after a failure of its own as all is."""
    failed = known.failed_at
    if failed is None or failed < asked_at:
        return False
    return now - failed < timing().delta("pull_rests")


def _run(
    integration: Integration,
    client: MasterShopClient,
    one: Pass,
    *,
    now: datetime,
    fetch: RefusedEvents | None = None,
) -> None:
    progress = _Progress(ends_at=time.monotonic() + timing().pull_longest)
    for start, end in passes.ranges_of(one, now=now):
        rows = _list(client, start, end)
        for first in range(0, len(rows), _CHUNK):
            chunk = rows[first : first + _CHUNK]
            brought = progress.details - progress.again
            try:
                for row, again in _unprocessed(integration, chunk, one, now=now):
                    progress.again += again
                    if not again or progress.again <= MOST_AGAIN:
                        _take(integration, client, row, progress)
            finally:
                if fetch is not None:
                    brought = max(0, progress.details - progress.again - brought)
                    fetching.progress(fetch, seen=len(chunk), brought=brought)


def _list(client: MasterShopClient, start: Any, end: Any) -> list[ListRow]:
    """A whole range. Their 5xx are frequent and pass: three tries more, each later."""
    for number in range(1, _LIST_TRIES + 1):
        try:
            return list(client.every_order(start, end))
        except (errors.Unavailable, errors.NotReached):
            if number == _LIST_TRIES:
                raise
            time.sleep(number * timing().pull_list_again)
    raise AssertionError("unreachable")


def _unprocessed(
    integration: Integration, rows: list[ListRow], one: Pass, *, now: datetime
) -> Iterator[tuple[ListRow, bool]]:
    """The rows to be read in full, and whether that was tried before."""
    known: dict[str, list[Order]] = defaultdict(list)
    for order in Order.objects.filter(
        integration=integration, number__in=[row.order_id for row in rows]
    ).only("organization_id", "number", "status", "status_raw", "needs_detail", "created_as",
           "source_created_at", "source_updated_at", "first_seen_at", "changed_at",
           "contradiction", "may_be", "same_as"):  # fmt: skip
        known[order.number].append(order)
    for row in rows:
        place = number_twice.place_in_list(known[row.order_id], order_from_row(row), arrived_at=now)
        order = place.sale or place.may_be
        if order is None or _is_news(row, order, one, now=now):
            yield row, order is not None and order.needs_detail and row.status == order.status
        elif place.sale is None and one is not passes.RECENT:
            # Another sale of its number, or the list has a clock of its own: read now and then.
            yield row, True


def _is_news(row: ListRow, order: Order, one: Pass, *, now: datetime) -> bool:
    if row.status != order.status and row.status != "unknown":
        return True
    if order.contradiction:
        # Its answer, whatever it is, ends the doubt.
        return True
    known_at = order.source_updated_at
    if row.updated_at is not None and known_at is not None and row.updated_at > known_at:
        return True
    # What could not be read is tried again: often while it is young, then with the wider passes.
    young = now - order.changed_at < timing().delta("detail_young")
    return order.needs_detail and (young or one is not passes.RECENT)


def _take(
    integration: Integration, client: MasterShopClient, row: ListRow, progress: _Progress
) -> None:
    if progress.details >= MOST_DETAILS or time.monotonic() > progress.ends_at:
        raise _Stopped
    progress.details += 1
    time.sleep(timing().pull_call_rest)
    try:
        detail = client.order(row.order_id)
    except (errors.KeyRefused, errors.RateLimited):
        raise
    except (errors.Unavailable, errors.NotReached):
        progress.unreached += 1
        if progress.unreached >= _DOWN_AFTER:
            raise
        _record_row(integration, row)
        return
    except errors.MasterShopError:
        progress.unreached = 0
        _record_row(integration, row)
        return
    progress.unreached = 0
    parsed = parse_order(detail)
    if parsed.order is None or parsed.order.order_id != row.order_id:
        _record_row(integration, row)
        return
    take_detail(integration, detail, parsed.order.event_name, source=OrderEvent.Source.PULL)


def take_detail(
    integration: Integration, detail: dict[str, Any], event_name: str, *, source: str
) -> int:
    """Store what MasterShop answered as a delivery and interpret it; returns the event's id."""
    text = body_text(detail)
    kept = keep_delivery(
        integration,
        body=text,
        digest=digest_of(text),
        source=source,
        is_signed=True,
        event_name=event_name,
        now=clock.now(),
    )
    if kept.is_due:
        interpret(kept.event.pk)
    return kept.event.pk


def _record_row(integration: Integration, row: ListRow) -> None:
    recorded = record_row(integration, row, now=clock.now())
    if recorded.changed:
        # What the row leaves open has just been asked for; an unsigned body is still to be read.
        settle_recorded(recorded, now=clock.now(), was_read=recorded.order.is_signed)
