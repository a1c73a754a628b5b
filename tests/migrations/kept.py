"""Rows as they stand in the tables, read and written through the schema of one migration.

Neither asks today's models: a kept database is what an installation has, whatever is edited
since. Encrypted columns are kept as they are stored.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from django.core.management.color import no_style
from django.db import connection, models, transaction
from django.db.migrations.loader import MigrationLoader

from integrations.scoping.fields import EncryptedTextField

APP = "integrations"
FOLDER = Path(__file__).parent / "kept"
Rows = dict[str, list[dict[str, Any]]]


def models_at(migration: str) -> list[type[models.Model]]:
    """The app's models as they are after this migration."""
    loader = MigrationLoader(None)
    apps = loader.project_state([(APP, migration)]).apps
    return [model for model in apps.get_models() if model._meta.app_label == APP]


def last_migration() -> str:
    loader = MigrationLoader(None)
    [(_app, name)] = loader.graph.leaf_nodes(APP)
    return name


def read_rows(migration: str) -> Rows:
    """Every row of the app, table by table, with the columns that this migration knows."""
    return {
        model._meta.db_table: [_told(model, row) for row in _objects(model)]
        for model in models_at(migration)
    }


def write_rows(migration: str, rows: Rows) -> None:
    """Put them into the empty tables of this migration."""
    known = models_at(migration)
    with transaction.atomic(), connection.cursor() as cursor:
        for model in known:
            for row in rows.get(model._meta.db_table, []):
                _insert(cursor, model, row)
        for statement in connection.ops.sequence_reset_sql(no_style(), known):
            cursor.execute(statement)


def load(path: Path) -> Rows:
    return json.loads(path.read_text(encoding="utf-8"))


def save(path: Path, rows: Rows) -> None:
    """One row a line."""
    tables = []
    for table in sorted(rows):
        lines = [json.dumps(row, ensure_ascii=False, sort_keys=True) for row in rows[table]]
        tables.append(f'"{table}": [\n' + ",\n".join(lines) + "\n]")
    path.write_text("{\n" + ",\n".join(tables) + "\n}\n", encoding="utf-8")


def _objects(model: type[models.Model]) -> Iterator[models.Model]:
    return model._default_manager.order_by("pk").iterator()


def _told(model: type[models.Model], row: models.Model) -> dict[str, Any]:
    told = {}
    for field in model._meta.concrete_fields:
        if isinstance(field, EncryptedTextField):
            told[field.column] = _stored(model, field, row.pk)
        else:
            told[field.column] = _plain(field.value_from_object(row))
    return told


def _stored(model: type[models.Model], field: models.Field, pk: Any) -> str:
    q = connection.ops.quote_name
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {q(field.column)} FROM {q(model._meta.db_table)} WHERE id = %s",
            [pk],
        )
        return cursor.fetchone()[0]


def _plain(value: Any) -> Any:
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return str(value)
    return value


def _insert(cursor: Any, model: type[models.Model], row: dict[str, Any]) -> None:
    q = connection.ops.quote_name
    fields = [field for field in model._meta.concrete_fields if field.column in row]
    columns = ", ".join(q(field.column) for field in fields)
    marks = ", ".join(["%s"] * len(fields))
    cursor.execute(
        f"INSERT INTO {q(model._meta.db_table)} ({columns}) VALUES ({marks})",
        [_for_database(field, row[field.column]) for field in fields],
    )


def _for_database(field: models.Field, value: Any) -> Any:
    if value is None or isinstance(field, EncryptedTextField):
        return value
    return field.get_db_prep_save(field.to_python(value), connection)
