"""Events of many businesses, ready to be sent."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import Any

from tests.checks.storm.storming import Shot, signed
from tests.flows.live import LivePortal


def shots(
    portal: LivePortal,
    tenants: list[dict[str, Any]],
    numbers: Iterable[int],
    *,
    label: str = "",
    status: int = 4,
) -> Iterator[Shot]:
    """For each number an event of the next tenant."""
    for number in numbers:
        tenant = tenants[number % len(tenants)]
        order = portal.order(number, id_business=tenant["business"], id_status=status)
        body = json.dumps(order, ensure_ascii=False).encode()
        address = f"{portal.url}/webhooks/mastershop/{tenant['token']}/"
        yield Shot(address, body, (signed(tenant["secret"], body),), label or tenant["token"])
