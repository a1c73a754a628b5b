"""Texts that make a careless regular expression take its time, of any length.

Each shape is a piece that repeats, or a long run with an end that spoils a match.
"""

from __future__ import annotations

MIB = 1 << 20

_PIECES = {
    "digits": "1",
    "digits and strokes": "1-",
    "digits and dots": "1.",
    "digits and spaces": "1 ",
    "groups of three": "123.",
    "groups with commas": "$1,",
    "pesos": "$ 1.234.567,89 ",
    "bracketed digits": "(315) 708",
    "at signs": "@",
    "letters and at signs": "a@",
    "letters and dots": "a.",
    "dots": ".",
    "bearer": "Bearer ",
    "bearer of strokes": "bearer a-b-",
    "token words": "token-",
    "token and equals": "token=",
    "api keys": "api_key ",
    "opening brackets": "[",
    "opening braces": "{",
    "opening parentheses": "(",
    "nested lists": "[[]",
    "tags": "<",
    "spaces": " ",
    "tabs and lines": "\t\n",
    "odd spaces": "\u00a0\u2003",
    "strokes": "-",
    "underscores": "_",
    "middle dots": " · ",
    "slashes": "/",
    "quotes": '"',
    "backslashes": "\\",
    "json pairs": '{"a":"1",',
    "a long word": "a",
    "capitals": "Z",
    "words": "abc def ",
    "accents": "áÉñü",
    "combining signs": "e\u0301",
    "emoji": "😀\u200d",
    "entities": "&amp;#38;",
    "marker starts": "[MS1-A",
    "covered": "xX*",
    "rules": "Regla: FAK24, ",
    "hexadecimal": "0a1F",
    "damaged": "Ã©",
    "percent": "10 %20",
    "addresses": "a@b.co,",
    "commas": ",",
    "plus and minus": "+-1e",
    "zeros": "0",
    "names of companies": "S.A.S ",
    "labels": "cc nit ",
    "long tokens": "gAAAAB",
}
# What stands at the end of a run decides whether all of it was read for nothing.
_ENDS = {"": "", " and a letter": "x", " and a sign": "!", " and a line": "\n"}
_WITH_ENDS = ("digits", "spaces", "a long word", "digits and strokes", "letters and dots")


def shapes(length: int) -> dict[str, str]:
    """Name → text of exactly this many characters."""
    made = {name: (piece * (length // len(piece) + 1))[:length] for name, piece in _PIECES.items()}
    for name in _WITH_ENDS:
        for how, end in _ENDS.items():
            made[name + how] = made[name][: length - len(end)] + end
    return made
