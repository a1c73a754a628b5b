"""A Redis of one test, which kills it, stops it, empties it and starts it again."""

from __future__ import annotations

import shutil
import signal
import subprocess
import tempfile
import time
from pathlib import Path

import redis

from tests.pgbox import REDIS, free_port, redis_binary


class OwnRedis:
    """`with OwnRedis() as broker:` — its own process on a port that stays the same."""

    def __init__(self) -> None:
        self._folder = Path(tempfile.mkdtemp(prefix="own-redis-"))
        self._port = free_port()
        self._process: subprocess.Popen | None = None

    @property
    def url(self) -> str:
        return f"redis://127.0.0.1:{self._port}/0"

    def __enter__(self) -> OwnRedis:
        self.start()
        return self

    def __exit__(self, *exc: object) -> None:
        self.kill()
        shutil.rmtree(self._folder, ignore_errors=True)

    def start(self) -> None:
        command = [redis_binary(), "--port", str(self._port), "--dir", str(self._folder), *REDIS]
        self._process = subprocess.Popen(command, stdout=subprocess.DEVNULL, start_new_session=True)
        deadline = time.monotonic() + 20
        while not self._answers():
            assert time.monotonic() < deadline, "Redis did not start"
            time.sleep(0.05)

    def kill(self) -> None:
        """Whatever it held is lost, and connections are refused."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None

    def hang(self) -> None:
        """The system takes connections and what is sent; nothing is ever answered."""
        self._process.send_signal(signal.SIGSTOP)

    def go_on(self) -> None:
        self._process.send_signal(signal.SIGCONT)

    def client(self, seconds: float = 5) -> redis.Redis:
        return redis.Redis.from_url(
            self.url, socket_timeout=seconds, socket_connect_timeout=seconds
        )

    def _answers(self) -> bool:
        try:
            with self.client(1) as client:
                return client.ping()
        except redis.RedisError:
            return False
