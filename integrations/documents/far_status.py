"""How a document was when Alegra was last read, and what it is called therefore.

A person may emit, void or delete in Alegra at any time. Drafts are read again until they end
(`watching`), so that the newest reading is minutes old; where it is older than that, what was
read is told with its time. An emitted invoice cannot become a draft again (Colombian invoicing
reference, "Returns of COD orders": it is corrected by a credit note).
"""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext as _

from integrations.alegra.document import DRAFT
from integrations.documents.models import Document
from integrations.sending.states import State
from integrations.timekeeping import clock
from integrations.timekeeping.timing import timing
from integrations.timekeeping.words import ago, bogota

EMITTED = ("open", "closed")


def is_emitted(document: Document) -> bool:
    """Whether it is an invoice that was emitted, by what Alegra said or by its own state. One
    that is open and that the DIAN never had, or rejected, is none."""
    is_open = document.legal_state == Document.LegalState.UNSTAMPED
    if document.kind != "invoice" or is_open or document.state == State.REJECTED:
        return False
    return document.alegra_status in EMITTED or document.state in (State.EMITTING, State.ISSUED)


def is_gone(document: Document) -> bool:
    """Whether the newest reading found nothing: it was deleted there, by whomever."""
    was_read = document.last_read_at is not None
    return bool(document.alegra_id) and was_read and not document.alegra_status


def is_fresh(document: Document, now: datetime) -> bool:
    """Whether the newest reading is as recent as readings come."""
    read_at = document.last_read_at
    return read_at is not None and now - read_at <= 2 * timing().delta("old_draft_read_every")


def is_read_again(document: Document) -> bool:
    """Whether it is one that a person may still change, emit or delete in Alegra."""
    followed = (State.BLOCKED, State.CREATED, State.REJECTED)
    return document.kind == "invoice" and bool(document.alegra_id) and document.state in followed


def read_when(document: Document) -> str:
    """«Leído en Alegra hace 6 minutos», '' for what was never read."""
    if document.last_read_at is None:
        return ""
    return _("Leído en Alegra %(when)s") % {"when": ago(document.last_read_at)}


def stays(document: Document, *, just_read: bool = False) -> str:
    """«su factura emitida sigue en Alegra»; of one made elsewhere no more is known than that."""
    if document.state == State.EXTERNAL:
        return _("su documento, hecho por fuera, sigue en pie")
    return _("%(noun)s sigue en Alegra") % {"noun": noun_of(document, just_read=just_read)}


def noun_of(document: Document, *, just_read: bool = False) -> str:
    """«su factura emitida», with its possessive. `just_read`: Alegra said so a moment ago."""
    if document.kind == "remission":
        return _("su remisión")
    if document.state == State.REJECTED:
        return _("su factura, que la DIAN rechazó,")
    if is_emitted(document):
        return _("su factura emitida")
    if document.legal_state == Document.LegalState.UNSTAMPED:
        return _("su factura abierta sin emitir")
    if document.alegra_status != DRAFT:
        return _("su factura")
    if just_read or is_fresh(document, clock.now()):
        return _("su borrador")
    if document.last_read_at is None:
        return _("su factura (cuando la leímos era un borrador)")
    text = _("su factura (cuando la leímos, el %(when)s, era un borrador)")
    return text % {"when": bogota(document.last_read_at)}
