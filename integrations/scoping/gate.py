"""Requests are refused at once while the database keeps every request waiting.

A request that waits for a database which does not answer holds a thread. If all were let in, every
thread would be held, and each request would also wait for those before it. So the first request
whose patience is over closes the gate of its process. A separate thread asks the database until it
answers, so that no request waits for that.
"""

from __future__ import annotations

import threading
import time

from django.db import connection

from integrations.scoping import database_waits, lacking
from integrations.scoping.lacking import Lack
from integrations.timekeeping.timing import timing

# The lacks that keep every request waiting; a lock does so only on SQLite, for requests that
# write, because PostgreSQL locks rows. All other lacks fail at once.
_HOLDS_ALL = {"sqlite": {Lack.DATABASE, Lack.LOCK}, "postgresql": {Lack.DATABASE}}


class Gate:
    def __init__(self) -> None:
        self._lock = threading.Lock()
        # The lack that closed the gate; None while it is open.
        self._lack: Lack | None = None

    @property
    def closed_by(self) -> Lack | None:
        return self._lack

    @property
    def is_open(self) -> bool:
        return self._lack is None

    def failed(self, lack: Lack) -> None:
        """Close the gate where all other requests would meet this lack too."""
        if lack not in _HOLDS_ALL[connection.vendor]:
            return
        with self._lock:
            if self._lack is not None:
                return
            self._lack = lack
        try:
            threading.Thread(target=self._wait, name="database", daemon=True).start()
        except RuntimeError:
            # No memory for a thread, so the next request tries the database itself.
            self.open()

    def open(self) -> None:
        with self._lock:
            lack, self._lack = self._lack, None
        if lack is not None:
            lacking.over(lack)

    def _wait(self) -> None:
        """Wait until the database does what a request needs."""
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
        # Any error: the database does not work yet.
        lack = lacking.lack_of(error)
        if lack is not None:
            lacking.tell(lack)
        return False
    else:
        return True
    finally:
        connection.close()
