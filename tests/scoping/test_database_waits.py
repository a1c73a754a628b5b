"""A database that gives no sign of life keeps nobody waiting longer than the process allows."""

from __future__ import annotations

import os
import sqlite3
import threading
import time
from dataclasses import replace

import pytest
from django.db import OperationalError, connection, connections

from integrations.scoping import database_waits
from integrations.timekeeping import database_limits
from integrations.timekeeping.database_limits import COMMAND, WEB, WORKER, DatabaseLimits
from tests.relay import Relay, socket_folder

# As a web process waits, in less time.
SHORT = DatabaseLimits(connect=2, answer=2.2, statement=30, lock=1, rest=30, busy=0.4)


@pytest.fixture
def short(db, monkeypatch):
    monkeypatch.setattr(database_limits, "_in_force", SHORT)
    monkeypatch.setattr(database_limits, "HEALTH_CHECK", 0.3)
    database_waits.begin()
    yield
    database_waits.begin()


@pytest.fixture
def relay(short):
    if connection.vendor != "postgresql":
        pytest.skip("needs PostgreSQL")
    with Relay(socket_folder(os.environ["DATABASE_URL"])) as relay:
        yield relay


@pytest.fixture
def database(relay):
    """A connection by way of the relay, beside the test's own."""
    made = connections.create_connection("default")
    options = {**made.settings_dict.get("OPTIONS", {}), "host": str(relay.folder)}
    made.settings_dict = {**made.settings_dict, "HOST": str(relay.folder), "OPTIONS": options}
    yield made
    made.close()


def ask(database) -> int:
    with database.cursor() as cursor:
        cursor.execute("SELECT 7")
        return cursor.fetchone()[0]


def seconds_until_refused(database) -> float:
    began = time.monotonic()
    with pytest.raises(OperationalError):
        ask(database)
    return time.monotonic() - began


def test_a_server_that_stops_answering_is_given_up(database, relay):
    assert ask(database) == 7
    relay.hang()
    assert SHORT.answer - 0.2 < seconds_until_refused(database) < SHORT.answer + 1


def test_what_lost_its_patience_loses_none_a_second_time(database, relay):
    assert ask(database) == 7
    relay.hang()
    seconds_until_refused(database)
    database.close_if_unusable_or_obsolete()
    assert seconds_until_refused(database) < 0.5
    database_waits.begin()
    assert seconds_until_refused(database) > 1


def test_a_thread_that_serves_no_request_tries_again_and_again(database, relay):
    """It looks whether the database is back, so its patience begins anew each time."""
    found: list[object] = []

    def look() -> None:
        for _ in range(2):
            try:
                found.append(ask(database))
            except OperationalError as error:
                found.append(type(error))
                database.close()
                relay.go_on()

    database.inc_thread_sharing()
    assert ask(database) == 7
    relay.hang()
    thread = threading.Thread(target=look)
    thread.start()
    thread.join()
    assert found == [OperationalError, 7]


def test_a_connection_that_nobody_makes_is_given_up(database, relay):
    relay.hang()
    assert 1 < seconds_until_refused(database) < SHORT.answer + 1


def test_the_look_at_a_connection_that_rested_is_short(database, relay):
    assert ask(database) == 7
    relay.hang()
    began = time.monotonic()
    assert not database.is_usable()
    assert time.monotonic() - began < 1.2


def test_a_database_that_answers_again_is_asked_again(database, relay):
    assert ask(database) == 7
    relay.hang()
    seconds_until_refused(database)
    relay.go_on()
    database.close()
    database_waits.begin()
    assert ask(database) == 7
    relay.cut_off()
    assert seconds_until_refused(database) < 0.5
    relay.come_back()
    database.close()
    assert ask(database) == 7


def test_who_answers_again_and_again_may_take_its_time(database):
    began = time.monotonic()
    while time.monotonic() - began < SHORT.answer + 0.5:
        with database.cursor() as cursor:
            cursor.execute("SELECT pg_sleep(0.4)")


