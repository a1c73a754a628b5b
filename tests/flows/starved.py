"""Takes from the processes of a live portal what a machine can run out of, and gives it back."""

from __future__ import annotations

import os
import resource
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from tests.flows.live import LivePortal

_LEAST_HANDLES = 3
_TICKS = os.sysconf("SC_CLK_TCK")


class Refused(Exception):
    """This machine does not let the test do it; the text says why."""


def family(pid: int) -> list[int]:
    """A process and all that it started."""
    found = [pid]
    for each in found:
        with suppress(OSError):
            for task in Path(f"/proc/{each}/task").iterdir():
                found += [int(child) for child in (task / "children").read_text().split()]
    return found


def serving(portal: LivePortal) -> list[int]:
    """The processes of web and worker."""
    pids = portal.pids()
    return [*family(pids["web"]), *family(pids["worker"])]


def busy_seconds(pid: int) -> float:
    """CPU that a process has used."""
    with suppress(OSError):
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / _TICKS
    return 0.0


@contextmanager
def without_handles(portal: LivePortal) -> Iterator[None]:
    """None of these processes opens one more file or connection."""
    pids = serving(portal)
    before = {}
    for pid in pids:
        with suppress(OSError):
            before[pid] = resource.prlimit(pid, resource.RLIMIT_NOFILE)
            # What is open stays so: the limit is for the numbers of new ones.
            resource.prlimit(pid, resource.RLIMIT_NOFILE, (_LEAST_HANDLES, before[pid][1]))
    try:
        yield
    finally:
        for pid, limit in before.items():
            with suppress(OSError):
                resource.prlimit(pid, resource.RLIMIT_NOFILE, limit)


@contextmanager
def without_memory(portal: LivePortal) -> Iterator[None]:
    """None of these processes gets one more page of memory."""
    pids = serving(portal)
    before = {}
    for pid in pids:
        with suppress(OSError):
            before[pid] = resource.prlimit(pid, resource.RLIMIT_AS)
            pages = int(Path(f"/proc/{pid}/statm").read_text().split()[0])
            taken = pages * resource.getpagesize()
            resource.prlimit(pid, resource.RLIMIT_AS, (taken, before[pid][1]))
    try:
        yield
    finally:
        for pid, limit in before.items():
            with suppress(OSError):
                resource.prlimit(pid, resource.RLIMIT_AS, limit)


class SmallDisk:
    """A file system of its own for a portal that has not been started: database, queue, logs and
    mails are on it, and the books of the simulators are not. Raises Refused."""

    def __init__(self, portal: LivePortal, *, megabytes: int) -> None:
        self._portal = portal
        self._size = megabytes
        self._books = Path(tempfile.mkdtemp(prefix="live-books-"))

    def __enter__(self) -> SmallDisk:
        done = subprocess.run(
            ["mount", "-t", "tmpfs", "-o", f"size={self._size}m", "tmpfs", self._portal.var],
            capture_output=True,
            text=True,
        )
        if done.returncode:
            shutil.rmtree(self._books)
            raise Refused(f"no file system of its own: {done.stderr.strip()}")
        (self._portal.var / "simulators").symlink_to(self._books)
        return self

    def __exit__(self, *exc: object) -> None:
        self._portal.stop()
        subprocess.run(["umount", "-l", self._portal.var], check=False)
        shutil.rmtree(self._books, ignore_errors=True)

    def room(self) -> int:
        found = os.statvfs(self._portal.var)
        return found.f_bavail * found.f_frsize

    @contextmanager
    def full(self) -> Iterator[None]:
        filler = self._portal.var / "filler"
        with filler.open("wb", buffering=0) as file, suppress(OSError):
            while True:
                file.write(bytes(4096))
        try:
            yield
        finally:
            filler.unlink()


def wait(seconds: float) -> tuple[float, float]:
    """When it began and when it ended."""
    began = time.monotonic()
    time.sleep(seconds)
    return began, time.monotonic()
