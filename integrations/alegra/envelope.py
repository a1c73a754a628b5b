"""What an error body says. Alegra reference: errors, four envelopes seen.

{"code": 903, "message": "…"}         {"error": "…", "code": 404}
{"message": "Unauthorized"}           {"error": {"code": 3007, "message": "…"}}
"""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from .shapes import identity, objects

_LONGEST_MESSAGE = 500
_SIGNS_OF_A_DOCUMENT = ("items", "client", "status", "date", "total")


def message(body: Any, status: int) -> str:
    """Alegra's own sentence, meant for people; the HTTP reason when there is none."""
    if isinstance(body, dict):
        error = body.get("error")
        inner = error.get("message") if isinstance(error, dict) else None
        for candidate in (body.get("message"), error, inner):
            if isinstance(candidate, str) and candidate.strip():
                return candidate.strip()[:_LONGEST_MESSAGE]
        first = _first_text(body.get("errors"))
        if first:
            return first[:_LONGEST_MESSAGE]
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return f"HTTP {status}"


def code(body: Any) -> str | None:
    """Alegra's code as text, from the root or from ``error``; None when there is none."""
    if not isinstance(body, dict):
        return None
    error = body.get("error")
    for holder in (body, error):
        if isinstance(holder, dict):
            found = holder.get("code")
            if isinstance(found, int | str) and not isinstance(found, bool) and str(found).strip():
                return str(found).strip()
    return None


def is_alegras(body: Any) -> bool:
    """Whether a body is an error of Alegra itself and not of something in front of it."""
    return isinstance(body, dict) and bool(
        {"message", "error", "errors", "code"} & body.keys() or document(body)
    )


def document(body: Any) -> dict[str, Any] | None:
    """The document that a refused stamp left behind as a draft, when the body carries one.

    Where it stands was never recorded; it is looked for in the root, ``invoice``, ``data`` and
    ``error``. What looks like a document wins over a bare id, which may be a request's.
    """
    if not isinstance(body, dict):
        return None
    found = [body]
    for key in ("invoice", "data", "error"):
        for holder in objects(body.get(key)):
            found += [holder, *objects(holder.get("invoice"))]
    found = [each for each in found if identity(each.get("id"))]
    for each in found:
        if any(sign in each for sign in _SIGNS_OF_A_DOCUMENT):
            return each
    return found[0] if found else None


def _first_text(value: Any, depth: int = 0) -> str:
    if isinstance(value, str):
        return value.strip()
    if depth > 4:
        return ""
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, list):
        for each in value:
            found = _first_text(each, depth + 1)
            if found:
                return found
    return ""
