"""A draft whose emission was refused, or that the DIAN rejected, is built anew before the next one.

Product, the document is made: it stays the order's only document. Its contact and the invoice
itself are changed by PUT under the same id, with what was corrected since; the marker stays. A PUT
whose answer was lost is made once more, which changes nothing. What a person changed in Alegra is
never overwritten.
"""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from functools import partial
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from integrations.alegra import contacts, invoices
from integrations.alegra.document import Document as AlegraDocument
from integrations.colombia.dates import bogota_today
from integrations.documents import beside, contact_cure, gather, legal, verify
from integrations.documents.build import Built, build, summary
from integrations.documents.contact_memory import read_buyer, was_seen
from integrations.documents.endpoints import read_or_gone
from integrations.documents.issue import locked_order
from integrations.documents.made_of import made_of
from integrations.documents.missing import block_on_what_is_missing
from integrations.documents.models import Document
from integrations.documents.step_rows import CHANGE, CURE, VERIFY, begin
from integrations.documents.steps import compare, contact, emit_check, emit_date
from integrations.orders.buyer import effective_buyer
from integrations.sending.about import about
from integrations.sending.actions import READ_DOCUMENTS
from integrations.sending.asking import Ahead, asking
from integrations.sending.decided import (
    Decided,
    Locked,
    Next,
    StepEnd,
    StepFunction,
    blocked,
    give_back,
    go_on,
)
from integrations.sending.frozen import digest, freeze, thaw
from integrations.sending.marker import signed
from integrations.sending.states import Outcome, State, StepState, Why
from integrations.timekeeping import clock

if TYPE_CHECKING:
    from integrations.sending.turns import Turn

# Set by Alegra, or renewed with the emission.
_NOT_COMPARED = ("date", "dueDate", "status")
# What a PUT leaves out stays in Alegra: the address printed for the buyer before, the seller.
_CLEARED = ("anotation", "seller", "costCenter")


def is_needed(document: Document) -> bool:
    """Whether something was said against it the last time."""
    return bool(document.legal_words)


def again(turn: Turn, document: Document, *, then: StepFunction) -> Decided:
    """Build it with the order, the settings and the answers of this moment; `then` follows."""
    now = clock.now()
    facts = gather.gather(document.order, now=now)
    result = build(facts)
    if result.problems:
        return Locked(partial(_missing_or_again, document))
    built = result.built
    if built.is_worth_nothing or built.kind != "invoice":
        return emit_check.left_out(document, _("El pedido ya no se factura así"), now)
    columns = {
        "settings_version": facts.settings.version,
        "settings_snapshot": gather.snapshot(facts.settings),
        "made_of": made_of(facts, document.order),
        "total": built.value,
        "total_pesos": int(built.value),
        "tax": built.tax,
    }
    change = partial(_compare, built=built, columns=columns, then=then)
    cure = partial(_cure_contact, built=built, then=change)
    find = contact.step(document, built, needs=emit_check.ACTION, then=cure)
    return find(turn, document)


def _missing_or_again(document: Document) -> Next:
    now = clock.now()
    return block_on_what_is_missing(document, now=now) or give_back(document, at=now)


def _cure_contact(turn: Turn, document: Document, *, built: Built, then: StepFunction) -> Decided:
    """What the contact lacks is written there."""
    row = document.buyer_contact
    if row is None or row.is_generic:
        return go_on(document, then)
    step = begin(document, CURE, input={"id": row.alegra_id})
    with asking(turn, document, step, action="editar contactos") as call:
        told = read_buyer(call.client, row, row.alegra_id)
        changed: dict[str, Any] = {}
        if told is not None:
            was_seen(row)
            renames = "name" in effective_buyer(document.order).corrected
            changed = contact_cure.changes(told.raw, built.contact.body, renames=renames)
            if changed:
                contacts.put(call.client, told, changed)
    state = StepState.DONE if changed else StepState.SKIPPED
    return go_on(document, then, ended=(StepEnd(call.step, state, Outcome.OK),))


def _compare(
    turn: Turn, document: Document, *, built: Built, columns: dict[str, Any], then: StepFunction
) -> Decided:
    """Read it, and go on to what has to be changed of it."""
    step = begin(document, VERIFY, input=compare.expected(document))
    with asking(turn, document, step, action=READ_DOCUMENTS) as call:
        found = read_or_gone(call.client, document)
    if found is None:
        return blocked([about(document, "gone")], call.step, unfreeze=False)
    read = StepEnd(call.step, StepState.DONE, Outcome.OK, _("Leída antes de corregirla."))
    if legal.is_emitted(found):
        made = legal.after_reading(document, found)
        return replace(made, ended=(read, *made.ended))
    payload = signed(built.payload, document.marker)
    if document.payload is not None and _plain(thaw(document.payload)) == _plain(payload):
        return go_on(document, then, columns={**columns, "legal_words": None}, ended=(read,))
    if document.payload is not None and not (
        _is_ours(found, thaw(document.payload), document.returned_total)
        or _is_ours(found, payload, found.total if _is_total(found, built) else None)
    ):
        made = emit_check.left_out(document, _("Alguien la cambió en Alegra"), clock.now())
        return replace(made, ended=(read, *made.ended))
    return go_on(
        document, partial(_change, payload=payload, columns=columns, then=then), ended=(read,)
    )


def _change(
    turn: Turn,
    document: Document,
    *,
    payload: dict[str, Any],
    columns: dict[str, Any],
    then: StepFunction,
) -> Decided:
    """The PUT of what was built, under the same id and with the same marker."""
    now = clock.now()
    if waits := emit_check.held(document, now):
        return waits
    if payload["date"] != bogota_today(now).isoformat():
        # Midnight came between.
        return give_back(document, at=now)
    body = {name: value for name, value in payload.items() if name != "status"}
    before = thaw(document.payload) if document.payload is not None else {}
    body |= {name: None for name in _CLEARED if name in before and name not in body}
    # What it was before is no measure any more of what a person changes.
    columns_ahead = {"doc_date": bogota_today(now), "as_verified": None, "edited": None}
    ahead = Ahead(State(document.state), Why.SENT, columns_ahead, creates=False)
    step = begin(document, CHANGE, input=body)
    with asking(turn, document, step, action=emit_date.ACTION, ahead=ahead) as call:
        invoices.update(call.client, document.alegra_id, body)
    frozen = freeze(payload)
    kept = {"payload": frozen, "payload_digest": digest(frozen), "legal_words": None}

    def follow() -> None:
        beside.refresh(document, locked_order(document.order), now=clock.now())

    ended = (StepEnd(call.step, StepState.DONE, Outcome.OK),)
    return go_on(document, then, columns={**columns, **kept}, ended=ended, also=(follow,))


def _plain(payload: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in payload.items() if name not in _NOT_COMPARED}


def _is_ours(found: AlegraDocument, sent: dict[str, Any], total: Decimal | None) -> bool:
    """Whether it has the client, the goods and the total of what we sent."""
    lines = [(str(line["id"]), Decimal(str(line["quantity"]))) for line in sent["items"]]
    has_lines = not found.lines or [(each.item_id, each.quantity) for each in found.lines] == lines
    return has_lines and found.client_id == str(sent["client"]["id"]) and found.total == total


def _is_total(found: AlegraDocument, built: Built) -> bool:
    return verify.total_is_right(found, summary(built))
