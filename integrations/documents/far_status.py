"""How a document was when Alegra was last read, and what it is called therefore.

A person may emit, void or delete in Alegra at any time, and no read is as new as that: of a
draft no more is said than what was read. An emitted invoice cannot become a draft again
(Colombian invoicing reference, "Returns of COD orders": it is corrected by a credit note).
"""

from __future__ import annotations

from django.utils.translation import gettext as _

from integrations.alegra.document import DRAFT
from integrations.documents.models import Document
from integrations.sending.states import State

EMITTED = ("open", "closed")


def is_emitted(document: Document) -> bool:
    """Whether it is an invoice that was emitted, by what Alegra said or by its own state."""
    if document.kind != "invoice":
        return False
    return document.alegra_status in EMITTED or document.state in (State.EMITTING, State.ISSUED)


def stays(document: Document, *, just_read: bool = False) -> str:
    """«su factura emitida sigue en Alegra»; of one made elsewhere no more is known than that."""
    if document.state == State.EXTERNAL:
        return _("su documento, hecho por fuera, sigue en pie")
    return _("%(noun)s sigue en Alegra") % {"noun": noun_of(document, just_read=just_read)}


def noun_of(document: Document, *, just_read: bool = False) -> str:
    """«su factura emitida», with its possessive. `just_read`: Alegra said so a moment ago."""
    if document.kind == "remission":
        return _("su remisión")
    if is_emitted(document):
        return _("su factura emitida")
    if document.alegra_status == DRAFT:
        return _("su borrador") if just_read else _("su factura (cuando la leímos era un borrador)")
    return _("su factura")
