"""Text that a source sent with some of its signs covered: "52998***", "M*** R***", "m***@x.co".

What is left of it is neither a number nor a name (product rules, *The document is built*). A
marketplace or a privacy filter covers what the shop may not keep.
"""

from __future__ import annotations

import re

from integrations.colombia.longest import line

_SIGNS = r"*＊∗⁎✱✲✳✴✶✻•●∙⬤█▒░■★☆◦○◼▪"
_COVERED = re.compile(rf"[{_SIGNS}]|\b\w{{1,2}}(?:\.{{2,}}|…)")
# Beside digits these cover too; a name or an address may have them for other reasons.
_COVERED_DIGITS = re.compile(
    r"…|[·․]{2,}|(?<=\w)[-_#.]{2,}|[_#–—-]{2,}(?=\w)|(?<=\w)\s[-_#.–—]{2,}|[xX]{3,}"
)
_COVERED_BY_X = re.compile(r"[xX]{2,}|(?<=\d)[xX](?=\d|$)")
# What programs write in place of the whole.
_WORDS = """
redacted masked hidden removed anonymized anonymised encrypted protected private oculto oculta
ocultos tapado anonimizado anonimizada encriptado cifrado protegido confidencial privado
"""


def is_masked(text: str) -> bool:
    """Whether signs of a name, an address or an e-mail are covered, or the whole of it."""
    text = line(text)
    if _COVERED.search(text):
        return True
    words = re.findall(r"[^\W\d_]+", text.casefold())
    return bool(words) and (
        set(words) <= set(_WORDS.split())
        or any(set(word) == {"x"} and len(word) > 2 for word in words)
    )


def is_masked_number(text: str, *, may_have_letters: bool = False) -> bool:
    """The same of a number: there dots, lines and X cover as well. `may_have_letters`: a
    passport's may have an X or two of its own."""
    text = line(text)
    if is_masked(text) or _COVERED_DIGITS.search(text):
        return True
    return not may_have_letters and bool(_COVERED_BY_X.search(text))
