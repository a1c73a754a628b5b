"""What the demo asks of the stand-ins beyond what a merchant can: through `/_control/`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import requests
from django.conf import settings

_TIMEOUT = (5, 30)


@dataclass(frozen=True)
class Stand:
    """A simulated company and its business, fixed so that a second start finds the first's."""

    name: str
    nit: str
    alegra_user: str
    business_id: int


@dataclass(frozen=True)
class Access:
    """What opens them. `key` is MasterShop's."""

    token: str
    key: str


def open_company(stand: Stand) -> Access:
    """Make the company and its business, or find them."""
    made = _post(
        settings.SIMULATED_ALEGRA_URL,
        "companies",
        {
            "nit": stand.nit,
            "name": stand.name,
            "alegra_user": stand.alegra_user,
            "business_id": stand.business_id,
            "catalogue": "demo",
        },
    )
    return Access(token=made["alegra_token"], key=made["mastershop_key"])


def start_traffic(business_id: int, *, per_minute: float) -> None:
    """Orders come by themselves and walk to their end."""
    asked = {"business_id": business_id, "per_minute": per_minute}
    _post(settings.SIMULATED_MASTERSHOP_URL, "traffic", asked)


def make_order(business_id: int, **asked: Any) -> None:
    """An order of the simulated MasterShop, told to its webhook."""
    _post(
        settings.SIMULATED_MASTERSHOP_URL,
        "orders",
        {"business_id": business_id, "send": True, **asked},
    )


def has_orders(business_id: int) -> bool:
    """Whether the simulated MasterShop ever had an order of this business."""
    answer = requests.get(_control(settings.SIMULATED_MASTERSHOP_URL, "ledger"), timeout=_TIMEOUT)
    answer.raise_for_status()
    return any(
        each["orders"]
        for each in answer.json()["businesses"]
        if str(each["business_id"]) == str(business_id)
    )


def _control(api_url: str, what: str) -> str:
    parts = urlsplit(api_url)
    return f"{parts.scheme}://{parts.netloc}/_control/{what}"


def _post(api_url: str, what: str, body: dict[str, Any]) -> dict[str, Any]:
    answer = requests.post(_control(api_url, what), json=body, timeout=_TIMEOUT)
    answer.raise_for_status()
    return answer.json()
