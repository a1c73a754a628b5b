"""Three network namespaces of our own: near – router – far. The router can swallow what goes to
an address of far, without a word to anybody, as a dead network does.

Nothing of the machine's own network is touched. Raises Refused where the machine lets nobody make
namespaces.
"""

from __future__ import annotations

import ctypes
import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_NEW_NET = 0x40000000


class Refused(Exception):
    """This machine gives no network namespaces; the text says why."""


class Network:
    """While its block lasts the calling thread, and what it starts, is in `near`."""

    def __init__(self, addresses: list[str]) -> None:
        self.addresses = addresses
        self._names = {which: f"late-{os.getpid()}-{which}" for which in ("near", "mid", "far")}
        self._home = -1

    def __enter__(self) -> Network:
        try:
            self._home = os.open("/proc/thread-self/ns/net", os.O_RDONLY)
            for name in self._names.values():
                _ip("netns", "add", name)
            self._join("near", "10.77.1.1", "10.77.1.2")
            self._join("far", "10.77.2.1", "10.77.2.2")
            for address in self.addresses:
                self._in("far", "addr", "add", f"{address}/32", "dev", "lo")
                self._in("mid", "route", "add", address, "via", "10.77.2.1")
            _ip("netns", "exec", self._names["mid"], "sh", "-c",
                "echo 1 > /proc/sys/net/ipv4/ip_forward")  # fmt: skip
            self._enter("near")
        except (OSError, subprocess.CalledProcessError) as error:
            self.__exit__()
            said = getattr(error, "stderr", "") or str(error)
            raise Refused(f"this machine makes no network namespaces: {said.strip()}") from error
        return self

    def __exit__(self, *exc: object) -> None:
        if self._home >= 0:
            _set_namespace(self._home)
            os.close(self._home)
            self._home = -1
        for name in self._names.values():
            if Path("/run/netns", name).exists():
                _ip("netns", "delete", name)

    @contextmanager
    def in_far(self) -> Iterator[None]:
        """What listens from now on listens there."""
        self._enter("far")
        try:
            yield
        finally:
            self._enter("near")

    def swallow(self, address: str) -> None:
        """Nothing comes to this address any more, and nobody is told."""
        self._in("mid", "route", "replace", "blackhole", f"{address}/32")

    def let_through(self, address: str) -> None:
        self._in("mid", "route", "delete", "blackhole", f"{address}/32")
        self._in("mid", "route", "replace", address, "via", "10.77.2.1")

    def _join(self, which: str, its: str, routers: str) -> None:
        name, middle = self._names[which], self._names["mid"]
        _ip("link", "add", "v0", "netns", name, "type", "veth",
            "peer", "name", f"v-{which}", "netns", middle)  # fmt: skip
        for where, device, address in ((which, "v0", its), ("mid", f"v-{which}", routers)):
            self._in(where, "addr", "add", f"{address}/24", "dev", device)
            self._in(where, "link", "set", device, "up")
            self._in(where, "link", "set", "lo", "up")
        self._in(which, "route", "add", "default", "via", routers)

    def _in(self, which: str, *arguments: str) -> None:
        _ip("-n", self._names[which], *arguments)

    def _enter(self, which: str) -> None:
        line = os.open(f"/run/netns/{self._names[which]}", os.O_RDONLY)
        try:
            _set_namespace(line)
        finally:
            os.close(line)


def _ip(*arguments: str) -> None:
    subprocess.run(["ip", *arguments], check=True, capture_output=True, text=True)


def _set_namespace(line: int) -> None:
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.setns(line, _NEW_NET):
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number))
