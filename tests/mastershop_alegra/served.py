"""gunicorn with the door and a small application behind it: one worker, two threads."""

from __future__ import annotations

import json
import os
import resource
import socket
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
THREADS = 2
# Seconds, as short as they get: the worker divides by it.
DIVISOR = 100
LONGEST_REQUEST = 3.0


class Served:
    """gunicorn with the small application, and what a sender may do to it."""

    def __init__(self, folder: Path, *arguments: str, handles: int | None = None) -> None:
        self.seen_file = folder / "seen"
        self.seen_file.touch()
        self._said = (folder / "said").open("w+")
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]

        def limit() -> None:
            if handles:
                resource.setrlimit(resource.RLIMIT_NOFILE, (handles, handles))

        self.process = subprocess.Popen(
            [
                *(sys.executable, "-m", "gunicorn", "tests.mastershop_alegra.door_app"),
                *("--worker-class", "mastershop_alegra.door.worker.Door"),
                *("--bind", f"127.0.0.1:{self.port}", "--workers", "1", "--threads", f"{THREADS}"),
                *("--no-control-socket", "--keep-alive", "2", "--graceful-timeout", "5"),
                *("--log-level", "info", *arguments),
            ],
            cwd=ROOT,
            env={**os.environ, "DOOR_SEEN": str(self.seen_file), "TIMING_DIVISOR": str(DIVISOR)},
            stderr=self._said,
            preexec_fn=limit,
        )
        deadline = time.monotonic() + 20
        while True:
            try:
                # Answered, not only taken by the system: the worker is there.
                self.ask(get("/ready"))
                break
            except ConnectionError:
                assert time.monotonic() < deadline, self.said()
                assert self.process.poll() is None, self.said()
                time.sleep(0.05)

    def connect(self) -> socket.socket:
        return socket.create_connection(("127.0.0.1", self.port), timeout=20)

    def ask(self, request: bytes) -> bytes:
        """The whole answer to the end of the connection."""
        with self.connect() as line:
            line.sendall(request)
            return rest_of(line)

    def seconds(self, path: str = "/a") -> float:
        began = time.monotonic()
        assert self.ask(get(path)).startswith(b"HTTP/1.1 200")
        return time.monotonic() - began

    def seen(self) -> list[str]:
        return self.seen_file.read_text().splitlines()

    def said(self) -> str:
        self._said.seek(0)
        return self._said.read()

    def pids(self) -> list[int]:
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children")
        return [int(pid) for pid in children.read_text().split()]

    def cpu(self) -> float:
        """Seconds of CPU that the workers have taken."""
        ticks = 0
        for pid in self.pids():
            fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
            ticks += int(fields[11]) + int(fields[12])
        return ticks / os.sysconf("SC_CLK_TCK")

    def end(self) -> None:
        if self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(15)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
        self._said.close()


def get(path: str, *headers: str, last: bool = True) -> bytes:
    lines = (f"GET {path} HTTP/1.1", "Host: x", *headers, *(["Connection: close"] if last else []))
    return "\r\n".join((*lines, "", "")).encode()


def post(path: str, body: bytes, *headers: str, last: bool = True) -> bytes:
    announced = f"Content-Length: {len(body)}"
    return get(path, announced, *headers, last=last).replace(b"GET", b"POST", 1) + body


def rest_of(line: socket.socket) -> bytes:
    said = b""
    while data := line.recv(65536):
        said += data
    return said


def answer_on(line: socket.socket) -> dict:
    """One answer of a connection that goes on."""
    said = b""
    while b"\r\n\r\n" not in said:
        data = line.recv(1)
        assert data, said
        said += data
    length = int(said.lower().split(b"content-length: ")[1].split(b"\r\n")[0])
    return json.loads(b"".join(line.recv(1) for _ in range(length)))


def until(true, seconds: float = 10.0) -> None:
    deadline = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < deadline
        time.sleep(0.02)
