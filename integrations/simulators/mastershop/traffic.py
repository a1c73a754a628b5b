"""Orders that come by themselves and walk to their end, so that a demo has something to show."""

from __future__ import annotations

import contextlib
import heapq
import random
import threading
import time
from datetime import UTC, datetime
from typing import Any

from integrations.simulators.mastershop import vocabulary
from integrations.simulators.mastershop.records import Records, Unknown
from integrations.simulators.mastershop.sending import Change, Sender
from integrations.simulators.mastershop.traps import ORDINARY

_FASTEST = 60.0
_USUAL = 3.0
# Seconds after the order was made at which it takes each status.
_PACE = ((2, 0.0), (3, 12.0), (4, 28.0), (6, 55.0), (8, 105.0))
_MIX = {"prepaid": 0.25, "trap": 0.1, "cancelled": 0.03, "returned": 0.03}


class WrongMix(ValueError):
    """The traffic asked for cannot be made."""


class Traffic:
    """One thread for all businesses; a business without traffic costs nothing."""

    def __init__(self, records: Records, sender: Sender) -> None:
        self._records = records
        self._sender = sender
        self._condition = threading.Condition()
        self._running: dict[int, dict[str, Any]] = {}
        self._due: list[tuple[float, int, int, int]] = []  # when, turn, business, order or 0
        self._turn = 0
        self._stopped = False
        self._thread: threading.Thread | None = None
        self._chance = random.Random()  # noqa: S311 - believable, not secret

    def start(self, business_id: int, per_minute: float, mix: dict[str, Any]) -> dict[str, Any]:
        """Begins, or changes, the traffic of a business. Raises WrongMix and Unknown."""
        self._records.business(business_id)
        if not 0 < per_minute <= _FASTEST:
            raise WrongMix(f"per_minute must be above 0 and at most {_FASTEST:.0f}")
        for name, share in mix.items():
            if name not in _MIX or isinstance(share, bool) or not isinstance(share, int | float):
                raise WrongMix(f"mix has the shares {', '.join(_MIX)}")
        with self._condition:
            is_new = business_id not in self._running
            self._running[business_id] = {"per_minute": per_minute, "mix": {**_MIX, **mix}}
            if is_new:
                self._schedule(0.0, business_id, 0)
                self._resume_unfinished(business_id)
            if self._thread is None:
                self._thread = threading.Thread(target=self._work, daemon=True)
                self._thread.start()
            self._condition.notify()
            return dict(self._running[business_id])

    def stop(self, business_id: int | None = None) -> None:
        """Ends the traffic of one business or of all; orders under way stay where they are."""
        with self._condition:
            for number in [business_id] if business_id is not None else list(self._running):
                self._running.pop(number, None)
                self._due = [entry for entry in self._due if entry[2] != number]
            heapq.heapify(self._due)

    def shown(self) -> dict[str, Any]:
        with self._condition:
            return {str(number): dict(settings) for number, settings in self._running.items()}

    def close(self) -> None:
        """Ends the thread."""
        self.stop()
        with self._condition:
            self._stopped = True
            self._condition.notify()
        if self._thread is not None:
            self._thread.join(timeout=2)

    def _schedule(self, after: float, business_id: int, number: int) -> None:
        self._turn += 1
        heapq.heappush(self._due, (time.monotonic() + after, self._turn, business_id, number))

    def _resume_unfinished(self, business_id: int) -> None:
        last = _PACE[-1][0]
        for order in self._records.orders(business_id):
            if order["source"] == "traffic" and order["status"] < last:
                self._schedule(self._chance.uniform(2, 40), business_id, order["body"]["id_order"])

    def _work(self) -> None:
        while True:
            with self._condition:
                while not self._stopped and (wait := self._until_due()) != 0:
                    self._condition.wait(wait)
                if self._stopped:
                    return
                _, _, business_id, number = heapq.heappop(self._due)
            # A business may be forgotten, or its traffic stopped, while its turn was coming.
            with contextlib.suppress(Unknown):
                if number:
                    self._advance(business_id, number)
                else:
                    self._make(business_id)

    def _until_due(self) -> float | None:
        """Seconds until the next turn, 0 when it is here, None when there is none."""
        return max(0.0, self._due[0][0] - time.monotonic()) if self._due else None

    def _make(self, business_id: int) -> None:
        with self._condition:
            settings = self._running.get(business_id)
            if settings is None:
                return
            beat = 60.0 / settings["per_minute"]
            self._schedule(beat * self._chance.uniform(0.7, 1.3), business_id, 0)
        mix = settings["mix"]
        trap = self._chance.choice(ORDINARY) if self._chance.random() < mix["trap"] else None
        order = self._records.make_order(
            business_id,
            trap=trap,
            created_at=datetime.now(UTC),
            source="traffic",
            prepaid=self._chance.random() < mix["prepaid"],
        )
        self._advance(business_id, order["body"]["id_order"])

    def _advance(self, business_id: int, number: int) -> None:
        """The next status of an order, told to the webhook; and the turn for the one after."""
        order = self._records.order(business_id, number)
        mix = self._running.get(business_id, {}).get("mix", _MIX)
        steps = [(status, after) for status, after in _PACE if status > order["status"]]
        if not steps or order["status"] > _PACE[-1][0]:
            return
        status, after = steps[0]
        if status == 3 and self._chance.random() < mix["cancelled"]:
            status = 9
        elif status == 8 and self._chance.random() < mix["returned"]:
            status = 10
        names = tuple(vocabulary.events_of(status))
        self._sender.carry_out(business_id, number, [Change(status, datetime.now(UTC), names)])
        if status == steps[0][0] and len(steps) > 1:
            pause = (steps[1][1] - after) * self._chance.uniform(0.8, 1.15)
            with self._condition:
                if business_id in self._running:
                    self._schedule(pause, business_id, number)
