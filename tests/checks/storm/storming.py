"""Sends many requests at once over connections that stay open, and keeps what became of each."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import json
import time
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

_PATIENCE = 60.0


@dataclass(frozen=True, slots=True)
class Shot:
    """One request, ready to be sent. `label` says whose it is."""

    address: str
    body: bytes
    headers: tuple[tuple[str, str], ...] = ()
    label: str = ""

    def as_bytes(self) -> bytes:
        url = urlsplit(self.address)
        lines = [
            f"POST {url.path} HTTP/1.1",
            f"Host: {url.netloc}",
            "Content-Type: application/json",
            f"Content-Length: {len(self.body)}",
            *(f"{name}: {value}" for name, value in self.headers),
        ]
        return "\r\n".join(lines).encode() + b"\r\n\r\n" + self.body


@dataclass(frozen=True, slots=True)
class Answered:
    """`status`: 0 where no answer came. `at`: seconds since the storm began."""

    label: str
    status: int
    at: float
    took: float
    headers: dict[str, str] = field(default_factory=dict)


@dataclass
class Outcome:
    answers: list[Answered]
    lasted: float

    def of(self, label: str) -> Outcome:
        return Outcome([each for each in self.answers if each.label == label], self.lasted)

    @property
    def statuses(self) -> dict[int, int]:
        return dict(sorted(Counter(each.status for each in self.answers).items()))

    @property
    def failures(self) -> int:
        """Answers that are an error of the server, and requests without one."""
        return sum(each.status == 0 or each.status >= 500 for each in self.answers)

    @property
    def per_second(self) -> float:
        return len(self.answers) / self.lasted if self.lasted else 0.0

    def percentile(self, part: float) -> float:
        """Seconds that this part of the requests took at most."""
        took = sorted(each.took for each in self.answers)
        return took[min(len(took) - 1, int(part * len(took)))]

    def keep(self, path: Path) -> None:
        with path.open("w") as file:
            for each in self.answers:
                line = [each.label, each.status, round(each.at, 4), round(each.took, 5)]
                file.write(json.dumps(line) + "\n")

    def __str__(self) -> str:
        parts = [self.percentile(part) for part in (0.5, 0.95, 0.99, 1.0)]
        p50, p95, p99, worst = (f"{seconds * 1000:.0f}" for seconds in parts)
        return (
            f"{len(self.answers)} in {self.lasted:.1f} s ({self.per_second:.0f}/s): {self.statuses}"
            f", p50 {p50} ms, p95 {p95} ms, p99 {p99} ms, longest {worst} ms"
        )


def signed(secret: str, body: bytes) -> tuple[str, str]:
    value = hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()
    return ("X-Mastershop-Signature", value)


def storm(
    shots: Iterable[Shot], *, connections: int, pause: float = 0.0, keeps_open: bool = True
) -> Outcome:
    """Send all, `connections` at a time; each waits `pause` seconds between two requests."""
    return asyncio.run(_storm([(shots, connections, pause, keeps_open)]))


def storms(*flows: tuple[Iterable[Shot], int, float]) -> Outcome:
    """Several at the same time: (what is sent, connections, pause). It ends with the last flow;
    the others are no longer than what they have to send."""
    return asyncio.run(_storm([(*each, True) for each in flows]))


async def _storm(flows) -> Outcome:
    began = time.monotonic()
    answers: list[Answered] = []
    senders = []
    for shots, connections, pause, keeps_open in flows:
        line = iter(shots)
        senders += [_sender(line, answers, began, pause, keeps_open) for _ in range(connections)]
    await asyncio.gather(*senders)
    return Outcome(answers, time.monotonic() - began)


async def _sender(line, answers, began, pause, keeps_open) -> None:
    streams = None
    for shot in line:
        sent = time.monotonic()
        status, headers = 0, {}
        try:
            async with asyncio.timeout(_PATIENCE):
                if streams is None:
                    url = urlsplit(shot.address)
                    streams = await asyncio.open_connection(url.hostname, url.port)
                streams[1].write(shot.as_bytes())
                status, headers = await _answer(streams[0])
        except (OSError, EOFError, TimeoutError):
            headers = {"connection": "close"}
        now = time.monotonic()
        answers.append(Answered(shot.label, status, sent - began, now - sent, headers))
        if streams and (headers.get("connection", "").lower() == "close" or not keeps_open):
            streams[1].close()
            streams = None
        if pause:
            await asyncio.sleep(pause)
    if streams:
        streams[1].close()


async def _answer(reader: asyncio.StreamReader) -> tuple[int, dict[str, str]]:
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
    headers = {}
    for line in head[1:]:
        name, _, value = line.partition(":")
        headers[name.lower()] = value.strip()
    if length := int(headers.get("content-length") or 0):
        await reader.readexactly(length)
    return int(head[0].split()[1]), headers
