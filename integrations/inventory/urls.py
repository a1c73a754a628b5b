from django.urls import path

from integrations.inventory import checklist as checklist  # registers its line
from integrations.inventory import views

_BASE = "c/<slug:organization>/integraciones/<int:integration>/bodegas"

urlpatterns = [
    path(f"{_BASE}/", views.warehouses, name="warehouses"),
    path(f"{_BASE}/sincronizar/", views.warehouse_link, name="warehouse_link"),
    path(f"{_BASE}/actualizar/", views.warehouses_refresh, name="warehouses_refresh"),
    path(f"{_BASE}/<int:link>/desvincular/", views.warehouse_unlink, name="warehouse_unlink"),
    path(f"{_BASE}/<int:link>/por-defecto/", views.warehouse_default, name="warehouse_default"),
]
