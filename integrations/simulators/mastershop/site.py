"""The simulated MasterShop as one Site: its API, its control interface and its page."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from integrations.simulators.control import ControlledSite, timestamp
from integrations.simulators.mastershop import api, page
from integrations.simulators.mastershop.api import Api
from integrations.simulators.mastershop.drafts import UnknownProduct
from integrations.simulators.mastershop.facts import make_facts
from integrations.simulators.mastershop.records import Records, Unknown
from integrations.simulators.mastershop.sending import Change, Sender, UnknownEvent, plan, walk
from integrations.simulators.mastershop.traffic import Traffic, WrongMix
from integrations.simulators.mastershop.traps import TRAPS, UnknownTrap
from integrations.simulators.mastershop.vocabulary import events_of
from integrations.simulators.messages import Request, Response, encode
from integrations.simulators.storage import Store, stored_in

_REFUSALS = (Unknown, UnknownEvent, UnknownProduct, UnknownTrap, WrongMix)
_AGE_OF_AN_ORDER = timedelta(hours=2)


def build_site(data_dir: Path | None, *, control: bool, alegra_url: str) -> MasterShopSite:
    """The side that keeps what it holds in ``data_dir``; ``alegra_url`` is the other's root."""
    return MasterShopSite(
        stored_in(data_dir, "mastershop.sqlite3"), control=control, peer_url=alegra_url
    )


