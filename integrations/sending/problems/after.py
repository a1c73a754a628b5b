"""What happened to an order after its document was made. The document keeps its state."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from integrations.sending.problems.kind import CuredBy, ProblemKind, Retry

KINDS = (
    ProblemKind(
        code="changed_after",
        title=_("Pedidos que cambiaron después de su documento"),
        sentence=_("El pedido {order} cambió después de su documento: {difference}"),
        cure_label=_("Comparar y decidir"),
        cured_by=CuredBy.ORDER | CuredBy.PERSON,
        advice=_(
            "No lo emitas así. Corrige el documento en Alegra y pulsa «Ya lo arreglé en Alegra», "
            "o di que está bien así."
        ),
        icon="scale",
        tone="ask",
        retry=Retry.NO,
        per_order=True,
        blocks=False,
        urgent=True,
    ),
    ProblemKind(
        code="reversed_after",
        title=_("Pedidos cancelados, devueltos o en reclamaciones que tienen documento"),
        sentence=_("El pedido {order} {happened} y {noun} sigue en Alegra"),
        cure_label=_("Decidir"),
        cured_by=CuredBy.ORDER | CuredBy.PERSON,
        advice=_(
            "No lo emitas ni lo cobres. Bórralo o anúlalo en Alegra y pulsa «Ya lo arreglé en "
            "Alegra», o di que está bien así."
        ),
        icon="hand",
        tone="ask",
        retry=Retry.NO,
        per_order=True,
        blocks=False,
        urgent=True,
    ),
)
