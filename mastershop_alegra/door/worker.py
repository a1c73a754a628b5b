"""gunicorn's threaded worker, where only complete requests take a thread.

gunicorn gives each connection a thread and reads in it: forty senders that send nothing, or one
byte a second, hold all threads. Here the poller reads heads and bodies, within limits, and sends
the rest of answers to slow readers. A thread only runs the application.
"""

from __future__ import annotations

import errno
import selectors
import socket
import time
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from contextlib import suppress
from functools import partial
from io import BytesIO

from gunicorn.errors import ConfigError

from mastershop_alegra.door.connection import Connection, State
from mastershop_alegra.door.incoming import CUT_SHORT, TOO_BUSY, Handed, Refusal
from mastershop_alegra.door.limits import LONGEST_REQUEST, TIMES, most_connections
from mastershop_alegra.door.line import Line
from mastershop_alegra.door.poller import Poller
from mastershop_alegra.door.queue import Queue

_NO_ROOM = (errno.EMFILE, errno.ENFILE, errno.ENOBUFS, errno.ENOMEM)
_HEALTH = "/healthz"
_CONTINUE = b"HTTP/1.1 100 Continue\r\n\r\n"


class Door(Poller):
    """The poller's methods run in the main thread; `handle` and what it calls run in others."""

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self._closed_until = 0.0
        self._silent_until = 0.0
        self._health: ThreadPoolExecutor | None = None
        self._queue: Queue | None = None

    @classmethod
    def check_config(cls, cfg, log) -> None:
        super().check_config(cfg, log)
        if cfg.is_ssl or cfg.protocol != "http" or "h2" in cfg.http_protocols:
            raise ConfigError("This worker speaks plain HTTP/1.1; TLS and HTTP/2 are the proxy's.")
        if cfg.proxy_protocol != "off":
            raise ConfigError("This worker does not read the PROXY protocol.")

    def init_process(self) -> None:
        self.worker_connections = most_connections(self.worker_connections)
        # A thread of its own, so that a question whether the process lives waits for no request.
        self._health = ThreadPoolExecutor(max_workers=1, thread_name_prefix="health")
        self._queue = Queue(self.cfg.threads)
        super().init_process()

    # --- Coming in -----------------------------------------------------------------------

    def set_accept_enabled(self, enabled: bool) -> None:
        if not enabled or time.monotonic() >= self._closed_until:
            super().set_accept_enabled(enabled)

    def accept(self, listener) -> None:
        try:
            plain, client = listener.accept()
        except OSError as error:
            if error.errno in _NO_ROOM:
                self._close_for_a_while(error)
            elif error.errno not in (errno.EAGAIN, errno.ECONNABORTED, errno.EWOULDBLOCK):
                raise
            return
        self.nr_conns += 1
        conn = Connection(self.cfg, Line(plain), client, listener.getsockname())
        conn.deadline = time.monotonic() + LONGEST_REQUEST
        with self._ended_by_errors_of_ours(conn):
            self._read(conn)
        if self.nr_conns >= self.worker_connections:
            self._end_longest()

    def _close_for_a_while(self, error: OSError) -> None:
        """Accept no connections for a moment: asking again at once would fail again."""
        self._closed_until = time.monotonic() + TIMES.no_handle_rests
        self.set_accept_enabled(False)
        self._end_longest()
        if time.monotonic() >= self._silent_until:
            self._silent_until = time.monotonic() + TIMES.no_handle_said
            self.tell_no_room(error)

    def tell_no_room(self, error: OSError) -> None:
        self.log.error("No connection can be taken: %s.", error.strerror)

    # --- Reading -------------------------------------------------------------------------

    def _read(self, conn: Connection) -> None:
        """Take the bytes that came, and go on with the request if it is complete."""
        data = conn.sock.take()
        if data is None:
            self._hold(conn, selectors.EVENT_READ)
            return
        if not data:
            if conn.incoming:
                self._refuse(conn, CUT_SHORT)
            else:
                self._end(conn)
            return
        if conn.handed is not None and not conn.has_begun:
            # This is the first byte after an earlier request.
            conn.has_begun = True
            conn.deadline = self._by(LONGEST_REQUEST)
        conn.incoming.add(data)
        self._go_on(conn)

    def _go_on(self, conn: Connection) -> None:
        """Hand the next request to the queue, or wait for the rest of it."""
        found = conn.incoming.next()
        if isinstance(found, Refusal):
            self._refuse(conn, found)
            return
        if isinstance(found, Handed):
            conn.hand(found)
        elif conn.incoming.wants_continue():
            with suppress(OSError):
                conn.sock.sendall(_CONTINUE)
        if not self._has_room_for(conn):
            self._refuse(conn, TOO_BUSY)
        elif found is None:
            self._hold(conn, selectors.EVENT_READ)
        else:
            self._let_go(conn)
            self.enqueue_req(conn)

    # --- In a thread ---------------------------------------------------------------------

    def enqueue_req(self, conn: Connection) -> None:
        if conn.handed.head.path == _HEALTH:
            self._submit(self._health, conn)
        else:
            self._queue.put(conn)
            self._fill_threads()

    def _fill_threads(self) -> None:
        while (conn := self._queue.take()) is not None:
            with self._ended_by_errors_of_ours(conn):
                try:
                    self._submit(self.tpool, conn)
                except BaseException:
                    # There is no memory for a thread.
                    self._queue.done(conn)
                    raise

    def _submit(self, pool: Executor, conn: Connection) -> None:
        future = pool.submit(self.handle, conn)
        future.add_done_callback(partial(self.method_queue.defer, self.finish_request, conn))

    def handle(self, conn: Connection):
        # The last moment at which the request can be dropped: after it the application runs and
        # commits.
        if conn.has_been_left():
            self.log.info("A sender left before its request was looked at.")
            return False
        return super().handle(conn)

    def handle_request(self, req, conn: Connection):
        # The poller has sent it, while the body had yet to come.
        req._expected_100_continue = False
        if conn.handed.head.length is None:
            # Read before the application runs: otherwise malformed chunks would fail in the middle
            # of the work, or get a second answer behind the first one.
            req.body = BytesIO(req.body.read(conn.handed.head.most + 1))
        if conn.handed.is_cut:
            req.force_close()
        return super().handle_request(req, conn)

    # --- Going out -----------------------------------------------------------------------

    def finish_request(self, conn: Connection, future: Future) -> None:
        if conn.handed.head.path != _HEALTH:
            self._queue.done(conn)
            self._fill_threads()
        try:
            is_kept = not future.cancelled() and bool(future.result())
        except BaseException as error:
            self.log.debug("A request ended its thread: %r", error)
            is_kept = False
        with self._ended_by_errors_of_ours(conn):
            conn.goes_on = is_kept and conn.may_go_on()
            # Its bytes are dropped; that it is there shows that a request was served.
            conn.handed.pieces = ()
            self._write(conn)

    def _write(self, conn: Connection) -> None:
        """Send what is left of the answer; then wait for another request, or end the connection."""
        try:
            is_sent = conn.sock.flush()
        except OSError:
            self._end(conn)
            return
        self._weigh(conn)
        if not is_sent:
            # The deadline stays, also for a reader that takes it piece by piece.
            if conn.state is not State.WRITING:
                self._enter(conn, State.WRITING, TIMES.answer_taken)
            self._hold(conn, selectors.EVENT_WRITE)
        elif conn.goes_on and conn.incoming:
            self._enter(conn, State.READING, LONGEST_REQUEST)
            self._go_on(conn)
        elif conn.goes_on:
            self._enter(conn, State.READING, self.cfg.keepalive)
            self._hold(conn, selectors.EVENT_READ)
        else:
            self._leave(conn)

    def _refuse(self, conn: Connection, refusal: Refusal) -> None:
        conn.goes_on = False
        with suppress(OSError):
            conn.sock.sendall(refusal.as_bytes())
        self._leave(conn)

    def _leave(self, conn: Connection) -> None:
        """Close the sending half and wait for the client to do the same. If the connection were
        closed while bytes come in, it would be reset and the answer lost."""
        self._let_go(conn)
        try:
            conn.sock.flush()
            conn.sock.shutdown(socket.SHUT_WR)
        except OSError:
            self._end(conn)
            return
        self._enter(conn, State.LEAVING, TIMES.farewell)
        self._drop(conn)

    def _drop(self, conn: Connection) -> None:
        if conn.sock.take() == b"":
            self._end(conn)
        else:
            self._hold(conn, selectors.EVENT_READ)
