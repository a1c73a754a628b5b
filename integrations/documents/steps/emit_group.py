"""Who shares one call of emission: at most ten drafts of one company, and how long they wait.

A draft that was just made waits a few seconds for others, while some are on their way; a lone
one goes at once (reliability reference, *Exactly one document*, step 10).
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Q, QuerySet

from integrations.alegra.invoices import MOST_STAMPED
from integrations.connections.models import AlegraCompany
from integrations.documents.models import Document
from integrations.orders.models import OrderEvent
from integrations.sending.rows import due_rows
from integrations.sending.states import State
from integrations.timekeeping import clock
from integrations.timekeeping.timing import timing

if TYPE_CHECKING:
    from integrations.sending.turns import Turn

OTHERS = MOST_STAMPED - 1
# Not tried before: those may go before their time comes.
_IS_NEW = Q(stamps=0, failures=0)


def form(turn: Turn, document: Document) -> list[Document] | datetime:
    """The draft with those that share its call, each claimed; or when to come back, while others
    are on their way."""
    now = clock.now()
    if document.emit_alone:
        return _another_goes_alone(document, now) or [document]
    if again_at := _too_few(turn, document, now):
        return again_at
    # One worker of a company at a time: two that choose at once would each get half of a group.
    with transaction.atomic():
        list(AlegraCompany.objects.select_for_update(no_key=True).filter(pk=document.company_id))
        # Neighbours that were read before may be in another worker's hands by now.
        again_at = _another_chooses(turn, document, now) or _too_few(turn, document, now)
        if again_at is not None:
            return again_at
        return [document, *turn.claim_all(_companions(turn, document), most=OTHERS)]


def _another_goes_alone(document: Document, now: datetime) -> datetime | None:
    """When one that is sent alone is due again, where another such invoice of its company is being
    sent: if Alegra refuses all of them, the first one shows it. None where none is."""
    is_sent = Q(state=State.EMITTING, legal_state=Document.LegalState.NONE)
    is_first = Q(Document.lease.held(now), state=State.CREATED, pk__lt=document.pk)
    mine = Document.objects.filter(company=document.company_id, emit_alone=True)
    others = mine.filter(is_sent | is_first, emit_since__isnull=False).exclude(pk=document.pk)
    times = list(others.values_list("next_attempt_at", flat=True))
    if not times:
        return None
    soon = now + timing().delta("first_goes")
    return max(soon, min(filter(None, times), default=soon))


def _too_few(turn: Turn, document: Document, now: datetime) -> datetime | None:
    """When it is due again, where the group is not full and more invoices are on their way; None
    where it goes now."""
    near = _near(turn, document)
    return _waits_until(document, near, now) if len(near) < OTHERS else None


def _waits_until(document: Document, near: list[datetime | None], now: datetime) -> datetime | None:
    """When it looks again for companions that are on their way; None where it goes.

    Its wait counts from when the last one of them came (`near`). The time in which nobody was
    served, for there were no calls left, is none of it, nor that for which our pace has put the
    others off.
    """
    times = timing()
    waits = times.delta("emit_companions")
    began = max(filter(None, [document.emit_since, document.last_read_at]))
    due = document.next_attempt_at
    was_held_up = due is not None and now - due > times.delta("emit_held_up")
    last = began + times.delta("emit_longest")
    came = max(filter(None, [began, *near]))
    until = now + waits if was_held_up else min(came + waits, last)
    if now < until and _are_coming(document, now):
        return until
    if now < began + waits and _others_were_told(document, now):
        return began + waits
    if now < last and (first := _first_put_off(document, now)) is not None and first < last:
        return min(first + waits, last)
    return None


def _companions(turn: Turn, document: Document) -> QuerySet[Document]:
    # Those that wait for others, however long they still would.
    within = timing().delta("emit_longest")
    # One that was refused is built anew first, alone.
    rows = turn.like(
        document,
        within=within,
        kind="invoice",
        state=State.CREATED,
        emit_since__isnull=False,
        emit_alone=False,
        legal_words__isnull=True,
    )
    return rows.filter(_IS_NEW | Q(next_attempt_at__lte=clock.now()))


def _near(turn: Turn, document: Document) -> list[datetime | None]:
    """When each of those that it could take with it was last read; as many as find room."""
    return list(_companions(turn, document).values_list("last_read_at", flat=True)[:OTHERS])


def _to_emit(rows: QuerySet[Document], document: Document) -> QuerySet[Document]:
    """Other invoices of its company that are to be emitted once they are made."""
    wanted = Q(kind="invoice", mode="definitive") | Q(emit_since__isnull=False)
    mine = rows.filter(wanted, company=document.company_id, emit_alone=False)
    return mine.exclude(pk=document.pk)


def _first_put_off(document: Document, now: datetime) -> datetime | None:
    """When the first one of those comes whose new buyers wait for a contact."""
    rows = due_rows(Document, now + timing().delta("emit_longest")).filter(
        state=State.PENDING, needs_contact=True, failures=0, next_attempt_at__gt=now
    )
    found = _to_emit(rows, document).order_by("next_attempt_at")
    return found.values_list("next_attempt_at", flat=True).first()


def _are_coming(document: Document, now: datetime) -> bool:
    """Whether one of them is due, or being made."""
    held = Document.objects.filter(
        Document.lease.held(now), state__in=(State.PENDING, State.SENDING)
    )
    # Also those that let another one go first, for a moment.
    soon = now + timing().delta("emit_companions")
    due = due_rows(Document, soon).filter(state=State.PENDING)
    return any(_to_emit(rows, document).exists() for rows in (held, due))


def _others_were_told(document: Document, now: datetime) -> bool:
    """Whether MasterShop sent another order of its company a moment ago: orders come in bursts, and
    those behind the first one are not recorded yet."""
    told = OrderEvent.objects.filter(
        integration__company=document.company_id,
        received_at__gt=now - timing().delta("emit_burst"),
    )
    return told.exclude(order=document.order_id).exists()


def _another_chooses(turn: Turn, document: Document, now: datetime) -> datetime | None:
    """When to come back, where another worker has just claimed a draft of the same group and
    there are few enough for one call. The newer draft comes back first, and takes all of them."""
    if document.deaths or len(_near(turn, document)) >= OTHERS:
        return None
    # Held for nearly as long as a lease lasts.
    just_now = now + timing().delta("lease") - timing().delta("first_goes")
    theirs = Document.objects.filter(
        Document.lease.held(just_now),
        state=State.CREATED,
        emit_since__isnull=False,
        emit_alone=False,
        deaths=0,
        company=document.company_id,
        alegra_user=document.alegra_user_id,
    ).exclude(pk=document.pk)
    newest = theirs.order_by("-pk").values_list("pk").first()
    if newest is None:
        return None
    return now + timing().delta("first_goes" if newest[0] > document.pk else "contention")
