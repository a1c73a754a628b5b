"""What can go wrong, one class for each decision a caller takes.

    AlegraError
     ├─ NotSent            no connection was made: nothing happened, send later
     ├─ BudgetExhausted    we held it back ourselves: nothing happened, send after retry_after
     ├─ RateLimited        429, or told so under another status: not executed, send after
     │                     retry_after
     ├─ Unauthorized       401: the credential is bad, or the path is
     ├─ PlanExcludes       402: the merchant's plan, or a suspended account
     ├─ Forbidden          403: the user behind the token lacks a permission
     ├─ NotFound           404 in Alegra's own words
     ├─ Rejected           400, 405, 409, 422 in Alegra's own words: the data must change
     └─ OutcomeUnknown     all else: a write may have happened, look before doing it again
         └─ ErrorInSuccess a write answered with a 2xx that tells an error in place of the record

All but the last two are a definite no (``is_definite_no``), with one exception: a ``Rejected``
that carries a ``document`` left a draft behind. Personal data may stand in ``excerpt`` and
``call``; ``str`` and ``repr`` show neither.
"""

from __future__ import annotations

from collections.abc import Mapping
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Any, ClassVar

from . import envelope, wire
from .rate_limit import RateHeaders, seconds

if TYPE_CHECKING:
    from .client import Call

EXCERPT_CHARACTERS = 2_000
# Neither a header nor its absence may park a row for a day, or make it spin.
LONGEST_WAIT, SHORTEST_WAIT, DEFAULT_WAIT = 3600.0, 1.0, 60.0


class AlegraError(Exception):
    """``message`` is written for the merchant; status, code, excerpt and call for the record."""

    definite_no: ClassVar[bool] = False

    def __init__(
        self,
        message: str,
        *,
        status: int | None = None,
        code: str | None = None,
        excerpt: str = "",
        call: Call | None = None,
    ) -> None:
        super().__init__(message)
        self.message = message
        self.status = status
        self.code = code
        self.excerpt = excerpt
        self.call = call

    @property
    def is_definite_no(self) -> bool:
        """True when it is certain that nothing was created or changed."""
        return self.definite_no

    def __str__(self) -> str:
        facts = [f"HTTP {self.status}"] if self.status else []
        facts += [f"código {self.code}"] if self.code else []
        return f"{self.message} [{', '.join(facts)}]" if facts else self.message

    def __repr__(self) -> str:
        return f"{type(self).__name__}(status={self.status!r}, code={self.code!r})"


class NotSent(AlegraError):
    """DNS, refused, unreachable or TLS failed before one byte of the request was written."""

    definite_no = True


class NoTimeLeft(NotSent):
    """Kept back by whoever sends, right before the first byte: its own time for it was over."""


class OutcomeUnknown(AlegraError):
    """Time-out, reset, cut body, 5xx, 3xx, foreign 4xx, unreadable 2xx."""


class ErrorInSuccess(OutcomeUnknown):
    """A 2xx that tells an error and has no record. ``refusal`` is the error that its body means,
    to be believed once a look has found nothing."""

    def __init__(self, refusal: AlegraError, *, call: Call | None = None) -> None:
        super().__init__(
            refusal.message,
            status=refusal.status,
            code=refusal.code,
            excerpt=refusal.excerpt,
            call=call,
        )
        self.args = (refusal,)  # so that a copy is made the way it was
        self.refusal = refusal


class _HeldBack(AlegraError):
    """``of_contacts``: it is the limit that contacts have beside the one of all calls."""

    definite_no = True
    sentence: ClassVar[str]

    def __init__(
        self,
        retry_after: float = DEFAULT_WAIT,
        message: str = "",
        *,
        status: int | None = None,
        code: str | None = None,
        excerpt: str = "",
        call: Call | None = None,
    ) -> None:
        super().__init__(
            message or self.sentence, status=status, code=code, excerpt=excerpt, call=call
        )
        self.args = (retry_after, self.message)  # so that a copy is made the way it was
        self.retry_after = float(retry_after)

    @property
    def of_contacts(self) -> bool:
        return False


class RateLimited(_HeldBack):
    """429. ``retry_after`` in seconds; it may come with an empty or foreign body.

    A real 429 speaks of all calls; what is told under another status, of these calls only.
    """

    sentence = "Alegra recibió demasiadas solicitudes seguidas."

    @property
    def of_contacts(self) -> bool:
        return self.status != 429 and self.call is not None and is_of_contacts(self.call.path)


class BudgetExhausted(_HeldBack):
    """Our own pace has no request left for now; raised by the pace, never by Alegra."""

    sentence = "Se alcanzó el ritmo de solicitudes que permite Alegra."


