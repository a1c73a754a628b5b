"""A document that Alegra does not have: built, made out to its buyer, sent."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from integrations.catalog.items import refresh_one
from integrations.documents import gather, gather_lines
from integrations.documents.build import Built, build, summary
from integrations.documents.far_side import FAR_SIDES
from integrations.documents.made_of import made_of
from integrations.documents.missing import block_on_what_is_missing
from integrations.documents.models import Document
from integrations.documents.steps import by_hand, contact
from integrations.documents.steps.ready import waits
from integrations.sending import healing, trying
from integrations.sending.asking import asking
from integrations.sending.create_once import create_once
from integrations.sending.decided import Decided, Locked, Next, StepFunction, give_back, go_on
from integrations.sending.rows import renew
from integrations.sending.safe_start import adopting
from integrations.sending.states import State, Why
from integrations.timekeeping import clock
from integrations.timekeeping.timing import timing

if TYPE_CHECKING:
    from integrations.sending.turns import Turn


def make(turn: Turn, document: Document) -> Decided:
    """Build with the settings of this moment; problems block the row, all at once."""
    now = clock.now()
    sold = _sold_with_new_copies(turn, document)
    facts = gather.gather(document.order, now=now, sold=sold)
    result = build(facts)
    if result.problems:
        return Locked(partial(_missing_or_again, document))
    built = result.built
    if built.is_worth_nothing:
        columns = {"reason": built.nothing}
        return Next(State.SKIPPED, Why.WORTHLESS, problems=(), columns=columns)
    columns = {
        "kind": facts.settings.kind,
        "mode": facts.settings.mode,
        # A definitive one is emitted as soon as it exists and is right.
        "emit_since": now if facts.settings.is_definitive else None,
        "settings_version": facts.settings.version,
        "settings_snapshot": gather.snapshot(facts.settings),
        "built": summary(built),
        "made_of": made_of(facts, document.order),
        "total": built.value,
        "total_pesos": int(built.value),
        "tax": built.tax,
    }
    has_forgotten = document.integration.company.has_forgotten
    if has_forgotten and (forgotten := adopting.forgotten_of(document)):
        # It is in Alegra, so it needs no buyer and no approval, only to be compared. An invoice
        # that a person made of a remission of ours has its text, and so its marker.
        kinds = [each.found_in for each in forgotten]
        columns["kind"] = document.kind if document.kind in kinds else kinds[0]
        adopt = partial(adopting.adopted, far=FAR_SIDES[columns["kind"]], rows=forgotten)
        return go_on(document, adopt, columns=columns, problems=())
    waits_for_a_yes = (columns["kind"], columns["mode"]) == ("remission", "draft")
    if waits_for_a_yes and document.approved_at is None:
        return Next(State.AWAITING_APPROVAL, Why.APPROVAL, problems=(), columns=columns)
    # Its problems are over and close before the call. Two sorts stay open until the call has
    # shown that they are over: what Alegra did not allow, and what failed on our side.
    far = FAR_SIDES[facts.settings.kind]
    send = partial(create_once, far=far, body=built.payload, waits=waits)
    if by_hand.is_expected(document):
        send = partial(_look_before, built=built, send=send)
    then = contact.step(document, built, needs=far.action, then=send)
    spares = trying.TRIED | healing.OURS
    return go_on(document, then, columns=columns, problems=(), spares=spares)


def _look_before(turn: Turn, document: Document, *, built: Built, send: StepFunction) -> Decided:
    return by_hand.question(turn, document, built) or send(turn, document)


def _missing_or_again(document: Document) -> Next:
    """Unless it came while it was found missing: then it is built again at once."""
    now = clock.now()
    return block_on_what_is_missing(document, now=now) or give_back(document, at=now)


def _sold_with_new_copies(turn: Turn, document: Document) -> gather_lines.Sold:
    """What the order's lines sell. Products whose copy is older than a day are read before a
    document is built from them."""
    order = document.order
    sold = gather_lines.sold_of(order)
    oldest = clock.now() - timing().delta("item_copy")
    old = [item for item in gather_lines.items_of(order, sold) if item.fetched_at < oldest]
    if not old:
        return sold
    with asking(turn, document, None, action="leer productos") as call:
        for item in old:
            renew(document, clock.now())
            refresh_one(document.company, call.client, item.alegra_id)
    return gather_lines.sold_of(order)
