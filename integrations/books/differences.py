"""How one row of Alegra's differs from the work that made it. Asks Alegra nothing, writes nothing.

A reading of a document compares in the same way (`documents/verify`, `documents/edited`): the
total to the peso, and what a person changed beside it. A value that the list leaves out is no
difference.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from integrations.alegra.document import VOID
from integrations.alegra.document import Document as AlegraDocument
from integrations.alegra.payments import Payment as AlegraPayment
from integrations.books.models import BooksFinding
from integrations.colombia.money import is_right
from integrations.colombia.peso_text import pesos
from integrations.documents import edited, there, verify
from integrations.documents.made_of import digest_of
from integrations.documents.models import Document
from integrations.payments.models import Payment
from integrations.sending.models import Work
from integrations.sending.states import UNSETTLED, State

Code = BooksFinding.Code
# Deleted in Alegra or made into another document: any row that a list still shows is right.
_OVER = (State.WITHDRAWN, State.CONVERTED)


@dataclass(frozen=True)
class Difference:
    """`params`: for its sentence. `what`: distinguishes it from any other difference."""

    code: str
    params: dict[str, Any] = field(default_factory=dict)
    what: str = ""

    @property
    def exactly(self) -> str:
        told = f"{self.code}|{self.what}"
        return hashlib.sha256(told.encode()).hexdigest()[:40]


def is_moving(work: Work, asked_at: datetime) -> bool:
    """Whether the portal may have changed it since Alegra was asked; a later audit compares it."""
    last_read = getattr(work, "last_read_at", None)
    return (
        work.lease_until is not None
        or work.state in UNSETTLED
        or getattr(work, "removal", None) is not None
        or (work.next_attempt_at is not None and work.state == State.PENDING)
        or (work.sent_at is not None and work.sent_at >= asked_at)
        or (last_read is not None and last_read >= asked_at)
    )


def of_work(work: Work, row: Any) -> Difference | None:
    """The difference; None where there is none, or a person said that it is right."""
    if work.state in _OVER:
        return None
    if row.status == VOID:
        text = _("está anulado en Alegra") if work.live else ""
        return Difference(Code.EDITED, {"what": text}, VOID) if text else None
    if isinstance(work, Payment):
        return _of_payment(work, row)
    return _of_document(work, row)


def _of_document(document: Document, row: AlegraDocument) -> Difference | None:
    if not document.live:
        return None
    built = document.built
    raw = edited.differences(document, row)
    if built.get("value") and not verify.total_is_right(row, built):
        found = Difference(
            Code.WRONG_TOTAL,
            {"expected": pesos(document.total), "found": pesos(row.total)},
            str(row.total),
        )
    elif raw:
        kept = edited.kept(document, row) or {"changes": [], "digest": ""}
        what = "; ".join(each["sentence"] for each in kept["changes"])
        found = Difference(Code.EDITED, {"what": what}, kept["digest"])
    else:
        return None
    return None if raw and _is_said_fine(document, digest_of(raw)) else found


def _is_said_fine(document: Document, digest: str) -> bool:
    """Whether a person said *Está bien así* to exactly this difference on the order's page."""
    fine = {digest_of([(code, digest)]) for code in (there.EDITED, there.OTHERWISE)}
    return any(word["digest"] in fine for word in document.said_fine)


def _of_payment(payment: Payment, row: AlegraPayment) -> Difference | None:
    if payment.amount is not None and not is_right(row.amount, payment.amount):
        told = {"expected": pesos(payment.amount), "found": pesos(row.amount)}
        return Difference(Code.WRONG_TOTAL, told, str(row.amount))
    ids = {each.invoice_id for each in row.invoices}
    if ids and payment.document.alegra_id not in ids:
        return Difference(Code.EDITED, {"what": _("es de otra factura")}, ",".join(sorted(ids)))
    return None
