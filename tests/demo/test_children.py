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
