"""What a person says of an order that changed after its document: it is fine, or it is mended.

*Está bien así* is remembered for exactly the difference that was shown. *Ya lo arreglé en
Alegra* reads the document again and believes what is read, not what was said.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from integrations.alegra import contacts
from integrations.alegra.client import AlegraClient
from integrations.alegra.document import VOID
from integrations.alegra.document import Document as AlegraDocument
from integrations.alegra.errors import NotFound
from integrations.audit import trail
from integrations.colombia.same_buyer import share_a_name
from integrations.connections.clients import alegra_client
from integrations.connections.pace import Pace
from integrations.documents import as_read, beside, edited
from integrations.documents.acts import NotPossible
from integrations.documents.endpoints import read_or_gone
from integrations.documents.far_status import noun_of
from integrations.documents.issue import locked_order
from integrations.documents.mended import Mended, compare
from integrations.documents.models import Document, DocumentStep
from integrations.documents.step_rows import VERIFY, create_step
from integrations.orders.buyer import effective_buyer
from integrations.orders.models import Order
from integrations.sending import causes
from integrations.sending.about import about
from integrations.sending.states import ALLOWED, State, Why
from integrations.sending.steps import StepJournal
from integrations.timekeeping import clock


@dataclass(frozen=True)
class ReadAgain:
    """`agrees`: it is what the order is now. `left` says what still differs, a sentence each;
    `withdrawn`: it is gone or void, as it should be; `lost`: it is gone and should not be."""

    agrees: bool = False
    withdrawn: bool = False
    lost: bool = False
    left: tuple[str, ...] = ()


@transaction.atomic
def say_fine(order: Order, *, seen: str, reason: str, by, request=None) -> Document:
    """*Está bien así*, of exactly what was shown (`After.seen`), with the reason."""
    now = clock.now()
    order = locked_order(order)
    document = order.document
    if document is None:
        raise NotPossible(_("Este pedido todavía no tiene documento."))
    after = beside.after_of(document, order)
    if not after.open_codes:
        raise NotPossible(_("Mientras tanto ya se resolvió."))
    if after.seen != seen:
        raise NotPossible(_("Mientras tanto el pedido cambió otra vez: míralo de nuevo."))
    digests = after.digests
    words = {"reason": reason.strip()[:200], "by": trail.name_of(by), "at": now.isoformat()}
    kept = [word for word in document.said_fine if word["code"] not in after.open_codes]
    said = [{"code": code, "digest": digests[code], **words} for code in after.open_codes]
    Document.objects.filter(pk=document.pk).update(said_fine=kept + said)
    document.said_fine = kept + said
    trail.record(
        action="document.fine", target=document, actor=by, request=request,
        after={"codes": list(after.open_codes), "text": words["reason"]},
    )  # fmt: skip
    beside.refresh(document, order, now=now, by=trail.name_of(by))
    return document


def read_again(order: Order, *, by, request=None) -> ReadAgain:
    """*Ya lo arreglé en Alegra*: read it, and keep what follows.

    One or two calls at a person's pace, with no transaction open. Raises AlegraError, NoStandIn,
    NotPossible.
    """
    document = order.document
    if document is None or not beside.after_of(document, order):
        raise NotPossible(_("Mientras tanto ya se resolvió."))
    if not beside.is_in_alegra(document):
        raise NotPossible(_("Se documentó por fuera: no hay qué leer en Alegra."))
    found = _read(document)
    with transaction.atomic():
        order = locked_order(order)
        current = order.document
        if (current.pk, current.alegra_id, current.state) != (
            document.pk, document.alegra_id, document.state,
        ):  # fmt: skip
            raise NotPossible(_("Mientras tanto cambió: míralo de nuevo."))
        current.order = order
        result = _settle(current, order, found, by=by)
        trail.record(
            action="document.read_again", target=current, actor=by, request=request,
            after={"agrees": result.agrees, "state": current.state, "left": list(result.left)},
        )  # fmt: skip
    return result


def _read(document: Document) -> AlegraDocument | None:
    """As Alegra has it now; None where it is gone. The call is kept with the document's steps."""
    step = DocumentStep.objects.filter(work=document, name=VERIFY, cycle=document.cycle).first()
    journal = StepJournal()
    journal.follow([(document, step or create_step(document))])
    credential = document.integration.credential
    pace = Pace(credential.alegra_user_id, for_person=True)
    with alegra_client(credential, pace=pace, journal=journal) as client:
        found = read_or_gone(client, document)
        return None if found is None else _with_its_name(client, document, found)


