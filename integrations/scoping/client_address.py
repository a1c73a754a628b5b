"""The address of a request's client, also behind proxies; only configured proxies are believed.

A client may write anything into `X-Forwarded-For`. Each proxy appends the address that it saw, so
the list is read from its end, up to the first address that is not in `settings.TRUSTED_PROXIES`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address, ip_network

from django.conf import settings
from django.http import HttpRequest, HttpResponse

# Stands for a proxy on the same machine that connects through a file and has no address.
UNIX = "unix"
_WITH_PORT = re.compile(r"(?:\[([0-9A-Fa-f:.]+)\]|(\d+\.\d+\.\d+\.\d+))(?::\d+)?")
_SITE = 64


class Proxies:
    """The configured proxies. Raises ValueError for an entry that is not an address, a network or
    `unix`."""

    def __init__(self, told: Sequence[str]) -> None:
        self._unix = UNIX in told
        self._networks = [ip_network(each) for each in told if each != UNIX]

    def client(self, address: str, forwarded: str) -> str:
        """The first address from the end that is not one of the proxies. An entry that is not an
        address ends the search."""
        hops = forwarded.split(",") if forwarded else []
        while hops and self._are_ours(address):
            before = _address(hops.pop())
            if before is None:
                break
            address = str(before)
        return address

    def _are_ours(self, address: str) -> bool:
        found = _address(address)
        if found is None:
            return not address and self._unix
        return any(found in network for network in self._networks)


class ClientAddress:
    """Middleware. Sets `REMOTE_ADDR` to the client's address, as far as it is known."""

    def __init__(self, get_response) -> None:
        self.get_response = get_response
        self._proxies = Proxies(settings.TRUSTED_PROXIES)

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.META["REMOTE_ADDR"] = self._proxies.client(
            request.META.get("REMOTE_ADDR", ""), request.META.get("HTTP_X_FORWARDED_FOR", "")
        )
        return self.get_response(request)


def site(address: str) -> str:
    """The text that identifies one sender: its address; for IPv6 its network of 64 bits, because a
    provider gives each customer at least one."""
    found = _address(address)
    if isinstance(found, IPv6Address):
        return str(IPv6Network((found, _SITE), strict=False))
    return str(found or "")


def _address(text: str) -> IPv4Address | IPv6Address | None:
    text = text.strip()
    if with_port := _WITH_PORT.fullmatch(text):
        text = with_port[1] or with_port[2]
    try:
        found = ip_address(text)
    except ValueError:
        return None
    if isinstance(found, IPv6Address) and found.ipv4_mapped:
        return found.ipv4_mapped
    return found
