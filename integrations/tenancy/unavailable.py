"""The answer while the portal lacks something: 503 within seconds, never the page of an error.

A sender gets the JSON of the receiving contract, so that it keeps its event and sends it again.
"""

from __future__ import annotations

import structlog
from django.db import connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template.loader import render_to_string

from integrations.scoping import database_waits, lacking
from integrations.scoping.gate import gate
from integrations.scoping.lacking import Lack
from integrations.tenancy.access import SAFE

log = structlog.get_logger("unavailable")

RETRY_AFTER = "10"
# Addresses at which machines ask, not people.
_SENDERS = "/webhooks/"
# Addresses whose answers say themselves what is wrong.
_HEALTH = ("/healthz", "/readyz")


def answer(request: HttpRequest) -> HttpResponse:
    """The 503 for this address. Asks no database, and opens no file after the first time."""
    if request.path_info.startswith(_SENDERS):
        response: HttpResponse = JsonResponse({"received": False}, status=503)
    else:
        response = HttpResponse(_page(), status=503)
        response.headers["Cache-Control"] = "no-store"
    response.headers["Retry-After"] = RETRY_AFTER
    return response


def answer_for(request: HttpRequest, error: BaseException | None) -> HttpResponse | None:
    """The 503 where the error means that something is lacking; None for any other error."""
    lack = lacking.lack_of(error)
    if lack is None:
        return None
    if lack is Lack.DATABASE and database_waits.others_were_answered():
        # One page with a slow query is no reason to refuse all others.
        log.error("one request asked the database for too much", method=request.method)
    else:
        lacking.tell(lack)
        gate.failed(lack)
    return answer(request)


class Gatekeeper:
    """Middleware. Refuses requests while the database keeps all of them waiting.

    SQLite can be read while another process holds its lock, so there only requests that may write
    are refused.
    """

    def __init__(self, get_response):
        self.get_response = get_response
        # Loaded now, while file handles are left.
        _page()

    def __call__(self, request: HttpRequest) -> HttpResponse:
        database_waits.begin()
        is_written = request.method not in SAFE
        would_wait = is_written or connection.vendor != "sqlite"
        if not gate.is_open and would_wait and not request.path_info.startswith(_HEALTH):
            return answer(request)
        response = self.get_response(request)
        if is_written and response.status_code < 400:
            lacking.over(Lack.ROOM, Lack.READ_ONLY)
        return response


_made: list[str] = []


def _page() -> str:
    if not _made:
        _made.append(render_to_string("errors/503.html"))
    return _made[0]
