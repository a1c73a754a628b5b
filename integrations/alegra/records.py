"""One record at a time: read it, create it, change it."""

from __future__ import annotations

from typing import Any

from .client import AlegraClient, Answer, Call, Deadlines
from .errors import OutcomeUnknown
from .shapes import identity, objects


def read(
    client: AlegraClient, path: str, *, params: dict[str, Any] | None = None
) -> dict[str, Any]:
    """The record at a path. OutcomeUnknown when the answer carries none and tells no error."""
    call = Call("GET", path, params=params, expects_record=True)
    answer = client.send(call)
    return inside(answer) or _no_record(call, answer)


def create(
    client: AlegraClient,
    path: str,
    body: dict[str, Any],
    *,
    under: tuple[str, ...] = (),
    deadlines: Deadlines | None = None,
) -> dict[str, Any]:
    """The new record, which may stand under one of the keys ``under``.

    OutcomeUnknown when a 2xx brings no id: something was created, and we cannot tell what;
    ErrorInSuccess when it tells an error in place of the record.
    """
    call = Call("POST", path, json=body, deadlines=deadlines, expects_record=True)
    answer = client.send(call)
    return inside(answer, under) or _no_record(call, answer)


def change(
    client: AlegraClient, method: str, path: str, body: dict[str, Any] | None = None
) -> dict[str, Any] | None:
    """The record after a change, or None when it succeeded with an answer that holds none.

    It is not read again here: an error of that reading would look like one of the change.
    """
    return inside(client.send(Call(method, path, json=body)))


def inside(answer: Answer, under: tuple[str, ...] = ()) -> dict[str, Any] | None:
    """The record in an answer: its root, ``data`` or one of the keys given; None without id."""
    # A bare text is a sentence here and not an id, so only objects count.
    for root in objects(answer.body)[:1]:
        nested = (each for key in ("data", *under) for each in objects(root.get(key))[:1])
        for candidate in (root, *nested):
            if identity(candidate.get("id")):
                return candidate
    return None


def _no_record(call: Call, answer: Answer) -> dict[str, Any]:
    raise OutcomeUnknown(
        "Alegra respondió sin el identificador del registro.", status=answer.status, call=call
    )
