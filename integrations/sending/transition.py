"""The one writer of a work's state: conditional updates, the same on both databases.

A worker's write carries the generation that it claimed; an act of a person or of intake goes
through only where no worker holds the row and it is as it was read. Each change of the state
appends a row that tells it, in the same transaction.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import cache, partial
from typing import Any

from django.db import models, transaction
from django.db.models import F, QuerySet

from integrations.scoping.prepared import PreparedUpdate, inserted
from integrations.sending.states import ALLOWED, LIVE, State, Why
from integrations.timekeeping.lease import Lease


class LeaseLost(Exception):
    """Another worker took the row, or a person moved it: nothing more may be written."""


class TransitionError(Exception):
    """A state may not follow the one the row is in: a bug of ours."""


class Moving(models.Model):
    """What a work knows of its own state. Its changes hang at `changes`."""

    lease = Lease("lease", counted=True)

    class Meta:
        abstract = True

    def transition(
        self, to: State, *, now: datetime, why: Why, by: str = "", **columns: Any
    ) -> bool:
        """An act of a person or of intake; False where a worker holds the row or it moved on.

        `by`: the name of the person, '' for the portal. Raises TransitionError.
        """
        free = self.lease.free(now)
        # The generation grows, so that a worker which read the row before finds it gone.
        columns |= {"generation": self.generation + 1, "lease_until": None}
        rows = self._rows().filter(free)
        return self._write(_update(rows), to, now=now, why=why, by=by, **columns)

    def move(
        self, to: State, *, now: datetime, why: Why | None, keep_lease: bool = False, **columns: Any
    ) -> None:
        """A worker brings the row that it claimed to another state.

        Raises LeaseLost, TransitionError.
        """
        if not keep_lease:
            columns.setdefault("lease_until", None)
        write = partial(_as_read(type(self)), **self._as_it_was())
        if not self._write(write, to, now=now, why=why, by="", **columns):
            raise LeaseLost

    def take_from_the_dead(self, to: State, *, now: datetime, why: Why, **columns: Any) -> bool:
        """The sweep takes a row whose lease ran out; False where its worker came back."""
        columns |= {"generation": self.generation + 1, "lease_until": None}
        rows = self._rows().filter(self.lease.over(now))
        return self._write(_update(rows), to, now=now, why=why, by="", **columns)

    def _rows(self) -> QuerySet:
        return type(self).objects.filter(**self._as_it_was())

    def _as_it_was(self) -> dict[str, Any]:
        return {"pk": self.pk, "generation": self.generation, "state": State(self.state).value}

    def _write(
        self, write: Callable[[dict[str, Any]], int], to: State, *,
        now: datetime, why: Why | None, by: str, **columns: Any,
    ) -> bool:  # fmt: skip
        before = State(self.state)
        if to != before:
            if to not in ALLOWED[before] or why is None:
                raise TransitionError(f"{before} → {to}")
            columns |= _columns(to, now)
        with transaction.atomic(savepoint=False):
            if not write(columns):
                return False
            if to != before:
                _tell(self, before, to, now=now, why=why, by=by)
        for name, value in columns.items():
            setattr(self, name, value)
        return True


@cache
def _as_read(model: type[Moving]) -> PreparedUpdate:
    return PreparedUpdate(
        lambda pk, generation, state: model.objects.filter(
            pk=pk, generation=generation, state=state
        )
    )


def _update(rows: QuerySet) -> Callable[[dict[str, Any]], int]:
    return lambda columns: rows.update(**columns)


def begin(model: type[Moving], state: State, *, now: datetime, why: Why, **columns: Any) -> Any:
    """A new row in its first state."""
    with transaction.atomic(savepoint=False):
        work = inserted(model(created_at=now, **_columns(state, now), **columns))
        _tell(work, "", state, now=now, why=why)
    return work


def _tell(
    work: Any, before: State | str, to: State, *, now: datetime, why: Why | None, by: str = ""
) -> None:
    change = type(work)._meta.get_field("changes").related_model
    inserted(
        change(
            organization_id=work.organization_id, work_id=work.pk,
            from_state=before, to_state=to, at=now, why=why, by=by,
        )
    )  # fmt: skip


def move_all(
    rows: QuerySet, before: State, to: State, *, now: datetime, why: Why, by: str = "",
    **columns: Any,
) -> int:  # fmt: skip
    """Bring all of these rows that are still in `before` to another state; returns how many."""
    if to not in ALLOWED[before]:
        raise TransitionError(f"{before} → {to}")
    with transaction.atomic(savepoint=False):
        found = dict(
            rows.filter(state=before)
            .select_for_update(no_key=True, of=("self",))
            .values_list("pk", "organization_id")
        )
        if not found:
            return 0
        rows.model.objects.filter(pk__in=found).update(
            **_columns(to, now), **columns, generation=F("generation") + 1, lease_until=None
        )
        change = rows.model._meta.get_field("changes").related_model
        change.objects.bulk_create(
            change(
                organization_id=organization_id, work_id=pk,
                from_state=before, to_state=to, at=now, why=why, by=by,
            )
            for pk, organization_id in found.items()
        )  # fmt: skip
    return len(found)


def _columns(to: State, now: datetime) -> dict[str, Any]:
    return {"state": to, "live": to in LIVE, "state_since": now}
