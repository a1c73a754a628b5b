"""From a stored delivery to the order's newest truth, and from there to its document.

Interpreting is idempotent: the merge does not mind order or repetition, and issuing a document
finds the row that exists. A delivery that cannot be interpreted three times over is *failed*,
shown, and never in the way of another.
"""

from __future__ import annotations

import traceback
from collections.abc import Iterable
from datetime import datetime
from functools import partial

import structlog
from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from integrations.connections.models import Integration
from integrations.documents.issue import issue_document
from integrations.intake.body import Unreadable, read_object
from integrations.intake.business import settle_business
from integrations.inventory.bodegas import seen_in_order
from integrations.mastershop import statuses
from integrations.mastershop.events import is_stock_movement
from integrations.mastershop.orders import NormalisedOrder
from integrations.mastershop.parser import Parsed, parse_order
from integrations.mastershop.parts import STATUS
from integrations.mastershop.problems import problem
from integrations.orders import reread
from integrations.orders.models import Order, OrderEvent
from integrations.orders.record import Recorded, record_order
from integrations.scoping import lacking
from integrations.scoping.context import scope, unscoped
from integrations.scoping.prepared import Prepared, PreparedUpdate
from integrations.timekeeping import clock
from integrations.timekeeping.timing import timing
from integrations.triggers.rules import decide, rules_of

log = structlog.get_logger("intake")

_event = Prepared(lambda pk: OrderEvent.objects.select_related("integration__source").filter(pk=pk))
_taking = PreparedUpdate(
    lambda pk, now: OrderEvent.objects.filter(
        OrderEvent.lease.free(now), verdict=OrderEvent.Verdict.WAITING, pk=pk
    ),
    tries=F("tries") + 1,
)
_row = PreparedUpdate(lambda pk: OrderEvent.objects.filter(pk=pk))

MOST_TRIES = 3
Verdict = OrderEvent.Verdict


def interpret(event_id: int) -> str:
    """Interpret one waiting delivery; returns its verdict. Open no transaction around it.

    What is not waiting, or is in other hands at this moment, is left alone.
    """
    now = clock.now()
    with unscoped("whose delivery is this"):
        is_mine = _claim(event_id, now=now)
        event = _event.first(pk=event_id)
    if event is None:
        return ""
    if not is_mine:
        return event.verdict
    with scope(event.organization_id):
        if event.tries > MOST_TRIES:
            # It took its workers down with it: no exception was ever caught.
            return _give_up(event, "", now=now)
        try:
            order = _interpret(event, now=now)
        except Exception as error:
            if lacking.is_to_blame(error):
                # The machine lacks something. The delivery is not to blame, so its tries stay.
                log.warning("interpreting put off", error=type(error).__name__)
                _put_back(event, now=now, tries=event.tries - 1)
                return Verdict.WAITING
            log.error(
                "interpreting failed",
                delivery=event.pk,
                error=type(error).__name__,
                where=_where(error),
            )
            if event.tries >= MOST_TRIES:
                return _give_up(event, type(error).__name__, now=now)
            _put_back(event, now=now, tries=event.tries)
            return Verdict.WAITING
    if order is not None and order.reread_next_at is not None:
        finish_reread(order.pk)
    return event.verdict


def finish_reread(order_id: int) -> None:
    """Read a waiting order at its source and, once that is settled, issue its document."""
    now = clock.now()
    with unscoped("whose order is this"):
        order = Order.objects.select_related("integration__source").filter(pk=order_id).first()
    if order is None or order.reread_next_at is None:
        return
    with scope(order.organization_id):
        reread.reread(order, now=now, then=_settle_as_read)


def _settle_as_read(order: Order) -> None:
    settle(order, now=clock.now(), was_read=True)


def settle(order: Order, *, now: datetime, was_read: bool = False) -> None:
    """After every change of an order: its bodega is known, its document decided.

    An unsigned order at its trigger, and one whose events left something out, is first read at
    its source; `reread_next_at` is then set and the document waits for it.
    """
    with transaction.atomic(savepoint=False):
        if order.bodega_id or order.bodega_name:
            seen_in_order(order.integration, order.bodega_id, order.bodega_name, now)
        # What has just been read is not asked for again, whatever its source said.
        needed = not was_read and reread.is_needed(order)
        if needed and _is_worth_reading(order) and reread.ask_for(order, now=now):
            return
        issue_document(order, now=now)


