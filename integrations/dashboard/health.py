"""For whoever watches the machines: is the process up, and can it do its work?"""

from __future__ import annotations

import time

from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_safe

from integrations.connections.models import PlatformState
from integrations.dashboard import probe, storing
from integrations.scoping.lacking import Lack
from integrations.timekeeping import clock
from integrations.timekeeping.timing import timing

# So many missed rounds of the sweep mean that nothing moves.
MISSED_SWEEPS = 12


@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    """200 while the process answers, whatever the database does: it is not asked here.

    The answer holds what the process last saw of it, and how many seconds ago.
    """
    seen = probe.last()
    if seen is None:
        database = "not looked at yet"
    else:
        age = time.monotonic() - seen.at
        database = f"{seen.problem or 'ok'}, seen {age:.1f} s ago"
    return HttpResponse(f"ok\ndatabase: {database}\n", content_type="text/plain")


@require_safe
def readyz(request: HttpRequest) -> HttpResponse:
    """200 while events can be stored and the sweep ran lately, else 503 with the reason.

    `sweep_age_seconds` is null until the first sweep.
    """
    lack = storing.lack()
    if lack is not None:
        database = "unreachable" if lack is Lack.DATABASE else "cannot store"
        return JsonResponse(
            {"database": database, "reason": str(lack), "sweep_age_seconds": None}, status=503
        )
    try:
        state = (
            PlatformState.objects.filter(pk=1).values("last_sweep_at", "sending_stopped").first()
        )
        now = clock.now()
    except DatabaseError:
        return JsonResponse({"database": "unreachable", "sweep_age_seconds": None}, status=503)
    swept_at = state["last_sweep_at"] if state else None
    age = (now - swept_at).total_seconds() if swept_at else None
    is_ready = age is not None and age <= max(10.0, MISSED_SWEEPS * timing().sweep_every)
    answer = {
        "database": "ok",
        "sweep_age_seconds": None if age is None else round(age, 1),
        "sending_stopped": bool(state and state["sending_stopped"]),
    }
    if not is_ready:
        answer["reason"] = "nothing sweeps: is a worker running, and the schedule?"
    return JsonResponse(answer, status=200 if is_ready else 503)
