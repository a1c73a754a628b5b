from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from integrations.documents.models import Document
from integrations.orders.models import Order
from integrations.scoping.models import Tenant
from integrations.sending.models import (
    Attempt,
    Problem,
    StateChange,
    Step,
    Work,
    attempt_indexes,
    change_indexes,
    problem_constraints,
    problem_indexes,
    step_constraints,
    work_constraints,
    work_indexes,
)
from integrations.sending.problems.paying import REFUSED as PAYMENT_REFUSED
from integrations.sending.states import State


class Payment(Work):
    """The money of one invoice, to be registered in Alegra exactly once.

    CREATED is its end. EXTERNAL: a person registered it; DISMISSED: nobody is to register it;
    SKIPPED: the invoice is worth nothing.
    """

    WORTH = "document__total_pesos"
    MAY_NEED_CONTACT = False
    REFUSED = PAYMENT_REFUSED

    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="+")
    # A document of another cycle has its own.
    document = models.OneToOneField(Document, on_delete=models.PROTECT, related_name="payment")
    # What was sent, in COP, to which account (Alegra's id, and its name at that time), and by
    # which of Alegra's words for a payment.
    amount = models.DecimalField(max_digits=18, decimal_places=6, null=True, blank=True)
    account = models.CharField(max_length=64, default="", blank=True)
    account_name = models.CharField(max_length=200, default="", blank=True)
    method = models.CharField(max_length=20, default="", blank=True)
    # What was received before the order and is not part of it, in COP: another's to register.
    left_out = models.DecimalField(max_digits=18, decimal_places=6, null=True, blank=True)
    # The number that Alegra gave it.
    number = models.CharField(max_length=40, default="", blank=True)

    class Meta(Tenant.Meta):
        verbose_name = _("pago")
        verbose_name_plural = _("pagos")
        constraints = work_constraints("payment", one_id_per=["company"])
        indexes = [
            *work_indexes("payment"),
            # Those that wait for a person, by their order.
            models.Index(
                fields=["organization", "order"],
                condition=Q(state="blocked"),
                name="payment_attention",
            ),
            models.Index(fields=["organization", "order", "id"], name="payment_of_order"),
        ]

    @property
    def called(self) -> str:
        return gettext("el pago")

    @classmethod
    def ids_of(cls, order: Order) -> list[int]:
        return super().ids_of(order) if _may_have_one(order) else []

    @classmethod
    def may_have_problems(cls, order: Order) -> bool:
        return _may_have_one(order)

    def private_words(self) -> list[str]:
        return self.document.private_words()

    def __str__(self) -> str:
        return f"{gettext('Pago')} {self.number or self.alegra_id or self.pk}"


def _may_have_one(order: Order) -> bool:
    """Whether an invoice of the order was ever issued, as the order with its document tells: few
    orders have a document before the newest."""
    document = order.document
    if document is None:
        return False
    return bool(document.cycle) or document.issued_at is not None or document.state == State.ISSUED


class PaymentStateChange(StateChange):
    work = models.ForeignKey(Payment, on_delete=models.CASCADE, related_name="changes")

    class Meta(Tenant.Meta):
        verbose_name = _("cambio de estado de un pago")
        verbose_name_plural = _("cambios de estado de los pagos")
        indexes = change_indexes("payment")


class PaymentStep(Step):
    TITLES: ClassVar = {
        "owed": _("Leer lo que debe la factura"),
        "create": _("Registrar el pago"),
        "verify": _("Verificar el pago"),
    }

    work = models.ForeignKey(Payment, on_delete=models.CASCADE, related_name="steps")

    class Meta(Tenant.Meta):
        verbose_name = _("paso de un pago")
        verbose_name_plural = _("pasos de los pagos")
        constraints = step_constraints("payment")


class PaymentAttempt(Attempt):
    step = models.ForeignKey(PaymentStep, on_delete=models.CASCADE, related_name="attempts")

    class Meta(Tenant.Meta):
        verbose_name = _("intento de un pago")
        verbose_name_plural = _("intentos de los pagos")
        indexes = attempt_indexes("payment")


class PaymentProblem(Problem):
    work = models.ForeignKey(Payment, on_delete=models.CASCADE, related_name="problems")

    class Meta(Tenant.Meta):
        verbose_name = _("problema de un pago")
        verbose_name_plural = _("problemas de los pagos")
        constraints = problem_constraints("payment")
        indexes = problem_indexes("payment")
