"""Whether what a buyer gave as identification may stand on a document.

Source: Colombian invoicing reference, "Identity documents". Nothing is ever completed or
corrected in silence: a number is usable as it was meant, or a person is asked. What it may mean
is another table (`identity_readings`).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from integrations.colombia.company_names import looks_like_company
from integrations.colombia.contact_details import clean_phone
from integrations.colombia.identity_types import LETTERED, PATTERNS, read_type
from integrations.colombia.longest import line
from integrations.colombia.masks import is_masked_number
from integrations.colombia.nit import check_digit, split_glued, split_persons

Verdict = Literal["usable", "missing", "ask", "wrong"]

SENTENCES = {
    "ok": "La identificación es utilizable.",
    "letters_in_card": "La identificación tiene letras, como algunas tarjetas antiguas: revísala.",
    "empty": "El pedido no trae número de identificación.",
    "too_short": "El número de identificación tiene menos de cinco dígitos.",
    "repeated": "El número de identificación repite un solo dígito.",
    "counting": "El número de identificación es una secuencia inventada.",
    "phone": "El número de identificación es el teléfono del comprador.",
    "implausible": "El número de identificación no tiene la forma de ese tipo de documento.",
    "nit_or_cc": "¿NIT o cédula? El número puede ser de una empresa o de una persona.",
    "dv_wrong": "El dígito de verificación no corresponde al NIT: revisa el número.",
    "unknown_type": "El tipo de documento no es uno de los que admite la DIAN.",
    "glued_dv": "¿NIT o cédula? El número parece un NIT con su dígito de verificación pegado.",
    "cc_of_a_nit": "¿NIT o cédula? Ninguna cédula tan larga empieza así.",
    "digit_or_not": "La última cifra del número puede ser su dígito de verificación.",
    "company_name": "¿NIT o cédula? El nombre es de una empresa y el documento, de una persona.",
    "masked": "El número de identificación llegó tapado, sin todas sus cifras.",
    "a_phone": "El número de identificación parece un teléfono.",
    "seller": "El número de identificación es el NIT de tu propia empresa.",
}
# Of these the type is in doubt, not the number.
NIT_OR_CC = frozenset({"nit_or_cc", "glued_dv", "cc_of_a_nit", "digit_or_not", "company_name"})

# The last two are what programs write where nothing was typed.
_EMPTY = {
    *("", "0", "SINDATOS", "NOAPLICA", "NOTIENE", "SINDOCUMENTO", "NINGUNO", "NULL", "NONE"),
    *("NA", "NAN", "UNDEFINED"),
}
# A company from abroad may have one.
_FOREIGN = ("FOREIGN_NIT", "DIE")
_LABEL = re.compile(
    r"^(?:(c\.?\s?c|c\.?\s?e|t\.?\s?i|nit|c[eé]dula(?:\s+de\s+ciudadan[ií]a)?|pasaporte|p\.?p|ppt|pep)"
    r"[\s.:#-]+|(cc|nit)(?=\d))",
    re.IGNORECASE,
)
_NUMBER_LABEL = re.compile(
    r"^\s*(?:n[oº°]\s*[.:]?|n[uú]m(?:ero)?\b\.?|#)\s*(?=[\d.])", re.IGNORECASE
)
# A spreadsheet turned the number into a decimal one. A group of thousands has three digits,
# so one or two zeros at the end can be nothing else.
_SPREADSHEET_ZERO = re.compile(r"[.,]0{1,2}$")
# Behind a hyphen, or whatever else people set a single digit apart with.
_GIVEN_DV = re.compile(
    r"^([\d.,\s]*\d)(?:\s*[-–—/_]\s*|\s+|[.,](?=\d$)|[\s,-]*\bd\.?\s?v\.?[\s:.=-]*)(\d)$",
    re.IGNORECASE,
)
_COUNTING = ("12345678901234567890", "01234567890123456789")


@dataclass(frozen=True)
class Judgement:
    """What to do with an identification.

    `usable` goes on the document; `missing` means *Cliente no identificado*; `ask` and
    `wrong` wait for a person. `type` is Alegra's code, `number` the cleaned number without
    check digit, `dv` only with NIT. `reason` is a key of SENTENCES; no sentence repeats the
    number.
    """

    verdict: Verdict
    type: str | None
    number: str
    dv: int | None
    is_company: bool
    reason: str
    sentence: str


def judge(
    doc_type: str | None,
    number: str | None,
    *,
    phone: str | None,
    name: str = "",
    seller: str = "",
    is_certain: bool = False,
) -> Judgement:
    """Judge the type and number of a buyer's document as the order brought them.

    `phone` is the buyer's telephone in any writing: a number equal to it is no identification.
    `name` is the buyer's whole name, `seller` the NIT of the company that sells, without its
    check digit; empty where they are not known. What was typed and cannot be used is asked
    about: only what says nothing at all counts as missing. `is_certain`: a person said that
    this is the type and the number, so what else they may mean is not asked.
    """
    read = read_number(doc_type, number)
    kind, clean = read.kind, read.clean

    if is_masked_number(read.bare, may_have_letters=kind in LETTERED):
        return _judgement("wrong", kind, clean, "masked")
    if reason := _why_missing(clean, kind, phone):
        return _judgement("missing", kind, clean, reason)
    if not read.is_known:
        return _judgement("wrong", None, clean, "unknown_type")
    if reason := _whose_else(clean, kind, seller):
        return _judgement("wrong", kind, clean, reason)
    if read.labelled and kind != read.labelled and "NIT" in (read.labelled, kind):
        return _judgement("ask", None, clean, "nit_or_cc")
    judged = _judge_by_type(kind, clean, read.dv)
    is_persons = judged.verdict == "usable" and not judged.is_company and kind not in _FOREIGN
    if is_persons and looks_like_company(name):
        return _judgement("ask", None, clean, "company_name")
    if judged.verdict == "usable" and not is_certain and read.dv is None:
        return _doubted(judged)
    return judged


@dataclass(frozen=True)
class Read:
    """An identification in its parts.

    `kind` is its type; None where the order names none, or one that is not understood (then
    `is_known` is false). `labelled` is a type written beside the number. `bare` is the number as
    written, and `clean` its letters and digits without the check digit `dv`.
    """

    kind: str | None
    is_known: bool
    labelled: str | None
    bare: str
    clean: str
    dv: int | None


def read_number(doc_type: str | None, number: object) -> Read:
    kind, is_known = read_type(doc_type)
    labelled, bare = _take_label(number, kind)
    if is_known and kind is None:
        kind = labelled
    digits, dv = _take_dv(bare)
    clean = re.sub(r"[^0-9A-Z]", "", digits.upper())
    return Read(kind, is_known, labelled, bare, clean, dv)


def _judge_by_type(kind: str | None, clean: str, given_dv: int | None) -> Judgement:
    if given_dv is not None:
        return _judge_with_dv(kind, clean, given_dv)
    if kind is None:
        return _judge_without_type(clean)
    if kind == "NIT":
        return _judge_nit(clean)
    if not PATTERNS[kind].fullmatch(clean):
        return _judgement("wrong", kind, clean, "implausible")
    letters = kind in ("CE", "TE") and not clean.isdigit()
    return _judgement("usable", kind, clean, "letters_in_card" if letters else "ok")


def _judge_without_type(clean: str) -> Judgement:
    if not PATTERNS["CC"].fullmatch(clean):
        return _judgement("wrong", None, clean, "implausible")
    if len(clean) in (9, 10) and clean[0] in "89":
        return _judgement("ask", None, clean, "nit_or_cc")
    return _judgement("usable", "CC", clean, "ok")


def _doubted(judged: Judgement) -> Judgement:
    """The same, unless the digits can also be read as another number, or a number and its check
    digit. How many cédulas would be asked about for nothing decides where: only of a NIT is it
    usual to write the digit along."""
    clean = judged.number
    if judged.type == "CC" and len(clean) == 10 and clean[0] in "89":
        reason = "glued_dv" if split_glued(clean) else "cc_of_a_nit"
        return _judgement("ask", None, clean, reason)
    if judged.type == "CC" and len(clean) == 9:
        # There are no cédulas of nine digits: a company's NIT, or a cédula and its digit.
        if clean[0] in "89":
            return _judgement("ask", None, clean, "nit_or_cc")
        if split_persons(clean):
            return _judgement("ask", None, clean, "digit_or_not")
    if judged.type == "NIT" and not judged.is_company and split_persons(clean):
        return _judgement("ask", "NIT", clean, "digit_or_not")
    return judged


def _judge_nit(clean: str) -> Judgement:
    if glued := split_glued(clean):
        return _usable_nit(glued[0])
    if not PATTERNS["NIT"].fullmatch(clean):
        if split_persons(clean):
            return _judgement("ask", "NIT", clean, "digit_or_not")
        return _judgement("wrong", "NIT", clean, "implausible")
    if len(clean) == 10 and clean[0] in "89":
        # No cédula of ten digits begins so: this is a company's NIT with another digit glued on.
        return _judgement("wrong", "NIT", clean, "dv_wrong")
    return _usable_nit(clean)


def _judge_with_dv(kind: str | None, base: str, given_dv: int) -> Judgement:
    if kind not in (None, "NIT"):
        if kind in LETTERED:
            # A hyphen is part of a foreign number.
            return _judge_by_type(kind, f"{base}{given_dv}", None)
        # A cédula carries no check digit; a person with RUT has one, on the NIT.
        return _judgement("ask", None, base, "nit_or_cc")
    if not PATTERNS["NIT"].fullmatch(base):
        return _judgement("wrong", "NIT", base, "implausible")
    if check_digit(base) != given_dv:
        return _judgement("wrong", "NIT", base, "dv_wrong")
    return _usable_nit(base)


def _why_missing(clean: str, kind: str | None, phone: str | None) -> str:
    """Return the reason why there is no identification at all, or ''."""
    if clean in _EMPTY or not clean.strip("0"):
        return "empty"
    if clean.isdigit() and len(clean) < 5 and kind not in LETTERED:
        return "too_short"
    if len(clean) > 1 and len(set(clean)) == 1:
        return "repeated"
    if len(clean) >= 5 and any(digits.startswith(clean) for digits in _COUNTING):
        return "counting"
    if _is_phone(clean, phone):
        return "phone"
    return ""


def _is_phone(clean: str, phone: str | None) -> bool:
    digits = clean_phone(phone) or re.sub(r"\D", "", line(phone or ""))
    return bool(digits) and clean in {digits, f"57{digits}", digits.removeprefix("57")}


def _whose_else(clean: str, kind: str | None, seller: str) -> str:
    """Return why the number is certainly not the buyer's identification, or ''."""
    own = re.sub(r"\D", "", line(seller))
    glued = split_glued(clean)
    if own and own in (clean, glued[0] if glued else ""):
        return "seller"
    # Cédulas of ten digits begin with 1: 3 and 60 are mobile and fixed telephones.
    if kind not in LETTERED and clean_phone(clean) == clean:
        return "a_phone"
    return ""


