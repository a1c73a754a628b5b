"""Forgetting the tenant must fail loudly, in the code and in the database."""

from __future__ import annotations

import os
from contextlib import contextmanager

import pytest
from django.conf import settings
from django.db import DatabaseError, IntegrityError, connection, transaction

from integrations.audit.models import AuditEntry
from integrations.scoping import row_level_security
from integrations.scoping.context import ScopeError, scope, unscoped
from integrations.scoping.database_role import as_owner
from integrations.scoping.models import Tenant, TenantManager
from tests.cast import make_company, make_credential, make_integration

TENANT_MODELS = list(row_level_security.tenant_models())
postgresql_only = pytest.mark.skipif(
    "DATABASE_URL" not in os.environ, reason="row-level security is PostgreSQL's"
)


def _count(table: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM {connection.ops.quote_name(table)}")
        return cursor.fetchone()[0]


@pytest.mark.django_db
def test_the_half_of_the_tests_that_should_run_on_postgresql_does():
    if "EXPECT_VENDOR" in os.environ:
        assert connection.vendor == os.environ["EXPECT_VENDOR"]


def test_every_model_with_an_organization_is_a_tenant():
    for model in TENANT_MODELS:
        assert issubclass(model, Tenant), model
        for manager in (model._default_manager, model._base_manager, model.objects):
            assert isinstance(manager, TenantManager), (model, manager)
        assert isinstance(model.objects, TenantManager)


def test_no_model_names_the_key_that_only_row_level_security_needs():
    for model in TENANT_MODELS:
        assert {"organization", "id"} not in [
            set(getattr(constraint, "fields", ())) for constraint in model._meta.constraints
        ], model


@pytest.mark.django_db
@pytest.mark.parametrize("model", TENANT_MODELS, ids=lambda model: model.__name__)
def test_a_query_outside_a_scope_is_an_error(model):
    with pytest.raises(ScopeError):
        model.objects.first()


@pytest.mark.django_db
def test_a_scope_shows_and_writes_only_its_own_rows(cast):
    ours = make_integration(cast.organization)
    theirs = make_integration(cast.other)
    model = type(ours)
    with scope(cast.organization.pk):
        assert list(model.objects.all()) == [ours]
        assert model.objects.filter(pk=theirs.pk).update(name="x") == 0
        with pytest.raises(model.DoesNotExist):
            theirs.refresh_from_db()
        with pytest.raises(ScopeError):
            theirs.save()
        with pytest.raises(ScopeError):
            model.objects.bulk_update([theirs], ["name"])
        with pytest.raises(ScopeError):
            type(theirs.company).objects.bulk_create(
                [type(theirs.company)(organization=cast.other, nit="1", name="x")]
            )
        with pytest.raises(ScopeError):
            model.objects.update(organization=cast.other)
        with pytest.raises(ScopeError):
            model.objects.update(company=theirs.company)


@pytest.mark.django_db
def test_a_row_cannot_point_into_another_organization(cast):
    theirs = make_company(cast.other)
    with pytest.raises(ScopeError):
        make_credential(cast.organization, theirs)


@pytest.mark.django_db
def test_an_integration_cannot_take_the_account_of_another_organization(cast):
    ours, theirs = make_integration(cast.organization), make_integration(cast.other)
    ours.source = theirs.source
    with scope(cast.organization.pk), pytest.raises(ScopeError):
        ours.save()


class _Half:
    """A database that an earlier migration made: a table and a column are not there yet."""

    MISSING = {("integrations_stockmovement", "link_id")}

    def __init__(self) -> None:
        self.ops, self.said = connection.ops, []

    @contextmanager
    def cursor(self):
        yield self

    def execute(self, statement, arguments=()):
        self.said.append(statement)

    def fetchall(self):
        if "information_schema" not in self.said[-1]:
            return []
        return [
            (model._meta.db_table, field.column)
            for model in TENANT_MODELS
            if model is not AuditEntry
            for field in model._meta.local_fields
            if (model._meta.db_table, field.column) not in self.MISSING
        ]


def test_what_a_later_migration_makes_is_not_asked_for_where_one_stops_before_it():
    half = _Half()
    row_level_security.protect(half)
    made = [statement for statement in half.said if statement.startswith(("ALTER", "CREATE"))]
    assert any("stockmovement" in statement and "variant_id" in statement for statement in made)
    assert not any("stockmovement" in statement and "link_id" in statement for statement in made)
    assert not any("auditentry" in statement for statement in made)


# --- PostgreSQL's wall ----------------------------------------------------------------------


@postgresql_only
@pytest.mark.django_db
def test_tests_run_as_the_application_which_cannot_walk_round_the_policies():
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT current_user, rolsuper, rolbypassrls, rolcreatedb FROM pg_roles"
            " WHERE rolname = current_user"
        )
        assert cursor.fetchone() == (settings.APPLICATION_ROLE, False, False, False)
        cursor.execute("SELECT tableowner FROM pg_tables WHERE tablename = 'integrations_order'")
        assert cursor.fetchone()[0] != settings.APPLICATION_ROLE


@postgresql_only
@pytest.mark.django_db
def test_every_tenant_table_has_its_policy_and_is_forced_to_obey_it():
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT c.relname FROM pg_class c JOIN pg_policies p ON p.tablename = c.relname"
            " WHERE c.relrowsecurity AND c.relforcerowsecurity AND p.cmd = 'ALL'"
            " AND p.qual = p.with_check AND p.qual LIKE '%app.organization%'"
        )
        guarded = {name for (name,) in cursor.fetchall()}
    assert {model._meta.db_table for model in TENANT_MODELS} == guarded


