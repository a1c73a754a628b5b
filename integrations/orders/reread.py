"""*Relectura del pedido*: an unsigned delivery is checked at its source before it counts, and
what partial events left out is asked for there.

MasterShop reference, receiving contract: once, when the order's trigger is reached and the
integration has a key; an incomplete order at once. The newer of the two tellings counts. Where
reading orders has never worked the stored body is used; where it did, an order unknown to its
source waits for a person; a source that is down is asked again for ten minutes.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from datetime import datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from integrations.connections.clients import NoStandIn, mastershop_client
from integrations.connections.models import Integration
from integrations.connections.source_account import SourceAccount
from integrations.mastershop import errors
from integrations.mastershop.parser import Parsed, parse_order
from integrations.mastershop.parts import PAYMENT
from integrations.orders import contradiction, told_again
from integrations.orders.deliveries import keep_delivery
from integrations.orders.models import Order, OrderEvent
from integrations.orders.parts_known import PartsKnown
from integrations.orders.record import record_order
from integrations.timekeeping.timing import timing


class Outcome(StrEnum):
    CONFIRMED = "confirmed"
    NOT_READABLE = "not_readable"  # reading orders has never worked for this integration
    UNREADABLE = "unreadable"  # it works, and does not know this order
    GAVE_UP = "gave_up"
    NO_KEY = "no_key"
    AGAIN = "again"


# What the order's timeline says.
SENTENCES = {
    Outcome.CONFIRMED: _("El pedido se volvió a leer en MasterShop antes de documentarlo."),
    Outcome.NOT_READABLE: _(
        "MasterShop no permite volver a leer este pedido; se usan los datos del evento."
    ),
    Outcome.UNREADABLE: _("MasterShop no reconoce este pedido; no se documenta con el evento."),
    Outcome.GAVE_UP: _("MasterShop no respondió durante 10 minutos; se usan los datos del evento."),
    Outcome.NO_KEY: _("Sin llave de MasterShop; se usan los datos del evento."),
    Outcome.AGAIN: _("MasterShop no respondió; se vuelve a leer el pedido en unos minutos."),
}

_LATER = (errors.NotReached, errors.Unavailable, errors.RateLimited, errors.KeyRefused)


def is_needed(order: Order) -> bool:
    """Whether an order at its trigger must be read at its source before it is documented."""
    if contradiction.is_to_be_read(order):
        return True
    if order.is_signed and not is_incomplete(order):
        return False
    return order.reread_at is None or order.reread_outcome == Outcome.UNREADABLE


def is_incomplete(order: Order) -> bool:
    """Whether its events left out something that the order read by number may tell: its lines,
    its total, how it is paid, or the identification of the buyer it now names."""
    known = PartsKnown.from_json(order.parts)
    return bool(known.lacks() or not known.tells(PAYMENT) or known.is_asunder())


def ask_for(order: Order, *, now: datetime) -> bool:
    """Make the re-reading due. False where there is no key to do it with.

    Call it in the transaction that recorded the order.
    """
    if not order.integration.source.key:
        _remember(order, reread_outcome=Outcome.NO_KEY, reread_next_at=None)
        return False
    if order.reread_next_at is None:
        _remember(order, reread_started_at=now, reread_next_at=now)
    return True


def reread(
    order: Order, *, now: datetime, then: Callable[[Order], object] | None = None
) -> Outcome:
    """Read the order at its source, if it is due and nobody else does it at this moment.

    Open no transaction around it. With any outcome but `AGAIN` the order may go on; with
    `UNREADABLE` it is marked so that a person is asked. `then` is called with the order in
    the transaction that ends the re-reading, so that no death can come between the two.
    """
    if not order.rereading.acquire(order, now=now):
        return Outcome.AGAIN
    order.refresh_from_db()
    integration = Integration.objects.select_related("source").get(pk=order.integration_id)
    order.integration = integration
    try:
        with mastershop_client(integration) as client:
            detail = client.order(order.number)
    except errors.MasterShopError as error:
        outcome = _after_failure(order, integration, error, now=now)
    except NoStandIn:
        outcome = Outcome.NOT_READABLE
    else:
        parsed = parse_order(detail)
        if _is_of_this_number(order, integration, parsed):
            return _take(order, integration, detail, parsed, now=now, then=then)
        outcome = _unknown(integration)
    if outcome is Outcome.AGAIN:
        return outcome
    with transaction.atomic():
        outcome = _not_confirmed(order, outcome, now=now)
        if then is not None:
            then(order)
    return outcome


def _not_confirmed(order: Order, outcome: Outcome, *, now: datetime) -> Outcome:
    """Remember what came of it; returns the outcome for this order."""
    if outcome is Outcome.UNREADABLE and order.is_signed:
        # Its signature vouches for it; events may come before MasterShop can show the order.
        outcome = Outcome.NOT_READABLE
    changes: dict[str, Any] = {"reread_at": now, "reread_next_at": None}
    if outcome is Outcome.UNREADABLE:
        changes["needs_detail"] = True
    _remember(order, reread_outcome=outcome, **changes)
    return outcome


def body_text(detail: Any) -> str:
    """A detail as the text that is stored: amounts stay numbers, every sign is plain ASCII."""
    return json.dumps(detail, default=_plain, sort_keys=True)


def digest_of(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def _is_of_this_number(order: Order, integration: Integration, parsed: Parsed) -> bool:
    told = parsed.order
    if told is None or told.order_id != order.number:
        return False
    return not (
        told.business_id
        and integration.source.business_id
        and told.business_id != integration.source.business_id
    )


def _take(
    order: Order,
    integration: Integration,
    detail: Any,
    parsed: Parsed,
    *,
    now: datetime,
    then: Callable[[Order], object] | None,
) -> Outcome:
    """Record what its source answered: of this order, or of another sale of its number."""
    assert parsed.order is not None  # noqa: S101 - _is_of_this_number saw it
    text = body_text(detail)
    with transaction.atomic():
        kept = keep_delivery(
            integration,
            body=text,
            digest=digest_of(text),
            source=OrderEvent.Source.REREAD,
            is_signed=True,
            event_name=parsed.order.event_name,
            now=now,
        )
        recorded = record_order(
            integration,
            parsed.order,
            now=now,
            signed=True,
            source=OrderEvent.Source.REREAD,
            problems=parsed.problems,
        )
        verdict = OrderEvent.Verdict.OUTDATED if recorded.outdated else OrderEvent.Verdict.APPLIED
        OrderEvent.objects.filter(pk=kept.event.pk).update(
            order=recorded.order, verdict=verdict, interpreted_at=now, lease_until=None
        )
        if not integration.source.detail_readable:
            SourceAccount.objects.filter(pk=integration.source_id).update(detail_readable=True)
            integration.source.detail_readable = True
        answered = told_again.after_answer(order, recorded.order, now=now)
        settled = {each.pk: each for each in (order, answered, *recorded.others)}
        outcome = Outcome.CONFIRMED
        Order.objects.filter(pk=answered.pk).update(
            reread_at=now, reread_next_at=None, reread_outcome=Outcome.CONFIRMED
        )
        order.refresh_from_db()
        if answered.pk != order.pk and order.same_as_id is None:
            # Its source shows another sale of the number, and this one no more.
            outcome = _not_confirmed(order, Outcome.UNREADABLE, now=now)
        if then is not None:
            for each in settled.values():
                each.refresh_from_db()
                then(each)
    return outcome


def _after_failure(
    order: Order, integration: Integration, error: errors.MasterShopError, *, now: datetime
) -> Outcome:
    if isinstance(error, errors.KeyRefused):
        # Not of a key that took its place while this one was on its way.
        asked = SourceAccount.objects.filter(
            pk=integration.source_id, key_last4=integration.source.key_last4
        )
        asked.update(key_refused_at=now)
    if not isinstance(error, _LATER):
        return _unknown(integration)
    waited = now - (order.reread_started_at or now)
    if waited >= timing().delta("reread_ceiling"):
        return Outcome.GAVE_UP
    # Each wait is as long as all before it together.
    longest = timing().delta("reread_longest")
    wait = min(max(waited, timing().delta("reread_shortest")), longest)
    if isinstance(error, errors.RateLimited) and error.retry_after:
        wait = max(wait, min(timedelta(seconds=error.retry_after), longest))
    order.rereading.release(order, at=now + wait, reread_outcome=Outcome.AGAIN)
    return Outcome.AGAIN


def _unknown(integration: Integration) -> Outcome:
    return Outcome.UNREADABLE if integration.source.detail_readable else Outcome.NOT_READABLE


def _remember(order: Order, **changes: Any) -> None:
    Order.objects.filter(pk=order.pk).update(**changes)
    for name, value in changes.items():
        setattr(order, name, value)


def _plain(content: Any) -> int | float:
    if isinstance(content, Decimal):
        return int(content) if content == content.to_integral_value() else float(content)
    raise TypeError(type(content).__name__)
