"""Milliseconds of CPU for 1 MiB of each shape, the slowest shape of each function."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from functools import partial

from tests.adversarial import MIB, shapes
from tests.checks import kept
from tests.checks.machine import figure
from tests.test_text_from_outside import NAMED, call, functions_of_texts

PROMISED = 50.0


def measure() -> bool:
    """Whether each keeps the promise. All figures go into `functions.json`."""
    texts = shapes(MIB)
    works: dict[str, Callable[[str], object]] = {
        name: partial(call, function) for name, function in functions_of_texts().items()
    }
    works |= NAMED
    slowest = {name: _slowest(work, texts) for name, work in works.items()}
    rows = sorted(slowest.items(), key=lambda row: -row[1][0])
    (kept.folder() / "functions.json").write_text(json.dumps(dict(rows), indent=1))
    for name, (spent, shape) in rows[:15]:
        print(f"{spent:8.1f} ms  {name}  ({shape})")
    over = [name for name, (spent, _shape) in rows if spent > PROMISED]
    figure(
        f"{len(rows)} functions, {len(texts)} shapes of 1 MiB: the slowest {rows[0][1][0]:.1f} ms,"
        f" {len(over)} over {PROMISED:.0f} ms"
    )
    return not over


def _slowest(work: Callable[[str], object], texts: dict[str, str]) -> tuple[float, str]:
    return max((_least(work, text), shape) for shape, text in texts.items())


def _least(work: Callable[[str], object], text: str) -> float:
    """Of two runs the quicker one: the first may fill a cache of ours."""
    spent = []
    for _ in range(2):
        began = time.thread_time()
        work(text)
        spent.append((time.thread_time() - began) * 1000)
    return min(spent)
