"""Where the legal state that Alegra tells of an invoice brings its document.

Colombian invoicing reference, "States": the legal state decides, never the CUFE, which a rejected
invoice may keep, and never *open*, which an invoice may be that no DIAN has seen. What the DIAN
has in process is no failure, however long it lasts.
"""

from __future__ import annotations

from datetime import datetime
from enum import Enum
from functools import partial
from typing import Any

from django.utils.translation import gettext as _

from integrations.alegra import stamp_words
from integrations.alegra.document import DRAFT
from integrations.alegra.document import Document as AlegraDocument
from integrations.alegra.shapes import one, text
from integrations.colombia.dates import BOGOTA
from integrations.documents import as_read, beside, edited, issued, verify
from integrations.documents.emission_refusals import rejection, rows_of
from integrations.documents.issue import locked_order
from integrations.documents.models import Document
from integrations.documents.step_rows import DIAN, begin
from integrations.sending.decided import Begin, Next, StepEnd, give_back
from integrations.sending.models import Step
from integrations.sending.states import Outcome, State, StepState, Why
from integrations.timekeeping import clock
from integrations.timekeeping.timing import CLOCK_AHEAD, timing

Words = list[dict[str, Any]]
LegalState = Document.LegalState


class Told(Enum):
    """What the legal state of an invoice means."""

    NOTHING = "nothing"
    ACCEPTED = "accepted"
    OBSERVED = "observed"
    REJECTED = "rejected"
    # In process, or a word that nobody knows: it is followed, and never sent again.
    WAITING = "waiting"


def told(found: AlegraDocument) -> Told:
    word = (found.legal_status or "").upper()
    if "REJECT" in word:
        return Told.REJECTED
    if "ACCEPT" in word:
        is_observed = "OBSERV" in word or bool(stamp_words.of_stamp(found.raw.get("stamp")))
        return Told.OBSERVED if is_observed else Told.ACCEPTED
    # A draft that nobody emitted may say that its emission is pending.
    if not word or (word == "PENDING" and found.status == DRAFT):
        return Told.NOTHING
    return Told.WAITING


def is_emitted(found: AlegraDocument) -> bool:
    """Whether the DIAN has it, or had: it is not to be emitted again without a cure."""
    return told(found) in (Told.ACCEPTED, Told.OBSERVED, Told.WAITING)


def is_old_rejection(document: Document, found: AlegraDocument) -> bool:
    """Whether it is the rejection of an earlier try, which stays until the next one is decided."""
    sent_at = document.stamp_sent_at
    try:
        at = datetime.fromisoformat(text(one(found.raw.get("stamp")).get("date")))
    except ValueError:
        return False
    if at.tzinfo is None:
        # Alegra reference: in the account's own zone.
        at = at.replace(tzinfo=BOGOTA)
    return sent_at is not None and at < sent_at - CLOCK_AHEAD


def agrees(document: Document, found: AlegraDocument) -> bool:
    """Whether it has the total and the client that were sent."""
    return verify.total_is_right(found, document.built) and not verify.is_another_client(
        found, document.built, document.buyer_contact
    )


def after_reading(
    document: Document,
    found: AlegraDocument,
    *,
    step: Step | None = None,
    said: Words | None = None,
) -> Next:
    """Accepted, rejected, in process, or unchanged where the invoice shows no legal state.

    `said`: the statements of the answer to its emission, used where the reading gives no reason.
    `step`: the step that read it; without one, *Respuesta de la DIAN* begins and ends here.
    """
    asked: Step | Begin = step or begin(document, DIAN, input={"id": document.alegra_id})
    match told(found):
        case Told.ACCEPTED | Told.OBSERVED:
            return _issued(document, found, asked)
        case Told.REJECTED:
            return rejected(document, words_of(document, found) or said or [], asked, found=found)
        case Told.WAITING:
            return in_process(document, asked, found=found)
    return give_back(document, at=document.next_attempt_at)


def words_of(document: Document, found: AlegraDocument) -> Words:
    """What the DIAN said of it, observations and reasons, masked."""
    return rows_of(document, stamp=found.raw.get("stamp") or {})


def in_process(
    document: Document, step: Step | Begin, *, found: AlegraDocument | None = None
) -> Next:
    """The DIAN has it: read again later, later each time, for as long as it takes."""
    now = clock.now()
    note = _("La DIAN todavía no responde. No es una falla: la seguimos leyendo.")
    return Next(
        State.EMITTING,
        None if document.state == State.EMITTING else Why.READ,
        at=dian_at(document, now),
        problems=(),
        columns={
            **_over(),
            **({} if found is None else as_read.columns(document, found, now=now)),
            "legal_state": LegalState.WAITING,
        },
        ended=(StepEnd(step, StepState.RUNNING, Outcome.OK, note, _shown(found)),),
    )


def dian_at(document: Document, now: datetime) -> datetime:
    """When what the DIAN has in process is read again."""
    times = timing()
    since = document.stamp_sent_at or document.state_since
    shortest, longest = times.delta("dian_shortest"), times.delta("dian_longest")
    return now + min(longest, max(shortest, now - since))


def rejected(
    document: Document, words: Words, step: Step | Begin, *, found: AlegraDocument | None = None
) -> Next:
    """The DIAN refused it: it stays the order's document, to be cured and emitted again."""
    now = clock.now()
    problem = rejection(document, words)
    note = str(problem.params["why"])
    return Next(
        State.REJECTED,
        None if document.state == State.REJECTED else Why.READ,
        problems=[problem],
        columns={
            **_over(),
            **({} if found is None else as_read.columns(document, found, now=now)),
            "legal_state": LegalState.REJECTED,
            "legal_words": words,
            "emit_since": None,
            "emit_by": "",
        },
        ended=(StepEnd(step, StepState.FAILED, Outcome.REJECTED, note, _shown(found)),),
    )


def _issued(document: Document, found: AlegraDocument, step: Step | Begin) -> Next:
    now = clock.now()
    is_observed = told(found) is Told.OBSERVED
    state = LegalState.ACCEPTED_WITH_OBSERVATIONS if is_observed else LegalState.ACCEPTED
    note = _("La DIAN la aceptó.")
    if is_observed:
        note = _("La DIAN la aceptó con observaciones: es válida.")
    is_new = document.state != State.ISSUED
    # A person may have changed it between its last reading and its emission.
    changed = edited.kept_of_emitted(document, found)
    return Next(
        State.ISSUED,
        Why.READ if is_new else None,
        problems=(),
        columns={
            **_over(),
            **as_read.columns(document, found, now=now),
            "legal_state": state,
            "legal_words": words_of(document, found) or None,
            "cufe": (found.cufe or "")[:120],
            "edited": changed,
            **({"issued_at": now} if is_new else {}),
        },
        ended=(StepEnd(step, StepState.DONE, Outcome.OK, note, _shown(found)),),
        also=(
            *((partial(_say_beside, document, now=now),) if changed else ()),
            *((partial(issued.tell, document),) if is_new else ()),
        ),
    )


def _say_beside(document: Document, *, now: datetime) -> None:
    """It was emitted otherwise than it was sent: that stands beside it, and holds its payment."""
    beside.refresh(document, locked_order(document.order), now=now)


def _over() -> dict[str, Any]:
    """Nothing of it is in doubt any more."""
    return {
        "failures": 0, "failing_since": None, "probes": 0, "deaths": 0, "refusal": None,
        "deadline_at": None,
    }  # fmt: skip


def _shown(found: AlegraDocument | None) -> dict[str, Any] | None:
    if found is None:
        return None
    return {"estado": found.status, "DIAN": found.legal_status or "", "número": found.number or ""}
