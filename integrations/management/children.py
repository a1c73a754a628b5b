"""Child processes of `manage.py up`: started, logged, watched, stopped together."""

from __future__ import annotations

import ctypes
import os
import re
import signal
import subprocess
import sys
import threading
import time
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

# Of a problem this much is said aloud; the rest is in the log.
LONGEST_PROBLEM = 400
# The characters of a line in which it is looked for.
_READ = 2_000
LARGEST_LOG = 20 * 1024 * 1024
MOST_RESTARTS = 10
RESTARTS_WINDOW = 600.0
QUICK_RESTARTS = 2
LONGEST_REST = 8.0
PATIENCE = 10.0

_PR_SET_PDEATHSIG = 1
# Loaded before any fork: after one nothing may be imported.
_LIBC = ctypes.CDLL(None) if sys.platform == "linux" else None
# A log line of ours names its level; a traceback, or the plain words of a process that cannot
# even start, does not.
_LEVEL = re.compile(r"""\blevel["']?\s*[=:]\s*["']?(\w+)|\[(DEBUG|INFO|WARNING|ERROR|CRITICAL)\]""")
_QUIET = {"debug", "info"}
_PLAIN_PROBLEM = re.compile(
    r"^(Traceback\b|  File |\s*raise |\w+(\.\w+)*(Error|Exception)\b|Error\b)"
)


@dataclass
class Child:
    """One process. `restarts`: fallen, it is started again; any other ends the run."""

    name: str
    command: list[str]
    restarts: bool = False
    # Stopped after the others: what they may still be talking to.
    is_last: bool = False
    process: subprocess.Popen | None = None
    restarted: deque[float] = field(default_factory=deque)
    # Monotonic: the moment at which it is started again; 0 while it runs.
    rests_until: float = 0.0

    @property
    def is_running(self) -> bool:
        return self.process is not None and self.process.poll() is None


class Children:
    """All of them, each in a session of its own, each with a file under the log folder.

    What a child says goes into its file; what is a problem goes to our own stderr as well.
    `on_change` is told name → pid after every start.
    """

    def __init__(
        self,
        *,
        folder: Path,
        cwd: Path,
        environment: dict[str, str],
        on_change: Callable[[dict[str, int]], None],
    ) -> None:
        self._folder = folder
        self._cwd = cwd
        self._environment = environment
        self._on_change = on_change
        self._children: list[Child] = []

    def start(self, child: Child) -> None:
        """Call it from the main thread: Linux ends a child with the thread that started it."""
        if child not in self._children:
            self._children.append(child)
        child.process = subprocess.Popen(  # noqa: S603 - our own commands
            child.command,
            cwd=self._cwd,
            env=self._environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            preexec_fn=_die_with_parent if _LIBC is not None else None,
        )
        writer = threading.Thread(
            target=_write_log,
            args=(child.process.stdout, self._folder / f"{child.name}.log", child.name),
            daemon=True,
        )
        writer.start()
        self._on_change({each.name: each.process.pid for each in self._children if each.process})

    def fallen(self) -> Child | None:
        """The child that ended by itself and stays down; starts again what may be."""
        for child in self._children:
            if child.process is None or (code := child.process.poll()) is None:
                continue
            if not child.rests_until:
                if not (child.restarts and self._may_restart(child)):
                    return child
                how = f"was killed by signal {-code}" if code < 0 else f"ended with code {code}"
                _say(f"{child.name} {how}; starting it again.")
                child.rests_until = time.monotonic() + _rest(len(child.restarted))
            if time.monotonic() >= child.rests_until:
                self._try_to_start(child)
        return None

    def _try_to_start(self, child: Child) -> None:
        try:
            self.start(child)
        except (OSError, MemoryError) as error:
            # The reason for which it ended may last for a while.
            _say(f"{child.name} cannot be started: {error}; trying again.")
            child.rests_until = time.monotonic() + LONGEST_REST
        else:
            child.rests_until = 0.0

    def start_again(self, child: Child, why: str) -> bool:
        """End a child that lives and does not work, with all processes that it started, and start
        it again. False when that was done too often."""
        if not self._may_restart(child):
            return False
        _say(f"{child.name} {why}; starting it again.")
        # It does not react, so it is killed without being asked to end.
        _signal([child], signal.SIGKILL, whole_group=True)
        child.process.wait()
        self._try_to_start(child)
        return True

    @staticmethod
    def _may_restart(child: Child) -> bool:
        now = time.monotonic()
        while child.restarted and child.restarted[0] < now - RESTARTS_WINDOW:
            child.restarted.popleft()
        if len(child.restarted) >= MOST_RESTARTS:
            return False
        child.restarted.append(now)
        return True

    def stop(self) -> None:
        """TERM to all, KILL to whoever is still there after ten seconds."""
        deadline = time.monotonic() + PATIENCE
        first = [child for child in self._children if not child.is_last]
        last = [child for child in self._children if child.is_last]
        _signal(first, signal.SIGTERM)
        _wait(first, deadline - 1.5)
        _signal(last, signal.SIGTERM)
        _wait(self._children, deadline)
        # A group outlives its leader when the leader dies without stopping its workers.
        _signal(self._children, signal.SIGKILL, whole_group=True)
        for child in self._children:
            if child.process is not None:
                child.process.wait()


