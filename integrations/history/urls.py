from django.urls import path

from integrations.history import (
    act_views,
    after_views,
    answer_views,
    draft_views,
    line_views,
    note_views,
    payment_views,
    run_views,
    views,
)

_ORDER = "c/<slug:organization>/pedidos/<int:order>/"

urlpatterns = [
    path("c/<slug:organization>/historial/", views.history, name="history"),
    path(
        "c/<slug:organization>/historial/exportar.csv", views.history_export, name="history_export"
    ),
    path(
        "c/<slug:organization>/historial/emitir/",
        act_views.history_approve,
        name="history_approve",
    ),
    path(
        "c/<slug:organization>/historial/emitir-facturas/",
        run_views.history_emit,
        name="history_emit",
    ),
    path("c/<slug:organization>/emisiones/", run_views.history_runs, name="history_runs"),
    path("c/<slug:organization>/emisiones/<int:run>/", run_views.history_run, name="history_run"),
    path(
        "c/<slug:organization>/emisiones/<int:run>/detener/",
        run_views.history_run_stop,
        name="history_run_stop",
    ),
    path(_ORDER, views.order, name="order"),
    path(f"{_ORDER}emitir-factura/", run_views.order_emit, name="order_emit"),
    path(f"{_ORDER}documento/", views.order_document, name="order_document"),
    path(f"{_ORDER}lineas/", line_views.order_lines, name="order_lines"),
    path(f"{_ORDER}leer-otra-vez/", line_views.order_read_again, name="order_read_again"),
    path(f"{_ORDER}leer-en-alegra/", draft_views.order_read_now, name="order_read_now"),
    path(f"{_ORDER}respuesta/", answer_views.order_answer, name="order_answer"),
    path(f"{_ORDER}corregir/", act_views.order_correct, name="order_correct"),
    path(f"{_ORDER}reintentar/", act_views.order_retry, name="order_retry"),
    path(f"{_ORDER}ya-tiene-documento/", act_views.order_external, name="order_external"),
    path(f"{_ORDER}no-facturar/", act_views.order_dismiss, name="order_dismiss"),
    path(f"{_ORDER}crear-de-nuevo/", act_views.order_create_anew, name="order_create_anew"),
    path(f"{_ORDER}borrar-borrador/", draft_views.order_remove, name="order_remove"),
    path(f"{_ORDER}cual-es/", draft_views.order_found, name="order_found"),
    path(f"{_ORDER}repetido/", draft_views.order_double, name="order_double"),
    path(f"{_ORDER}no-borrarlo/", draft_views.order_keep_draft, name="order_keep_draft"),
    path(f"{_ORDER}deshacer/", act_views.order_restore, name="order_restore"),
    path(f"{_ORDER}emitir/", act_views.order_approve, name="order_approve"),
    path(f"{_ORDER}emitir-de-nuevo/", act_views.order_emit_again, name="order_emit_again"),
    path(f"{_ORDER}no-emitirla/", act_views.order_do_not_emit, name="order_do_not_emit"),
    path(f"{_ORDER}es-el-mismo/", act_views.order_same_buyer, name="order_same_buyer"),
    path(f"{_ORDER}buscar-ahora/", act_views.order_look_now, name="order_look_now"),
    path(f"{_ORDER}ya-hice-la-nota/", note_views.order_note, name="order_note"),
    path(f"{_ORDER}esta-bien/", after_views.order_fine, name="order_fine"),
    path(f"{_ORDER}ya-lo-arregle/", after_views.order_mended, name="order_mended"),
    path(f"{_ORDER}pago/", payment_views.order_payment_go, name="order_payment_go"),
    path(f"{_ORDER}pago/esta-bien/", payment_views.order_payment_fine, name="order_payment_fine"),
    path(
        f"{_ORDER}pago/ya-lo-registre/",
        payment_views.order_payment_external,
        name="order_payment_external",
    ),
    path(
        f"{_ORDER}pago/no-registrar/",
        payment_views.order_payment_dismiss,
        name="order_payment_dismiss",
    ),
    path(
        f"{_ORDER}pago/deshacer/",
        payment_views.order_payment_restore,
        name="order_payment_restore",
    ),
]
