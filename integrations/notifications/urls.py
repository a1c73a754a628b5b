from django.urls import path

from integrations.notifications import mail_pages, views

urlpatterns = [
    path(
        "c/<slug:organization>/integraciones/<int:integration>/notificaciones/",
        views.notifications,
        name="notifications",
    ),
    path("correo/", mail_pages.mails, name="mails"),
    path("correo/<str:name>/", mail_pages.mail, name="mail"),
]