def _take_label(number: object, kind: str | None) -> tuple[str | None, str]:
    """Split `C.C. No. 52.123.456` into the type it names and the rest."""
    text = line(number).strip()
    labelled = None
    if match := _LABEL.match(text):
        named = read_type(match.group(1) or match.group(2))[0]
        # A passport may begin with the letters of another document.
        if kind not in LETTERED or kind == named:
            labelled, text = named, text[match.end() :]
    text = _NUMBER_LABEL.sub("", text).strip()
    return labelled, _SPREADSHEET_ZERO.sub("", text)


def _take_dv(text: str) -> tuple[str, int | None]:
    """Split `900.123.456-7` into the base and the check digit somebody wrote."""
    if match := _GIVEN_DV.match(text):
        return match.group(1), int(match.group(2))
    return text, None


def _usable_nit(base: str) -> Judgement:
    is_company = len(base) == 9 and base[0] in "89"
    return Judgement("usable", "NIT", base, check_digit(base), is_company, "ok", SENTENCES["ok"])


def _judgement(verdict: Verdict, kind: str | None, number: str, reason: str) -> Judgement:
    # Alegra lists no PPT; it takes the card as a foreigner's document.
    code = "DIE" if kind == "PPT" else kind
    return Judgement(verdict, code, number, None, False, reason, SENTENCES[reason])
