"""The second wall, written for PostgreSQL: policies and keys for every tenant table.

Set after every migration, so that a new table cannot be forgotten. One policy per table,
for reading and writing: the organization in scope, or an unscoped look. FORCE, so that it
holds for the owner of the tables too. A foreign key between two tenant tables is doubled by
one over (organization, id): a row cannot point into another organization, whatever the code
does.
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
    """Every concrete model of the app whose rows belong to an organization."""
    for model in apps.get_app_config("integrations").get_models():
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


def protect(connection) -> None:
    """Set every policy and composite key that is not there yet. Runs as the owner."""
    q = connection.ops.quote_name
    with connection.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_policies WHERE policyname = %s", [POLICY])
        guarded = {table for (table,) in cursor.fetchall()}
        cursor.execute("SELECT conname FROM pg_constraint WHERE contype = 'f'")
        keys = {name for (name,) in cursor.fetchall()}
        existing = set(connection.introspection.table_names(cursor))
        models = [model for model in tenant_models() if model._meta.db_table in existing]
        for model in models:
            table = model._meta.db_table
            if table not in guarded:
                cursor.execute(f"ALTER TABLE {q(table)} ENABLE ROW LEVEL SECURITY")
                cursor.execute(f"ALTER TABLE {q(table)} FORCE ROW LEVEL SECURITY")
                cursor.execute(
                    f"CREATE POLICY {POLICY} ON {q(table)} FOR ALL"
                    f" USING ({ALLOWED}) WITH CHECK ({ALLOWED})"
                )
        for model in models:
            for name, column, target in tenant_keys(model):
                if name not in keys:
                    cursor.execute(
                        f"ALTER TABLE {q(model._meta.db_table)} ADD CONSTRAINT {q(name)}"
                        f" FOREIGN KEY (organization_id, {q(column)})"
                        f" REFERENCES {q(target)} (organization_id, id)"
                        " DEFERRABLE INITIALLY DEFERRED"
                    )
