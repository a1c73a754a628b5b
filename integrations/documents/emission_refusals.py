"""What a refused emission means: which problem it makes, and what follows from it.

The codes are those of Alegra's provider, which stand inside a message (Alegra reference, "Stamp
(DIAN) errors"; the manual and the source of a public client name the same). A code that has no
sentence of ours is shown in Alegra's own words and counted for staff. Nothing here makes an
invoice be sent again: who emits reads it first.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from enum import StrEnum
from typing import Any

from django.db.models import Q

from integrations.alegra import stamp_words
from integrations.alegra.client import AlegraClient
from integrations.alegra.document import Document as AlegraDocument
from integrations.alegra.errors import Rejected
from integrations.alegra.shapes import identity, one
from integrations.alegra.stamp_words import Word
from integrations.colombia.dates import bogota_today
from integrations.colombia.dian_rules import Cure, is_translated, rule_of
from integrations.colombia.masking import mask_text
from integrations.configuration.numberings import KIND, NOT_ELECTRONIC
from integrations.documents import numbering_state, stock_missing, units_missing
from integrations.documents.models import Document
from integrations.documents.numbering_state import Named, numbering_of
from integrations.sending import told
from integrations.sending.about import about
from integrations.sending.actions import EMIT_INVOICES
from integrations.sending.problem_kinds import Found
from integrations.sending.problems.emission import UNTRANSLATED
from integrations.timekeeping import clock

# What a plan, a permission or the certificate may lack; the causes are known by it.
ACTION = EMIT_INVOICES
ALREADY_SENT = frozenset({"AEP2011", "90"})
SILENT = frozenset({"EPR500", "EPR503"})
_CERTIFICATE = {
    "AEP1001": "no es válido",
    "AEP1003": "no está cargado",
    "AEP1005": "está vencido",
}
_NOT_ENABLED = "AEP6008"
_NUMBERING = {
    "AEP6009": "ese número ya se usó en otro documento",
    "AEP6011": "el número está por fuera de lo que la DIAN autorizó",
}
_BUYER = {
    "AEP6012": "el tipo de persona",
    "AEP6013": "el tipo de identificación",
    "AEP6014": "el nombre",
    "AEP6015": "el régimen",
    "AEP6016": "el correo",
    "AEP6017": "la dirección",
}
# The field that is missing, as the call names it, and the code of the same in the catalogue.
_UNIT = re.compile(r"\bitems\.\d+\.unit\b", re.IGNORECASE)
_NO_UNIT = "1039"
# The wording of a rejection that names no rule.
_REJECTED = re.compile(r"\bDIAN\b.{0,40}\brechaz", re.IGNORECASE)
Rows = Sequence[dict[str, Any]]
LONGEST = 300


class Follows(StrEnum):
    """What follows from a refusal, after the invoice was read."""

    # The DIAN has it, or is about to: only read.
    WAIT = "wait"
    # The DIAN did not answer: read, and where it was not emitted, later once more.
    LATER = "later"
    # A person is needed: blocked on its problem, the draft stays.
    PERSON = "person"
    # The DIAN said no.
    REJECTED = "rejected"
    # It is unknown which invoice of the call is meant, so each is sent once more, alone.
    ALONE = "alone"


WAIT, LATER, PERSON, REJECTED = Follows.WAIT, Follows.LATER, Follows.PERSON, Follows.REJECTED


# Causes in words that have no sentence of ours: staff counts them, so that they get one.
WITHOUT_SENTENCE = Q(code=UNTRANSLATED) | Q(code="dian_rejected", params__unknown__0__isnull=False)


def code_of(code: str, message: str) -> str:
    """The code of the provider, or of Alegra's own catalogue; '' where the answer has neither.

    `code`: as answered. It may be only the status of the answer, 200 or 400, which is no code.
    """
    named = stamp_words.provider_code(code, message)
    status = str(code or "").strip()
    return named or ("" if status in ("", "200", "400") else status)


def what_follows(code: str, message: str) -> Follows:
    """What follows from a refusal in these words."""
    named = code_of(code, message)
    words = stamp_words.of_text(message)
    refused = stamp_words.refusals(words)
    if named in ALREADY_SENT or any(word.code in ALREADY_SENT for word in refused):
        return WAIT
    if named in SILENT or named.startswith("EPR5"):
        return LATER
    if not named and (refused or _REJECTED.search(message or "")):
        return REJECTED
    return PERSON


def problem_of(document: Document, *, message: str, code: str = "", template: str = "") -> Found:
    """The problem that a refusal in these words makes. Makes no call.

    `template`: the id of the draft's numbering, where it was read.
    """
    if what_follows(code, message) is REJECTED:
        return rejection(document, rows_of(document, code=code, message=message))
    named = code_of(code, message)
    if named in _CERTIFICATE:
        return _of_the_account("certificate", document, message, why=_CERTIFICATE[named])
    if named == _NOT_ENABLED:
        return _not_electronic(document, template) or _of_the_account(
            "not_enabled", document, message
        )
    if named in _BUYER:
        what = _BUYER[named]
        return about(document, "buyer_data_missing", what=what, said=_said(document, message))
    if named in _NUMBERING:
        return _of_numbering(document, message, template, _NUMBERING[named])
    if _UNIT.search(message or "") or named == _NO_UNIT:
        without = units_missing.of_order(document)
        if without:
            return without[0]
    return _unknown(document, named, message, template)


def explained(
    client: AlegraClient,
    document: Document,
    *,
    code: str,
    message: str,
    found: AlegraDocument | None = None,
) -> tuple[Found, ...]:
    """The problems behind a refusal, after reading in Alegra what may explain it.

    `found` is the draft as it was read. A numbering is read again; where the words explain
    nothing, so are the products: more asked than is there is *Sin existencias*. Raises
    BudgetExhausted and RateLimited: then nothing is known yet. No transaction may be open.
    """
    template = identity(one(found.raw.get("numberTemplate"))) if found is not None else ""
    named = code_of(code, message)
    if what_follows(code, message) is PERSON and (named in _NUMBERING or not _is_known(named)):
        numbering_state.read_one(client, document, numbering_of(document, template))
        if named not in _NUMBERING and not _UNIT.search(message or ""):
            missing = stock_missing.look(client, document, found)
            if missing:
                said = _said(document, message)
                return tuple(told.with_words(each, said) for each in missing)
    of_unit = bool(_UNIT.search(message or "")) or named == _NO_UNIT
    if of_unit and (without := units_missing.look(client, document, found)):
        return without
    return (problem_of(document, code=code, message=message, template=template),)


def rejection(document: Document, rows: Rows) -> Found:
    """The problem of a rejection by the DIAN: each rule that it names, in the portal's words, and
    where the merchant corrects it. `rows`: as `rows_of` returns them.
    """
    told_of = [Word(row["code"], row["message"], bool(row.get("notice"))) for row in rows]
    refused = stamp_words.refusals(told_of) or [word for word in told_of if not word.is_notice]
    why, cures = [], []
    for word in refused:
        rule = rule_of(word.code) if word.code else None
        sentence = rule.sentence if rule else word.message
        why.append(f"{sentence} (regla {word.code})".strip() if word.code else sentence)
        cures.append(rule.cure.value if rule else Cure.ALEGRA.value)
    return about(
        document,
        "dian_rejected",
        why="; ".join(filter(None, dict.fromkeys(why))) or "no dijo por qué; míralo en Alegra",
        rules=[word.code for word in refused if word.code],
        unknown=[word.code for word in refused if not is_translated(word.code)],
        # The buyer's data can be put right here; of all else the order's page tells.
        cure=Cure.BUYER.value if Cure.BUYER.value in cures else (cures or [""])[0],
        said=told.cut("; ".join(filter(None, map(_as_told, refused)))),
    )


def rows_of(
    document: Document, *, stamp: Any = None, code: str = "", message: str = ""
) -> list[dict[str, Any]]:
    """What was said of an invoice, masked, as it is kept: {"code", "message"}, and "notice" for
    what refuses nothing. `stamp` as it was read; else the answer's code and words."""
    words = stamp_words.of_stamp(stamp) if stamp is not None else stamp_words.of_text(message)
    if stamp is None and (named := code_of(code, message)):
        words = words or (Word(named, ""),)
        if not words[0].code:
            words = (Word(named, words[0].message), *words[1:])
    return [
        {
            "code": word.code,
            "message": _masked(document, word.message)[:LONGEST],
            **({"notice": True} if word.is_notice else {}),
        }
        for word in words
    ]


