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
    """One comparison of what a company has in Alegra with what the portal made there."""

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
    # The lists that have yet to be read, beginning with the current one; the row at which the next
    # page of the current one begins; and whether its rows came in another order than newest first.
    lists = models.JSONField(default=list, blank=True)
    position = models.PositiveIntegerField(default=0)
    is_unordered = models.BooleanField(default=False)
    # The lists that Alegra does not show to the login, which are not compared. Null: none.
    left_out = models.JSONField(null=True, blank=True)
    # Rows that have yet to be read by id, [[list, id], …]; and how many are beyond the ceiling.
    to_read = models.JSONField(default=list, blank=True)
    unread = models.PositiveIntegerField(default=0)
    # Works that no list showed and that were therefore read by id: ["invoice 31", …].
    looked_for = models.JSONField(default=list, blank=True)
    # Rows that Alegra has in the window, those of them that are ours, those of these without a
    # difference.
    counted = models.PositiveIntegerField(default=0)
    ours = models.PositiveIntegerField(default=0)
    right = models.PositiveIntegerField(default=0)
    calls = models.PositiveIntegerField(default=0)
    # The number of findings that it opened, and when they were mailed.
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
    """A row that a list showed in an audit. Deleted when the audit ends."""

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
    """One difference between Alegra and the portal."""

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
    # Id, number and day in Alegra, and the marker in its text ('' for none).
    alegra_id = models.CharField(max_length=64)
    number = models.CharField(max_length=40, default="", blank=True)
    date = models.DateField(null=True, blank=True)
    marker = models.CharField(max_length=24, default="", blank=True)
    # Parameters of its sentence; no data of the buyer.
    params = models.JSONField(default=dict, blank=True)
    # Identifies exactly this difference: settled by a person, it is not reported again while this
    # stays the same.
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
