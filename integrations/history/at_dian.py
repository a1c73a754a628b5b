"""What the DIAN has said of an invoice, and since when it is so.

*Created* is not *accepted*, and accepted may come with observations (Colombian invoicing
reference, "After emission"). Nothing here is concluded from the CUFE, which a rejected one has too.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.utils.translation import gettext as _

from integrations.alegra.document import DRAFT
from integrations.documents import buckets
from integrations.documents.far_status import EMITTED, is_gone
from integrations.documents.models import Document

_ANSWERED = (buckets.ACCEPTED, buckets.REJECTED)


def word_of(document: Document) -> str:
    """The bucket's word; an acceptance with observations says so."""
    bucket = buckets.bucket_of(document)
    if bucket is buckets.ACCEPTED and _is_observed(document):
        return _("Aceptada con observaciones")
    return str(bucket.word)


def since(document: Document) -> datetime | None:
    """When it was sent to the DIAN or, where the DIAN has answered, when we knew it; None for what
    was never there."""
    match buckets.bucket_of(document):
        case buckets.AT_DIAN:
            return document.stamp_sent_at or document.state_since
        case buckets.ACCEPTED:
            return document.issued_at or document.state_since
        case buckets.REJECTED:
            return document.state_since
    return None


def said(document: Document | None) -> list[str]:
    """What the DIAN or Alegra's provider answered: «FAJ43b: …», masked. One that is sent again
    has no answer yet."""
    if document is None or buckets.bucket_of(document) not in _ANSWERED:
        return []
    return [text for each in document.legal_words or () if (text := _in_a_line(each))]


def cufe(document: Document | None) -> str:
    """Of an accepted one; another may have one that says nothing."""
    if document is None or buckets.bucket_of(document) is not buckets.ACCEPTED:
        return ""
    return document.cufe


def _in_a_line(word: Mapping[str, str]) -> str:
    return ": ".join(filter(None, [word.get("code", ""), word.get("message", "")]))


def _is_observed(document: Document) -> bool:
    return document.legal_state == Document.LegalState.ACCEPTED_WITH_OBSERVATIONS


def legal_state(document: Document | None) -> str:
    """«Sin emitir», «En validación», «Aceptada con observaciones» …; '' for what is no invoice of
    ours in Alegra, or no longer."""
    if document is None or document.kind != "invoice" or not document.alegra_id:
        return ""
    if is_gone(document):
        return ""
    match buckets.bucket_of(document):
        case buckets.AT_DIAN:
            return _("En validación")
        case buckets.ACCEPTED if _is_observed(document):
            return _("Aceptada con observaciones")
        case buckets.ACCEPTED:
            return _("Aceptada")
        case buckets.REJECTED:
            return _("Rechazada")
    if document.legal_state == Document.LegalState.UNSTAMPED:
        return _("Sin emitir")
    if document.alegra_status in EMITTED:
        return _("Emitida en Alegra, sin respuesta conocida")
    return _("Sin emitir") if document.alegra_status == DRAFT else _("Por comprobar")
