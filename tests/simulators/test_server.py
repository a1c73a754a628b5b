"""The server underneath, as raw bytes, and the process around it."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest
import requests

from integrations.simulators.server import Request, Response, Router, Server, Site
from integrations.simulators.storage import Store

ROOT = Path(__file__).resolve().parents[2]


class Echo(Site):
    def respond(self, request: Request) -> Response:
        if request.path == "/fail":
            raise RuntimeError("on purpose")
        body = request.body.decode()
        return Response.json({"path": request.path, "query": request.query, "body": body})


@pytest.fixture
def echo():
    server = Server("127.0.0.1", 0)
    server.start(Echo())
    yield server
    server.stop()


def _exchange(server, data, pieces=1):
    """What comes back for raw bytes, and in how many receives it came."""
    with socket.create_connection((server.host, server.port)) as raw:
        raw.sendall(data)
        raw.settimeout(1)
        received = [raw.recv(65536) for _ in range(pieces)]
    return b"".join(received)


def test_headers_and_body_travel_in_one_piece(echo):
    answer = _exchange(echo, b"GET /a?b=c HTTP/1.1\r\nHost: x\r\n\r\n")
    head, _, body = answer.partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 200 OK")
    assert json.loads(body)["query"] == {"b": "c"}


def test_chunked_bodies_pipelines_and_closing_are_understood(echo):
    chunked = (
        b"POST /x HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nuno\r\n4\r\n dos\r\n0\r\n\r\n"
    )
    assert b'"body":"uno dos"' in _exchange(echo, chunked)
    twice = b"GET /1 HTTP/1.1\r\n\r\nGET /2 HTTP/1.1\r\nConnection: close\r\n\r\n"
    answer = _exchange(echo, twice, pieces=3)
    assert answer.count(b"HTTP/1.1 200") == 2
    assert b"Connection: close" in answer


@pytest.mark.parametrize(
    ("data", "status"),
    [
        (b"nonsense\r\n\r\n", b"400"),
        (b"GET / HTTP/2.0\r\n\r\n", b"505"),
        (b"POST / HTTP/1.1\r\nContent-Length: many\r\n\r\n", b"400"),
        (b"POST / HTTP/1.1\r\nContent-Length: 99999999\r\n\r\n", b"413"),
    ],
)
def test_what_is_no_request_gets_an_answer_that_says_so(echo, data, status):
    assert _exchange(echo, data).startswith(b"HTTP/1.1 " + status)


def test_failing_site_answers_500_and_goes_on(echo):
    assert requests.get(echo.url + "/fail", timeout=5).status_code == 500
    assert requests.get(echo.url + "/ok", timeout=5).status_code == 200


def test_router_tells_unknown_paths_from_unknown_methods():
    router = Router()
    router.add("GET", "/invoices/{id}", len)
    router.add("POST", "/invoices/stamp", max)
    assert router.find("GET", "/invoices/7/") == (len, {"id": "7"}, True)
    assert router.find("POST", "/invoices/stamp") == (max, {}, True)
    assert router.find("PUT", "/invoices/7") == (None, {"id": "7"}, True)
    assert router.find("GET", "/invoices/7/pdf") == (None, {}, False)


def test_stop_ends_idle_connections(echo):
    idle = socket.create_connection((echo.host, echo.port))
    time.sleep(0.05)
    started = time.monotonic()
    echo.stop()
    assert time.monotonic() - started < 1
    assert idle.recv(10) == b""


def test_store_forgets_what_a_failed_transaction_did(tmp_path):
    store = Store(tmp_path / "s.sqlite3")
    with store.transaction():
        store.put("a", "k", "1", {"n": 1})

    def fail_half_way():
        with store.transaction():
            store.put("a", "k", "1", {"n": 2})
            store.put("a", "k", "2", {"n": 2})
            store.drop("a", "k", "1")
            raise LookupError

    with pytest.raises(LookupError):
        fail_half_way()
    assert store.all("a", "k") == [{"n": 1}]
    with pytest.raises(RuntimeError):
        store.put("a", "k", "1", {})
    store.close()
    assert Store(tmp_path / "s.sqlite3").all("a", "k") == [{"n": 1}]


def _free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def test_process_serves_both_sides_and_ends_well_on_term(tmp_path):
    ports = _free_port(), _free_port()
    command = [sys.executable, "-m", "integrations.simulators", "--data", str(tmp_path),
               "--alegra-port", str(ports[0]), "--mastershop-port", str(ports[1]),
               "--seed-demo"]  # fmt: skip
    environment = {**os.environ, "PYTHONDONTWRITEBYTECODE": "1"}
    process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE)
    try:
        assert process.stdout.readline().startswith(b"Alegra http://127.0.0.1:")
        ledger = requests.get(f"http://127.0.0.1:{ports[0]}/_control/ledger", timeout=5).json()
        assert [one["nit"] for one in ledger["companies"]] == ["901482337"]
        made = requests.post(
            f"http://127.0.0.1:{ports[1]}/_control/companies", json={}, timeout=5
        ).json()
        assert all(made[name] for name in ("nit", "alegra_token", "business_id", "mastershop_key"))
        again = requests.post(
            f"http://127.0.0.1:{ports[0]}/_control/companies",
            json={"alegra_user": made["alegra_user"]},
            timeout=5,
        ).json()
        assert again == made  # asked by its user, on the other side: the same two halves
        assert made["alegra_url"].startswith(f"http://127.0.0.1:{ports[0]}/")
    finally:
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=10) == 0


def test_port_in_use_is_said_and_is_a_failure(tmp_path, echo):
    command = [sys.executable, "-m", "integrations.simulators", "--data", str(tmp_path),
               "--alegra-port", str(echo.port), "--mastershop-port", "0"]  # fmt: skip
    done = subprocess.run(command, cwd=ROOT, capture_output=True, timeout=20, check=False)
    assert done.returncode == 1
    assert b"cannot start" in done.stderr
