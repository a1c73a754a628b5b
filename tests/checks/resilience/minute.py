"""One minute without something, watched from outside, with its raw output kept."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from dataclasses import asdict

from tests.checks import kept
from tests.checks.machine import figure
from tests.flows.live import LivePortal
from tests.flows.neighbours import Watch, slowest, statuses, summary

MINUTE = 60.0
# What is promised: an answer within, and well within so long after.
ANSWERED = 5.0
WELL = 15.0


def one_minute(
    portal: LivePortal,
    watch: Watch,
    name: str,
    go: Callable[[], None],
    come_back: Callable[[], None],
    *,
    length: float = MINUTE,
) -> tuple[float, float]:
    """When it began and ended. Raises AssertionError where it is not well soon after."""
    time.sleep(3)
    began = time.monotonic()
    go()
    try:
        time.sleep(length)
    finally:
        ended = time.monotonic()
        come_back()
    try:
        took = watch.until_well("webhook", "page", seconds=WELL)
    finally:
        keep(watch, name, began)
        for log in ("web", "worker"):
            (kept.folder() / f"{name}.{log}.log").write_text(portal.log(log))
    figure(f"{name}: {summary(watch, began, ended)}; well {took:.1f} s after")
    return began, ended


def keep(watch: Watch, name: str, began: float) -> None:
    with (kept.folder() / f"{name}.jsonl").open("w") as file:
        for each in watch.seen:
            row = asdict(each)
            row["at"], row["seconds"] = round(each.at - began, 3), round(each.seconds, 3)
            row["text"] = each.text[:80]
            file.write(json.dumps(row, ensure_ascii=False) + "\n")


def all_documented(portal: LivePortal, watch: Watch, *, seconds: float = 300) -> None:
    """Each order that was taken has exactly one document."""
    deadline = time.monotonic() + seconds
    for number in watch.taken:
        left = max(1.0, deadline - time.monotonic())
        portal.wait_for_document(number, seconds=left)
    figure(f"{len(watch.taken)} orders were taken, each has one document")


def answered_in_time(watch: Watch, began: float, ended: float, *, pages: set[int]) -> None:
    """`pages`: what a page may be answered with meanwhile."""
    webhooks = watch.of("webhook", since=began + 1, until=ended)
    shown = watch.of("page", since=began + 1, until=ended)
    assert slowest(webhooks) <= ANSWERED
    assert slowest(shown) <= ANSWERED
    assert 503 in statuses(webhooks)
    assert set(statuses(webhooks)) <= {200, 503}
    assert set(statuses(shown)) <= pages
    assert set(statuses(watch.of("healthz", since=began, until=ended))) == {200}
