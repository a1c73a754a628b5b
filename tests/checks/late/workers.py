"""Workers whose first send is swallowed by the network, at the times of the product.

    python -m tests.checks.late.workers DATABASE HOLD

The first line of the input is a list of [how, document]; each document gets a process, which is
stopped right before its first byte. Then "ready" is printed, and with the next line of the input
they go on: the process of a `plain` one lives, that of a `killed` one is killed a second later,
that of a `paused` one is stopped for HOLD seconds. Another worker meanwhile does what is due,
but sends nothing that was found absent before HOLD seconds are over; then it prints what it has
seen, and after one more line it does all the rest.
"""

from __future__ import annotations

import json
import os
import signal
import sys
import time
from dataclasses import replace
from datetime import timedelta
from typing import Any

import django
from django.conf import settings

from tests.documents.paused_workers import start, stopped_or_ended

BOUNDARY = "after the lease was confirmed"
# How long the kernel has to hand over what a process gave it, before that process is gone.
HANDED_OVER = 1.0
PATIENCE = 600.0


def main(database: str, hold: float) -> None:
    settings.DATABASES["default"]["NAME"] = database
    django.setup()
    rows = json.loads(sys.stdin.readline())
    children = [(how, start(BOUNDARY, pk)) for how, pk in rows]
    came = [stopped_or_ended(pid) for _, pid in children]
    print(json.dumps(came), flush=True)
    sys.stdin.readline()
    began = time.monotonic()
    for _, pid in children:
        os.kill(pid, signal.SIGCONT)
    time.sleep(HANDED_OVER)
    for how, pid in children:
        if how != "plain":
            os.kill(pid, signal.SIGKILL if how == "killed" else signal.SIGSTOP)
    _hold_back_what_is_absent()
    documents = [pk for _, pk in rows]
    seen = _serve(documents, began, hold)
    for how, pid in children:
        if how == "paused":
            os.kill(pid, signal.SIGCONT)
    for _, pid in children:
        os.waitpid(pid, 0)
    print(json.dumps(seen), flush=True)
    sys.stdin.readline()
    _let_go(documents)
    print(json.dumps(_serve(documents, time.monotonic(), 0, until="created")), flush=True)


def _hold_back_what_is_absent() -> None:
    """A second send would hide the late arrival of the first one."""
    from integrations.sending import lost_answer

    absent = lost_answer._absent

    def held(*args: Any) -> Any:
        decided = absent(*args)
        return replace(decided, at=decided.at + timedelta(hours=1))

    lost_answer._absent = held


def _let_go(documents: list[int]) -> None:
    from integrations.documents.models import Document
    from integrations.scoping.context import unscoped
    from integrations.timekeeping import clock

    with unscoped("a worker of a test"):
        Document.objects.filter(pk__in=documents).update(next_attempt_at=clock.now())


def _serve(documents: list[int], began: float, hold: float, until: str = "") -> list[Any]:
    """Do what is due until both looks were taken and `hold` seconds are over."""
    from integrations.documents.models import Document
    from integrations.scoping.context import unscoped
    from integrations.sending import sweep, turns

    while True:
        sweep.sweep()
        with unscoped("a worker of a test"):
            rows = list(Document.objects.filter(pk__in=documents).order_by("pk"))
        for user in {row.alegra_user_id for row in rows}:
            turns.serve(user)
        seen = [[row.state, row.probes, row.sends] for row in rows]
        settled = all(
            state in ("created", "blocked") or (not until and state == "pending" and probes >= 2)
            for state, probes, _ in seen
        )
        passed = time.monotonic() - began
        if (settled and passed > hold) or passed > hold + PATIENCE:
            return seen
        time.sleep(1)


if __name__ == "__main__":
    main(sys.argv[1], float(sys.argv[2]))
