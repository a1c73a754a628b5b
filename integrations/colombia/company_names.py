"""What a name says of its bearer: a company of Colombia or of another country, or nothing.

Source: Colombian invoicing reference, "Names" and "The buyer". A legal form proves a company;
a word of a trade ("Ferretería") makes one likely, and is enough only beside a company's NIT.
"""

from __future__ import annotations

import re
import unicodedata

from integrations.colombia.longest import line
from integrations.colombia.name_words import COMPANY_WORDS, TRADE_WORDS

_LEGAL_FORM = re.compile(
    r"(?:^|\s)(?:"
    r"s\.?\s?a\.?\s?s\.?|ltda\.?|limitada|s\.a\.?|e\.u\.?|e\.\s?s\.\s?p\.?|s\.?\s?en\s?c\.?|"
    r"s\.c\.a\.?|(?:&|y)\s(?:cia|compania)\.?"
    r")(?=$|[\s,;)])|\s(?:s\.\sa\.?|e\.\su\.?)$"
)
# Without dots these two are words of persons too ("de Sá"), so they count only in capitals at
# the end, and not after a particle.
_BARE_FORM = re.compile(r"(?<!\bDE)(?<!\bde)\s(?:SA|EU)$")

# The forms of other countries. These are words of no person, however they are written.
_FOREIGN_FORM = re.compile(
    r"(?<=[\s,])(?:"
    r"l\.?\s?l\.?\s?c\.?|l\.l\.p\.?|llp|inc\.?|incorporated|corp\.?|corporation|ltd\.?|limited|"
    r"g\.?\s?m\.?\s?b\.?\s?h\.?|p\.?l\.?c\.?|pty\.?|s\.?\s?r\.?\s?l\.?|s\.?a\.?r\.?l\.?|"
    r"e\.?i\.?r\.?l\.?|s\.\s?a\.\s?c\.?|s\.l\.(?:u\.?)?|s\.p\.a\.?|"
    r"s\.?\s?(?:de\s)?r\.?\s?l\.?\s(?:de\s)?c\.?\s?v\.?|s\.?\s?a\.?\s?(?:p\.?\s?i\.?\s?)?de\s?c\.?\s?v\.?|"
    r"b\.v\.?|n\.v\.?|a\.g\.?|a/s|aps|oy|sp\.\s?z\s?o\.\s?o\.?"
    r")(?=$|[\s,;)])|(?<=[\s,])c\.a\.?$"
)
# Without dots these may be parts of a person's name, so they count only at the end and written
# as companies write them.
_BARE_FOREIGN_FORM = re.compile(r"(?<!\bDE)(?<!\bde)[\s,](?:SAC|SPA|SpA|SLU|BV|NV|AG|KG|AB)$")


def looks_like_company(text: str) -> bool:
    """Tell whether a name carries a legal form (S.A.S., LTDA…, or one of another country) or a
    word such as FUNDACIÓN."""
    spaced = _spaced(text)
    plain = _plain(spaced)
    return bool(
        COMPANY_WORDS & set(re.findall(r"[a-z]+", plain))
        or _LEGAL_FORM.search(plain)
        or _BARE_FORM.search(spaced)
        or has_foreign_form(text)
    )


def has_foreign_form(text: str) -> bool:
    """Tell whether a name carries the legal form of another country: LLC, Inc., GmbH, S.A.C.…"""
    spaced = _spaced(text)
    return bool(_FOREIGN_FORM.search(_plain(spaced)) or _BARE_FOREIGN_FORM.search(spaced))


def may_be_of_a_company(text: str) -> bool:
    """Tell whether a company can be called so: by its legal form, or by a word of a trade."""
    words = set(re.findall(r"[a-z]+", _plain(_spaced(text))))
    return bool(words & TRADE_WORDS) or looks_like_company(text)


def _spaced(text: str) -> str:
    return " ".join(unicodedata.normalize("NFC", line(text)).split())


def _plain(text: str) -> str:
    decomposed = unicodedata.normalize("NFD", text.lower())
    return "".join(char for char in decomposed if unicodedata.category(char) != "Mn")
