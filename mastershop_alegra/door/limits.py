"""The limits of size and time for a request.

A proxy in front of the portal has the same limits of size (docs/proxy.md).
"""

from __future__ import annotations

import os
import resource

from integrations.timekeeping.timing import Timing

# From the environment, because the settings are not loaded yet.
TIMES = Timing().divided_by(float(os.environ.get("TIMING_DIVISOR") or 1))
# Seconds; 3 at least, which a slow machine needs also in proofs with shorter times.
LONGEST_REQUEST = max(3.0, TIMES.request_comes)

# Bytes of a request line with its headers; browsers and proxies send a few thousand.
MOST_HEAD = 32 * 1024
# Bytes of a body: an event (reliability reference, threats) …
MOST_WEBHOOK = 256 * 1024
# … and everything else.
MOST_BODY = 1024 * 1024
# Bytes that all connections of a worker keep together, in requests and in answers.
MOST_KEPT = 64 * 1024 * 1024

WEBHOOKS = "/webhooks/"


def most_bytes(path: str) -> int:
    return MOST_WEBHOOK if path.startswith(WEBHOOKS) else MOST_BODY


def most_connections(wanted: int) -> int:
    """This number, at most half of the process's file handles: the rest is for its work."""
    soft, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    return wanted if soft == resource.RLIM_INFINITY else max(16, min(wanted, soft // 2))
