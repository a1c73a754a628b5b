"""Gives every request an id and writes one line about it."""

from __future__ import annotations

import time
import uuid

import structlog

log = structlog.get_logger("request")


class RequestLog:
    """Middleware. The line names the route's pattern, not the path: paths hold tokens."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        request.id = uuid.uuid4().hex[:12]
        began = time.monotonic()
        with structlog.contextvars.bound_contextvars(request_id=request.id):
            response = self.get_response(request)
            match = getattr(request, "resolver_match", None)
            route = match.route if match else "-"
            if not route.startswith(("static", "healthz")):
                log.info(
                    "request",
                    method=request.method,
                    route=route,
                    status=response.status_code,
                    ms=round((time.monotonic() - began) * 1000),
                )
        response.headers["X-Request-ID"] = request.id
        return response
