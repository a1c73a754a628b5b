from django.urls import path

from integrations.triggers import views

urlpatterns = [
    path(
        "c/<slug:organization>/integraciones/<int:integration>/acciones/",
        views.actions,
        name="actions",
    ),
]
