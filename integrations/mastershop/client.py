"""The only place that sends to MasterShop. MasterShop reference: API.

One `MasterShopClient` per key and thread. No call is repeated here: who calls decides by the
class of error. Amounts in answers are `Decimal`.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, Generic, TypeVar
from urllib.parse import quote

import requests

from . import errors, limits, parser, products, stock, values
from .orders import ListRow
from .products import Product
from .stock import StockLevel, Warehouse
from .transport import Answer, BodyTooLarge, Deadlines, Transport

PAGE = 50  # the largest page MasterShop gives
LONGEST_RANGE = timedelta(days=30)  # wider ranges time out on their side
_MOST_PAGES = 2000

Read = TypeVar("Read")


@dataclass(frozen=True, slots=True)
class Page(Generic[Read]):
    """`unreadable` counts rows that had no usable id; `is_last` is read from a short page."""

    rows: tuple[Read, ...]
    is_last: bool
    unreadable: int = 0


@dataclass(frozen=True, slots=True)
class StockReceipt:
    """`movement_id` is '' when the answer names none."""

    movement_id: str


class MasterShopClient:
    """Speaks to one business with its key.

    Every function raises the classes of `errors`; `base_url` ends with `/api`.
    """

    def __init__(self, base_url: str, key: str, *, deadlines: Deadlines | None = None) -> None:
        self._base = base_url.rstrip("/")
        # What a header cannot carry is no key: said like any other wrong key, and not sent.
        self._key_is_sendable = key != "" and key.isascii() and key.isprintable()
        self._transport = Transport(
            {
                "ms-api-key": key if self._key_is_sendable else "",
                "Accept": "application/json",
                "Accept-Encoding": "identity",
            },
            deadlines or Deadlines(),
        )

    def __enter__(self) -> MasterShopClient:
        return self

    def __exit__(self, *exc: object) -> None:
        self.close()

    def close(self) -> None:
        self._transport.close()

    def check(self) -> None:
        """Asks for one product: returns when the key is good."""
        self._send("GET", "/products", params={"limit": 1})

    def products_page(self, page: int, limit: int = PAGE) -> Page[Product]:
        """A page of the seller's own catalogue, from 1."""
        found = self._send("GET", "/products", params={"page": page, "limit": limit})
        return _page(_rows(found), products.read_product, limit)

    def every_product(self) -> Iterator[Product]:
        """The whole catalogue, page by page, each product once."""
        return self._each(self.products_page, lambda product: product.id)

    def product(self, product_id: str) -> Product:
        found = _rows(self._send("GET", f"/products/{_segment(product_id)}"))
        if not found:
            raise errors.NotFound("MasterShop knows no such product", status=200)
        product = products.read_product(found[0])
        if product is None:
            raise errors.Malformed("the product has no id", status=200)
        return product

    def orders_list(self, start: date, end: date, page: int, limit: int = PAGE) -> Page[ListRow]:
        """A page of the orders created from `start` to `end`, both included.

        Raises ValueError for a range of over 30 days or turned round.
        """
        if not timedelta(0) <= end - start < LONGEST_RANGE:
            raise ValueError("a range has from 1 to 30 days")
        found = self._send(
            "POST",
            "/orders/list",
            params={"page": page, "limit": limit},
            payload={"startDate": start.isoformat(), "finalDate": end.isoformat()},
        )
        return _page(_rows(found), parser.parse_row, limit)

    def every_order(self, start: date, end: date) -> Iterator[ListRow]:
        """All orders of a range of any length, in ranges MasterShop can answer, each once."""
        while start <= end:
            until = min(end, start + LONGEST_RANGE - timedelta(days=1))
            yield from self._each(
                lambda page, first=start, last=until: self.orders_list(first, last, page),
                lambda row: row.order_id,
            )
            start = until + timedelta(days=1)

    def order(self, order_id: str) -> dict[str, Any]:
        """The detail as MasterShop shows it; its shape is not public, so `parse_order` reads it."""
        found = self._send("GET", f"/orders/{_segment(order_id)}")
        rows = found if isinstance(found, list) else [found]
        if len(rows) != 1 or not isinstance(rows[0], dict):
            raise errors.Malformed("the detail of an order is not one object", status=200)
        return rows[0]

    def warehouses(self) -> tuple[Warehouse, ...]:
        found = [stock.read_warehouse(entry) for entry in _rows(self._send("GET", "/warehouses"))]
        return tuple(bodega for bodega in found if bodega is not None)

    def warehouse_stock(self, warehouse_id: str, page: int, limit: int = PAGE) -> Page[StockLevel]:
        """A page of the levels of one bodega, from 1."""
        found = self._send(
            "GET",
            f"/warehouses/{_segment(warehouse_id)}/stock",
            params={"page": page, "limit": limit},
        )
        return _page(_rows(found), stock.read_level, limit)

    def every_stock_level(self, warehouse_id: str) -> Iterator[StockLevel]:
        """All levels of one bodega, each variation once."""
        return self._each(
            lambda page: self.warehouse_stock(warehouse_id, page), lambda level: level.variant_id
        )

    def post_stock_movement(
        self,
        warehouse_id: str,
        *,
        reference: str,
        reason: str,
        items: Iterable[tuple[str, Decimal]],
    ) -> StockReceipt:
        """Moves stock by signed quantities per variation.

        The same `reference` again moves nothing and answers like the first time, so a call
        without an answer may be repeated. Raises ValueError for an unknown reason or no items.
        """
        moved = [{"idVariant": _id(variant), "quantity": _plain(count)} for variant, count in items]
        if reason not in stock.REASONS or not moved or not reference:
            raise ValueError("a movement has a reference, a known reason and items")
        found = self._send(
            "POST",
            f"/warehouses/{_segment(warehouse_id)}/stock/movements",
            payload={"reference": reference, "reason": reason, "items": moved},
        )
        answer = values.Fields(found)
        answer = answer.object("data", "result") or answer
        return StockReceipt(values.key(answer.first("movement_id", "id_movement", "id")))

    def _each(self, fetch: Any, identify: Any) -> Iterator[Any]:
        """Follows the pages; an order that slid to the next page meanwhile is given once."""
        seen: set[str] = set()
        for number in range(1, _MOST_PAGES + 1):
            page = fetch(number)
            fresh = {identify(row): row for row in page.rows if identify(row) not in seen}
            seen.update(fresh)
            yield from fresh.values()
            # A full page without anything new is a server that does not turn pages.
            if page.is_last or (page.rows and not fresh):
                return
        raise errors.Malformed("the list has no end")

    def _send(
        self,
        method: str,
        path: str,
        *,
        params: Mapping[str, Any] | None = None,
        payload: Any = None,
    ) -> Any:
        """The decoded JSON of a good answer. Raises the class of `errors` for any other."""
        asked = f"{method} {path}"
        if not self._key_is_sendable:
            raise errors.KeyRefused(f"{asked}: the key cannot be sent")
        try:
            answer = self._transport.exchange(
                method, f"{self._base}{path}", params=params, json=payload
            )
        except BodyTooLarge as error:
            raise errors.Malformed(f"{asked}: the answer is too large") from error
        except requests.RequestException as error:
            if limits.never_arrived(error):
                raise errors.NotReached(f"{asked}: not reached") from error
            raise errors.Unavailable(f"{asked}: no whole answer") from error
        _raise_for(answer, asked)
        return _decode(answer, asked)


