"""Deliveries that were refused: numbers, since when, and what was done about them."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from integrations.connections.models import Integration
from integrations.scoping.models import Tenant


class RefusedEvents(Tenant):
    """What one integration refused, from the first event until events come in well again.

    One row however many come: nothing of a refused body is kept here.
    """

    class Why(models.TextChoices):
        SIGNATURE = "signature", _("con una firma que no coincide")
        UNSIGNED = "unsigned", _("sin firma")
        UNREADABLE = "unreadable", _("que no se pueden leer")
        OTHER_BUSINESS = "other_business", _("de otro negocio")
        TOO_LARGE = "too_large", _("demasiado grandes")

    integration = models.ForeignKey(Integration, on_delete=models.CASCADE, related_name="+")
    first_at = models.DateTimeField()
    last_at = models.DateTimeField()
    # One column for each `Why`.
    signature = models.PositiveBigIntegerField(default=0)
    unsigned = models.PositiveBigIntegerField(default=0)
    unreadable = models.PositiveBigIntegerField(default=0)
    other_business = models.PositiveBigIntegerField(default=0)
    too_large = models.PositiveBigIntegerField(default=0)
    # The business that the last one of another business named.
    business = models.CharField(max_length=64, default="", blank=True)
    # The reasons that were mailed, joined by commas, and when the last of these mails was written.
    told = models.CharField(max_length=80, default="", blank=True)
    mailed_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    # Who said that nothing is missing; '' where it closed by itself.
    closed_by = models.CharField(max_length=120, default="", blank=True)
    closed_mailed_at = models.DateTimeField(null=True, blank=True)
    # *Traer los pedidos de ese tiempo*: asked for, how far it is, and its end.
    fetch_asked_at = models.DateTimeField(null=True, blank=True)
    fetch_began_at = models.DateTimeField(null=True, blank=True)
    fetch_seen = models.PositiveIntegerField(default=0)
    fetch_brought = models.PositiveIntegerField(default=0)
    fetched_at = models.DateTimeField(null=True, blank=True)

    class Meta(Tenant.Meta):
        verbose_name = _("eventos rechazados")
        verbose_name_plural = _("eventos rechazados")
        constraints = [
            models.UniqueConstraint(
                fields=["integration"],
                condition=Q(closed_at=None),
                name="refused_events_open_once",
            ),
        ]
        indexes = [
            models.Index(fields=["integration", "-first_at"], name="refused_events_newest"),
        ]

    def __str__(self) -> str:
        return f"{self.total}"

    @property
    def by_reason(self) -> dict[str, int]:
        """How many for each reason, those that occurred."""
        return {why: count for why in self.Why.values if (count := getattr(self, why))}

    @property
    def total(self) -> int:
        return sum(self.by_reason.values())

    @property
    def is_fetching(self) -> bool:
        if self.fetch_asked_at is None:
            return False
        return self.fetched_at is None or self.fetched_at < self.fetch_asked_at
