from django.urls import path

from integrations.connections import checklist_lines as checklist_lines
from integrations.connections import credential_views, views, wizard

_ONE = "c/<slug:organization>/integraciones/<int:integration>/"

urlpatterns = [
    path("c/<slug:organization>/integraciones/", views.integration_list, name="integrations"),
    path("c/<slug:organization>/integraciones/nueva/", wizard.new, name="integration_new"),
    path(_ONE, views.integration_detail, name="integration"),
    path(f"{_ONE}mastershop/", wizard.mastershop, name="integration_mastershop"),
    path(
        f"{_ONE}mastershop/primer-evento/",
        wizard.first_event,
        name="integration_first_event",
    ),
    path(f"{_ONE}credenciales/", credential_views.credentials, name="integration_credentials"),
    path(f"{_ONE}probar/", credential_views.credential_try, name="credential_try"),
    path(f"{_ONE}encender/", views.switch, name="integration_switch"),
    path(f"{_ONE}archivar/", views.archive, name="integration_archive"),
]
