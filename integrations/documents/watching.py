"""Reading our drafts in Alegra again until they end: edited, deleted, emitted, copied by a person.

Thirty ids a call, the young ones every ten minutes and the others hourly, with at most a tenth of
the calls of their Alegra user, behind documents. It goes on while an integration is off or paused,
because reading changes nothing there; it needs a credential that Alegra takes, and an integration
that is not archived. What changed is claimed row by row like any other work, and written as a
step's decision is.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog
from django.db import InterfaceError, OperationalError, transaction
from django.db.models import Case, F, Min, Q, QuerySet, SmallIntegerField, When

from integrations.alegra import invoices
from integrations.alegra.client import MOST_ROWS, AlegraClient
from integrations.alegra.errors import (
    AlegraError,
    BudgetExhausted,
    NotSent,
    OutcomeUnknown,
    RateLimited,
)
from integrations.alegra.invoices import Invoice
from integrations.connections import background
from integrations.connections.clients import NoStandIn, alegra_client
from integrations.connections.models import AlegraCompany, AlegraUser, Credential, Integration
from integrations.connections.pace import Pace
from integrations.documents import copies, followed
from integrations.documents.draft_reading import DraftReading
from integrations.documents.endpoints import read_or_gone
from integrations.documents.issue import locked_order
from integrations.documents.models import Document
from integrations.orders.models import Order
from integrations.scoping.context import scope, unscoped
from integrations.sending.apply import apply
from integrations.sending.decided import Next
from integrations.sending.going_first import is_somebody_due
from integrations.sending.states import State
from integrations.sending.transition import LeaseLost
from integrations.timekeeping import clock
from integrations.timekeeping.timing import timing

log = structlog.get_logger("documents")

WATCHED = (State.BLOCKED, State.CREATED, State.REJECTED)
# One that a batch left out: its own reading, that of its company, and its own once more.
CALLS_FOR_MISSING = 3


@dataclass(frozen=True)
class Progress:
    """How many documents of how many were read."""

    read: int
    of: int


def watch_due() -> int:
    """One batch of every company whose drafts are due. Returns how many were read."""
    return sum(read_batch(*each) for each in _companies(clock.now()))


def read_batch(organization_id: int, company_id: int, credential_id: int) -> bool:
    """Read what is due of one company; False where it is not the time for it, somebody else is
    at it, or Alegra did not answer."""
    with scope(organization_id):
        company = AlegraCompany.objects.get(pk=company_id)
        credential = Credential.objects.select_related("alegra_user").get(pk=credential_id)
        now = clock.now()
        reading, _made = DraftReading.objects.get_or_create(
            company=company, defaults={"organization_id": organization_id, "next_at": now}
        )
        if _lets_ahead(reading, credential.alegra_user, now):
            return False
        is_due = Q(next_at=None) | Q(next_at__lte=now)
        if not reading.lease.acquire(reading, now=now, where=is_due):
            return False
        return _read(reading, company, credential, now)


def read_now(
    company: AlegraCompany, ids: Sequence[int], *, credential: Credential, pace: Pace | None = None
) -> Iterator[Progress]:
    """Read these documents of one company now, for a person who waits: what follows is written
    before each step of the progress. Raises AlegraError, NoStandIn; what was read by then stays.

    Needs an open scope and no open transaction. Who is not to be read is passed over.
    """
    of = len(ids)
    with alegra_client(credential, pace=pace) as client:
        for start in range(0, of, MOST_ROWS):
            chosen = list(_rows(company, clock.now()).filter(pk__in=ids[start : start + MOST_ROWS]))
            for document in _read_many(client, chosen, clock.now()):
                _read_missing(client, document)
            yield Progress(min(of, start + MOST_ROWS), of)


# --- One batch -----------------------------------------------------------------------------
def _read(
    reading: DraftReading, company: AlegraCompany, credential: Credential, now: datetime
) -> bool:
    missing = _missing(reading, company)
    batch = [] if missing else list(_due(company, now)[:MOST_ROWS])
    looks = not missing and not batch and copies.is_look_due(reading, company, now)
    if not missing and not batch and not looks:
        reading.lease.release(reading, missing=[], next_at=_next_at(company, now))
        return False
    calls = CALLS_FOR_MISSING if missing else 1
    if not background.take(credential.alegra_user, calls, now=now):
        reading.lease.release(reading)
        return False
    waits = [each.pk for each in missing[1:]]
    told = {"read_at": now, "failed_at": None, "error": ""}
    try:
        with alegra_client(credential) as client:
            if missing:
                _read_missing(client, missing[0])
            elif looks:
                told |= copies.look(client, reading, company, now)
            else:
                waits = [each.pk for each in _read_many(client, batch, now)]
    except (AlegraError, NoStandIn) as error:
        log.info("drafts not read", company=company.pk, error=type(error).__name__)
        failed = {"failed_at": now, "error": type(error).__name__[:40]}
        again_at = clock.now() + _pause(error)
        reading.lease.release(reading, next_at=again_at, **failed)
        return False
    reading.lease.release(reading, missing=waits, next_at=now, **told)
    return True


def _read_many(
    client: AlegraClient, documents: Sequence[Document], asked_at: datetime
) -> list[Document]:
    """One call; what follows is written. Returns those that the answer left out."""
    if not documents:
        return []
    asked = _ids_of(documents)
    found = invoices.read_many(client, asked)
    left_out, unchanged = [], []
    for document in documents:
        told = found.get(document.alegra_id)
        if told is None:
            if followed.is_known_gone(document):
                unchanged.append(document.pk)
            else:
                left_out.append(document)
        elif followed.has_changed(document, told):
            _settle(document, told)
        else:
            unchanged.append(document.pk)
    if not left_out:
        copies.are_read(documents, asked, found)
    # Not over a newer reading.
    older = Q(last_read_at=None) | Q(last_read_at__lt=asked_at)
    Document.objects.filter(older, pk__in=unchanged).update(last_read_at=asked_at)
    return left_out


def _ids_of(documents: Sequence[Document]) -> list[str]:
    """Theirs, and as many of their copies as a call has room for."""
    ids = [each.alegra_id for each in documents]
    beside = [copy for each in documents for copy in each.copies or ()]
    return [*ids, *beside][:MOST_ROWS]


def _read_missing(client: AlegraClient, document: Document) -> None:
    """An answer that leaves one out is no proof: filters are ignored, lists are cut."""
    found = read_or_gone(client, document)
    if found is None or followed.has_changed(document, found):
        _settle(document, found)
        return
    Document.objects.filter(pk=document.pk).update(last_read_at=clock.now())


def _settle(document: Document, found: Invoice | None) -> None:
    """Write what follows where nobody else has the row, and nothing moved it since it was read."""
    now = clock.now()
    try:
        with transaction.atomic():
            document.order = order = locked_order(document.order)
            if document.lease.acquire(document, now=now, where=Q(state=document.state)):
                apply(document, _decided(document, order, found, now))
    except LeaseLost:
        log.info("a draft was taken meanwhile", document=document.pk)
    except (OperationalError, InterfaceError):
        raise
    except Exception:
        # One row over which our own code fails keeps none of the others from being read.
        log.exception("a draft that was read could not be settled", document=document.pk)
        Document.objects.filter(pk=document.pk).update(last_read_at=now)


def _decided(document: Document, order: Order, found: Invoice | None, now: datetime) -> Next:
    if found is None:
        return followed.after_absence(document, order, now=now)
    return followed.after_reading(document, order, found, now=now)


# --- What is due ---------------------------------------------------------------------------
def _companies(now: datetime) -> list[tuple[int, int, int]]:
    """(organization, company, credential) of each company whose time has come."""
    with unscoped("drafts of all tenants are read again"):
        later = DraftReading.objects.filter(Q(next_at__gt=now) | DraftReading.lease.held(now))
        rows = list(
            Integration.objects.active()
            .filter(credential__state=Credential.State.VALID)
            .exclude(company__in=later.values("company"))
            .order_by("company", "pk")
            .values_list("organization_id", "company_id", "credential_id")
        )
        due_since = dict(DraftReading.objects.values_list("company", "next_at"))
    found = {row[1]: row for row in reversed(rows)}
    # The longest due first: companies of one Alegra user share its calls.
    return sorted(found.values(), key=lambda row: due_since.get(row[1]) or now)


def _rows(company: AlegraCompany, now: datetime) -> QuerySet[Document]:
    """Its drafts, and what else may still end, in no worker's hands."""
    return (
        Document.objects.filter(
            Document.lease.free(now),
            company=company,
            kind="invoice",
            state__in=WATCHED,
            alegra_id__gt="",
            # What is being deleted from here is read by whoever deletes it.
            removal__isnull=True,
        )
        .select_related("order__integration__company", "integration", "company", "buyer_contact")
        .defer("payload", "settings_snapshot")
    )


