"""Things that Alegra has twice. The work that the portal knows keeps its state."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from integrations.sending.problems.kind import CuredBy, ProblemKind, Retry

MADE_TWICE = "made_twice"
# The problems that say so; the second one is a document's own, for copies with its marker.
TWICE = frozenset({MADE_TWICE, "copied_in_alegra"})

KINDS = (
    ProblemKind(
        code=MADE_TWICE,
        title=_("Lo que quedó dos veces en Alegra"),
        happened=_("Alegra lo tiene dos veces"),
        sentence=_("En Alegra hay otro igual al del pedido {order}, con su misma marca: id {ids}"),
        cure_label=_("Ver el pedido"),
        cured_by=CuredBy.ALEGRA,
        advice=_(
            "El portal no anula nada. Mira en Alegra cuál sobra y anúlalo o bórralo allá; lo "
            "buscamos otra vez cada hora y esto se cierra solo."
        ),
        icon="copy",
        tone="ask",
        retry=Retry.NO,
        per_order=True,
        blocks=False,
    ),
)
