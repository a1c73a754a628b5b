"""Every address of the portal, and the pages of what went wrong."""

from django.urls import include, path

urlpatterns = [path("", include("integrations.urls"))]

handler403 = "integrations.tenancy.errors.forbidden_page"
handler404 = "integrations.tenancy.errors.not_found"
handler500 = "integrations.tenancy.errors.server_error"