def _raise_for(answer: Answer, asked: str) -> None:
    status = answer.status
    if 200 <= status < 300:
        return
    message = f"{asked}: {status}"
    if status in (401, 403):
        raise errors.KeyRefused(message, status=status)
    if status == 404:
        raise errors.NotFound(message, status=status)
    if status == 429:
        wait = limits.retry_after(answer.headers)
        raise errors.RateLimited(message, status=status, retry_after=wait)
    if status >= 500 or status == 408:
        raise errors.Unavailable(message, status=status)
    if 400 <= status < 500:
        raise errors.Refused(message, status=status)
    raise errors.Malformed(message, status=status)  # redirects, which nobody follows


def _decode(answer: Answer, asked: str) -> Any:
    try:
        return json.loads(answer.body, parse_float=Decimal, parse_constant=_refuse_constant)
    except (ValueError, RecursionError) as error:
        # `from None`: the decoder's error quotes the document, and with it a buyer's data.
        raise errors.Malformed(
            f"{asked}: not JSON ({type(error).__name__})", status=answer.status
        ) from None


def _refuse_constant(name: str) -> Any:
    raise ValueError(name)


def _rows(found: Any) -> list[Any]:
    """The list in an answer: bare, or inside `results` or `data`."""
    if isinstance(found, dict):
        found = next((found[name] for name in ("results", "data") if name in found), None)
    if isinstance(found, dict):
        found = found.get("results", [found])
    if not isinstance(found, list):
        raise errors.Malformed("the answer holds no list", status=200)
    return found


def _page(rows: list[Any], read: Any, limit: int) -> Page[Any]:
    found = [read(row) for row in rows]
    kept = tuple(row for row in found if row is not None)
    return Page(kept, is_last=len(rows) < limit, unreadable=len(rows) - len(kept))


def _segment(identifier: str) -> str:
    """An id as one segment of a path. Raises ValueError for an empty one or a dot segment."""
    segment = quote(str(identifier), safe="")
    if segment.strip(".") == "":
        raise ValueError("an id is needed")
    return segment


def _id(identifier: str) -> int | str:
    return int(identifier) if identifier.isascii() and identifier.isdecimal() else identifier


def _plain(count: Decimal) -> int | float:
    return int(count) if count == count.to_integral_value() else float(count)
