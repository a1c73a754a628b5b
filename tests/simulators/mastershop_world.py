"""A simulated MasterShop on a free port, its control interface, and a webhook that listens."""

from __future__ import annotations

import http.client
import json
import threading
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import urlsplit

from integrations.simulators.mastershop.site import build_site
from integrations.simulators.server import Server

SECRET = "secreto-de-prueba"


@dataclass
class Answer:
    status: int
    headers: dict[str, str]
    body: Any


@dataclass
class Listener:
    """Keeps what was delivered to it, in order."""

    url: str
    deliveries: list[tuple[dict[str, str], bytes]] = field(default_factory=list)

    @property
    def bodies(self) -> list[dict[str, Any]]:
        return [json.loads(raw) for _, raw in self.deliveries]

    def seen(self, name: str) -> list[Any]:
        return [body.get(name) for body in self.bodies]


class World:
    def __init__(self, folder: Any) -> None:
        self.server = Server("127.0.0.1", 0)
        self.site = build_site(folder, control=True, alegra_url="")
        self.server.start(self.site)
        self.listener, self._web = listen()
        made = self.control("POST", "companies", {"business_id": 7331, "name": "Tienda Demo"})
        self.key = made.body["mastershop_key"]
        self.made = made.body
        self.control(
            "POST", "businesses/7331/webhook", {"url": self.listener.url, "secret": SECRET}
        )

    def close(self) -> None:
        self.server.stop()
        self._web.shutdown()
        self._web.server_close()

    def control(self, method: str, path: str, body: Any = None) -> Answer:
        return self.call(method, f"/_control/{path}", body)

    def api(self, method: str, path: str, body: Any = None, *, key: str | None = None) -> Answer:
        headers = {"ms-api-key": self.key if key is None else key}
        return self.call(method, f"/api{path}", body, headers)

    def call(
        self, method: str, path: str, body: Any = None, headers: dict[str, str] | None = None
    ) -> Answer:
        parts = urlsplit(self.server.url)
        connection = http.client.HTTPConnection(parts.hostname, parts.port, timeout=10)
        raw = None if body is None else json.dumps(body).encode()
        connection.request(method, path, raw, headers or {})
        response = connection.getresponse()
        text = response.read()
        connection.close()
        kind = response.headers.get("content-type", "")
        return Answer(
            response.status,
            {name.lower(): value for name, value in response.headers.items()},
            json.loads(text) if kind.startswith("application/json") and text else text.decode(),
        )

    def order(self, **asked: Any) -> dict[str, Any]:
        answer = self.control("POST", "orders", {"business_id": 7331, **asked})
        assert answer.status == 201, answer.body
        return answer.body

    def facts(self, **facts: Any) -> None:
        assert self.control("POST", "switches", {"facts": facts}).status == 200


def listen() -> tuple[Listener, ThreadingHTTPServer]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            raw = self.rfile.read(int(self.headers["Content-Length"]))
            listener.deliveries.append(({k.lower(): v for k, v in self.headers.items()}, raw))
            self.send_response(200)
            self.end_headers()
            self.wfile.write(b'{"received": true}')

        def log_message(self, *args: Any) -> None:
            pass

    web = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    listener = Listener(f"http://127.0.0.1:{web.server_port}/webhooks/mastershop/abc/")
    threading.Thread(target=web.serve_forever, args=(0.02,), daemon=True).start()
    return listener, web
