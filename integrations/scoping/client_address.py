"""Whose address a request comes from, also through proxies: only configured ones are believed.

`X-Forwarded-For` says what its sender likes. Each proxy puts the address that it saw at the end, so
the list is read from the end, and no further than the proxies of `settings.TRUSTED_PROXIES` go.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address, ip_network

from django.conf import settings
from django.http import HttpRequest, HttpResponse

# A proxy on the same machine that speaks through a file has no address.
UNIX = "unix"
_WITH_PORT = re.compile(r"(?:\[([0-9A-Fa-f:.]+)\]|(\d+\.\d+\.\d+\.\d+))(?::\d+)?")
_SITE = 64


class Proxies:
    """Raises ValueError for what is neither an address, nor a network, nor `unix`."""

    def __init__(self, told: Sequence[str]) -> None:
        self._unix = UNIX in told
        self._networks = [ip_network(each) for each in told if each != UNIX]

    def client(self, address: str, forwarded: str) -> str:
        """The first address from the end of the way that is no proxy of ours; what cannot be read
        ends the way."""
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
    """Middleware. From here on `REMOTE_ADDR` is the client's address, as far as it is known."""

    def __init__(self, get_response) -> None:
        self.get_response = get_response
        self._proxies = Proxies(settings.TRUSTED_PROXIES)

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.META["REMOTE_ADDR"] = self._proxies.client(
            request.META.get("REMOTE_ADDR", ""), request.META.get("HTTP_X_FORWARDED_FOR", "")
        )
        return self.get_response(request)


def site(address: str) -> str:
    """What counts as one sender: an address, of IPv6 the network of 64 bits that one customer of a
    provider has at least."""
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
