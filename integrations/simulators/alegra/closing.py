"""The accounting period that a company has closed: nothing is written into it."""

from __future__ import annotations

from integrations.simulators.alegra.books import Books
from integrations.simulators.alegra.refusals import refusal


def refuse_closed(books: Books, *days: str | None) -> None:
    """Raises Refused when one of the days (yyyy-MM-dd) is in the period that is closed.

    The fact ``closed_until`` is its last day, or null.
    """
    last = books.facts["closed_until"]
    if last and any(day is not None and day <= last for day in days):
        raise refusal(f"El periodo contable se encuentra cerrado hasta el {last}")
