from django.contrib import admin

from integrations.audit.models import AuditEntry
from integrations.audit.staff_pages import StaffPages
from integrations.colombia.masking import mask_payload


@admin.register(AuditEntry)
class AuditEntryPages(StaffPages):
    list_display = ("at", "organization", "kind", "actor", "action", "target_type", "target_id")
    list_filter = ("kind", "action")
    list_select_related = ("actor",)
    search_fields = ("target_id", "action", "actor__email")
    date_hierarchy = "at"
    masked = {"before": mask_payload, "after": mask_payload}
