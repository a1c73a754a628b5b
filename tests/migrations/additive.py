"""Which migrations may follow the first one: those that take nothing away.

A new version starts while the old one still works, and an installation is never emptied. So
a later migration makes tables, columns that the old version need not fill, and indexes, moves
rows, or lets a check allow more.
"""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.migrations import Migration
from django.db.migrations import operations as ops
from django.db.migrations.state import ProjectState

FREE = (
    ops.CreateModel,
    ops.AddIndex,
    ops.RemoveIndex,
    ops.RenameIndex,
    ops.AlterModelOptions,
    ops.AlterModelManagers,
)
# What of a field never reaches the database, or only allows more.
HARMLESS = ("choices", "verbose_name", "help_text", "validators", "blank", "editable", "default",
            "related_name", "error_messages", "limit_choices_to", "db_default")  # fmt: skip


def faults(migration: Migration, state: ProjectState) -> list[str]:
    """Why this migration is not additive, from the state before it on; [] when it is.

    `state` is that of the first migration and all between: their tables may have rows.
    """
    state = state.clone()
    there = set(state.models)
    replaced: dict[str, models.CheckConstraint] = {}
    found = []
    for operation in migration.operations:
        why = _fault(operation, state, there, replaced, migration.app_label)
        if why:
            found.append(f"{migration.name}: {operation.describe()}: {why}")
        operation.state_forwards(migration.app_label, state)
    left = sorted(replaced)
    return found + [f"{migration.name}: {name}: no wider check followed it" for name in left]


def _fault(
    operation: ops.base.Operation,
    state: ProjectState,
    there: set[tuple[str, str]],
    replaced: dict[str, models.CheckConstraint],
    app: str,
) -> str:
    if isinstance(operation, FREE):
        return ""
    key = (app, getattr(operation, "model_name", "").lower())
    match operation:
        case ops.RunPython():
            return "" if operation.reversible else "it has no way back, not even noop"
        case ops.AddField() | ops.AlterField() | ops.AddConstraint() if key not in there:
            # Of a table that this migration has just made.
            return ""
        case ops.AddField():
            return _of_column(operation.field)
        case ops.AlterField():
            return _of_change(state.models[key].fields[operation.name], operation.field)
        case ops.RemoveConstraint():
            old = state.models[key].get_constraint_by_name(operation.name)
            if not isinstance(old, models.CheckConstraint):
                return "what it promises is relied on"
            replaced[old.name] = old
            return ""
        case ops.AddConstraint():
            old = replaced.pop(operation.constraint.name, None)
            if old is None:
                return "rows that are there may break it"
            return "" if _is_wider(operation.constraint, old) else "it allows less than before"
    return "this takes something away, or may"


def _of_column(field: models.Field) -> str:
    if field.many_to_many or field.null:
        return ""
    if field.has_db_default():
        return "each row would have the same" if field.unique else ""
    return "the version before would not fill it: null=True, or a db_default"


def _of_change(before: models.Field, after: models.Field) -> str:
    _name, kind, args, was = before.deconstruct()
    _name, other_kind, other_args, now = after.deconstruct()
    if (kind, args) != (other_kind, other_args):
        return "another kind of column"
    for option in HARMLESS:
        was.pop(option, None)
        now.pop(option, None)
    if now.pop("null", False) < was.pop("null", False):
        return "what may be missing would have to be there"
    if before.has_db_default() and not after.has_db_default() and not after.null:
        return "the version before relies on the database to fill it"
    longest = now.pop("max_length", None), was.pop("max_length", None)
    if None not in longest and longest[0] < longest[1]:
        return "what is there may be longer"
    return "" if was == now else "more than its words, its length or whether it may be missing"


def _is_wider(new: models.BaseConstraint, old: models.CheckConstraint) -> bool:
    """Whether a check differs in nothing but values that its lists have more."""
    return isinstance(new, models.CheckConstraint) and _allows(new.condition, old.condition)


def _allows(new: Any, old: Any) -> bool:
    """Two conditions, or parts of them at the same place."""
    if new == old:
        return True
    if isinstance(new, models.Q) and isinstance(old, models.Q):
        # More values in a list that is denied allow less.
        alike = new.connector == old.connector and not new.negated and not old.negated
        return alike and len(new) == len(old) and all(map(_allows, new.children, old.children))
    if isinstance(new, models.Q) or isinstance(old, models.Q):
        return False
    (name, values), (before, had) = new, old
    return name == before and name.endswith("__in") and set(had) <= set(values)
