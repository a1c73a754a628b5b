"""What an answer or a failed call tells about trying again. MasterShop reference: API basics."""

from __future__ import annotations

import ssl
from collections.abc import Mapping
from email.utils import parsedate_to_datetime

import requests
from urllib3.exceptions import ConnectTimeoutError, MaxRetryError, NewConnectionError, SSLError

from . import values

_LONGEST_WAIT = 3600.0
_LEAST_EPOCH = 1_000_000_000


def retry_after(headers: Mapping[str, str]) -> float | None:
    """Seconds to wait after a 429, at most an hour; None when the answer does not say.

    The headers come as `ratelimit-reset` or, older, `x-ratelimit-reset`. Both are read as seconds
    from now or, when far too large for that, as a moment compared with the answer's own `Date`,
    so that no clock but the server's is asked.
    """
    for name in ("retry-after", "ratelimit-reset", "x-ratelimit-reset"):
        told = headers.get(name) or headers.get(name.title())
        if not told:
            continue
        seconds = _seconds(told, headers)
        if seconds is not None:
            return min(max(seconds, 0.0), _LONGEST_WAIT)
    return None


def _seconds(told: str, headers: Mapping[str, str]) -> float | None:
    exact = values.quantity(told)
    if exact is not None and exact < _LEAST_EPOCH:
        return float(exact)
    now = _moment(headers.get("date") or headers.get("Date") or "")
    if now is None:
        return None
    until = float(exact) if exact is not None else _moment(told)
    return None if until is None else until - now


def _moment(text: str) -> float | None:
    try:
        return parsedate_to_datetime(text).timestamp()
    except (TypeError, ValueError, OverflowError):
        return None


def never_arrived(error: requests.RequestException) -> bool:
    """Whether the request surely did not reach the other side: no name, no connection, or a
    certificate that is not theirs."""
    cause = error.args[0] if error.args else None
    if isinstance(cause, MaxRetryError):
        cause = cause.reason
    if isinstance(cause, SSLError):
        return bool(cause.args) and isinstance(cause.args[0], ssl.SSLCertVerificationError)
    return isinstance(cause, NewConnectionError | ConnectTimeoutError)
