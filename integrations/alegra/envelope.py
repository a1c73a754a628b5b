"""What an error body says. Alegra reference: errors, five envelopes seen.

{"code": 903, "message": "…"}         {"error": "…", "code": 404}
{"message": "Unauthorized"}           {"error": {"code": 3007, "message": "…"}}
                                      {"error": [{"code": "…", "message": "…"}]}
"""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from .shapes import identity, objects, whole

_LONGEST_MESSAGE = 500
# Fields in which an error may come where a record was expected.
_OTHER_TEXTS = ("msg", "mensaje", "detail", "details", "detalle", "description", "reason", "title")
_SIGNS_OF_A_DOCUMENT = ("items", "client", "status", "date", "total")

NOTHING_SAID = "HTTP 0"


def message(body: Any, status: int) -> str:
    """Alegra's own sentence, meant for people; the HTTP reason when there is none."""
    if isinstance(body, dict):
        error = body.get("error")
        inner = error.get("message") if isinstance(error, dict) else None
        for candidate in (body.get("message"), error, inner, _listed(error)):
            if isinstance(candidate, str) and candidate.strip():
                return candidate.strip()[:_LONGEST_MESSAGE]
        first = _first_text(body.get("errors"))
        if first:
            return first[:_LONGEST_MESSAGE]
    return without_words(status)


def without_words(status: int) -> str:
    """What is said of an answer that says nothing: the HTTP reason."""
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return f"HTTP {status}"


def code(body: Any) -> str | None:
    """Alegra's code as text, from the root or from ``error``; None when there is none."""
    return _fact(body, "code")


def contact_id(body: Any) -> str | None:
    """The contact that has the identification which was refused as repeated (2006)."""
    return _fact(body, "contactId")


def told_instead(body: Any) -> str:
    """The sentence of a body that tells an error in place of a record; "" for any other.

    Nothing with an id counts, whatever it says beside it.
    """
    if not isinstance(body, dict) or _is_an_answer(body):
        return ""
    told = message(body, 0)
    if told == NOTHING_SAID:
        others = (_first_text(body.get(name)) for name in _OTHER_TEXTS)
        told = next(filter(None, others), "")
    return told[:_LONGEST_MESSAGE]


def told_status(body: Any) -> int | None:
    """The HTTP status that a body tells of itself, as its code or beside it; None for none."""
    if not isinstance(body, dict):
        return None
    for holder in (body, *objects(body.get("error")), *objects(body.get("errors"))):
        for name in ("code", "status", "statusCode", "httpCode"):
            found = whole(holder.get(name))
            if found is not None and 400 <= found < 600:
                return found
    return None


def says_too_many(body: Any) -> bool:
    """A rate limit in Alegra's own words, whatever the status: for contacts Alegra answers 400.

    Not where the body carries a document: then it was made, and what failed came after.
    """
    if not isinstance(body, dict) or document(body) is not None:
        return False
    return code(body) == "429" or "too many requests" in message(body, 0).casefold()


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


def _is_an_answer(body: dict[str, Any]) -> bool:
    """It has an id, a name or a list, or it holds something with an id."""
    if identity(body.get("id")) or body.get("name") or "metadata" in body:
        return True
    if any(identity(each.get("id")) for value in body.values() for each in objects(value)):
        return True
    errors = ("error", "errors", "message", *_OTHER_TEXTS)
    return any(isinstance(value, list) for name, value in body.items() if name not in errors)


def _fact(body: Any, name: str) -> str | None:
    if not isinstance(body, dict):
        return None
    for holder in (body, *objects(body.get("error")), *objects(body.get("errors"))):
        found = holder.get(name)
        if isinstance(found, int | str) and not isinstance(found, bool) and str(found).strip():
            return str(found).strip()
    return None


def _listed(error: Any) -> str:
    """The sentences of a list of errors, each once."""
    if not isinstance(error, list):
        return ""
    texts = (each.get("message") if isinstance(each, dict) else each for each in error)
    told = [text.strip() for text in texts if isinstance(text, str) and text.strip()]
    return " · ".join(dict.fromkeys(told))


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
