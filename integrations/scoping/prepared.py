"""Statements whose SQL is made once in a process; only their values change.

Most of the cost of a document was making the same statements again from the same querysets.
`Prepared` keeps the SQL of a query and how its rows become objects, `PreparedUpdate` the SQL of an
UPDATE, `PreparedInsert` that of an INSERT. The scope is one of the values: outside of a scope they
raise ScopeError, and inside of it they see only the organization's own rows.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from functools import cache
from typing import Any

from django.db import DatabaseError, connection, models
from django.db.models.constants import OnConflict
from django.db.models.expressions import Expression
from django.db.models.query import ModelIterable, get_related_populators
from django.db.models.sql import InsertQuery, UpdateQuery
from django.db.transaction import TransactionManagementError

from integrations.scoping import context
from integrations.scoping.context import Scope
from integrations.scoping.models import Tenant, check_owner

_ORGANIZATION = "organization in scope"


class _Value(Expression):
    """Where a value goes. It stands among the parameters until there is one."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.name = name

    def as_sql(self, compiler, connection):
        return "%s", [self]


class _Statement:
    """SQL with the places of its values."""

    def __init__(self, sql: str, parameters: tuple) -> None:
        self.sql = sql
        self._parameters = list(parameters)
        self._places = [
            (place, value.name)
            for place, value in enumerate(self._parameters)
            if isinstance(value, _Value)
        ]

    def run(self, cursor, values: Mapping[str, Any]) -> None:
        parameters = self._parameters.copy()
        for place, name in self._places:
            parameters[place] = _adapted(values[name])
        cursor.execute(self.sql, parameters)


class _Rows:
    """How the rows of a statement become objects, with their related ones."""

    def __init__(self, rows: models.QuerySet) -> None:
        compiler = rows.query.get_compiler(connection=connection)
        self.statement = _Statement(*compiler.as_sql())
        self.locks = rows.query.select_for_update and connection.features.has_select_for_update
        select, info = compiler.select, compiler.klass_info
        expressions = [each[0] for each in select[: compiler.col_count]]
        self._converters = [
            (place, converters, expression)
            for place, (converters, expression) in compiler.get_converters(expressions).items()
        ]
        makes_objects = issubclass(rows._iterable_class, ModelIterable)
        self._model = info["model"] if makes_objects else None
        if makes_objects:
            fields = info["select_fields"]
            self._first, self._end = fields[0], fields[-1] + 1
            self._names = [each[0].target.attname for each in select[self._first : self._end]]
            self._related = get_related_populators(info, select, connection.alias)

    def made(self, found: list[tuple]) -> list[Any]:
        rows = [self._converted(row) for row in found]
        return rows if self._model is None else [self._object(row) for row in rows]

    def _converted(self, found: tuple) -> list[Any]:
        row = list(found)
        for place, converters, expression in self._converters:
            value = row[place]
            for convert in converters:
                value = convert(value, expression, connection)
            row[place] = value
        return row

    def _object(self, row: list[Any]) -> Any:
        made = self._model.from_db(connection.alias, self._names, row[self._first : self._end])
        for related in self._related:
            related.populate(row, made)
        return made


class _Scoped:
    def __init__(self, make: Callable[..., models.QuerySet]) -> None:
        self._make = make
        self._names = tuple(inspect.signature(make).parameters)
        self._plans: dict[Any, Any] = {}

    def _rows(self, scope: Scope | None, values: Mapping[str, Any]) -> models.QuerySet:
        stand_in = scope
        if scope is not None and not scope.unscoped:
            stand_in = Scope(_Value(_ORGANIZATION))  # type: ignore[arg-type]
        with context.supposed(stand_in):
            return self._make(**{name: _stand_in(name, values[name]) for name in self._names})

    def _asked(self, scope: Scope | None, values: Mapping[str, Any]) -> tuple[tuple, dict]:
        """What tells one SQL from another, and the values for it."""
        sizes = []
        asked = dict(values)
        for name in self._names:
            value = values[name]
            if isinstance(value, list):
                sizes.append(len(value))
                asked |= {_place(name, at): each for at, each in enumerate(value)}
        if scope is None:
            return (None, *sizes), asked
        asked[_ORGANIZATION] = scope.organization_id
        return (scope.unscoped, *sizes), asked


def _stand_in(name: str, value: Any) -> _Value | list[_Value]:
    if isinstance(value, list):
        return [_Value(_place(name, at)) for at in range(len(value))]
    return _Value(name)


def _place(name: str, at: int) -> str:
    return f"{name}[{at}]"


class Prepared(_Scoped):
    """`Prepared(lambda pk: Order.objects.filter(pk=pk))(pk=7)`: the rows, as a list.

    What the function is called with are whole numbers, texts and moments, or short lists of them
    (each length is SQL of its own, and without any there are no rows); never None. It makes
    whole objects, with `select_related` and locks, and prefetches nothing; of `values_list` it
    makes lists.
    """

    def __call__(self, **values: Any) -> list[Any]:
        if [] in values.values():
            return []
        scope = context.current()
        key, asked = self._asked(scope, values)
        plan = self._plans.get(key)
        if plan is None:
            plan = self._plans[key] = _Rows(self._rows(scope, values))
        if plan.locks and connection.get_autocommit():
            raise TransactionManagementError("A lock needs a transaction.")
        with connection.cursor() as cursor:
            plan.statement.run(cursor, asked)
            found = cursor.fetchall()
        return plan.made(found)

    def first(self, **values: Any) -> Any | None:
        found = self(**values)
        return found[0] if found else None


