from django.contrib import admin

from integrations.audit.staff_pages import StaffPages
from integrations.intake.models import RefusedEvents


@admin.register(RefusedEvents)
class RefusedEventsPages(StaffPages):
    list_display = (
        "integration", "organization", "first_at", "last_at", "signature", "unsigned",
        "unreadable", "other_business", "too_large", "mailed_at", "closed_at",
    )  # fmt: skip
    list_select_related = ("integration",)
    search_fields = ("integration__name", "organization__name")
