"""*Ya hice la nota*: the credit note that a person made in Alegra, read there and kept.

It is read by the number that was typed, in a request, at a person's pace; nothing is written to
Alegra. One that is not of this invoice, of another amount, void, or unknown to the DIAN needs a
second yes to exactly what was shown. A note that no DIAN has seen covers an invoice in Alegra's
reports and voids nothing (Colombian invoicing reference, "Credit-note reasons").
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import islice
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from integrations.alegra import credit_notes
from integrations.alegra.client import AlegraClient
from integrations.alegra.credit_notes import CreditNote
from integrations.alegra.document import VOID
from integrations.alegra.errors import AlegraError
from integrations.alegra.invoices import legal_outcome
from integrations.alegra.shapes import plain_number
from integrations.audit import trail
from integrations.colombia.money import is_right
from integrations.connections.alegra_users import keyed_digest
from integrations.connections.clients import NoStandIn, alegra_client
from integrations.connections.pace import Pace
from integrations.documents import beside, note_advice
from integrations.documents.acts import NotPossible
from integrations.documents.beside import After
from integrations.documents.issue import locked_order
from integrations.documents.models import Document
from integrations.orders.models import Order
from integrations.timekeeping import clock

# Notes read to find one by its number, which no filter of Alegra's knows: three pages of its
# client's, then of all.
_MOST = 90
_MOST_KEPT = 20


@dataclass(frozen=True)
class Note:
    """A credit note as Alegra has it. `applied` is what it takes off this invoice, in COP;
    `others` are the numbers or ids of other invoices that it is applied to."""

    alegra_id: str
    number: str
    day: date | None
    total: Decimal
    applied: Decimal
    type: str
    is_void: bool
    is_accepted: bool
    others: tuple[str, ...] = ()

    @property
    def is_of_this(self) -> bool:
        return self.applied > 0


@dataclass(frozen=True)
class Answer:
    """What Alegra said of a number: `found` is None where it could not be asked, () where it has
    none. `wanted`: what the notes should add up to, None where no note is needed; `before`: what
    those that were kept already take off."""

    number: str
    found: tuple[Note, ...] | None
    wanted: Decimal | None
    before: Decimal = Decimal(0)

    @property
    def note(self) -> Note | None:
        """The one that is meant: rather one of this invoice."""
        rows = sorted(self.found or (), key=lambda note: not note.is_of_this)
        return rows[0] if rows else None

    @property
    def has_wanted_amount(self) -> bool:
        note = self.note
        return (
            note is not None
            and self.wanted is not None
            and is_right(self.before + note.applied, self.wanted)
        )

    @property
    def fits(self) -> bool:
        """It can be kept without a second yes."""
        note = self.note
        return (
            note is not None
            and note.is_of_this
            and not note.is_void
            and note.is_accepted
            and self.has_wanted_amount
        )

    @property
    def word(self) -> str:
        """What a person sends back to confirm this answer and no other."""
        said = [plain_number(self.number) or self.number.strip(), str(self.wanted)]
        return keyed_digest("credit-note", json.dumps([said, self.evidence()]))

    def evidence(self) -> dict[str, Any]:
        """For the trail: what was read."""
        if self.found is None:
            return {"alegra": "not asked"}
        note = self.note
        if note is None:
            return {"alegra": "none"}
        return {
            "alegra": {
                "id": note.alegra_id,
                "number": note.number,
                "total": str(note.total),
                "applied": str(note.applied),
                "accepted": note.is_accepted,
                "void": note.is_void,
            }
        }


def may_be_said(document: Document, after: After) -> bool:
    """Whether *Ya hice la nota* is offered: an emitted invoice, and something to correct."""
    return (
        bool(after.open_codes)
        and after.reversal != "claim"
        and note_advice.may_have_a_note(document)
    )


def ask_about(document: Document, order: Order, after: After, number: str) -> Answer:
    """What Alegra has under a number, beside the invoice. Raises nothing of Alegra's."""
    credential = document.integration.credential
    pace = Pace(credential.alegra_user_id, for_person=True)
    try:
        with alegra_client(credential, pace=pace) as client:
            found = tuple(_note(row, document) for row in _with_number(client, document, number))
    except (AlegraError, NoStandIn):
        found = None
    before = sum((Decimal(each["applied"]) for each in kept(document)), Decimal(0))
    known = {each["id"] for each in kept(document)}
    if found is not None:
        found = tuple(note for note in found if note.alegra_id not in known) or found
    return Answer(number, found, note_advice.wanted(document, order, after), before)


