"""The API below ``/api``. MasterShop reference: endpoints; the stock contract."""

from __future__ import annotations

import json
import re
import threading
import time
from datetime import UTC, date, datetime, timedelta
from typing import Any

from integrations.simulators import catalogue
from integrations.simulators.catalogue import Product, Variation
from integrations.simulators.control import CannotMake
from integrations.simulators.facts import Facts
from integrations.simulators.mastershop import shapes, vocabulary
from integrations.simulators.mastershop.drafts import WAREHOUSES, UnknownProduct
from integrations.simulators.mastershop.records import BOGOTA, Records, Unknown
from integrations.simulators.mastershop.sending import Sender
from integrations.simulators.messages import BadJson, Request, Response, encode
from integrations.simulators.server import Router

_LARGEST_PAGE = 50
_WIDEST_RANGE = timedelta(days=30)
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_WINDOW = 60.0


class BadRequest(ValueError):
    """The request is not one MasterShop understands."""


class Api:
    """Answers for the business whose key is in ``ms-api-key``."""

    def __init__(self, records: Records, facts: Facts, sender: Sender) -> None:
        self._records = records
        self._facts = facts
        self._sender = sender
        self._windows: dict[int, tuple[float, int]] = {}
        self._lock = threading.Lock()
        self._routes = Router()
        add = self._routes.add
        add("GET", "/products", self._products)
        add("GET", "/products/{number}", self._product)
        add("POST", "/orders", self._create_order)
        add("POST", "/orders/list", self._list_orders)
        add("GET", "/orders/{number}", self._order)
        add("GET", "/orders/return/{number}", self._return)
        add("GET", "/warehouses", self._warehouses)
        add("GET", "/warehouses/{number}/stock", self._stock)
        add("POST", "/warehouses/{number}/stock/movements", self._move_stock)
        add("POST", "/wallets/movements/list", self._wallet)
        add("POST", "/customers/validatePhone", self._validate_phone)

    def answer(self, request: Request, path: str) -> Response:
        """``path`` is below ``/api``."""
        business_id = self.business_of(request)
        if business_id is None:
            return forbidden()
        left, resets_in = self._spend(business_id)
        if left < 0:
            return too_many(self._limit(), resets_in)
        handler, request.params, known = self._routes.find(request.method, path)
        if handler is None:
            return Response.json({"message": "Not found"}, 405 if known else 404)
        try:
            found = handler(request, business_id)
        except Unknown as error:
            found = Response.json({"message": str(error)}, 404)
        except (BadRequest, BadJson, CannotMake, UnknownProduct) as error:
            found = Response.json({"message": str(error)}, 400)
        response = found if isinstance(found, Response) else Response.json(found)
        response.headers |= _rate_headers(self._limit(), left, resets_in)
        return response

    def business_of(self, request: Request) -> int | None:
        return self._records.business_of_key(request.headers.get("ms-api-key", ""))

    def forget_calls(self) -> None:
        with self._lock:
            self._windows.clear()

    def _limit(self) -> int:
        limit: int = self._facts["rate_limit"]["per_minute"]
        return limit

    def _spend(self, business_id: int) -> tuple[int, float]:
        """What is left of the minute after this call, and seconds until the next one begins."""
        now = time.monotonic()
        with self._lock:
            began, used = self._windows.get(business_id, (now, 0))
            if now - began >= _WINDOW:
                began, used = now, 0
            self._windows[business_id] = (began, used + 1)
        return self._limit() - used - 1, _WINDOW - (now - began)

    # Products ---------------------------------------------------------------------------

    def _catalogue(self, business_id: int) -> tuple[Product, ...]:
        is_empty = self._records.business(business_id)["catalogue"] == "empty"
        return () if is_empty else catalogue.products()

    def _products(self, request: Request, business_id: int) -> Any:
        words = request.query.get("search", "").casefold()
        category = request.query.get("category", "").casefold()
        found = [
            product
            for product in self._catalogue(business_id)
            if words in product.name.casefold() and category in product.category.casefold()
        ]
        return {
            "results": [self._shown(p, business_id) for p in _page(found, request)],
            "resultsCount": {"totalProducts": len(found)},
        }

    def _product(self, request: Request, business_id: int) -> Any:
        for product in self._catalogue(business_id):
            if str(product.id_product) == request.params["number"]:
                return {"results": [self._shown(product, business_id)]}
        return Response.json({"message": "Product not found"}, 404)

    def _shown(self, product: Product, business_id: int) -> dict[str, Any]:
        variations = [self._variation(v, business_id) for v in product.variations]
        first = product.variations[0]
        return {
            "idProduct": product.id_product,
            "name": product.name,
            "description": f"{product.name}. Garantía de 30 días.",
            "basePrice": first.unit_cost,
            "suggestedPrice": first.price,
            "stockTotal": sum(v["stock"] for v in variations),
            "urlImageProduct": f"https://img.example.com/{product.id_product}.jpg",
            "prodFormatName": product.category,
            "nameState": "Activo",
            "productOwner": {
                "idBusiness": business_id,
                "publicName": self._records.business(business_id)["name"],
            },
            "variation": variations,
        }

    def _variation(self, variation: Variation, business_id: int) -> dict[str, Any]:
        key = str(variation.id_variant)
        levels = [self._records.level(business_id, bodega) for bodega in WAREHOUSES]
        return {
            "idVariant": variation.id_variant,
            "name": variation.variant_name,
            "sku": variation.sku,
            "barcode": variation.barcode,
            "price": variation.price,
            "stock": sum(level.get(key, 0) for level in levels),
            "isEnable": 1,
        }

    # Orders -----------------------------------------------------------------------------

    def _list_orders(self, request: Request, business_id: int) -> Any:
        asked = request.json()
        start, end = _day(asked.get("startDate")), _day(asked.get("finalDate"))
        today = datetime.now(BOGOTA).date()
        end = end or today
        start = start or (end if asked.get("finalDate") else today) - timedelta(days=7)
        if end - start > _WIDEST_RANGE:
            return Response.json({"message": "Endpoint request timed out"}, 504)
        rows = []
        for order in reversed(self._records.orders(business_id)):
            created = datetime.fromisoformat(order["created_at"]).astimezone(BOGOTA).date()
            if start <= created <= end and _is_asked_for(order, asked):
                rows.append(order)
        rows.sort(key=lambda order: order["created_at"], reverse=True)
        page = [shapes.list_row(order, self._facts) for order in _page(rows, request)]
        return Response(body=encode(page))

    def _order(self, request: Request, business_id: int) -> Any:
        if self._facts["order_detail"] == "missing":
            return Response.json({"message": "Not found"}, 404)
        order = self._records.order(business_id, request.params["number"])
        return shapes.detail(order, self._facts)

    def _create_order(self, request: Request, business_id: int) -> Any:
        asked = json.loads(encode(request.json()))
        asked["external_order_id"] = asked.pop("id_order", None)  # theirs is the seller's own
        asked.pop("id_business", None)
        order = self._records.make_order(
            business_id, overrides=asked, created_at=datetime.now(UTC), source="api"
        )
        return Response.json({"idOrder": order["body"]["id_order"]}, 201)

    def _return(self, request: Request, business_id: int) -> Any:
        order = self._records.order(business_id, request.params["number"])
        if order["status"] != 10:
            return Response.json({"message": "Return not found"}, 404)
        return {
            "idOrder": order["body"]["id_order"],
            "carrierTrackingCode": f"DEV{order['body']['id_order']}",
            "idStatus": 6,
            "statusName": "En Tránsito",
            "createdAt": order["updated_at"],
        }

    # Bodegas ----------------------------------------------------------------------------

    def _warehouses(self, request: Request, business_id: int) -> Any:
        return {"results": list(WAREHOUSES.values())}

    def _stock(self, request: Request, business_id: int) -> Any:
        level = self._records.level(business_id, request.params["number"])
        sold = [v for v in catalogue.variations() if str(v.id_variant) in level]
        rows = [
            {
                "idProduct": v.id_product,
                "idVariant": v.id_variant,
                "stock": level[str(v.id_variant)],
            }
            for v in _page(sold, request)
        ]
        return {"results": rows, "resultsCount": {"totalVariants": len(sold)}}

    def _move_stock(self, request: Request, business_id: int) -> Any:
        asked = json.loads(encode(request.json()))
        items = asked.get("items")
        if not isinstance(items, list) or not all(isinstance(item, dict) for item in items):
            raise BadRequest("items must be a list of objects")
        movement, is_new = self._records.move_stock(
            business_id,
            request.params["number"],
            str(asked.get("reference") or ""),
            str(asked.get("reason") or ""),
            items,
        )
        response = Response.json(movement, 201 if is_new else 200)
        if is_new and self._facts["movement_events"]:
            response.afterwards = lambda: self._report(business_id, movement)
        return response

    def _report(self, business_id: int, movement: dict[str, Any]) -> None:
        self._sender.report_movement(business_id, movement)

    # The rest ---------------------------------------------------------------------------

    def _wallet(self, request: Request, business_id: int) -> Any:
        """What delivered contraentrega orders brought in."""
        rows = [
            {
                "idMovement": 100_000 + place,
                "idOrder": order["body"]["id_order"],
                "idMovementType": 2,
                "movementType": "Ingreso por venta como Dropshipper",
                "direction": "deposit",
                "state": "AVAILABLE",
                "amount": order["body"]["order_transaction"].get("total"),
                "createdAt": order["updated_at"],
            }
            for place, order in enumerate(self._records.orders(business_id))
            if order["status"] == 8
            and order["body"]["order_transaction"].get("payment_method") == "cod"
        ]
        return Response(body=encode(_page(rows, request)))

    def _validate_phone(self, request: Request, business_id: int) -> Any:
        digits = re.sub(r"\D", "", str(request.json().get("phone", "")))
        return {"isValid": bool(re.fullmatch(r"(57)?3\d{9}", digits))}


