from __future__ import annotations

from decimal import Decimal

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from integrations.connections.models import Integration
from integrations.mastershop import payment_methods
from integrations.scoping.models import Tenant


class DocumentSettings(Tenant):
    """*Configuración general* of one integration. Alegra ids are text; '' means none."""

    class Kind(models.TextChoices):
        INVOICE = "invoice", _("Factura de venta electrónica")
        REMISSION = "remission", _("Remisión")

    class Mode(models.TextChoices):
        DRAFT = "draft", _("Borrador")
        DEFINITIVE = "definitive", _("Definitivo")

    class PaymentTerm(models.TextChoices):
        CASH = "cash", _("Contado")
        CREDIT = "credit", _("Crédito")

    class RegisterPayment(models.TextChoices):
        ON_ISSUE = "on_issue", _("Al emitir")
        NEVER = "never", _("Nunca")

    class GiftLines(models.TextChoices):
        ASK = "", _("Preguntarme")
        SPREAD = "spread", _("Repartir el valor del pedido")
        ZERO = "zero", _("Facturar en $ 0")
        LEAVE_OUT = "leave_out", _("No facturarla")

    integration = models.OneToOneField(
        Integration, on_delete=models.CASCADE, related_name="document_settings"
    )
    version = models.PositiveIntegerField(default=1)
    kind = models.CharField(max_length=10, choices=Kind, default=Kind.INVOICE)
    mode = models.CharField(max_length=10, choices=Mode, default=Mode.DRAFT)
    number_template = models.CharField(max_length=64, default="", blank=True)
    seller = models.CharField(max_length=64, default="", blank=True)
    cost_center = models.CharField(max_length=64, default="", blank=True)
    prices_include_tax = models.BooleanField(default=True)
    # A person said it of all orders: one that reads only the other way is not asked about.
    prices_told = models.BooleanField(default=False)
    charges_enabled = models.BooleanField(default=False)
    charges_item = models.CharField(max_length=64, default="", blank=True)
    charges_item_name = models.CharField(max_length=200, default="", blank=True)
    # Limits for a remainder that nothing in the order explains; both hold.
    remainder_limit_pesos = models.BigIntegerField(default=50_000)
    remainder_limit_percent = models.DecimalField(
        max_digits=5, decimal_places=2, default=Decimal("30")
    )
    unidentified_number = models.CharField(max_length=20, default="222222222222")
    payment_term = models.CharField(max_length=8, choices=PaymentTerm, default=PaymentTerm.CASH)
    credit_days = models.PositiveSmallIntegerField(default=0)
    cod_enabled = models.BooleanField(default=True)
    cod_account = models.CharField(max_length=64, default="", blank=True)
    register_payment = models.CharField(
        max_length=10, choices=RegisterPayment, default=RegisterPayment.ON_ISSUE
    )
    gift_lines = models.CharField(
        max_length=10, choices=GiftLines, default=GiftLines.ASK, blank=True
    )
    saved_at = models.DateTimeField(null=True, blank=True)

    class Meta(Tenant.Meta):
        verbose_name = _("configuración general")
        verbose_name_plural = _("configuraciones generales")
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=["invoice", "remission"]), name="document_settings_kind"
            ),
            models.CheckConstraint(
                condition=Q(mode__in=["draft", "definitive"]), name="document_settings_mode"
            ),
        ]


class BankEquivalence(Tenant):
    """MasterShop payment method → Alegra bank account and DIAN payment means.

    `method` is the raw value, normalised ('cod', 'transfer', 'addi' …), or '*' for
    *todos los demás*, compulsory for prepaid orders where a payment will be registered. `key` is
    what it is known by however it is spelled.
    `family` is the answer to *¿Cómo se paga «addi»?* where the method's own words do not say it.
    """

    EVERYTHING_ELSE = "*"

    integration = models.ForeignKey(
        Integration, on_delete=models.CASCADE, related_name="bank_equivalences"
    )
    method = models.CharField(max_length=80)
    key = models.CharField(max_length=80, editable=False)
    family = models.CharField(max_length=8)
    # '' where none was chosen: the money goes where that of its family goes.
    account = models.CharField(max_length=64, default="", blank=True)
    means = models.CharField(max_length=40, default="", blank=True)

    class Meta(Tenant.Meta):
        verbose_name = _("equivalencia")
        verbose_name_plural = _("equivalencias")
        constraints = [
            models.UniqueConstraint(fields=["integration", "key"], name="bank_equivalence_once"),
            models.CheckConstraint(
                condition=Q(family__in=["cod", "prepaid"]), name="bank_equivalence_family"
            ),
        ]

    def save(self, *args, **kwargs) -> None:
        self.key = method_key(self.method)
        super().save(*args, **kwargs)


def method_key(method: str) -> str:
    """What a payment method is known by, however it is spelled."""
    return payment_methods.key(method)[:80]


class Answer(Tenant):
    """What a person answered to a `Question` that has no row of its own elsewhere.

    `subject_key` says whom it is about: a name, an order's number, '' for the integration.
    """

    integration = models.ForeignKey(Integration, on_delete=models.CASCADE, related_name="answers")
    question = models.CharField(max_length=40)
    subject_key = models.CharField(max_length=160, default="", blank=True)
    value = models.CharField(max_length=40)
    # What was chosen or typed beside the choice (`questions.Pick`), or empty.
    picked = models.JSONField(default=dict, blank=True)
    # The words of the problem it was asked with, so that the question reads the same later.
    params = models.JSONField(default=dict, blank=True)
    by = models.CharField(max_length=120, default="", blank=True)
    at = models.DateTimeField()

    class Meta(Tenant.Meta):
        verbose_name = _("respuesta")
        verbose_name_plural = _("respuestas")
        constraints = [
            models.UniqueConstraint(
                fields=["integration", "question", "subject_key"], name="answer_once"
            ),
        ]
