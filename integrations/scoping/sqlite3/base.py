"""Gives the write lock to the thread that has waited longest for it, as far as possible.

Within a process the threads wait in a line (`line.py`). A web process asks for the lock often while
it may wait. SQLite by itself asks ever more rarely, down to ten times a second, so that a newcomer
has better chances than a thread that has waited for seconds. The sixteen threads of a worker can
then keep a webhook waiting until its patience is over, although none of them holds the lock for
long.
"""

from __future__ import annotations

import time

from django.db import OperationalError
from django.db.backends.sqlite3 import base

from integrations.scoping.lacking import Lack, lack_of
from integrations.scoping.sqlite3.line import Line
from integrations.timekeeping import database_limits

_line = Line()


class DatabaseWrapper(base.DatabaseWrapper):
    _is_first = False

    def _start_transaction_under_autocommit(self) -> None:
        limits = database_limits.in_force()
        gives_up = time.monotonic() + limits.busy
        # A thread that still has its place does not wait for itself. One whose wait was in vain
        # asks SQLite once more, so that the error is SQLite's own.
        self._is_first = self._is_first or _line.enter(limits.busy)
        try:
            self._ask(gives_up)
        except BaseException:
            self._leave_line()
            raise

    def _ask(self, gives_up: float) -> None:
        limits = database_limits.in_force()
        if limits.busy_anew is None:
            super()._start_transaction_under_autocommit()
            return
        self._let_wait(limits.busy_anew)
        try:
            while not self._begin(is_last=time.monotonic() >= gives_up):
                pass
        finally:
            self._let_wait(limits.busy)

    def _commit(self):
        super()._commit()
        self._leave_line()

    def _rollback(self):
        try:
            super()._rollback()
        finally:
            self._leave_line()

    def _close(self):
        try:
            super()._close()
        finally:
            self._leave_line()

    def _leave_line(self) -> None:
        if self._is_first:
            self._is_first = False
            _line.leave()

    def _begin(self, *, is_last: bool) -> bool:
        try:
            super()._start_transaction_under_autocommit()
        except OperationalError as error:
            if is_last or lack_of(error) is not Lack.LOCK:
                raise
            return False
        return True

    def _let_wait(self, seconds: float) -> None:
        # Not through a cursor of Django's, so that it does not count as a query of a page.
        if self.connection is not None:
            self.connection.execute(f"PRAGMA busy_timeout={round(seconds * 1000)}").close()
