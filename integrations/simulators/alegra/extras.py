"""What hangs on documents without changing them: e-mail, preview, attachments, withholdings."""

from __future__ import annotations

from functools import partial
from typing import Any

from integrations.simulators.alegra.books import Call
from integrations.simulators.alegra.invoice_view import show_invoice
from integrations.simulators.alegra.lines import accept_lines
from integrations.simulators.alegra.refusals import not_found, refusal
from integrations.simulators.server import Router

_MISSING = {
    "invoices": "La factura no existe",
    "remissions": "La remisión no existe",
    "estimates": "La cotización no existe",
    "credit-notes": "La nota crédito no existe",
    "items": "El producto no existe",
}


def add_extra_routes(router: Router) -> None:
    for kind in ("invoices", "estimates", "credit-notes"):
        router.add("POST", f"/{kind}/{{id}}/email", partial(send_email, kind))
    for kind in ("invoices", "remissions", "items"):
        router.add("POST", f"/{kind}/{{id}}/attachment", partial(attach, kind))
        router.add("DELETE", f"/{kind}/attachment/{{id}}", partial(detach, kind))
    router.add("POST", "/invoices/preview", preview)
    for word in ("retentionsApplied", "retentions-applied"):
        router.add("PUT", f"/invoices/{{id}}/{word}", apply_retentions)


def send_email(kind: str, call: Call) -> Any:
    """Accepts the addresses; nothing is sent anywhere."""
    call.books.get(kind, call.key, _MISSING[kind])
    emails = call.body.get("emails")
    if not isinstance(emails, list) or not emails or not all("@" in str(one) for one in emails):
        raise refusal("Debes enviar al menos un correo electrónico válido")
    return {"code": 200, "message": "El documento fue enviado por correo correctamente."}


def attach(kind: str, call: Call) -> Any:
    """Keeps only that there is a file, not the file."""
    books = call.books
    record = books.get(kind, call.key, _MISSING[kind])
    if not call.request.body:
        raise refusal("Debes enviar un archivo")
    if len(call.request.body) > 2 * 1024 * 1024:
        raise refusal("El archivo debe pesar máximo 2 MB")
    key = str(books.store.next_number(books.nit, "attachments"))
    record["attachments"] = [*record.get("attachments", []), key]
    books.put(kind, record)
    return {"id": key, "name": "archivo", "url": ""}


def detach(kind: str, call: Call) -> Any:
    for record in call.books.all(kind):
        if call.key in record.get("attachments", []):
            left = [key for key in record["attachments"] if key != call.key]
            call.books.put(kind, {**record, "attachments": left})
            return {"code": 200, "message": "El archivo fue eliminado correctamente."}
    raise not_found("El archivo no existe")


def preview(call: Call) -> Any:
    accept_lines(call.books, call.body.get("items"))
    host = call.request.headers.get("host", "")
    return {"url": f"http://{host}/app/"}


def apply_retentions(call: Call) -> Any:
    record = call.books.get("invoices", call.key, _MISSING["invoices"])
    return show_invoice(call.books, record)