def settle_recorded(recorded: Recorded, *, now: datetime, was_read: bool = False) -> None:
    """`settle` for what was recorded, and for the orders of its number that it settled."""
    settle(recorded.order, now=now, was_read=was_read)
    for other in recorded.others:
        settle(other, now=now)


def _is_worth_reading(order: Order) -> bool:
    if statuses.by_code(order.status).reverses or order.is_test or order.same_as_id:
        return False
    if reread.is_incomplete(order):
        return True
    decision = decide(
        rules_of(order.integration),
        family=order.family,
        status=order.status,
        rank_max=order.rank_max,
    )
    return decision.code == "reached"


def _interpret(event: OrderEvent, *, now: datetime) -> Order | None:
    try:
        found = read_object(event.body)
    except Unreadable as why:
        _close(event, Verdict.UNREADABLE, str(why), now=now)
        return None
    if is_stock_movement(found):
        _close(event, Verdict.IGNORED, _("Es un movimiento de inventario."), now=now)
        return None
    parsed = parse_order(found)
    if parsed.order is None:
        sentence = _joined(one.sentence_es for one in parsed.problems)
        _close(event, Verdict.IGNORED, sentence, now=now)
        return None
    # Its transaction begins here: on SQLite an open one keeps webhooks waiting.
    return _recorded(event, parsed, now=now)


@transaction.atomic
def _recorded(event: OrderEvent, parsed: Parsed, *, now: datetime) -> Order | None:
    """The order after this event, with its document decided; None for an order of another
    business."""
    integration, objection = settle_business(event.integration, parsed.order.business_id, now=now)
    if objection:
        _close(event, Verdict.OTHER_BUSINESS, objection, now=now)
        return None
    recorded = _record(event, integration, parsed.order, parsed, now=now)
    settle_recorded(recorded, now=now)
    # What the order lacks, not what the body left out.
    sentence = _joined(one["sentence"] for one in recorded.order.problems)
    verdict = Verdict.APPLIED
    if recorded.outdated:
        verdict = Verdict.OUTDATED
    elif STATUS in parsed.order.told and parsed.order.status == "unknown":
        verdict = Verdict.IGNORED
        sentence = sentence or problem("status_unknown", "id_status").sentence_es
    _close(event, verdict, sentence, now=now, order=recorded.order)
    return recorded.order


def _record(
    event: OrderEvent,
    integration: Integration,
    normalised: NormalisedOrder,
    parsed: Parsed,
    *,
    now: datetime,
):
    return record_order(
        integration,
        normalised,
        now=now,
        signed=event.is_signed,
        source=event.source,
        problems=parsed.problems,
        received_at=event.last_received_at,
    )


def _joined(sentences: Iterable[str]) -> str:
    return " ".join(dict.fromkeys(sentences))


def _claim(event_id: int, *, now: datetime) -> bool:
    """Take the delivery for a while, before it is read. The try counts before it is made, because
    a delivery that kills its worker leaves no other trace."""
    event = OrderEvent(pk=event_id)
    return event.lease.acquire(event, now=now, update=partial(_taking, pk=event_id, now=now))


def _close(
    event: OrderEvent, verdict: str, problem: str, *, now: datetime, order: Order | None = None
) -> None:
    event.verdict = verdict
    changes = {"verdict": verdict, "problem": problem[:300], "interpreted_at": now}
    if order is not None:
        changes["order"] = order
    _row({**changes, "lease_until": None}, pk=event.pk)


def _put_back(event: OrderEvent, *, now: datetime, tries: int) -> None:
    again_at = now + timing().delta("event_rests")
    event.lease.release(event, at=again_at, tries=max(0, tries))


def _where(error: Exception) -> str:
    """The place of an exception. Its message stays out of the log: it may quote the order."""
    last = traceback.extract_tb(error.__traceback__)[-1]
    return f"{last.filename.rpartition('/')[2]}:{last.lineno}"


def _give_up(event: OrderEvent, error: str, *, now: datetime) -> str:
    log.error("delivery given up", delivery=event.pk, error=error)
    _close(
        event,
        Verdict.FAILED,
        _("Algo falló de nuestro lado al interpretar este evento. Ya lo estamos revisando."),
        now=now,
    )
    return Verdict.FAILED
