from django.contrib import admin

from integrations.audit.staff_pages import StaffPages
from integrations.colombia.masking import mask_payload
from integrations.sending.bulk.models import BulkItem, BulkRun
from integrations.sending.models import Cause


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
