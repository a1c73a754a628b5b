"""Who comes while the database keeps everybody waiting is told at once.

A request that waits for a database which does not answer holds a thread. Were all of them let in,
every thread would be held, and each request would wait for those before it as well. So the first
one that lost its patience closes the gate of its process, and a thread of its own looks when the
database is back: no request waits for that.
"""

from __future__ import annotations

import threading
import time

from django.db import connection

from integrations.scoping import database_waits, lacking
from integrations.scoping.lacking import Lack
from integrations.timekeeping.timing import timing

# What keeps every request waiting, or of SQLite every one that writes. Anything else fails at
# once, and PostgreSQL locks no more than rows.
_HOLDS_ALL = {"sqlite": {Lack.DATABASE, Lack.LOCK}, "postgresql": {Lack.DATABASE}}


class Gate:
    def __init__(self) -> None:
        self._lock = threading.Lock()
        # What closed it.
        self._lack: Lack | None = None

    @property
    def closed_by(self) -> Lack | None:
        return self._lack

    @property
    def is_open(self) -> bool:
        return self._lack is None

    def failed(self, lack: Lack) -> None:
        """A request met this lack: the gate closes where all others would meet it too."""
        if lack not in _HOLDS_ALL[connection.vendor]:
            return
        with self._lock:
            if self._lack is not None:
                return
            self._lack = lack
        try:
            threading.Thread(target=self._wait, name="database", daemon=True).start()
        except RuntimeError:
            # No memory for a thread: the next request looks for itself.
            self.open()

    def open(self) -> None:
        with self._lock:
            lack, self._lack = self._lack, None
        if lack is not None:
            lacking.over(lack)

    def _wait(self) -> None:
        """Until the database does what a request wants of it."""
        while not self.is_open:
            if _works():
                self.open()
            else:
                time.sleep(timing().database_tried_every)


gate = Gate()


def _works() -> bool:
    database_waits.begin()
    try:
        with connection.cursor() as cursor:
            if connection.vendor == "sqlite":
                cursor.execute("BEGIN IMMEDIATE")
                cursor.execute("ROLLBACK")
            else:
                cursor.execute("SELECT 1")
    except Exception as error:
        # Whatever it is, it does not work yet.
        lack = lacking.lack_of(error)
        if lack is not None:
            lacking.tell(lack)
        return False
    else:
        return True
    finally:
        connection.close()
