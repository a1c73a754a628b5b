"""What a person may do with a payment that waits. Every act is audited and says no kindly."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from integrations.audit import trail
from integrations.documents.acts import NotPossible
from integrations.payments.answered import agree
from integrations.payments.models import Payment
from integrations.sending import causes, hints
from integrations.sending.again import send_again
from integrations.sending.states import State, Why
from integrations.timekeeping import clock

GONE = "gone"
# What *Está bien así* answers, and what is registered by a yes to exactly what was asked.
FINE = frozenset({"payment_by_hand", "payment_partly", "payment_rest", "payment_differs"})
GOES = frozenset({"payment_reversed", "payment_partly", "payment_invoice_differs", GONE})
# Reasons of a payment that is not ours to register.
BY_HAND, DISMISSED = "by_hand", "dismissed"


def may_go(payment: Payment, codes: frozenset[str]) -> bool:
    """A yes to its question registers it. `codes` are those of what it waits for."""
    return payment.state == State.BLOCKED and bool(codes) and codes <= GOES


def may_be_fine(payment: Payment, codes: frozenset[str]) -> bool:
    return payment.state == State.BLOCKED and bool(codes) and codes <= FINE


def may_be_put_aside(payment: Payment) -> bool:
    """Nothing of it is in Alegra by our hand, and nothing is under way."""
    if payment.alegra_id:
        return False
    if payment.state == State.BLOCKED:
        # What may be there is what the person answers.
        return True
    return payment.state == State.PENDING and not payment.may_be_there


def may_be_restored(payment: Payment) -> bool:
    return payment.state in (State.EXTERNAL, State.DISMISSED)


def open_codes(payment: Payment) -> frozenset[str]:
    return frozenset(payment.problems.filter(closed_at=None).values_list("code", flat=True))


@transaction.atomic
def go(payment: Payment, *, by: Any, request: Any = None) -> None:
    """Register it: yes to exactly what was asked. Its invoice is read again first."""
    codes = open_codes(payment)
    if not may_go(payment, codes):
        raise NotPossible(_("Este pago no espera esa respuesta."))
    said = agree(payment)
    if GONE in codes:
        # Somebody deleted it: looked for once more, and then made anew.
        Payment.objects.filter(pk=payment.pk).update(alegra_id="", payload=None)
        payment.alegra_id, payment.payload = "", None
    if not send_again(payment, by=by, request=request, told={"agreed": said}):
        raise NotPossible(_("Mientras tanto cambió: míralo de nuevo."))


@transaction.atomic
def say_fine(payment: Payment, *, by: Any, request: Any = None) -> None:
    """*Está bien así*: what is in Alegra is right, and nothing more is registered."""
    if not may_be_fine(payment, open_codes(payment)):
        raise NotPossible(_("Este pago no espera esa respuesta."))
    to = State.CREATED if payment.alegra_id else State.EXTERNAL
    reason = "" if payment.alegra_id else BY_HAND
    _end(payment, to, by=by, request=request, act="fine", reason=reason)


@transaction.atomic
def mark_external(payment: Payment, *, number: str, by: Any, request: Any = None) -> None:
    """*Ya lo registré*: a person did, under this number or in these words."""
    _check_putting_aside(payment)
    _end(
        payment, State.EXTERNAL, by=by, request=request, act="mark_external", reason=BY_HAND,
        text=number,
    )  # fmt: skip


@transaction.atomic
def dismiss(payment: Payment, *, reason: str, by: Any, request: Any = None) -> None:
    """*No registrar el pago*, with the reason."""
    _check_putting_aside(payment)
    _end(
        payment, State.DISMISSED, by=by, request=request, act="dismiss", reason=DISMISSED,
        text=reason,
    )  # fmt: skip


@transaction.atomic
def restore(payment: Payment, *, by: Any, request: Any = None) -> None:
    """Undo: its invoice is read again, and what it owes is registered."""
    before = {"state": payment.state, "text": payment.reason_text}
    now = clock.now()
    if not may_be_restored(payment) or not payment.transition(
        State.PENDING, now=now, why=Why.PERSON, by=trail.name_of(by), next_attempt_at=now,
        reason="", reason_text="", payload=None,
    ):  # fmt: skip
        raise NotPossible(_("No hay nada que deshacer."))
    trail.record(
        action="payment.restore", target=payment, actor=by, request=request, before=before,
        after={"state": payment.state},
    )  # fmt: skip
    hints.hint(payment.alegra_user_id)


def _check_putting_aside(payment: Payment) -> None:
    if payment.alegra_id:
        raise NotPossible(_("El pago ya está en Alegra: si no vale, anúlalo allá."))
    if not may_be_put_aside(payment):
        raise NotPossible(_("Estamos buscando el pago en Alegra; espera a que se resuelva."))


def _end(
    payment: Payment, to: State, *, by: Any, request: Any, act: str, reason: str, text: str = ""
) -> None:
    now, before = clock.now(), payment.state
    columns = {} if payment.alegra_id else {"payload": None}
    if not payment.transition(
        to, now=now, why=Why.PERSON, by=trail.name_of(by), next_attempt_at=None, reason=reason,
        reason_text=text.strip()[:200], **columns,
    ):  # fmt: skip
        raise NotPossible(_("Mientras tanto cambió: míralo de nuevo."))
    causes.close_problems(payment, now=now, by=trail.name_of(by))
    trail.record(
        action=f"payment.{act}", target=payment, actor=by, request=request,
        before={"state": before}, after={"state": str(to), "text": payment.reason_text},
    )  # fmt: skip
