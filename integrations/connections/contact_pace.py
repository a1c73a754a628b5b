"""How fast contacts of one Alegra user may be called, shared by every process through its row.

Beside the pace of all calls. Nothing here waits: who gets no call is told when to come back.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from django.db.models import F

from integrations.alegra import contact_rate
from integrations.alegra.contact_rate import ContactRate, ContactTimes
from integrations.alegra.errors import ContactsExhausted
from integrations.connections.models import AlegraUser
from integrations.timekeeping.timing import timing

_TRIES = 8


class ContactPace:
    def __init__(self, alegra_user_id: int) -> None:
        self._rows = AlegraUser.objects.filter(pk=alegra_user_id)

    def take(self, now: datetime) -> None:
        """One call. Raises ContactsExhausted, with the seconds to wait, when there is none."""
        for _ in range(_TRIES):
            version, rate = self._read()
            taken = contact_rate.take(rate, now)
            if taken is None:
                raise ContactsExhausted(contact_rate.wait(rate, now))
            if self._write(version, taken):
                return
        raise ContactsExhausted(timing().contention)

    def give_back(self) -> None:
        """The call taken last did not leave: something else held it back."""
        self._change(contact_rate.give_back)

    def refused(self, now: datetime) -> None:
        """Alegra said that there were too many: the limit is learned."""
        self._change(lambda rate: contact_rate.refused(rate, now))

    def wait(self, now: datetime) -> float:
        """Seconds until a call may leave."""
        return contact_rate.wait(self._read()[1], now)

    def is_quiet(self, now: datetime) -> bool:
        """Whether no call left for some seconds."""
        sent = self._read()[1].sent
        return not sent or now - sent[-1] >= timing().delta("new_buyer_every")

    def limit(self, now: datetime) -> int:
        """Calls a minute; 0 while none was refused lately."""
        return contact_rate.limit_now(self._read()[1], now)

    def believed_until(self, now: datetime) -> datetime:
        """When the limit may turn out higher; now while none is believed."""
        return contact_rate.believed_until(self._read()[1], now)

    def _change(self, change: Callable[[ContactRate], ContactRate]) -> None:
        for _ in range(_TRIES):
            version, rate = self._read()
            if self._write(version, change(rate)):
                return

    def _read(self) -> tuple[int, ContactRate]:
        row = self._rows.values(
            "contacts_version",
            "contacts_sent",
            "contacts_limit",
            "contacts_learned_at",
            "contacts_closed_until",
        ).get()
        sent = tuple(datetime.fromisoformat(at) for at in row["contacts_sent"])
        times = timing()
        rate = ContactRate(
            ContactTimes(
                times.delta("contacts_window"),
                times.delta("contacts_believed"),
                times.delta("contacts_closed"),
            ),
            sent,
            row["contacts_limit"] or 0,
            row["contacts_learned_at"],
            row["contacts_closed_until"],
        )
        return row["contacts_version"], rate

    def _write(self, version: int, rate: ContactRate) -> bool:
        """Only if nobody else wrote since it was read."""
        return bool(
            self._rows.filter(contacts_version=version).update(
                contacts_version=F("contacts_version") + 1,
                contacts_sent=[at.isoformat() for at in rate.sent],
                contacts_limit=rate.limit or None,
                contacts_learned_at=rate.learned_at,
                contacts_closed_until=rate.closed_until,
            )
        )
