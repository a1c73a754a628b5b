"""What a document is blocked on, decided under the locks that a cure takes."""

from __future__ import annotations

from datetime import datetime

from integrations.connections.models import Integration
from integrations.documents import gather
from integrations.documents.build import build
from integrations.documents.issue import locked_order
from integrations.documents.models import Document, DocumentStep
from integrations.documents.order_facts import read_order
from integrations.sending import told
from integrations.sending.decided import Next, blocked
from integrations.sending.states import Outcome


def block_on_what_is_missing(
    document: Document, *, now: datetime, step: DocumentStep | None = None, said: str = ""
) -> Next | None:
    """Block on what is missing; None where it came while it was found missing.

    `said` is what Alegra called it when it refused the document.

    Who cures a problem, or tells the order anew, looks for rows that are blocked already and
    holds one of these locks meanwhile: either this row is seen there, or the cure is seen here.
    In the transaction that writes the decision.
    """
    locked_order(document.order)
    Integration.objects.select_for_update(no_key=True).get(pk=document.integration_id)
    read_order(document)
    result = build(gather.gather(document.order, now=now))
    if not result.problems:
        return None
    found = [told.with_words(each, said) for each in result.problems]
    outcome = Outcome.CONFIGURATION if step is None else Outcome.REJECTED
    return blocked(found, step, outcome=outcome)
