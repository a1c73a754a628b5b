"""What can become of a call to MasterShop, one class per decision.

    NotReached    the request never arrived: try later
    Unavailable   5xx, a time-out, a broken answer: try later, smaller ranges help
    RateLimited   429: try after `retry_after` seconds
    KeyRefused    401 or 403: pause, a person must give another key
    NotFound      404: there is no such thing (or no such endpoint)
    Refused       any other 4xx: asking the same again is useless
    Malformed     an answer that cannot be what was asked for

Messages hold the method, the path and the status, never the key nor anything of the body.
"""

from __future__ import annotations


class MasterShopError(Exception):
    """Any call that did not give what was asked for. `status` is None without an answer."""

    def __init__(self, message: str, *, status: int | None = None) -> None:
        super().__init__(message)
        self.status = status


class NotReached(MasterShopError):
    pass


class Unavailable(MasterShopError):
    pass


class RateLimited(MasterShopError):
    def __init__(self, message: str, *, status: int | None, retry_after: float | None) -> None:
        super().__init__(message, status=status)
        self.retry_after = retry_after


class KeyRefused(MasterShopError):
    pass


class NotFound(MasterShopError):
    pass


class Refused(MasterShopError):
    pass


class Malformed(MasterShopError):
    pass