class MasterShopSite(ControlledSite):
    """Adds to the control interface:

    * ``POST orders``: an order, see ``_make_order``; ``POST orders/{number}/status``: its next
      status;
    * ``POST businesses/{number}/webhook {"url","secret"}``;
    * ``POST movements {"business_id","warehouse","items","reason","reference"}``: stock moved
      at MasterShop;
    * ``POST traffic {"business_id","per_minute","mix"}``, ``POST traffic/stop``, ``GET traffic``;
    * ``POST deliveries {"business_id","body"}``: any body at all, sent and signed;
    * ``GET traps``: the names.
    """

    api_prefix = "/api"

    def __init__(self, store: Store, *, control: bool, peer_url: str) -> None:
        super().__init__(facts=make_facts(), control=control, peer_url=peer_url)
        self.records = Records(store)
        self.sender = Sender(self.records, self.facts)
        self.traffic = Traffic(self.records, self.sender)
        self.api = Api(self.records, self.facts, self.sender)
        self._store = store
        add = self.control_routes.add
        add("GET", "/traps", lambda request: {"traps": sorted(TRAPS)})
        add("POST", "/businesses/{number}/webhook", self._controlled(self._set_webhook))
        add("POST", "/orders", self._controlled(self._make_order))
        add("POST", "/orders/{number}/status", self._controlled(self._change_status))
        add("POST", "/movements", self._controlled(self._move_stock))
        add("POST", "/deliveries", self._controlled(self._deliver))
        add("GET", "/traffic", lambda request: {"traffic": self.traffic.shown()})
        add("POST", "/traffic", self._controlled(self._start_traffic))
        add("POST", "/traffic/stop", self._controlled(self._stop_traffic))

    def close(self) -> None:
        self.traffic.close()
        self._store.close()

    # What a ControlledSite asks of a side ------------------------------------------------

    def answer(self, request: Request) -> Response:
        return self.api.answer(request, request.path[len(self.api_prefix) :])

    def page(self, request: Request) -> Response:
        return page.answer(request, self.records, is_open=self.control)

    def user_of(self, request: Request) -> str:
        business_id = self.api.business_of(request)
        return "" if business_id is None else str(business_id)

    def too_many(self, seconds: float) -> Response:
        return api.too_many(self.facts["rate_limit"]["per_minute"], seconds)

    def unauthorized(self) -> Response:
        return api.forbidden()

    def make_company(self, chosen: dict[str, Any]) -> dict[str, Any]:
        """The business half of a company; ``catalogue`` is ``demo`` (the default) or ``empty``,
        ``webhook_url`` and ``secret`` may be given at once."""
        business = self.records.make_business(chosen)
        return {
            "business_id": business["business_id"],
            "mastershop_key": business["mastershop_key"],
            "mastershop_url": self.url + self.api_prefix,
        }

    def reset_records(self) -> None:
        """Businesses keep their keys and webhooks, so that who holds them can go on; orders,
        events, movements and traffic are gone and the stock is the first one again."""
        self.traffic.stop()
        self.api.forget_calls()
        self.records.forget_made()

    def ledger(self) -> dict[str, Any] | Response:
        """Everything held, each order as the API shows it (shape A) plus what was done to it."""
        with self._store.transaction():
            businesses = [self._shown(business) for business in self.records.businesses()]
            return Response(body=encode({"now": timestamp(), "businesses": businesses}))

    def _shown(self, business: dict[str, Any]) -> dict[str, Any]:
        number = business["business_id"]
        return {
            "business_id": number,
            "nit": business["nit"],
            "name": business["name"],
            "has_webhook": bool(business["webhook_url"]),
            "orders": [
                {
                    **order["body"],
                    "id_status": order["status"],
                    "date_created_order": order["created_at"],
                    "date_update_order": order["updated_at"],
                    "_trap": order["trap"],
                    "_source": order["source"],
                    "_history": order["history"],
                }
                for order in self.records.orders(number)
            ],
            "events": self.records.events(number),
            "movements": self.records.movements(number),
            "stock": {str(bodega): self.records.level(number, bodega) for bodega in api.WAREHOUSES},
        }

    # Control -----------------------------------------------------------------------------

    def _controlled(self, act: Any) -> Any:
        """The act with plain numbers in and every refusal out as a 400 that says why."""

        def handler(request: Request) -> Any:
            try:
                return act(json.loads(encode(request.json())), request.params)
            except _REFUSALS as error:
                return Response.json({"message": str(error)}, 400)

        return handler

    def _set_webhook(self, asked: dict[str, Any], params: dict[str, str]) -> Any:
        business = self.records.set_webhook(
            params["number"], asked.get("url") or None, asked.get("secret") or None
        )
        return {
            "business_id": business["business_id"],
            "has_webhook": bool(business["webhook_url"]),
        }

    def _make_order(self, asked: dict[str, Any], params: dict[str, str]) -> Response:
        """Makes an order and, with ``send``, sends its events; answers both.

        ``order`` overrides fields in the words of an event; ``trap`` names what is wrong with
        it; ``status`` is where it ends (8 if not told). Which events: its own change, or with
        ``walk`` every change up to there, or those of ``events`` (names of events and of
        sequences). ``copies`` sends each event that often.
        """
        now = _told_moment(asked.get("order")) or datetime.now(UTC)
        status = _whole(asked.get("status", 8))
        changes = _changes(asked, status, now)
        first = min((change.at for change in changes), default=now)
        order = self.records.make_order(
            asked.get("business_id"),
            overrides=_without_update(asked.get("order")),
            trap=asked.get("trap"),
            created_at=first - _AGE_OF_AN_ORDER,
            prepaid=asked.get("prepaid"),
            again=self.facts["numbers_again"],
        )
        number = order["body"]["id_order"]
        if order["status"] != 1:  # the trap is the status itself
            changes = [Change(order["status"], now, tuple(events_of(order["status"])))]
        sent = self._carry_out(asked, number, changes)
        return self._told(asked["business_id"], number, sent, 201)

    def _change_status(self, asked: dict[str, Any], params: dict[str, str]) -> Response:
        """The next status of an order; ``events``, ``copies`` and ``send`` (yes if not told) as
        for a new one."""
        business_id = asked.get("business_id")
        order = self.records.order(business_id, params["number"])
        status = _whole(asked.get("status", order["status"]))
        changes = _changes({**asked, "walk": False}, status, datetime.now(UTC))
        number = order["body"]["id_order"]
        sent = self._carry_out({"send": True, **asked}, number, changes)
        return self._told(business_id, number, sent, 200)

    def _carry_out(
        self, asked: dict[str, Any], number: Any, changes: list[Change]
    ) -> list[dict[str, Any]]:
        return self.sender.carry_out(
            asked["business_id"],
            number,
            changes,
            send=bool(asked.get("send")),
            copies=min(10, _whole(asked.get("copies", 1)) or 1),
            url=asked.get("webhook_url"),
            secret=asked.get("secret"),
        )

    def _told(self, business_id: Any, number: Any, sent: list[Any], status: int) -> Response:
        order = self.records.order(business_id, number)
        told = {
            "id_order": number,
            "id_status": order["status"],
            "order": order["body"],
            "events": sent,
        }
        return Response.json(told, status)

    def _move_stock(self, asked: dict[str, Any], params: dict[str, str]) -> Response:
        business_id = asked.get("business_id")
        movement, is_new = self.records.move_stock(
            business_id,
            asked.get("warehouse", 61),
            str(asked.get("reference") or timestamp()),
            asked.get("reason", "adjustment"),
            [{**item, "idVariant": item.get("idVariant", item.get("id_variant"))}
             for item in asked.get("items") or [] if isinstance(item, dict)],
        )  # fmt: skip
        sent = None
        if asked.get("send", True):
            sent = self.sender.report_movement(
                business_id, movement, url=asked.get("webhook_url"), secret=asked.get("secret")
            )
        return Response.json({**movement, "event": sent}, 201 if is_new else 200)

    def _deliver(self, asked: dict[str, Any], params: dict[str, str]) -> Response:
        body = asked.get("body")
        if not isinstance(body, dict):
            raise UnknownEvent("body must be an object")
        sent = self.sender.post(
            asked.get("business_id"),
            {"eventName": "Cambio de Estado del Pedido", **body},
            url=asked.get("webhook_url"),
            secret=asked.get("secret"),
        )
        return Response.json({"event": sent}, 201)

    def _start_traffic(self, asked: dict[str, Any], params: dict[str, str]) -> Any:
        business_id = self.records.business(asked.get("business_id"))["business_id"]
        per_minute, mix = asked.get("per_minute", 3), asked.get("mix") or {}
        if isinstance(per_minute, bool) or not isinstance(per_minute, int | float):
            raise WrongMix("per_minute must be a number")
        if not isinstance(mix, dict):
            raise WrongMix("mix must be an object")
        return {"business_id": business_id, **self.traffic.start(business_id, per_minute, mix)}

    def _stop_traffic(self, asked: dict[str, Any], params: dict[str, str]) -> Any:
        self.traffic.stop(asked.get("business_id"))
        return {"traffic": self.traffic.shown()}


def _changes(asked: dict[str, Any], status: int, now: datetime) -> list[Change]:
    names = asked.get("events")
    if names is not None:
        if not isinstance(names, list) or not names:
            raise UnknownEvent("events must be a list of names")
        return plan([str(name) for name in names], status, now)
    if asked.get("walk"):
        return walk(status, now)
    return [Change(status, now, tuple(events_of(status)))]


def _whole(told: Any) -> int:
    if isinstance(told, bool) or not isinstance(told, int) or not 0 <= told < 1000:
        raise UnknownEvent(f"Not a whole number below 1000: {told!r}")
    return told


def _without_update(overrides: Any) -> dict[str, Any]:
    if not isinstance(overrides, dict | type(None)):
        raise UnknownEvent("order must be an object")
    return {k: v for k, v in (overrides or {}).items() if k != "date_update_order"}


def _told_moment(overrides: Any) -> datetime | None:
    """The moment at which the order is to have taken its last status, if one is told."""
    told = overrides.get("date_update_order") if isinstance(overrides, dict) else None
    try:
        return None if told is None else datetime.fromisoformat(told).astimezone(UTC)
    except (TypeError, ValueError) as error:
        raise UnknownEvent(f"Not a moment: {told!r}") from error
