from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from integrations.connections.models import AlegraCompany
from integrations.scoping.models import Tenant
from integrations.timekeeping.lease import Lease


class DraftReading(Tenant):
    """The right to read one company's drafts in Alegra, and when the next ones are due."""

    company = models.OneToOneField(AlegraCompany, on_delete=models.CASCADE, related_name="+")
    next_at = models.DateTimeField(null=True, blank=True)
    lease_until = models.DateTimeField(null=True, blank=True)
    # Documents that the last answers left out, each of which is read by its id.
    missing = models.JSONField(default=list, blank=True)
    # The day whose documents were last looked through for copies, and how many of it.
    looked_day = models.DateField(null=True, blank=True)
    looked_from = models.PositiveIntegerField(default=0)
    read_at = models.DateTimeField(null=True, blank=True)
    failed_at = models.DateTimeField(null=True, blank=True)
    # The class of the failure, '' after a reading that came to its end.
    error = models.CharField(max_length=40, default="", blank=True)

    lease = Lease("drafts_lease")

    class Meta(Tenant.Meta):
        verbose_name = _("lectura de borradores")
        verbose_name_plural = _("lecturas de borradores")
