"""One more look, a quarter of an hour after a re-send or a worker's death: is it there twice?

A write that was absent in both looks of a lost answer may still be committed later (reliability
reference, failure matrix, F16), and so may the write of a worker that died over it. This look
reports a second document and changes nothing else. It is a read in the background: it takes part in
the tenth of the calls of its Alegra user, behind all others.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from datetime import datetime
from typing import Any

import structlog
from django.db import transaction
from django.db.models import QuerySet

from integrations.alegra.client import AlegraClient
from integrations.alegra.document import VOID
from integrations.alegra.errors import AlegraError, OutcomeUnknown
from integrations.connections import background
from integrations.connections.clients import NoStandIn, alegra_client
from integrations.connections.models import Credential
from integrations.scoping.context import scope, unscoped
from integrations.sending import causes
from integrations.sending.far_side import FarSide
from integrations.sending.lost_answer import MAX_READS, without_known
from integrations.sending.marker import carries
from integrations.sending.models import Work
from integrations.sending.problems.twice import MADE_TWICE, TWICE
from integrations.sending.registry import WorkKind, kinds
from integrations.sending.states import UNSETTLED, State
from integrations.timekeeping.timing import timing

log = structlog.get_logger("sending")

# The works of one run of the task, which runs every few seconds.
MOST = 20
# The rows of each place, read once in a run.
_Scans = dict[tuple[Hashable, ...], list[Any]]


def due_at(now: datetime) -> datetime:
    return now + timing().delta("look_again")


def after_resending(work: Work, now: datetime) -> dict[str, Any]:
    """The columns of a work that is sent now; empty where no earlier write may have reached
    Alegra."""
    return {"look_again_at": due_at(now)} if work.may_be_there else {}


def look_due(now: datetime) -> int:
    """Look for the works that are due; return how many were looked for."""
    looked, scans = 0, {}
    for kind in kinds():
        if kind.far is None:
            continue
        with unscoped("works that are looked for once more"):
            due = list(_due(kind, now).values_list("pk", "organization_id")[:MOST])
        for pk, organization_id in due:
            with scope(organization_id):
                looked += _look(kind.work.objects.get(pk=pk), kind.far, now, scans)
    return looked


def _due(kind: WorkKind, now: datetime) -> QuerySet[Work]:
    rows = kind.work.objects.filter(
        look_again_at__lte=now, integration__credential__state=Credential.State.VALID
    )
    return rows.order_by("look_again_at", "pk")


def _look(
    work: Work, far_of: Callable[[Any], FarSide[Any, Any]], now: datetime, scans: _Scans
) -> bool:
    far, rests = far_of(work), now + timing().delta("look_again_rests")
    if work.state in UNSETTLED or work.state == State.PENDING:
        # Its lost answer is being looked for, and it may be sent once more.
        _put_off(work, rests)
        return False
    if not work.alegra_id:
        _put_off(work, None)
        return False
    if not background.take(work.integration.credential.alegra_user, 1, now=now):
        return False
    # Keeps other workers away, and stays due if this one dies.
    if not _put_off(work, rests):
        return False
    try:
        with alegra_client(work.integration.credential) as client:
            others = _others(client, work, far, scans)
    except (AlegraError, NoStandIn) as error:
        log.info("not looked for once more", error=type(error).__name__)
        if work.sent_at is None or now - work.sent_at > timing().delta("unconfirmed_ceiling"):
            _put_off(work, None)
        return False
    with transaction.atomic():
        found = far.has_twice(work, others)
        causes.set_beside(work, found, now=now, among=(MADE_TWICE,))
    _put_off(work, now + timing().delta("look_again_every") if _is_told(work) else None)
    if others:
        log.error(
            "Alegra has it twice",
            work=f"{type(work).__name__}:{work.pk}",
            ids=[row.id for row in others],
        )
    return True


def _is_told(work: Work) -> bool:
    """Whether a second one is reported with it: a person may delete that one in Alegra."""
    return any(problem.code in TWICE for problem in causes.open_of(work))


def _put_off(work: Work, at: datetime | None) -> bool:
    rows = type(work).objects.filter(pk=work.pk, look_again_at=work.look_again_at)
    if not rows.update(look_again_at=at):
        return False
    work.look_again_at = at
    return True


def _others(client: AlegraClient, work: Any, far: FarSide[Any, Any], scans: _Scans) -> list[Any]:
    """The other rows with its marker that are not void. Raises AlegraError."""
    key = (type(work), work.company_id, *far.kin.values(), far.place(work))
    if key not in scans:
        rows = far.looked_for(client, work)
        scans[key] = without_known(rows, work, far.kin)
    rows = scans[key]
    for index in _unread(rows, work, far):
        rows[index] = far.read(client, rows[index].id)
    mine = [row for row in rows if carries(row.observations, work.marker)]
    return [row for row in mine if row.id != work.alegra_id and _counts(row)]


def _unread(rows: list[Any], work: Any, far: FarSide[Any, Any]) -> list[int]:
    """The rows to be read by id, because the list leaves out the text with the marker: those that
    may have been made of the same bytes."""
    found = [
        index
        for index, row in enumerate(rows)
        if row.observations is None and far.likeness(work, row) >= far.alike and _counts(row)
    ]
    if len(found) > MAX_READS:
        raise OutcomeUnknown("Hay demasiados documentos ese día para buscarlo.")
    return found


def _counts(row: Any) -> bool:
    return getattr(row, "status", "") != VOID
