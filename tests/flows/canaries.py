"""Buyers nobody could mistake, and where traces of them are looked for."""

from __future__ import annotations

import base64
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from html import unescape
from urllib.parse import quote, unquote, urljoin, urlsplit

import requests

# Between the digits of a number, as people and forms write them.
_BETWEEN = r"[\s.\-()]{0,2}"
_LINK = re.compile(r"""(?:href|hx-get|src|action)=["']([^"'#]+)""")
_LEAVE_ALONE = re.compile(r"/(?:logout|static|delete|jsi18n)/|^/static/|/cuenta/logout")


# Its digits stand nowhere else in what is told of a canary.
ANY = 66


@dataclass(frozen=True)
class Canary:
    """A buyer of one story; `number` (10 to 99) makes all that is told of them their own."""

    number: int

    @property
    def identification(self) -> str:
        return f"10935172{self.number}"

    @property
    def phone(self) -> str:
        return f"31570849{self.number}"

    @property
    def email(self) -> str:
        return f"canario.zx{self.number}@jaula-{self.number}.example.com"

    @property
    def address(self) -> str:
        return f"Carrera {self.number} Bis Sur 123-45 Torre Canaria"

    @property
    def spelled_identification(self) -> str:
        digits = self.identification
        return f"{digits[0]}.{digits[1:4]}.{digits[4:7]}.{digits[7:]}"

    @property
    def spelled_phone(self) -> str:
        return f"+57 ({self.phone[:3]}) {self.phone[3:6]}-{self.phone[6:]}"

    def customer(self, **changes) -> dict:
        """The `customer` of an event."""
        return {
            "full_name": f"Canaria Amarilla {self.number}",
            "first_name": "Canaria",
            "last_name": f"Amarilla {self.number}",
            "email": self.email,
            "phone": self.spelled_phone,
            "documentType": "CC",
            "documentNumber": self.spelled_identification,
            **changes,
        }

    def order(self, **customer) -> dict:
        """What an event says of the buyer, here, there and in the seller's notes."""
        told = f"Llamar al {self.phone} o a {self.email}, CC {self.identification}, {self.address}"
        return {
            "customer": self.customer(**customer),
            "shipping_address": {"address1": self.address, "phone": self.phone},
            "notes": [told],
            "tags": [self.email],
        }

    @property
    def echo(self) -> str:
        """How an API that repeats what it was sent speaks of the buyer."""
        return (
            f"El contacto {self.email} con identificación {self.spelled_identification}"
            f" ({self.identification}), celular {self.spelled_phone} / {self.phone} y dirección"
            f" {self.address} no es válido"
        )


def finder() -> re.Pattern[str]:
    """Traces of any of them. One pattern for all: hundreds of pages are looked through."""
    any_one = Canary(ANY)
    numbers = (_BETWEEN.join(text) for text in (any_one.identification, any_one.phone))
    words = (re.escape(text) for text in (any_one.email, any_one.address))
    patterns = (
        *(pattern.replace(_BETWEEN.join(str(ANY)), rf"\d{_BETWEEN}\d") for pattern in numbers),
        *(pattern.replace(str(ANY), r"\d\d") for pattern in words),
    )
    return re.compile("|".join(patterns), re.IGNORECASE)


def spellings(secret: str) -> set[str]:
    """A secret as it may stand in a page, an address or a header."""
    return {secret, quote(secret, safe=""), base64.b64encode(secret.encode()).decode().rstrip("=")}


def plain(text: str) -> str:
    """What a reader makes of a page's or an address's text."""
    return f"{text}\n{unescape(text)}\n{unquote(text)}"


def everything_of(answer: requests.Response) -> str:
    """Body, headers and cookies."""
    headers = "\n".join(f"{name}: {value}" for name, value in answer.headers.items())
    return plain(f"{answer.text}\n{headers}")


def crawl(
    session: requests.Session, starts: Iterable[str], *, most_alike: int = 3, queries: bool = True
) -> Iterator[requests.Response]:
    """Every page that links lead to, of pages that differ in their numbers only a few.

    Redirects are answers of their own. Without `queries` no sorted and filtered lists.
    """
    waiting, seen, alike = list(starts), set(), {}
    while waiting:
        path = waiting.pop(0)
        if path in seen or _LEAVE_ALONE.search(path):
            continue
        seen.add(path)
        if path not in starts:
            kind = re.sub(r"=[^&]*", "=", re.sub(r"\d+", "0", path))
            alike[kind] = alike.get(kind, 0) + 1
            if alike[kind] > most_alike:
                continue
        answer = session.get(path, allow_redirects=False)
        yield answer
        linked = _LINK.findall(answer.text) if "html" in answer.headers["Content-Type"] else []
        for link in [*linked, answer.headers.get("Location", "")]:
            address = urlsplit(urljoin(answer.url, unescape(link)))
            if link and address.netloc == urlsplit(answer.url).netloc:
                query = f"?{address.query}" if address.query else ""
                if queries or not query:
                    waiting.append(address.path + query)
