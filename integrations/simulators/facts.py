"""Facts: everything about the real systems that nobody could prove, as a switch."""

from __future__ import annotations

import copy
from collections.abc import Callable, Collection
from typing import Any

Allowed = Collection[Any] | Callable[[Any], bool]


class UnknownFact(ValueError):
    """A fact, or a value of one, that does not exist; the text names it."""


class Facts:
    """The facts of one side with their present values.

    ``known`` maps each name to its default and what is allowed: a collection of values, or a
    function that tells. A fact whose value is a dict is merged key by key.
    """

    def __init__(self, known: dict[str, tuple[Any, Allowed]]) -> None:
        self._known = known
        self._values = self._defaults()
        self.version = 0  # grows with every change, for whoever keeps something derived

    def __getitem__(self, name: str) -> Any:
        return self._values[name]

    def _defaults(self) -> dict[str, Any]:
        return {name: copy.deepcopy(default) for name, (default, _) in self._known.items()}

    def merge(self, given: dict[str, Any]) -> None:
        """Change the facts named. Raises UnknownFact, and then changes none."""
        if not isinstance(given, dict):
            raise UnknownFact("facts must be an object")
        values = copy.deepcopy(self._values)
        for name, value in given.items():
            if name not in self._known:
                raise UnknownFact(f"Unknown fact: {name}")
            default, allowed = self._known[name]
            if isinstance(default, dict):
                if not isinstance(value, dict) or set(value) - set(default):
                    raise UnknownFact(f"Fact {name} has the keys {', '.join(default)}: {value!r}")
                value = {**values[name], **value}
            fits = allowed(value) if callable(allowed) else _among(value, allowed)
            if not fits:
                raise UnknownFact(f"Fact {name} cannot be {value!r}")
            values[name] = value
        self._values = values
        self.version += 1

    def reset(self) -> None:
        self._values = self._defaults()
        self.version += 1

    def shown(self) -> dict[str, Any]:
        return copy.deepcopy(self._values)


def _among(value: Any, allowed: Collection[Any]) -> bool:
    return any(value == one and type(value) is type(one) for one in allowed)
