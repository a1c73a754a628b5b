"""What to do about an order that changed, or came back, after its document was made.

By what the document is in Alegra: an emitted invoice is only corrected by a credit note, and a
claim is decided by MasterShop first (Colombian invoicing reference, "Returns of COD orders").
"""

from __future__ import annotations

from django.utils.translation import gettext as _

from integrations.documents.beside import After
from integrations.documents.far_status import is_emitted
from integrations.documents.models import Document
from integrations.sending.states import State


def advice_of(document: Document, after: After) -> str:
    """`after` has something open."""
    if document.state == State.EXTERNAL:
        return _external(after)
    if after.reversal == "claim":
        return _claim(document)
    if is_emitted(document):
        if document.state == State.EMITTING:
            return _("La DIAN la está revisando: espera su respuesta antes de corregirla.")
        return _("La factura ya está emitida y no se puede cambiar: se corrige así.")
    if after.is_undone:
        return _undone(document, after)
    return _changed(document)


def _external(after: After) -> str:
    if after.reversal == "claim":
        return _("El reclamo todavía no está decidido: espera la decisión de MasterShop.")
    return _(
        "Corrige el documento donde lo hiciste; a una factura emitida se le hace una nota crédito. "
        "Luego di «Está bien así» con lo que hiciste como razón."
    )


def _claim(document: Document) -> str:
    wait = _("El reclamo todavía no está decidido: espera la decisión de MasterShop.")
    if document.kind == "remission":
        rest = _("No la factures mientras tanto.")
    elif is_emitted(document):
        rest = _("Mientras tanto deja la factura emitida como está.")
    else:
        rest = _("No emitas su factura mientras tanto.")
    return f"{wait} {rest}"


def _undone(document: Document, after: After) -> str:
    if document.kind == "remission":
        return _("No la factures. Anúlala en Alegra y pulsa «Ya la anulé», o di que está bien así.")
    if after.is_doubted:
        return _("No lo emitas ni lo cobres mientras tanto: primero mira en MasterShop cómo está.")
    return _(
        "No lo emitas ni lo cobres: bórralo con «Borrar borrador». Antes de borrarlo lo leemos en "
        "Alegra: si ya lo emitiste, se queda y te decimos qué hacer."
    )


def _changed(document: Document) -> str:
    if document.kind == "remission":
        return _(
            "No la factures así. Corrígela en Alegra y pulsa «Ya lo arreglé en Alegra», o di que "
            "está bien así."
        )
    return _(
        "No lo emitas así. «Reemplazar» lo borra en Alegra y hace otro con el pedido como está "
        "hoy; o corrígelo allá y pulsa «Ya lo arreglé en Alegra»; o di que está bien así. Si ya lo "
        "emitiste, no se toca y te decimos qué hacer."
    )
