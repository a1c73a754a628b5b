"""The door while every thread is taken, and at the limits of its machine."""

from __future__ import annotations

import os
import resource
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing, suppress

import pytest

from mastershop_alegra.door.limits import MOST_BODY, MOST_KEPT
from tests.mastershop_alegra.served import (
    ROOT,
    THREADS,
    Served,
    answer_on,
    get,
    post,
    rest_of,
    until,
)


def test_whether_the_process_lives_is_answered_while_every_thread_hangs(door):
    with ThreadPoolExecutor(THREADS) as senders:
        hanging = [senders.submit(door.ask, get("/hang?2")) for _ in range(THREADS)]
        until(lambda: sum("/hang 2" in line for line in door.seen()) >= THREADS)
        assert max(door.seconds("/healthz") for _ in range(5)) < 0.5
        assert not any(each.done() for each in hanging)


def test_an_event_is_not_worked_off_for_a_sender_that_left(door):
    with ThreadPoolExecutor(THREADS) as senders:
        for _ in range(THREADS):
            senders.submit(door.ask, get("/hang?1.01"))
        until(lambda: sum("/hang 1.01" in line for line in door.seen()) >= THREADS)
        with ExitStack() as stack:
            for path in ("/webhooks/left/", "/form/left/"):
                stack.enter_context(door.connect()).sendall(post(path, b"{}"))
        with closing(door.connect()) as patient:
            patient.sendall(post("/webhooks/patient/", b"{}"))
            assert rest_of(patient).startswith(b"HTTP/1.1 200")
        until(lambda: "POST /form/left/ " in door.seen())
    assert "POST /webhooks/patient/ " in door.seen()
    assert "POST /webhooks/left/ " not in door.seen()


def test_what_an_event_did_is_not_undone_because_its_sender_leaves_then(door):
    with door.connect() as line:
        line.sendall(post("/webhooks/hang?0.5", b"{}"))
        until(lambda: "POST /webhooks/hang 0.5" in door.seen())
    assert door.seconds() < 1


# --- Limits ------------------------------------------------------------------------------------


@pytest.fixture
def narrow(tmp_path):
    """So many connections and no more."""
    served = Served(tmp_path, "--worker-connections", "20")
    yield served
    served.end()


def test_more_silent_connections_than_there_is_room_for_make_room(narrow):
    with ExitStack() as stack:
        for _ in range(60):
            stack.enter_context(narrow.connect())
        assert max(narrow.seconds() for _ in range(5)) < 1


def test_a_kept_connection_is_the_first_to_go(narrow):
    with ExitStack() as stack:
        kept = stack.enter_context(narrow.connect())
        kept.sendall(get("/kept", last=False))
        assert answer_on(kept)["path"] == "/kept"
        for _ in range(30):
            stack.enter_context(narrow.connect())
        assert rest_of(kept) == b""


@pytest.fixture
def poor(tmp_path):
    """A machine that gives few handles, of which something else takes the most."""
    served = Served(tmp_path, handles=40)
    yield served
    served.end()


def test_few_handles_are_never_all_taken_by_connections(poor):
    with ExitStack() as stack:
        for _ in range(100):
            stack.enter_context(poor.connect())
        assert max(poor.seconds() for _ in range(5)) < 2
    assert "No connection can be taken" not in poor.said()


def test_without_a_handle_the_poller_rests_and_then_goes_on(poor):
    [worker] = poor.pids()
    # The first five are taken since the start.
    resource.prlimit(worker, resource.RLIMIT_NOFILE, (5, 40))
    with closing(poor.connect()) as line:
        line.sendall(get("/later"))
        before = poor.cpu()
        time.sleep(2)
        assert poor.cpu() - before < 0.3
        assert poor.pids() == [worker]
        assert poor.said().count("No connection can be taken: Too many open files") == 1
        resource.prlimit(worker, resource.RLIMIT_NOFILE, (40, 40))
        assert rest_of(line).startswith(b"HTTP/1.1 200")


@pytest.mark.parametrize(
    "arguments", [("--proxy-protocol",), ("--certfile", "LICENSE", "--keyfile", "LICENSE")]
)
def test_what_it_does_not_speak_is_refused_at_the_start(tmp_path, arguments):
    (tmp_path / "seen").touch()
    answer = subprocess.run(
        [
            *(sys.executable, "-m", "gunicorn", "tests.mastershop_alegra.door_app"),
            *("--worker-class", "mastershop_alegra.door.worker.Door", "--bind", "127.0.0.1:0"),
            *("--no-control-socket", *arguments),
        ],
        cwd=ROOT,
        env={**os.environ, "DOOR_SEEN": str(tmp_path / "seen")},
        capture_output=True,
        text=True,
        timeout=20,
    )
    assert answer.returncode
    assert "This worker" in answer.stderr


def test_a_worker_that_stops_answers_what_it_has_and_waits_for_nobody_silent(tmp_path):
    served = Served(tmp_path, "--graceful-timeout", "20")
    try:
        with ThreadPoolExecutor(1) as senders, closing(served.connect()):
            working = senders.submit(served.ask, get("/hang?1"))
            until(lambda: "GET /hang 1" in served.seen())
            began = time.monotonic()
            served.process.terminate()
            assert working.result().startswith(b"HTTP/1.1 200")
            served.process.wait(10)
            assert time.monotonic() - began < 7
    finally:
        served.end()


def test_who_fills_the_memory_makes_room(door):
    most = post("/fill", b"x" * MOST_BODY)[:-1]
    with ExitStack() as stack:
        lines = []
        for _ in range(MOST_KEPT // MOST_BODY + 6):
            lines.append(stack.enter_context(door.connect()))
            lines[-1].sendall(most)
        assert door.seconds() < 1
        said = b""
        with suppress(ConnectionError):
            said = rest_of(lines[0])
        assert said == b""
        lines[-1].sendall(b"x")
        assert lines[-1].recv(20).startswith(b"HTTP/1.1 200")
