from django.urls import path

from integrations.catalog import checklist as checklist  # registers its line
from integrations.catalog import search_views, views

_BASE = "c/<slug:organization>/integraciones/<int:integration>/productos"

urlpatterns = [
    path(f"{_BASE}/", views.products, name="products"),
    path(f"{_BASE}/buscar/", search_views.product_search, name="product_search"),
    path(f"{_BASE}/actualizar/", views.catalog_refresh, name="catalog_refresh"),
    path(f"{_BASE}/<int:variant>/vincular/", views.product_link, name="product_link"),
    path(f"{_BASE}/<int:variant>/desvincular/", views.product_unlink, name="product_unlink"),
]
