"""The bases of the staff's pages: evidence is read, the rest is changed on the record.

What is secret has no place on them at all, and a buyer's data is masked: nobody of the
staff needs either to find out why a document does not leave.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import partial

from django.contrib import admin
from django.db import models
from django.utils.html import format_html

from integrations.audit import trail
from integrations.scoping.context import scope
from integrations.scoping.fields import EncryptedTextField
from integrations.scoping.models import Tenant

# Digests are not secret, but by them a token could be tried out at leisure.
SECRET_NAMES = frozenset(
    {"password", "webhook_token_digest", "token_digest", "fingerprint", "body_digest"}
)


def is_secret(field: models.Field) -> bool:
    return isinstance(field, EncryptedTextField) or field.name in SECRET_NAMES


class StaffPages(admin.ModelAdmin):
    """Shows every column but the secret ones; nothing can be added, changed or deleted.

    `masked` maps a column to the function that makes it fit to be seen; a column that maps
    to None is not shown. `changeable` names what may be changed, which the trail records.
    """

    masked: dict[str, Callable | None] = {}
    changeable: tuple[str, ...] = ()
    list_per_page = 50
    show_full_result_count = False

    def __init__(self, model, admin_site):
        for name, mask in self.masked.items():
            if mask is not None:
                shown = partial(_masked, name=name, mask=mask)
                shown.short_description = model._meta.get_field(name).verbose_name
                setattr(self, f"masked_{name}", shown)
        if issubclass(model, Tenant):
            self.list_filter = (
                *self.list_filter,
                ("organization", admin.RelatedOnlyFieldListFilter),
            )
            self.list_select_related = tuple({*(self.list_select_related or ()), "organization"})
        super().__init__(model, admin_site)

    def _columns(self) -> list[str]:
        columns = []
        for field in self.model._meta.concrete_fields:
            if is_secret(field):
                continue
            if field.name not in self.masked:
                columns.append(field.name)
            elif self.masked[field.name] is not None:
                columns.append(f"masked_{field.name}")
        return columns

    def get_fields(self, request, obj=None):
        extra = [name for name in self.readonly_fields if name not in self._columns()]
        return [*extra, *self._columns()]

    def get_readonly_fields(self, request, obj=None):
        return [name for name in self.get_fields(request, obj) if name not in self.changeable]

    def has_add_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False

    def has_change_permission(self, request, obj=None):
        return bool(self.changeable) and super().has_change_permission(request, obj)

    def has_operate_permission(self, request):
        """For acts (pause, resume, replay), which are no changes of a column."""
        name = f"{self.opts.app_label}.change_{self.opts.model_name}"
        return request.user.has_perm(name)

    def save_model(self, request, obj, form, change):
        super().save_model(request, obj, form, change)
        if isinstance(obj, Tenant) and form.changed_data:
            with scope(obj.organization_id):
                trail.record(
                    action=f"{self.opts.model_name}.change_by_staff",
                    target=obj,
                    request=request,
                    kind="staff",
                    before={name: str(form.initial.get(name)) for name in form.changed_data},
                    after={name: str(form.cleaned_data[name]) for name in form.changed_data},
                )


def _masked(row: models.Model, *, name: str, mask: Callable) -> str:
    value = getattr(row, name)
    if value in (None, "", {}, []):
        return "—"
    shown = mask(value)
    if isinstance(shown, str):
        return shown
    return format_html(
        "<pre>{}</pre>", json.dumps(shown, indent=1, ensure_ascii=False, default=str)
    )