def _rest(times: int) -> float:
    """Seconds before the next start, after this number of starts: what it lacks may be back soon,
    and it is tried for at least a minute."""
    further = times - QUICK_RESTARTS
    return 0.0 if further <= 0 else min(LONGEST_REST, 2.0 ** (further - 1))


def _die_with_parent() -> None:
    _LIBC.prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)


def _signal(children: list[Child], number: int, *, whole_group: bool = False) -> None:
    for child in children:
        if child.process is None:
            continue
        try:
            if whole_group:
                os.killpg(child.process.pid, number)
            elif child.is_running:
                child.process.send_signal(number)
        except (ProcessLookupError, PermissionError):
            continue


def _wait(children: list[Child], deadline: float) -> None:
    while any(child.is_running for child in children) and time.monotonic() < deadline:
        time.sleep(0.05)


def _write_log(source: IO[bytes], path: Path, name: str) -> None:
    """Copy the output of a child until it ends. One older file is kept beside the current one.

    The output is read even when it cannot be written: a child whose pipe is full stops. Output
    for which the disk has no room is lost, and the log says so when there is room again.
    """
    log = _Log(path, name)
    with source:
        for line in source:
            log.write(line)
            text = line.decode("utf-8", "replace").rstrip()
            if text and _is_problem(text[:_READ]):
                _say(f"{name}: {text[:LONGEST_PROBLEM]}")
    log.close()


class _Log:
    """The log file of one child."""

    def __init__(self, path: Path, name: str) -> None:
        self._path = path
        self._name = name
        self._file: IO[bytes] | None = None
        self._lost = 0

    def write(self, line: bytes) -> None:
        try:
            self._write(line)
        except OSError as error:
            if not self._lost:
                _say(f"{self._name}: its log cannot be written: {error.strerror}")
            self._lost += 1
            self._drop()

    def _write(self, line: bytes) -> None:
        if self._file is None:
            # Unbuffered: a line that could not be written is not written again with the next one.
            self._file = self._path.open("ab", buffering=0)
        elif self._file.tell() > LARGEST_LOG:
            self._file.close()
            self._path.replace(self._path.with_suffix(".log.1"))
            self._file = self._path.open("ab", buffering=0)
        if self._lost:
            self._file.write(b"(%d lines could not be written)\n" % self._lost)
            self._lost = 0
        self._file.write(line)

    def _drop(self) -> None:
        self.close()
        self._file = None

    def close(self) -> None:
        if self._file is not None:
            with suppress(OSError):
                self._file.close()


def _is_problem(line: str) -> bool:
    """Lines with a level above INFO, and those of a traceback."""
    level = _LEVEL.search(line)
    if level:
        return (level[1] or level[2]).lower() not in _QUIET
    return bool(_PLAIN_PROBLEM.search(line))


def _say(text: str) -> None:
    # The terminal may be gone, or the disk full: neither may stop the thread.
    with suppress(OSError):
        print(text, file=sys.stderr, flush=True)
