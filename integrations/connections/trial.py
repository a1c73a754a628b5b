"""*Modo de prueba*: asking the built-in stand-ins for a company and a business of one's own."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import requests
from django.conf import settings

from integrations.connections.models import Integration
from integrations.timekeeping.timing import timing

_LARGEST = 256 * 1024


class StandInsSilent(Exception):
    """The stand-ins do not run, or do not give out companies."""


@dataclass(frozen=True)
class TrialCompany:
    email: str
    token: str
    business_id: str
    key: str


def is_offered() -> bool:
    """Whether this installation runs both stand-ins."""
    return bool(settings.SIMULATED_ALEGRA_URL and settings.SIMULATED_MASTERSHOP_URL)


def new_company(name: str) -> TrialCompany:
    """A simulated company with goods to sell and its business. Raises StandInsSilent."""
    made = _ask(settings.SIMULATED_ALEGRA_URL, {"name": name})
    given = [made.get(each) for each in ("alegra_user", "alegra_token")]
    if not all(given):
        raise StandInsSilent("no company came back")
    return TrialCompany(
        email=str(given[0]),
        token=str(given[1]),
        business_id=str(made.get("business_id") or ""),
        key=str(made.get("mastershop_key") or ""),
    )


def point_events(integration: Integration, address: str) -> None:
    """Tell the simulated MasterShop where this business's events go. Raises StandInsSilent."""
    source = integration.source
    if not (integration.is_trial and source.business_id and source.key):
        return
    asked = {
        "business_id": int(source.business_id),
        "mastershop_key": source.key,
        "webhook_url": address,
        "secret": source.secret or None,
        "only_half": True,
    }
    _ask(settings.SIMULATED_MASTERSHOP_URL, asked)


def _ask(api_url: str, asked: dict[str, Any]) -> dict[str, Any]:
    parts = urlsplit(api_url)
    headers = {"X-Simulators-Key": settings.SIMULATORS_KEY} if settings.SIMULATORS_KEY else {}
    try:
        answer = requests.post(
            f"{parts.scheme}://{parts.netloc}/_control/companies",
            json=asked,
            headers=headers,
            timeout=timing().stand_in,
            allow_redirects=False,
        )
        if answer.status_code != 201 or len(answer.content) > _LARGEST:
            raise StandInsSilent(f"HTTP {answer.status_code}")
        made = answer.json()
    except (requests.RequestException, ValueError) as error:
        raise StandInsSilent("no answer") from error
    if not isinstance(made, dict):
        raise StandInsSilent("not an object")
    return made