def test_a_question_that_is_too_large_is_told_from_a_database_that_is_silent(database, relay):
    def ask_meanwhile() -> None:
        other = connections.create_connection("default")
        ask(other)
        other.close()

    asked = threading.Timer(0.5, ask_meanwhile)
    asked.start()
    with pytest.raises(OperationalError), database.cursor() as cursor:
        cursor.execute("SELECT pg_sleep(%s)", [SHORT.answer + 1])
    asked.join()
    assert database_waits.others_were_answered()
    database.close()
    database_waits.begin()
    ask(database)
    relay.hang()
    seconds_until_refused(database)
    assert not database_waits.others_were_answered()


def test_what_reads_much_may_have_more_patience(database):
    with database_waits.longer(SHORT.answer + 5), database.cursor() as cursor:
        cursor.execute("SELECT pg_sleep(%s)", [SHORT.answer + 0.3])


@pytest.mark.parametrize("limits", [WORKER, COMMAND])
def test_a_worker_and_a_command_wait_for_what_takes_long(database, monkeypatch, limits):
    monkeypatch.setattr(database_limits, "_in_force", limits)
    with database.cursor() as cursor:
        cursor.execute("SELECT pg_sleep(%s)", [SHORT.answer + 0.3])


@pytest.mark.parametrize(
    ("limits", "statement", "lock"), [(WEB, "30s", "3s"), (WORKER, "0", "30s"), (COMMAND, "0", "0")]
)
def test_the_server_is_told_how_long_each_may_take(database, monkeypatch, limits, statement, lock):
    monkeypatch.setattr(database_limits, "_in_force", limits)
    with database.cursor() as cursor:
        cursor.execute(
            "SELECT current_setting('statement_timeout'), current_setting('lock_timeout')"
        )
        assert cursor.fetchone() == (statement, lock)


def test_a_dead_network_ends_the_connection_of_any_process(database):
    told = database.get_connection_params()
    assert 0 < told["tcp_user_timeout"] <= 12_000
    silent = told["keepalives_idle"] + told["keepalives_interval"] * told["keepalives_count"]
    assert silent <= 12


@pytest.mark.parametrize(("limits", "most"), [(WEB, 4), (WORKER, 60), (COMMAND, 120)])
def test_each_process_waits_its_own_time_for_a_locked_sqlite(db, monkeypatch, limits, most):
    if connection.vendor != "sqlite":
        pytest.skip("needs SQLite")
    monkeypatch.setattr(database_limits, "_in_force", limits)
    mine = connections.create_connection("default")
    try:
        with mine.cursor() as cursor:
            cursor.execute("PRAGMA busy_timeout")
            waits = cursor.fetchone()[0] / 1000
    finally:
        mine.close()
    assert waits == limits.busy <= most


def test_who_waits_for_a_locked_sqlite_gets_it_when_it_is_free(transactional_db, monkeypatch):
    """SQLite itself would look again only after a tenth of a second."""
    if connection.vendor != "sqlite":
        pytest.skip("needs SQLite")
    monkeypatch.setattr(database_limits, "_in_force", WEB)
    mine = connections.create_connection("default")
    other = sqlite3.connect(
        mine.settings_dict["NAME"], isolation_level=None, check_same_thread=False
    )
    late: list[float] = []
    mine.ensure_connection()
    try:
        for _ in range(5):
            other.execute("BEGIN IMMEDIATE")
            freed: list[float] = []

            def free(freed=freed):
                freed.append(time.monotonic())
                other.execute("ROLLBACK")

            timer = threading.Timer(0.6, free)
            timer.start()
            mine._start_transaction_under_autocommit()
            late.append(time.monotonic() - freed[0])
            mine.connection.rollback()
            timer.join()
    finally:
        mine.close()
        other.close()
    assert sorted(late)[2] < 0.04, late


def test_a_locked_sqlite_is_given_up_in_time(transactional_db, monkeypatch):
    if connection.vendor != "sqlite":
        pytest.skip("needs SQLite")
    monkeypatch.setattr(database_limits, "_in_force", replace(SHORT, busy_anew=0.03))
    mine = connections.create_connection("default")
    other = sqlite3.connect(
        mine.settings_dict["NAME"], isolation_level=None, check_same_thread=False
    )
    other.execute("BEGIN IMMEDIATE")
    mine.ensure_connection()
    began = time.monotonic()
    try:
        with pytest.raises(OperationalError, match="locked"):
            mine._start_transaction_under_autocommit()
    finally:
        mine.close()
        other.close()
    assert SHORT.busy <= time.monotonic() - began < SHORT.busy + 0.5
