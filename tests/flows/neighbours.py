"""What people and senders get while something that the portal needs is slow or gone.

`Watch` asks webhook, page and /healthz again and again, side by side, and keeps each answer with
its time.
"""

from __future__ import annotations

import itertools
import threading
import time
from dataclasses import dataclass, field

import requests

from tests.flows.browsing import Session
from tests.flows.live import LivePortal


@dataclass(frozen=True)
class Seen:
    what: str
    at: float
    seconds: float
    # 0: no answer at all.
    status: int
    text: str = ""


@dataclass
class Watch:
    """`with Watch(portal, session, first=…) as watch:` — `senders` webhooks at once, and readers.

    `taken`: numbers of the orders that were answered with 200.
    """

    portal: LivePortal
    session: Session
    first: int
    senders: int = 9
    rest: float = 0.4
    seen: list[Seen] = field(default_factory=list)
    taken: list[int] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._numbers = itertools.count(self.first)
        self._ends = threading.Event()
        self._page = self.portal.integration()["urls"]["history"]
        asked = [self._send] * self.senders + [self._read, self._read, self._health]
        self._threads = [threading.Thread(target=self._again, args=(ask,)) for ask in asked]

    def __enter__(self) -> Watch:
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *exc: object) -> None:
        self._ends.set()
        for thread in self._threads:
            thread.join()

    def of(self, what: str, *, since: float = 0.0, until: float = float("inf")) -> list[Seen]:
        """What was asked for in that time."""
        return [each for each in self.seen if each.what == what and since <= each.at < until]

    def until_well(self, *what: str, seconds: float, good_for: float = 1.5) -> float:
        """Wait until these were answered well for a while, at most so long; when that began."""
        began = time.monotonic()
        while (now := time.monotonic()) < began + seconds + good_for:
            latest = [each for name in what for each in self.of(name, since=now - good_for - 1)]
            bad = [each.at + each.seconds for each in latest if each.status != 200]
            good = [each for each in latest if each.status == 200 and each.at > now - good_for]
            if len({each.what for each in good}) == len(what) and now - good_for > max(
                bad, default=began
            ):
                return max(0.0, max(bad, default=began) - began)
            time.sleep(0.1)
        raise AssertionError(f"not well after {seconds:g} s: {summary(self, began, now)}")

    def _again(self, ask) -> None:
        while not self._ends.is_set():
            ask()
            self._ends.wait(self.rest)

    def _note(self, what: str, call) -> int:
        at = time.monotonic()
        try:
            answer = call()
            status, text = answer.status_code, answer.text[:3000]
        except requests.RequestException as error:
            status, text = 0, type(error).__name__
        self.seen.append(Seen(what, at, time.monotonic() - at, status, text))
        return status

    def _send(self) -> None:
        number = next(self._numbers)
        body = self.portal.order(number)
        if self._note("webhook", lambda: self.portal.post_event(body)) == 200:
            self.taken.append(number)

    def _read(self) -> None:
        self._note("page", lambda: self.session.get(self._page))

    def _health(self) -> None:
        self._note("healthz", lambda: requests.get(f"{self.portal.url}/healthz", timeout=30))


def slowest(seen: list[Seen]) -> float:
    return max((each.seconds for each in seen), default=0.0)


def statuses(seen: list[Seen]) -> dict[int, int]:
    found: dict[int, int] = {}
    for each in seen:
        found[each.status] = found.get(each.status, 0) + 1
    return found


def summary(watch: Watch, since: float, until: float) -> str:
    lines = []
    for what in ("webhook", "page", "healthz"):
        seen = watch.of(what, since=since, until=until)
        lines.append(f"{what}: {len(seen)} answers {statuses(seen)}, slowest {slowest(seen):.2f} s")
    return "; ".join(lines)


def warm(portal: LivePortal, number: int) -> None:
    """Everything is up: an order has become a document."""
    portal.post_order(number)
    portal.wait_for_document(number, seconds=60)
