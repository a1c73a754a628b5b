from django.contrib import admin

from integrations.audit.staff_pages import StaffPages
from integrations.colombia.masking import mask_payload
from integrations.sending.bulk.models import BulkItem, BulkRun
from integrations.sending.models import Cause
from integrations.sending.safe_start.models import CompanyLook, Forgotten


@admin.register(Cause)
class CausePages(StaffPages):
    list_display = (
        "label", "code", "organization", "integration", "state", "open_count", "pesos", "first_at",
    )  # fmt: skip
    list_filter = ("state", "code")
    list_select_related = ("integration",)
    search_fields = ("label", "subject_key", "organization__name")
    masked = {"params": mask_payload}


@admin.register(BulkRun)
class BulkRunPages(StaffPages):
    list_display = (
        "act", "organization", "state", "by", "count", "pesos", "created_at", "started_at",
        "stopped_at", "ended_at",
    )  # fmt: skip
    list_filter = ("state", "act")
    search_fields = ("by", "organization__name")


@admin.register(BulkItem)
class BulkItemPages(StaffPages):
    list_display = ("work_id", "run", "organization", "outcome", "reason", "pesos", "at")
    list_filter = ("outcome", "reason")
    list_select_related = ("run",)
    search_fields = ("=work_id", "=run__id")


@admin.register(CompanyLook)
class CompanyLookPages(StaffPages):
    list_display = (
        "company", "organization", "looked_at", "calls", "noticed_at", "passes", "next_at",
        "ended_at", "error",
    )  # fmt: skip
    list_filter = ("noticed_at", "error")
    list_select_related = ("company",)
    search_fields = ("company__name", "=company__nit", "organization__name")


@admin.register(Forgotten)
class ForgottenPages(StaffPages):
    list_display = (
        "found_in", "number", "alegra_id", "company", "organization", "order_number", "date",
        "found_at", "adopted_at",
    )  # fmt: skip
    list_filter = ("found_in", "found_at", "adopted_at")
    list_select_related = ("company",)
    search_fields = ("=order_number", "=alegra_id", "number", "organization__name")
