"""What the door costs a request, against gunicorn's own threaded worker: a minute.

    ./run bench door [requests]

Both serve the same small application and take turns. In one turn eight senders send requests of
4 KiB, first over a new connection each, then over kept connections; then fewer requests that work
for 3 ms, less than an event of the portal does. The figures are the server's CPU and requests a
second. The best turns of each server count, so that a busy machine changes little.
"""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path
from statistics import mean

from tests.checks.kept import folder
from tests.checks.machine import figure

ROOT = Path(__file__).resolve().parents[1]
OURS = "mastershop_alegra.door.worker.Door"
WORKERS = {"theirs": "gthread", "ours": OURS}
SENDERS, TURNS, BEST = 8, 10, 3
BODY = b"x" * 4096
WORK = 0.003
# Name, kept connections or not, path, share of the requests.
LOADS = (
    ("new connections", False, "/a", 1.0),
    ("kept connections", True, "/a", 1.0),
    ("3 ms of work", True, "/work", 0.2),
)


def application(environ, start_response):
    environ["wsgi.input"].read()
    until = time.thread_time() + WORK * (environ["PATH_INFO"] == "/work")
    while time.thread_time() < until:
        pass
    start_response("200 OK", [("Content-Length", "2")])
    return [b"ok"]


def main() -> None:
    requests = int(sys.argv[1]) if len(sys.argv) > 1 else 2000
    measured: dict[str, dict[str, list]] = {}
    with ExitStack() as stack:
        servers = {name: stack.enter_context(Server(kind)) for name, kind in WORKERS.items()}
        for load, kept, path, part in LOADS:
            turns = measured.setdefault(load, {name: [] for name in servers})
            for _ in range(TURNS):
                for name, server in servers.items():
                    turns[name].append(server.turn(int(requests * part), path, kept=kept))
    (folder() / "door.json").write_text(json.dumps(measured))
    for load, turns in measured.items():
        cpu = {name: mean(sorted(cpu for cpu, _ in each)[:BEST]) for name, each in turns.items()}
        rate = {name: mean(sorted((r for _, r in each))[-BEST:]) for name, each in turns.items()}
        figure(
            f"{load}: CPU a request {cpu['ours'] * 1e6:.0f} µs,"
            f" {cpu['ours'] / cpu['theirs']:.2f} of gunicorn's;"
            f" {rate['ours']:.0f} requests a second,"
            f" {rate['ours'] / rate['theirs']:.2f} of gunicorn's"
        )


class Server:
    """One worker of four threads."""

    def __init__(self, kind: str) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self._process = subprocess.Popen(  # noqa: S603 - our own server
            [
                *(sys.executable, "-m", "gunicorn", "benchmarks.door", "--worker-class", kind),
                *("--bind", f"127.0.0.1:{self.port}", "--threads", "4", "--no-control-socket"),
                *("--log-level", "warning"),
            ],
            cwd=ROOT,
        )

    def __enter__(self) -> Server:
        deadline = time.monotonic() + 20
        while True:
            try:
                self._connect().close()
                return self
            except ConnectionError:
                if time.monotonic() > deadline:
                    raise
                time.sleep(0.05)

    def __exit__(self, *exc: object) -> None:
        self._process.terminate()
        self._process.wait()

    def turn(self, requests: int, path: str, *, kept: bool) -> tuple[float, float]:
        """Seconds of CPU a request, and requests a second."""
        before, began = self._cpu(), time.monotonic()
        with ThreadPoolExecutor(SENDERS) as senders:
            each = requests // SENDERS
            list(senders.map(lambda _: self._send(each, path, kept=kept), range(SENDERS)))
        sent = each * SENDERS
        return (self._cpu() - before) / sent, sent / (time.monotonic() - began)

    def _send(self, requests: int, path: str, *, kept: bool) -> None:
        goes = "keep-alive" if kept else "close"
        head = f"POST {path} HTTP/1.1\r\nHost: x\r\nConnection: {goes}\r\n"
        request = f"{head}Content-Length: {len(BODY)}\r\n\r\n".encode()
        line = self._connect() if kept else None
        for _ in range(requests):
            with ExitStack() as stack:
                one = line or stack.enter_context(self._connect())
                one.sendall(request + BODY)
                said = b""
                while not said.endswith(b"\r\n\r\nok"):
                    data = one.recv(4096)
                    if not data:
                        raise ConnectionError(said)
                    said += data
        if line:
            line.close()

    def _connect(self) -> socket.socket:
        return socket.create_connection(("127.0.0.1", self.port), timeout=20)

    def _cpu(self) -> float:
        children = Path(f"/proc/{self._process.pid}/task/{self._process.pid}/children")
        ticks = 0
        for pid in children.read_text().split():
            fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
            ticks += int(fields[11]) + int(fields[12])
        return ticks / os.sysconf("SC_CLK_TCK")


if __name__ == "__main__":
    main()
