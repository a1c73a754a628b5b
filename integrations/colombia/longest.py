"""The length to which a line from outside is cut before it is searched.

A name, an address, an e-mail, a telephone or an identification is a line. What arrives may be
megabytes, made so that a search takes seconds, during which no other thread runs.
"""

from __future__ import annotations

from typing import Final

# Longer than any real one, and short enough for every search in this package.
LINE: Final = 1_000


def line(value: object) -> str:
    """The first 1,000 characters of the value as text; '' for None."""
    return "" if value is None else str(value)[:LINE]
