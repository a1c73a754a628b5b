"""A right to a row that ends by itself, so that a dead holder keeps nobody waiting.

Taking, keeping and giving back are one conditional UPDATE each, the same on both databases: of
any number of workers one gets the row, and who overran the time changes nothing any more.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Model, Q, QuerySet

from integrations.timekeeping import clock
from integrations.timekeeping.timing import timing


@dataclass(frozen=True)
class Lease:
    """One kind of right to the rows of a model; the model holds it beside its columns.

    `lasts` names a duration of `Timing`, `until` the column of the moment at which the right ends.
    A holder is known by that moment, because each one ends later than the one before; with
    `counted` it is known by the column `generation`, which others than holders may raise too.
    With `is_due` the moment is also when the row is due: none means that there is nothing to do.
    """

    lasts: str
    until: str = "lease_until"
    counted: bool = False
    is_due: bool = False

    def free(self, now: datetime, *, of: str = "") -> Q:
        """The rows that may be taken. `of` is the way to them through a relation."""
        column = f"{of}__{self.until}" if of else self.until
        over = Q((f"{column}__lte", now))
        return over if self.is_due else Q((column, None)) | over

    def over(self, now: datetime) -> Q:
        """The rows whose time ran out: their holder did not give them back."""
        return Q((f"{self.until}__lte", now))

    def held(self, now: datetime) -> Q:
        """The rows that somebody has, or that are not due yet."""
        return Q((f"{self.until}__gt", now))

    def is_held(self, row: Model, now: datetime) -> bool:
        until = getattr(row, self.until)
        return until is not None and until > now

    def acquire(
        self, row: Model, *, now: datetime, where: Q | None = None,
        lasts: timedelta | None = None, update: Callable[[dict[str, Any]], int] | None = None,
        **columns: Any,
    ) -> bool:  # fmt: skip
        """Take the row; False when another holder has it, or it does not match `where`.

        `columns` change with it. After True the row holds the generation that names its holder.
        `update` replaces the UPDATE, for callers that take thousands of rows with SQL that is kept:
        it changes these columns where the row is free, of the same generation and matches, and
        returns how many rows it changed.
        """
        columns[self.until] = now + self._time(lasts)
        if self.counted:
            columns["generation"] = row.generation + 1
        if update is None:
            update = self._taking(row, now, where)
        if not update(columns):
            return False
        _carry(row, columns)
        return True

    def _taking(
        self, row: Model, now: datetime, where: Q | None
    ) -> Callable[[dict[str, Any]], int]:  # fmt: skip
        conditions = [self.free(now)]
        if self.counted:
            conditions.append(Q(generation=row.generation))
        if where is not None:
            conditions.append(where)
        rows = self._rows(row, *conditions)
        return lambda columns: rows.update(**columns)

    def renew(
        self, row: Model, *, now: datetime, lasts: timedelta | None = None,
        update: Callable[[dict[str, Any]], int] | None = None, **columns: Any,
    ) -> bool:  # fmt: skip
        """Hold it for the whole time again; False when the lease was lost. `update`: as in
        `acquire`, for a row that is still its holder's."""
        columns[self.until] = now + self._time(lasts)
        return self._change(row, columns, update)

    def release(self, row: Model, *, at: datetime | None = None, **columns: Any) -> bool:
        """Give the row back, to be taken from `at` on; False when the right was lost before."""
        columns[self.until] = at
        return self._change(row, columns)

    def lasts_beyond(self, row: Model, time: timedelta) -> bool:
        """Whether the right is its holder's for longer than this, by the database's own clock:
        this process, or its whole machine, may have been stopped since it was taken."""
        ends_later = Q((f"{self.until}__gt", clock.in_database(plus=time)))
        return self._of_holder(row).filter(ends_later).exists()

    def _change(
        self, row: Model, columns: dict[str, Any],
        update: Callable[[dict[str, Any]], int] | None = None,
    ) -> bool:  # fmt: skip
        if not (update(columns) if update else self._of_holder(row).update(**columns)):
            return False
        _carry(row, columns)
        return True

    def _of_holder(self, row: Model) -> QuerySet:
        name = "generation" if self.counted else self.until
        return self._rows(row, Q((name, getattr(row, name))))

    def _rows(self, row: Model, *conditions: Q) -> QuerySet:
        # All in one filter: each further one copies the query.
        return type(row)._default_manager.filter(*conditions, pk=row.pk)

    def _time(self, lasts: timedelta | None) -> timedelta:
        return timing().delta(self.lasts) if lasts is None else lasts


def _carry(row: Model, columns: dict[str, Any]) -> None:
    for name, value in columns.items():
        if not hasattr(value, "resolve_expression"):
            setattr(row, name, value)
