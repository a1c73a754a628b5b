"""How the stamp of an invoice looks in an answer, as the facts about it say."""

from __future__ import annotations

from typing import Any

from integrations.simulators.alegra.books import Books
from integrations.simulators.storage import Record

Words = list[dict[str, str]]


def told(words: Words, kind: str) -> list[str]:
    """Words as the DIAN writes them; ``kind`` is Rechazo or Notificación."""
    return [
        f"Regla: {word['code']}, {kind}: {word['message']}" if word["code"] else word["message"]
        for word in words
    ]


def show_stamp(books: Books, record: Record) -> Any:
    """The stamp as an answer has it; None before there is one."""
    facts, stamp = books.facts, record.get("stamp")
    if stamp is None:
        template = books.look("number-templates", record["template"]["id"])
        is_pending = facts["unstamped"] == "pending" and template and template["isElectronic"]
        return {"legalStatus": "PENDING"} if is_pending else None
    status = stamp["legalStatus"]
    if facts["legal_status"] == "bare":
        status = next(word for word in ("REJECTED", "ACCEPTED", "PENDING") if word in _bare(status))
    shown = {**stamp, "legalStatus": status}
    warnings, errors = shown.pop("warnings", None), shown.pop("errors", None)
    if warnings is not None:
        shown["warnings"] = _in_form(books, warnings, "Notificación")
    if errors:
        reasons = _in_form(books, errors, "Rechazo")
        if facts["rejection_told"] == "warnings":
            shown["warnings"] = [*shown["warnings"], *reasons]
        elif facts["rejection_told"] != "answer":
            shown["errors"] = reasons
    return shown


def _bare(status: str) -> str:
    return "PENDING" if "WAIT" in status else status


def _in_form(books: Books, words: Words, kind: str) -> list[Any]:
    if books.facts["stamp_words"] == "objects":
        return [dict(word) for word in words]
    return list(told(words, kind))
