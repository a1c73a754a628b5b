from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from integrations.connections.models import AlegraCompany, Integration
from integrations.scoping.models import Tenant
from integrations.timekeeping.lease import Lease


class CompanyLook(Tenant):
    """When one company was last looked at in Alegra, and the check after a restore."""

    company = models.OneToOneField(AlegraCompany, on_delete=models.CASCADE, related_name="+")
    # When the last look began that found nothing forgotten, and how many calls it took.
    looked_at = models.DateTimeField(null=True, blank=True)
    calls = models.PositiveIntegerField(default=0)
    # Until then one worker is at it.
    lease_until = models.DateTimeField(null=True, blank=True)
    # By list, the ids of rows that were read and are another installation's or a person's: where
    # lists leave out what the marker stands in, each is read once.
    foreign = models.JSONField(default=dict, blank=True)
    # A check of the whole window: since when, how many readings of it came to their end, when the
    # next one is due, and when it was over. Writes are held between the first and the last.
    noticed_at = models.DateTimeField(null=True, blank=True)
    passes = models.PositiveSmallIntegerField(default=0)
    next_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    # Why the last reading of it did not come to its end: the name of the error.
    error = models.CharField(max_length=40, default="", blank=True)
    # What of it was mailed: its beginning and its end.
    mailed_at = models.DateTimeField(null=True, blank=True)
    ended_mailed_at = models.DateTimeField(null=True, blank=True)

    lease = Lease("safe_start_lease")

    class Meta(Tenant.Meta):
        verbose_name = _("arranque seguro")
        verbose_name_plural = _("arranques seguros")
        indexes = [
            models.Index(
                fields=["next_at"],
                condition=Q(next_at__isnull=False),
                name="company_look_due",
            ),
            models.Index(
                fields=["organization", "noticed_at"],
                condition=Q(noticed_at__isnull=False),
                name="company_look_noticed",
            ),
        ]

    @property
    def is_checking(self) -> bool:
        return self.noticed_at is not None and self.ended_at is None


class Forgotten(Tenant):
    """One thing in Alegra with a marker of ours whose making the database does not know.

    It is taken for the work that has this marker, now or later: that one is never sent.
    """

    company = models.ForeignKey(AlegraCompany, on_delete=models.CASCADE, related_name="+")
    # Which one the marker was made for; null where only a work with it is known.
    integration = models.ForeignKey(
        Integration, null=True, blank=True, on_delete=models.CASCADE, related_name="+"
    )
    # Where it was found: the name of an `AlegraList`.
    found_in = models.CharField(max_length=20)
    alegra_id = models.CharField(max_length=64)
    marker = models.CharField(max_length=24)
    # Of the order that it is about, '' where its text does not say it.
    order_number = models.CharField(max_length=64, default="", blank=True)
    # As Alegra had it: its own number, its day.
    number = models.CharField(max_length=40, default="", blank=True)
    date = models.DateField(null=True, blank=True)
    found_at = models.DateTimeField()
    adopted_at = models.DateTimeField(null=True, blank=True)

    class Meta(Tenant.Meta):
        verbose_name = _("documento olvidado por la base de datos")
        verbose_name_plural = _("documentos olvidados por la base de datos")
        constraints = [
            models.UniqueConstraint(
                fields=["company", "found_in", "alegra_id"], name="forgotten_once"
            ),
        ]
        indexes = [
            models.Index(fields=["company", "marker"], name="forgotten_marker"),
            models.Index(
                fields=["organization", "company", "-found_at", "-id"], name="forgotten_newest"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.found_in} {self.number or self.alegra_id}"
