"""A request whose time is over is not sent, nor the rest of one: real sockets on loopback."""

import ipaddress
import socket
import ssl
import time
from datetime import UTC, datetime, timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from integrations.alegra import watchdog
from integrations.alegra.client import AlegraClient, Call, Deadlines
from integrations.alegra.errors import NoTimeLeft, NotSent, OutcomeUnknown

WHOLE = 0.4
QUICK = Deadlines(connect=WHOLE, read=WHOLE, whole=WHOLE)
CREATE = Call("POST", "/invoices", json={"observations": "x" * 3_000})
GOOD = b'HTTP/1.1 200 OK\r\nContent-Length: 11\r\n\r\n{"id": "1"}'


def answers(server, connection, request):
    connection.sendall(GOOD)
    return True


@pytest.fixture(scope="module")
def certificate(tmp_path_factory):
    """A file that holds an invented certificate of 127.0.0.1 and its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.now(UTC)
    address = x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))])
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(address, critical=False)
        .sign(key, hashes.SHA256())
    )
    path = tmp_path_factory.mktemp("tls") / "server.pem"
    path.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        + made.public_bytes(serialization.Encoding.PEM)
    )
    return path


@pytest.fixture(params=["http", "https"])
def far_side(request, serve):
    """A server that answers, and a client of it."""
    tls = verify = None
    if request.param == "https":
        verify = str(request.getfixturevalue("certificate"))
        tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        tls.load_cert_chain(verify)
    server = serve(answers, tls)
    with AlegraClient(server.base_url, "a@example.com", "secret", deadlines=QUICK) as client:
        client._session.verify = verify
        yield server, client


def stopped_before(monkeypatch, piece: int) -> list[int]:
    """The process is stopped before it hands over this piece, until its time is over."""
    look, seen = watchdog.Watchdog.look, [0]

    def looks(dog, sock):
        seen[0] += 1
        if seen[0] == piece:
            # The timer of the watchdog was stopped with all the rest.
            dog._timer.cancel()
            time.sleep(WHOLE + 0.1)
        look(dog, sock)

    monkeypatch.setattr(watchdog.Watchdog, "look", looks)
    return seen


def whole_requests(server) -> int:
    time.sleep(0.1)  # what left is there by now
    return sum(request.endswith(b'x"}') for request in server.requests)


def test_head_and_body_leave_in_one_piece(far_side, monkeypatch):
    server, client = far_side
    seen = stopped_before(monkeypatch, 0)
    assert client.send(CREATE).body == {"id": "1"}
    assert seen == [1]
    assert whole_requests(server) == 1


def test_a_big_request_leaves_whole_though_in_many_pieces(far_side, monkeypatch):
    server, client = far_side
    seen = stopped_before(monkeypatch, 0)
    big = Call("POST", "/invoices", json={"observations": "y" * 3_000_000 + "x"})
    patient = Deadlines(connect=5, read=20, whole=20)
    client.send(Call(big.method, big.path, json=big.json, deadlines=patient))
    assert seen[0] > 3_000_000 / watchdog.PIECE
    assert whole_requests(server) == 1


def test_a_process_stopped_before_the_first_byte_sends_none(far_side, monkeypatch):
    server, client = far_side
    client.send(Call("GET", "/company"))
    stopped_before(monkeypatch, 1)
    with pytest.raises(NotSent):
        client.send(CREATE)
    assert whole_requests(server) == 0
    assert len(server.requests) == 1


@pytest.mark.parametrize("piece", [2, 4])
def test_a_process_stopped_between_two_pieces_never_completes_its_request(
    far_side, monkeypatch, piece
):
    monkeypatch.setattr(watchdog, "PIECE", 1_000)
    server, client = far_side
    stopped_before(monkeypatch, piece)
    with pytest.raises(OutcomeUnknown):
        client.send(CREATE)
    assert whole_requests(server) == 0


class Journal:
    """Keeps back whatever wants to leave, once."""

    def __init__(self, server):
        self.server, self.refuses, self.ended = server, True, []

    def opened(self, call):
        pass

    def leaves(self, call):
        if self.refuses:
            self.refuses = False
            raise NoTimeLeft("too late")

    def closed(self, call, answer=None, error=None):
        self.ended.append(type(error))


def test_what_its_sender_keeps_back_was_not_sent_and_the_next_one_is(serve):
    server = serve(answers)
    journal = Journal(server)
    with AlegraClient(server.base_url, "a@example.com", "secret", journal=journal) as client:
        with pytest.raises(NoTimeLeft) as caught:
            client.send(CREATE)
        assert caught.value.is_definite_no
        assert whole_requests(server) == 0
        client.send(CREATE)
    assert journal.ended == [NoTimeLeft, type(None)]
    assert whole_requests(server) == 1


@pytest.mark.skipif(
    not hasattr(socket, "TCP_USER_TIMEOUT"), reason="only Linux limits repetitions on the wire"
)
def test_the_system_gives_up_what_was_not_received_within_the_time_of_each_call(far_side):
    server, client = far_side

    def given() -> int:
        pools = client._session.get_adapter(server.base_url).poolmanager.pools
        line = pools[next(iter(pools.keys()))].pool
        connection = line.get()
        line.put(connection)
        return connection.sock.getsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT)

    client.send(CREATE)
    assert 1 <= given() <= WHOLE * 1000
    longer = Call("GET", "/company", deadlines=Deadlines(connect=1, read=9, whole=9))
    client.send(longer)
    assert 8_000 <= given() <= 9_000
    client.send(CREATE)
    assert 1 <= given() <= WHOLE * 1000
