"""One audit, a call at a time: pages of thirty, what is to be read by id, what no list has shown.

At most a tenth of the calls of an Alegra user (`connections/background`), behind every document
that is to leave. What was read is kept, so that whoever dies over a call loses that call alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import structlog
from django.db import transaction
from django.db.models import F, Q, QuerySet

from integrations.alegra.errors import (
    AlegraError,
    BudgetExhausted,
    Forbidden,
    NotFound,
    NotSent,
    OutcomeUnknown,
    PlanExcludes,
    RateLimited,
)
from integrations.books import findings
from integrations.books.differences import Code, Difference, is_moving
from integrations.books.findings import Spotted
from integrations.books.judging import Judged, judge
from integrations.books.lists import LISTS, BooksList
from integrations.books.models import BooksAudit, BooksSeen
from integrations.connections import background
from integrations.connections.clients import NoStandIn, alegra_client
from integrations.connections.models import Credential, Integration
from integrations.scoping.context import scope, unscoped
from integrations.sending.going_first import is_somebody_due
from integrations.sending.gone import read_or_gone
from integrations.sending.states import EXISTS_IN_ALEGRA, State
from integrations.timekeeping import clock
from integrations.timekeeping.timing import BOOKS_LONGEST, BOOKS_SETTLED, timing

log = structlog.get_logger("books")

# Of one audit: rows that are read by id, and works of ours that no list has shown.
MOST_READ, MOST_MISSING = 60, 60
# Failures in a row after which an audit is given up; another one begins where it began.
MOST_FAILURES = 40
# What one work costs that is gone: itself twice, and its company between.
_CALLS_FOR_MISSING = 3


def read_due(now: datetime) -> int:
    """One call of each audit whose time has come; returns how many were made."""
    with unscoped("audits of all tenants are read on"):
        due = BooksAudit.objects.filter(
            BooksAudit.lease.free(now), state=BooksAudit.State.READING
        ).filter(Q(next_at=None) | Q(next_at__lte=now))
        rows = list(due.order_by("next_at", "pk").values_list("organization_id", "pk"))
    made = 0
    for organization_id, pk in rows:
        with scope(organization_id):
            made += read_on(pk)
    return made


def read_on(pk: int) -> bool:
    """One call; False where it is not the time for it, or Alegra did not answer."""
    audit = BooksAudit.objects.select_related("company").get(pk=pk)
    now = clock.now()
    credential = _credential(audit)
    if credential is None:
        _fail(audit, "no_login", now=now)
        return False
    if _lets_ahead(audit, credential, now) or not audit.lease.acquire(
        audit, now=now, where=Q(state=BooksAudit.State.READING)
    ):
        return False
    if now - audit.began_at > BOOKS_LONGEST:
        _fail(audit, "too_long", now=now)
        return False
    missing = [] if audit.lists or audit.to_read else _missing(audit)
    if not audit.lists and not audit.to_read and not missing:
        return _end(audit, now=now)
    if not background.take(credential.alegra_user, _CALLS_FOR_MISSING if missing else 1, now=now):
        audit.lease.release(audit)
        return False
    try:
        with alegra_client(credential) as client:
            if audit.lists:
                _read_page(audit, client)
            elif audit.to_read:
                _read_one(audit, client)
            else:
                _look_for(audit, client, missing[0])
    except (PlanExcludes, Forbidden) as error:
        _leave_out(audit, _list_in_hand(audit, missing), type(error).__name__)
        return False
    except (AlegraError, NoStandIn) as error:
        return _failed(audit, error)
    return True


def _list_in_hand(audit: BooksAudit, missing: Sequence[Any]) -> str:
    if audit.lists:
        return audit.lists[0]
    return audit.to_read[0][0] if audit.to_read else _list_of(missing[0]).name


def _leave_out(audit: BooksAudit, name: str, error: str) -> None:
    """The login does not see this list: the others are compared, and what is open of this one
    stays open."""
    log.info("a list is not shown", company=audit.company_id, books=name)
    is_first = audit.lists[:1] == [name]
    with transaction.atomic():
        findings.is_still_unknown(audit, name)
        if not audit.lease.release(
            audit,
            next_at=clock.now(),
            left_out=[*(audit.left_out or ()), name],
            lists=[each for each in audit.lists if each != name],
            to_read=[each for each in audit.to_read if each[0] != name],
            position=0 if is_first else audit.position,
            is_unordered=audit.is_unordered and not is_first,
            error=error[:40],
        ):
            transaction.set_rollback(True)


# --- One call ------------------------------------------------------------------------------
def _read_page(audit: BooksAudit, client: Any) -> None:
    books_list, asked_at = LISTS[audit.lists[0]], clock.now()
    rows, is_last = books_list.page(client, audit.from_day, audit.position)
    days = [row.date for row in rows if row.date is not None]
    is_unordered = audit.is_unordered or days != sorted(days, reverse=True)
    if days and days[0] > days[-1] and days[-1] < audit.from_day and not is_unordered:
        # Newest first, as this page shows: what follows is older. Alegra ignores an order that it
        # does not know, and then the oldest day comes first, for pages.
        is_last = True
    # Pages overlap: what came before is not judged twice.
    known = _seen(audit, books_list, [row.id for row in rows])
    mine = [
        row for row in rows if row.id not in known and (row.date is None or _is_in(audit, row.date))
    ]
    judged = judge(audit.company, books_list, mine, asked_at)
    room = max(0, MOST_READ - len(audit.to_read))
    columns: dict[str, Any] = {
        "counted": audit.counted + len(mine),
        "to_read": [*audit.to_read, *([books_list.name, each] for each in judged.to_read[:room])],
        "unread": audit.unread + len(judged.to_read[room:]),
        # One row overlaps: one that slides up meanwhile is not missed.
        "position": 0 if is_last else audit.position + max(1, len(rows) - 1),
        "is_unordered": not is_last and is_unordered,
        "lists": audit.lists[1:] if is_last else audit.lists,
    }
    seen = [row.id for row in mine]
    # Not judged: what was said of them before stays.
    judged.moving += judged.to_read[room:]
    _keep(audit, books_list, judged, seen=seen, calls=1, **columns)


def _read_one(audit: BooksAudit, client: Any) -> None:
    """A row of a list of which its list did not say enough."""
    (name, alegra_id), *left = audit.to_read
    books_list, asked_at = LISTS[name], clock.now()
    try:
        rows = [books_list.read(client, alegra_id)]
    except NotFound:
        # Deleted since the list was read.
        rows = []
    judged = judge(audit.company, books_list, rows, asked_at, is_read=True)
    _keep(audit, books_list, judged, calls=1, to_read=left)


def _look_for(audit: BooksAudit, client: Any, work: Any) -> None:
    """One of ours that no list has shown: a list may be late, and a date may be changed."""
    books_list, asked_at = _list_of(work), clock.now()
    row = read_or_gone(client, work, books_list.read)
    looked_for = [*audit.looked_for, _key(work)]
    fresh = books_list.works(audit.company).get(pk=work.pk)
    judged, seen = Judged(), []
    if row is not None:
        seen = [row.id]
        judged = judge(audit.company, books_list, [row], asked_at, is_read=True)
    elif fresh.alegra_id == work.alegra_id and not is_moving(fresh, asked_at):
        judged.ours = 1
        judged.spotted.append(
            Spotted(
                Difference(Code.MISSING, {}, work.alegra_id),
                books_list.name,
                work.alegra_id,
                number=getattr(work, "number", ""),
                date=work.doc_date,
                marker=work.marker,
                work=fresh,
            )
        )
    else:
        judged.moving.append(work.alegra_id)
    calls = 1 if row is not None else _CALLS_FOR_MISSING
    _keep(
        audit, books_list, judged, seen=seen, calls=calls, looked_for=looked_for,
        counted=audit.counted + len(seen),
    )  # fmt: skip


def _keep(
    audit: BooksAudit,
    books_list: BooksList,
    judged: Judged,
    *,
    calls: int,
    seen: Sequence[str] = (),
    **columns: Any,
) -> None:
    """All of a call or nothing: who lost the lease writes nothing."""
    now = clock.now()
    with transaction.atomic():
        settled = sum(not findings.keep(audit, each, now=now) for each in judged.spotted)
        findings.is_still_unknown(audit, books_list.name, judged.moving)
        BooksSeen.objects.bulk_create(
            (
                BooksSeen(
                    organization_id=audit.organization_id, audit=audit, found_in=books_list.name,
                    alegra_id=each,
                )
                for each in seen
            ),
            ignore_conflicts=True,
        )  # fmt: skip
        if not audit.lease.release(
            audit,
            next_at=now,
            ours=audit.ours + judged.ours,
            right=audit.right + judged.right + settled,
            calls=audit.calls + calls,
            failures=0,
            error="",
            **columns,
        ):
            transaction.set_rollback(True)


def _seen(audit: BooksAudit, books_list: BooksList, ids: Sequence[str]) -> set[str]:
    rows = audit.seen.filter(found_in=books_list.name, alegra_id__in=ids)
    return set(rows.values_list("alegra_id", flat=True))


# --- What no list has shown ------------------------------------------------------------------
def _missing(audit: BooksAudit) -> list[Any]:
    """The next one of ours that should have been shown, [] where there is none."""
    if len(audit.looked_for) >= MOST_MISSING:
        return []
    for books_list in _compared(audit):
        looked = [key.split()[1] for key in audit.looked_for if key.split()[0] == books_list.name]
        found = _unseen(audit, books_list).exclude(pk__in=looked).order_by("pk").first()
        if found is not None:
            return [found]
    return []


def _unseen(audit: BooksAudit, books_list: BooksList) -> QuerySet[Any]:
    seen = audit.seen.filter(found_in=books_list.name).values("alegra_id")
    return (
        books_list.works(audit.company)
        .filter(
            Q(sent_at=None) | Q(sent_at__lt=audit.began_at - BOOKS_SETTLED),
            live=True,
            state__in=[State.BLOCKED, *EXISTS_IN_ALEGRA],
            doc_date__gte=audit.from_day,
            doc_date__lte=audit.to_day,
        )
        .exclude(alegra_id="")
        .exclude(alegra_id__in=seen)
    )


def _compared(audit: BooksAudit) -> list[BooksList]:
    return [each for each in LISTS.values() if each.name not in (audit.left_out or ())]


def _list_of(work: Any) -> BooksList:
    name = getattr(work, "kind", "payment")
    return LISTS[name]


def _key(work: Any) -> str:
    return f"{_list_of(work).name} {work.pk}"


# --- The end ---------------------------------------------------------------------------------
def _end(audit: BooksAudit, *, now: datetime) -> bool:
    with transaction.atomic():
        left = 0
        for each in _compared(audit):
            looked = [key.split()[1] for key in audit.looked_for if key.split()[0] == each.name]
            unseen = _unseen(audit, each).exclude(pk__in=looked)
            left += unseen.count()
            findings.is_still_unknown(audit, each.name, unseen.values("alegra_id"))
        findings.close_gone(audit, now=now)
        audit.seen.all().delete()
        if not audit.lease.release(
            audit,
            state=BooksAudit.State.COMPARED,
            opened=findings.open_ones(audit.company_id).filter(first_audit=audit).count(),
            next_at=None,
            ended_at=now,
            unread=F("unread") + left,
        ):
            transaction.set_rollback(True)
    log.info("books compared", company=audit.company_id, calls=audit.calls, rows=audit.counted)
    return False


def _failed(audit: BooksAudit, error: Exception) -> bool:
    now = clock.now()
    log.info("books not read", company=audit.company_id, error=type(error).__name__)
    waits = isinstance(error, BudgetExhausted | RateLimited)
    if waits:
        rests = timedelta(seconds=error.retry_after)
    else:
        passes = isinstance(error, NotSent | OutcomeUnknown)
        rests = timing().delta("books_rest" if passes else "list_rests")
    failures = audit.failures + (not waits)
    name = type(error).__name__[:40]
    audit.lease.release(audit, next_at=now + rests, failures=failures, error=name)
    if failures >= MOST_FAILURES:
        _fail(audit, name, now=now)
    return False


def _fail(audit: BooksAudit, error: str, *, now: datetime) -> None:
    rows = BooksAudit.objects.filter(pk=audit.pk, state=BooksAudit.State.READING)
    if rows.update(state=BooksAudit.State.FAILED, ended_at=now, next_at=None, error=error):
        audit.seen.all().delete()


def _credential(audit: BooksAudit) -> Credential | None:
    rows = Integration.objects.active().filter(
        company=audit.company_id, credential__state=Credential.State.VALID
    )
    first = rows.select_related("credential__alegra_user").order_by("pk").first()
    return None if first is None else first.credential


def _lets_ahead(audit: BooksAudit, credential: Credential, now: datetime) -> bool:
    """Documents of the same Alegra user go first, for a minute."""
    since = audit.next_at or audit.began_at
    if now - since > timing().delta("patience"):
        return False
    return is_somebody_due(credential.alegra_user, now)


def _is_in(audit: BooksAudit, day: Any) -> bool:
    return audit.from_day <= day <= audit.to_day
