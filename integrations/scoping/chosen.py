"""Columns of a few known values, which are written into the SQL and not given beside it.

An index of the rows in some states is used only by a query whose text names these states: SQLite
does not look at parameters when it chooses. It read every document that an Alegra user ever had,
twice for each that it sent, beside an index of the few that were due.
"""

from __future__ import annotations

from functools import cached_property

from django.db import models
from django.db.models.lookups import Exact, In


class ChosenField(models.CharField):
    """A CharField with `choices`. What is asked of it that is none of them stays a parameter."""

    @cached_property
    def written(self) -> frozenset[str]:
        return frozenset(value for value, _label in self.flatchoices if value.isidentifier())

    def deconstruct(self):
        # For the database it is one like any other.
        name, _path, args, kwargs = super().deconstruct()
        return name, "django.db.models.CharField", args, kwargs


class _Written:
    def process_rhs(self, compiler, connection):
        sql, values = super().process_rhs(compiler, connection)  # type: ignore[misc]
        written = self.lhs.output_field.written  # type: ignore[attr-defined]
        is_direct = self.rhs_is_direct_value()  # type: ignore[attr-defined]
        if not is_direct or not all(isinstance(each, str) and each in written for each in values):
            return sql, values
        # Always in one order, that of the index: SQLite compares the lists as they are written.
        return sql % tuple(f"'{each}'" for each in sorted(map(str, values))), []


@ChosenField.register_lookup
class _Exact(_Written, Exact):
    pass


@ChosenField.register_lookup
class _In(_Written, In):
    pass
