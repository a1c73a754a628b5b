"""*Crear de nuevo*: another document for an order whose own is gone from Alegra, or void there.

Product, the document is made: what was deleted there is never made again by itself. A person's
act ends the cycle before and begins the next one, whose marker differs. A draft that is still
there is deleted first (`deleting.py`).
"""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from integrations.audit import trail
from integrations.documents.acts import NotPossible, has_made_one
from integrations.documents.decide import decide, reason_text
from integrations.documents.far_status import is_emitted
from integrations.documents.fate import Fate
from integrations.documents.issue import create_document, locked_order
from integrations.documents.models import Document
from integrations.orders.models import Order
from integrations.sending import causes, hints
from integrations.sending.states import State, Why
from integrations.timekeeping import clock
from integrations.timekeeping.timing import timing


def may_be_anew(document: Document) -> bool:
    """It was made in Alegra, by us, and is no emitted invoice as far as anybody knows.

    One that the DIAN accepted stays accepted, whatever is void or gone in Alegra: only a credit
    note undoes it, and another one would be a second invoice of one sale (Colombian invoicing
    reference, "Corrections").
    """
    if is_emitted(document) or document.removal is not None or document.issued_at is not None:
        return False
    is_draft = document.kind == "invoice" and document.state == State.CREATED
    return has_made_one(document) or (is_draft and bool(document.alegra_id))


@transaction.atomic
def create_anew(order: Order, *, fate: Fate, by, request=None) -> Document:
    """End the deleted document's cycle and begin the next; returns the new row, due now.

    `fate` was read a moment ago. Raises NotPossible unless it says that the document is gone, or
    void.
    """
    now = clock.now()
    order = locked_order(order)
    before = order.document
    if before is None or not may_be_anew(before):
        raise NotPossible(_("Mientras tanto ya se resolvió."))
    if not fate.is_known:
        raise NotPossible(_("No pudimos leerlo en Alegra, así que no se crea otro. Prueba luego."))
    if fate.stays:
        raise NotPossible(_("El documento sigue en Alegra: no se crea otro."))
    settled = timing().delta("first_look_up") + timing().delta("between_look_ups")
    if fate.is_gone and before.sent_at is not None and now < before.sent_at + settled:
        # What was made a moment ago may not be shown yet.
        raise NotPossible(
            _("Se envió hace un momento y Alegra puede tardar en mostrarlo. Espera dos minutos.")
        )
    decision = decide(order, confirmed=True)
    if decision.verdict != "due":
        raise NotPossible(
            _("Hoy este pedido no se documenta: %(why)s.") % {"why": reason_text(decision.code)}
        )
    asked = {"why": Why.PERSON, "by": trail.name_of(by)}
    if not before.transition(State.WITHDRAWN, now=now, **asked, next_attempt_at=None):
        raise NotPossible(_("Mientras tanto ya se resolvió."))
    causes.close_problems(before, now=now, by=trail.name_of(by))
    causes.close_beside(before, now=now, by=trail.name_of(by))
    document = create_document(order, state=State.PENDING, now=now, why=Why.PERSON)
    # On the order, not on its document: the next cycle's page tells it too.
    trail.record(
        action="document.create_anew", target=order, actor=by, request=request,
        before={"document": before.pk, "alegra_id": before.alegra_id},
        after={"document": document.pk, "cycle": document.cycle},
    )  # fmt: skip
    hints.hint(document.alegra_user_id)
    return document
