"""What follows from a refusal to emit, by what it names."""

from __future__ import annotations

from enum import Enum

from integrations.documents.models import Document
from integrations.sending.problem_kinds import Found


class Follows(Enum):
    WAIT = "wait"
    LATER = "later"
    PERSON = "person"
    REJECTED = "rejected"


def what_follows(code: str, message: str) -> Follows:
    if "AEP2011" in message:
        return Follows.WAIT
    if "EPR5" in message:
        return Follows.LATER
    if "Regla" in message or "DIAN rechaz" in message:
        return Follows.REJECTED
    return Follows.PERSON


def problem_of(document: Document, *, code: str, message: str) -> Found:
    return Found("rejected", code or "emission", {"message": message})
