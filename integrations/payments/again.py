"""Proven absent, and about to be sent once more in the same words: does it still fit?"""

from __future__ import annotations

from typing import TYPE_CHECKING

from integrations.payments import answered
from integrations.payments.models import Payment
from integrations.payments.owed import Owed, gone, judge
from integrations.payments.reading import invoice_of, ours_among, paid_with
from integrations.sending.asking import asking
from integrations.sending.confirm import adopt
from integrations.sending.decided import Decided, blocked, give_back
from integrations.sending.far_side import FarSide
from integrations.sending.lost_answer import create_step
from integrations.timekeeping import clock

if TYPE_CHECKING:
    from integrations.sending.turns import Turn


def before_again(turn: Turn, payment: Payment, far: FarSide) -> Decided | None:
    """Its invoice is read: a person may have paid it, or changed what it owes, since the first
    send. None where it still owes what was sent."""
    step = create_step(payment, far)
    with asking(turn, payment, step, action=far.reading) as call:
        invoice = invoice_of(call.client, payment)
        ours = ours_among(paid_with(call.client, invoice), payment)
    if ours:
        return adopt(turn, payment, far, step, ours)
    if invoice is None:
        return blocked([gone(payment)], step)
    judged = judge(payment, invoice, agreed=answered.agreed(payment))
    if isinstance(judged, Owed) and judged.amount == payment.amount:
        return None
    if judged is None or isinstance(judged, Owed):
        # Another amount: built anew, as two looks have shown that nothing of it is there.
        return give_back(payment, at=clock.now(), columns={"payload": None})
    return blocked([judged], step)
