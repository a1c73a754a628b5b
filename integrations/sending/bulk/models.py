"""One act of a person on many works, and each of these works."""

from __future__ import annotations

from datetime import datetime

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from integrations.scoping.models import Tenant
from integrations.timekeeping.lease import Lease


class BulkRun(Tenant):
    """The works that were chosen are frozen as its items; a later one is never added.

    It is read and planned, then it waits for a yes, then it is worked off. `due_at` is when a
    worker is to look at it next, null where only a person can bring it further.
    """

    class State(models.TextChoices):
        READING = "reading", _("Leyendo en Alegra")
        READY = "ready", _("Espera tu confirmación")
        RUNNING = "running", _("En marcha")
        STOPPING = "stopping", _("Deteniéndose")
        ENDED = "ended", _("Terminada")

    act = models.CharField(max_length=40)
    state = models.CharField(max_length=10, choices=State, default=State.READING)
    # The name of who asked for it.
    by = models.CharField(max_length=120)
    created_at = models.DateTimeField()
    # When its works were sorted out, and what a yes does then.
    planned_at = models.DateTimeField(null=True, blank=True)
    count = models.PositiveIntegerField(default=0)
    pesos = models.BigIntegerField(default=0)
    started_at = models.DateTimeField(null=True, blank=True)
    stopped_at = models.DateTimeField(null=True, blank=True)
    stopped_by = models.CharField(max_length=120, default="", blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    due_at = models.DateTimeField(null=True, blank=True)
    lease_until = models.DateTimeField(null=True, blank=True)
    # How often in a row the far side did not answer while it was read.
    failures = models.PositiveSmallIntegerField(default=0)

    lease = Lease("bulk_lease")

    class Meta(Tenant.Meta):
        verbose_name = _("acción sobre muchos")
        verbose_name_plural = _("acciones sobre muchos")
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=["reading", "ready", "running", "stopping", "ended"]),
                name="bulk_run_state",
            ),
        ]
        indexes = [
            models.Index(fields=["due_at"], condition=Q(due_at__isnull=False), name="bulk_run_due"),
            models.Index(fields=["organization", "act", "-started_at"], name="bulk_run_newest"),
        ]

    @property
    def is_under_way(self) -> bool:
        """A person said yes, and works of it are still to come to their end."""
        return self.state in (self.State.RUNNING, self.State.STOPPING)

    def is_planned_since(self, moment: datetime) -> bool:
        """Whether its plan is as new as that, so that a yes may still be said to it."""
        return self.planned_at is not None and self.planned_at >= moment

    def __str__(self) -> str:
        return f"{self.act} {self.pk}"


class BulkItem(Tenant):
    """One work of a run, by its id in the table of the act's kind, and what became of it."""

    class Outcome(models.TextChoices):
        CHOSEN = "chosen", _("Elegido")
        PLANNED = "planned", _("Por hacer")
        # The plan leaves it out, `reason` says why …
        LEFT_OUT = "left_out", _("Fuera del plan")
        # … or it was planned, and is another than then.
        MOVED = "moved", _("Cambió mientras tanto")
        ASKED = "asked", _("Pedido")
        # It came to an end, which one its own state says.
        DONE = "done", _("Hecho")
        STOPPED = "stopped", _("Detenido")

    run = models.ForeignKey(BulkRun, on_delete=models.CASCADE, related_name="items")
    work_id = models.BigIntegerField()
    pesos = models.BigIntegerField(default=0)
    outcome = models.CharField(max_length=10, choices=Outcome, default=Outcome.CHOSEN)
    reason = models.CharField(max_length=40, default="", blank=True)
    # Since when this is its outcome.
    at = models.DateTimeField(null=True, blank=True)

    class Meta(Tenant.Meta):
        verbose_name = _("parte de una acción sobre muchos")
        verbose_name_plural = _("partes de una acción sobre muchos")
        constraints = [
            models.UniqueConstraint(fields=["run", "work_id"], name="bulk_item_once"),
        ]
        indexes = [
            models.Index(fields=["run", "outcome", "reason", "id"], name="bulk_item_outcome"),
        ]

    def __str__(self) -> str:
        return f"{self.work_id}: {self.outcome}"
