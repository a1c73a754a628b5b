"""What people write in the field of a name that is no name: cut where that is certain, else asked.

Source: Colombian invoicing reference, "Names": clean, keep the original, invent nothing. The
words stand in `noise_words`. A correct name comes back as it is.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field

from integrations.colombia import noise_words as words
from integrations.colombia.contact_details import clean_phone
from integrations.colombia.name_words import PARTICLES, SECOND_GIVEN_NAMES, SURNAMES, TITLES

# What was cut, as the note says it.
CUTS = {
    "title": "el tratamiento",
    "emoji": "los emojis",
    "instruction": "una indicación",
    "brackets": "lo que venía entre paréntesis",
    "order": "una palabra del pedido",
    "identification": "un número de identificación",
    "phone": "un teléfono",
    "place": "una parte de la dirección",
    "number": "un número",
    "handle": "un usuario de redes",
}
# Why a person must look. No sentence repeats what the buyer gave.
REASONS = {
    "unreadable": "trae letras que se perdieron en el camino: escribe el nombre como es.",
    "two": "parece traer dos nombres, o algo que no es nombre: deja solo el del comprador.",
    "not_a_name": "trae palabras que no parecen de un nombre: deja solo el del comprador.",
    "digits": "trae números entre las letras: escribe el nombre como es.",
    "address": "trae un correo o una página: escribe el nombre del comprador.",
    "nothing_left": "no es un nombre: escribe el del comprador.",
    "too_long": "es demasiado largo para ser un nombre: deja solo el del comprador.",
}
_MOST_WORDS = 9

_ADDRESS = re.compile(r"\S+@\S+\.\w|https?://|www\.|\.(?:com|co|net)\b", re.IGNORECASE)
_EMOJI = re.compile(
    "[\u2190-\u21ff\u2300-\u24ff\u25a0-\u2bff\u3000-\u303f\U0001f000-\U0001faff\ufe0f\u200d\u20e3]+"
)
_HANDLE = re.compile(r"(?<!\S)@[\w.]+")
_BRACKETS = re.compile(r"[(\[{]([^()\[\]{}]*)(?:[)\]}]|$)")
_NICKNAME = re.compile(r"[\"“”«»]([^\"“”«»]*)[\"“”«»]")
# Accents typed apart, for an apostrophe: D´Angelo, O`Neill.
_APOSTROPHE = re.compile(r"(?<=\b[^\W\d_])[´`′ʼ‘](?=[^\W\d_])")
_JOINING_DASH = re.compile(r"(?<=[^\W\d_])[‐‑–−](?=[^\W\d_])")
_SEPARATOR = re.compile(r"//+|[|/;:•·>=_+\n*—―]+|\s[-‐‑–−]+|[-‐‑–−]+\s|--+|(?<=[^\W\d_]{4})\.\s|,")
# A sign where a letter belongs: lost, or of another encoding.
_LOST = re.compile(
    "[\ufffd?¿]|Ã(?![A-ZÀ-Þ])|[a-zß-ÿ][ÃÂ]"
    "|[^\\W\\d_][´`~¨^¤¦§©®¬¯°±¸\u2200-\u22ff\u2500-\u259f]"
    "|[\u2200-\u22ff\u2500-\u259f][^\\W\\d_]"
)
_ORDINAL = re.compile(r"\d{1,2}(?:er|ro|do|da|ra|to|ta|mo|vo|no|o|°|º)\.?", re.IGNORECASE)
_GLUED_LABEL = re.compile(r"(cc|nit|cel|tel|apto|piso|torre|cra|cll)[.:#-]*(?=\d)", re.IGNORECASE)
_LONG_NUMBER = 5


@dataclass(frozen=True)
class ReadName:
    """`text` is the name alone; `cut` are keys of CUTS, `why` is a key of REASONS or ''.

    `numbers` are identifications that were written beside the name, digits only.
    """

    text: str
    cut: tuple[str, ...] = ()
    why: str = ""
    numbers: tuple[str, ...] = field(default=(), repr=False)


def read_person(text: str) -> ReadName:
    """A person's name without what is none, or why a person must look."""
    reading = _Reading(unicodedata.normalize("NFC", text))
    return reading.result()


