"""A 2xx that tells an error where a record is expected.

The Alegra reference has none for certain; other far sides answer a lapsed subscription so. A
success that carries a key named ``error`` is no such thing: it is asked only where the answer
must hold a record.
"""

from __future__ import annotations

from typing import Any

from . import envelope, wire
from .errors import (
    BY_STATUS_ALONE,
    EXCERPT_CHARACTERS,
    AlegraError,
    ErrorInSuccess,
    NotFound,
    OutcomeUnknown,
    Rejected,
)

# Alegra reference, "Business codes observed": an action outside of the plan.
_PLAN_CODES = frozenset({"907"})


def error_inside(body: Any, status: int, *, is_write: bool = False) -> AlegraError | None:
    """The error of a 2xx whose body tells one and holds no record; None for any other body.

    Of a reading it is what the body says. Of a write it may have happened all the same. Pure.
    """
    message = envelope.told_instead(body)
    if not message:
        return None
    code = envelope.code(body)
    facts: dict[str, Any] = {
        "status": status,
        "code": code,
        "excerpt": wire.encode(body).decode("utf-8", "replace")[:EXCERPT_CHARACTERS],
    }
    means = envelope.told_status(body)
    if means is not None and means >= 500:
        return OutcomeUnknown(message, **facts)
    if code in _PLAN_CODES:
        means = 402
    kind = {**BY_STATUS_ALONE, 404: NotFound}.get(means or 0)
    if is_write:
        return ErrorInSuccess((kind or Rejected)(message, **facts))
    return (kind or OutcomeUnknown)(message, **facts)