def _as_told(word: Word) -> str:
    return f"Regla {word.code}: {word.message}" if word.code and word.message else word.message


def _is_known(code: str) -> bool:
    return code in _CERTIFICATE or code in _BUYER or code == _NOT_ENABLED


def _of_the_account(code: str, document: Document, message: str, **params: str) -> Found:
    """All invoices of the integration wait with the same; one is tried by itself."""
    said = _said(document, message)
    return Found(code, ACTION, {"action": ACTION, "said": said, **params})


def _of_numbering(document: Document, message: str, template: str, why: str) -> Found:
    named = numbering_of(document, template)
    found = numbering_state.problem_of(named, bogota_today(clock.now()))
    said = _said(document, message)
    if found is not None:
        return told.with_words(found, said)
    params = {"name": named.name, "why": why, "reference": KIND.value}
    return Found("numbering_refused", named.subject, {**params, "said": said})


def _not_electronic(document: Document, template: str) -> Found | None:
    named: Named = numbering_of(document, template)
    found = numbering_state.problem_of(named, bogota_today(clock.now()))
    is_it = found is not None and found.code == NOT_ELECTRONIC
    return found if is_it else None


def _unknown(document: Document, code: str, message: str, template: str) -> Found:
    """Nothing of the words is known: the numbering's state, the account's limit, or the words."""
    named = numbering_of(document, template)
    numbering = numbering_state.problem_of(named, bogota_today(clock.now()))
    if numbering is not None and not code:
        return told.with_words(numbering, _said(document, message))
    error = Rejected(message or "", code=code or None)
    of_account = told.problem_of(document, error, action=ACTION)
    if of_account.code == "limit":
        return of_account
    shown = f" (código {code})" if code else ""
    words = _without(code, _masked(document, message)).rstrip(".") or "sin decir por qué"
    params = {"message": told.cut(words), "code": shown}
    return Found(UNTRANSLATED, told.fingerprint(error), params)


def _without(code: str, words: str) -> str:
    """The words without the code that they begin with: it is shown behind them."""
    return re.sub(rf"^{re.escape(code)}\b[\s:.,·-]*", "", words) if code else words


def _said(document: Document, message: str) -> str:
    return told.cut(_masked(document, message))


def _masked(document: Document, message: str) -> str:
    return mask_text(message or "", known=document.private_words())
