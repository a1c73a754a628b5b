"""What Alegra's no means: the problem it makes, in our words and in its own beside them.

Its words are meant for people (Alegra reference, "Envelopes seen"). Nothing that could lose or
double a document depends on them: they only say whether other orders wait meanwhile.
"""

from __future__ import annotations

import hashlib
import re
from http import HTTPStatus
from typing import Any

from django.db.models import Exists, OuterRef

from integrations.alegra import errors
from integrations.colombia.masking import mask_text
from integrations.sending.models import Cause, Work
from integrations.sending.problem_kinds import Found
from integrations.sending.registry import kinds
from integrations.sending.states import EXISTS_IN_ALEGRA
from integrations.timekeeping import clock
from integrations.timekeeping.timing import timing

LONGEST = 200
# The characters that are searched. No sentence of Alegra's is longer.
_READ = 2_000
# Refusals for which other orders need not be tried: documents or clients used up, the account's
# plan, month or payment. The codes are known for none of them.
_OF_THE_ACCOUNT = re.compile(
    r"suscripci|tu plan\b|su plan\b|del plan\b|plan (?:actual|contratado|vencid|expirad)"
    r"|(?:l[ií]mite|tope|cupo|m[aá]ximo|cantidad)\b.{0,40}\b(?:documento|factura|remisi|cliente"
    r"|contacto|transaccion|ingreso|mes\b|mensual|plan|cuenta)"
    r"|(?:documento|factura|remision|folio)\w*\b.{0,30}\b(?:disponibles|agotad|restantes|del mes)"
    r"|(?:agotad|superad|excedid|alcanzad)\w*.{0,40}\b(?:documento|factura|remisi|mes\b|plan|l[ií]mite)"
    r"|cuenta\b.{0,30}\b(?:suspendid|inactiv|bloquead|vencid|desactivad)"
    r"|renueva|renovar|saldo insuficiente|pago pendiente",
    re.IGNORECASE,
)
# The credit that the merchant gives a buyer is of that order alone.
_OF_THE_BUYER = re.compile(r"cr[eé]dito|cartera", re.IGNORECASE)


def said_of(work: Work, error: Exception) -> str:
    """Alegra's own sentence, masked and cut; '' where it said nothing of its own."""
    status = getattr(error, "status", None)
    message = getattr(error, "message", "") or ""
    if not status or message in (_reason(status), f"HTTP {status}"):
        return ""
    return cut(mask_text(message, known=work.private_words()))


def cut(text: str) -> str:
    text = " ".join(text[:_READ].split())
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 1].rstrip()}…"


def problem_of(work: Work, error: Exception, *, action: str, in_success: bool = False) -> Found:
    """The problem that a definite no makes. `action` is what was refused ("crear facturas").

    `in_success`: it was told inside a 2xx, as accounts are refused rather than data.
    """
    said = said_of(work, error)
    match error:
        case errors.PlanExcludes():
            code = "plan"
        case errors.Forbidden():
            code = "forbidden"
        case _ if action and (in_success or is_of_the_account(getattr(error, "message", ""))):
            code = "limit"
        case _:
            code = ""
    if code and not _is_refused_alone(work, code, action):
        return Found(code, action, {"action": action, "said": said})
    message = mask_text(getattr(error, "message", str(error)), known=work.private_words())
    return Found(work.REFUSED, fingerprint(error), {"message": message})


def is_of_the_account(message: str) -> bool:
    """Whether a refusal speaks of the account: what its plan or its month still allows."""
    return bool(_OF_THE_ACCOUNT.search(message[:_READ])) and not _OF_THE_BUYER.search(
        message[:_READ]
    )


def with_words(found: Found, said: str) -> Found:
    """The same problem with what Alegra said when it came to light."""
    return Found(found.code, found.subject_key, {**found.params, "said": said}) if said else found


def fingerprint(error: Exception) -> str:
    """Rejections that say the same share a cause, whatever numbers stand in them."""
    code = getattr(error, "code", None) or ""
    message = getattr(error, "message", str(error))[:_READ]
    words = re.sub(r"[\W\d_]+", " ", message).casefold().strip()
    return f"{code}:{hashlib.sha256(words.encode()).hexdigest()[:12]}"


def _is_refused_alone(work: Work, code: str, action: str) -> bool:
    """It waited with others for the same, they passed, and this one is refused again."""
    since = clock.now() - timing().delta("refused_alone")
    ours: Any = work.problems.filter(
        code=code,
        subject_key=action,
        closed_at__gt=since,
        cause__state=Cause.State.SOLVED,
        cause__solved_by="",
    ).order_by("-closed_at")
    last = ours.first()
    if last is None:
        return False
    for kind in kinds():
        waited = kind.problem.objects.filter(work=OuterRef("pk"), cause=last.cause_id)
        others = kind.work.objects.filter(Exists(waited), state__in=EXISTS_IN_ALEGRA)
        if isinstance(work, kind.work):
            others = others.exclude(pk=work.pk)
        if others.filter(state_since__gte=last.opened_at).exists():
            return True
    return False


def _reason(status: int) -> str:
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return ""
