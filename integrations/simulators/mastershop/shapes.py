"""One order in each of the shapes MasterShop shows it: event, detail, list row.

MasterShop reference: the three shapes. Which words and fields they have is told by the facts.
"""

from __future__ import annotations

import copy
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from integrations.simulators import catalogue
from integrations.simulators.facts import Facts
from integrations.simulators.mastershop import vocabulary

_BOGOTA = ZoneInfo("America/Bogota")
_IVA = {"19": 19, "5": 5}


def event_body(
    order: dict[str, Any],
    facts: Facts,
    name: str,
    *,
    status: int | None = None,
    at: str = "",
    partial: bool = False,
) -> dict[str, Any]:
    """Shape A: the order as the event of that name tells it, at a status and moment of its life
    (its present ones if none are given). ``partial``: without lines, transaction and business."""
    body = {"eventName": name, **_shape_a(order, facts, status, at)}
    if not facts["identification_in_event"]:
        customer = body.get("customer") or {}
        customer.pop("documentType", None)
        customer.pop("documentNumber", None)
    if not facts["warehouse_in_event"]:
        body.pop("warehouse", None)
    if not facts["payment_method_in_event"]:
        body["order_transaction"].pop("payment_method", None)
    if code := vocabulary.SUB_STATES.get(name):
        body["carrier_status_info"] = {
            "carrier_status": name.removeprefix("Pedido ").removeprefix("con "),
            "carrier_status_code": code,
        }
        if code == "INCIDENT":
            body["carrier_novelty"] = {"description": "Nadie recibe en la dirección", "code": "21"}
    if business := order["quirks"].get("event_business"):
        body["id_business"] = business
    if partial:
        for left_out in ("order_items", "order_Items", "order_transaction", "id_business"):
            body.pop(left_out, None)
    return _camel(body) if order["quirks"].get("camel_case") else body


def detail(order: dict[str, Any], facts: Facts) -> dict[str, Any]:
    """The order by number: shape A (fact ``order_detail`` = a) or camelCase in a list (b)."""
    body = _shape_a(order, facts, None, "")
    if facts["order_detail"] == "a":
        return body
    money = body.pop("order_transaction")
    body["items"] = body.pop("order_items", None) or body.pop("order_Items", [])
    body["total_order"] = money.pop("total", None)
    body |= money
    body["order_status"] = body.pop("confirmation_status_name")
    body["created_at"] = body.pop("date_created_order", None)
    body["updated_at"] = body.pop("date_update_order", None)
    body["client_info"] = body.pop("customer")
    return {"results": [_camel(body)]}


def list_row(order: dict[str, Any], facts: Facts) -> dict[str, Any]:
    """Shape B: enough to find an order."""
    body = _shape_a(order, facts, None, "")
    customer, place = body["customer"] or {}, body["shipping_address"] or {}
    money = body["order_transaction"]
    logistics = body["order_logistics"] or {}
    return {
        "idOrder": body["id_order"],
        "externalOrderId": body["external_order_id"],
        "orderStatus": body["confirmation_status_name"],
        "statusParent": vocabulary.group(order["status"]),
        "paymentMethod": _family_word(money.get("payment_method"), facts),
        "totalOrder": money.get("total"),
        "totalProvider": None,
        "currency": money["currency"],
        "createdAt": order["created_at"],
        "carrierName": logistics.get("carrier_name"),
        "carrierTrackingCode": logistics.get("carrier_tracking_code"),
        "lastCarrierStatusUpdate": order["updated_at"],
        "clientInfo": {
            "fullName": customer.get("full_name"),
            "phone": customer.get("phone"),
            "address": place.get("address1"),
            "city": place.get("city"),
            "state": place.get("state"),
        },
        "items": [
            {
                "name": line.get("name") or line.get("name_product"),
                "quantity": line["quantity"],
                "price": line["price"],
            }
            for line in body.get("order_items") or body.get("order_Items") or []
        ],
    }


def _family_word(word: Any, facts: Facts) -> str:
    """The list knows two words only, whatever the order itself says."""
    cod = {"cod", "pago contra entrega", facts["payment_words"]["cod"].casefold()}
    return "cod" if str(word).casefold() in cod else "transfer"


def _shape_a(order: dict[str, Any], facts: Facts, status: int | None, at: str) -> dict[str, Any]:
    body = copy.deepcopy(order["body"])
    quirks = order["quirks"]
    status = order["status"] if status is None else status
    body["id_status"] = status
    body["confirmation_status_name"] = vocabulary.label(status)
    if not quirks.get("no_dates"):
        body["date_created_order"] = order["created_at"]
        body["date_update_order"] = at or order["updated_at"]
        if quirks.get("dates_without_zone"):
            for name in ("date_created_order", "date_update_order"):
                body[name] = _on_the_wall(body[name])
    money = body["order_transaction"]
    if not quirks.get("payment_fixed"):
        money["payment_method"] = facts["payment_words"][money["payment_method"]]
    if status < 3:
        body["order_logistics"] = {}  # empty until the guide exists
    carrier = vocabulary.STATUSES.get(status, ("", "", None, ""))[3]
    body["carrier_status_info"] = (
        {"carrier_status": vocabulary.label(status), "carrier_status_code": carrier}
        if carrier
        else None
    )
    body["carrier_novelty"] = None
    if not facts["price_includes_tax"]:
        for line in body["order_items"]:
            line["price"] = _without_iva(line)
    lines = body.pop("order_items")
    body[quirks.get("items_key") or facts["items_key"]] = lines
    return body


def _on_the_wall(moment: str) -> str:
    """The moment as a clock in Bogotá shows it, without a word about its zone."""
    return f"{datetime.fromisoformat(moment).astimezone(_BOGOTA):%Y-%m-%d %H:%M:%S}"


def _without_iva(line: dict[str, Any]) -> Any:
    rate = next(
        (
            _IVA.get(v.iva, 0)
            for v in catalogue.variations()
            if line["id_variant"] in (v.id_variant, None) and line["id_product"] == v.id_product
        ),
        0,
    )
    price = line["price"]
    if rate == 0 or not isinstance(price, int | float):
        return price
    return round(price / (1 + rate / 100), 2)


def _camel(content: Any) -> Any:
    if isinstance(content, dict):
        return {_camel_name(name): _camel(inner) for name, inner in content.items()}
    if isinstance(content, list):
        return [_camel(entry) for entry in content]
    return content


def _camel_name(name: str) -> str:
    first, *rest = name.split("_")
    return first + "".join(part[:1].upper() + part[1:] for part in rest)
