"""The simulated Alegra as one site: who calls, how often, and which function answers."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from integrations.simulators.alegra.adjustments import add_adjustment_routes
from integrations.simulators.alegra.books import Books, Call
from integrations.simulators.alegra.catalogues import add_catalogue_routes
from integrations.simulators.alegra.companies import (
    Access,
    Companies,
    add_company_routes,
    credentials,
)
from integrations.simulators.alegra.contacts import add_contact_routes
from integrations.simulators.alegra.copies import clone_invoice
from integrations.simulators.alegra.credit_notes import add_credit_note_routes
from integrations.simulators.alegra.dian import settle_stamps
from integrations.simulators.alegra.estimates import add_estimate_routes
from integrations.simulators.alegra.extras import add_extra_routes
from integrations.simulators.alegra.facts import alegra_facts
from integrations.simulators.alegra.invoices import add_invoice_routes
from integrations.simulators.alegra.items import add_item_routes
from integrations.simulators.alegra.ledger import company_ledger
from integrations.simulators.alegra.pages import Pages
from integrations.simulators.alegra.payments import add_payment_routes
from integrations.simulators.alegra.rate_limit import RateLimiter
from integrations.simulators.alegra.refusals import Refused
from integrations.simulators.alegra.remissions import add_remission_routes
from integrations.simulators.alegra.shapes import Shapes
from integrations.simulators.alegra.stamping import add_stamp_routes
from integrations.simulators.alegra.webhooks import Deliveries, add_webhook_routes, subscribe
from integrations.simulators.control import CannotMake, ControlledSite, timestamp
from integrations.simulators.faults import Fault
from integrations.simulators.messages import encode
from integrations.simulators.server import Request, Response, Router
from integrations.simulators.storage import Store, stored_in


def build_site(data_dir: Path | None, *, control: bool, mastershop_url: str) -> AlegraSite:
    """The side that keeps what it holds in ``data_dir``; ``mastershop_url`` is the other root."""
    store = stored_in(data_dir, "alegra.sqlite3")
    return AlegraSite(store, control=control, peer_url=mastershop_url)


class AlegraSite(ControlledSite):
    """Alegra's API below ``/api/v1``, and pages for people everywhere else."""

    api_prefix = "/api/v1"

    def __init__(self, store: Store, *, control: bool, peer_url: str) -> None:
        super().__init__(facts=alegra_facts(), control=control, peer_url=peer_url)
        self.store = store
        self.shapes = Shapes(self.facts)
        self.companies = Companies(self.store)
        self.limiter = RateLimiter()
        self.deliveries = Deliveries(self.store)
        self.pages = Pages(self)
        self.router = Router()
        for add_routes in (
            add_company_routes,
            add_extra_routes,
            add_stamp_routes,
            add_invoice_routes,
            add_remission_routes,
            add_estimate_routes,
            add_contact_routes,
            add_item_routes,
            add_adjustment_routes,
            add_payment_routes,
            add_credit_note_routes,
            add_catalogue_routes,
            add_webhook_routes,
        ):
            add_routes(self.router)
        self.control_routes.add("POST", "/webhooks", self._send_webhook)
        self.control_routes.add("POST", "/copies", self._clone)

    def close(self) -> None:
        self.deliveries.close()
        self.store.close()

    def books(self, nit: str) -> Books:
        """The books of a company, for use inside a transaction."""
        return Books(self.store, nit, self.facts, self.shapes)

    # The API --------------------------------------------------------------------------

    def answer(self, request: Request) -> Response:
        access = self.companies.access(request.headers.get("authorization", ""))
        if access is None:
            return self.unauthorized()
        rule = self.facts["rate_limit"]
        allowance = self.limiter.take(access.email if rule["per"] == "user" else access.nit, rule)
        headers = allowance.headers() if rule["headers"] else {}
        if not allowance.allowed:
            return Response(429, headers=headers)
        response = self._too_many_contacts(request, access) or self._route(request, access)
        response.headers |= headers
        return response

    def _too_many_contacts(self, request: Request, access: Access) -> Response | None:
        """The limit that contacts have of their own, by company; no header tells of it."""
        most = self.facts["contacts_per_minute"]
        below = request.path[len(self.api_prefix) :]
        if most is None or not (below == "/contacts" or below.startswith("/contacts/")):
            return None
        rule = {"per_minute": most, "window": "fixed"}
        if self.limiter.take(f"contacts:{access.nit}", rule).allowed:
            return None
        return Response.json({"code": 429, "message": "Too many requests"}, 400)

    def _route(self, request: Request, access: Access) -> Response:
        path = request.path[len(self.api_prefix) :]
        handler, request.params, known = self.router.find(request.method, path)
        if handler is None:
            if known:
                return Response.json({"code": 405, "message": "Método no permitido"}, 405)
            return self.unauthorized()  # the gateway says so of every unknown path

        def draw(names: Iterable[str]) -> Fault | None:
            names = frozenset(names)
            return self.faults.draw(request.method, path, names, user=access.email)[1]

        call = Call(self.books(access.nit), access.email, request, path, draw)
        try:
            if handler is subscribe:
                answer: Any = handler(call)
            else:
                with self.store.transaction():
                    answer = handler(call)
        except Refused as refused:
            return Response.json(refused.body, refused.status)
        self.deliveries.announce(access.nit, call.books.events)
        if isinstance(answer, Response):
            return answer
        return Response.json(answer, call.status or 200)

    def page(self, request: Request) -> Response:
        return self.pages.answer(request)

    # Control --------------------------------------------------------------------------

    def user_of(self, request: Request) -> str:
        return credentials(request.headers.get("authorization", ""))[0]

    def ledger(self) -> Response:
        with self.store.transaction():
            companies = []
            for nit in self.store.scopes():
                books = self.books(nit)
                settle_stamps(books)
                companies.append(company_ledger(books))
            now = encode(timestamp())
        return Response(body=b'{"now":' + now + b',"companies":[' + b",".join(companies) + b"]}")

    def reset_records(self) -> None:
        self.companies.reset()
        self.limiter.forget()

    def make_company(self, chosen: dict[str, Any]) -> dict[str, Any]:
        return {**self.companies.make(chosen), "alegra_url": self.url + self.api_prefix}

    def remember_halves(self, both: dict[str, Any]) -> None:
        self.companies.remember_business(both["alegra_user"], both["business_id"])

    def _send_webhook(self, request: Request) -> Response:
        """``{"nit", "event", "body", "copies"}``: a forged delivery, or one sent twice."""
        given = request.json()
        nit, event = str(given.get("nit")), given.get("event")
        if self.store.look(nit, "company", "company") is None:
            raise CannotMake(f"Unknown company: {nit}")
        if not isinstance(event, str):
            raise CannotMake("event is missing")
        body = encode(given.get("body", {}))
        self.deliveries.send_again(nit, event, body, int(given.get("copies", 1)))
        return Response.json({"sent": int(given.get("copies", 1))})

    def _clone(self, request: Request) -> Response:
        """``{"nit", "invoice"}``: a draft that a person made of an invoice with *clonar*."""
        given = request.json()
        nit, key = str(given.get("nit")), str(given.get("invoice"))
        with self.store.transaction():
            books = self.books(nit)
            copy = clone_invoice(books, key)
        self.deliveries.announce(nit, books.events)
        return Response.json(copy, 201)

    def too_many(self, seconds: float) -> Response:
        rule = self.facts["rate_limit"]
        headers = {
            "X-Rate-Limit-Limit": str(rule["per_minute"]),
            "X-Rate-Limit-Remaining": "0",
            "X-Rate-Limit-Reset": str(max(1, round(seconds))),
        }
        return Response(429, headers=headers if rule["headers"] else {})

    def unauthorized(self) -> Response:
        return Response.json({"message": "Unauthorized"}, 401)
