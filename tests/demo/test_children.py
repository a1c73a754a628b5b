"""Child processes of `up`: a real process each, as small as can be."""

from __future__ import annotations

import os
import signal
import sys
import time
from pathlib import Path

import pytest

from integrations.management import children as module
from integrations.management.children import Child, Children

FOREVER = "import time\nwhile True: time.sleep(1)"
DEAF = "import signal\nsignal.signal(signal.SIGTERM, signal.SIG_IGN)\nprint('up', flush=True)\n"


@pytest.fixture
def told():
    return []


@pytest.fixture
def family(tmp_path, told):
    made = Children(
        folder=tmp_path, cwd=tmp_path, environment=dict(os.environ), on_change=told.append
    )
    yield made
    made.stop()


def _python(name: str, code: str, **options) -> Child:
    return Child(name, [sys.executable, "-c", code], **options)


def _fallen(family: Children, seconds: float = 5) -> Child | None:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        child = family.fallen()
        if child is not None:
            return child
        time.sleep(0.02)
    return None


def _kill(child: Child) -> None:
    os.kill(child.process.pid, signal.SIGKILL)
    os.waitid(os.P_PID, child.process.pid, os.WEXITED | os.WNOWAIT)


def test_a_child_that_ends_by_itself_is_named(family):
    family.start(_python("steady", FOREVER))
    family.start(_python("brief", "raise SystemExit(3)"))
    child = _fallen(family)
    assert child.name == "brief"
    assert child.process.returncode == 3


def test_a_killed_child_that_may_come_back_does_and_its_new_pid_is_told(family, told):
    worker = _python("worker", FOREVER, restarts=True)
    family.start(worker)
    first = worker.process.pid
    _kill(worker)
    assert family.fallen() is None
    assert worker.process.pid != first
    assert told[-1] == {"worker": worker.process.pid}


def test_a_child_that_may_come_back_and_ends_each_time_is_given_up(family, monkeypatch):
    monkeypatch.setattr(module, "MOST_RESTARTS", 2)
    family.start(_python("worker", "raise SystemExit(1)", restarts=True))
    assert _fallen(family).name == "worker"


def test_a_killed_child_that_may_not_come_back_ends_the_run(family):
    web = _python("web", FOREVER)
    family.start(web)
    _kill(web)
    assert family.fallen() is web


def test_a_child_killed_again_and_again_is_given_up(family, monkeypatch):
    monkeypatch.setattr(module, "MOST_RESTARTS", 2)
    worker = _python("worker", FOREVER, restarts=True)
    family.start(worker)
    for _ in range(2):
        _kill(worker)
        assert family.fallen() is None
    _kill(worker)
    assert family.fallen() is worker


def test_who_does_not_listen_is_killed(family, tmp_path, monkeypatch):
    monkeypatch.setattr(module, "PATIENCE", 0.5)
    deaf = _python("deaf", DEAF + FOREVER)
    family.start(deaf)
    _until_said(tmp_path / "deaf.log", "up")
    family.stop()
    assert deaf.process.returncode == -signal.SIGKILL


def test_what_a_child_starts_goes_with_it(family, tmp_path):
    code = (
        "import subprocess, sys\n"
        f"child = subprocess.Popen([sys.executable, '-c', {DEAF + FOREVER!r}])\n"
        "print('pid', child.pid, flush=True)\n"
        "child.wait()\n"
    )
    family.start(_python("parent", code))
    log = tmp_path / "parent.log"
    _until_said(log, "pid", "up")
    words = log.read_text().split()
    grandchild = int(words[words.index("pid") + 1])
    family.stop()
    deadline = time.monotonic() + 5
    while _is_alive(grandchild) and time.monotonic() < deadline:
        time.sleep(0.02)
    assert not _is_alive(grandchild)


def test_everything_is_logged_and_only_problems_are_said(family, tmp_path, capfd):
    lines = [
        "timestamp='x' level='info' event='error in name only'",
        "timestamp='x' level='warning' event='look here'",
        '{"level": "error", "event": "and here"}',
        "Traceback (most recent call last):",
        "a banner",
    ]
    family.start(_python("talker", f"print({chr(10).join(lines)!r})"))
    assert _fallen(family)
    deadline = time.monotonic() + 5
    log = tmp_path / "talker.log"
    while log.read_text().splitlines() != lines and time.monotonic() < deadline:
        time.sleep(0.02)
    assert log.read_text().splitlines() == lines
    time.sleep(0.05)
    said = capfd.readouterr().err
    assert said.splitlines() == [f"talker: {line}" for line in lines[1:4]]


