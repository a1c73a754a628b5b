"""The second wall, written for PostgreSQL: policies and keys for every tenant table.

Set after every migration, so that a new table cannot be forgotten. One policy per table,
for reading and writing: the organization in scope, or an unscoped look. FORCE, so that it
holds for the owner of the tables too. A foreign key between two tenant tables is doubled by
one over (organization, id): a row cannot point into another organization, whatever the code
does. Such a key needs a unique one over the same columns of the table it points at; only
PostgreSQL has both, so that no model names them and SQLite keeps no index for nothing.
"""

from __future__ import annotations

from collections.abc import Iterator

from django.apps import apps
from django.db.backends.utils import truncate_name

POLICY = "tenant"
ALLOWED = (
    "organization_id = nullif(current_setting('app.organization', true), '')::bigint"
    " OR current_setting('app.unscoped', true) = 'on'"
)


def tenant_models() -> Iterator:
    """Every concrete model whose rows belong to an organization."""
    for model in apps.get_models():
        if _belongs(model):
            yield model


def _belongs(model) -> bool:
    return any(
        field.name == "organization" and field.many_to_one for field in model._meta.local_fields
    )


def tenant_keys(model) -> Iterator[tuple[str, str, str]]:
    """(constraint's name, column, table pointed at) of each key into another tenant table."""
    for field in model._meta.local_fields:
        if (field.many_to_one or field.one_to_one) and _belongs(field.related_model):
            name = truncate_name(f"{model._meta.db_table}_{field.column}_same_org", 63)
            yield name, field.column, field.related_model._meta.db_table


def pointed_at(model) -> set[str]:
    """The tables of other tenant models that this one has keys into."""
    return {target for _, _, target in tenant_keys(model)}


def owner_key(table: str) -> str:
    """The name of a table's unique key over (organization, id)."""
    return truncate_name(f"{table}_same_org_key", 63)


def protect(connection) -> None:
    """Set every policy and composite key that is not there yet. Runs as the owner."""
    with connection.cursor() as cursor:
        # What a later migration makes is not there yet where one stops at an earlier one.
        cursor.execute(
            "SELECT table_name, column_name FROM information_schema.columns"
            " WHERE table_schema = current_schema()"
        )
        columns = set(cursor.fetchall())
        tables = {table for table, _ in columns}
        models = [model for model in tenant_models() if model._meta.db_table in tables]
        _set_policies(connection, cursor, [model._meta.db_table for model in models])
        _set_keys(connection, cursor, models, columns)


def _set_policies(connection, cursor, tables: list[str]) -> None:
    cursor.execute("SELECT tablename FROM pg_policies WHERE policyname = %s", [POLICY])
    guarded = {table for (table,) in cursor.fetchall()}
    for table in tables:
        if table in guarded:
            continue
        name = connection.ops.quote_name(table)
        cursor.execute(f"ALTER TABLE {name} ENABLE ROW LEVEL SECURITY")
        cursor.execute(f"ALTER TABLE {name} FORCE ROW LEVEL SECURITY")
        cursor.execute(
            f"CREATE POLICY {POLICY} ON {name} FOR ALL USING ({ALLOWED}) WITH CHECK ({ALLOWED})"
        )


def _set_keys(connection, cursor, models: list, columns: set[tuple[str, str]]) -> None:
    """The keys that are pointed at first, then those that point at them."""
    q = connection.ops.quote_name
    cursor.execute("SELECT conname FROM pg_constraint WHERE contype IN ('f', 'u')")
    keys = {name for (name,) in cursor.fetchall()}
    for table in sorted(set().union(*(pointed_at(model) for model in models))):
        if owner_key(table) not in keys and (table, "organization_id") in columns:
            cursor.execute(
                f"ALTER TABLE {q(table)} ADD CONSTRAINT {q(owner_key(table))}"
                " UNIQUE (organization_id, id)"
            )
    for model in models:
        for name, column, target in tenant_keys(model):
            if name not in keys and (model._meta.db_table, column) in columns:
                cursor.execute(
                    f"ALTER TABLE {q(model._meta.db_table)} ADD CONSTRAINT {q(name)}"
                    f" FOREIGN KEY (organization_id, {q(column)})"
                    f" REFERENCES {q(target)} (organization_id, id)"
                    " DEFERRABLE INITIALLY DEFERRED"
                )
