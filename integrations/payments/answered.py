"""What a person answered to the questions about one payment: a yes to exactly what was asked."""

from __future__ import annotations

from integrations.payments.models import Payment
from integrations.payments.owed import subject_of


def agree(payment: Payment) -> list[str]:
    """A person who read the questions says that it is to be registered all the same."""
    said = []
    for problem in payment.problems.filter(closed_at=None):
        problem.params = {**problem.params, "agreed": True}
        problem.save(update_fields=["params"])
        said.append(problem.code)
    return said


def agreed(payment: Payment) -> frozenset[str]:
    """What was said yes to (`owed.subject_of`)."""
    rows = payment.problems.values_list("code", "params")
    return frozenset(subject_of(code, words) for code, words in rows if words.get("agreed"))