def _due(company: AlegraCompany, now: datetime) -> QuerySet[Document]:
    times = timing()
    never = Q(last_read_at=None)
    young = Q(
        sent_at__gt=now - times.delta("draft_young"),
        last_read_at__lte=now - times.delta("draft_read_every"),
    )
    old = Q(last_read_at__lte=now - times.delta("old_draft_read_every"))
    # The young first, so that many old ones keep none of them waiting.
    is_old = Q(sent_at__lte=now - times.delta("draft_young"))
    return (
        _rows(company, now)
        .filter(never | young | old)
        .annotate(is_old=Case(When(is_old, then=1), default=0, output_field=SmallIntegerField()))
        .order_by("is_old", F("last_read_at").asc(nulls_first=True), "pk")
    )


def _next_at(company: AlegraCompany, now: datetime) -> datetime:
    """When the first of them is due."""
    times = timing()
    young_since = now - times.delta("draft_young")
    rows = _rows(company, now).order_by()
    firsts = [
        (rows.filter(sent_at__gt=young_since), times.delta("draft_read_every")),
        (rows, times.delta("old_draft_read_every")),
    ]
    soonest = now + times.delta("draft_read_every")
    for which, every in firsts:
        first = which.aggregate(first=Min("last_read_at"))["first"]
        if first is not None:
            soonest = min(soonest, first + every)
    return max(now, soonest)


def _missing(reading: DraftReading, company: AlegraCompany) -> list[Document]:
    if not reading.missing:
        return []
    return list(_rows(company, clock.now()).filter(pk__in=reading.missing))


def _lets_ahead(reading: DraftReading, alegra_user: AlegraUser, now: datetime) -> bool:
    """Whether documents of the same user are to leave: they go first, for a minute."""
    since = reading.next_at
    if since is not None and now - since > timing().delta("patience"):
        return False
    return is_somebody_due(alegra_user, now)


def _pause(error: Exception) -> timedelta:
    if isinstance(error, BudgetExhausted | RateLimited):
        return timedelta(seconds=error.retry_after)
    passes = isinstance(error, NotSent | OutcomeUnknown)
    return timing().delta("drafts_rest" if passes else "list_rests")
