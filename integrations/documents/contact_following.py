"""A contact's e-mail, telephone and address follow its newest order, after the document.

Nothing waits for it: it is done in the background, while no document of the same Alegra user is
to leave, and what becomes of it is a step of the document that never touches its state. Where
Alegra does not answer, the contact's own row tries again, later and later; it reads before it
writes, so that a write whose answer was lost is not repeated.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import structlog
from django.db.models import Q

from integrations.alegra import contacts
from integrations.alegra.client import AlegraClient
from integrations.alegra.contacts import Contact
from integrations.alegra.errors import AlegraError, BudgetExhausted, RateLimited, Rejected
from integrations.connections.clients import NoStandIn, alegra_client
from integrations.documents import contact_details, contact_refusals
from integrations.documents.buyer import ContactFact, identify
from integrations.documents.contact_memory import read_buyer, was_seen
from integrations.documents.gather import gather
from integrations.documents.models import BuyerContact, Document, DocumentStep
from integrations.orders.buyer import effective_buyer
from integrations.scoping.context import scope, unscoped
from integrations.sending import back_off, steps
from integrations.sending.decided import Begin
from integrations.sending.gate import gate
from integrations.sending.outcomes import outcome_of
from integrations.sending.rows import due_rows
from integrations.sending.states import EXISTS_IN_ALEGRA, Outcome, StepState
from integrations.sending.steps import StepJournal
from integrations.timekeeping import clock
from integrations.timekeeping.timing import timing

log = structlog.get_logger("documents")

FOLLOW, POSITION = "details", 8
# Of each run; the next one comes in some seconds.
MOST = 20
# Tries in a row, each later than the one before; the last about two days after the first.
MOST_TRIES = 16


def note_change(document: Document) -> None:
    """The document exists: its contact is due where its order tells other details than before."""
    row = document.buyer_contact
    if row is None or row.is_generic:
        return
    if contact_details.digest_of(effective_buyer(document.order)) != row.details:
        rows = BuyerContact.objects.filter(pk=row.pk)
        rows.update(details_due_at=clock.now(), details_failures=0)


def follow_due() -> int:
    """Bring contacts up to date whose time has come. Returns how many calls were tried."""
    now = clock.now()
    with unscoped("contacts of all tenants follow their orders"):
        rows = list(
            BuyerContact.objects.filter(details_due_at__lte=now)
            .order_by("details_due_at", "pk")
            .values_list("organization_id", "pk")[:MOST]
        )
    return sum(_follow(*row) for row in rows)


def _follow(organization_id: int, pk: int) -> bool:
    now = clock.now()
    with scope(organization_id):
        row = BuyerContact.objects.select_related("company").get(pk=pk)
        if not row.following.acquire(row, now=now):
            return False
        document = _newest(row)
        fact = _wanted(document, now) if document else None
        if fact is None or not row.alegra_id:
            _settle(row)
            return False
        if again_at := _must_wait(document, now):
            _settle(row, again_at=again_at, failures=row.details_failures)
            return False
        return _bring_up_to_date(row, document, fact)


def _newest(row: BuyerContact) -> Document | None:
    related = ("order__integration__company", "order__integration__credential__alegra_user")
    made = Document.objects.filter(buyer_contact=row, state__in=EXISTS_IN_ALEGRA)
    document = made.select_related(*related).order_by("-created_at", "-pk").first()
    if document is not None:
        document.integration = document.order.integration
    return document


def _wanted(document: Document, now: datetime) -> ContactFact | None:
    """As the contact would be created now; None where the order names nobody any more."""
    fact = identify(gather(document.order, now=now))
    same = isinstance(fact, ContactFact) and fact.number == document.buyer_contact.number
    return fact if same else None


def _must_wait(document: Document, now: datetime) -> datetime | None:
    """Until when, where something holds all writes or a document of the same user is to leave."""
    held = gate(document.integration, doc_date=now.date(), now=now)
    if held is not None:
        return held.until or now + timing().delta("held_draft")
    with unscoped("documents of one Alegra user go first"):
        # Also those that wait for the next minute's calls, which would go into this; but none
        # that a pause holds, perhaps for ever.
        soon = now + timing().delta("rate_limit_wait")
        of_user = Q(alegra_user_id=document.alegra_user_id)
        under_way = Document.objects.filter(of_user, Document.lease.held(now))
        if under_way.exists() or due_rows(Document, soon).filter(of_user).exists():
            return now + timing().delta("sweep_every")
        return None


def _bring_up_to_date(row: BuyerContact, document: Document, fact: ContactFact) -> bool:
    begins = Begin(FOLLOW, POSITION, {"id": row.alegra_id}, document.cycle)
    step = steps.begin(document, begins, now=clock.now())
    journal = StepJournal()
    journal.follow([(document, step)])
    try:
        with alegra_client(document.integration.credential, journal=journal) as client:
            told = read_buyer(client, row, row.alegra_id)
            if told is None or not told.is_active:
                _end(step, StepState.SKIPPED, "El contacto cambió en Alegra: no se tocó.")
                _settle(row)
                return True
            was_seen(row)
            changed = contact_details.changes(told.raw, fact.body)
            if changed:
                changed = _write(client, told, changed)
    except (BudgetExhausted, RateLimited) as error:
        _end(step, StepState.WAITING, "Espera su turno en Alegra; el documento está bien.", error)
        again_at = clock.now() + timedelta(seconds=error.retry_after)
        _settle(row, again_at=again_at, failures=row.details_failures)
        return True
    except (AlegraError, NoStandIn) as error:
        log.info("contact not updated", error=type(error).__name__)
        again_at = _next_try(row, error)
        if again_at is None:
            note = "No se pudieron actualizar sus datos en Alegra. El documento está bien."
            _end(step, StepState.FAILED, note, error)
        else:
            note = (
                "Alegra no respondió al actualizar sus datos: lo intentamos otra vez. "
                "El documento está bien."
            )
            _end(step, StepState.WAITING, note, error)
        _settle(row, again_at=again_at, failures=row.details_failures + 1)
        return True
    note = "Sus datos en Alegra ya eran los del pedido."
    if changed:
        note = f"En Alegra se actualizó: {_in_words(changed)}. Nada más cambió."
    _end(step, StepState.DONE, note)
    digest = contact_details.digest_of(effective_buyer(document.order))
    BuyerContact.objects.filter(pk=row.pk).update(details=digest)
    _settle(row)
    return True


def _write(client: AlegraClient, told: Contact, changed: dict[str, Any]) -> dict[str, Any]:
    """One PUT with what was just read; a second without what of it Alegra refused."""
    try:
        contacts.put(client, told, changed)
    except Rejected as error:
        if not (
            error.code == contacts.BAD_PLACE or contact_refusals.names_optional(error, changed)
        ):
            raise
        rest = {name: value for name, value in changed.items() if name != "address"}
        if error.code != contacts.BAD_PLACE:
            rest, _left_out = contact_refusals.without_refused(error, changed)
        if len(rest) == len(changed):
            raise
        if rest:
            contacts.put(client, told, rest)
        return rest
    return changed


def _end(step: DocumentStep, state: StepState, note: str, error: Exception | None = None) -> None:
    outcome = outcome_of(error, creates=False) if isinstance(error, AlegraError) else ""
    steps.finish(step, state, now=clock.now(), outcome=outcome, note=note)


def _next_try(row: BuyerContact, error: Exception) -> datetime | None:
    """None where Alegra refused it, which the buyer's next order may cure, or never answered."""
    is_over = not isinstance(error, AlegraError) or outcome_of(error, creates=False) != (
        Outcome.TRANSIENT
    )
    failures = row.details_failures + 1
    if is_over or failures >= MOST_TRIES:
        return None
    return clock.now() + back_off.delay(failures, timing())


def _settle(row: BuyerContact, *, again_at: datetime | None = None, failures: int = 0) -> None:
    """Not over what a newer order asked for meanwhile."""
    failures = failures if again_at is not None else 0
    row.following.release(row, at=again_at, details_failures=failures)


def _in_words(changed: dict[str, Any]) -> str:
    words = {"email": "correo", "phonePrimary": "teléfono", "address": "dirección"}
    return ", ".join(word for name, word in words.items() if name in changed)
