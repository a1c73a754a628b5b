"""What people write in the field of a name that is no name: cut where that is certain, else asked.

Source: Colombian invoicing reference, "Names": clean, keep the original, invent nothing. The
words stand in `noise_words`. A correct name comes back as it is.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field

from integrations.colombia import noise_words as words
from integrations.colombia.company_names import looks_like_company
from integrations.colombia.contact_details import clean_phone
from integrations.colombia.longest import line
from integrations.colombia.name_words import PARTICLES, SECOND_GIVEN_NAMES, SURNAMES
from integrations.colombia.noise_in_words import (
    before_a_name,
    digits_of,
    goes_on,
    identifications,
    is_certain,
    names_two,
    noise_at,
    plain_word,
)

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
    "nothing": "una palabra que no dice nada",
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

_ADDRESS = re.compile(r"(?<=\S)@[^\s@]+\.\w|https?://|www\.|\.(?:com|co|net)\b", re.IGNORECASE)
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
    "|[^\\W\\d_][´`~¨^¡¢£¤¥¦§©®¬¯°±¸¼½¾\u2200-\u22ff\u2500-\u259f]"
    "|[\u2200-\u22ff\u2500-\u259f][^\\W\\d_]"
)
_GLUED_LABEL = re.compile(r"(cc|nit|cel|tel|apto|piso|torre|cra|cll)[.:#-]*(?=\d)", re.IGNORECASE)


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
    reading = _Reading(unicodedata.normalize("NFC", line(text)))
    return reading.result()


def read_company(text: str) -> ReadName:
    """A company's name: a number behind it that says it is its NIT is cut, the rest is kept."""
    text = line(text)
    kept, numbers = text, ()
    if found := re.search(r"[\s,-]*\b(?:nit|rut)\b[\s.:#]*(\d[\d.,\s-]{5,})$", text, re.IGNORECASE):
        kept, numbers = text[: found.start()].strip(), (digits_of(found.group(1)),)
    why = "two" if _names_a_person_too(kept) else ""
    plain = {plain_word(word) for word in re.findall(r"\w+", kept)}
    if _LOST.search(kept.replace("®", "").replace("°", "")):
        why = "unreadable"
    elif plain & words.NOT_OF_A_COMPANY or any(
        clean_phone(run) for run in re.findall(r"\d[\d\s.-]{8,}\d", kept)
    ):
        why = "not_a_name"
    return ReadName(kept, ("identification",) if numbers else (), why, numbers)


def _names_a_person_too(text: str) -> bool:
    """Whether a sign parts a company's name from a person's: "Carlos Mesa - La Loma SAS"."""
    parts = [part.strip() for part in re.split(r"\s[-–—]\s|\s?[/|(]\s?|\)", text) if part.strip()]
    if len(parts) < 2 or not any(looks_like_company(part) for part in parts):
        return False
    return any(_is_a_persons(part) for part in parts if not looks_like_company(part))


def _is_a_persons(part: str) -> bool:
    found = [plain_word(word) for word in part.split()]
    return 2 <= len(found) <= 5 and any(word in SECOND_GIVEN_NAMES for word in found[:2])


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
        inside = [plain_word(word) for word in re.findall(r"[^\W\d_]+", match.group(1))]
        is_name = inside and all(word in _NAMES for word in inside)
        if is_name:
            self._ask("two")
        self.numbers += identifications(match.group(1).split())
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
            if (
                set(between[0]) <= set("-‐‑–−")
                and len(tail) == 1
                and plain_word(tail[0]) in SURNAMES
            ):
                return read[named[0]] + tail
        self._ask("two")
        return [word for part in read for word in part]

    def _words_of(self, part: str) -> list[str]:
        """The words of a part up to the first that is of no name."""
        found = [word.strip(".,-'’") for word in _GLUED_LABEL.sub(r"\1 ", part).split()]
        found = [word for word in found if re.search(r"[^\W_]|[?¿\ufffd&]", word)]
        said = [word for word in found if plain_word(word) not in words.NOTHING]
        if said and len(said) < len(found):
            self.cut.append("nothing")
            found = said
        while found and (kind := before_a_name(found)):
            self.cut.append(kind)
            found.pop(0)
        if names_two(found):
            self._ask("two")
        for index in range(len(found)):
            if kind := noise_at(found, index):
                return self._head(found, index, kind)
        return found

    def _head(self, found: list[str], index: int, kind: str) -> list[str]:
        head, tail = found[:index], found[index:]
        if kind == "street":
            self._ask("not_a_name")
            return found
        self.numbers += identifications(tail)
        if kind == "doubtful" and not any(is_certain(tail, place) for place in range(len(tail))):
            self._ask("not_a_name")
            return found
        if kind in ("number", "phone", "identification") and goes_on(tail):
            self._ask("two")
            return found
        self.cut.append("instruction" if kind == "doubtful" else kind)
        if kind == "number" and len(tail) == 1:
            return head
        while head and plain_word(head[-1]) in words.LOOSE_ENDS:
            head.pop()
        self._cuts_a_tail = True
        return head


_NAMES = PARTICLES | SECOND_GIVEN_NAMES | SURNAMES
