"""What a side holds: plain records in memory, written through to one SQLite file.

Reading never touches the disk. A transaction writes all it changed and commits before it
ends, so whatever a caller was told, or was not told because the answer was lost, survives a
restart. WAL with ``synchronous=NORMAL``: a killed process loses nothing.
"""

from __future__ import annotations

import copy
import json
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

Record = dict[str, Any]
_Key = tuple[str, str, str]


class Store:
    """Records by scope (a company), kind and id, in the order they were first put.

    Records hold text, numbers, booleans, lists and dicts only; a Decimal is kept as its text.
    Change them inside ``with store.transaction():``; an exception undoes all of it.
    """

    def __init__(self, path: Path | str) -> None:
        self._lock = threading.RLock()
        self._depth = 0
        self._journal: list[tuple[_Key, Record | None]] = []
        self._records: dict[str, dict[str, dict[str, Record]]] = {}
        self._positions: dict[_Key, int] = {}
        self._next = 0
        self.memo: dict[_Key, Any] = {}  # anything derived from one record; emptied by put
        self._db = sqlite3.connect(path, check_same_thread=False, isolation_level=None)
        self._db.execute("PRAGMA journal_mode=WAL")
        self._db.execute("PRAGMA synchronous=NORMAL")
        self._db.execute(
            "CREATE TABLE IF NOT EXISTS records (scope TEXT, kind TEXT, id TEXT,"
            " position INTEGER, body TEXT, PRIMARY KEY (scope, kind, id)) WITHOUT ROWID"
        )
        rows = self._db.execute("SELECT scope, kind, id, position, body FROM records ORDER BY 4")
        for scope, kind, key, position, body in rows:
            self._kind(scope, kind)[key] = json.loads(body)
            self._positions[scope, kind, key] = position
            self._next = position + 1

    def close(self) -> None:
        with self._lock:
            self._db.close()

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """One writer or reader at a time. Commits at the end of the outermost block."""
        with self._lock:
            self._depth += 1
            try:
                yield
                if self._depth == 1:
                    self._commit()
            except BaseException:
                if self._depth == 1:
                    self._undo()
                raise
            finally:
                self._depth -= 1

    def get(self, scope: str, kind: str, key: str) -> Record | None:
        """A copy of one record, to be changed and put back; None when there is none."""
        return copy.deepcopy(self.look(scope, kind, key))

    def look(self, scope: str, kind: str, key: str) -> Record | None:
        """The record itself, for reading only."""
        return self._records.get(scope, {}).get(kind, {}).get(str(key))

    def all(self, scope: str, kind: str) -> list[Record]:
        """Every record of a kind, oldest first, for reading only."""
        return list(self._records.get(scope, {}).get(kind, {}).values())

    def scopes(self) -> list[str]:
        return [scope for scope, kinds in self._records.items() if any(kinds.values())]

    def put(self, scope: str, kind: str, key: str, record: Record) -> None:
        """Add or replace a record."""
        self._remember(scope, kind, key)
        self._kind(scope, kind)[key] = record

    def drop(self, scope: str, kind: str, key: str) -> None:
        """Forget a record, if it is there."""
        self._remember(scope, kind, key)
        self._kind(scope, kind).pop(key, None)

    def drop_scope(self, scope: str, *, but: tuple[str, ...] = ()) -> None:
        """Forget everything of a scope but the kinds named."""
        for kind, records in list(self._records.get(scope, {}).items()):
            if kind not in but:
                for key in list(records):
                    self.drop(scope, kind, key)

    def next_number(self, scope: str, counter: str, first: int = 1) -> int:
        """The next whole number of a counter, beginning with ``first``."""
        row = self.look(scope, "counter", counter)
        value = row["next"] if row else first
        self.put(scope, "counter", counter, {"next": value + 1})
        return value

    def _kind(self, scope: str, kind: str) -> dict[str, Record]:
        return self._records.setdefault(scope, {}).setdefault(kind, {})

    def _remember(self, scope: str, kind: str, key: str) -> None:
        if not self._depth:
            raise RuntimeError("A record changes only inside a transaction")
        place = (scope, kind, key)
        self._journal.append((place, self._kind(scope, kind).get(key)))
        self.memo.pop(place, None)

    def _commit(self) -> None:
        if not self._journal:
            return
        changed = dict.fromkeys(place for place, _ in self._journal)
        puts, drops = [], []
        for place in changed:
            record = self.look(*place)
            if record is None:
                drops.append(place)
                self._positions.pop(place, None)
                continue
            if place not in self._positions:
                self._positions[place] = self._next
                self._next += 1
            body = json.dumps(record, ensure_ascii=False, separators=(",", ":"), default=str)
            puts.append((*place, self._positions[place], body))
        self._db.execute("BEGIN IMMEDIATE")
        try:
            self._db.executemany("DELETE FROM records WHERE scope=? AND kind=? AND id=?", drops)
            self._db.executemany("INSERT OR REPLACE INTO records VALUES (?,?,?,?,?)", puts)
            self._db.execute("COMMIT")
        except BaseException:
            self._db.execute("ROLLBACK")
            raise
        self._journal.clear()

    def _undo(self) -> None:
        for (scope, kind, key), before in reversed(self._journal):
            self.memo.pop((scope, kind, key), None)
            if before is None:
                self._kind(scope, kind).pop(key, None)
            else:
                self._kind(scope, kind)[key] = before
        self._journal.clear()


def stored_in(folder: Path | None, name: str) -> Store:
    """The store of a side: a file of this name in the folder; in memory where there is none."""
    return Store(":memory:" if folder is None else folder / name)
