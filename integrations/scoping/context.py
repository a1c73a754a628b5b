"""The organization whose rows this thread may touch."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

import structlog

log = structlog.get_logger("scoping")


class ScopeError(Exception):
    """Tenant rows were touched outside a scope, or across organizations: a bug of ours."""


@dataclass(frozen=True)
class Scope:
    organization_id: int | None
    unscoped: bool = False


_scope: ContextVar[Scope | None] = ContextVar("scope", default=None)
# What must hear of a change; the database's second wall listens here.
_listeners: list[Callable[[Scope | None], None]] = []


def on_change(listener: Callable[[Scope | None], None]) -> None:
    if listener not in _listeners:
        _listeners.append(listener)


def current() -> Scope | None:
    return _scope.get()


@contextmanager
def supposed(new: Scope) -> Iterator[None]:
    """Enter this scope to build a query without running it. The listeners are not called, so the
    database keeps its own scope."""
    token = _scope.set(new)
    try:
        yield
    finally:
        _scope.reset(token)


@contextmanager
def _entered(new: Scope) -> Iterator[None]:
    token = _scope.set(new)
    for listener in _listeners:
        listener(new)
    try:
        yield
    finally:
        _scope.reset(token)
        for listener in _listeners:
            listener(_scope.get())


def scope(organization_id: int):
    """Only this organization's rows, until the block ends."""
    if not isinstance(organization_id, int):
        raise ScopeError(f"An organization's id is a number, not {type(organization_id).__name__}.")
    return _entered(Scope(organization_id))


def unscoped(reason: str):
    """Every organization's rows. Only for what must look across tenants, and says why."""
    if not reason:
        raise ScopeError("unscoped() needs a reason.")
    log.debug("unscoped", reason=reason)
    return _entered(Scope(None, unscoped=True))