def read_company(text: str) -> ReadName:
    """A company's name: a number behind it that says it is its NIT is cut, the rest is kept."""
    kept, numbers = text, ()
    if found := re.search(r"[\s,-]*\b(?:nit|rut)\b[\s.:#]*(\d[\d.,\s-]{5,})$", text, re.IGNORECASE):
        kept, numbers = text[: found.start()].strip(), (_digits(found.group(1)),)
    why = ""
    plain = {_plain(word) for word in re.findall(r"\w+", kept)}
    if _LOST.search(kept.replace("®", "").replace("°", "")):
        why = "unreadable"
    elif plain & words.NOT_OF_A_COMPANY or any(
        clean_phone(run) for run in re.findall(r"\d[\d\s.-]{8,}\d", kept)
    ):
        why = "not_a_name"
    return ReadName(kept, ("identification",) if numbers else (), why, numbers)


class _Reading:
    """One name on its way through: what is left, what was cut, what is doubtful."""

    def __init__(self, text: str) -> None:
        self.cut: list[str] = []
        self.numbers: list[str] = []
        self.why = ""
        self._cuts_a_tail = False
        text = _JOINING_DASH.sub("-", _APOSTROPHE.sub("'", text))
        if _ADDRESS.search(text):
            self._ask("address")
        text = _EMOJI.sub(lambda _match: self._drop("emoji"), text)
        text = _HANDLE.sub(lambda _match: self._drop("handle"), text)
        text = _NICKNAME.sub(self._quoted, text)
        text = _BRACKETS.sub(self._bracketed, text)
        self._left = self._join(text)

    def result(self) -> ReadName:
        left = " ".join(self._left)
        if not left and self.cut:
            self._ask("nothing_left")
        elif _LOST.search(left) or re.search(r"[)\]}&\"“”«»]", left):
            self._ask("unreadable" if _LOST.search(left) else "two")
        elif any(any(c.isdigit() for c in word) for word in self._left):
            self._ask("digits")
        elif len(self._left) > _MOST_WORDS:
            self._ask("too_long")
        elif self._cuts_a_tail and len(self._left) < 2:
            self._ask("not_a_name")
        return ReadName(left, tuple(dict.fromkeys(self.cut)), self.why, tuple(self.numbers))

    def _ask(self, why: str) -> None:
        self.why = self.why or why

    def _drop(self, kind: str) -> str:
        self.cut.append(kind)
        return " "

    def _quoted(self, match: re.Match[str]) -> str:
        """A whole name may stand in quotes; a nickname beside it is for a person to judge."""
        if match.group() != match.string.strip():
            self._ask("two")
        return f" {match.group(1)} "

    def _bracketed(self, match: re.Match[str]) -> str:
        inside = [_plain(word) for word in re.findall(r"[^\W\d_]+", match.group(1))]
        is_name = inside and all(word in _NAMES for word in inside)
        if is_name:
            self._ask("two")
        self.numbers += _identifications(match.group(1).split())
        self._cuts_a_tail = True
        return self._drop("brackets")

    def _join(self, text: str) -> list[str]:
        """The words of the one part that is a name."""
        parts = _SEPARATOR.split(text)
        marks = [mark.strip() for mark in _SEPARATOR.findall(text)]
        read = [self._words_of(part) for part in parts]
        named = [index for index, part in enumerate(read) if part]
        if len(named) < 2:
            return read[named[0]] if named else []
        between = [marks[index - 1] for index in named[1:]]
        tail = read[named[-1]]
        if len(named) == 2 and named[1] == named[0] + 1 and not self.cut:
            # «Pérez, Juan» is one name, and so is «Muñoz - Díaz».
            if between == [","]:
                return read[named[0]] + tail
            if set(between[0]) <= set("-‐‑–−") and len(tail) == 1 and _plain(tail[0]) in SURNAMES:
                return read[named[0]] + tail
        self._ask("two")
        return [word for part in read for word in part]

    def _words_of(self, part: str) -> list[str]:
        """The words of a part up to the first that is of no name."""
        found = [word.strip(".,-'’") for word in _GLUED_LABEL.sub(r"\1 ", part).split()]
        found = [word for word in found if re.search(r"[^\W_]|[?¿\ufffd&]", word)]
        while found and (kind := _before_a_name(found)):
            self.cut.append(kind)
            found.pop(0)
        for index in range(len(found)):
            if kind := _noise_at(found, index):
                return self._head(found, index, kind)
        return found

    def _head(self, found: list[str], index: int, kind: str) -> list[str]:
        head, tail = found[:index], found[index:]
        if kind == "street":
            self._ask("not_a_name")
            return found
        self.numbers += _identifications(tail)
        if kind == "doubtful" and not any(_is_certain(tail, place) for place in range(len(tail))):
            self._ask("not_a_name")
            return found
        if kind in ("number", "phone", "identification") and _goes_on(tail):
            self._ask("two")
            return found
        self.cut.append("instruction" if kind == "doubtful" else kind)
        if kind == "number" and len(tail) == 1:
            return head
        while head and _plain(head[-1]) in words.LOOSE_ENDS:
            head.pop()
        self._cuts_a_tail = True
        return head


