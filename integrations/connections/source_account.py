"""The account at MasterShop that an integration receives orders from."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from integrations.scoping.fields import EncryptedTextField
from integrations.scoping.models import Tenant


class SourceAccount(Tenant):
    """One MasterShop business: the address its events come in at, what they are signed with,
    the key it is read with, and what reading it gave. Each integration has one."""

    # Learned from the first event.
    business_id = models.CharField(max_length=64, null=True, blank=True)  # noqa: DJ001 - unique
    # False while its integration is archived: a comercio uses a business once.
    in_use = models.BooleanField(default=True)
    webhook_token = EncryptedTextField(default="", blank=True)
    webhook_token_digest = models.CharField(max_length=64, unique=True)
    secret = EncryptedTextField(default="", blank=True)
    previous_secret = EncryptedTextField(default="", blank=True)
    previous_secret_until = models.DateTimeField(null=True, blank=True)
    key = EncryptedTextField(default="", blank=True)
    key_last4 = models.CharField(max_length=4, default="", blank=True)
    key_refused_at = models.DateTimeField(null=True, blank=True)
    # Whether re-reading an order at its source ever worked.
    detail_readable = models.BooleanField(default=False)
    last_event_at = models.DateTimeField(null=True, blank=True)

    class Meta(Tenant.Meta):
        verbose_name = _("cuenta de MasterShop")
        verbose_name_plural = _("cuentas de MasterShop")
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "business_id"],
                condition=Q(in_use=True),
                name="source_account_business_in_use_once",
            ),
        ]

    def __str__(self) -> str:
        return self.business_id or "—"
