from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from integrations.connections.models import AlegraCompany, Integration
from integrations.scoping.models import Tenant
from integrations.timekeeping.lease import Lease


class CompanyLook(Tenant):
    """The looks at one company in Alegra, and its last check after a restore."""

    company = models.OneToOneField(AlegraCompany, on_delete=models.CASCADE, related_name="+")
    # When the last look without a find began, and how many calls it took.
    looked_at = models.DateTimeField(null=True, blank=True)
    calls = models.PositiveIntegerField(default=0)
    # One worker looks or reads until then.
    lease_until = models.DateTimeField(null=True, blank=True)
    # By list: the ids of rows that were read by id and were made by another installation or a
    # person. Kept so that each is read once.
    foreign = models.JSONField(default=dict, blank=True)
    # The check of the whole window: its beginning, how many readings were completed, when the next
    # one is due, and its end. Writes are held from beginning to end.
    noticed_at = models.DateTimeField(null=True, blank=True)
    passes = models.PositiveSmallIntegerField(default=0)
    next_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    # The class of the error that ended the last reading.
    error = models.CharField(max_length=40, default="", blank=True)
    # When its beginning and its end were mailed.
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
    """A document or payment in Alegra with a marker of the portal that the database has forgotten.

    The work that has this marker, now or later, adopts it and is never sent.
    """

    company = models.ForeignKey(AlegraCompany, on_delete=models.CASCADE, related_name="+")
    # The integration for which the marker was made. Null: known only by the work with the marker.
    integration = models.ForeignKey(
        Integration, null=True, blank=True, on_delete=models.CASCADE, related_name="+"
    )
    # The name of the `AlegraList` in which it was found.
    found_in = models.CharField(max_length=20)
    alegra_id = models.CharField(max_length=64)
    marker = models.CharField(max_length=24)
    # The number of its order; '' where its text does not hold it.
    order_number = models.CharField(max_length=64, default="", blank=True)
    # Its own number and its day in Alegra.
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
