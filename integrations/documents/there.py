"""What readings found in Alegra beside what we made there; the document keeps its state.

A person changed it, emitted it otherwise, opened it without the DIAN, or made a copy of it with
our marker. All of it is read off the row.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from integrations.documents import edited
from integrations.documents.far_status import is_emitted
from integrations.documents.made_of import Change
from integrations.documents.models import Document
from integrations.sending.states import State

EDITED, OTHERWISE = "edited_in_alegra", "emitted_otherwise"
UNSTAMPED, COPIED = "open_unstamped", "copied_in_alegra"
# The most costly first.
CODES = (OTHERWISE, UNSTAMPED, EDITED, COPIED)


@dataclass(frozen=True)
class There:
    """`code` of its problem, with `params` for its sentence; `exactly` tells it apart from what
    was found before."""

    code: str
    sentence: str
    exactly: tuple[str, ...]
    params: dict[str, Any] = field(default_factory=dict)
    changes: tuple[Change, ...] = ()


WORDS = {
    EDITED: gettext_lazy("Cambiado en Alegra"),
    OTHERWISE: gettext_lazy("Emitida distinta"),
    UNSTAMPED: gettext_lazy("Sin emitir a la DIAN"),
    COPIED: gettext_lazy("Tiene una copia"),
}


def found_there(document: Document) -> tuple[There, ...]:
    return tuple(_found(document))


def _found(document: Document) -> Iterator[There]:
    number = document.number or document.alegra_id
    # What blocks it is asked first: its problem may be this very change.
    changes = () if document.state == State.BLOCKED else edited.changes_of(document)
    if changes:
        told = "; ".join(each.sentence for each in changes)
        params = {"difference": told, "changes": [each.plain() for each in changes]}
        code, text = EDITED, _("Una persona lo cambió en Alegra: %(told)s.")
        if is_emitted(document) and edited.holds_payment(document):
            code = OTHERWISE
            text = _(
                "Se emitió en Alegra distinta de como se hizo: %(told)s. Si su pago espera por "
                "eso, se decide aparte en este mismo pedido."
            )
        yield There(code, text % {"told": told}, (code, edited.digest(document)), params, changes)
    if document.legal_state == Document.LegalState.UNSTAMPED:
        text = _(
            "En Alegra está abierta con el número %(number)s, pero nunca fue a la DIAN: así no "
            "es una factura válida."
        )
        yield There(UNSTAMPED, text % {"number": number}, (UNSTAMPED, number), {"number": number})
    if document.copies:
        ids = ", ".join(document.copies)
        text = ngettext(
            "En Alegra hay otra con su misma marca (id %(ids)s): una copia hecha con «clonar», o "
            "un envío que llegó tarde.",
            "En Alegra hay otras con su misma marca (ids %(ids)s): copias hechas con «clonar», o "
            "envíos que llegaron tarde.",
            len(document.copies),
        )
        yield There(COPIED, text % {"ids": ids}, (COPIED, ids), {"ids": ids})
