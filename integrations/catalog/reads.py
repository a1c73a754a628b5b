"""Who may read a list of an outside system now, and what came of the last time.

A catalogue of twenty thousand products takes minutes: two workers must not read it at once,
a person may ask for it, and a failure is shown and tried again later.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.db.models import OuterRef, Q, QuerySet, Subquery

from integrations.catalog.models import SourceRead
from integrations.connections.models import AlegraCompany, Integration

STALE = timedelta(hours=6)
AFTER_FAILURE = timedelta(minutes=30)
# A reader that died gives its right back after this.
LEASE = timedelta(minutes=40)


def _whose(owner: AlegraCompany | Integration) -> dict:
    if isinstance(owner, AlegraCompany):
        return {"company": owner}
    return {"integration": owner}


def state_of(kind: str, owner: AlegraCompany | Integration) -> SourceRead | None:
    """What is known of this list's last read; None when nobody ever tried."""
    return SourceRead.objects.filter(kind=kind, **_whose(owner)).first()


def ask(kind: str, owner: AlegraCompany | Integration, *, now: datetime) -> SourceRead:
    """Make the list due, whatever its age."""
    row = _row(kind, owner)
    SourceRead.objects.filter(pk=row.pk).update(asked_at=now)
    row.asked_at = now
    return row


@dataclass(frozen=True)
class ReadState:
    """What a page says of a list: when it was read last, whether it is being read or asked
    for, and why the last try failed."""

    succeeded_at: datetime | None
    started_at: datetime | None
    asked_at: datetime | None
    error: str | None

    @property
    def is_running(self) -> bool:
        return self.started_at is not None or self.asked_at is not None


_SHOWN = ("succeeded_at", "started_at", "asked_at", "error")


def with_reads(integrations: QuerySet[Integration]) -> QuerySet[Integration]:
    """Integrations that know the state of their lists, for `read_state`, without a query more."""
    annotations = {}
    for kind in SourceRead.Kind.values:
        whose = (
            {"company": OuterRef("company")}
            if kind == SourceRead.Kind.ITEMS
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
    if row.started_at is not None:
        return row.started_at < now - LEASE
    if row.asked_at is not None or row.finished_at is None:
        return True
    return row.finished_at < now - (AFTER_FAILURE if row.error else STALE)


def begin(kind: str, owner: AlegraCompany | Integration, *, now: datetime) -> SourceRead | None:
    """Take the right to read this list; None when somebody else is at it."""
    row = _row(kind, owner)
    taken = SourceRead.objects.filter(
        Q(started_at=None) | Q(started_at__lt=now - LEASE), pk=row.pk
    ).update(started_at=now, asked_at=None)
    if not taken:
        return None
    row.started_at, row.asked_at = now, None
    return row


def end(row: SourceRead, *, now: datetime, rows: int = 0, error: str = "") -> None:
    """Give the right back. `error` is a sentence for the merchant, '' after a whole read."""
    changes: dict = {"started_at": None, "finished_at": now, "error": error[:200]}
    if not error:
        changes |= {"succeeded_at": now, "rows": rows}
    # Only while it is still ours: a reader that overran its lease says nothing any more.
    SourceRead.objects.filter(pk=row.pk, started_at=row.started_at).update(**changes)


def _row(kind: str, owner: AlegraCompany | Integration) -> SourceRead:
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
