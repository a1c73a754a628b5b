from django.urls import path

from integrations.configuration import equivalence_views, set_up_views, views

_ONE = "c/<slug:organization>/integraciones/<int:integration>/configuracion/"

urlpatterns = [
    path(_ONE, views.settings, name="settings"),
    path(f"{_ONE}actualizar/", views.refresh, name="settings_refresh"),
    path(f"{_ONE}preguntas/", set_up_views.answer_set_up, name="set_up_answer"),
    path(f"{_ONE}libros/", views.books, name="settings_books"),
    path(f"{_ONE}opciones/<slug:kind>/", views.options, name="settings_options"),
    path(f"{_ONE}equivalencias/nueva/", equivalence_views.new, name="equivalence_new"),
    path(
        f"{_ONE}equivalencias/<int:equivalence>/quitar/",
        equivalence_views.remove,
        name="equivalence_remove",
    ),
]
