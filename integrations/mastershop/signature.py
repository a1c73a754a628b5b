"""The signature of a delivery: HMAC-SHA256 of the raw body, in hex. MasterShop reference:
receiving contract."""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Iterable

HEADER = "X-Mastershop-Signature"

_HEX = re.compile(r"[0-9a-f]{64}", re.ASCII)
_PREFIX = "sha256="


def sign(secret: str, body: bytes) -> str:
    """The hex digest a sender with this secret puts in the header."""
    return hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()


def is_valid(header: str | None, body: bytes, secrets: Iterable[str]) -> bool:
    """Whether the header signs exactly this body with one of the secrets.

    Accepts the digest with or without "sha256=" before it. An absent or empty header, two
    signatures in one header, and an empty secret (anybody could sign with it) are refused.
    """
    given = (header or "").strip()
    if given[: len(_PREFIX)].lower() == _PREFIX:
        given = given[len(_PREFIX) :]
    given = given.lower()
    if not _HEX.fullmatch(given):
        return False
    # Every secret is tried, so that the time does not tell which one fitted.
    fits = [hmac.compare_digest(sign(secret, body), given) for secret in secrets if secret]
    return any(fits)
