"""The one place that sends to Alegra: one request, one answer or one error of ``errors.py``.

Nothing is retried and no redirect is followed, because Alegra has no idempotency key: a second
POST is a second fiscal document. Alegra reference: transport and authentication.
"""

from __future__ import annotations

import http.client
import logging
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import partial
from types import TracebackType
from typing import Any, Protocol
from uuid import uuid4

import requests
import urllib3
from requests.auth import HTTPBasicAuth

from . import wire
from .error_in_success import error_inside
from .errors import AlegraError, NotSent, OutcomeUnknown, classify, parse
from .rate_limit import RateHeaders
from .watchdog import Watchdog, WatchedAdapter

log = logging.getLogger(__name__)

BODY_LIMIT = 5_000_000
# Bytes that are read of an answer with an error. A longer one is no sentence of Alegra's, and
# parsing it would keep the other threads of the process waiting. Its status counts all the same.
ERROR_LIMIT = 500_000
MOST_ROWS = 30  # a larger page is an error for Alegra (903), not a shorter page
USER_AGENT = "mastershop-alegra/1.0"
_CHUNK = 65_536


@dataclass(frozen=True)
class Deadlines:
    """Seconds: to connect, between two bytes read, and for the call from start to end."""

    connect: float = 5.0
    read: float = 30.0
    whole: float = 35.0


@dataclass(frozen=True)
class Call:
    """One request. ``path`` is below the base, as "/invoices"; ``json`` holds Decimals.

    ``expects_record``: a 2xx is good only with what was asked for; one that tells an error in
    its place is an error.
    """

    method: str
    path: str
    params: Mapping[str, Any] | None = field(default=None, repr=False)
    json: Any = field(default=None, repr=False)
    call_id: str = field(default_factory=lambda: uuid4().hex)
    deadlines: Deadlines | None = None
    expects_record: bool = False

    def __post_init__(self) -> None:
        if not self.path.startswith("/"):
            raise ValueError("a path starts below the base address with a slash")
        if int((self.params or {}).get("limit", 0)) > MOST_ROWS:
            raise ValueError(f"Alegra refuses pages of more than {MOST_ROWS} rows")

    @property
    def is_write(self) -> bool:
        return self.method != "GET"


@dataclass(frozen=True)
class Answer:
    """A 2xx. ``body`` is the JSON with fractions as Decimal, None for 204; ``elapsed`` seconds."""

    status: int
    body: Any = field(repr=False)
    headers: Mapping[str, str] = field(repr=False)
    rate: RateHeaders | None
    elapsed: float


class Pace(Protocol):
    """Spends the Alegra user's budget. ``take`` may raise BudgetExhausted."""

    def take(self, call: Call) -> None: ...

    def saw(self, rate: RateHeaders | None, status: int) -> None: ...


class Journal(Protocol):
    """Keeps the evidence: ``closed`` follows each ``opened`` exactly once.

    ``leaves`` is asked when the connection is there, right before the first byte; an AlegraError
    that it raises is the outcome, and nothing is sent.
    """

    def opened(self, call: Call) -> None: ...

    def leaves(self, call: Call) -> None: ...

    def closed(
        self, call: Call, answer: Answer | None = None, error: AlegraError | None = None
    ) -> None: ...


