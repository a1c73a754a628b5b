"""The ``/_control/`` endpoints, the log of calls and the faults, the same on both sides."""

from __future__ import annotations

import hmac
import json
import os
import threading
import urllib.error
import urllib.request
from collections import deque
from datetime import UTC, datetime
from typing import Any

from integrations.simulators.facts import Facts, UnknownFact
from integrations.simulators.faults import Fault, FaultPlan, UnknownFault
from integrations.simulators.messages import encode
from integrations.simulators.server import BadJson, Request, Response, Router, Site

CALLS_KEPT = 50_000
PATIENCE_SECONDS = 300.0  # how long a late commit waits for the other side to give up
_KEY_HEADER = "x-simulators-key"
_ANSWER = (
    "nit",
    "name",
    "alegra_user",
    "alegra_token",
    "alegra_url",
    "business_id",
    "mastershop_key",
    "mastershop_url",
)


class CannotMake(ValueError):
    """A company was asked for that cannot be made; the text says why."""


def timestamp(moment: datetime | None = None) -> str:
    """ISO 8601 in UTC with milliseconds."""
    moment = moment or datetime.now(UTC)
    return moment.strftime("%Y-%m-%dT%H:%M:%S.") + f"{moment.microsecond // 1000:03d}Z"


class ControlledSite(Site):
    """A Site with control interface and faults. A side implements:

    * ``api_prefix`` (``/api/v1``) and ``answer(request) -> Response``: the API itself;
    * ``page(request) -> Response``: everything outside of the API and of ``/_control/``;
    * ``user_of(request) -> str``: whose call it is, for the log;
    * ``ledger() -> dict | Response``, ``reset_records()``;
    * ``make_company(chosen) -> dict``: its half of a company (see ``_make_company``);
    * ``too_many(fault_seconds)`` and ``unauthorized()``: the side's own 429 and 401/403.

    More control endpoints go into ``self.control_routes`` with paths below ``/_control``;
    their handlers take the request and return a Response.

    With ``control=False`` (production) there is no ``/_control/``; only ``POST companies``
    remains, for whoever sends the environment's ``SIMULATORS_KEY`` as ``X-Simulators-Key``.
    """

    api_prefix = "/api"

    def __init__(self, *, facts: Facts, control: bool, peer_url: str) -> None:
        self.facts = facts
        self.faults = FaultPlan()
        self.control = control
        self.peer_url = peer_url.rstrip("/")
        self.calls: deque[dict[str, Any]] = deque(maxlen=CALLS_KEPT)
        self._making = threading.Lock()
        self.control_routes = Router()
        add = self.control_routes.add
        add("GET", "/ledger", lambda request: self.ledger())
        add("GET", "/calls", lambda request: Response(body=encode(list(self.calls))))
        add("GET", "/switches", lambda request: self._switches())
        add("POST", "/switches", self._set_switches)
        add("POST", "/companies", self._make_company)
        add("POST", "/reset", self._reset)

    # For the side to implement --------------------------------------------------------

    def answer(self, request: Request) -> Response:
        raise NotImplementedError

    def page(self, request: Request) -> Response:
        return Response.json({"message": "Not found"}, 404)

    def user_of(self, request: Request) -> str:
        raise NotImplementedError

    def ledger(self) -> dict[str, Any] | Response:
        raise NotImplementedError

    def reset_records(self) -> None:
        raise NotImplementedError

    def make_company(self, chosen: dict[str, Any]) -> dict[str, Any]:
        raise NotImplementedError

    def remember_halves(self, both: dict[str, Any]) -> None:
        """Keep which half of the other side belongs to ours, if that is worth keeping."""

    def too_many(self, seconds: float) -> Response:
        raise NotImplementedError

    def unauthorized(self) -> Response:
        raise NotImplementedError

    # Requests -------------------------------------------------------------------------

    def respond(self, request: Request) -> Response:
        if request.path.startswith("/_control/"):
            return self._respond_to_control(request)
        if not request.path.startswith(self.api_prefix + "/"):
            return self.page(request)
        call: dict[str, Any] = {
            "time": timestamp(),
            "user": self.user_of(request),
            "method": request.method,
            "path": request.target,
            "status": None,
        }
        self.calls.append(call)
        below = request.path[len(self.api_prefix) :]
        latencies, fault = self.faults.draw(request.method, below, user=call["user"])
        for latency in latencies:
            request.wire.pause(latency.seconds(1.0))
        if fault is None:
            response = self.answer(request)
        else:
            call["fault"] = fault.name
            response = self._suffer(request, fault)
        if response.delivery != "reset" or response.body:
            call["status"] = response.status
        return response

    def _suffer(self, request: Request, fault: Fault) -> Response:
        name = fault.name
        if name == "hang":
            request.wire.wait_until_gone(fault.seconds(3600.0))
            return Response(delivery="reset")
        if name in {"refused", "reset_before_commit"}:
            return Response(delivery="reset")
        if name == "status":
            return _planned(fault)
        if name == "rate_limited":
            return self.too_many(fault.seconds(60.0))
        if name == "unauthorized":
            return self.unauthorized()
        if name == "late_commit":
            request.wire.wait_until_gone(PATIENCE_SECONDS)
            request.wire.pause(fault.seconds(10.0))
            if request.wire.stopping.is_set():
                return Response(delivery="reset")
        response = self.answer(request)
        if name == "status_after_commit":
            return _planned(fault)
        if name == "trickle":
            response.delivery, response.seconds = "trickle", fault.seconds(30.0)
        else:
            response.delivery = "cut" if name == "answer_cut" else "reset"
        return response

    # Control --------------------------------------------------------------------------

    def _respond_to_control(self, request: Request) -> Response:
        path = request.path[len("/_control") :]
        if not self.control and not (path == "/companies" and _has_key(request)):
            return Response.json({"message": "Not found"}, 404)
        handler, request.params, known = self.control_routes.find(request.method, path)
        if handler is None:
            return Response.json({"message": "Not found"}, 405 if known else 404)
        try:
            answer = handler(request)
        except (UnknownFact, UnknownFault, CannotMake, BadJson) as error:
            return Response.json({"message": str(error)}, 400)
        return answer if isinstance(answer, Response) else Response.json(answer)

    def _switches(self) -> Response:
        return Response.json({"facts": self.facts.shown(), "faults": self.faults.shown()})

    def _set_switches(self, request: Request) -> Response:
        given = json.loads(encode(request.json()))  # numbers as plain ints and floats
        for key in given:
            if key not in {"facts", "faults"}:
                raise UnknownFact(f"Unknown switch: {key}")
        if "faults" in given:  # looked at first: a wrong list must not leave half a change
            FaultPlan().replace(given["faults"])
        self.facts.merge(given.get("facts", {}))
        faults = self.faults.replace(given["faults"]) if "faults" in given else []
        response = self._switches()
        shut = max((f.seconds(0.0) for f in faults if _shuts_the_door(f)), default=0.0)
        server = self.server
        if shut and server is not None:
            response.afterwards = lambda: server.close_door(shut)
            self.faults.replace([f.given for f in faults if not _shuts_the_door(f)])
        return response

    def _make_company(self, request: Request) -> Response:
        """Both halves of a company in one answer.

        ``make_company`` gets what was asked for and returns the half it made; the other half
        is asked of the other side with the same endpoint, ``only_half`` and what is known by
        then. A side that is not running leaves its half null. Asked for a user (or business)
        that it has already, a side answers with what is there and makes nothing; it raises
        CannotMake when the token (or key) given is not the one it knows.
        """
        chosen = json.loads(encode(request.json()))
        only_half = chosen.pop("only_half", False)
        with self._making:
            mine = self.make_company(chosen)
        if only_half:
            return Response.json(mine, 201)
        both = dict.fromkeys(_ANSWER)
        both |= self._ask_peer({**chosen, **mine, "only_half": True}) | mine
        self.remember_halves(both)
        return Response.json(both, 201)

    def _ask_peer(self, chosen: dict[str, Any]) -> dict[str, Any]:
        if not self.peer_url:
            return {}
        request = urllib.request.Request(  # noqa: S310 - the address of the other side
            self.peer_url + "/_control/companies",
            data=encode(chosen),
            headers={
                "Content-Type": "application/json",
                _KEY_HEADER: os.environ.get("SIMULATORS_KEY", ""),
            },
        )
        try:
            with urllib.request.urlopen(request, timeout=10) as answer:  # noqa: S310
                half = json.load(answer)
        except urllib.error.HTTPError as error:
            if error.code == 400:
                raise CannotMake(json.load(error).get("message", "")) from error
            return {}
        except (OSError, ValueError):
            return {}
        return half if isinstance(half, dict) else {}

    def _reset(self, request: Request) -> Response:
        self.facts.reset()
        self.faults.replace([])
        self.reset_records()
        self.calls.clear()
        return Response.json({"now": timestamp()})


def _shuts_the_door(fault: Fault) -> bool:
    """``refused`` with nothing but ``seconds``: the port itself refuses connections.

    With a path, a method or a count the request must be read before one can tell, so such a
    fault resets the connection without an answer instead.
    """
    return fault.name == "refused" and set(fault.given) == {"fault", "seconds"}


def _planned(fault: Fault) -> Response:
    body = fault.body
    if body is None:
        page = "<html><head><title>Error</title></head><body><h1>Error</h1></body></html>"
        return Response.html(page, fault.status or 500)
    if isinstance(body, str):
        kind = "text/html; charset=utf-8" if body.lstrip().startswith("<") else "application/json"
        return Response(fault.status or 500, body.encode(), kind)
    return Response(fault.status or 500, encode(body))


def _has_key(request: Request) -> bool:
    key = os.environ.get("SIMULATORS_KEY", "")
    return bool(key) and hmac.compare_digest(
        key.encode(), request.headers.get(_KEY_HEADER, "").encode("utf-8", "replace")
    )
