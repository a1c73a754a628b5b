from django.contrib import admin

from integrations.audit.staff_pages import StaffPages
from integrations.colombia.masking import mask_payload
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
