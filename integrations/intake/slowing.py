"""Slows senders that guess webhook addresses or signatures, without asking the database.

Many businesses share a sender: MasterShop's own servers send for all of them, and behind a proxy
that is not configured all senders have one address. So guesses of an address slow only further
requests to unknown webhook addresses, and wrong signatures slow only the pair of sender and
business. The answer is 429, after which a sender keeps its event.

Each web process counts in its own memory, for the senders that it saw last.
"""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from collections.abc import Hashable
from dataclasses import dataclass

from django.http import HttpResponse, JsonResponse

from integrations.connections.source_account import SourceAccount
from integrations.scoping.client_address import site
from integrations.scoping.context import unscoped
from integrations.timekeeping.timing import timing

# The number of wrong requests in a row that get their ordinary answer.
GUESSES = 30
WRONG_SIGNATURES = 20
# The number of senders, and of pairs of sender and business, that a process remembers.
MOST_REMEMBERED = 10_000
# The part of a process's time that reading the known webhook addresses may take.
_READING_PART = 20


@dataclass(slots=True)
class _Account:
    left: float
    at: float


class Allowance:
    """Allows each sender `most` wrong requests at once, and one more every `seconds`."""

    def __init__(self, most: int, seconds: str) -> None:
        self._most = most
        self._seconds = seconds
        self._lock = threading.Lock()
        # Ordered by the last wrong request, the newest at the end.
        self._accounts: OrderedDict[Hashable, _Account] = OrderedDict()

    def __len__(self) -> int:
        return len(self._accounts)

    def is_spent(self, who: Hashable) -> bool:
        with self._lock:
            account = self._accounts.get(who)
            return account is not None and self._left(account, time.monotonic()) < 1

    def spend(self, who: Hashable) -> None:
        now = time.monotonic()
        with self._lock:
            account = self._accounts.pop(who, None)
            left = self._most if account is None else self._left(account, now)
            self._accounts[who] = _Account(max(0.0, left - 1), now)
            if len(self._accounts) > MOST_REMEMBERED:
                self._accounts.popitem(last=False)

    def forgive(self, who: Hashable) -> None:
        with self._lock:
            self._accounts.pop(who, None)

    def forget(self) -> None:
        with self._lock:
            self._accounts.clear()

    def _left(self, account: _Account, now: float) -> float:
        return min(self._most, account.left + (now - account.at) / getattr(timing(), self._seconds))


class _Known:
    """The webhook addresses of all businesses, as hashes of 64 bits. A collision costs one question
    to the database."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._digests: frozenset[int] = frozenset()
        self._read_again_at = float("-inf")

    def has(self, digest: str) -> bool:
        """Raises `django.db.Error`."""
        short = hash(digest)
        if short in self._digests:
            return True
        with self._lock:
            began = time.monotonic()
            if began >= self._read_again_at:
                self._read_again_at = began + timing().addresses_read
                self._digests = _addresses()
                took = time.monotonic() - began
                self._read_again_at = began + max(timing().addresses_read, _READING_PART * took)
        return short in self._digests

    def forget(self) -> None:
        self._digests = frozenset()
        self._read_again_at = float("-inf")


_guesses = Allowance(GUESSES, "guess_forgiven")
_signatures = Allowance(WRONG_SIGNATURES, "signature_forgiven")
_known = _Known()


def is_guess(address: str, digest: str) -> bool:
    """Whether this is an unknown webhook address, from a sender that tried too many of them."""
    return _guesses.is_spent(site(address)) and not _known.has(digest)


def is_doubtful(address: str, digest: str) -> bool:
    """Whether this sender sent too many wrong signatures to this business."""
    return _signatures.is_spent((site(address), digest))


def note(status: int, address: str, digest: str) -> None:
    """Count the answer to a delivery, by its status."""
    if status == 404:
        _guesses.spend(site(address))
    elif status == 401:
        _signatures.spend((site(address), digest))
    elif status == 200:
        _signatures.forgive((site(address), digest))


def answer() -> HttpResponse:
    response = JsonResponse({"received": False}, status=429)
    response.headers["Retry-After"] = str(round(timing().comes_later))
    return response


def forget() -> None:
    """Forget all senders (tests)."""
    for each in (_guesses, _signatures, _known):
        each.forget()


def _addresses() -> frozenset[int]:
    with unscoped("the addresses that businesses have"):
        rows = SourceAccount.objects.values_list("webhook_token_digest", flat=True)
        return frozenset(map(hash, rows.iterator()))
