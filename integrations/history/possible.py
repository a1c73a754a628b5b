"""Which acts an order's page offers: what its state allows and its reader's role permits.

What is offered may be gone a moment later; the act itself decides (`documents.acts`).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.utils.functional import Promise

from integrations.documents import deleting, emission
from integrations.documents.acts import has_made_one
from integrations.documents.anew import may_be_anew
from integrations.documents.beside import After
from integrations.documents.buyer_answers import is_asked
from integrations.documents.credit_note import may_be_said
from integrations.documents.emission_acts import may_be_left
from integrations.documents.found_twice import TWO_FOUND
from integrations.documents.models import Document
from integrations.documents.reading_now import may_be_read
from integrations.orders.models import Order
from integrations.sending.problem_kinds import CuredBy, Retry, kind_of
from integrations.sending.problems.kind import RETRY
from integrations.sending.states import State
from integrations.tenancy.roles import Act

# The problems of a document that Alegra no longer has, or has as void.
GONE, VOIDED = "gone", "voided"


@dataclass(frozen=True)
class Acts:
    retry: bool = False
    retry_label: Promise = RETRY
    # *Reintentar* is shown closed, and the page says why.
    retry_is_closed: bool = False
    look_now: bool = False
    correct: bool = False
    external: bool = False
    dismiss: bool = False
    restore: bool = False
    approve: bool = False
    # *Emitir de nuevo* what the DIAN rejected.
    emit_again: bool = False
    # *No emitirla*, for a blocked draft whose emission was asked for.
    do_not_emit: bool = False
    # An invoice, to the DIAN.
    emit: bool = False
    create_anew: bool = False
    # Its draft can be deleted: for good, or to make another in its place.
    remove: bool = False
    replace: bool = False
    keep_draft: bool = False
    # Two with one marker are in Alegra: which is the order's.
    choose_found: bool = False
    same_buyer: bool = False
    # What a person chose for a line can be chosen anew.
    choose_lines: bool = False
    # *Está bien así* and *Ya lo arreglé en Alegra*, of what stands beside the document. One made
    # elsewhere cannot be read there.
    fine: bool = False
    # *Ya hice la nota*.
    note: bool = False
    mended: bool = False
    # *Leer en Alegra*, for a document that people may still change, emit or delete there.
    read_now: bool = False
    read_again: bool = False

    @property
    def any_aside(self) -> bool:
        return self.correct or self.external or self.dismiss or self.read_again


def acts_for(
    order: Order,
    may: Callable[[Act], bool],
    *,
    is_held: bool,
    codes: frozenset[str],
    after: After | None = None,
    is_emittable: bool = False,
    others_wait: bool = False,
) -> Acts:
    """`codes` are those of the problems that block the document; `after`: what happened to the
    order since; `is_emittable`: nothing speaks against emitting its draft; `others_wait`: another
    work about the order may be sent again."""
    document = order.document
    edit, mark = may(Act.EDIT), may(Act.MARK_EXTERNAL)
    if document is None:
        return Acts(correct=edit, external=mark, dismiss=edit, retry=edit and others_wait)
    if document.removal is not None:
        return Acts(
            keep_draft=edit and not document.removal.get("sent"),
            retry=edit and (others_wait or _may_retry(document, is_held, codes)),
        )
    after = after or After()
    is_doubted = bool(after.open_codes)
    ends = deleting.offered(document, after, codes) if edit else ()
    state = document.state
    free = document.is_free
    # The act reads in Alegra what became of it before anything is put aside.
    aside = free or has_made_one(document)
    is_over = GONE in codes or VOIDED in codes
    return Acts(
        retry=edit and (others_wait or _may_retry(document, is_held, codes)),
        retry_label=_retry_label(codes),
        retry_is_closed=edit and state in (State.UNCONFIRMED, State.SENDING),
        look_now=edit and state == State.UNCONFIRMED,
        correct=edit and state != State.DISMISSED and (free or emission.is_refused(document)),
        external=mark and aside,
        dismiss=edit and aside and state != State.DISMISSED,
        restore=(mark if state == State.EXTERNAL else edit)
        and state in (State.EXTERNAL, State.DISMISSED),
        emit_again=may(Act.EMIT) and state == State.REJECTED,
        do_not_emit=may(Act.EMIT) and not is_over and may_be_left(document),
        approve=edit and state == State.AWAITING_APPROVAL,
        emit=may(Act.EMIT) and is_emittable,
        choose_lines=edit and free and order.line_choices.exists(),
        read_again=edit and free and _heals_when_read_again(order, codes),
        create_anew=edit and has_made_one(document) and may_be_anew(document) and is_over,
        same_buyer=edit and state == State.BLOCKED and is_asked(codes),
        choose_found=edit and TWO_FOUND in codes,
        remove=deleting.WITHDRAW in ends,
        replace=deleting.ANEW in ends and not is_over,
        fine=mark and is_doubted,
        note=may(Act.CONFIRM_NOTE) and may_be_said(document, after),
        mended=mark and is_doubted and state != State.EXTERNAL,
        read_now=mark and may_be_read(document),
    )


def _heals_when_read_again(order: Order, codes: frozenset[str]) -> bool:
    if not order.integration.source.key_last4:
        return False
    return any(CuredBy.ORDER in kind_of(code).cured_by for code in codes)


def _may_retry(document: Document, is_held: bool, codes: frozenset[str]) -> bool:
    if document.state == State.BLOCKED:
        return all(kind_of(code).retry is not Retry.NO for code in codes)
    return document.state == State.PENDING and bool(document.failures) and not is_held


def _retry_label(codes: frozenset[str]) -> Promise:
    """The answer that sending again gives to a question; two such questions share none."""
    own = {kind_of(code).retry_label for code in codes} - {RETRY}
    return own.pop() if len(own) == 1 else RETRY