def _with_its_name(
    client: AlegraClient, document: Document, found: AlegraDocument
) -> AlegraDocument:
    """A document may keep the client's name of when it was saved: then the client is asked."""
    name = effective_buyer(document.order).called
    if not found.client_id or share_a_name(name, found.client_name) is not False:
        return found
    try:
        return replace(found, client_name=contacts.read(client, found.client_id).name)
    except NotFound:
        return found


def _settle(document: Document, order: Order, found: AlegraDocument | None, *, by) -> ReadAgain:
    now = clock.now()
    after = beside.after_of(document, order)
    if found is None or found.status == VOID:
        if after.reversal or after.is_undone:
            return _withdraw(document, found, by=by)
        return _lost(document, found, by=by)
    columns = as_read.columns(document, found, now=now)
    is_issued = document.state == State.ISSUED
    kept = edited.kept_of_emitted if is_issued else edited.kept
    columns["edited"] = kept(document, found)
    if after.reversal:
        _keep(document, **columns)
        # It may be an emitted invoice by now, which is called so from here on.
        beside.refresh(document, order, now=now, by=trail.name_of(by))
        noun = noun_of(document, just_read=True)
        text = _("el pedido %(happened)s y %(noun)s sigue en Alegra")
        return ReadAgain(left=(text % {"happened": after.happened, "noun": noun},))
    mended = compare(document, order, found, now=now)
    if mended.left:
        _keep(document, **columns)
        beside.refresh(document, order, now=now, by=trail.name_of(by))
        return ReadAgain(left=mended.left)
    _keep(document, **{**columns, **_made_anew(mended, found)})
    if document.state == State.BLOCKED and document.transition(
        State.CREATED, now=now, why=Why.READ, by=trail.name_of(by), next_attempt_at=None
    ):
        # What it was blocked on was that it is not what was built; it is now.
        causes.close_problems(document, now=now, by=trail.name_of(by))
    beside.refresh(document, order, now=now, by=trail.name_of(by))
    return ReadAgain(agrees=True)


def _made_anew(mended: Mended, found: AlegraDocument) -> dict[str, Any]:
    """What the document is made of is the order as it is now, as it was mended in Alegra."""
    return {
        "as_verified": edited.shown(found, is_right=True),
        "edited": None,
        "built": mended.built,
        "made_of": mended.made_of,
        "buyer_contact": mended.buyer,
        "total": Decimal(mended.built["value"]),
        "total_pesos": mended.built["pesos"],
        "tax": Decimal(mended.built["tax"]),
    }


def _withdraw(document: Document, found: AlegraDocument | None, *, by) -> ReadAgain:
    now = clock.now()
    if State.WITHDRAWN not in ALLOWED[State(document.state)]:
        raise NotPossible(
            _("Ya no está en Alegra, pero la DIAN la está revisando: espera su respuesta.")
        )
    if not document.transition(
        State.WITHDRAWN, now=now, why=Why.READ, by=trail.name_of(by), next_attempt_at=None,
        **_as_read(found, now),
    ):  # fmt: skip
        raise NotPossible(_("Mientras tanto cambió: míralo de nuevo."))
    causes.close_problems(document, now=now, by=trail.name_of(by))
    causes.close_beside(document, now=now, by=trail.name_of(by))
    return ReadAgain(withdrawn=True)


def _lost(document: Document, found: AlegraDocument | None, *, by) -> ReadAgain:
    """The order is still a sale, and its document is gone or void: that is asked about."""
    now = clock.now()
    if document.state != State.BLOCKED and not document.transition(
        State.BLOCKED, now=now, why=Why.READ, by=trail.name_of(by), next_attempt_at=None,
        **_as_read(found, now),
    ):  # fmt: skip
        raise NotPossible(_("Mientras tanto cambió: míralo de nuevo."))
    problem = about(document, "gone" if found is None else "voided")
    causes.open_problems(document, [problem], now=now)
    return ReadAgain(lost=True)


def _as_read(found: AlegraDocument | None, now: datetime) -> dict[str, Any]:
    """Of one that is void or gone; of what is gone Alegra says no status."""
    return {"last_read_at": now, "alegra_status": found.status[:12] if found else ""}


def _keep(document: Document, **columns: Any) -> None:
    """Only if it is as it was read: a worker that took it meanwhile knows better."""
    rows = Document.objects.filter(pk=document.pk, generation=document.generation)
    if not rows.filter(state=document.state).update(**columns):
        raise NotPossible(_("Mientras tanto cambió: míralo de nuevo."))
    for name, value in columns.items():
        setattr(document, name, value)
