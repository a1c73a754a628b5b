"""Of a process's threads that want to write, the one that waits longest is the next."""

from __future__ import annotations

import threading
import time

import pytest
from django.db import connection, transaction

from integrations.connections.models import PlatformState
from integrations.scoping.sqlite3 import base
from integrations.scoping.sqlite3.line import Line


def test_who_comes_first_has_it_first():
    line, had = Line(), []

    def had_by(number):
        assert line.enter(10)
        had.append(number)
        line.leave()

    assert line.enter(1)
    threads = []
    for number in range(5):
        thread = threading.Thread(
            target=lambda n=number: line.enter(10) and (had.append(n), line.leave())
        )
        thread.start()
        while len(line._waiting) <= number:
            time.sleep(0.001)
        threads.append(thread)
    line.leave()
    for thread in threads:
        thread.join()
    assert had == [0, 1, 2, 3, 4]
    assert line.enter(0)


def test_who_loses_patience_is_not_waited_for():
    line = Line()
    assert line.enter(1)
    assert not line.enter(0.01)
    line.leave()
    assert line.enter(0)
    assert not line.enter(0)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("ends", ["commit", "rollback", "error", "close"])
def test_however_a_transaction_ends_the_next_one_has_its_turn(ends, monkeypatch):
    if connection.vendor != "sqlite":
        pytest.skip("PostgreSQL locks rows.")
    line = Line()
    monkeypatch.setattr(base, "_line", line)
    try:
        with transaction.atomic():
            assert not line.enter(0)
            PlatformState.objects.filter(pk=1).update(unknown_tokens=1)
            if ends == "rollback":
                transaction.set_rollback(True)
            elif ends == "error":
                raise ValueError
            elif ends == "close":
                connection.close()
    except Exception:
        assert ends in ("error", "close")
    assert line.enter(0)
