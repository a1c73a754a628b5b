"""CPU seconds of the portal's processes: what does not change with who else uses the machine."""

from __future__ import annotations

import os
from collections import defaultdict
from pathlib import Path

from tests.flows.live import LivePortal

_TICKS = os.sysconf("SC_CLK_TCK")


def spent(portal: LivePortal) -> dict[str, float]:
    """Seconds so far of web, worker and the rest, each with the processes that it started, and of
    the database's server where one runs."""
    children, own, named = _processes()
    found = {name: _of(pid, children, own) for name, pid in portal.pids().items() if name != "up"}
    if servers := [pid for pid, name in named.items() if name == "postgres" and _is_first(pid)]:
        found["postgres"] = sum(_of(pid, children, own) for pid in servers if _is_mine(pid))
    return found


def between(before: dict[str, float], after: dict[str, float]) -> dict[str, float]:
    return {name: round(after[name] - before.get(name, 0.0), 2) for name in after}


def _of(pid: int, children: dict[int, list[int]], own: dict[int, float]) -> float:
    return own.get(pid, 0.0) + sum(_of(each, children, own) for each in children[pid])


def _processes() -> tuple[dict[int, list[int]], dict[int, float], dict[int, str]]:
    children: dict[int, list[int]] = defaultdict(list)
    own, named = {}, {}
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            name, _, rest = (folder / "stat").read_text().rpartition(")")
        except OSError:
            continue
        fields = rest.split()
        pid = int(folder.name)
        children[int(fields[1])].append(pid)
        named[pid] = name.partition("(")[2]
        # With what children spent that are gone.
        own[pid] = sum(map(int, fields[11:15])) / _TICKS
    return children, own, named


def _is_first(pid: int) -> bool:
    try:
        return b"-D" in Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
    except OSError:
        return False


def _is_mine(pid: int) -> bool:
    """Whether it is the server of this run: `DATABASE_URL` names the folder of its socket."""
    command = Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
    sockets = command[command.index(b"-k") + 1].decode() if b"-k" in command else "/"
    return sockets in os.environ.get("DATABASE_URL", "")
