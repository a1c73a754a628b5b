"""*Leer en Alegra*: read one document that people may have changed there, while a person waits."""

from __future__ import annotations

from typing import Any

from django.core.cache import cache
from django.utils.translation import gettext as _

from integrations.audit import trail
from integrations.connections.pace import Pace
from integrations.documents import watching
from integrations.documents.acts import NotPossible
from integrations.documents.far_status import is_read_again
from integrations.documents.models import Document
from integrations.timekeeping.timing import timing


def may_be_read(document: Document) -> bool:
    """Whether people may still change it in Alegra, and the portal is not deleting it."""
    return is_read_again(document) and document.removal is None


def read_one(document: Document, *, by, request=None) -> bool:
    """Read it and write what follows. Returns whether anything changed.

    One call at a person's pace, two where Alegra leaves it out; no transaction may be open.
    Refused while it is being read. Raises AlegraError, NoStandIn, NotPossible.
    """
    if not may_be_read(document):
        raise NotPossible(_("Mientras tanto cambió: míralo de nuevo."))
    key = f"reading-now:{document.pk}"
    if not cache.add(key, 1, timing().call * watching.CALLS_FOR_MISSING):
        raise NotPossible(_("Ya lo estamos leyendo en Alegra. Mira otra vez en un momento."))
    before, read_at = _seen(document), document.last_read_at
    credential = document.integration.credential
    pace = Pace(credential.alegra_user_id, for_person=True)
    try:
        for _progress in watching.read_now(
            document.company, [document.pk], credential=credential, pace=pace
        ):
            pass
    finally:
        cache.delete(key)
    current = Document.objects.get(pk=document.pk)
    if current.last_read_at == read_at:
        raise NotPossible(_("En este momento está en proceso. Mira otra vez en un momento."))
    is_other = _seen(current) != before
    trail.record(
        action="document.read_now", target=current, actor=by, request=request,
        after={"state": current.state, "changed": is_other},
    )  # fmt: skip
    return is_other


def _seen(document: Document) -> tuple[Any, ...]:
    """The values that a person sees of it and that a reading may change."""
    codes = document.problems.filter(closed_at=None).order_by("code", "pk")
    return (
        document.state,
        document.alegra_status,
        document.number,
        document.legal_state,
        document.edited,
        list(codes.values_list("code", "params")),
    )