def _until_said(log: Path, *words: str) -> None:
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline:
        if log.exists() and all(word in log.read_text() for word in words):
            return
        time.sleep(0.02)
    pytest.fail(f"never said: {words}")


def _is_alive(pid: int) -> bool:
    try:
        with open(f"/proc/{pid}/stat") as file:
            return file.read().rsplit(")", 1)[1].split()[0] != "Z"
    except FileNotFoundError:
        return False


def test_a_child_that_lives_and_does_not_work_is_started_again_with_all_that_it_started(
    family, tmp_path, capfd
):
    code = (
        "import subprocess, sys\n"
        f"child = subprocess.Popen([sys.executable, '-c', {DEAF + FOREVER!r}])\n"
        "print('pid', child.pid, flush=True)\n"
        "child.wait()\n"
    )
    web = _python("web", code, restarts=True)
    family.start(web)
    first = web.process.pid
    log = tmp_path / "web.log"
    _until_said(log, "pid", "up")
    words = log.read_text().split()
    grandchild = int(words[words.index("pid") + 1])
    os.killpg(first, signal.SIGSTOP)
    assert family.start_again(web, "gave no answer for 30 s")
    assert web.is_running
    assert web.process.pid != first
    assert not _is_alive(first)
    assert not _is_alive(grandchild)
    assert capfd.readouterr().err.splitlines() == [
        "web gave no answer for 30 s; starting it again."
    ]


def test_a_child_that_falls_again_and_again_rests_before_it_is_started(family, monkeypatch):
    monkeypatch.setattr(module, "QUICK_RESTARTS", 1)
    worker = _python("worker", FOREVER, restarts=True)
    family.start(worker)
    _kill(worker)
    assert family.fallen() is None
    assert worker.is_running
    _kill(worker)
    assert family.fallen() is None
    assert not worker.is_running
    deadline = time.monotonic() + 5
    while not worker.is_running and time.monotonic() < deadline:
        assert family.fallen() is None
        time.sleep(0.05)
    assert worker.is_running


def test_it_is_not_given_up_before_a_minute_without_what_it_lacks():
    rests = [module._rest(times) for times in range(1, module.MOST_RESTARTS + 1)]
    assert rests[0] == 0
    assert rests == sorted(rests)
    assert sum(rests) > 45


def test_a_child_that_cannot_be_started_is_tried_again(family, monkeypatch, capfd):
    worker = _python("worker", FOREVER, restarts=True)
    family.start(worker)
    monkeypatch.setattr(module, "LONGEST_REST", 0.1)
    start = family.start

    def fails(child):
        raise OSError(24, "Too many open files")

    monkeypatch.setattr(family, "start", fails)
    _kill(worker)
    assert family.fallen() is None
    assert "cannot be started" in capfd.readouterr().err
    monkeypatch.setattr(family, "start", start)
    time.sleep(0.15)
    assert family.fallen() is None
    assert worker.is_running


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
def test_a_full_disk_stops_no_child_that_speaks(family, tmp_path, capfd):
    """Nobody would read its pipe any more, and a full one holds up whoever writes to it."""
    log = tmp_path / "talker.log"
    log.symlink_to("/dev/full")
    code = (
        "import sys, time, os\n"
        "for number in range(5000): print('a line of some length, number', number, flush=True)\n"
        f"while not os.path.exists({str(tmp_path / 'room')!r}): time.sleep(0.02)\n"
        "print('the last line', flush=True)\n"
    )
    family.start(_python("talker", code))
    time.sleep(0.3)
    log.unlink()
    (tmp_path / "room").touch()
    assert _fallen(family, 10).process.returncode == 0
    _until_said(log, "lines could not be written", "the last line")
    said = [line for line in capfd.readouterr().err.splitlines() if "talker" in line]
    assert said == ["talker: its log cannot be written: No space left on device"]
