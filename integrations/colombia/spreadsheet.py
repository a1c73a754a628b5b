"""Text for a spreadsheet set to Colombia: semicolons, and no cell that is run as a formula."""

from __future__ import annotations

# Without it Excel reads UTF-8 as another alphabet.
BYTE_ORDER_MARK = "\ufeff"
DELIMITER = ";"
_FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def safe(value: str) -> str:
    """Text that no spreadsheet runs: what begins like a formula gets an apostrophe before it."""
    text = value.replace("\x00", "")
    return f"'{text}" if text.lstrip(" \u00a0").startswith(_FORMULA_SIGNS) else text
