from django.contrib import admin

from integrations.audit.staff_pages import StaffPages
from integrations.tenancy.models import Invitation, Membership, User


@admin.register(User)
class UserPages(StaffPages):
    """People are deactivated, never deleted: the trail must keep its names."""

    list_display = ("email", "name", "is_active", "is_staff", "last_login", "date_joined")
    list_filter = ("is_active", "is_staff")
    search_fields = ("email", "name")
    changeable = ("name", "is_active", "is_staff")


@admin.register(Membership)
class MembershipPages(StaffPages):
    list_display = ("user", "organization", "role", "created_at")
    list_filter = ("role",)
    list_select_related = ("user",)
    search_fields = ("user__email", "organization__name", "organization__slug")
    changeable = ("role",)


@admin.register(Invitation)
class InvitationPages(StaffPages):
    list_display = ("email", "organization", "role", "created_at", "expires_at", "accepted_at")
    search_fields = ("email", "organization__name")
