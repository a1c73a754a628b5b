"""A small threaded HTTP/1.1 server with keep-alive, and what it serves: a Site.

One thread a connection; every answer leaves in one send with Nagle's delay off, because in
two each call would cost 40 ms. ``Router`` finds the function for a method and a path.
"""

from __future__ import annotations

import contextlib
import logging
import re
import socket
import threading
from collections.abc import Callable
from typing import Any

from integrations.simulators.messages import BadJson, Request, Response
from integrations.simulators.wire import Wire, WireError

__all__ = ["BadJson", "Request", "Response", "Router", "Server", "Site", "Wire"]

logger = logging.getLogger(__name__)

Handler = Callable[..., Any]


class Router:
    """Routes by method and pattern. ``{name}`` in a pattern takes one segment of the path."""

    def __init__(self) -> None:
        self._fixed: dict[str, dict[str, Handler]] = {}
        self._patterns: dict[int, list[tuple[re.Pattern[str], dict[str, Handler]]]] = {}

    def add(self, method: str, pattern: str, handler: Handler) -> None:
        if "{" not in pattern:
            self._fixed.setdefault(pattern, {})[method] = handler
            return
        regex = re.compile(re.sub(r"\{(\w+)\}", r"(?P<\1>[^/]+)", pattern) + "$")
        routes = self._patterns.setdefault(pattern.count("/"), [])
        for known, methods in routes:
            if known.pattern == regex.pattern:
                methods[method] = handler
                return
        routes.append((regex, {method: handler}))

    def find(self, method: str, path: str) -> tuple[Handler | None, dict[str, str], bool]:
        """The handler or None, what the pattern captured, and whether the path is known."""
        path = path.rstrip("/") or "/"
        methods = self._fixed.get(path)
        if methods is not None:
            return methods.get(method), {}, True
        for regex, methods in self._patterns.get(path.count("/"), ()):
            if match := regex.match(path):
                return methods.get(method), match.groupdict(), True
        return None, {}, False


class Site:
    """What one port serves. A side of the simulators is one subclass.

    ``respond(request)`` is called from many threads at once and returns one Response; it must
    have committed whatever it did before it returns. It may block (a fault that hangs) using
    ``request.wire``. An exception becomes a plain 500.

    ``close()`` is called once, after the last connection ended. ``url`` (root address, no
    trailing slash) and ``server`` are set by the Server before the first request.

    Most sites want ``ControlledSite`` (control.py), which adds the ``/_control/`` endpoints,
    the log of calls and the faults, and asks the subclass only for ``answer(request)``.
    """

    url: str = ""
    server: Server | None = None

    def respond(self, request: Request) -> Response:
        raise NotImplementedError

    def close(self) -> None:
        """Release what the site holds (files, threads)."""


class Server:
    """A listening port. It is bound at once (port 0 takes a free one) and serves after start."""

    def __init__(self, host: str, port: int) -> None:
        self.host = host
        self._listener = self._listen(port)
        self.port: int = self._listener.getsockname()[1]
        self._stopping = threading.Event()
        self._open: set[socket.socket] = set()
        self._threads: set[threading.Thread] = set()
        self._lock = threading.Lock()
        self._site: Site | None = None

    @property
    def url(self) -> str:
        return f"http://{self.host}:{self.port}"

    def start(self, site: Site) -> None:
        """Serve the site from now on, in threads of its own."""
        self._site = site
        site.url = site.url or self.url
        site.server = self
        threading.Thread(target=self._accept, args=(self._listener,), daemon=True).start()

    def stop(self) -> None:
        """Take no new request, let those under way finish for a moment, close the site."""
        self._stopping.set()
        self._close_listener()
        with self._lock:
            connections, threads = list(self._open), list(self._threads)
        for connection in connections:
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_RD)
        for thread in threads:
            thread.join(timeout=2)
        if self._site is not None:
            self._site.close()

    def close_door(self, seconds: float) -> None:
        """Refuse every connection for a while, as a host that is down does."""
        self._close_listener()
        with self._lock:
            connections = list(self._open)
        for connection in connections:
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)
        timer = threading.Timer(seconds, self._open_door)
        timer.daemon = True
        timer.start()

    def _open_door(self) -> None:
        if self._stopping.is_set():
            return
        self._listener = self._listen(self.port)
        threading.Thread(target=self._accept, args=(self._listener,), daemon=True).start()

    def _listen(self, port: int) -> socket.socket:
        listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((self.host, port))
        listener.listen(512)
        return listener

    def _close_listener(self) -> None:
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)  # wakes the thread that accepts
        self._listener.close()

    def _accept(self, listener: socket.socket) -> None:
        while not self._stopping.is_set():
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            thread = threading.Thread(target=self._serve, args=(connection,), daemon=True)
            with self._lock:
                self._open.add(connection)
                self._threads.add(thread)
            thread.start()

    def _serve(self, connection: socket.socket) -> None:
        wire = Wire(connection, self._stopping)
        try:
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            while not self._stopping.is_set() and self._serve_one(wire):
                pass
        except OSError:
            pass  # the other side left; nothing is owed to it
        finally:
            with self._lock:
                self._open.discard(connection)
                self._threads.discard(threading.current_thread())
            connection.close()

    def _serve_one(self, wire: Wire) -> bool:
        """Serve one request; True when the connection may carry another."""
        try:
            read = wire.read_request()
        except WireError as error:
            wire.send(Response.json({"message": str(error)}, error.status).raw(keep_alive=False))
            return False
        if read is None:
            return False
        request = Request(*read, wire)
        response = self._respond(request)
        try:
            return self._deliver(wire, request, response)
        finally:
            if response.afterwards is not None:
                response.afterwards()

    def _respond(self, request: Request) -> Response:
        assert self._site is not None  # noqa: S101 - start() set it before the first accept
        try:
            return self._site.respond(request)
        except Exception:
            logger.exception("simulator failed on %s %s", request.method, request.path)
            return Response.json({"message": "The simulator failed; its log says why"}, 500)

    def _deliver(self, wire: Wire, request: Request, response: Response) -> bool:
        keep_alive = request.headers.get("connection", "").lower() != "close"
        data = response.raw(keep_alive=keep_alive, head_only=request.method == "HEAD")
        if response.delivery == "whole":
            wire.send(data)
            return keep_alive
        if response.delivery == "trickle":
            wire.trickle(data, response.seconds)
            return keep_alive
        if response.delivery == "cut":
            wire.send(data[: len(data) - (len(response.body) + 1) // 2])
            wire.pause(0.05)  # let the half arrive; a reset may overtake what is in flight
        wire.reset()
        return False
