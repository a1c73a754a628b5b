"""The wish that an invoice is emitted: who has it, since when, and who may take it back.

The wish is a column of the document (`emit_since`). The worker that finds the draft in Alegra
as it was sent emits it (`steps/emit.py`). A definitive invoice has it from its building on, a
draft from a person's *Emitir*; choosing *Definitivo* gives it to no draft that exists (product,
the document is made).
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction

from integrations.documents.models import Document
from integrations.sending import causes, hints
from integrations.sending.models import Work
from integrations.sending.states import State, Why


def is_wanted(document: Document) -> bool:
    """Whether it is to be emitted as soon as it exists in Alegra and is right."""
    return document.kind == "invoice" and document.emit_since is not None


def is_refused(document: Document) -> bool:
    """Whether its last emission was refused, before the DIAN or by it, and it is to be cured: the
    draft stays, and what goes into it may be corrected."""
    if document.kind != "invoice" or not document.alegra_id:
        return False
    was_refused = document.state == State.BLOCKED and bool(document.legal_words)
    return document.state == State.REJECTED or was_refused


@transaction.atomic
def ask(
    document: Document, *, by: str, now: datetime, priority: int = Work.Priority.PERSON
) -> bool:
    """Want the emission of a draft, or of one that the DIAN rejected, now.

    `by`: the name of the person; `priority`: behind what else is due. A rejected one is built anew
    with what was corrected since, and emitted under the same id. False where it is no invoice, is
    in another state or moved on.
    """
    if document.kind != "invoice" or document.state not in (State.CREATED, State.REJECTED):
        return False
    if document.removal is not None:
        # A person wants it deleted.
        return False
    if not document.transition(
        State.CREATED, now=now, why=Why.PERSON, by=by, emit_since=now, emit_by=by[:120],
        next_attempt_at=now, priority=priority, failures=0, failing_since=None,
        probes=0, deaths=0, legal_state=Document.LegalState.NONE,
    ):  # fmt: skip
        return False
    causes.close_problems(document, now=now, by=by)
    hints.hint(document.alegra_user_id)
    return True


def look_again(document: Document, *, now: datetime) -> None:
    """What held it back may be over: where it is wanted, whether it may go is asked now."""
    if not is_wanted(document) or (document.next_attempt_at or now) <= now:
        return
    rows = Document.objects.filter(pk=document.pk, state=State.CREATED, emit_since__isnull=False)
    if rows.filter(next_attempt_at__gt=now).update(next_attempt_at=now):
        hints.hint(document.alegra_user_id)


def may_be_taken_back(document: Document) -> bool:
    """Whether its emission is wanted, it is in Alegra, and it is not on its way to the DIAN."""
    waits = (State.CREATED, State.BLOCKED, State.PENDING, State.UNCONFIRMED)
    return is_wanted(document) and bool(document.alegra_id) and document.state in waits


@transaction.atomic
def take_back(document: Document, *, by: str, now: datetime) -> bool:
    """End the wish: it remains a draft, with whatever blocks it. False where there is no wish, its
    call is under way, or its state changed meanwhile."""
    if not may_be_taken_back(document):
        return False
    is_at_rest = document.state == State.CREATED
    columns: dict[str, Any] = {"emit_since": None, "emit_by": ""}
    if is_at_rest:
        columns["next_attempt_at"] = None
    state = State(document.state)
    if not document.transition(state, now=now, why=Why.PERSON, by=by, **columns):
        return False
    if not is_at_rest:
        return True
    # It may be the one that was sent to see whether Alegra emits again: another one is tried now.
    causes.close_problems(document, now=now, by=by)
    return True