def _before_a_name(found: list[str]) -> str:
    plain = _plain(found[0])
    if plain in TITLES and len(found) > 1:
        return "title"
    return "order" if plain in words.BEFORE_A_NAME else ""


def _noise_at(found: list[str], index: int) -> str:
    """What begins at this word that is no name: a key of CUTS, 'doubtful', or ''."""
    plain = _plain(found[index])
    following = found[index + 1] if index + 1 < len(found) else ""
    before_number = following[:1].isdigit() or following[:1] == "#"
    if plain in words.SURNAME_OR_STREET and before_number:
        return "street"
    is_ordinal = plain in words.ORDINALS or plain.isdigit() or _ORDINAL.fullmatch(found[index])
    if is_ordinal and _plain(following) in words.PLACES:
        return "place"
    if plain in words.PLACES or (plain in words.PLACES_WITH_NUMBER and before_number):
        return "place"
    if plain in words.ID_LABELS or (plain in words.ID_LABELS_WITH_NUMBER and before_number):
        return "identification"
    if plain in words.PHONE_LABELS:
        return "phone"
    if plain in words.INSTRUCTIONS:
        return "instruction"
    if plain in words.DOUBTFUL:
        return "doubtful"
    if re.fullmatch(r"[#(]?[\d.,()+-]+", found[index]):
        digits = _digits(found[index] + "".join(_numeric_run(found[index + 1 :])))
        if clean_phone(digits):
            return "phone"
        return "identification" if len(digits) >= _LONG_NUMBER else "number"
    return ""


def _is_certain(found: list[str], index: int) -> bool:
    return _noise_at(found, index) not in ("", "doubtful", "street", "number")


def _goes_on(tail: list[str]) -> bool:
    """Whether words follow a number or its label that may belong to the name again."""
    for index, word in enumerate(tail):
        if _noise_at(tail, index) in ("instruction", "place"):
            return False
        if re.search(r"[^\W\d_]", word) and not _noise_at(tail, index):
            return _plain(word) not in words.LOOSE_ENDS
    return False


def _numeric_run(found: list[str]) -> list[str]:
    run = []
    for word in found:
        if not re.fullmatch(r"[\d.,()+-]+", word):
            break
        run.append(word)
    return run


def _identifications(found: list[str]) -> list[str]:
    """Numbers that are an identification: behind its label, or long and no telephone."""
    numbers = []
    label = ""
    for index, word in enumerate(found):
        plain = _plain(word.strip(".:#-"))
        if re.fullmatch(r"[#]?[\d.,()+-]+", word):
            if index and re.fullmatch(r"[#]?[\d.,()+-]+", found[index - 1]):
                continue
            digits = _digits("".join([word, *_numeric_run(found[index + 1 :])]))
            if len(digits) >= _LONG_NUMBER and (
                label == "id" or (not label and not clean_phone(digits))
            ):
                numbers.append(digits)
            label = ""
        elif plain in words.ID_LABELS | words.ID_LABELS_WITH_NUMBER:
            label = "id"
        elif plain in words.PHONE_LABELS or plain in words.PLACES | words.PLACES_WITH_NUMBER:
            label = "other"
    return numbers


def _digits(text: str) -> str:
    return re.sub(r"\D", "", text)


def _plain(word: str) -> str:
    decomposed = unicodedata.normalize("NFD", word.lower())
    return "".join(sign for sign in decomposed if sign.isalnum())


_NAMES = PARTICLES | SECOND_GIVEN_NAMES | SURNAMES
