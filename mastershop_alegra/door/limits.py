"""How much a request may bring, and how long it may take.

A proxy in front has the same limits of size (docs/proxy.md).
"""

from __future__ import annotations

import os
import resource

from integrations.timekeeping.timing import Timing

# Read before there are settings.
TIMES = Timing().divided_by(float(os.environ.get("TIMING_DIVISOR") or 1))
# Seconds; no proof needs it shorter than a slow machine is.
LONGEST_REQUEST = max(3.0, TIMES.request_comes)

# Bytes of a request line with its headers; browsers and proxies send a few thousand.
MOST_HEAD = 32 * 1024
# Bytes of a body: an event (reliability reference, threats) …
MOST_WEBHOOK = 256 * 1024
# … and everything else.
MOST_BODY = 1024 * 1024
# Bytes that all connections of a worker keep together: requests that come or wait, and answers.
MOST_KEPT = 64 * 1024 * 1024

WEBHOOKS = "/webhooks/"


def most_bytes(path: str) -> int:
    return MOST_WEBHOOK if path.startswith(WEBHOOKS) else MOST_BODY


def most_connections(wanted: int) -> int:
    """At most half of the handles that this process may have: the rest is for its work."""
    soft, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    return wanted if soft == resource.RLIM_INFINITY else max(16, min(wanted, soft // 2))
