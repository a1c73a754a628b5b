"""What the document that is in Alegra is worth today, in sentences; of a draft no more than it is.

A draft has no payment, goes to no DIAN and lowers no stock before it is emitted (Alegra
reference, "Sales invoices"; product rules, "Seeing it").
"""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext as _

from integrations.connections.hold import Hold
from integrations.documents import buckets
from integrations.documents.as_read import needs_no_dian
from integrations.documents.emission import is_wanted
from integrations.documents.models import Document
from integrations.history.at_dian import said, since
from integrations.history.labels import document_name
from integrations.history.moments import at_clock
from integrations.sending.states import State


def where_it_is(document: Document, hold: Hold | None, now: datetime) -> list[str]:
    """What it is, and of a draft when it is emitted. `hold` is what holds its integration."""
    sentences = what_it_is(document, now)
    is_draft = buckets.bucket_of(document) is buckets.DRAFT
    if is_draft or (document.state == State.CREATED and is_wanted(document)):
        sentences.append(_emission_of(document, hold, now))
    return sentences


def what_it_is(document: Document, now: datetime) -> list[str]:
    """Nothing in it invites to emit."""
    match buckets.bucket_of(document):
        case buckets.DRAFT:
            text = _(
                "Es un borrador en Alegra: todavía no es una factura. Hasta que se emita no va a "
                "la DIAN, no baja existencias y no lleva pago."
            )
            return [text]
        case buckets.EMITTED_THERE if needs_no_dian(document):
            text = _(
                "Está abierta en Alegra. Su numeración no es electrónica, así que no va a la DIAN: "
                "no es una factura electrónica, y desde aquí no se le hace nada más."
            )
            return [text]
        case buckets.EMITTED_THERE:
            return [_("Alegra la muestra emitida. Todavía no sabemos si la DIAN la aceptó.")]
        case buckets.OPEN_THERE:
            return [_("Está abierta en Alegra y sin emitir a la DIAN: así no vale como factura.")]
        case buckets.AT_DIAN:
            text = _(
                "Se envió a la DIAN %(at)s y todavía no hay respuesta. Le preguntamos a Alegra "
                "hasta que la haya; no tienes que hacer nada."
            )
            return [text % {"at": at_clock(since(document), now)}]
        case buckets.ACCEPTED:
            text = _("La factura %(name)s vale ante la DIAN. Ya no se puede editar ni borrar.")
            return [text % {"name": document_name(document)}, *_words(document)]
        case buckets.REJECTED:
            text = _(
                "La DIAN la rechazó %(at)s: no vale como factura y no lleva pago. Es el único "
                "documento de su pedido: se corrige y se emite otra vez."
            )
            return [text % {"at": at_clock(since(document), now)}, *_words(document)]
        case buckets.REMISSION:
            text = _(
                "La remisión %(name)s está en Alegra. No es una factura: lo entregado hay que "
                "facturarlo después."
            )
            return [text % {"name": document.number or document.alegra_id}]
        case buckets.EXTERNAL:
            return [_("Lo documentaste con «%(name)s».") % {"name": document_name(document)}]
    return []


def _emission_of(document: Document, hold: Hold | None, now: datetime) -> str:
    if not is_wanted(document):
        # What a person changed there is not emitted from here.
        if document.edited:
            return _("Emítela en Alegra cuando quieras.")
        return _("Emítela aquí o en Alegra cuando quieras.")
    if hold is not None:
        return _("%(why)s Se emite sola cuando termine la pausa.") % {"why": hold.sentence}
    again_at = document.next_attempt_at
    if document.failures and again_at is not None and again_at > now:
        text = _("La emisión se intenta otra vez %(time)s; no tienes que hacer nada.")
        return text % {"time": at_clock(again_at, now)}
    return _("Sale para la DIAN en un momento; no tienes que hacer nada.")


def _words(document: Document) -> list[str]:
    """The DIAN's own, where there are any."""
    words = said(document)
    return [_("Dijo: «%(words)s».") % {"words": " · ".join(words).rstrip(".")}] if words else []
