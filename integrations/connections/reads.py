"""Who may read a list of an outside system now, and what came of the last time.

A catalogue of twenty thousand products takes minutes: two workers must not read it at once,
a person may ask for it, and a failure is shown and tried again later.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import OuterRef, Q, QuerySet, Subquery
from django.utils.translation import gettext as _

from integrations.connections.models import AlegraCompany, Integration
from integrations.connections.source_read import SourceRead
from integrations.timekeeping.timing import timing

Kind = SourceRead.Kind
OF_COMPANY = frozenset({Kind.ITEMS, Kind.REFERENCES})


def _old_before(kind: str, now: datetime) -> datetime:
    """A copy that is older is due. The orders have passes of their own."""
    return now - timing().delta("references_old" if kind == Kind.REFERENCES else "list_old")


def _rested_before(kind: str, now: datetime) -> datetime:
    """A failure that is older is tried again."""
    return now - timing().delta("references_rest" if kind == Kind.REFERENCES else "list_rests")


def _whose(owner: AlegraCompany | Integration) -> dict:
    if isinstance(owner, AlegraCompany):
        return {"company": owner}
    return {"integration": owner}


def state_of(kind: str, owner: AlegraCompany | Integration) -> SourceRead | None:
    """What is known of this list's last read; None when nobody ever tried."""
    return SourceRead.objects.filter(kind=kind, **_whose(owner)).first()


def ever_read(kind: str, owner: AlegraCompany | Integration) -> bool:
    rows = SourceRead.objects.filter(kind=kind, read_at__isnull=False, **_whose(owner))
    return rows.exists()


def ask(kind: str, owner: AlegraCompany | Integration, *, now: datetime) -> SourceRead:
    """Make the list due, whatever its age."""
    row = row_of(kind, owner)
    SourceRead.objects.filter(pk=row.pk).update(asked_at=now)
    row.asked_at = now
    return row


@dataclass(frozen=True)
class ReadState:
    """What a page says of a list: when it was read last, whether it is being read or asked
    for, and why the last try failed."""

    read_at: datetime | None
    lease_until: datetime | None
    asked_at: datetime | None
    error: str | None

    @property
    def is_running(self) -> bool:
        return self.lease_until is not None or self.asked_at is not None


_SHOWN = ("read_at", "lease_until", "asked_at", "error")


def with_reads(integrations: QuerySet[Integration], *kinds: str) -> QuerySet[Integration]:
    """Integrations that know the state of these lists, for `read_state`, without a query more."""
    annotations = {}
    for kind in kinds:
        whose = (
            {"company": OuterRef("company")}
            if kind in OF_COMPANY
            else {"integration": OuterRef("pk")}
        )
        rows = SourceRead.objects.filter(kind=kind, **whose)
        annotations |= {f"{kind}_{name}": Subquery(rows.values(name)[:1]) for name in _SHOWN}
    return integrations.annotate(**annotations)


def read_state(integration: Integration, kind: str) -> ReadState:
    """Of an integration that came through `with_reads`."""
    return ReadState(*(getattr(integration, f"{kind}_{name}") for name in _SHOWN))


def is_due(row: SourceRead | None, now: datetime) -> bool:
    if row is None:
        return True
    if row.lease_until is not None:
        # Whoever had it for its whole time never came to an end.
        return not row.lease.is_held(row, now)
    if row.asked_at is not None:
        return True
    if row.failed_at is not None:
        return row.failed_at < _rested_before(row.kind, now)
    return row.read_at is None or row.read_at < _old_before(row.kind, now)


def due(kind: str, now: datetime) -> Q:
    """`is_due` for the rows of one kind, as the database asks it."""
    old = Q(read_at=None) | Q(read_at__lt=_old_before(kind, now))
    failed = Q(failed_at__lt=_rested_before(kind, now))
    asked = Q(asked_at__isnull=False)
    waits = asked | failed | (Q(failed_at=None) & old)
    lease = SourceRead.lease
    # Whoever had it for its whole time never came to an end.
    return Q(kind=kind) & lease.free(now) & (lease.over(now) | waits)


def begin(
    kind: str, owner: AlegraCompany | Integration, *, now: datetime, if_due: bool = False
) -> SourceRead | None:
    """Take the right to read this list; None when somebody else is at it.

    With `if_due` also when somebody read it meanwhile.
    """
    row = row_of(kind, owner)
    return row if take(row, now=now, where=due(kind, now) if if_due else None) else None


def take(row: SourceRead, *, now: datetime, where: Q | None = None) -> bool:
    orders = row.kind == Kind.ORDERS
    lasts = timing().delta("orders_lease") if orders else None
    return row.lease.acquire(row, now=now, where=where, lasts=lasts, asked_at=None)


def end(row: SourceRead, *, now: datetime, rows: int = 0, error: str = "") -> None:
    """Give the right back. `error` is a sentence for the merchant, '' after a whole read."""
    if error:
        give_back(row, **failure(error, now=now))
    else:
        give_back(row, read_at=now, rows=rows, failed_at=None, error="")


def unfinished() -> str:
    """Why a list was not read where nobody could say why: what a reader says until its end."""
    return _("La lectura no llegó a su final. Lo volvemos a intentar más tarde.")


def failure(error: str, *, now: datetime) -> dict[str, Any]:
    """What a try that failed changes."""
    return {"failed_at": now, "error": error[:200]}


def give_back(row: SourceRead, **columns: Any) -> bool:
    """Only while it is still ours: a reader that overran its lease says nothing any more."""
    return row.lease.release(row, **columns)


def forget_failure(kind: str, owner: AlegraCompany | Integration) -> None:
    """What failed was put right: the list is tried again at once. Who is at it now began before,
    and says nothing of it any more."""
    rows = SourceRead.objects.filter(kind=kind, **_whose(owner))
    rows.update(failed_at=None, error="", lease_until=None)


def row_of(kind: str, owner: AlegraCompany | Integration) -> SourceRead:
    row = state_of(kind, owner)
    if row is not None:
        return row
    try:
        with transaction.atomic():
            return SourceRead.objects.create(
                organization_id=owner.organization_id, kind=kind, **_whose(owner)
            )
    except IntegrityError:
        return SourceRead.objects.get(kind=kind, **_whose(owner))
