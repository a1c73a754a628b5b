"""Words of a name, one after another: which of them belong to no name.

Source: Colombian invoicing reference, "Names". A list of words comes in, as they are spelled.
"""

from __future__ import annotations

import re
import unicodedata

from integrations.colombia import noise_words as words
from integrations.colombia.contact_details import clean_phone
from integrations.colombia.longest import line
from integrations.colombia.name_words import SECOND_GIVEN_NAMES, SURNAMES, TITLES

_ORDINAL = re.compile(r"\d{1,2}(?:er|ro|do|da|ra|to|ta|mo|vo|no|o|°|º)\.?", re.IGNORECASE)
_LONG_NUMBER = 5


def names_two(found: list[str]) -> bool:
    """Whether a word joins two buyers. "Ortega y Gasset" is one surname: behind the word there
    must be a given name, unless it is "o"."""
    for index in range(1, len(found) - 1):
        plain, behind = plain_word(found[index]), plain_word(found[index + 1])
        if plain in ("o", "u") and found[index - 1 : index] and behind not in words.LOOSE_ENDS:
            return True
        if plain in ("y", "e") and behind in SECOND_GIVEN_NAMES - SURNAMES:
            return True
    return False


def before_a_name(found: list[str]) -> str:
    plain = plain_word(found[0])
    if plain in TITLES and len(found) > 1:
        return "title"
    return "order" if plain in words.BEFORE_A_NAME else ""


def noise_at(found: list[str], index: int) -> str:
    """What begins at this word that is no name: a key of CUTS, 'doubtful', or ''."""
    plain = plain_word(found[index])
    following = found[index + 1] if index + 1 < len(found) else ""
    before_number = following[:1].isdigit() or following[:1] == "#"
    if plain in words.SURNAME_OR_STREET and before_number:
        return "street"
    is_ordinal = plain in words.ORDINALS or plain.isdigit() or _ORDINAL.fullmatch(found[index])
    if is_ordinal and plain_word(following) in words.PLACES:
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
        digits = digits_of(found[index] + "".join(numeric_run(found[index + 1 :])))
        if clean_phone(digits):
            return "phone"
        return "identification" if len(digits) >= _LONG_NUMBER else "number"
    return ""


def is_certain(found: list[str], index: int) -> bool:
    return noise_at(found, index) not in ("", "doubtful", "street", "number")


def goes_on(tail: list[str]) -> bool:
    """Whether words follow a number or its label that may belong to the name again."""
    for index, word in enumerate(tail):
        if noise_at(tail, index) in ("instruction", "place"):
            return False
        if re.search(r"[^\W\d_]", word) and not noise_at(tail, index):
            return plain_word(word) not in words.LOOSE_ENDS
    return False


def numeric_run(found: list[str]) -> list[str]:
    run = []
    for word in found:
        if not re.fullmatch(r"[\d.,()+-]+", word):
            break
        run.append(word)
    return run


def identifications(found: list[str]) -> list[str]:
    """Numbers that are an identification: behind its label, or long and no telephone."""
    numbers = []
    label = ""
    for index, word in enumerate(found):
        plain = plain_word(word.strip(".:#-"))
        if re.fullmatch(r"[#]?[\d.,()+-]+", word):
            if index and re.fullmatch(r"[#]?[\d.,()+-]+", found[index - 1]):
                continue
            digits = digits_of("".join([word, *numeric_run(found[index + 1 :])]))
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


def digits_of(text: str) -> str:
    return re.sub(r"\D", "", line(text))


def plain_word(word: str) -> str:
    decomposed = unicodedata.normalize("NFD", line(word).lower())
    return "".join(sign for sign in decomposed if sign.isalnum())
