"""Two documents in Alegra with one marker: a person says which is the order's.

The portal does not choose (reliability reference, *Exactly one document*, step 9). The one that is
picked becomes the document's own and is read and compared; the others are named with it, and a
draft among them can be deleted (`deleting.ask_double`).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from integrations.audit import trail
from integrations.documents import deleting
from integrations.documents.acts import NotPossible
from integrations.documents.in_alegra import InAlegra
from integrations.documents.issue import locked_order
from integrations.documents.models import Document
from integrations.orders.models import Order
from integrations.sending import causes, hints
from integrations.sending.models import Work
from integrations.sending.states import State, Why
from integrations.timekeeping import clock

TWO_FOUND = "two_found"


def found_ids(document: Document | None) -> list[str]:
    """The ids that are asked about, [] without the question. One query at most."""
    if document is None or document.state != State.BLOCKED or document.alegra_id:
        return []
    asked = document.problems.filter(code=TWO_FOUND, closed_at=None).first()
    return [str(each) for each in asked.params.get("ids", ())] if asked else []


@transaction.atomic
def choose(
    order: Order,
    *,
    picked: InAlegra,
    others: Sequence[InAlegra],
    deletes: str = "",
    by,
    request=None,
) -> Document:
    """This one is the order's, as it was just shown. Raises NotPossible.

    `deletes`: the id of a draft among the others to be deleted first, '' for none.
    """
    now = clock.now()
    order = locked_order(order)
    document = order.document
    ids = found_ids(document)
    if document is None or picked.alegra_id not in ids:
        raise NotPossible(_("Mientras tanto ya se resolvió."))
    document.order = order
    if not picked.is_there or picked.is_void or not picked.has_our_marker:
        raise NotPossible(_("Ese ya no está vigente en Alegra: míralo de nuevo."))
    if _is_anothers(document, picked.alegra_id):
        raise NotPossible(_("Ese documento ya es el de otro pedido."))
    left = [each for each in others if each.is_there and each.alegra_id != picked.alegra_id]
    columns: dict[str, Any] = {
        "alegra_id": picked.alegra_id,
        "doubles": [each.kept() for each in left] or None,
    }
    if (wish := _wish(left, deletes, by=by, now=now)) is not None:
        columns |= {"removal": {**wish, **deleting.wanted_before(document)}}
        columns |= {"emit_since": None, "emit_by": ""}
    if not document.transition(
        State.PENDING, now=now, why=Why.PERSON, by=trail.name_of(by), next_attempt_at=now,
        priority=Work.Priority.PERSON, failures=0, failing_since=None, probes=0, refusal=None,
        **columns,
    ):  # fmt: skip
        raise NotPossible(_("Mientras tanto cambió: míralo de nuevo."))
    causes.close_problems(document, now=now, by=trail.name_of(by))
    trail.record(
        action="document.choose_found", target=document, actor=by, request=request,
        after={"picked": picked.alegra_id, "others": [each.alegra_id for each in left],
               "deletes": deletes},
    )  # fmt: skip
    hints.hint(document.alegra_user_id)
    return document


@transaction.atomic
def forget_double(order: Order, *, shown: InAlegra, by, request=None) -> Document:
    """One of the others is gone or void: it is named no more."""
    order = locked_order(order)
    document = order.document
    if document is None or shown.alegra_id not in deleting.double_ids(document):
        raise NotPossible(_("Mientras tanto ya se resolvió."))
    if shown.is_there and not shown.is_void:
        raise NotPossible(_("Ese documento sigue vigente en Alegra."))
    left = [each for each in document.doubles or () if each["id"] != shown.alegra_id]
    Document.objects.filter(pk=document.pk).update(doubles=left or None)
    trail.record(
        action="document.double_gone", target=document, actor=by, request=request,
        after={"alegra_id": shown.alegra_id},
    )  # fmt: skip
    return document


def _wish(left: Sequence[InAlegra], deletes: str, *, by, now) -> dict[str, Any] | None:
    other = next((each for each in left if each.alegra_id == deletes), None)
    if other is None:
        return None
    if not other.is_draft or not other.has_our_marker:
        raise NotPossible(_("No se borra nada: el otro ya no es un borrador."))
    return deleting.wish_for(other, deleting.KEEP, by=by, now=now)


def _is_anothers(document: Document, alegra_id: str) -> bool:
    rows = Document.objects.filter(company=document.company_id, kind=document.kind)
    return rows.filter(alegra_id=alegra_id).exclude(pk=document.pk).exists()
