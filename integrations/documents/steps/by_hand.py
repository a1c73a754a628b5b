"""Documents that people made in Alegra while an order waited, looked for before it is sent.

Product, seeing it: an order freed after waiting more than a day is first compared with what was
made by hand since it was due; what looks the same is a question.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING

from integrations.alegra.client import AlegraClient
from integrations.alegra.document import Document as AlegraDocument
from integrations.alegra.errors import Forbidden, NotFound, PlanExcludes, Unauthorized
from integrations.colombia.dates import bogota_today
from integrations.documents import alike
from integrations.documents.alike import is_alike
from integrations.documents.build import Built
from integrations.documents.endpoints import ENDPOINTS
from integrations.documents.models import Document
from integrations.documents.step_rows import create_step
from integrations.sending.actions import READ_DOCUMENTS
from integrations.sending.asking import asking
from integrations.sending.decided import Next, blocked
from integrations.sending.lost_answer import without_known
from integrations.sending.marker import any_marker
from integrations.timekeeping import clock
from integrations.timekeeping.timing import timing

if TYPE_CHECKING:
    from integrations.sending.turns import Turn

# Rows read of each kind: three pages. Only the unidentified buyer ever has as many since then.
MOST = 90


def is_expected(document: Document) -> bool:
    """Whether somebody may have made it by hand meanwhile: who waits too long does, and whoever
    deleted the one before may have typed another at once."""
    if document.sends:
        return False
    patience = timing().delta("by_hand_after")
    return clock.now() - _due_since(document) > patience or bool(document.replaces_id)


def _due_since(document: Document) -> datetime:
    return document.order.reached_at or document.created_at


def question(turn: Turn, document: Document, built: Built) -> Next | None:
    """The question about something like it that is there; None where nothing is.

    Before the first send (`is_expected`), once the client is known.
    """
    since = bogota_today(_due_since(document))
    step = create_step(document)
    with asking(turn, document, step, action=READ_DOCUMENTS) as call:
        found = _alike(call.client, document, built, since=since)
    asked = alike.question(document, found)
    if asked is None:
        return None
    return blocked([asked], step)


def _alike(
    client: AlegraClient, document: Document, built: Built, *, since: date
) -> list[AlegraDocument]:
    """Of both kinds: who waits for a remission may have made an invoice."""
    client_id = built.payload["client"]["id"]
    rows: list[AlegraDocument] = []
    for kind, side in ENDPOINTS.items():
        try:
            made = side.of_client(client, client_id, most=MOST)
        except (Forbidden, PlanExcludes, Unauthorized):
            # Who may not read the other kind may not have made one with this user either.
            if kind == document.kind:
                raise
        else:
            rows += without_known(made, document, {"kind": kind})
    rows = [row for row in rows if row.date is None or row.date >= since]
    found = [row for row in rows if is_alike(row, document, built.payload)]
    return [row for row in found if row.observations is not None or _is_foreign(client, row)]


def _is_foreign(client: AlegraClient, row: AlegraDocument) -> bool:
    """Lists may leave the observations out: then they are read by id."""
    try:
        return not any_marker(ENDPOINTS[row.kind].read(client, row.id).observations)
    except NotFound:
        # Deleted since the list was made.
        return False
