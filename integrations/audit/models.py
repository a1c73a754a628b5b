from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from integrations.scoping.models import Tenant


class AuditEntry(Tenant):
    """One change of a setting, link, rule, credential, member, or an act on a document.

    Append-only: the application's database role may neither update nor delete.
    `before` and `after` never hold a secret: what is secret is named, not shown.
    """

    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        # People are deactivated, never deleted: the trail must keep its names.
        on_delete=models.PROTECT,
        related_name="+",
    )
    kind = models.CharField(max_length=16)  # person · system · staff
    action = models.CharField(max_length=64)
    target_type = models.CharField(max_length=40)
    target_id = models.CharField(max_length=64, default="", blank=True)
    before = models.JSONField(null=True, blank=True)
    after = models.JSONField(null=True, blank=True)
    ip = models.GenericIPAddressField(null=True, blank=True)
    request_id = models.CharField(max_length=32, default="", blank=True)
    at = models.DateTimeField()

    class Meta(Tenant.Meta):
        verbose_name = _("entrada del registro")
        verbose_name_plural = _("registro")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(kind__in=["person", "system", "staff"]), name="audit_entry_kind"
            ),
        ]
        indexes = [
            models.Index(fields=["organization", "-at", "-id"], name="audit_entry_newest"),
            models.Index(
                fields=["organization", "target_type", "target_id", "-at"],
                name="audit_entry_target",
            ),
        ]
