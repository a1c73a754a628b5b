"""What the company says of itself, first of all how many decimals its books keep.

A total that came back wrong may mean that somebody lowered them (Colombian invoicing reference,
"From tax-included price to base", rule 3). Until the company has been read again nothing more
is sent for it: the first wrong document is the last.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

from django.db.models import F, Q

from integrations.alegra import company
from integrations.alegra.client import AlegraClient
from integrations.alegra.errors import (
    AlegraError,
    BudgetExhausted,
    Forbidden,
    PlanExcludes,
    RateLimited,
    Unauthorized,
)
from integrations.connections import pauses
from integrations.connections.models import AlegraCompany, Credential
from integrations.scoping.prepared import Prepared
from integrations.sending.back_off import between
from integrations.timekeeping import clock
from integrations.timekeeping.timing import timing

_PAUSING: dict[type[AlegraError], str] = {
    Unauthorized: "unauthorized",
    PlanExcludes: "plan",
    Forbidden: "forbidden",
}


def note(row: AlegraCompany, found: company.Company, *, began: datetime) -> None:
    """Keep what a reading that began then has found, and what follows from it."""
    row.name = (found.name or row.name)[:200]
    row.regime, row.city = found.regime[:40], found.city[:80]
    row.precision = found.precision
    row.save(update_fields=["name", "regime", "city", "precision"])
    pauses.follow_precision(row)
    failed = AlegraCompany.objects.filter(pk=row.pk, asking_failures__gt=0)
    failed.update(asking_failures=0, asking_until=None)
    # A total that came back wrong since is a new doubt.
    doubted = AlegraCompany.objects.filter(pk=row.pk, total_doubted_at__lte=began)
    doubted.update(total_doubted_at=None)


def note_refusal(credential: Credential, error: AlegraError) -> None:
    """The company itself could not be read: a login that Alegra refuses is paused."""
    code = _PAUSING.get(type(error))
    if code:
        pauses.pause_credential(credential, code=code, now=clock.now())


def doubt(row: AlegraCompany, *, now: datetime) -> None:
    """A total came back wrong: nothing leaves before the company has been read."""
    AlegraCompany.objects.filter(pk=row.pk).update(total_doubted_at=now)


def trust(row: AlegraCompany, *, now: datetime) -> None:
    """A total came back right: for some seconds several documents may be under way at once."""
    old = now - timing().delta("total_trusted") / 3
    if row.total_right_at is not None and row.total_right_at >= old:
        return
    rows = AlegraCompany.objects.filter(pk=row.pk)
    rows.filter(Q(total_right_at=None) | Q(total_right_at__lt=old)).update(total_right_at=now)


_trusted = Prepared(
    lambda pk, since: AlegraCompany.objects.filter(pk=pk, total_right_at__gt=since).values_list(
        "pk"
    )
)


_doubted = Prepared(
    lambda pk: AlegraCompany.objects.filter(pk=pk, total_doubted_at__isnull=False).values_list("pk")
)


@contextmanager
def alone_unless_trusted(company_id: int) -> Iterator[bool]:
    """Whether a document of the company may be made now: after a while without a right total one
    goes first.

    Two at once would both be wrong where the decimals were lowered meanwhile. Who goes first
    and dies is waited for as long as a lease.
    """
    now = clock.now()
    if _trusted(pk=company_id, since=now - timing().delta("total_trusted")):
        yield True
        return
    row = AlegraCompany(pk=company_id)
    if not row.trying.acquire(row, now=now):
        yield False
        return
    try:
        yield True
    finally:
        row.trying.release(row)


def is_settled(row: AlegraCompany, credential: Credential, client: AlegraClient) -> bool:
    """No wrong total is unexplained. Reads the company if one is; outside a transaction.

    False when it could not be read now, or while another worker reads it.
    """
    if not _doubted(pk=row.pk):
        return True
    return read_again(row, credential, client)


def read_again(row: AlegraCompany, credential: Credential, client: AlegraClient) -> bool:
    """One call, by one worker at a time; False when it brought nothing. Raises no AlegraError.

    After a failure nobody asks for a while, longer after each one.
    """
    began = clock.now()
    if not row.asking.acquire(row, now=began):
        return False
    free_at = None
    try:
        found = company.read(client)
    except AlegraError as error:
        note_refusal(credential, error)
        free_at = _asked_next(row, error)
        return False
    finally:
        row.asking.release(row, at=free_at)
    note(row, found, began=began)
    return True


def _asked_next(row: AlegraCompany, error: AlegraError) -> datetime | None:
    """Until when nobody asks again, so that an Alegra that fails is not asked without end.

    A refused login is paused, which is enough; a budget that is used up says when it is not.
    """
    if type(error) in _PAUSING:
        return None
    if isinstance(error, BudgetExhausted | RateLimited):
        return clock.now() + timedelta(seconds=min(error.retry_after, timing().company_cap))
    rows = AlegraCompany.objects.filter(pk=row.pk)
    rows.update(asking_failures=F("asking_failures") + 1)
    failures = rows.values_list("asking_failures", flat=True).first() or 1
    times = timing()
    return clock.now() + between(failures, base=times.company_base, cap=times.company_cap)
