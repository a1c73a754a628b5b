"""How much of a text from outside is looked at.

A name, an address, an e-mail, a telephone or an identification is a line. What comes may be
megabytes, made so that a search takes seconds while no other thread runs: it is cut first.
"""

from __future__ import annotations

from typing import Final

# Longer than any of them; short enough for every search in this room.
LINE: Final = 1_000


def line(value: object) -> str:
    """The value as text, its first 1,000 characters; '' for None."""
    return "" if value is None else str(value)[:LINE]
