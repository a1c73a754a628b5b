"""Documents that people made in Alegra while an order waited, looked for before it is sent.

Product, seeing it: an order freed after waiting more than a day is first compared with what was
made by hand since it was due; what looks the same is a question.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from integrations.alegra.client import AlegraClient
from integrations.alegra.document import Document as AlegraDocument
from integrations.alegra.errors import AlegraError, Forbidden, NotFound, PlanExcludes, Unauthorized
from integrations.colombia.dates import bogota_today
from integrations.documents.alike import is_alike, question, without_known
from integrations.documents.build import Built
from integrations.documents.existing import create_step
from integrations.documents.far_side import FAR_SIDES
from integrations.documents.models import Document
from integrations.sending import failures
from integrations.sending.marker import any_marker

# Sooner nobody has lost patience.
PATIENCE = timedelta(days=1)
# Rows read of each kind: three pages. Only the unidentified buyer ever has as many since then.
MOST = 90


def stands_in_the_way(turn: Any, document: Document, built: Built, *, now: datetime) -> bool:
    """Whether the row was put away: something like it is there, or it could not be asked.

    Before the first send, once the client is known. Raises LeaseLost.
    """
    due_since = document.order.reached_at or document.created_at
    # Whoever deleted the one before may have typed another at once.
    is_expected = now - due_since > PATIENCE or document.replaces_id
    if document.sends or not is_expected:
        return False
    step = create_step(document)
    turn.journal.follow(document, step)
    client = turn.client(document.integration.credential)
    try:
        alike = _alike(client, document, built, since=bogota_today(due_since))
    except AlegraError as error:
        failures.settle(turn, document, step, error, action="leer documentos")
        return True
    found = question(document, alike)
    if found is None:
        return False
    failures.block(document, step, [found])
    return True


def _alike(
    client: AlegraClient, document: Document, built: Built, *, since: date
) -> list[AlegraDocument]:
    """Of both kinds: who waits for a remission may have made an invoice."""
    client_id = built.payload["client"]["id"]
    rows: list[AlegraDocument] = []
    for kind, side in FAR_SIDES.items():
        try:
            rows += side.of_client(client, client_id, most=MOST)
        except (Forbidden, PlanExcludes, Unauthorized):
            # Who may not read the other kind may not have made one with this user either.
            if kind == document.kind:
                raise
    rows = [row for row in rows if row.date is None or row.date >= since]
    alike = [row for row in without_known(rows, document) if is_alike(row, document, built.payload)]
    return [row for row in alike if row.observations is not None or _is_foreign(client, row)]


def _is_foreign(client: AlegraClient, row: AlegraDocument) -> bool:
    """Lists may leave the observations out: then they are read by id."""
    try:
        return not any_marker(FAR_SIDES[row.kind].read(client, row.id).observations)
    except NotFound:
        # Deleted since the list was made.
        return False
