"""What a process lacks is recognised by its error, and said once with the limit and its cure."""

from __future__ import annotations

import errno
import logging
import os
import resource
import sqlite3
import subprocess
import sys
import threading

import pytest
import structlog
from django.db import OperationalError, ProgrammingError, connections

from integrations.scoping import lacking
from integrations.scoping.lacking import Lack, lack_of


def raised(error: Exception, cause: BaseException | None = None) -> Exception:
    try:
        raise error from cause
    except Exception as made:
        return made


@pytest.mark.parametrize(
    ("error", "lack"),
    [
        (OSError(errno.EMFILE, "Too many open files"), Lack.HANDLES),
        (OSError(errno.ENFILE, "Too many open files in system"), Lack.SYSTEM_HANDLES),
        (OSError(errno.ENOSPC, "No space left on device"), Lack.ROOM),
        (OSError(errno.EDQUOT, "Disk quota exceeded"), Lack.ROOM),
        (OSError(errno.ENOMEM, "Cannot allocate memory"), Lack.MEMORY),
        (MemoryError(), Lack.MEMORY),
        (RuntimeError("can't start new thread"), Lack.MEMORY),
        (OSError(errno.ENOENT, "No such file"), None),
        (ValueError("no room left on the disk"), None),
        (None, None),
    ],
)
def test_an_error_tells_what_was_lacking(error, lack):
    assert lack_of(error) == lack


def test_what_led_to_an_error_counts_more_than_the_error():
    inner = raised(OperationalError("it failed"), OSError(errno.EMFILE, "Too many open files"))
    assert lack_of(raised(ValueError("no page"), inner)) == Lack.HANDLES


