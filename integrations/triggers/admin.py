from django.contrib import admin

from integrations.audit.staff_pages import StaffPages
from integrations.triggers.models import TriggerRule


@admin.register(TriggerRule)
class TriggerRulePages(StaffPages):
    list_display = ("integration", "organization", "family", "status", "active", "changed_at")
    list_filter = ("family", "status", "active")
    list_select_related = ("integration",)
    search_fields = ("integration__name",)
