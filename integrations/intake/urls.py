from django.urls import path

from integrations.intake import views

urlpatterns = [
    path("webhooks/mastershop/<str:token>/", views.webhook_mastershop, name="webhook_mastershop"),
    path(
        "c/<slug:organization>/integraciones/<int:integration>/traer-pedido/",
        views.order_bring,
        name="order_bring",
    ),
    path(
        "c/<slug:organization>/integraciones/<int:integration>/pedidos-anteriores/",
        views.backlog,
        name="backlog",
    ),
    path(
        "c/<slug:organization>/integraciones/<int:integration>/eventos-sin-pedido/",
        views.events_left_out,
        name="left_out",
    ),
]
