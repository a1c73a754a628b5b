"""Joins the rooms' addresses; holds no logic."""

from django.contrib import admin
from django.urls import include, path

urlpatterns = [
    path("admin/", admin.site.urls),
    path("", include("integrations.attention.urls")),
    path("", include("integrations.books.urls")),
    path("", include("integrations.catalog.urls")),
    path("", include("integrations.configuration.urls")),
    path("", include("integrations.connections.urls")),
    path("", include("integrations.dashboard.urls")),
    path("", include("integrations.history.urls")),
    path("", include("integrations.intake.urls")),
    path("", include("integrations.inventory.urls")),
    path("", include("integrations.notifications.urls")),
    path("", include("integrations.tenancy.urls")),
    path("", include("integrations.triggers.urls")),
]
