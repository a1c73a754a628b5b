"""Everything of an embedded installation in one foreground process: `./run`."""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import resource
import signal
import socket
import sys
import threading
import time
from pathlib import Path

import requests
from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.urls import reverse

from integrations.demo import announce, world
from integrations.management.children import Child, Children
from integrations.management.silence import SILENT, Silence

FILES = 4096
START_PATIENCE = 60.0
_STEP = 0.2


class Interrupted(Exception):
    """TERM or Ctrl-C came before everything was up."""


class Command(BaseCommand):
    help = "Starts portal, worker, schedule and simulators; TERM or Ctrl-C stops all."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser) -> None:
        parser.add_argument("--empty", action="store_true", help="without the demo merchant")
        parser.add_argument("--port", type=int, help="the portal's port (default: $PORT or 8000)")

    def handle(self, *args, **options) -> None:
        port = options["port"]
        if port and port != settings.PORT:
            # Addresses are derived from the port when the settings are read.
            os.environ["PORT"] = str(port)
            os.execv(sys.executable, [sys.executable, *sys.argv])  # noqa: S606
        self._stopping = threading.Event()
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            signal.signal(number, lambda *_: self._stopping.set())
        _prepare_folder(settings.VAR)
        # Held until the process ends, however it ends.
        self._lock = _lock(settings.VAR / "up.lock")
        host = os.environ.get("HOST", "127.0.0.1")
        for place, number in (
            (host, settings.PORT),
            ("127.0.0.1", settings.PORT + 1),
            ("127.0.0.1", settings.PORT + 2),
        ):
            _refuse_busy(place, number)
        _raise_file_limit()
        _tell_addresses()
        (settings.VAR / "demo.json").unlink(missing_ok=True)
        children = Children(
            folder=settings.VAR / "log",
            cwd=settings.BASE_DIR,
            environment={**os.environ, "PYTHONUNBUFFERED": "1"},
            on_change=_write_pids,
        )
        try:
            code = self._run(children, host, is_empty=options["empty"])
        except Interrupted:
            code = 0
        finally:
            children.stop()
            (settings.VAR / "pids.json").unlink(missing_ok=True)
        sys.exit(code)

    def _run(self, children: Children, host: str, *, is_empty: bool) -> int:
        began = time.monotonic()
        children.start(_simulators())
        call_command("migrate", interactive=False, verbosity=0)
        _collect_static()
        web = _web(host)
        children.start(web)
        simulators = settings.SIMULATED_ALEGRA_URL.removesuffix("/api/v1")
        self._wait_for(children, f"{simulators}/_control/switches")
        demo = None if is_empty else world.make_demo()
        children.start(_worker())
        children.start(_beat())
        health = f"http://{_reachable(host)}:{settings.PORT}/healthz"
        self._wait_for(children, health)
        login_url = settings.BASE_URL + reverse("account_login")
        if demo is not None and os.environ.get("DEMO_TRAFFIC", "1") != "0":
            world.start_traffic(demo)
        description = announce.describe(demo, login_url=login_url)
        announce.write(settings.VAR / "demo.json", description)
        announce.say(self.stdout, description, seconds=time.monotonic() - began)
        silence = Silence(health)
        while not self._stopping.wait(_STEP):
            if self._has_fallen(children):
                return 1
            seconds = silence.seconds()
            if seconds >= SILENT:
                why = f"gave no answer for {seconds:.0f} s"
                if not children.start_again(web, why):
                    self.stderr.write(f"web {why}, again and again; stopping the rest.")
                    return 1
                silence.begin_anew()
        silence.end()
        return 0

    def _wait_for(self, children: Children, url: str) -> None:
        """Until the address answers. Raises Interrupted; CommandError when it never does."""
        deadline = time.monotonic() + START_PATIENCE
        while time.monotonic() < deadline:
            if self._stopping.is_set():
                raise Interrupted
            if self._has_fallen(children):
                raise CommandError(f"See {settings.VAR / 'log'}.")
            try:
                if requests.get(url, timeout=5).status_code < 500:
                    return
            except requests.RequestException:
                pass
            time.sleep(0.05)
        raise CommandError(f"{url} does not answer. See {settings.VAR / 'log'}.")

    def _has_fallen(self, children: Children) -> bool:
        child = children.fallen()
        if child is not None:
            code = child.process.returncode
            self.stderr.write(f"{child.name} ended by itself (code {code}); stopping the rest.")
        return child is not None


# --- The processes -----------------------------------------------------------------------


