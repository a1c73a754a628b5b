from django.urls import path

from integrations.books import views

_BASE = "c/<slug:organization>/revision"

urlpatterns = [
    path(f"{_BASE}/", views.books, name="books"),
    path(f"{_BASE}/diferencias.csv", views.books_export, name="books_export"),
    path(f"{_BASE}/<int:company>/ahora/", views.books_now, name="books_now"),
    path(f"{_BASE}/diferencia/<int:finding>/", views.books_settle, name="books_settle"),
]
