from __future__ import annotations

from django.contrib import admin
from django.utils.translation import gettext_lazy

from integrations.audit.staff_pages import StaffPages
from integrations.colombia.masking import mask_payload, mask_text
from integrations.payments.models import (
    Payment,
    PaymentAttempt,
    PaymentProblem,
    PaymentStateChange,
    PaymentStep,
)


@admin.register(Payment)
class PaymentPages(StaffPages):
    list_display = (
        "order_number", "organization", "integration", "state", "reason", "amount", "account_name",
        "number", "created_at",
    )  # fmt: skip
    list_filter = ("state",)
    list_select_related = ("order", "integration")
    search_fields = ("=order__number", "=number", "=alegra_id", "=marker")
    date_hierarchy = "created_at"
    masked = {"payload": mask_payload}

    @admin.display(description=gettext_lazy("pedido"))
    def order_number(self, payment):
        return payment.order.number


@admin.register(PaymentStateChange)
class PaymentStateChangePages(StaffPages):
    list_display = ("at", "work_id", "organization", "from_state", "to_state", "why", "by")
    list_filter = ("why", "to_state")
    search_fields = ("=work__order__number", "=work__id")


@admin.register(PaymentStep)
class PaymentStepPages(StaffPages):
    list_display = ("work_id", "organization", "name", "cycle", "state", "outcome", "finished_at")
    list_filter = ("name", "state", "outcome")
    search_fields = ("=work__order__number", "=work__id")
    masked = {"input": mask_text, "output": mask_text, "note": mask_text}


@admin.register(PaymentAttempt)
class PaymentAttemptPages(StaffPages):
    list_display = ("started_at", "organization", "method", "path", "status", "outcome", "call_id")
    list_filter = ("outcome", "method", "status")
    search_fields = ("=call_id", "=step__work__order__number")
    masked = {"request_excerpt": mask_text, "response_excerpt": mask_text}


@admin.register(PaymentProblem)
class PaymentProblemPages(StaffPages):
    list_display = ("work_id", "organization", "code", "subject_key", "opened_at", "closed_at")
    list_filter = ("code", ("closed_at", admin.EmptyFieldListFilter))
    search_fields = ("=work__order__number", "subject_key")
    masked = {"params": mask_payload}
