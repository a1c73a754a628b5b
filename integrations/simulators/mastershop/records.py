"""What the simulated MasterShop keeps: businesses, their orders, stock and sent events.

Each business is a scope of its own in the store; numbers that are unique over all of them are
counted in the scope ``*``.
"""

from __future__ import annotations

import secrets
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

from integrations.simulators import catalogue
from integrations.simulators.control import CannotMake
from integrations.simulators.mastershop import traps, vocabulary
from integrations.simulators.mastershop.drafts import WAREHOUSES, Draft, compose
from integrations.simulators.storage import Store

BOGOTA = timezone(timedelta(hours=-5))
_ALL = "*"
_EVENTS_KEPT = 2000


class Unknown(LookupError):
    """No such business, order or bodega; the text says which."""


def stamp(moment: datetime) -> str:
    """ISO 8601 in UTC, whole seconds, as MasterShop writes moments."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


class Records:
    """Reads give the records themselves, for reading only. Writes are one transaction each."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self._by_key = {b["mastershop_key"]: b["business_id"] for b in self.businesses()}

    # Businesses ------------------------------------------------------------------------

    def businesses(self) -> list[dict[str, Any]]:
        scopes = [scope for scope in self.store.scopes() if scope != _ALL]
        return [b for scope in scopes if (b := self.store.look(scope, "business", scope))]

    def business(self, business_id: Any) -> dict[str, Any]:
        """Raises Unknown."""
        found = self.store.look(str(business_id), "business", str(business_id))
        if found is None:
            raise Unknown(f"No business {business_id}")
        return found

    def business_of_key(self, key: str) -> int | None:
        return self._by_key.get(key)

    def make_business(self, chosen: dict[str, Any]) -> dict[str, Any]:
        """The business asked for, made unless it is there. Raises CannotMake for another key."""
        number, key = chosen.get("business_id"), chosen.get("mastershop_key")
        if number is not None and (not str(number).isdigit() or int(number) <= 0):
            raise CannotMake(f"business_id must be a whole number: {number!r}")
        if key is not None and (not isinstance(key, str) or not key):
            raise CannotMake("mastershop_key must be a text")
        with self.store.transaction():
            if number is None and key in self._by_key:
                number = self._by_key[key]
            if number is not None and self.store.look(
                str(int(number)), "business", str(int(number))
            ):
                known = self.business(int(number))
                if key not in (None, known["mastershop_key"]):
                    raise CannotMake(f"Business {number} has another key")
                if chosen.get("webhook_url"):
                    secret = chosen.get("secret")
                    return self.set_webhook(int(number), chosen["webhook_url"], secret)
                return known
            if key in self._by_key:
                raise CannotMake("Another business has this key")
            business_id = int(number) if number is not None else self._free_number()
            business = {
                "business_id": business_id,
                "nit": chosen.get("nit"),
                "name": chosen.get("name") or f"Comercio {business_id}",
                "mastershop_key": key or f"ms-{secrets.token_hex(20)}",
                "webhook_url": chosen.get("webhook_url"),
                "secret": chosen.get("secret"),
                "catalogue": chosen.get("catalogue") or "demo",
            }
            self.store.put(str(business_id), "business", str(business_id), business)
            self._fill_bodegas(business)
            self._by_key[business["mastershop_key"]] = business_id
            return business

    def set_webhook(self, business_id: Any, url: str | None, secret: str | None) -> dict[str, Any]:
        """Raises Unknown, and CannotMake for what is no address."""
        if url is not None and not str(url).startswith(("http://", "https://")):
            raise CannotMake("A webhook is an address that begins with http:// or https://")
        with self.store.transaction():
            business = {**self.business(business_id), "webhook_url": url, "secret": secret}
            self.store.put(str(business_id), "business", str(business_id), business)
            return business

    def forget_made(self) -> None:
        """Leaves the businesses with their keys, webhooks and first stock; no order remains."""
        with self.store.transaction():
            for business in self.businesses():
                self.store.drop_scope(str(business["business_id"]), but=("business",))
                self._fill_bodegas(business)
            self.store.drop_scope(_ALL, but=("counter",))

    def _free_number(self) -> int:
        while True:
            number = self.store.next_number(_ALL, "business", 60_001)
            if not self.store.look(str(number), "business", str(number)):
                return number

    def _fill_bodegas(self, business: dict[str, Any]) -> None:
        sold = catalogue.variations() if business["catalogue"] != "empty" else []
        for bodega in WAREHOUSES:
            level = {
                str(v.id_variant): v.stock - v.stock // 3 if bodega == 61 else v.stock // 3
                for v in sold
            }
            self.store.put(str(business["business_id"]), "level", str(bodega), level)

    # Orders ----------------------------------------------------------------------------

    def orders(self, business_id: Any) -> list[dict[str, Any]]:
        return self.store.all(str(business_id), "order")

    def order(self, business_id: Any, number: Any) -> dict[str, Any]:
        """Raises Unknown."""
        found = self.store.look(str(business_id), "order", str(number))
        if found is None:
            raise Unknown(f"Business {business_id} has no order {number}")
        return found

    def make_order(
        self,
        business_id: Any,
        *,
        overrides: dict[str, Any] | None = None,
        trap: str | None = None,
        status: int = 1,
        created_at: datetime,
        source: str = "control",
        prepaid: bool | None = None,
        again: bool = False,
    ) -> dict[str, Any]:
        """A new order. Raises Unknown, UnknownProduct, UnknownTrap, and CannotMake for a number
        that is taken, unless it may be given ``again``: then it takes the old one's place."""
        business = self.business(business_id)
        given = dict(overrides or {})
        with self.store.transaction():
            number = given.pop("id_order", None) or self.store.next_number(_ALL, "order", 904_401)
            if not again and self.store.look(str(business_id), "order", str(number)):
                raise CannotMake(f"Business {business_id} has an order {number} already")
            created = given.pop("date_created_order", None) or stamp(created_at)
            updated = given.pop("date_update_order", None) or created
            seed = number if isinstance(number, int) else sum(str(number).encode())
            try:
                draft = compose(business["business_id"], seed, overrides=given, prepaid=prepaid)
                draft.body["id_order"] = number
                if trap:
                    traps.spring(trap, draft)
            except (AttributeError, IndexError, KeyError, TypeError) as error:
                # Overrides may be anything; a body that is no order goes through `deliveries`.
                raise CannotMake(f"No order can be made of these overrides: {error}") from error
            order = _record(draft, trap, source, draft.quirks.pop("status", status), created)
            order["updated_at"] = updated
            self.store.put(str(business_id), "order", str(number), order)
            return order

    def change_status(
        self, business_id: Any, number: Any, status: int, at: datetime
    ) -> dict[str, Any]:
        """The order after the change. A change older than the last one is history only. When it
        first leaves the bodega, its goods leave the stock."""
        with self.store.transaction():
            order = self.store.get(str(business_id), "order", str(number))
            if order is None:
                raise Unknown(f"Business {business_id} has no order {number}")
            order["history"].append({"status": status, "at": stamp(at)})
            if stamp(at) >= order["updated_at"]:
                order["status"], order["updated_at"] = status, stamp(at)
            if status in {5, 6, 8} and not order["dispatched"]:
                order["dispatched"] = True
                self._take_out(business_id, order)
            self.store.put(str(business_id), "order", str(number), order)
            return order

    def _take_out(self, business_id: Any, order: dict[str, Any]) -> None:
        bodega = (order["body"].get("warehouse") or {}).get("idWarehouse", 61)
        items = [
            {"idVariant": line["id_variant"], "quantity": -line["quantity"]}
            for line in order["body"].get("order_items") or []
            if isinstance(line.get("quantity"), int) and line.get("id_variant")
        ]
        if bodega in WAREHOUSES and items:
            number = order["body"]["id_order"]
            self.move_stock(business_id, bodega, f"order-{number}", "sale", items, order=number)

    # Stock -----------------------------------------------------------------------------

    def level(self, business_id: Any, bodega: Any) -> dict[str, Any]:
        """Units by variation. Raises Unknown."""
        found = self.store.look(str(business_id), "level", str(bodega))
        if found is None:
            raise Unknown(f"No bodega {bodega}")
        return found

    def move_stock(
        self,
        business_id: Any,
        bodega: Any,
        reference: str,
        reason: str,
        items: list[dict[str, Any]],
        *,
        order: Any = None,
    ) -> tuple[dict[str, Any], bool]:
        """The movement and whether it is new: a known reference moves nothing.

        Raises Unknown, and CannotMake for a wrong reason or item.
        """
        if not reference or reason not in vocabulary.MOVEMENT_REASONS or not items:
            raise CannotMake("A movement has a reference, a known reason and items")
        with self.store.transaction():
            known = self.store.look(str(business_id), "movement", f"{bodega}:{reference}")
            if known is not None:
                return known, False
            level = dict(self.level(business_id, bodega))
            moved = []
            for item in items:
                variant, quantity = str(item.get("idVariant")), item.get("quantity")
                if isinstance(quantity, bool) or not isinstance(quantity, int | float):
                    raise CannotMake("The quantity of an item must be a number")
                if variant not in level:
                    if order is None:
                        raise CannotMake(f"No variation {variant}")
                    continue
                level[variant] += quantity
                moved.append(
                    {"idVariant": int(variant), "quantity": quantity, "stock": level[variant]}
                )
            movement = {
                "movementId": self.store.next_number(_ALL, "movement", 7001),
                "idWarehouse": int(bodega),
                "reference": reference,
                "reason": reason,
                "id_order": order,
                "items": moved,
                "date": stamp(datetime.now(UTC)),
            }
            self.store.put(str(business_id), "level", str(bodega), level)
            self.store.put(str(business_id), "movement", f"{bodega}:{reference}", movement)
            return movement, True

    def movements(self, business_id: Any) -> list[dict[str, Any]]:
        return self.store.all(str(business_id), "movement")

    # Events sent -----------------------------------------------------------------------

    def note_event(self, business_id: Any, event: dict[str, Any]) -> None:
        """Keeps what was sent and answered, the last two thousand of a business."""
        with self.store.transaction():
            number = self.store.next_number(_ALL, "event")
            self.store.put(str(business_id), "event", str(number), {"id": number, **event})
            kept = self.store.all(str(business_id), "event")
            for old in kept[: max(0, len(kept) - _EVENTS_KEPT)]:
                self.store.drop(str(business_id), "event", str(old["id"]))

    def events(self, business_id: Any) -> list[dict[str, Any]]:
        return self.store.all(str(business_id), "event")


def _record(
    draft: Draft, trap: str | None, source: str, status: int, created: str
) -> dict[str, Any]:
    return {
        "body": draft.body,
        "quirks": draft.quirks,
        "trap": trap,
        "source": source,
        "status": status,
        "created_at": created,
        "updated_at": created,
        "history": [{"status": status, "at": created}],
        "dispatched": False,
    }