class ContactsExhausted(BudgetExhausted):
    """The pace of contacts alone has none left; calls of other kinds may go on."""

    sentence = "Alegra recibe pocos clientes nuevos por minuto."

    @property
    def of_contacts(self) -> bool:
        return True


class Unauthorized(AlegraError):
    """401. Also the gateway's answer to a path it does not know: ask ``GET /company``."""

    definite_no = True


class PlanExcludes(AlegraError):
    """402: outside the plan, or the account is suspended."""

    definite_no = True


class Forbidden(AlegraError):
    """403: the token acts with its user's permissions, and one is missing."""

    definite_no = True


class NotFound(AlegraError):
    """404 with Alegra's JSON. Suspended accounts are said to answer it too."""

    definite_no = True


class Rejected(AlegraError):
    """The data broke a rule. ``document`` is the draft that a refused stamp left, else None;
    ``contact_id`` the contact that has the identification which was refused as repeated;
    ``body`` the whole answer, which may carry buyers' data."""

    definite_no = True

    def __init__(
        self,
        message: str,
        *,
        document: dict[str, Any] | None = None,
        contact_id: str | None = None,
        body: Any = None,
        **facts: Any,
    ):
        super().__init__(message, **facts)
        self.document = document
        self.contact_id = contact_id
        self.body = body

    @property
    def is_definite_no(self) -> bool:
        return self.document is None


BY_STATUS_ALONE: dict[int, type[AlegraError]] = {
    401: Unauthorized,
    402: PlanExcludes,
    403: Forbidden,
}
_REJECTIONS = frozenset({400, 405, 409, 422})


def is_of_contacts(path: str) -> bool:
    """Whether a call counts against the limit of contacts. ``path`` is below ``/api/v1``."""
    return path == "/contacts" or path.startswith("/contacts/")


def parse(body: bytes) -> tuple[Any, bool]:
    """Return the value of a body, and whether the body is JSON."""
    try:
        return wire.decode(body), True
    except ValueError:
        return None, False


def classify(
    status: int,
    headers: Mapping[str, str],
    body: bytes,
    *,
    parsed_body: tuple[Any, bool] | None = None,
) -> AlegraError | None:
    """The error that an answer means, or None for a success. Pure.

    `parsed_body`: the result of `parse` for this body, where the caller has it already.

    A rate limit told in Alegra's own words comes first: the limit of contacts has a status that
    means something else. Then the status decides: a 2xx may carry a key named ``error`` with a
    success sentence.
    """
    parsed, is_json = parsed_body or parse(body)
    too_many = status != 429 and envelope.says_too_many(parsed)
    if not too_many and 200 <= status < 300 and (is_json or (status == 204 and not body.strip())):
        return None

    facts: dict[str, Any] = {
        "status": status,
        "code": envelope.code(parsed),
        # A character has four bytes at most.
        "excerpt": body[: 4 * EXCERPT_CHARACTERS].decode("utf-8", "replace")[:EXCERPT_CHARACTERS],
    }
    if too_many:
        return RateLimited(_retry_after(headers) or DEFAULT_WAIT, **facts)
    message = envelope.message(parsed, status)
    if 200 <= status < 300:
        return OutcomeUnknown("Alegra respondió algo que no se puede leer.", **facts)
    if status == 429:
        return RateLimited(_wait(headers), **facts)
    if status in BY_STATUS_ALONE:
        return BY_STATUS_ALONE[status](message, **facts)
    if envelope.is_alegras(parsed):
        if status == 404:
            return NotFound(message, **facts)
        if status in _REJECTIONS:
            return Rejected(
                message,
                document=envelope.document(parsed),
                contact_id=envelope.contact_id(parsed),
                body=parsed,
                **facts,
            )
    return OutcomeUnknown(message, **facts)


def _wait(headers: Mapping[str, str]) -> float:
    """Seconds to wait after a 429: Retry-After, else the end of the window, else a minute."""
    told = _retry_after(headers)
    if told is None:
        rate = RateHeaders.read(headers)
        told = _within_reason(rate.reset_seconds if rate else None)
    return DEFAULT_WAIT if told is None else told


def _retry_after(headers: Mapping[str, str]) -> float | None:
    lower = {str(name).lower(): value for name, value in headers.items()}
    told = seconds(lower.get("retry-after"))
    if told is None and "retry-after" in lower:
        told = _until(lower["retry-after"], lower.get("date", ""))
    return _within_reason(told)


def _within_reason(told: float | None) -> float | None:
    return None if told is None else min(LONGEST_WAIT, max(SHORTEST_WAIT, told))


def _until(moment: str, date_header: str) -> float | None:
    """Retry-After as a date, measured against the answer's own Date so no clock is needed."""
    try:
        ahead = parsedate_to_datetime(moment) - parsedate_to_datetime(date_header)
    except (TypeError, ValueError):
        return None
    return max(0.0, ahead.total_seconds())