class AlegraClient:
    """One account, one session, one thread; closed when its ``with`` block ends."""

    def __init__(
        self,
        base_url: str,
        email: str,
        token: str,
        *,
        deadlines: Deadlines = Deadlines(),
        pace: Pace | None = None,
        journal: Journal | None = None,
        body_limit: int = BODY_LIMIT,
    ) -> None:
        """``base_url`` reaches up to and with ``/api/v1``. ValueError unless http or https."""
        if not base_url.startswith(("https://", "http://")):
            raise ValueError("the base address must be http or https")
        self.base_url = base_url.rstrip("/")
        self.deadlines = deadlines
        self.body_limit = body_limit
        self._pace = pace
        self._journal = journal
        self._secret = token.encode()
        self._session = _session(email, token)

    def __enter__(self) -> AlegraClient:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def __repr__(self) -> str:
        return f"<AlegraClient {self.base_url}>"

    def close(self) -> None:
        self._session.close()

    def send(self, call: Call) -> Answer:
        """Make the call once. AlegraError (see ``errors.py``) for anything but a readable 2xx.

        A call that cannot be written (a float, an odd path) fails before the pace is asked; a
        call that the pace refuses never reaches the journal.
        """
        request = self._request(call)
        if self._pace is not None:
            self._pace.take(call)
        if self._journal is not None:
            self._journal.opened(call)
        try:
            answer = self._exchange(call, request)
        except AlegraError as error:
            error.call = call
            self._write_down(call, error=error)
            raise
        except BaseException:
            # The worker is being stopped in mid-call, or this is our bug: either way the far
            # side may have acted.
            self._write_down(call, error=OutcomeUnknown("La llamada se interrumpió.", call=call))
            raise
        self._write_down(call, answer=answer)
        return answer

    def _request(self, call: Call) -> requests.PreparedRequest:
        body = None if call.json is None else wire.encode(call.json)
        params = {k: v for k, v in (call.params or {}).items() if v is not None}
        return self._session.prepare_request(
            requests.Request(call.method, self.base_url + call.path, params=params, data=body)
        )

    def _exchange(self, call: Call, request: requests.PreparedRequest) -> Answer:
        deadlines = call.deadlines or self.deadlines
        journal = self._journal
        confirm = None if journal is None else partial(journal.leaves, call)
        with Watchdog(deadlines.whole, confirm) as dog:
            try:
                response = self._session.send(
                    request,
                    timeout=(
                        min(deadlines.connect, deadlines.whole),
                        min(deadlines.read, deadlines.whole),
                    ),
                    stream=True,
                    allow_redirects=False,
                )
            except _TRANSPORT as failure:
                raise _transport_error(failure, dog) from _without_request(failure)
            rate = RateHeaders.read(response.headers)
            try:
                body = self._read(response, dog)
            except _TRANSPORT as failure:
                raise _lost(dog, response.status_code) from _without_request(failure)
            finally:
                response.close()
                self._tell_pace(rate, response.status_code)
            # Parsed once: no other thread runs while a page of megabytes is parsed.
            clean = self._scrub(body)
            parsed = parse(clean)
            error = classify(response.status_code, response.headers, clean, parsed_body=parsed)
            if error is not None:
                raise error
            decoded = parsed[0] if clean == body else wire.decode(body)
            if call.expects_record and error_inside(decoded, response.status_code) is not None:
                raise error_inside(parsed[0], response.status_code, is_write=call.is_write)
            return Answer(
                status=response.status_code,
                body=decoded,
                headers=dict(response.headers),
                rate=rate,
                elapsed=dog.elapsed,
            )

    def _read(self, response: requests.Response, dog: Watchdog) -> bytes:
        read = bytearray()
        is_error = response.status_code >= 400
        for chunk in response.iter_content(_CHUNK):
            read += chunk
            if is_error and len(read) > ERROR_LIMIT:
                break
            if len(read) > self.body_limit:
                raise OutcomeUnknown(
                    "La respuesta de Alegra es demasiado grande.", status=response.status_code
                )
            if dog.expired:
                break
        # A connection that was shut down looks like one that ended: never trust what it left.
        if dog.expired:
            raise _lost(dog, response.status_code)
        return bytes(read)

    def _scrub(self, body: bytes) -> bytes:
        """A far side that echoes the token must not bring it into an error's excerpt."""
        return body.replace(self._secret, b"***") if len(self._secret) > 5 else body

    def _tell_pace(self, rate: RateHeaders | None, status: int) -> None:
        if self._pace is None:
            return
        try:
            self._pace.saw(rate, status)
        except Exception:
            # The answer in hand, perhaps the id of a new invoice, is worth more than the count.
            log.exception("The pace could not note an answer")

    def _write_down(
        self, call: Call, answer: Answer | None = None, error: AlegraError | None = None
    ) -> None:
        if self._journal is not None:
            self._journal.closed(call, answer=answer, error=error)


_TRANSPORT = (
    requests.RequestException,
    urllib3.exceptions.HTTPError,
    http.client.HTTPException,
    OSError,
)


class _Session(requests.Session):
    def get_redirect_target(self, resp: requests.Response) -> None:
        """None: even the look ahead at a redirect would read its body without our cap."""
        return None


def _session(email: str, token: str) -> requests.Session:
    session = _Session()
    # Neither a netrc file nor a proxy variable may change who we are or whom we talk to.
    session.trust_env = False
    # As bytes, because text would be encoded as Latin-1 and fail on anything beyond it.
    session.auth = HTTPBasicAuth(email.encode(), token.encode())
    session.headers.update(
        {
            "Accept": "application/json",
            "Content-Type": "application/json",
            "User-Agent": USER_AGENT,
        }
    )
    adapter = WatchedAdapter()
    session.mount("https://", adapter)
    session.mount("http://", adapter)
    return session


def _transport_error(failure: BaseException, dog: Watchdog) -> AlegraError:
    """A definite no only on proof: our connection code ran and had written nothing yet."""
    never_written = dog.connecting and not dog.writing
    if never_written or isinstance(failure, requests.ConnectTimeout):
        return NotSent("No hubo conexión con Alegra.")
    return _lost(dog)


def _lost(dog: Watchdog, status: int | None = None) -> OutcomeUnknown:
    if dog.expired:
        return OutcomeUnknown("Alegra no terminó de responder a tiempo.", status=status)
    return OutcomeUnknown("La respuesta de Alegra se perdió en el camino.", status=status)


def _without_request(failure: BaseException) -> BaseException:
    """The cause without the prepared request it drags along, whose headers hold the token."""
    if isinstance(failure, requests.RequestException):
        failure.request = None
        failure.response = None
    return failure
