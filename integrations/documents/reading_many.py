"""The drafts that a person chose are read in Alegra before what becomes of them is planned."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import structlog
from django.db.models import Q, QuerySet

from integrations.alegra.client import MOST_ROWS
from integrations.alegra.errors import AlegraError, BudgetExhausted, RateLimited
from integrations.connections.clients import NoStandIn
from integrations.connections.models import Credential, Integration
from integrations.documents import watching
from integrations.documents.models import Document
from integrations.sending.bulk.models import BulkItem, BulkRun
from integrations.sending.states import State
from integrations.timekeeping.timing import timing

log = structlog.get_logger("documents")

UNREAD = "unread"
# Tries in a row before the drafts of a company are left out.
MOST_TRIES = 3


def read_chosen(run: BulkRun, keep: Callable[[], bool], now: datetime) -> datetime | None:
    """Read the next drafts of one company that were not read since the person chose them, with one
    call for up to thirty. When the next ones are due; None where all are read."""
    unread = _unread(run)
    first = unread.order_by("company_id", "integration__credential_id", "pk").first()
    if first is None:
        return None
    credential = first.integration.credential
    of_one = unread.filter(company=first.company_id, integration__credential=credential)
    ids = list(of_one.order_by("pk").values_list("pk", flat=True)[:MOST_ROWS])
    if not keep():
        return now
    try:
        for _progress in watching.read_now(first.company, ids, credential=credential):
            pass
    except (BudgetExhausted, RateLimited) as error:
        return now + timedelta(seconds=error.retry_after)
    except (AlegraError, NoStandIn) as error:
        log.info("chosen drafts not read", error=type(error).__name__, run=run.pk)
        return _failed(run, of_one, now)
    if unread.filter(pk__in=ids).count() == len(ids):
        # A worker has all of them in its hands.
        return _failed(run, of_one.filter(pk__in=ids), now)
    _count_failures(run, 0)
    return now


def still_unread(run: BulkRun) -> int:
    return _unread(run).count()


def _unread(run: BulkRun) -> QuerySet[Document]:
    """What nothing holds and was read before it was chosen; what is held is left out unread.

    However short ago: the plan is to say what the person just did in Alegra."""
    chosen = run.items.filter(outcome=BulkItem.Outcome.CHOSEN, reason="")
    return Document.objects.filter(
        Q(last_read_at=None) | Q(last_read_at__lt=run.created_at),
        pk__in=chosen.order_by().values("work_id"),
        state=State.CREATED,
        integration__state=Integration.State.ON,
        integration__paused_reason="",
        integration__credential__state=Credential.State.VALID,
    ).select_related("company", "integration__credential")


def _failed(run: BulkRun, documents: QuerySet[Document], now: datetime) -> datetime:
    """Tried again shortly; after some tries what cannot be read is not planned."""
    failures = run.failures + 1
    if failures >= MOST_TRIES:
        unread = list(documents.order_by().values_list("pk", flat=True))
        run.items.filter(work_id__in=unread).update(reason=UNREAD)
        failures = 0
    _count_failures(run, failures)
    return now + timing().delta("chosen_again")


def _count_failures(run: BulkRun, failures: int) -> None:
    if run.failures != failures:
        BulkRun.objects.filter(pk=run.pk).update(failures=failures)
        run.failures = failures
