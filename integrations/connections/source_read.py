"""What is known of a list that is read from outside, and the right to read it."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from integrations.connections.models import AlegraCompany, Integration
from integrations.scoping.models import Tenant
from integrations.timekeeping.lease import Lease


class SourceRead(Tenant):
    """One list of an outside system: an Alegra company's items or the lists one chooses from
    there, or an integration's variants, bodegas or orders. One row a list."""

    class Kind(models.TextChoices):
        ITEMS = "items"
        REFERENCES = "references"
        VARIANTS = "variants"
        BODEGAS = "bodegas"
        ORDERS = "orders"

    kind = models.CharField(max_length=10, choices=Kind)
    company = models.ForeignKey(
        AlegraCompany, null=True, blank=True, on_delete=models.CASCADE, related_name="+"
    )
    integration = models.ForeignKey(
        Integration, null=True, blank=True, on_delete=models.CASCADE, related_name="+"
    )
    # A person asked for it: due whatever its age.
    asked_at = models.DateTimeField(null=True, blank=True)
    # Until then one reader is at it; none when it was given back.
    lease_until = models.DateTimeField(null=True, blank=True)
    # The copy is whole as of this moment.
    read_at = models.DateTimeField(null=True, blank=True)
    # When the last try failed and why, a sentence for the merchant; none after one that did not.
    failed_at = models.DateTimeField(null=True, blank=True)
    error = models.CharField(max_length=200, default="", blank=True)
    rows = models.IntegerField(default=0)
    # Of the orders: when each kind of pass over them last ended well: {"recent": ISO, …}.
    passes = models.JSONField(default=dict, blank=True)

    lease = Lease("list_lease")

    class Meta(Tenant.Meta):
        verbose_name = _("lectura de una lista")
        verbose_name_plural = _("lecturas de listas")
        constraints = [
            models.UniqueConstraint(
                fields=["company", "kind"],
                condition=Q(company__isnull=False),
                name="source_read_company_once",
            ),
            models.UniqueConstraint(
                fields=["integration", "kind"],
                condition=Q(integration__isnull=False),
                name="source_read_integration_once",
            ),
            models.CheckConstraint(
                condition=Q(
                    kind__in=["items", "references"],
                    company__isnull=False,
                    integration__isnull=True,
                )
                | Q(
                    kind__in=["variants", "bodegas", "orders"],
                    company__isnull=True,
                    integration__isnull=False,
                ),
                name="source_read_whose",
            ),
        ]
