"""What the orders of one company wait while another company's Alegra answers with 5 MB of shapes.

Rounds with and without take turns, so that a busy machine is busy for both: in the ones Alegra
refuses half of that company's calls with a short sentence, in the others with 5 MB. From the
answer to an order's event to its document in the simulated Alegra counts.
"""

from __future__ import annotations

import json
import statistics
import threading
import time
from datetime import datetime
from typing import Any

from tests.adversarial import shapes
from tests.checks import kept
from tests.checks.machine import figure
from tests.flows.live import LivePortal

ALLOWED = 1.25
ROUNDS, ORDERS, EVERY = 6, 30, 0.5
SIZE = 4_990_000
_PLAIN = {"code": 1001, "message": "El cliente no es válido"}
_SHORT = ([json.dumps(_PLAIN)], "[]")
_ROWS = [{"id": name, "name": text, "message": text} for name, text in shapes(200).items()] * 500


def measure(rounds: int = ROUNDS) -> bool:
    """Whether the neighbour's p95 stays below 1.25 times. Each wait goes into `neighbour.json`."""
    waited: dict[str, list[float]] = {"short": [], "5 MB": []}
    answers = dict.fromkeys(waited, 0)
    bad, rows = hostile(), _cut_list({"data": _ROWS}, "data")
    with LivePortal(divisor=1) as portal:
        portal.switches(
            rate_limit={"per_minute": 100_000, "window": "fixed", "per": "user", "headers": True}
        )
        _round(portal, 700_000, {}, refuses=_faults(portal, *_SHORT))  # to warm up
        for number in range(rounds):
            # One with the rows: the simulators take no more at once.
            chosen = ([bad[number % len(bad)]], rows)
            for name, told in (("short", _SHORT), ("5 MB", chosen)):
                first = 710_000 + 10_000 * number + (5_000 if name == "5 MB" else 0)
                found: dict[int, float] = {}
                before = _asked(portal)
                _round(portal, first, found, refuses=_faults(portal, *told))
                waited[name] += found.values()
                answers[name] += _asked(portal) - before
                print(
                    f"round {number + 1}, {name}: {len(found)} documents,"
                    f" median {statistics.median(found.values()):.2f} s,"
                    f" {_asked(portal) - before} answers to the other company",
                    flush=True,
                )
    (kept.folder() / "neighbour.json").write_text(json.dumps(waited))
    p95 = {name: statistics.quantiles(all_, n=20)[18] for name, all_ in waited.items()}
    ratio = p95["5 MB"] / p95["short"]
    figure(
        f"p95 of {len(waited['short'])} and {len(waited['5 MB'])} documents: {p95['short']:.2f} s"
        f" beside {answers['short']} short answers, {p95['5 MB']:.2f} s beside"
        f" {answers['5 MB']} of which three of four have 5 MB: {ratio:.2f} ×"
    )
    return ratio <= ALLOWED


def hostile() -> list[str]:
    """Answers of almost 5 MB, as an error, a list, a wide record and a deep one."""
    made = shapes(SIZE)
    small = shapes(200)
    texts = [
        json.dumps({"code": 1001, "message": made[name]}, ensure_ascii=True)[:SIZE]
        for name in ("digits and strokes", "letters and dots", "token words", "spaces")
    ]
    texts = [text if text.endswith("}") else f'{text[: SIZE - 2]}"}}' for text in texts]
    rows = [{"message": text, "code": name} for name, text in small.items()] * 1_000
    wide = {f"k{number}": "1-1-1-1-1-1" for number in range(220_000)}
    return [
        *texts,
        _cut_list({"code": 1001, "error": rows}, "error"),
        json.dumps({"code": 1001, "message": "no", **wide}),
        json.dumps({"code": 1001, "message": "no", "data": _deep(800)}),
    ]


def _cut_list(body: dict[str, Any], name: str) -> str:
    while len(text := json.dumps(body)) > SIZE:
        body = {**body, name: body[name][: int(len(body[name]) * SIZE / len(text) * 0.98)]}
    return text


def _deep(levels: int) -> Any:
    made: Any = "1-" * 2_000_000
    for _ in range(levels):
        made = [made]
    return made


def _asked(portal: LivePortal) -> int:
    """Calls of the other company so far."""
    user = portal.integration("invoice")["alegra_user"]
    return sum(call["user"] == user for call in portal.calls())


def _faults(portal: LivePortal, bodies: list[str], rows: str) -> list[dict[str, Any]]:
    """Half of the calls of the other company's user are refused with one of these bodies, and
    half of its other reads answered with these rows: whoever is refused always is asked no more.
    """
    fault = {"fault": "status", "user": portal.integration("invoice")["alegra_user"], "path": "/"}
    each = 1 - 0.5 ** (1 / len(bodies))
    refused = [
        {**fault, "status": 400, "body": body, "probability": each, "seed": place}
        for place, body in enumerate(bodies)
    ]
    read = {"status": 200, "method": "GET", "body": rows, "probability": 0.5, "seed": 99}
    return [*refused, {**fault, **read}]


def _round(
    portal: LivePortal, first: int, found: dict[int, float], *, refuses: list[dict[str, Any]]
) -> None:
    """Orders of both companies at once; `found` gets the seconds of each of the neighbour's."""
    portal.switches(faults=refuses)
    posted: dict[int, float] = {}
    other = threading.Thread(target=_post, args=(portal, "invoice", first + 2_000, {}))
    other.start()
    _post(portal, "remission", first, posted)
    other.join()
    numbers = set(posted)

    def made() -> dict[int, float] | None:
        rows = portal.ledger("remission")["remissions"]
        at = {
            number: datetime.fromisoformat(row["_made_at"]).timestamp()
            for row in rows
            for number in numbers
            if f"{number}" in (row["observations"] or "")
        }
        return at if len(at) == len(numbers) else None

    at = portal.wait_for(made, "the neighbour's documents", seconds=120)
    portal.switches(faults=[])
    found.update({number: max(0.0, at[number] - posted[number]) for number in numbers})


def _post(portal: LivePortal, kind: str, first: int, posted: dict[int, float]) -> None:
    for number in range(first, first + ORDERS):
        portal.post_order(number, kind=kind)
        posted[number] = time.time()
        time.sleep(EVERY)
