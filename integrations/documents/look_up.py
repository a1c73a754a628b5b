"""Looking for a document whose answer was lost, by its marker.

Alegra reference, "Finding a document again": every document dated the day of the send,
whatever its status or client; the marker decides, not the client nor the number. One scan
of the account's day answers for all its unconfirmed rows.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from integrations.alegra.client import AlegraClient
from integrations.alegra.document import Document as AlegraDocument
from integrations.alegra.errors import OutcomeUnknown
from integrations.documents.alike import has_our_lines, is_alike, likeness, without_known
from integrations.documents.far_side import FAR_SIDES
from integrations.documents.models import Document
from integrations.sending.marker import carries
from integrations.timekeeping import clock

if TYPE_CHECKING:
    from integrations.sending.turns import Turn

# Candidates read by id where list rows come without observations: what fits into a minute's
# budget, so that a look comes to its end and other documents have their turn too.
MAX_READS = 100


@dataclass(frozen=True)
class Finding:
    """`ours` carry the marker; `alike` have no marker of ours but look the same."""

    ours: tuple[AlegraDocument, ...]
    alike: tuple[AlegraDocument, ...] = ()


def look_up(turn: Turn, client: AlegraClient, document: Document) -> Finding:
    """Search the day the document was sent with. Raises AlegraError when it cannot be read."""
    rows = _scan(turn, client, document)
    if any(row.observations is None for row in rows):
        rows = _with_observations(client, document, rows)
    ours = tuple(row for row in rows if carries(row.observations, document.marker))
    alike = (
        row
        for row in rows
        if is_alike(row, document, document.payload) and has_our_lines(row, document)
    )
    return Finding(ours, () if ours else tuple(alike))


def _scan(turn: Turn, client: AlegraClient, document: Document) -> list[AlegraDocument]:
    """The day's rows, read once a turn; a scan made before the send proves nothing of it."""
    key = (document.company_id, document.kind, document.doc_date)
    made_at, rows = turn.scans.get(key, (None, None))
    if made_at is None or made_at <= document.sent_at:
        made_at = clock.now()
        found = list(FAR_SIDES[document.kind].on_day(client, document.doc_date))
        rows = without_known(found, document)
        turn.scans[key] = (made_at, rows)
    return rows


def _with_observations(
    client: AlegraClient, document: Document, rows: list[AlegraDocument]
) -> list[AlegraDocument]:
    """Read candidates by id, first those with our client and total; keep what was read.

    Raises OutcomeUnknown where there are too many: absence would not be proven.
    """
    read = FAR_SIDES[document.kind].read
    likely = [likeness(row, document, document.payload) for row in rows]
    order = sorted(range(len(rows)), key=lambda index: -likely[index])
    reads = 0
    for index in order:
        if rows[index].observations is None:
            if reads == MAX_READS:
                raise OutcomeUnknown("Hay demasiados documentos ese día para buscarlo.")
            rows[index] = read(client, rows[index].id)
            reads += 1
        if carries(rows[index].observations, document.marker):
            break
    return rows
