"""Whether a draft may be sent to the DIAN as it is, and if not, why.

Asked by the plan of *Emitir*, and once more right before the call that emits. An emitted invoice
is never taken back (Colombian invoicing reference, "Corrections"), so that a doubt is a no:
nothing emits what was returned, changed, edited by hand or is being deleted.
"""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from integrations.alegra.document import VOID
from integrations.connections.models import Integration
from integrations.documents.beside import REVERSED, After, after_of
from integrations.documents.edited import holds_payment
from integrations.documents.far_status import is_emitted
from integrations.documents.models import Document
from integrations.documents.there import COPIED, EDITED, UNSTAMPED
from integrations.sending.states import NOT_LIVE, State

WORDS: dict[str, Promise] = {
    "remission": _("Es una remisión: no va a la DIAN"),
    "emitted": _("Ya está emitida, o en la DIAN"),
    "rejected": _("La DIAN la rechazó: se corrige en su pedido"),
    "deleted": _("Su borrador ya no está en Alegra"),
    "void": _("Su borrador está anulado en Alegra"),
    "deleting": _("Estamos borrando su borrador"),
    "blocked": _("Está por atender"),
    "not_ready": _("Todavía no está en Alegra, o la estamos comprobando allá"),
    "put_aside": _("No se factura desde aquí"),
    "edited": _("Alguien cambió el borrador en Alegra"),
    "copied": _("En Alegra hay una copia suya: primero decide cuál vale"),
    "same_sale": _("Es la misma venta que otro pedido"),
    "other_seller": _("Otro le vende al consumidor final"),
    "reading": _("Estamos leyendo su pedido otra vez en MasterShop"),
    "cancelled": _("Su pedido se canceló"),
    "returned": _("Su pedido se devolvió"),
    "claim": _("Su pedido está en reclamaciones"),
    "changed": _("Su pedido cambió después de hacerla"),
}


def why_not(document: Document, after: After | None = None) -> str | None:
    """The code of the reason (a key of `WORDS`), None where the draft may be emitted.

    Reads the order as it is now, with a few queries, unless `after` says what happened to it;
    writes nothing and asks nobody outside.
    """
    return by_its_state(document) or by_its_order(document, after)


def words(code: str) -> str:
    """What a merchant reads: «Su pedido se devolvió»."""
    return str(WORDS.get(code, WORDS["blocked"]))


def by_its_state(document: Document) -> str | None:
    """What of the document itself is no draft that could be emitted."""
    if document.kind != "invoice":
        return "remission"
    if is_emitted(document):
        return "emitted"
    match document.state:
        case State.CREATED if document.alegra_status == VOID:
            return "void"
        case State.CREATED:
            return None
        case State.REJECTED:
            return "rejected"
        case State.BLOCKED:
            return "deleted" if _is_gone(document) else "blocked"
        case state if state in NOT_LIVE or state == State.EXTERNAL:
            return "put_aside"
    return "not_ready"


def by_its_order(document: Document, after: After | None = None) -> str | None:
    """What of a draft, or of its order as it is now, forbids to emit it, whatever its state.

    *Está bien así* lets a changed order's draft go, and one of which a person changed what does
    not touch total or client. Of an order that was cancelled or returned it lets none: that draft
    is deleted, or the order is a sale again in MasterShop.
    """
    if document.removal:
        return "deleting"
    order = document.order
    after = after_of(document, order) if after is None else after
    if document.edited and (EDITED not in dict(after.fine) or holds_payment(document)):
        # Another total or client would be refused right before the call anyway.
        return "edited"
    if order.same_as_id is not None:
        return "same_sale"
    if order.integration.who_sells == Integration.Seller.OTHER:
        return "other_seller"
    if order.reread_next_at is not None:
        # Its last event had no signature, so the order is being read from MasterShop.
        return "reading"
    is_undecided = after.reversal == "claim" or after.is_doubted
    if after.reversal and not (is_undecided and REVERSED not in after.open_codes):
        return after.reversal
    # What is open without the DIAN is put right by its emission.
    left = set(after.open_codes) - {UNSTAMPED, COPIED}
    return "changed" if left else "copied" if COPIED in after.open_codes else None


def _is_gone(document: Document) -> bool:
    # Not filtered by the database, so that a list of documents may come with their problems.
    return any(each.code == "gone" and each.closed_at is None for each in document.problems.all())