def kept(document: Document) -> list[dict[str, Any]]:
    return list(document.credit_notes or ())


def names(document: Document) -> str:
    """«NC-12, NC-14», '' without any."""
    return ", ".join(each["number"] for each in kept(document))


@transaction.atomic
def keep(order: Order, *, seen: str, answer: Answer, confirmed: bool, by, request=None) -> Document:
    """Keep the note with its invoice; what was open of exactly this difference is closed.

    `seen` is the difference that the page showed (`After.seen`). Raises NotPossible.
    """
    now = clock.now()
    order = locked_order(order)
    document = order.document
    after = After() if document is None else beside.after_of(document, order)
    if document is None or not may_be_said(document, after):
        raise NotPossible(_("Mientras tanto ya se resolvió."))
    if after.seen != seen:
        raise NotPossible(_("Mientras tanto el pedido cambió otra vez: míralo de nuevo."))
    if not (answer.fits or confirmed):
        raise NotPossible(_("Mientras tanto cambió: míralo de nuevo."))
    notes = kept(document)
    note = answer.note
    if note is not None and note.alegra_id in {each["id"] for each in notes}:
        raise NotPossible(_("Esa nota ya está guardada con esta factura."))
    notes.append(
        {
            "id": note.alegra_id if note else "",
            "number": (note.number if note else answer.number).strip()[:40],
            "day": note.day.isoformat() if note and note.day else "",
            "total": str(note.total) if note else "",
            "applied": str(note.applied) if note else "0",
            "is_accepted": bool(note and note.is_accepted),
            "confirmed": confirmed,
            "by": trail.name_of(by),
            "at": now.isoformat(),
        }
    )
    digests = after.digests
    words = {
        "reason": _("nota crédito %(number)s") % {"number": notes[-1]["number"]},
        "by": trail.name_of(by),
        "at": now.isoformat(),
    }
    fine = [word for word in document.said_fine if word["code"] not in after.open_codes]
    fine += [{"code": code, "digest": digests[code], **words} for code in after.open_codes]
    columns = {"credit_notes": notes[-_MOST_KEPT:], "said_fine": fine}
    Document.objects.filter(pk=document.pk).update(**columns)
    document.credit_notes, document.said_fine = columns["credit_notes"], fine
    trail.record(
        action="document.credit_note", target=document, actor=by, request=request,
        after={"number": notes[-1]["number"], "codes": list(after.open_codes),
               "confirmed": confirmed, **answer.evidence()},
    )  # fmt: skip
    beside.refresh(document, order, now=now, by=trail.name_of(by))
    return document


def _with_number(client: AlegraClient, document: Document, number: str) -> list[CreditNote]:
    """Those with this number, however it was typed; the invoice's client's come first.

    Raises AlegraError.
    """
    wanted = plain_number(number)
    if not any(sign.isdigit() for sign in wanted):
        return []
    client_id = str(document.built.get("client") or "")
    for whose in dict.fromkeys([client_id or None, None]):
        rows = islice(credit_notes.every(client, client_id=whose), _MOST)
        found = [row for row in rows if _is_it(row, wanted)]
        if found:
            # A row of a list may leave out what it is applied to.
            return [credit_notes.read(client, row.id) for row in found[:3]]
    return []


def _is_it(row: CreditNote, wanted: str) -> bool:
    return plain_number(row.number or "") == wanted


def _note(row: CreditNote, document: Document) -> Note:
    here = [each.amount for each in row.invoices if each.invoice_id == document.alegra_id]
    return Note(
        alegra_id=row.id,
        number=row.number or "",
        day=row.date,
        total=row.total,
        applied=sum(here, Decimal(0)),
        type=row.type,
        is_void=row.status == VOID,
        is_accepted=legal_outcome(row.legal_status) == "accepted",
        others=tuple(
            each.invoice_id for each in row.invoices if each.invoice_id != document.alegra_id
        ),
    )
