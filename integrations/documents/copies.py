"""Copies of our invoices that a person made in Alegra with *clonar*: they carry our marker.

The id that is kept with the document is ours, and the other one is reported. A copy is found
where a day's documents are listed: while a lost answer is looked for, and in a look through each
day once it is over, page by page within the tenth of the calls that reading drafts has.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction

from integrations.alegra import invoices
from integrations.alegra.client import AlegraClient
from integrations.alegra.document import VOID
from integrations.alegra.document import Document as AlegraDocument
from integrations.colombia.dates import bogota_today
from integrations.connections.models import AlegraCompany
from integrations.documents import beside
from integrations.documents.draft_reading import DraftReading
from integrations.documents.issue import locked_order
from integrations.documents.models import Document
from integrations.sending.marker import MARKER
from integrations.sending.states import EXISTS_IN_ALEGRA, State
from integrations.timekeeping import clock

_FOLLOWED = (State.BLOCKED, *EXISTS_IN_ALEGRA)


def note(company_id: int, kind: str, rows: Iterable[AlegraDocument]) -> None:
    """Report those of these rows that carry the marker of a document whose id is another one."""
    marked: dict[str, set[str]] = defaultdict(set)
    for row in rows:
        markers = MARKER.findall(row.observations or "")
        if markers and row.status != VOID:
            # Ours is the last thing of it.
            marked[markers[-1]].add(row.id)
    if not marked:
        return
    documents = Document.objects.filter(company_id=company_id, kind=kind)
    ids = set().union(*marked.values())
    ours = set(documents.filter(alegra_id__in=ids).values_list("alegra_id", flat=True))
    copied = documents.filter(marker__in=marked, alegra_id__gt="", state__in=_FOLLOWED)
    for document in copied.select_related("order"):
        denied = {each["id"] for each in document.doubles or ()}
        found = marked[document.marker] - ours - denied
        if found - set(document.copies or ()):
            _keep(document, found | set(document.copies or ()))


def are_read(
    documents: Iterable[Document], asked: Sequence[str], found: Mapping[str, AlegraDocument]
) -> None:
    """One that was deleted or voided is none any more; `asked` are the ids of the whole answer."""
    for document in documents:
        known = set(document.copies or ())
        over = {
            each
            for each in known.intersection(asked)
            if each not in found or found[each].status == VOID
        }
        if over:
            _keep(document, known - over)


def are_gone(document: Document) -> None:
    """A look found nothing else with its marker: it has no copies any more."""
    _keep(document, set())


# --- The look through a day ------------------------------------------------------------------
def is_look_due(reading: DraftReading, company: AlegraCompany, now: datetime) -> bool:
    """Whether the day before was not looked through yet, of a company with invoices of ours."""
    day = _day_before(now)
    if reading.looked_day is not None and reading.looked_day >= day and not reading.looked_from:
        return False
    return Document.objects.filter(company=company, kind="invoice", alegra_id__gt="").exists()


def look(
    client: AlegraClient, reading: DraftReading, company: AlegraCompany, now: datetime
) -> dict[str, Any]:
    """One page of it. Returns how far it came, for the row of the reading."""
    is_begun = bool(reading.looked_from) and reading.looked_day is not None
    day = reading.looked_day if is_begun else _day_before(now)
    start = reading.looked_from if is_begun else 0
    rows, is_last = invoices.page_of_day(client, day, start)
    note(company.pk, "invoice", rows)
    # One row overlaps: one that slides up meanwhile is not missed.
    reached = 0 if is_last else start + max(1, len(rows) - 1)
    return {"looked_day": day, "looked_from": reached}


def _day_before(now: datetime) -> date:
    return bogota_today(now) - timedelta(days=1)


def _keep(document: Document, ids: set[str]) -> None:
    """Under the order's lock, in a transaction of its own: nothing of its state changes."""
    with transaction.atomic():
        order = locked_order(document.order)
        kept = sorted(ids) or None
        Document.objects.filter(pk=document.pk).update(copies=kept)
        document.copies = kept
        if order.document_id == document.pk:
            beside.refresh(document, order, now=clock.now())
