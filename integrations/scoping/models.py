"""`Tenant`: the base of every row that belongs to an organization.

Its manager raises outside a scope, filters inside one, and guards writes too: a row of
another organization can be neither saved, nor bulk-created, nor reached through a
foreign key between two tenant rows.
"""

from __future__ import annotations

from django.db import models
from django.db.models.base import ModelState
from django.db.models.fields.related_lookups import RelatedExact
from django.db.models.sql import Query
from django.db.models.sql.where import AND

from integrations.scoping import context
from integrations.scoping.context import ScopeError


def check_owner(instance: Tenant) -> None:
    """Fill the organization from the scope, or refuse the row."""
    scope = context.current()
    if scope is None:
        raise ScopeError(f"{type(instance).__name__} written outside a scope.")
    if scope.unscoped:
        if instance.organization_id is None:
            raise ScopeError(f"{type(instance).__name__} needs its organization.")
    elif instance.organization_id is None:
        instance.organization_id = scope.organization_id
    elif instance.organization_id != scope.organization_id:
        raise ScopeError(f"{type(instance).__name__} belongs to another organization.")
    for field in instance._meta.concrete_fields:
        # Only loaded relations can be compared without a query; the database compares
        # the rest (composite keys and policies on PostgreSQL).
        if (field.many_to_one or field.one_to_one) and field.is_cached(instance):
            related = field.get_cached_value(instance)
            if isinstance(related, Tenant) and related.organization_id != instance.organization_id:
                raise ScopeError(
                    f"{type(instance).__name__}.{field.name} points into another organization."
                )


class TenantQuerySet(models.QuerySet):
    def bulk_create(self, objs, *args, **kwargs):
        objs = list(objs)
        for instance in objs:
            check_owner(instance)
        return super().bulk_create(objs, *args, **kwargs)

    def bulk_update(self, objs, fields, *args, **kwargs):
        objs = list(objs)
        for instance in objs:
            check_owner(instance)
        return super().bulk_update(objs, fields, *args, **kwargs)

    def update(self, **kwargs):
        if "organization" in kwargs or "organization_id" in kwargs:
            raise ScopeError("A row never changes its organization.")
        scope = context.current()
        if scope is not None and not scope.unscoped:
            for name, value in kwargs.items():
                if isinstance(value, Tenant) and value.organization_id != scope.organization_id:
                    raise ScopeError(f"{name} would point into another organization.")
        return super().update(**kwargs)


class TenantManager(models.Manager.from_queryset(TenantQuerySet)):
    use_in_migrations = False

    def get_queryset(self):
        scope = context.current()
        if scope is None:
            raise ScopeError(f"{self.model.__name__} queried outside a scope.")
        rows = super().get_queryset()
        if not scope.unscoped:
            _keep_to(rows.query, self.model, scope.organization_id)
        return rows


def _keep_to(query: Query, model: type[models.Model], organization_id: int | None) -> None:
    """What `.filter(organization_id=…)` adds to a query, without its price: every question of
    this house begins here, and looking the field up and copying the query cost a tenth of all
    that a document did."""
    column = model._meta.get_field("organization").get_col(query.get_initial_alias())
    query.where.add(RelatedExact(column, organization_id), AND)


class Tenant(models.Model):
    organization = models.ForeignKey(
        "integrations.Organization", on_delete=models.PROTECT, related_name="+"
    )

    objects = TenantManager()

    class Meta:
        abstract = True
        base_manager_name = "objects"
        default_manager_name = "objects"

    def save(self, *args, **kwargs):
        check_owner(self)
        super().save(*args, **kwargs)

    def delete(self, *args, **kwargs):
        check_owner(self)
        return super().delete(*args, **kwargs)

    @classmethod
    def from_db(cls, db, field_names, values):
        """A row with these columns, made without `__init__`. That checks each column for arguments
        left out or given twice, which took a twentieth of the cost of a document."""
        row = cls.__new__(cls)
        row._state = ModelState()
        row._state.adding, row._state.db = False, db
        # A column that is not among them is deferred: it is read when it is used.
        row.__dict__.update(zip(field_names, values, strict=True))
        return row
