from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from integrations.connections.models import AlegraCompany
from integrations.documents.models import Document
from integrations.orders.models import Order
from integrations.scoping.models import Tenant
from integrations.timekeeping.lease import Lease


class BooksAudit(Tenant):
    """One comparison of one company's books with what the portal made in them."""

    class State(models.TextChoices):
        READING = "reading", _("Leyendo en Alegra")
        COMPARED = "compared", _("Comparada")
        FAILED = "failed", _("No se pudo")

    company = models.ForeignKey(AlegraCompany, on_delete=models.CASCADE, related_name="+")
    # The person who asked for it, '' for the portal by night.
    asked_by = models.CharField(max_length=120, default="", blank=True)
    state = models.CharField(max_length=10, choices=State, default=State.READING)
    # Documents dated from this day to that one, both included.
    from_day = models.DateField()
    to_day = models.DateField()
    began_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    lease_until = models.DateTimeField(null=True, blank=True)
    next_at = models.DateTimeField(null=True, blank=True)
    # The lists that are still to be read, the one that is being read first, how far that one is
    # read, and whether its rows came in another order than newest first.
    lists = models.JSONField(default=list, blank=True)
    position = models.PositiveIntegerField(default=0)
    is_unordered = models.BooleanField(default=False)
    # The lists that the login was not shown: nothing is said of what is in them. None for none.
    left_out = models.JSONField(null=True, blank=True)
    # Rows that are to be read by id: [[list, id], …], and how many were left out.
    to_read = models.JSONField(default=list, blank=True)
    unread = models.PositiveIntegerField(default=0)
    # Works that no list has shown and that were read by id since: "document 31".
    looked_for = models.JSONField(default=list, blank=True)
    # How many rows Alegra has in the window, how many are ours, and how many of these are right.
    counted = models.PositiveIntegerField(default=0)
    ours = models.PositiveIntegerField(default=0)
    right = models.PositiveIntegerField(default=0)
    calls = models.PositiveIntegerField(default=0)
    # How many findings it opened, and when they were mailed.
    opened = models.PositiveIntegerField(default=0)
    mailed_at = models.DateTimeField(null=True, blank=True)
    # Why the last call failed: the class of the error.
    error = models.CharField(max_length=40, default="", blank=True)
    failures = models.PositiveSmallIntegerField(default=0)

    lease = Lease("books_lease")

    class Meta(Tenant.Meta):
        verbose_name = _("revisión con Alegra")
        verbose_name_plural = _("revisiones con Alegra")
        constraints = [
            models.UniqueConstraint(
                fields=["company"], condition=Q(state="reading"), name="books_audit_one_at_a_time"
            ),
        ]
        indexes = [
            models.Index(fields=["next_at"], condition=Q(state="reading"), name="books_audit_due"),
            models.Index(
                fields=["organization", "company", "-began_at", "-id"], name="books_audit_newest"
            ),
            models.Index(
                fields=["organization"],
                condition=Q(state="compared", opened__gt=0, mailed_at=None),
                name="books_audit_to_tell",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.company_id} · {self.from_day} – {self.to_day}"


class BooksSeen(Tenant):
    """One work of ours that a list showed in an audit; kept until it is over."""

    audit = models.ForeignKey(BooksAudit, on_delete=models.CASCADE, related_name="seen")
    found_in = models.CharField(max_length=20)
    alegra_id = models.CharField(max_length=64)

    class Meta(Tenant.Meta):
        verbose_name = _("documento visto en una revisión")
        verbose_name_plural = _("documentos vistos en una revisión")
        constraints = [
            models.UniqueConstraint(
                fields=["audit", "found_in", "alegra_id"], name="books_seen_once"
            ),
        ]


class BooksFinding(Tenant):
    """One thing in which Alegra and the portal differ."""

    class Code(models.TextChoices):
        MISSING = "missing", _("Falta en Alegra")
        DOUBLED = "doubled", _("Está dos veces en Alegra")
        UNKNOWN = "unknown", _("Hecho por el portal y sin su pedido")
        WRONG_TOTAL = "wrong_total", _("El total es otro")
        EDITED = "edited", _("Cambiado en Alegra")
        FOREIGN = "foreign", _("Otro documento con un pedido tuyo")

    class How(models.TextChoices):
        GONE = "gone", _("Ya no está")
        SETTLED = "settled", _("Está bien así")

    company = models.ForeignKey(AlegraCompany, on_delete=models.CASCADE, related_name="+")
    first_audit = models.ForeignKey(BooksAudit, on_delete=models.CASCADE, related_name="+")
    last_audit = models.ForeignKey(BooksAudit, on_delete=models.CASCADE, related_name="+")
    code = models.CharField(max_length=12, choices=Code)
    # The list, as `lists.LISTS` names it.
    found_in = models.CharField(max_length=20)
    document = models.ForeignKey(
        Document, null=True, blank=True, on_delete=models.CASCADE, related_name="+"
    )
    order = models.ForeignKey(
        Order, null=True, blank=True, on_delete=models.CASCADE, related_name="+"
    )
    order_number = models.CharField(max_length=64, default="", blank=True)
    # As Alegra has it: id, number, day; and the marker that its text carries, '' for none.
    alegra_id = models.CharField(max_length=64)
    number = models.CharField(max_length=40, default="", blank=True)
    date = models.DateField(null=True, blank=True)
    marker = models.CharField(max_length=24, default="", blank=True)
    # For its sentence; nothing of the buyer.
    params = models.JSONField(default=dict, blank=True)
    # One short text for exactly this difference: what a person settled does not come back while
    # it is the same.
    exactly = models.CharField(max_length=64)
    first_at = models.DateTimeField()
    last_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_how = models.CharField(max_length=10, choices=How, default="", blank=True)
    closed_by = models.CharField(max_length=120, default="", blank=True)
    reason = models.CharField(max_length=200, default="", blank=True)

    class Meta(Tenant.Meta):
        verbose_name = _("diferencia con Alegra")
        verbose_name_plural = _("diferencias con Alegra")
        constraints = [
            models.UniqueConstraint(
                fields=["company", "code", "found_in", "alegra_id", "marker"],
                condition=Q(closed_at=None),
                name="books_finding_open_once",
            ),
        ]
        indexes = [
            models.Index(
                fields=["organization", "company", "first_at"],
                condition=Q(closed_at=None),
                name="books_finding_open",
            ),
            models.Index(fields=["company", "found_in", "alegra_id"], name="books_finding_of_id"),
        ]

    def __str__(self) -> str:
        return f"{self.get_code_display()} {self.number or self.alegra_id}"
