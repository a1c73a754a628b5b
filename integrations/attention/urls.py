from django.urls import path

from integrations.attention import restore, views

_CAUSE = "c/<slug:organization>/por-atender/<int:cause>/"

urlpatterns = [
    path("c/<slug:organization>/por-atender/", views.attention, name="attention"),
    path(
        "c/<slug:organization>/integraciones/<int:integration>/comprobacion/",
        restore.restore_check,
        name="restore_check",
    ),
    path(f"{_CAUSE}cuenta/", views.attention_account, name="attention_account"),
    path(f"{_CAUSE}responder/", views.attention_answer, name="attention_answer"),
    path(f"{_CAUSE}reintentar/", views.attention_retry, name="attention_retry"),
]
