"""A web process asks for the write lock often, as long as it may wait at all.

SQLite itself asks ever more rarely, until ten times a second, so that whoever has just come has
better chances than who has waited for seconds. A worker's sixteen threads can keep a webhook
waiting like that until its patience is over, with nobody holding the lock for long.
"""

from __future__ import annotations

import time

from django.db import OperationalError
from django.db.backends.sqlite3 import base

from integrations.scoping.lacking import Lack, lack_of
from integrations.timekeeping import database_limits


class DatabaseWrapper(base.DatabaseWrapper):
    def _start_transaction_under_autocommit(self) -> None:
        limits = database_limits.in_force()
        if limits.busy_anew is None:
            super()._start_transaction_under_autocommit()
            return
        gives_up = time.monotonic() + limits.busy
        self._let_wait(limits.busy_anew)
        try:
            while not self._begin(is_last=time.monotonic() >= gives_up):
                pass
        finally:
            self._let_wait(limits.busy)

    def _begin(self, *, is_last: bool) -> bool:
        try:
            super()._start_transaction_under_autocommit()
        except OperationalError as error:
            if is_last or lack_of(error) is not Lack.LOCK:
                raise
            return False
        return True

    def _let_wait(self, seconds: float) -> None:
        # Not through a cursor of Django's: it is no statement of a page.
        if self.connection is not None:
            self.connection.execute(f"PRAGMA busy_timeout={round(seconds * 1000)}").close()