def forbidden() -> Response:
    return Response.json({"message": "Forbidden"}, 403)


def too_many(limit: int, resets_in: float) -> Response:
    headers = _rate_headers(limit, 0, resets_in)
    return Response.json({"message": "Too many requests"}, 429, headers)


def _rate_headers(limit: int, left: int, resets_in: float) -> dict[str, str]:
    return {
        "ratelimit-limit": str(limit),
        "ratelimit-remaining": str(max(0, left)),
        "ratelimit-reset": str(max(1, round(resets_in))),
        "ratelimit-policy": f"{limit};w=60",
    }


def _page(rows: Any, request: Request) -> list[Any]:
    try:
        page = int(request.query.get("page", 1))
        limit = min(int(request.query.get("limit", 10)), _LARGEST_PAGE)
    except ValueError as error:
        raise BadRequest("page and limit must be whole numbers") from error
    if page < 1 or limit < 1:
        raise BadRequest("page and limit begin with 1")
    return list(rows[(page - 1) * limit : page * limit])


def _day(told: Any) -> date | None:
    if not told:
        return None
    try:
        if not isinstance(told, str) or not _DAY.fullmatch(told):
            raise ValueError(told)
        return date.fromisoformat(told)
    except ValueError as error:
        raise BadRequest("dates are written YYYY-MM-DD") from error


def _is_asked_for(order: dict[str, Any], asked: dict[str, Any]) -> bool:
    wanted = {
        "orderStatus": vocabulary.label(order["status"]),
        "orderStatusParent": vocabulary.group(order["status"]),
        "externalOrderId": order["body"]["external_order_id"],
        "idOrder": order["body"]["id_order"],
    }
    return all(
        str(value).casefold() == str(asked[name]).casefold()
        for name, value in wanted.items()
        if asked.get(name) not in (None, "")
    )
