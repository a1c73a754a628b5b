"""What `up` looks at before it starts anything."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time

import pytest
from django.core.management.base import CommandError

from integrations.management.commands import up


def test_a_busy_port_is_said_in_one_line():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(CommandError, match=f"Port {port} is in use") as refused:
            up._refuse_busy("127.0.0.1", port)
    assert "\n" not in str(refused.value)
    up._refuse_busy("127.0.0.1", port)


def test_two_do_not_share_one_folder(tmp_path):
    first = up._lock(tmp_path / "up.lock")
    with pytest.raises(CommandError, match=r"Another \./run"):
        up._lock(tmp_path / "up.lock")
    first.close()
    up._lock(tmp_path / "up.lock").close()


def test_the_folder_is_its_owners_only(tmp_path):
    before = os.umask(0o022)
    try:
        up._prepare_folder(tmp_path / "var")
    finally:
        os.umask(before)
    assert (tmp_path / "var").stat().st_mode & 0o777 == 0o700


def test_static_files_are_collected_again_only_when_one_changed(tmp_path, settings, monkeypatch):
    source = tmp_path / "source"
    source.mkdir()
    (source / "portal.css").write_text("a {}")
    settings.VAR, settings.STATIC_ROOT = tmp_path, tmp_path / "static"
    settings.STATICFILES_DIRS = [source]
    monkeypatch.setattr(up, "get_finders", lambda: _finders())
    collected = []

    def collect(*args, **options):
        collected.append(args)
        settings.STATIC_ROOT.mkdir(exist_ok=True)

    monkeypatch.setattr(up, "call_command", collect)
    up._collect_static()
    up._collect_static()
    assert len(collected) == 1
    (source / "portal.css").write_text("a { color: red }")
    up._collect_static()
    assert len(collected) == 2


def _finders():
    from django.contrib.staticfiles.finders import FileSystemFinder

    return [FileSystemFinder()]


@pytest.mark.skipif(sys.platform != "linux", reason="the system tells children on Linux only")
def test_children_do_not_outlive_a_killed_parent(tmp_path):
    code = f"""
import json, os, sys, time
from pathlib import Path
from integrations.management.children import Child, Children
folder = Path({str(tmp_path)!r})
family = Children(folder=folder, cwd=folder, environment=dict(os.environ),
                  on_change=lambda pids: print(json.dumps(pids), flush=True))
family.start(Child("worker", [sys.executable, "-c", "import time; time.sleep(60)"]))
time.sleep(60)
"""
    parent = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True)
    worker = json.loads(parent.stdout.readline())["worker"]
    parent.send_signal(signal.SIGKILL)
    parent.wait()
    deadline = time.monotonic() + 10
    while _runs(worker) and time.monotonic() < deadline:
        time.sleep(0.02)
    assert not _runs(worker)


def _runs(pid: int) -> bool:
    try:
        with open(f"/proc/{pid}/stat") as file:
            return file.read().rsplit(")", 1)[1].split()[0] != "Z"
    except FileNotFoundError:
        return False
