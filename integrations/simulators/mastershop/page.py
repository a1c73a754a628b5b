"""What a person sees at the root: the businesses and their latest orders."""

from __future__ import annotations

import base64
import binascii
from html import escape
from typing import Any

from integrations.simulators.mastershop import vocabulary
from integrations.simulators.mastershop.records import Records
from integrations.simulators.messages import Request, Response

_SHOWN = 100
_HEAD = """<!doctype html><html lang="es"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>MasterShop simulado</title><link rel="icon" href="data:,"><style>
body{font:16px/1.5 system-ui,sans-serif;margin:2rem auto;max-width:70rem;padding:0 1rem;
background:#f7f7f9;color:#1c1c28}h1{font-size:1.5rem}h2{font-size:1.125rem;margin-top:2rem}
table{border-collapse:collapse;width:100%}th,td{text-align:left;padding:.4rem .6rem;
border-bottom:1px solid #ddd}.amount{text-align:right;font-variant-numeric:tabular-nums}
.scroll{overflow-x:auto}
</style></head><body><main><h1>MasterShop simulado</h1>
<p>Datos inventados para probar la integración.</p>"""


def answer(request: Request, records: Records, *, is_open: bool) -> Response:
    """The page; where it is not open to everybody, each key opens its own business
    (HTTP Basic, the key as the password)."""
    if request.path != "/" or request.method not in {"GET", "HEAD"}:
        return Response.json({"message": "Not found"}, 404)
    businesses = records.businesses()
    if not is_open:
        own = records.business_of_key(_password(request))
        if own is None:
            return Response(401, headers={"WWW-Authenticate": 'Basic realm="MasterShop"'})
        businesses = [business for business in businesses if business["business_id"] == own]
    parts = [_HEAD]
    for business in businesses:
        parts.append(_business(business, records))
    if not businesses:
        parts.append("<p>Todavía no hay negocios.</p>")
    return Response.html("".join(parts) + "</main></body></html>")


def _business(business: dict[str, Any], records: Records) -> str:
    number = business["business_id"]
    orders = records.orders(number)[: -_SHOWN - 1 : -1]
    rows = "".join(_row(order) for order in orders)
    heads = "".join(
        f"<th scope='col'>{name}</th>"
        for name in ("Pedido", "Creado (UTC)", "Estado", "Cliente", "Ciudad", "Pago", "Total")
    )
    table = "<p>Sin pedidos.</p>"
    if rows:
        body = f"<thead><tr>{heads}</tr></thead><tbody>{rows}</tbody>"
        table = f"<div class='scroll'><table>{body}</table></div>"
    return f"<h2>{escape(str(business['name']))} ({number})</h2>{table}"


def _row(order: dict[str, Any]) -> str:
    body = order["body"]
    money, place = body["order_transaction"], body["shipping_address"] or {}
    cells = (
        body["id_order"],
        order["created_at"][:16].replace("T", " "),
        vocabulary.label(order["status"]),
        (body["customer"] or {}).get("full_name"),
        place.get("city"),
        money.get("payment_method"),
    )
    told = "".join(f"<td>{escape(str(cell or '—'))}</td>" for cell in cells)
    total = money.get("total")
    amount = f"{total:,}".replace(",", ".") if isinstance(total, int) else str(total or "—")
    return f"<tr>{told}<td class='amount'>$ {escape(amount)}</td></tr>"


def _password(request: Request) -> str:
    kind, _, given = request.headers.get("authorization", "").partition(" ")
    if kind.lower() != "basic":
        return ""
    try:
        return base64.b64decode(given, validate=True).decode().partition(":")[2]
    except (binascii.Error, UnicodeDecodeError):
        return ""