def test_a_full_a_locked_and_a_read_only_sqlite_are_told_apart(tmp_path):
    def failure(statement: str, *, prepare: str = "", timeout: float = 0) -> Exception:
        path = tmp_path / "it.sqlite3"
        with sqlite3.connect(path) as made:
            made.execute("CREATE TABLE IF NOT EXISTS kept (text)")
        database = sqlite3.connect(path, timeout=timeout, isolation_level=None)
        try:
            if prepare:
                database.execute(prepare)
            database.execute(statement)
        except sqlite3.Error as error:
            return raised(OperationalError(str(error)), error)
        finally:
            database.close()
        pytest.fail("it did not fail")

    large = "INSERT INTO kept VALUES (zeroblob(1000000))"
    assert lack_of(failure(large, prepare="PRAGMA max_page_count=3")) == Lack.ROOM
    assert lack_of(failure(large, prepare="PRAGMA query_only=1")) == Lack.READ_ONLY
    other = sqlite3.connect(tmp_path / "it.sqlite3", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    assert lack_of(failure(large)) == Lack.LOCK
    other.close()
    assert lack_of(failure("SELECT nothing")) is None


def test_a_database_that_cannot_be_opened_for_lack_of_handles_says_so(tmp_path):
    code = (
        "import os, resource, sqlite3, sys\n"
        "from django.db import OperationalError\n"
        "from integrations.scoping.lacking import lack_of\n"
        f"path = {str(tmp_path / 'it.sqlite3')!r}\n"
        "held = []\n"
        "resource.setrlimit(resource.RLIMIT_NOFILE, (64, 64))\n"
        "try:\n"
        "    while True: held.append(os.dup(0))\n"
        "except OSError: pass\n"
        "try: sqlite3.connect(path).execute('CREATE TABLE it (text)')\n"
        "except sqlite3.Error as error:\n"
        "    made = OperationalError(str(error)); made.__cause__ = error\n"
        "    found = lack_of(made)\n"
        "for each in held: os.close(each)\n"
        "print(found.name)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, env=dict(os.environ)
    )
    assert done.stdout.strip() == "HANDLES", done.stderr


def test_a_server_that_refuses_or_is_gone_is_told_from_a_wrong_question(db):
    made = connections.create_connection("default")
    if made.vendor != "postgresql":
        pytest.skip("needs PostgreSQL")
    with pytest.raises(ProgrammingError) as wrong, made.cursor() as cursor:
        cursor.execute("SELECT nothing")
    assert lack_of(wrong.value) is None
    with pytest.raises(OperationalError) as ended, made.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(pg_backend_pid())")
    assert lack_of(ended.value) == Lack.DATABASE
    made.close()
    made.settings_dict = {**made.settings_dict, "HOST": "127.0.0.1", "PORT": "9", "OPTIONS": {}}
    with pytest.raises(OperationalError) as refused:
        made.ensure_connection()
    assert lack_of(refused.value) == Lack.DATABASE


def test_it_is_said_once_with_the_limit_and_how_to_raise_it():
    with structlog.testing.capture_logs() as lines:
        for _ in range(50):
            lacking.tell(Lack.HANDLES)
    assert [line["log_level"] for line in lines] == ["error"]
    soft, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    assert str(soft) in lines[0]["advice"]
    assert "ulimit -n" in lines[0]["advice"]


def test_the_end_of_it_is_said_with_its_length_and_how_often_it_failed():
    for _ in range(3):
        lacking.tell(Lack.LOCK)
    assert lacking.told() == [Lack.LOCK]
    with structlog.testing.capture_logs() as lines:
        lacking.over(Lack.LOCK, Lack.DATABASE)
        lacking.over(Lack.LOCK)
    assert [(line["event"], line["after"], line["failures"]) for line in lines] == [
        ("works again", str(Lack.LOCK), 3)
    ]
    assert lacking.told() == []


@pytest.mark.parametrize("name", ["django.request", "celery.app.trace", "celery.beat"])
def test_a_traceback_for_each_request_and_task_becomes_that_line(name):
    def record(error: Exception, name: str = name) -> logging.LogRecord:
        where = (type(error), error, error.__traceback__)
        return logging.LogRecord(name, logging.ERROR, __file__, 1, "it failed", (), where)

    full = OSError(errno.ENOSPC, "No space left on device")
    with structlog.testing.capture_logs() as lines:
        assert [lacking.Once().filter(record(full)) for _ in range(5)] == [False] * 5
        assert lacking.Once().filter(record(ValueError("a fault of ours")))
        assert lacking.Once().filter(record(full, "sending"))
    assert [line["event"] for line in lines] == [str(Lack.ROOM)]


def test_a_thread_that_ends_for_want_of_something_leaves_no_traceback(capfd):
    def ends(error: Exception) -> None:
        raise error

    before = threading.excepthook
    heard = []
    threading.excepthook = lambda ended: heard.append(ended.exc_type)
    lacking.connect()
    try:
        with structlog.testing.capture_logs() as lines:
            for error in (RuntimeError("can't start new thread"), ValueError("a fault of ours")):
                thread = threading.Thread(target=ends, args=(error,))
                thread.start()
                thread.join()
    finally:
        threading.excepthook = before
    assert [line["event"] for line in lines] == ["no memory left"]
    assert heard == [ValueError]


def test_a_worker_without_memory_ends_and_others_do_not(tmp_path):
    """A thread that never began leaves the one that started it waiting for ever."""
    code = (
        "import os, sys, time, types\n"
        "os.environ['DJANGO_SETTINGS_MODULE'] = 'mastershop_alegra.settings'\n"
        f"os.environ['VAR'] = {str(tmp_path)!r}\n"
        "import django; django.setup()\n"
        "from dataclasses import replace\n"
        "from integrations.scoping import lacking\n"
        "quick = replace(lacking.timing(), without_memory_ends=0.3)\n"
        "lacking.timing = lambda: quick\n"
        "if sys.argv[1] == 'worker':\n"
        "    from celery import signals\n"
        "    signals.celeryd_init.send(sender='it', instance=None, conf=None, options=None)\n"
        "ended = types.SimpleNamespace(exc_type=MemoryError, exc_value=None)\n"
        "sys.unraisablehook(ended)\n"
        "time.sleep(2)\n"
    )

    def ends(kind: str) -> int:
        command = [sys.executable, "-c", code, kind]
        return subprocess.run(command, capture_output=True, env=dict(os.environ)).returncode

    assert ends("worker") == lacking.ENDED_WITHOUT_MEMORY
    assert ends("command") == 0
