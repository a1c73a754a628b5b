"""How the API says no. Several envelopes, because the real one has several."""

from __future__ import annotations

from typing import Any


class Refused(Exception):
    """The request is refused: ``status`` and ``body`` are the answer, nothing is kept."""

    def __init__(self, status: int, body: dict[str, Any]) -> None:
        super().__init__(str(body))
        self.status = status
        self.body = body

    @property
    def message(self) -> str:
        """Its sentence, from whichever envelope."""
        told = self.body.get("message") or self.body.get("error") or ""
        return str(told.get("message", "") if isinstance(told, dict) else told)


def refusal(message: str, code: int | None = None, status: int = 400) -> Refused:
    """``{"code", "message"}``; the code defaults to the status."""
    return Refused(status, {"code": code if code is not None else status, "message": message})


def refusal_nested(message: str, code: int, status: int = 400) -> Refused:
    """``{"error": {"code", "message"}}``."""
    return Refused(status, {"error": {"code": code, "message": message}})


def not_found(message: str) -> Refused:
    """``{"error": text, "code": 404}``."""
    return Refused(404, {"error": message, "code": 404})


def gone(message: str, status: int) -> Refused:
    """What a document names is not there: a 400, or a 404 in the words of `not_found`."""
    return not_found(message) if status == 404 else refusal(message)


def not_in_plan(what: str) -> Refused:
    """402 with 907: the company's plan does not include it."""
    return refusal(f"Tu plan actual no incluye {what}", 907, 402)