def keep_prefetched(one: models.Model, name: str, rows: list[Any]) -> None:
    """As `prefetch_related` leaves them: `one.<name>.all()` is these rows, without a question."""
    found = getattr(one, name).get_queryset()
    found._result_cache, found._prefetch_done = rows, True
    cache = one.__dict__.setdefault("_prefetched_objects_cache", {})
    cache[name] = found


class PreparedUpdate(_Scoped):
    """`PreparedUpdate(lambda pk: Order.objects.filter(pk=pk))({"status": …}, pk=7)` returns how
    many rows were changed. The SQL is kept for each set of columns; values may be None. Expressions
    that the database computes are given once: `PreparedUpdate(…, tries=F("tries") + 1)`."""

    def __init__(self, make: Callable[..., models.QuerySet], **reckoned: Expression) -> None:
        super().__init__(make)
        self._reckoned = reckoned

    def __call__(self, columns: Mapping[str, Any], **values: Any) -> int:
        scope = context.current()
        kind, asked = self._asked(scope, values)
        key = (kind, *columns)
        plan = self._plans.get(key)
        if plan is None:
            rows = self._rows(scope, values)
            plan = self._plans[key] = _update(rows, columns, self._reckoned)
        statement, fields = plan
        for name, field in fields.items():
            asked[f"={name}"] = _saved(field, columns[name])
        with connection.cursor() as cursor:
            statement.run(cursor, asked)
            return cursor.rowcount


def _update(
    rows: models.QuerySet, columns: Mapping[str, Any], reckoned: Mapping[str, Expression]
) -> tuple[_Statement, dict]:
    query = rows.query.chain(UpdateQuery)
    query.clear_ordering(force=True)
    query.add_update_values({name: _Value(f"={name}") for name in columns} | reckoned)
    statement = _Statement(*query.get_compiler(connection=connection).as_sql())
    return statement, {name: rows.model._meta.get_field(name) for name in columns}


def _saved(field: models.Field, value: Any) -> Any:
    if isinstance(value, models.Model):
        value = value.pk
    return field.get_db_prep_save(value, connection)


class PreparedInsert:
    """`PreparedInsert(Step)(Step(work=work, name="create"))` returns the row, saved with its key.

    `once`: the fields of a unique constraint. Where a row with the same values exists already, its
    columns `anew` are overwritten instead. Values may not be expressions, and no signals are sent.
    A model with a `save` of its own is refused, because that would not be called.
    """

    def __init__(
        self, model: type[Tenant], *, once: Sequence[str] = (), anew: Sequence[str] = ()
    ) -> None:
        if model.save is not Tenant.save:
            raise TypeError(f"{model.__name__} has a save of its own.")
        self._model = model
        self._once, self._anew = once, anew
        self._plan: tuple[str, list[models.Field]] | None = None

    def __call__(self, row: Tenant) -> Any:
        check_owner(row)
        if self._plan is None:
            self._plan = self._planned(row)
        sql, fields = self._plan
        values = [field.get_db_prep_save(field.pre_save(row, True), connection) for field in fields]
        with connection.cursor() as cursor:
            cursor.execute(sql, values)
            [(row.pk,)] = cursor.fetchall()
        row._state.adding, row._state.db = False, connection.alias
        return row

    def _planned(self, row: Tenant) -> tuple[str, list[models.Field]]:
        meta = self._model._meta
        fields = [field for field in meta.local_concrete_fields if not field.primary_key]
        query = InsertQuery(
            self._model,
            on_conflict=OnConflict.UPDATE if self._once else None,
            unique_fields=[meta.get_field(name) for name in self._once],
            update_fields=[meta.get_field(name) for name in self._anew],
        )
        query.insert_values(fields, [row])
        compiler = query.get_compiler(connection=connection)
        compiler.returning_fields = [meta.pk]
        [(sql, _values)] = compiler.as_sql()
        return sql, fields


@cache
def _insert_of(model: type[Tenant]) -> PreparedInsert:
    return PreparedInsert(model)


def inserted(row: Tenant) -> Any:
    """Save this new row and return it."""
    return _insert_of(type(row))(row)


@cache
def _update_of(model: type[Tenant]) -> PreparedUpdate:
    return PreparedUpdate(lambda pk: model._default_manager.filter(pk=pk))


def saved(row: Tenant) -> None:
    """Save all columns of this existing row, as `save` does."""
    model = type(row)
    if model.save is not Tenant.save:
        raise TypeError(f"{model.__name__} has a save of its own.")
    check_owner(row)
    fields = [field for field in model._meta.local_concrete_fields if not field.primary_key]
    columns = {field.name: field.pre_save(row, False) for field in fields}
    if not _update_of(model)(columns, pk=row.pk):
        raise DatabaseError(f"There is no such row of {model.__name__}.")


def _adapted(value: Any) -> Any:
    if isinstance(value, datetime):
        return connection.ops.adapt_datetimefield_value(value)
    if isinstance(value, date):
        return connection.ops.adapt_datefield_value(value)
    return value
