"""Why Alegra refused a payment: what it names is read there again.

Its errors have no known codes for an inactive account or an amount over the balance (Alegra
reference, "Business codes observed"), so the reason is found by reading. Only that a period is
closed can be read nowhere: there the words choose the sentence, and nothing else depends on them.
"""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

from integrations.alegra.errors import AlegraError, BudgetExhausted, RateLimited
from integrations.configuration.references import read_again
from integrations.connections.models import ReferenceEntry
from integrations.documents.choices import unusable
from integrations.payments import answered
from integrations.payments.models import Payment
from integrations.payments.owed import gone, judge
from integrations.payments.reading import invoice_of
from integrations.sending import failures, told
from integrations.sending.asking import Asked, asking
from integrations.sending.decided import Decided, blocked
from integrations.sending.problem_kinds import Found
from integrations.sending.states import Outcome

if TYPE_CHECKING:
    from integrations.alegra.client import AlegraClient
    from integrations.sending.turns import Turn

_PERIOD = re.compile(r"per[ií]odo|cierre|libros|contab", re.IGNORECASE)
_CLOSED = re.compile(r"cerrad|bloquead|cierre", re.IGNORECASE)


def explained(turn: Turn, payment: Payment, error: AlegraError, asked: Asked) -> Decided | None:
    """What follows where the reason was found; None where nothing explains it."""
    try:
        with asking(turn, payment, asked.step) as call:
            found = _reason(call.client, payment)
    except (BudgetExhausted, RateLimited) as busy:
        # Nothing was registered; built and sent anew when there is time to ask.
        later = failures.after(turn, payment, busy, Asked(asked.step))
        return replace(later, columns={**later.columns, "payload": None})
    except AlegraError:
        found = None
    if found is None and _is_of_the_period(error):
        found = _period(payment)
    if found is None:
        return None
    found = told.with_words(found, told.said_of(payment, error))
    return blocked([found], asked.step, outcome=Outcome.REJECTED)


def _reason(client: AlegraClient, payment: Payment) -> Found | None:
    kind = ReferenceEntry.Kind.BANK_ACCOUNT
    if not read_again(payment.company, client, kind, payment.account):
        rows = ReferenceEntry.objects.filter(
            company=payment.company, kind=kind, alegra_id=payment.account
        )
        return unusable(rows.get())
    invoice = invoice_of(client, payment)
    if invoice is None:
        return gone(payment)
    judged = judge(payment, invoice, agreed=answered.agreed(payment))
    return judged if isinstance(judged, Found) else None


def _is_of_the_period(error: AlegraError) -> bool:
    return bool(_PERIOD.search(error.message) and _CLOSED.search(error.message))


def _period(payment: Payment) -> Found:
    day = date.fromisoformat((payment.payload or {})["date"])
    words = {"day": f"{day:%d/%m/%Y}"}
    return Found("payment_period_closed", day.isoformat(), words)
