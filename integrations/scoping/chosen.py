"""A column with few known values, which are written into the text of the SQL.

A partial index on some states is used only by a query whose text names these states, because SQLite
plans without the parameters. With parameters it read all documents of an Alegra user, twice for
each document sent, although an index of the few that were due existed.
"""

from __future__ import annotations

from functools import cached_property

from django.db import models
from django.db.models.lookups import Exact, In


class ChosenField(models.CharField):
    """A CharField with `choices`. A compared value that is none of them stays a parameter."""

    @cached_property
    def written(self) -> frozenset[str]:
        return frozenset(value for value, _label in self.flatchoices if value.isidentifier())

    def deconstruct(self):
        # Migrations see an ordinary CharField.
        name, _path, args, kwargs = super().deconstruct()
        return name, "django.db.models.CharField", args, kwargs


class _Written:
    def process_rhs(self, compiler, connection):
        sql, values = super().process_rhs(compiler, connection)  # type: ignore[misc]
        written = self.lhs.output_field.written  # type: ignore[attr-defined]
        is_direct = self.rhs_is_direct_value()  # type: ignore[attr-defined]
        if not is_direct or not all(isinstance(each, str) and each in written for each in values):
            return sql, values
        # Always in the order of the index: SQLite compares the lists as they are written.
        return sql % tuple(f"'{each}'" for each in sorted(map(str, values))), []


@ChosenField.register_lookup
class _Exact(_Written, Exact):
    pass


@ChosenField.register_lookup
class _In(_Written, In):
    pass
