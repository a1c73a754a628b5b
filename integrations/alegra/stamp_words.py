"""The codes and rules that an answer about an emission names, whatever its shape. Pure.

The DIAN writes ``Regla: FAK24, Rechazo: …`` or ``Regla: FAZ09, Notificación: …``, one after the
other in one text, or in a list. Alegra's provider puts a code of its own (``AEP6011``,
``EPR503``) somewhere inside a message. Source: Alegra reference, "Stamp (DIAN) errors"; a
recorded stamp, whose ``warnings`` are texts.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any

from .shapes import text

# Fields of a stamp that hold no words about it.
_NO_WORDS = frozenset(
    {"cufe", "legalStatus", "barCodeContent", "qrCode", "date", "xml", "pdf", "id", "uuid"}
)
_CODE_KEYS = ("code", "rule", "regla", "codigo", "id")
_MESSAGE_KEYS = ("message", "mensaje", "description", "descripcion", "text", "detail", "error")
# A rule of the technical annex: its letters say the document and the group, or it is a number.
_RULE = r"[A-Z]{2,6}\d{2,3}[a-z]?|\d{2}"
_TOLD = re.compile(
    rf"regla(?:\s+de\s+rechazo)?\s*[:#]?\s*(?P<code>{_RULE})\b[\s,.:;-]*"
    r"(?P<kind>rechazo|notificaci[oó]n)?[\s:,.-]*",
    re.IGNORECASE,
)
# Without the word before it only rules of invoices, signatures and of the RUT are known as such.
_BARE = re.compile(r"\b(?:FA[A-Z]\d{2}|FB[A-Z]\d{2}|Z[BDE]\d{2}|RUT\d{2}|VLR\d{2})[a-z]?\b")
_PROVIDER = re.compile(r"\b(AEP|EPR)[\s_-]?(\d{3,5})\b|\b(D\d{4})\b", re.IGNORECASE)
# A text is cut to this length, and a stamp is read to this depth and this number of statements:
# no stamp of Alegra's has more.
_LONGEST, _MOST_WORDS, _DEEPEST = 5_000, 200, 20
_EDGES = " \t\r\n;|,.·-–:[](){}\"'"


@dataclass(frozen=True)
class Word:
    """One statement of an answer. ``code``: a rule, a provider's code, or "" where it names none;
    ``message``: the rest of it. ``is_notice``: a notification, which refuses nothing."""

    code: str
    message: str
    is_notice: bool = False


def of_text(told: Any) -> tuple[Word, ...]:
    """The statements of one text, split at its rules; () where it is not a text."""
    words = text(told)[:_LONGEST].strip()
    if not words:
        return ()
    found = list(_TOLD.finditer(words))
    if not found:
        return (_plain(words),)
    before = words[: found[0].start()].strip(_EDGES)
    ends = [match.start() for match in found[1:]] + [len(words)]
    rules = [
        Word(_rule(match["code"]), words[match.end() : end].strip(_EDGES), _is_notice(match))
        for match, end in zip(found, ends, strict=True)
    ]
    code = provider_code(before)
    return (Word(code, before), *rules) if code else tuple(rules)


def of_stamp(stamp: Any) -> tuple[Word, ...]:
    """Every statement of an invoice\'s stamp, in the order of the stamp, each once."""
    return tuple(dict.fromkeys(islice(_walk(stamp, _DEEPEST), _MOST_WORDS)))


def provider_code(*told: Any) -> str:
    """The first code of Alegra's provider in these texts, as ``AEP6011``; "" for none."""
    for each in told:
        found = _PROVIDER.search(text(each)[:_LONGEST])
        if found is not None:
            return (found[3] or f"{found[1]}{found[2]}").upper()
    return ""


def refusals(words: Iterable[Word]) -> tuple[Word, ...]:
    """Those that name a rule or a code and are not only a notification."""
    return tuple(word for word in words if word.code and not word.is_notice)


def _plain(words: str) -> Word:
    code = provider_code(words)
    if code:
        return Word(code, words)
    bare = _BARE.search(words)
    if bare is None:
        return Word("", words)
    is_notice = "notificaci" in words.lower()
    return Word(_rule(bare.group()), words.replace(bare.group(), "", 1).strip(_EDGES), is_notice)


def _walk(told: Any, deep: int) -> Iterator[Word]:
    """`deep`: how many more levels of objects and lists are read."""
    if deep == 0:
        return
    if isinstance(told, list | tuple):
        for each in told[:_MOST_WORDS]:
            yield from _walk(each, deep - 1)
    elif isinstance(told, dict):
        yield from _of_object(told, deep)
    elif isinstance(told, str):
        yield from of_text(told)


def _of_object(told: dict[str, Any], deep: int) -> Iterator[Word]:
    message = next((told[key] for key in _MESSAGE_KEYS if isinstance(told.get(key), str)), None)
    if message is None:
        for key, value in islice(told.items(), _MOST_WORDS):
            if key in _NO_WORDS:
                continue
            for word in _walk(value, deep - 1):
                named = _named(word, key)
                # A text under an unknown key counts only where it names a rule.
                if named.code or not isinstance(value, str):
                    yield named
        return
    code = next((text(told[key]) for key in _CODE_KEYS if told.get(key) is not None), "")
    yield from (_named(word, code) for word in of_text(message))


def _named(word: Word, code: str) -> Word:
    """The statement; where its text names no code, with the code of the field beside it."""
    code = code[:_LONGEST]
    is_code = re.fullmatch(_RULE, code) or _PROVIDER.fullmatch(code)
    if word.code or not is_code:
        return word
    return Word(provider_code(code) or _rule(code), word.message, word.is_notice)


def _is_notice(match: re.Match[str]) -> bool:
    return (match["kind"] or "").lower().startswith("notif")


def _rule(code: str) -> str:
    """As the annex writes it: capitals, and a small letter for the variant."""
    return code[:-1].upper() + code[-1].lower() if code[-1:].isalpha() else code.upper()
