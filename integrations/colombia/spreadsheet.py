"""Text for a spreadsheet in Colombia: semicolons, and no cell that runs as a formula."""

from __future__ import annotations

# The byte order mark, without which Excel does not read the file as UTF-8.
BYTE_ORDER_MARK = "\ufeff"
DELIMITER = ";"
_FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def safe(value: str) -> str:
    """The text; with an apostrophe before it where a spreadsheet would run it as a formula."""
    text = value.replace("\x00", "")
    return f"'{text}" if text.lstrip(" \u00a0").startswith(_FORMULA_SIGNS) else text
