from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from integrations.scoping.models import Tenant
from integrations.timekeeping.lease import Lease


class Recipient(Tenant):
    """Somebody who is mailed: a member, or an extra address.

    `preferences`: {"failures": "at_once" | "digest" | "never"}; credentials and pauses are
    always told at once to owners and accountants.
    """

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.CASCADE, related_name="+"
    )
    email = models.EmailField(max_length=254)
    preferences = models.JSONField(default=dict, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta(Tenant.Meta):
        verbose_name = _("destinatario")
        verbose_name_plural = _("destinatarios")
        constraints = [
            models.UniqueConstraint(fields=["organization", "email"], name="recipient_once"),
        ]


class MailLog(Tenant):
    """One mail to one address: written before it is sent, completed after.

    The row is the outbox. `key` names the mail for ever (its Message-ID hangs on it), so a
    mail that a dying process may have handed over is recognised when it comes again. Text
    and HTML are kept only until it is sent. `subject_id` is the id of the cause, credential
    or integration it is about, by `kind`; null where it is about several.
    """

    class Kind(models.TextChoices):
        CAUSE = "cause"
        URGENT = "urgent"
        DIGEST = "digest"
        SOLVED = "solved"
        CREDENTIAL = "credential"
        REMINDER = "reminder"
        RESUMED = "resumed"
        PAUSE = "pause"
        REFUSED = "refused"
        BOOKS = "books"
        TEST = "test"

    kind = models.CharField(max_length=12, choices=Kind)
    subject_id = models.BigIntegerField(null=True, blank=True)
    key = models.CharField(max_length=32, unique=True)
    email = models.EmailField(max_length=254)
    subject = models.CharField(max_length=250)
    text = models.TextField(default="", blank=True)
    html = models.TextField(default="", blank=True)
    created_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True, blank=True)
    tries = models.SmallIntegerField(default=0)
    # Null when nothing more will be tried: sent, or given up (then `error` says why).
    next_attempt_at = models.DateTimeField(null=True, blank=True)
    error = models.CharField(max_length=200, default="", blank=True)

    lease = Lease("mail_lease", until="next_attempt_at", is_due=True)

    class Meta(Tenant.Meta):
        verbose_name = _("correo enviado")
        verbose_name_plural = _("correos enviados")
        constraints = [
            models.CheckConstraint(
                condition=Q(
                    kind__in=[
                        "cause",
                        "urgent",
                        "digest",
                        "solved",
                        "credential",
                        "reminder",
                        "resumed",
                        "pause",
                        "refused",
                        "books",
                        "test",
                    ]
                ),
                name="mail_log_kind",
            ),
        ]
        indexes = [
            models.Index(fields=["organization", "kind", "-created_at"], name="mail_log_newest"),
            models.Index(
                fields=["next_attempt_at"], condition=Q(sent_at=None), name="mail_log_due"
            ),
        ]
