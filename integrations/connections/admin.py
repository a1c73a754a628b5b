from __future__ import annotations

from django.contrib import admin, messages
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from integrations.audit import trail
from integrations.audit.staff_pages import StaffPages
from integrations.connections.models import (
    AlegraCompany,
    AlegraSlot,
    AlegraUser,
    BusinessDigest,
    Credential,
    Integration,
    PlatformState,
    ReferenceEntry,
)
from integrations.connections.source_account import SourceAccount
from integrations.connections.source_read import SourceRead
from integrations.scoping.context import scope


@admin.register(Integration)
class IntegrationPages(StaffPages):
    list_display = (
        "name", "organization", "mode", "state", "paused_reason", "who_sells", "vat_standing",
        "source__business_id", "source__last_event_at", "last_document_at",
    )  # fmt: skip
    list_filter = (
        "state", "mode", "paused_reason", "who_sells", "vat_standing", "credential__state",
    )  # fmt: skip
    list_select_related = ("source",)
    search_fields = ("name", "source__business_id", "organization__name", "company__nit")
    actions = ("pause", "resume")

    @admin.action(description=gettext_lazy("Poner en pausa"), permissions=["operate"])
    def pause(self, request, queryset):
        self._move(request, queryset, before=Integration.Pause.NONE, after=Integration.Pause.STAFF)

    @admin.action(description=gettext_lazy("Quitar la pausa del equipo"), permissions=["operate"])
    def resume(self, request, queryset):
        self._move(request, queryset, before=Integration.Pause.STAFF, after=Integration.Pause.NONE)

    def _move(self, request, queryset, *, before: str, after: str) -> None:
        """Only rows that stand at `before`: another pause is not ours to lift or to hide."""
        moved = 0
        for integration in queryset.filter(paused_reason=before):
            with scope(integration.organization_id), transaction.atomic():
                if not Integration.objects.filter(pk=integration.pk, paused_reason=before).update(
                    paused_reason=after
                ):
                    continue
                trail.record(
                    action="integration.pause" if after else "integration.resume",
                    target=integration,
                    request=request,
                    kind="staff",
                    before={"paused_reason": str(before)},
                    after={"paused_reason": str(after)},
                )
                moved += 1
        text = ngettext("%d integración cambió.", "%d integraciones cambiaron.", moved) % moved
        self.message_user(request, text, messages.SUCCESS if moved else messages.WARNING)


@admin.register(SourceAccount)
class SourceAccountPages(StaffPages):
    list_display = (
        "business_id", "integration", "organization", "in_use", "key_last4", "key_refused_at",
        "last_event_at",
    )  # fmt: skip
    list_filter = ("in_use",)
    list_select_related = ("integration",)
    search_fields = ("business_id", "integration__name", "organization__name")


@admin.register(SourceRead)
class SourceReadPages(StaffPages):
    list_display = (
        "kind", "organization", "company", "integration", "lease_until", "read_at", "failed_at",
        "error",
    )  # fmt: skip
    list_filter = ("kind",)
    list_select_related = ("company", "integration")


@admin.register(PlatformState)
class PlatformStatePages(StaffPages):
    list_display = ("__str__", "sending_stopped", "stopped_reason", "last_sweep_at")
    changeable = ("stopped_reason",)
    actions = ("stop_sending", "start_sending")

    def get_queryset(self, request):
        PlatformState.objects.get_or_create(pk=1)
        return super().get_queryset(request)

    @admin.action(description=gettext_lazy("Detener todos los envíos"), permissions=["operate"])
    def stop_sending(self, request, queryset):
        queryset.update(sending_stopped=True)
        self.log_change(request, queryset.get(), "sending stopped")
        self.message_user(request, _("Los envíos de todos los comercios están detenidos."))

    @admin.action(description=gettext_lazy("Volver a enviar"), permissions=["operate"])
    def start_sending(self, request, queryset):
        queryset.update(sending_stopped=False)
        self.log_change(request, queryset.get(), "sending started")
        self.message_user(request, _("Los envíos siguen su curso."))


@admin.register(Credential)
class CredentialPages(StaffPages):
    list_display = (
        "email", "organization", "company", "state", "paused_code", "paused_since", "validated_at",
    )  # fmt: skip
    list_filter = ("state", "paused_code")
    list_select_related = ("company",)
    search_fields = ("email", "organization__name", "company__nit")


@admin.register(AlegraCompany)
class AlegraCompanyPages(StaffPages):
    list_display = ("name", "nit", "organization", "precision", "books_closed_until")
    list_filter = ("precision", "has_warehouses", "has_banks")
    search_fields = ("nit", "name", "organization__name")


@admin.register(ReferenceEntry)
class ReferenceEntryPages(StaffPages):
    list_display = ("name", "kind", "alegra_id", "organization", "is_active", "missing_since")
    list_filter = ("kind", "is_active")
    search_fields = ("name", "alegra_id")


@admin.register(AlegraUser)
class AlegraUserPages(StaffPages):
    list_display = ("id", "limit", "left", "resets_at", "breaker_open_until", "last_served_at")


@admin.register(AlegraSlot)
class AlegraSlotPages(StaffPages):
    list_display = ("alegra_user_id", "number", "generation", "lease_until")


@admin.register(BusinessDigest)
class BusinessDigestPages(StaffPages):
    list_display = ("integration_id",)
    masked = {"digest": None}
