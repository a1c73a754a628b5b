"""Documents that people made in Alegra while an order waited, looked for before it is sent.

Product, seeing it: an order freed after waiting more than a day is first compared with what was
made by hand since it was due; what looks the same is a question.
"""

from __future__ import annotations

from datetime import date, timedelta
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
from integrations.sending.asking import asking
from integrations.sending.decided import Next, blocked
from integrations.sending.lost_answer import without_known
from integrations.sending.marker import any_marker
from integrations.timekeeping import clock

if TYPE_CHECKING:
    from integrations.sending.turns import Turn

# Sooner nobody has lost patience.
PATIENCE = timedelta(days=1)
# Rows read of each kind: three pages. Only the unidentified buyer ever has as many since then.
MOST = 90


def question(turn: Turn, document: Document, built: Built) -> Next | None:
    """The question about something like it that is there; None where nothing is.

    Before the first send, once the client is known.
    """
    due_since = document.order.reached_at or document.created_at
    # Whoever deleted the one before may have typed another at once.
    is_expected = clock.now() - due_since > PATIENCE or document.replaces_id
    if document.sends or not is_expected:
        return None
    step = create_step(document)
    with asking(turn, document, step, action="leer documentos") as call:
        found = _alike(call.client, document, built, since=bogota_today(due_since))
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
            kin = {"company_id": document.company_id, "kind": kind}
            rows += without_known(made, document, kin)
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