@postgresql_only
@pytest.mark.django_db
def test_every_key_between_tenant_tables_carries_the_organization():
    with connection.cursor() as cursor:
        cursor.execute("SELECT conname FROM pg_constraint WHERE contype = 'f' AND condeferred")
        existing = {name for (name,) in cursor.fetchall()}
    wanted = {
        name for model in TENANT_MODELS for name, _, _ in row_level_security.tenant_keys(model)
    }
    assert wanted
    assert wanted <= existing


@postgresql_only
@pytest.mark.django_db
def test_what_is_pointed_at_is_unique_together_with_its_organization():
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT conrelid::regclass::text FROM pg_constraint WHERE contype = 'u'"
            " AND pg_get_constraintdef(oid) = 'UNIQUE (organization_id, id)'"
        )
        unique = sorted(table for (table,) in cursor.fetchall())
    pointed_at = set().union(*(row_level_security.pointed_at(model) for model in TENANT_MODELS))
    assert unique == sorted(pointed_at)


@postgresql_only
@pytest.mark.django_db(transaction=True)
def test_protecting_again_changes_nothing_and_puts_back_a_key_that_is_missing():
    count = "SELECT count(*) FROM pg_constraint WHERE conname LIKE '%%same_org%%'"
    with as_owner(), connection.cursor() as cursor:
        cursor.execute(count)
        before = cursor.fetchone()
        cursor.execute(
            "ALTER TABLE integrations_order DROP CONSTRAINT integrations_order_same_org_key CASCADE"
        )
        row_level_security.protect(connection)
        row_level_security.protect(connection)
        cursor.execute(count)
        assert cursor.fetchone() == before


@postgresql_only
@pytest.mark.django_db
def test_raw_sql_sees_nothing_outside_a_scope_and_nothing_of_others_inside(cast):
    ours, theirs = make_integration(cast.organization), make_integration(cast.other)
    assert ours.pk != theirs.pk
    tables = [model._meta.db_table for model in TENANT_MODELS]
    assert {_count(table) for table in tables} == {0}
    with scope(cast.organization.pk):
        for table in tables:
            with connection.cursor() as cursor:
                cursor.execute(
                    f"SELECT count(*) FROM {table} WHERE organization_id <> %s",
                    [cast.organization.pk],
                )
                assert cursor.fetchone()[0] == 0, table
        assert _count("integrations_integration") == 1
    with unscoped("counting both"):
        assert _count("integrations_integration") == 2
    assert _count("integrations_integration") == 0


@postgresql_only
@pytest.mark.django_db
@pytest.mark.parametrize("organization", ["other", None])
def test_raw_sql_can_write_into_no_other_organization(cast, organization):
    company = make_company(cast.other)
    insert = (
        "INSERT INTO integrations_membership (organization_id, user_id, role, created_at)"
        " VALUES (%s, %s, 'owner', now())"
    )
    with scope(cast.organization.pk) if organization else transaction.atomic():
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(insert, [cast.other.pk, cast.viewer.pk])
        with connection.cursor() as cursor:
            cursor.execute(
                "UPDATE integrations_alegracompany SET name = 'x' WHERE id = %s", [company.pk]
            )
            assert cursor.rowcount == 0
            cursor.execute("DELETE FROM integrations_alegracompany WHERE id = %s", [company.pk])
            assert cursor.rowcount == 0


@postgresql_only
@pytest.mark.django_db
def test_the_database_refuses_a_key_into_another_organization_even_unscoped(cast):
    ours, theirs = make_integration(cast.organization), make_company(cast.other)
    with unscoped("trying"), connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        with pytest.raises(IntegrityError), transaction.atomic():
            cursor.execute(
                "UPDATE integrations_integration SET company_id = %s WHERE id = %s",
                [theirs.pk, ours.pk],
            )


@postgresql_only
@pytest.mark.django_db
@pytest.mark.parametrize("verb", ["UPDATE {} SET action = 'x'", "DELETE FROM {}"])
def test_the_application_can_only_append_to_the_trail(cast, verb):
    table = AuditEntry._meta.db_table
    with (
        unscoped("trying"),
        connection.cursor() as cursor,
        pytest.raises(DatabaseError, match="permission denied"),
        transaction.atomic(),
    ):
        cursor.execute(verb.format(table))


@postgresql_only
@pytest.mark.django_db
def test_the_error_of_a_broken_transaction_is_not_hidden_by_leaving_the_scope(cast):
    with (
        connection.cursor() as cursor,
        pytest.raises(IntegrityError),
        transaction.atomic(),
        scope(cast.organization.pk),
    ):
        cursor.execute(
            "INSERT INTO integrations_membership (organization_id, user_id, role, created_at)"
            " VALUES (%s, %s, 'nobody', now())",
            [cast.organization.pk, cast.outsider.pk],
        )
    assert _count("integrations_membership") == 0


@postgresql_only
@pytest.mark.django_db(transaction=True)
def test_a_new_connection_starts_with_the_scope_in_force(cast):
    make_company(cast.organization)
    with scope(cast.organization.pk):
        connection.close()
        assert _count("integrations_alegracompany") == 1
    connection.close()
    assert _count("integrations_alegracompany") == 0