def _simulators() -> Child:
    command = [
        *(sys.executable, "-m", "integrations.simulators"),
        *("--alegra-port", str(settings.PORT + 1)),
        *("--mastershop-port", str(settings.PORT + 2)),
        *("--data", str(settings.VAR / "simulators")),
    ]
    return Child("simulators", command, is_last=True)


def _web(host: str) -> Child:
    command = [
        *(sys.executable, "-m", "gunicorn", "mastershop_alegra.wsgi"),
        *("--bind", f"{host}:{settings.PORT}"),
        *("--worker-class", "mastershop_alegra.web_worker.Worker"),
        *("--logger-class", "mastershop_alegra.web_worker.Log"),
        *("--workers", os.environ.get("WEB_WORKERS", "2"), "--threads", "4"),
        # Loaded once, then forked: half the time and memory of loading it in each worker.
        *("--preload", "--no-control-socket", "--log-level", "warning"),
        *("--timeout", "60", "--graceful-timeout", "5", "--keep-alive", "5"),
    ]
    return Child("web", command, restarts=True)


def _worker() -> Child:
    command = [
        *(sys.executable, "-m", "celery", "-A", "mastershop_alegra", "worker"),
        *("--pool=threads", "-c", os.environ.get("WORKER_THREADS", "16")),
        *("--without-gossip", "--without-mingle", "--without-heartbeat"),
    ]
    # A worker may be killed at any moment: every work is picked up where it stands.
    return Child("worker", command, restarts=True)


def _beat() -> Child:
    command = [
        *(sys.executable, "-m", "celery", "-A", "mastershop_alegra", "beat"),
        "--pidfile=",
    ]
    return Child("beat", command)


# --- What must be there before -----------------------------------------------------------


def _prepare_folder(var: Path) -> None:
    os.umask(0o077)
    for folder in (var, var / "log", var / "simulators"):
        folder.mkdir(parents=True, exist_ok=True)
    if var.stat().st_uid == os.geteuid():
        var.chmod(0o700)


def _lock(path: Path):
    file = path.open("w")
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        raise CommandError(f"Another ./run uses {path.parent}: stop it or set VAR.") from error
    return file


def _refuse_busy(host: str, port: int) -> None:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host.strip("[]"), port))
        except OSError as error:
            raise CommandError(
                f"Port {port} is in use; stop what uses it, or set PORT (needs PORT to PORT+2)."
            ) from error


def _raise_file_limit() -> None:
    """Sixteen threads, sockets and SQLite want more than the 256 files some systems give."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft == resource.RLIM_INFINITY or soft >= FILES:
        return
    wanted = FILES if hard == resource.RLIM_INFINITY else min(FILES, hard)
    resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))


def _tell_addresses() -> None:
    """The stand-ins' addresses, for this process and for its children."""
    for name, value in {
        "PORT": str(settings.PORT),
        "VAR": str(settings.VAR),
        "SIMULATED_ALEGRA_URL": f"http://127.0.0.1:{settings.PORT + 1}/api/v1",
        "SIMULATED_MASTERSHOP_URL": f"http://127.0.0.1:{settings.PORT + 2}/api",
    }.items():
        os.environ[name] = value
        if name.startswith("SIMULATED_"):
            setattr(settings, name, value)


def _collect_static() -> None:
    """Collected again only when a file's name, size or age changed."""
    found = [
        f"{storage.path(name)} {stat.st_size} {stat.st_mtime_ns}"
        for finder in get_finders()
        for name, storage in finder.list([])
        if (stat := os.stat(storage.path(name)))
    ]
    digest = hashlib.sha256("\n".join(sorted(found)).encode()).hexdigest()
    stamp = settings.VAR / "static.stamp"
    if stamp.exists() and stamp.read_text() == digest and settings.STATIC_ROOT.exists():
        return
    call_command("collectstatic", interactive=False, verbosity=0, clear=True)
    stamp.write_text(digest)


def _write_pids(pids: dict[str, int]) -> None:
    path = settings.VAR / "pids.json"
    draft = path.with_suffix(".tmp")
    try:
        draft.write_text(json.dumps({"up": os.getpid(), **pids}))
        draft.replace(path)
    except OSError as error:
        # A full disk must not keep a worker from being started again.
        print(f"{path} cannot be written: {error.strerror}", file=sys.stderr, flush=True)


def _reachable(host: str) -> str:
    return "127.0.0.1" if host == "0.0.0.0" else host  # noqa: S104 - compared, not bound
