"""The lines of an integration's set-up list. Each room answers for its own part.

A room registers a function at import time and `IntegrationsConfig.ready` imports it:

    @checklist.line(position=30)
    def document(integration: Integration) -> checklist.Line | None: ...
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from integrations.connections.models import Integration

TONES = ("ok", "wait", "ask", "fail")


@dataclass(frozen=True)
class Line:
    """`tone`: ok, wait, ask or fail; `blocks`: the integration cannot be switched on.

    `title` is the part of the set-up, `text` what is missing (may be empty), `url` its cure.
    """

    tone: str
    title: str
    text: str = ""
    url: str = ""
    blocks: bool = False

    def __post_init__(self) -> None:
        if self.tone not in TONES:
            raise ValueError(f"unknown tone {self.tone!r}")

    @property
    def icon(self) -> str:
        return {"ok": "ok", "wait": "clock", "ask": "warn", "fail": "x"}[self.tone]

    @property
    def word(self) -> str:
        return {"ok": "Listo", "wait": "En espera", "ask": "Revisar", "fail": "Falta"}[self.tone]


LineMaker = Callable[[Integration], Line | None]
_registered: dict[str, tuple[int, LineMaker]] = {}


def line(*, position: int) -> Callable[[LineMaker], LineMaker]:
    """Register a function under its place. Importing a module twice registers it once."""

    def register(make: LineMaker) -> LineMaker:
        _registered[f"{make.__module__}.{make.__qualname__}"] = (position, make)
        return make

    return register


@dataclass(frozen=True)
class Checklist:
    lines: tuple[Line, ...]

    @property
    def done(self) -> int:
        return sum(each.tone == "ok" for each in self.lines)

    @property
    def total(self) -> int:
        return len(self.lines)

    @property
    def is_green(self) -> bool:
        return self.done == self.total

    @property
    def blocking(self) -> tuple[Line, ...]:
        return tuple(each for each in self.lines if each.blocks)


def checklist_of(integration: Integration) -> Checklist:
    """Every line in its order; a room with nothing to say about this integration is left out."""
    ordered = sorted(_registered.items(), key=lambda entry: (entry[1][0], entry[0]))
    made = (make(integration) for _, (_, make) in ordered)
    return Checklist(tuple(each for each in made if each is not None))
