"""A client against invented accounts, and a server that may misbehave below HTTP."""

import socket
import threading
import time

import pytest

from integrations.alegra.client import AlegraClient

BASE = "https://alegra.example.com/api/v1"
EMAIL, TOKEN = "tienda@example.com", "invented-token-4f7a"


class Server:
    """Accepts connections and gives each to ``script(connection, request_bytes)``."""

    def __init__(self, script, tls=None):
        self.script = script
        self.tls = tls
        self.requests = []
        self._stop = threading.Event()
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._listener.settimeout(0.05)
        self.port = self._listener.getsockname()[1]
        self.base_url = f"http{'s' if tls else ''}://127.0.0.1:{self.port}/api/v1"
        self._thread = threading.Thread(target=self._accept, daemon=True)
        self._thread.start()

    def close(self):
        self._stop.set()
        self._thread.join(2)
        self._listener.close()

    def trickle(self, connection, data, pause=0.05):
        for byte in data:
            if self._stop.is_set():
                return
            connection.sendall(bytes([byte]))
            time.sleep(pause)

    def _accept(self):
        while not self._stop.is_set():
            try:
                connection, _ = self._listener.accept()
            except TimeoutError:
                continue
            threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection):
        connection.settimeout(5)
        try:
            if self.tls is not None:
                connection = self.tls.wrap_socket(connection, server_side=True)
            while True:
                request = _read_request(connection)
                if not request:
                    break
                self.requests.append(request)
                if not self.script(self, connection, request):
                    break
        except OSError:
            pass
        finally:
            connection.close()


def _read_request(connection):
    data = b""
    while b"\r\n\r\n" not in data:
        part = connection.recv(65536)
        if not part:
            return data
        data += part
    head, _, body = data.partition(b"\r\n\r\n")
    length = 0
    for line in head.lower().split(b"\r\n"):
        if line.startswith(b"content-length:"):
            length = int(line.split(b":")[1])
    while len(body) < length:
        part = connection.recv(65536)
        if not part:
            break
        body += part
    return head + b"\r\n\r\n" + body


@pytest.fixture
def serve():
    servers = []

    def start(script, tls=None):
        servers.append(Server(script, tls))
        return servers[-1]

    yield start
    for server in servers:
        server.close()


@pytest.fixture
def client():
    with AlegraClient(BASE, EMAIL, TOKEN) as made:
        yield made


@pytest.fixture
def alegra():
    """Canned answers; ``alegra.get("/company", json=…)`` in Alegra's own paths."""
    import responses

    class Canned:
        def __init__(self, mock):
            self.mock = mock
            self.calls = mock.calls

        def add(self, method, path, **answer):
            return self.mock.add(method, BASE + path, **answer)

        def get(self, path, **answer):
            return self.add("GET", path, **answer)

        def post(self, path, **answer):
            return self.add("POST", path, **answer)

        def put(self, path, **answer):
            return self.add("PUT", path, **answer)

        def delete(self, path, **answer):
            return self.add("DELETE", path, **answer)

        def sent(self, index=-1):
            """(method and path, JSON body) of a request."""
            import json

            request = self.mock.calls[index].request
            body = json.loads(request.body) if request.body else None
            return f"{request.method} {request.url.removeprefix(BASE)}", body

    with responses.RequestsMock(assert_all_requests_are_fired=False) as mock:
        yield Canned(mock)
