"""How fast one Alegra user may be called, shared by every process through its row.

Alegra reference: rate limit. Requests are taken from the row in blocks by one conditional
UPDATE, the same on both databases; the arithmetic is `alegra/rate_limit.py`. Nothing here
waits: who gets no request is told when to come back.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

from integrations.alegra.client import Call
from integrations.alegra.errors import (
    AlegraError,
    BudgetExhausted,
    NotSent,
    OutcomeUnknown,
    is_of_contacts,
)
from integrations.alegra.rate_limit import (
    RateHeaders,
    Window,
    grant,
    observe,
    of_machines,
    wait_behind,
)
from integrations.connections import breaker
from integrations.connections.contact_pace import ContactPace
from integrations.connections.models import AlegraUser
from integrations.scoping.prepared import Prepared
from integrations.timekeeping import clock
from integrations.timekeeping.timing import timing

BLOCK = 5
_TRIES = 8
_SAME_END = timedelta(seconds=2)
_NO_ANSWER = "Alegra no está respondiendo. Lo volvemos a intentar en unos segundos."
_FIELDS = ("limit", "left", "resets_at", "wait_until")


_budget = Prepared(lambda pk: AlegraUser.objects.filter(pk=pk).values_list(*_FIELDS))


class Pace:
    """The budget of one Alegra user, for one client in one thread.

    `for_person`: calls of a web page, which may use the few requests kept in reserve and take
    them one by one, so that a page which ends early wastes none.
    """

    def __init__(self, alegra_user: AlegraUser | int, *, for_person: bool = False) -> None:
        self.alegra_user_id = alegra_user.pk if isinstance(alegra_user, AlegraUser) else alegra_user
        self.for_person = for_person
        # Both set by whoever builds the client: a reading call outside of this pace, and
        # whether the calls say anything about Alegra as a whole.
        self.probe: Callable[[], object] | None = None
        self.shared = True
        self.contacts = ContactPace(self.alegra_user_id)
        self._rows = AlegraUser.objects.filter(pk=self.alegra_user_id)
        self._granted = 0
        self._window = Window()
        self._calls = self._failures = 0
        self._breaker_seen_open = False

    # --- The protocol of the client ---------------------------------------------------------

    def take(self, call: Call) -> None:
        """One request. Raises BudgetExhausted, with the seconds to wait, when there is none."""
        now = clock.now()
        if not is_of_contacts(call.path):
            self._take(call, now)
            return
        self.contacts.take(now)
        try:
            self._take(call, now)
        except BudgetExhausted:
            self.contacts.give_back()
            raise

    def _take(self, call: Call, now: datetime) -> None:
        if self._granted and self._window.resets_at and now < self._window.resets_at:
            self._granted -= 1
            return
        self._granted = 0
        self._report(now)
        self._pass_breaker(call, now)
        try:
            self._take_block(now)
        except BudgetExhausted as refusal:
            if not self.for_person or refusal.retry_after > timing().page_waits:
                raise
            time.sleep(refusal.retry_after)
            self._take_block(clock.now())
        self._granted -= 1

    def saw(self, rate: RateHeaders | None, status: int) -> None:
        """Correct the row from an answer's headers; after a 429 nobody calls until its end."""
        now = clock.now()
        if status == 429:
            told = rate.reset_seconds if rate else None
            self.hold(timing().rate_limit_wait if told is None else max(1.0, told))
            return
        if rate is None or not self._may_tell_more(rate, now):
            return
        for _ in range(_TRIES):
            row, window = self._read()
            seen = observe(window, rate, now)
            if seen == window or self._write(row, seen):
                self._window = seen
                return

    # --- For those who know more than the headers -------------------------------------------

    def hold(self, seconds: float) -> None:
        """Nobody calls as this user for so many seconds (a 429's Retry-After)."""
        self._granted = 0
        until = clock.now() + timedelta(seconds=seconds)
        self._rows.exclude(wait_until__gte=until).update(wait_until=until)

    def finished(self, *, answered: bool) -> None:
        """A call ended, with an answer of Alegra's own or with none. Feeds the breaker."""
        self._calls += 1
        if answered:
            self._close_breaker()
        else:
            self._failures += 1
            self._report(clock.now())
            # The rest of the block goes: the next call must look at the breaker first.
            self._granted = 0

    def wait_behind(self, now: datetime) -> float:
        """Seconds until who lets others go ahead may spend from this minute."""
        return wait_behind(self._read()[1], now)

    def per_minute(self) -> int:
        """Requests that a minute leaves to the machines."""
        return of_machines(self._read()[1].limit)

    def close(self) -> None:
        """What was granted and not used is there for the next one."""
        unused, self._granted = self._granted, 0
        for _ in range(_TRIES if unused else 0):
            row, window = self._read()
            if window.resets_at != self._window.resets_at:
                return
            if self._write(row, replace(window, left=window.left + unused)):
                return

    # --- Inside -----------------------------------------------------------------------------

    def _close_breaker(self) -> None:
        if self._breaker_seen_open:
            breaker.close(self.alegra_user_id, shared=self.shared)
            self._breaker_seen_open = False

    def _report(self, now: datetime) -> None:
        """Good outcomes are told with the next block only, so that most calls write nothing."""
        breaker.count(
            self.alegra_user_id,
            calls=self._calls,
            failures=self._failures,
            now=now,
            shared=self.shared,
        )
        self._calls = self._failures = 0

    def _pass_breaker(self, call: Call, now: datetime) -> None:
        until = breaker.open_until(self.alegra_user_id, shared=self.shared)
        if until is None:
            return
        if now < until:
            raise BudgetExhausted((until - now).total_seconds(), _NO_ANSWER)
        if not breaker.claim_probe(self.alegra_user_id, now=now, shared=self.shared):
            raise BudgetExhausted(timing().breaker_probe, _NO_ANSWER)
        self._breaker_seen_open = True
        if not call.is_write:
            return
        # A write is never the probe: its outcome could stay unknown.
        if self.probe is None:
            raise BudgetExhausted(timing().breaker_probe, _NO_ANSWER)
        try:
            self.probe()
        except (NotSent, OutcomeUnknown):
            # Of the probe, not of the write, of which nothing was sent.
            raise BudgetExhausted(timing().breaker_probe, _NO_ANSWER) from None
        except AlegraError:
            pass  # a refusal is an answer; what it means the write will hear itself
        self._close_breaker()

    def _take_block(self, now: datetime) -> None:
        wanted = 1 if self.for_person else BLOCK
        for _ in range(_TRIES):
            row, window = self._read()
            if row["wait_until"] is not None and now < row["wait_until"]:
                raise BudgetExhausted((row["wait_until"] - now).total_seconds())
            granted, after, wait = grant(window, now, wanted=wanted, for_person=self.for_person)
            if not granted:
                raise BudgetExhausted(wait)
            if self._write(row, after):
                self._granted, self._window = granted, after
                return
        raise BudgetExhausted(timing().contention)

    def _may_tell_more(self, rate: RateHeaders, now: datetime) -> bool:
        """Whether the headers can differ from the row by more than our own spending."""
        known = self._window
        if known.resets_at is None or (rate.limit and rate.limit != known.limit):
            return True
        if rate.reset_seconds is not None:
            end = now + timedelta(seconds=max(1.0, rate.reset_seconds))
            if abs(end - known.resets_at) > _SAME_END:
                return True
        return rate.remaining is not None and rate.remaining < known.left

    def _read(self) -> tuple[dict, Window]:
        [found] = _budget(pk=self.alegra_user_id)
        row = dict(zip(_FIELDS, found, strict=True))
        return row, Window(row["limit"] or 0, row["left"] or 0, row["resets_at"])

    def _write(self, row: dict, window: Window) -> bool:
        """Only if the row still is what was read."""
        return bool(
            self._rows.filter(
                limit=row["limit"], left=row["left"], resets_at=row["resets_at"]
            ).update(limit=window.limit or None, left=window.left, resets_at=window.resets_at)
        )
